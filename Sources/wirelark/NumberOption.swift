import CaptureFile
import CaptureTools
import Wire

/// Values of options as numbers and spans of time.
enum NumberOption {
    static func count(_ text: String, _ what: String) throws(CommandError) -> Int {
        guard let number = Int(text), number >= 0, number <= Int(Int32.max) else { throw .usage("The \(what) \"\(text)\" isn't a number from 0 on.") }
        return number
    }

    /// `1-5`, `7` or `9-`, which has no end.
    static func range(_ text: String) throws(CommandError) -> ClosedRange<UInt64> {
        let parts = text.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
        let first = UInt64(parts[0])
        let last = parts.count == 1 ? first : parts[1].isEmpty || parts[1] == "0" ? .max : UInt64(parts[1])
        guard let first, let last, first <= last else { throw .usage("\"\(text)\" is neither a packet number nor a range of them, as in 3-5.") }
        return first...last
    }

    /// Seconds with up to nine decimals, and whether a minus stands before them.
    static func span(_ text: String, _ what: String) throws(CommandError) -> (span: Timestamp, isNegative: Bool) {
        let isNegative = text.hasPrefix("-")
        guard let span = Timestamp(seconds: isNegative || text.hasPrefix("+") ? text.dropFirst() : text[...]) else {
            throw .usage("The \(what) \"\(text)\" isn't a number of seconds, as in 0.5.")
        }
        return (span, isNegative)
    }
}

extension Timestamp {
    /// `12`, `12.5` or `.5`; nil for anything else.
    init?(seconds text: Substring) {
        let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        let fraction = parts.count > 1 ? parts[1] : ""
        guard !text.isEmpty, text != ".", parts[0].allSatisfy(\.isASCIIDigit), fraction.allSatisfy(\.isASCIIDigit), fraction.count <= 9,
            let seconds = parts[0].isEmpty ? 0 : Int64(parts[0]),
            let nanoseconds = Int32(fraction + String(repeating: "0", count: 9 - fraction.count))
        else { return nil }
        self.init(seconds: seconds, nanoseconds: nanoseconds)
    }
}

extension Character {
    fileprivate var isASCIIDigit: Bool { isASCII && isNumber }
}

extension CaptureFileType {
    /// What `-F` names.
    init(option name: String) throws(CommandError) {
        guard let type = CaptureFileType(rawValue: name) else {
            throw .usage("\"-F \(name)\" isn't valid; it is one of \(Self.allCases.map(\.rawValue).joined(separator: ", ")).")
        }
        self = type
    }
}
