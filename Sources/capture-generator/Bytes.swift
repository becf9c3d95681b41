import Wire

extension [UInt8] {
    /// Appends in network order.
    mutating func append(uint16 value: UInt16) {
        append(UInt8(truncatingIfNeeded: value >> 8))
        append(UInt8(truncatingIfNeeded: value))
    }

    mutating func append(uint32 value: UInt32) {
        append(uint16: UInt16(truncatingIfNeeded: value >> 16))
        append(uint16: UInt16(truncatingIfNeeded: value))
    }

    /// Appends in the order of a capture file written on a little-endian machine.
    mutating func append(littleEndian value: UInt32) {
        for shift in stride(from: 0, to: 32, by: 8) { append(UInt8(truncatingIfNeeded: value >> UInt32(shift))) }
    }

    /// Appends a list preceded by its length in `lengthByteCount` bytes, as TLS and DNS over TCP write them.
    mutating func append(_ list: [UInt8], lengthByteCount: Int) {
        for shift in stride(from: (lengthByteCount - 1) * 8, through: 0, by: -8) {
            append(UInt8(truncatingIfNeeded: list.count >> shift))
        }
        append(contentsOf: list)
    }

    mutating func set(uint16 value: UInt16, at offset: Int) {
        self[offset] = UInt8(truncatingIfNeeded: value >> 8)
        self[offset + 1] = UInt8(truncatingIfNeeded: value)
    }

    func internetChecksum(startingWith start: InternetChecksum = InternetChecksum()) -> UInt16 {
        var checksum = start
        withUnsafeBytes { checksum.add(ByteView($0)) }
        return checksum.value
    }
}

extension InternetChecksum {
    mutating func add(_ bytes: [UInt8]) { bytes.withUnsafeBytes { add(ByteView($0)) } }
}

/// CRC-32 as gzip (RFC 1952 section 8) and PNG use it.
struct CRC32 {
    private static let table: [UInt32] = (0..<256).map { index in
        (0..<8).reduce(UInt32(index)) { value, _ in value & 1 == 1 ? 0xEDB8_8320 ^ (value >> 1) : value >> 1 }
    }

    static func of(_ bytes: some Sequence<UInt8>) -> UInt32 {
        let table = table
        return ~bytes.reduce(UInt32.max) { value, byte in table[Int((value ^ UInt32(byte)) & 0xFF)] ^ (value >> 8) }
    }
}
