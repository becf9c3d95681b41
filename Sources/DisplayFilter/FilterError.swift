/// Why a display filter was refused, and where in its text.
public struct FilterError: Error, Hashable, Sendable, CustomStringConvertible {
    /// One sentence for the user.
    public let message: String
    /// The part of the text that is to blame, in UTF-8 bytes from its start; empty where something is missing.
    public let range: Range<Int>
    /// Registered names that are like the one that is not known, the nearest first.
    public let suggestions: [String]

    init(_ message: String, at range: Range<Int>, suggestions: [String] = []) {
        self.message = message
        self.range = range
        self.suggestions = suggestions
    }

    public var description: String {
        suggestions.isEmpty ? message : "\(message) Did you mean \(suggestions.joined(separator: ", "))?"
    }

    /// The filter's text with a line under it that marks the place, each line after `indent`.
    public func marked(in text: String, indent: String = "    ") -> String {
        let bytes = Array(text.utf8)
        let lower = min(max(range.lowerBound, 0), bytes.count)
        let upper = min(max(range.upperBound, lower), bytes.count)
        let before = String(decoding: bytes[..<lower], as: UTF8.self)
        let blamed = String(decoding: bytes[lower..<upper], as: UTF8.self)
        // A tab stays one, so that both lines take the same width.
        let blank = String(before.map { $0 == "\t" ? "\t" : " " })
        let tail = String(repeating: "~", count: max(0, blamed.count - 1))
        return "\(indent)\(text)\n\(indent)\(blank)^\(tail)"
    }
}
