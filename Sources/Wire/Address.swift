/// An address of the link or network layer, as a value without storage of its own.
@frozen
public struct Address: Hashable, Sendable {
    public enum Kind: UInt8, Sendable { case none, ethernet, ipv4, ipv6 }

    public var kind: Kind
    /// The address as a 128-bit big-endian number, right-aligned.
    public var high: UInt64
    public var low: UInt64

    @inlinable
    public init(kind: Kind, high: UInt64, low: UInt64) {
        self.kind = kind
        self.high = high
        self.low = low
    }

    @inlinable public static var none: Address { Address(kind: .none, high: 0, low: 0) }

    @inlinable public static func ipv4(_ value: UInt32) -> Address { Address(kind: .ipv4, high: 0, low: UInt64(value)) }
    @inlinable public static func ethernet(_ value: UInt64) -> Address { Address(kind: .ethernet, high: 0, low: value) }
    @inlinable public static func ipv6(high: UInt64, low: UInt64) -> Address { Address(kind: .ipv6, high: high, low: low) }

    /// Order by kind, then by value, as bytes compare.
    @inlinable
    public static func precedes(_ a: Address, _ b: Address) -> Bool {
        if a.kind != b.kind { return a.kind.rawValue < b.kind.rawValue }
        return a.high != b.high ? a.high < b.high : a.low < b.low
    }
}

extension TextBuffer {
    /// The address in its usual notation; nothing for no address.
    public mutating func append(_ address: Address) {
        switch address.kind {
        case .none: break
        case .ethernet: append(ethernet: address.low)
        case .ipv4: append(ipv4: UInt32(truncatingIfNeeded: address.low))
        case .ipv6: append(ipv6: address.high, address.low)
        }
    }

    /// A 48-bit address as six hexadecimal bytes with colons.
    public mutating func append(ethernet value: UInt64) { append(octetsOf: value << 16, count: 6) }

    /// A 64-bit identifier as eight hexadecimal bytes with colons.
    public mutating func append(eui64 value: UInt64) { append(octetsOf: value, count: 8) }

    private mutating func append(octetsOf value: UInt64, count: Int) {
        Swift.withUnsafeBytes(of: value.bigEndian) { append(hexOf: ByteView($0)[0..<count], separator: 58) }
    }

    public mutating func append(ipv4 value: UInt32) {
        append(octet: value >> 24)
        append(46)
        append(octet: value >> 16 & 0xff)
        append(46)
        append(octet: value >> 8 & 0xff)
        append(46)
        append(octet: value & 0xff)
    }

    @inline(__always)
    mutating func append(octet value: UInt32) {
        reserve(3)
        let value = UInt8(truncatingIfNeeded: value)
        if value >= 100 { append(48 &+ value / 100) }
        if value >= 10 { append(48 &+ value / 10 % 10) }
        append(48 &+ value % 10)
    }

    /// An IPv6 address in the canonical form of RFC 5952, with the dotted form for v4-mapped and v4-compatible ones.
    public mutating func append(ipv6 high: UInt64, _ low: UInt64) {
        func group(_ index: Int) -> UInt64 {
            (index < 4 ? high >> UInt64(48 - 16 * index) : low >> UInt64(112 - 16 * index)) & 0xffff
        }
        if high == 0, low >> 32 == 0xffff || (low >> 32 == 0 && low > 0xffff) {
            append(low >> 32 == 0xffff ? "::ffff:" : "::")
            append(ipv4: UInt32(truncatingIfNeeded: low))
            return
        }
        var runStart = -1
        var runCount = 1
        var index = 0
        while index < 8 {
            var end = index
            while end < 8, group(end) == 0 { end += 1 }
            if end - index > runCount {
                runStart = index
                runCount = end - index
            }
            index = max(end, index + 1)
        }
        index = 0
        while index < 8 {
            if index == runStart {
                append("::")
                index += runCount
                continue
            }
            if index > 0, runStart < 0 || index != runStart + runCount { append(58) }
            append(hex: group(index))
            index += 1
        }
    }
}
