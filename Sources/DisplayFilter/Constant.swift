/// A value as the type of its field has it: what a literal stands for, and what an expression comes to.
public enum Constant: Equatable, Sendable {
    case unsigned(UInt64)
    /// Signed numbers, and times in nanoseconds.
    case signed(Int64)
    /// An IPv4 address; values are compared under the mask.
    case masked(UInt64, mask: UInt64)
    case float(Double)
    /// Texts, byte strings, and IPv6 addresses.
    case bytes([UInt8])
    /// The first bits of an IPv6 address.
    case prefix([UInt8], bitCount: Int)
}

/// A value and what kind it is of.
public struct TypedValue: Equatable, Sendable {
    public internal(set) var kind: ValueKind
    public internal(set) var value: Constant

    init(_ kind: ValueKind, _ value: Constant) {
        self.kind = kind
        self.value = value
    }

    /// A whole number; nil where it does not fit.
    init?(_ number: Int128) {
        if let value = UInt64(exactly: number) {
            self.init(.unsigned, .unsigned(value))
        } else if let value = Int64(exactly: number) {
            self.init(.signed, .signed(value))
        } else {
            return nil
        }
    }

    var integer: Int128? {
        switch value {
        case .unsigned(let number): Int128(number)
        case .signed(let number): Int128(number)
        default: nil
        }
    }

    var float: Double? {
        if case .float(let number) = value { return number }
        return integer.map { Double($0) }
    }

    /// The bytes that stand for the value in a packet, of kinds for which that is one thing.
    public var bytes: [UInt8]? {
        switch (kind, value) {
        case (_, .bytes(let bytes)), (_, .prefix(let bytes, _)): bytes
        case (.ethernet, .unsigned(let number)): Self.bytes(number, 6)
        case (.eui64, .unsigned(let number)): Self.bytes(number, 8)
        case (.ipv4, .masked(let number, _)): Self.bytes(number, 4)
        default: nil
        }
    }

    private static func bytes(_ number: UInt64, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: number >> UInt64(8 * (count - 1 - $0))) }
    }

    /// Whether the value counts as true where it stands alone.
    public var isTrue: Bool {
        switch value {
        case .unsigned(let number), .masked(let number, _): number != 0
        case .signed(let number): number != 0
        case .float(let number): number != 0
        case .bytes(let bytes), .prefix(let bytes, _): kind == .text ? !bytes.isEmpty : bytes.contains { $0 != 0 }
        }
    }

    /// How the value stands to another; nil where they cannot be compared.
    func order(to other: TypedValue) -> Order? {
        switch (value, other.value) {
        case (.masked(let a, let aMask), .masked(let b, let bMask)): Order(a & aMask & bMask, b & aMask & bMask)
        case (.bytes(let a), .prefix(let b, let bitCount)), (.prefix(let a, let bitCount), .bytes(let b)): Order(a, b, bitCount: bitCount)
        case (.bytes(let a), .bytes(let b)): Order(a, b, bitCount: nil)
        case (.float, _), (_, .float):
            if let a = float, let b = other.float { Order(a, b) } else { nil }
        default:
            if kind == other.kind || kind.isNumber && other.kind.isNumber, let a = integer, let b = other.integer {
                Order(a, b)
            } else if let a = bytes, let b = other.bytes {
                Order(a, b, bitCount: nil)
            } else {
                nil
            }
        }
    }
}

/// How values are compared; values of one kind can be compared with each other.
public enum ValueKind: Hashable, Sendable {
    case none, boolean, unsigned, signed, float, absoluteTime, relativeTime, text, bytes, ethernet, ipv4, ipv6, eui64

    var isNumber: Bool { self == .unsigned || self == .signed || self == .float || self == .boolean }
    var isTime: Bool { self == .absoluteTime || self == .relativeTime }
    /// Whether it is a run of bytes, a part of which can be taken.
    var hasBytes: Bool { self == .text || self == .bytes || isAddress }
    var isAddress: Bool { self == .ethernet || self == .ipv4 || self == .ipv6 || self == .eui64 }

    func isComparable(with other: ValueKind) -> Bool {
        self != .none && (self == other || isNumber && other.isNumber || hasBytes && other.hasBytes && (self == .bytes || other == .bytes))
    }
}
