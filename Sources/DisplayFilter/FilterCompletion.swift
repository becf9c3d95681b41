import Dissection

/// What could stand at a place in a filter that is being written.
public struct FilterCompletion: Equatable, Sendable {
    public enum Kind: Sendable { case proto, field, function, value, symbol }

    public let kind: Kind
    /// What is to be put in.
    public let text: String
    /// What it means, for people.
    public let summary: String

    /// How many are offered at most: who gets more types on.
    public static let limit = 200

    /// - Parameters:
    ///   - text: the filter so far.
    ///   - offset: where the cursor stands, in UTF-8 bytes.
    /// - Returns: the part of the text that a completion replaces, and the completions.
    public static func completions(of text: String, at offset: Int, _ registry: Registry) -> (replaced: Range<Int>, completions: [FilterCompletion]) {
        let bytes = Array(text.utf8.prefix(max(0, offset)))
        var begin = bytes.count
        while begin > 0, bytes[begin - 1].isNameByte { begin -= 1 }
        let isQuoted = begin > 0 && bytes[begin - 1] == UInt8(ascii: "\"")
        if isQuoted { begin -= 1 }
        let prefix = String(decoding: bytes[begin...], as: UTF8.self)
        let before = String(decoding: bytes[..<begin], as: UTF8.self)
        guard let tokens = try? Lexer.tokens(of: before) else { return (begin..<bytes.count, []) }
        let found = completions(prefix, behind: tokens.dropLast(), before, registry)
        return (begin..<bytes.count, Array(found.prefix(limit)))
    }

    private static func completions(_ prefix: String, behind tokens: ArraySlice<Token>, _ text: String, _ registry: Registry) -> [FilterCompletion] {
        guard let last = tokens.last else { return names(prefix, registry) }
        if last.kind.endsValue { return symbols(prefix) }
        switch last.kind {
        case .relation, .contains, .matches, .leftBrace, .comma, .dots:
            return values(prefix, comparedField(tokens, text, registry)) + names(prefix, registry)
        default: return names(prefix, registry)
        }
    }

    /// The field that the value at the end is compared with.
    private static func comparedField(_ tokens: ArraySlice<Token>, _ text: String, _ registry: Registry) -> [FieldInfo] {
        let bytes = Array(text.utf8)
        for token in tokens.reversed() where token.kind == .word {
            let fields = registry.fields(named: String(decoding: bytes[token.range], as: UTF8.self))
            if !fields.isEmpty { return fields }
        }
        return []
    }

    private static func values(_ prefix: String, _ fields: [FieldInfo]) -> [FilterCompletion] {
        var found: [FilterCompletion] = []
        for field in fields {
            if field.type == .boolean {
                found += [(field.trueText, "1"), (field.falseText, "0")].map { FilterCompletion(kind: .value, text: "\"\($0.0)\"", summary: $0.1) }
            }
            for entry in field.strings?.all ?? [] where entry.range.count == 1 {
                found.append(FilterCompletion(kind: .value, text: "\"\(entry.name)\"", summary: "\(entry.range.lowerBound)"))
            }
        }
        let wanted = prefix.lowercased().drop { $0 == "\"" }
        return found.filter { $0.text.dropFirst().lowercased().hasPrefix(wanted) }
    }

    /// Protocols, fields and functions that begin so, in this order.
    private static func names(_ prefix: String, _ registry: Registry) -> [FilterCompletion] {
        let wanted = prefix.lowercased()
        let protocols = registry.protocols.filter { $0.abbreviation.hasPrefix(wanted) }
            .map { FilterCompletion(kind: .proto, text: $0.abbreviation, summary: $0.name) }
        var seen = Set(protocols.map(\.text))
        let fields = registry.fields.filter { !$0.abbreviation.isEmpty && $0.abbreviation.hasPrefix(wanted) && seen.insert($0.abbreviation).inserted }
            .map { FilterCompletion(kind: .field, text: $0.abbreviation, summary: "\($0.name), \($0.type.title)") }
        let functions = FilterFunction.allCases.filter { $0.rawValue.hasPrefix(wanted) }
            .map { FilterCompletion(kind: .function, text: "\($0.rawValue)(", summary: $0.summary) }
        let order = { (a: FilterCompletion, b: FilterCompletion) in a.text < b.text }
        return protocols.sorted(by: order) + fields.sorted(by: order) + functions.sorted(by: order)
    }

    private static func symbols(_ prefix: String) -> [FilterCompletion] {
        let all: [(String, String)] = [
            ("==", "some value is equal"), ("!=", "there are values, and none is equal"), ("===", "all values are equal"), ("!==", "some value is not equal"),
            (">", "greater"), ("<", "less"), (">=", "greater or equal"), ("<=", "less or equal"),
            ("contains", "a text or bytes within the value"), ("matches", "a regular expression"), ("in", "one of a set: {80, 443, 8000..8080}"),
            ("not in", "none of a set"), ("and", "both sides"), ("or", "either side or both"), ("xor", "one side and not the other"),
        ]
        return all.filter { $0.0.hasPrefix(prefix) }.map { FilterCompletion(kind: .symbol, text: $0.0, summary: $0.1) }
    }
}

extension UInt8 {
    /// Whether names of fields and functions have it.
    fileprivate var isNameByte: Bool { isDigit || self == 46 || self == 95 || self == 45 || (65...90).contains(self) || (97...122).contains(self) }
}
