import Dissection
import Wire

/// The functions of the filter language.
enum FilterFunction: String, CaseIterable {
    case len, count, string, upper, lower, max, min, abs, vals, dec, hex, float, double
    case specialName = "ip_special_name", specialMask = "ip_special_mask", isLinkLocal = "ip_linklocal", isMulticast = "ip_multicast"
    case isPrivate = "ip_rfc1918", isUniqueLocal = "ip_ula"

    /// What it does, for people who look for it.
    var summary: String {
        switch self {
        case .len: "how many bytes a value has"
        case .count: "how often a field occurs"
        case .string: "a value as text"
        case .upper: "a text in upper case"
        case .lower: "a text in lower case"
        case .max: "the largest of some values"
        case .min: "the smallest of some values"
        case .abs: "a number without its sign"
        case .vals: "the name of a field's value"
        case .dec: "a number as decimal text"
        case .hex: "a number as hexadecimal text"
        case .float, .double: "a number as a floating-point one"
        case .specialName: "the name of the special-purpose block that an address lies in"
        case .specialMask: "what is special about an address's block, in bits: source, destination, forwardable, global, reserved"
        case .isLinkLocal: "whether an address is valid on its link only"
        case .isMulticast: "whether an address is one of a group"
        case .isPrivate: "whether an IPv4 address is a private one (RFC 1918)"
        case .isUniqueLocal: "whether an IPv6 address is a unique local one (RFC 4193)"
        }
    }

    var argumentCounts: ClosedRange<Int> {
        switch self {
        case .max, .min: 1...64
        default: 1...1
        }
    }

    var argumentCountText: String { argumentCounts == 1...1 ? "one argument" : "one argument or more" }

    /// Whether the argument must be a field by its name.
    var needsField: Bool { self == .vals }

    func accepts(_ kind: ValueKind) -> Bool {
        switch self {
        case .len: kind.hasBytes
        case .count: true
        case .string: kind != .none
        case .upper, .lower: kind == .text
        case .max, .min: kind.isNumber || kind.isTime || kind == .text
        case .abs: kind.isNumber || kind == .relativeTime
        case .vals, .dec, .hex: kind == .unsigned || kind == .signed || kind == .boolean
        case .float, .double: kind.isNumber || kind.isTime
        case .specialName, .specialMask, .isLinkLocal, .isMulticast: kind == .ipv4 || kind == .ipv6
        case .isPrivate: kind == .ipv4
        case .isUniqueLocal: kind == .ipv6
        }
    }

    func resultKinds(_ arguments: [CheckedExpression]) -> Set<ValueKind> {
        switch self {
        case .len, .count, .specialMask: return [.unsigned]
        case .string, .upper, .lower, .vals, .dec, .hex, .specialName: return [.text]
        case .float, .double: return [.float]
        case .isLinkLocal, .isMulticast, .isPrivate, .isUniqueLocal: return [.boolean]
        case .max, .min: return arguments.reduce(into: []) { $0.formUnion($1.kinds.filter(accepts)) }
        case .abs: return Set(arguments.flatMap(\.kinds).filter(accepts))
        }
    }

    /// The results for the values of the arguments.
    func results(_ arguments: [[TypedValue]]) -> [TypedValue] {
        let values = arguments.joined().filter { accepts($0.kind) }
        switch self {
        case .count: return values.isEmpty ? [] : [TypedValue(.unsigned, .unsigned(UInt64(arguments.reduce(0) { $0 + $1.count })))]
        case .max: return extreme(values) { $0 == .greater }
        case .min: return extreme(values) { $0 == .less }
        default: return values.compactMap(result)
        }
    }

    private func extreme(_ values: [TypedValue], _ isBetter: (Order) -> Bool) -> [TypedValue] {
        guard var best = values.first else { return [] }
        for value in values.dropFirst() { if let order = value.order(to: best), isBetter(order) { best = value } }
        return [best]
    }

