import Dissection
import Wire

/// What a literal is to be: a value of some type, for which names may stand.
struct LiteralTarget {
    let type: FieldType
    /// How error messages call what the literal is compared with.
    let name: String
    let strings: ValueStrings?
    let trueText, falseText: StaticString

    init(_ field: FieldInfo) {
        type = field.type
        name = field.abbreviation
        strings = field.strings
        (trueText, falseText) = (field.trueText, field.falseText)
    }

    init(_ type: FieldType) {
        self.type = type
        name = "the other side"
        strings = nil
        (trueText, falseText) = ("True", "False")
    }

    init(_ kind: ValueKind) {
        let type: FieldType = switch kind {
        case .none: .none
        case .boolean: .boolean
        case .unsigned: .uint64
        case .signed: .int64
        case .float: .double
        case .absoluteTime: .absoluteTime
        case .relativeTime: .relativeTime
        case .text: .string
        case .bytes: .bytes
        case .ethernet: .ethernet
        case .ipv4: .ipv4
        case .ipv6: .ipv6
        case .eui64: .eui64
        }
        self.init(type)
    }

    /// The same where bytes within the value are meant, not a whole one.
    var asBytes: LiteralTarget { type.isString ? self : LiteralTarget(FieldType.bytes) }
}

/// Turns a literal into the constant that a value of some type is compared with.
struct Literals {
    private let times: TimeLiterals
    private let hostAddress: @Sendable (_ name: String, Address.Kind) -> Address?
    /// The filter's text, for messages.
    private let text: [UInt8]

    init(_ surroundings: FilterSurroundings, text: [UInt8]) {
        times = TimeLiterals(universalSeconds: surroundings.universalSeconds)
        hostAddress = surroundings.hostAddress
        self.text = text
    }

    func source(_ range: Range<Int>) -> String { String(decoding: text[range], as: UTF8.self) }

    /// The bytes that a value is searched for.
    func searched(_ operand: Operand, for target: LiteralTarget) throws(FilterError) -> [UInt8] {
        guard case .bytes(let bytes) = try constant(operand, for: target.asBytes) else { return [] }
        return bytes
    }

    /// - Throws: the error whose range is the operand's.
    func constant(_ operand: Operand, for field: LiteralTarget) throws(FilterError) -> Constant {
        do {
            return switch operand.kind {
            case .word: try constant(word: operand.text, for: field)
            case .string(let bytes): try constant(string: bytes, for: field)
            case .character(let byte): try constant(character: byte, for: field)
            }
        } catch {
            throw FilterError("\(operand.kind == .word ? "\"\(operand.text)\"" : operand.text) \(error.text)", at: operand.range)
        }
    }

    private func constant(word: String, for field: LiteralTarget) throws(LiteralProblem) -> Constant {
        switch field.type {
        case .boolean: return try boolean(word, field)
        case .float, .double:
            guard let value = Double(word) else { throw LiteralProblem("is not a valid floating-point number.") }
            return .float(value)
        case .absoluteTime: return try times.absolute(word)
        case .relativeTime: return try TimeLiterals.relative(word)
        case .string, .stringZero: return .bytes(Array(word.utf8))
        case .bytes, .proto:
            if word.hasPrefix("0x"), let number = try IntegerLiteral(word), number.magnitude < 256 { return .bytes([UInt8(number.magnitude)]) }
            guard let bytes = AddressLiterals.bytes(word) else { throw LiteralProblem("is not a valid byte string.") }
            return .bytes(bytes)
        case .objectIdentifier:
            guard let bytes = ObjectIdentifierText.contents(word) else { throw LiteralProblem("is not a valid object identifier.") }
            return .bytes(bytes)
        case .ethernet: return try AddressLiterals.hardware(word, byteCount: 6, "Ethernet address")
        case .eui64: return try AddressLiterals.hardware(word, byteCount: 8, "EUI-64 address")
        case .ipv4: return try AddressLiterals.ipv4(word) { hostAddress($0, .ipv4) }
        case .ipv6: return try AddressLiterals.ipv6(word) { hostAddress($0, .ipv6) }
        case .none: throw LiteralProblem("cannot be compared with \(field.name), which has no value.")
        default: return try integer(word, field)
        }
    }

    private func constant(string bytes: [UInt8], for field: LiteralTarget) throws(LiteralProblem) -> Constant {
        let text = String(decoding: bytes, as: UTF8.self)
        switch field.type {
        case .string, .stringZero, .bytes, .proto: return .bytes(bytes)
        case .absoluteTime: return try times.absolute(text)
        case .boolean: return try boolean(text, field)
        case let type where type.isInteger && field.strings != nil: return try named(text, field)
        default: throw LiteralProblem("is a text, and \(field.name) is not: write the value without quotes.")
        }
    }

    private func constant(character byte: UInt8, for field: LiteralTarget) throws(LiteralProblem) -> Constant {
        switch field.type {
        case .string, .stringZero, .bytes, .proto: return .bytes([byte])
        case let type where type.isInteger: return try type.constant(IntegerLiteral(magnitude: UInt64(byte)))
        default: throw LiteralProblem("is a character, and \(field.name) is neither text nor a whole number.")
        }
    }

    private func integer(_ word: String, _ field: LiteralTarget) throws(LiteralProblem) -> Constant {
        if let number = try IntegerLiteral(word) { return try field.type.constant(number) }
        if field.strings != nil { return try named(word, field) }
        throw LiteralProblem("is not a valid number.")
    }

    /// True and false, or the texts that the field has for them.
    private func boolean(_ text: String, _ field: LiteralTarget) throws(LiteralProblem) -> Constant {
        let wanted = text.lowercased()
        if wanted == "true" || wanted == "\(field.trueText)".lowercased() { return .unsigned(1) }
        if wanted == "false" || wanted == "\(field.falseText)".lowercased() { return .unsigned(0) }
        guard let number = try IntegerLiteral(text), !number.isNegative else { throw LiteralProblem("is neither true nor false.") }
        return .unsigned(number.magnitude == 0 ? 0 : 1)
    }

    /// The number that has the name, which must be the only one.
    private func named(_ text: String, _ field: LiteralTarget) throws(LiteralProblem) -> Constant {
        let wanted = text.lowercased()
        let matches = (field.strings?.all ?? []).filter { "\($0.name)".lowercased() == wanted }
        guard let match = matches.first else { throw LiteralProblem("cannot be found among the possible values for \(field.name).") }
        guard matches.count == 1, match.range.count == 1 else {
            throw LiteralProblem("names more than one value of \(field.name): use the number.")
        }
        return field.type.isSigned ? .signed(Int64(bitPattern: match.range.lowerBound)) : .unsigned(match.range.lowerBound)
    }
}

extension IntegerLiteral {
    init(magnitude: UInt64) {
        isNegative = false
        self.magnitude = magnitude
    }
}
