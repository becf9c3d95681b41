/// The Internet checksum: the ones' complement sum of 16-bit words (RFC 1071).
@frozen
public struct InternetChecksum {
    @usableFromInline var sum: UInt64 = 0
    @usableFromInline var isOdd = false

    @inlinable public init() {}

    /// Adds bytes; an odd run is continued by the next call at the low byte of its last word.
    @inlinable
    public mutating func add(_ bytes: ByteView) {
        var offset = 0
        if isOdd, bytes.count > 0 {
            sum &+= UInt64(bytes[0])
            offset = 1
            isOdd = false
        }
        let count = bytes.count
        while offset + 4 <= count {
            sum &+= UInt64(bytes.uint32(offset))
            offset += 4
        }
        while offset + 2 <= count {
            sum &+= UInt64(bytes.uint16(offset))
            offset += 2
        }
        if offset < count {
            sum &+= UInt64(bytes[offset]) << 8
            isOdd = true
        }
    }

    /// Adds a 16-bit word, or a wider value as its words.
    @inlinable public mutating func add(_ value: UInt32) { sum &+= UInt64(value) }

    /// The folded sum: 0xffff over data that includes its own correct checksum.
    @inlinable
    public var folded: UInt16 {
        var value = sum
        while value >> 16 != 0 { value = (value & 0xffff) &+ (value >> 16) }
        return UInt16(truncatingIfNeeded: value)
    }

    /// The value for the checksum field.
    @inlinable public var value: UInt16 { ~folded }
}