    private func result(_ value: TypedValue) -> TypedValue? {
        switch self {
        case .len: value.bytes.map { TypedValue(.unsigned, .unsigned(UInt64($0.count))) }
        case .string: Self.text(value.text)
        case .upper: changed(value) { (97...122).contains($0) ? $0 - 32 : $0 }
        case .lower: changed(value) { (65...90).contains($0) ? $0 + 32 : $0 }
        case .abs: Self.magnitude(value)
        case .dec: Self.text(value.integer.map { "\($0)" })
        case .hex: Self.text(value.integer.map { "0x" + String($0, radix: 16) })
        case .float, .double: value.float.map { TypedValue(.float, .float(value.kind.isTime ? $0 / 1e9 : $0)) }
        case .specialName: Self.text(SpecialAddress(value)?.name)
        case .specialMask: SpecialAddress(value).map { TypedValue(.unsigned, .unsigned(UInt64($0.mask))) }
        case .isLinkLocal: Self.boolean(SpecialAddress.isLinkLocal(value))
        case .isMulticast: Self.boolean(SpecialAddress.isMulticast(value))
        case .isPrivate: Self.boolean(SpecialAddress.isPrivate(value))
        case .isUniqueLocal: Self.boolean(SpecialAddress.isUniqueLocal(value))
        case .count, .max, .min, .vals: nil
        }
    }

    private static func text(_ text: String?) -> TypedValue? { text.map { TypedValue(.text, .bytes(Array($0.utf8))) } }

    private static func boolean(_ value: Bool) -> TypedValue { TypedValue(.boolean, .unsigned(value ? 1 : 0)) }

    private func changed(_ value: TypedValue, _ change: (UInt8) -> UInt8) -> TypedValue? {
        guard case .bytes(let bytes) = value.value else { return nil }
        return TypedValue(.text, .bytes(bytes.map(change)))
    }

    private static func magnitude(_ value: TypedValue) -> TypedValue? {
        if case .float(let number) = value.value { return TypedValue(.float, .float(Swift.abs(number))) }
        guard let number = value.integer.map({ $0.magnitude }) else { return nil }
        return value.kind == .relativeTime ? Int64(exactly: number).map { TypedValue(.relativeTime, .signed($0)) } : TypedValue(Int128(number))
    }
}

extension TypedValue {
    /// The value as people write it.
    public var text: String? {
        var out = TextBuffer(capacity: 64)
        switch (kind, value) {
        case (.boolean, .unsigned(let number)): out.append(number == 0 ? "False" : "True")
        case (.relativeTime, .signed(let nanoseconds)), (.absoluteTime, .signed(let nanoseconds)): out.append(nanosecondsAsSeconds: nanoseconds)
        case (_, .unsigned(let number)) where kind == .unsigned: out.append(decimal: number)
        case (_, .signed(let number)): out.append(signed: number)
        case (_, .float(let number)): out.append("\(number)")
        case (.text, .bytes(let bytes)): out.append(bytes)
        case (.ipv6, .bytes(let bytes)): Self.append(ipv6: bytes, &out)
        case (.ipv4, .masked(let number, _)): out.append(ipv4: UInt32(truncatingIfNeeded: number))
        default:
            guard let bytes else { return nil }
            bytes.withUnsafeBytes { out.append(hexOf: ByteView($0), separator: kind == .ethernet || kind == .eui64 || kind == .bytes ? 58 : 0) }
        }
        return out.string
    }

    private static func append(ipv6 bytes: [UInt8], _ out: inout TextBuffer) {
        guard bytes.count == 16 else { return }
        bytes.withUnsafeBytes { out.append(ipv6: ByteView($0).uint64(0), ByteView($0).uint64(8)) }
    }
}

extension TextBuffer {
    /// Seconds with nine decimals.
    fileprivate mutating func append(nanosecondsAsSeconds value: Int64) {
        if value < 0 { append(45) }
        append(decimal: value.magnitude / 1_000_000_000)
        append(46)
        append(decimal: value.magnitude % 1_000_000_000, width: 9)
    }
}
