/// The value of `-d`: a table, one number or a range of them, and the protocol to decode by.
struct DecodeAsRule {
    /// Numbers of one rule, at most: as many as there are ports.
    private static let countLimit: UInt32 = 65536

    let table: String
    let numbers: ClosedRange<UInt32>
    let proto: String

    /// - Parameter text: `tcp.port==8888,http`, `udp.port==1000-1999,dns`, or `udp.port==1000:10,dns` (ten from 1000 on).
    init(_ text: String) throws(CommandError) {
        let single = text.firstRange(of: "=")
        guard let equals = text.firstRange(of: "==") ?? single, let comma = text[equals.upperBound...].lastIndex(of: ",") else {
            throw .usage("\"-d \(text)\" doesn't follow the template \"-d table==number,protocol\".")
        }
        if equals == single { Complaint.print("\"-d \(text)\" is taken, though it should have \"==\" in place of \"=\".") }
        table = String(text[..<equals.lowerBound])
        proto = String(text[text.index(after: comma)...])
        let selector = text[equals.upperBound..<comma]
        guard let range = Self.range(selector) else { throw .usage("\"\(selector)\" in \"-d \(text)\" is neither a number nor a range of numbers.") }
        guard range.upperBound - range.lowerBound < Self.countLimit else { throw .usage("The range in \"-d \(text)\" has more than \(Self.countLimit) numbers.") }
        guard !proto.isEmpty else { throw .usage("\"-d \(text)\" names no protocol.") }
        numbers = range
    }

    private static func range(_ text: Substring) -> ClosedRange<UInt32>? {
        guard let separator = text.firstIndex(where: { $0 == "-" || $0 == ":" }) else { return number(text).map { $0...$0 } }
        guard let first = number(text[..<separator]), let second = number(text[text.index(after: separator)...]) else { return nil }
        if text[separator] == "-" { return first <= second ? first...second : nil }
        let (end, overflow) = first.addingReportingOverflow(second)
        return second > 0 && !overflow ? first...end - 1 : nil
    }

    /// Decimal, or hexadecimal after 0x, or octal after 0.
    private static func number(_ text: Substring) -> UInt32? {
        if text.lowercased().hasPrefix("0x") { return UInt32(text.dropFirst(2), radix: 16) }
        return UInt32(text, radix: text.count > 1 && text.hasPrefix("0") ? 8 : 10)
    }
}
