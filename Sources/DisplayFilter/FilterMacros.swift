/// Named texts that stand for parts of filters: `${name:argument;argument}`, `${name;argument}` or `$name(argument,argument)`.
public struct FilterMacros: Sendable {
    /// Macros within macros, at most: one may name itself.
    private static let depthLimit = 16
    /// Bytes of an expanded filter, at most.
    private static let byteLimit = 1 << 16

    /// The bodies by name; `$1` and on in them stand for the arguments.
    public private(set) var definitions: [String: String] = [:]

    public init(_ definitions: [String: String] = [:]) { self.definitions = definitions }

    /// Reads lines of the form `"name","body"`, as in Wireshark's file `dfilter_macros`; others are passed over.
    public init(parsing text: String) {
        for line in text.split(whereSeparator: \.isNewline) where line.hasPrefix("\"") && line.hasSuffix("\"") {
            let parts = line.dropFirst().dropLast().split(separator: "\",\"", omittingEmptySubsequences: false)
            if parts.count >= 2 { definitions[Self.unquoted(parts[0])] = Self.unquoted(parts[1]) }
        }
    }

    /// Replaces `\x22` and the like.
    private static func unquoted(_ text: Substring) -> String {
        var rest = text
        var result = ""
        while let escape = rest.firstRange(of: "\\x") {
            result += rest[..<escape.lowerBound]
            rest = rest[escape.upperBound...]
            guard let code = UInt8(rest.prefix(2), radix: 16) else { continue }
            result.unicodeScalars.append(Unicode.Scalar(code))
            rest = rest.dropFirst(2)
        }
        return result + rest
    }

    /// The filter with its macros replaced; references to fields stay.
    public func expand(_ text: String) throws(FilterError) -> String {
        definitions.isEmpty ? text : String(decoding: try expand(Array(text.utf8), depth: 0), as: UTF8.self)
    }

    private func expand(_ text: [UInt8], depth: Int) throws(FilterError) -> [UInt8] {
        var result: [UInt8] = []
        var offset = 0
        while offset < text.count {
            guard result.count < Self.byteLimit else { throw FilterError("The macros of the filter make it too long.", at: 0..<text.count) }
            if let end = Self.endOfQuoted(text, offset) {
                result += text[offset..<end]
                offset = end
            } else if let use = MacroUse(text, offset), let body = definitions[use.name] {
                guard depth < Self.depthLimit else { throw FilterError("The macro \(use.name) is nested too deeply.", at: use.range) }
                result += try expand(use.fill(Array(body.utf8)), depth: depth + 1)
                offset = use.range.upperBound
            } else {
                result.append(text[offset])
                offset += 1
            }
        }
        return result
    }

    /// Behind a quoted text that begins at `offset`; nil where none does.
    private static func endOfQuoted(_ text: [UInt8], _ offset: Int) -> Int? {
        guard text[offset] == UInt8(ascii: "\"") else { return nil }
        var end = offset + 1
        while end < text.count, text[end] != UInt8(ascii: "\"") { end += text[end] == UInt8(ascii: "\\") ? 2 : 1 }
        return min(end + 1, text.count)
    }
}

/// A macro as a filter names it.
private struct MacroUse {
    let name: String
    let range: Range<Int>
    private let arguments: [ArraySlice<UInt8>]

    init?(_ text: [UInt8], _ offset: Int) {
        guard text[offset] == UInt8(ascii: "$"), offset + 1 < text.count else { return nil }
        let isBraced = text[offset + 1] == UInt8(ascii: "{")
        let begin = offset + (isBraced ? 2 : 1)
        var end = begin
        while end < text.count, Self.isNameByte(text[end]) { end += 1 }
        name = String(decoding: text[begin..<end], as: UTF8.self)
        let (opening, closing, separator): (UInt8?, UInt8, UInt8) = isBraced ? (nil, 125, 59) : (40, 41, 44)
        if let opening, end >= text.count || text[end] != opening { return nil }
        let isOpened = end < text.count && (!isBraced || text[end] == UInt8(ascii: ":") || text[end] == UInt8(ascii: ";"))
        guard let close = text[end...].firstIndex(of: closing), isOpened || close == end else { return nil }
        arguments = isOpened ? text[(end + 1)..<close].split(separator: separator, omittingEmptySubsequences: false) : []
        range = offset..<close + 1
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        byte.isDigit || byte == 95 || (65...90).contains(byte) || (97...122).contains(byte)
    }

    /// The body with the arguments in place of `$1` and on.
    func fill(_ body: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        var offset = 0
        while offset < body.count {
            var end = offset + 1
            if body[offset] == UInt8(ascii: "$") { while end < body.count, body[end].isDigit, end - offset < 4 { end += 1 } }
            if end > offset + 1 || body[offset] == UInt8(ascii: "$"), let number = Int(String(decoding: body[(offset + 1)..<end], as: UTF8.self)) {
                if number >= 1, number <= arguments.count { result += arguments[number - 1] }
            } else {
                result += body[offset..<end]
            }
            offset = end
        }
        return result
    }
}
