import Dissection
import Wire

extension Context {
    /// Reads bytes and adds them as one item.
    @discardableResult
    mutating func addBytes(_ field: FieldID, _ byteCount: Int, _ reader: inout Reader) throws(DissectionError) -> ItemRef {
        try reader.skip(byteCount)
        return add(field, reader, reader.offset - byteCount, byteCount)
    }

    /// Reads a text that ends at the first zero byte, if there is one, and adds it.
    mutating func addString(_ field: FieldID, _ byteCount: Int, _ reader: inout Reader) throws(DissectionError) {
        try reader.skip(byteCount)
        let offset = reader.offset - byteCount
        let bytes = reader.captured(offset, byteCount)
        addRange(field, reader, offset, byteCount, valueAt: offset, bytes.firstIndex(of: 0) ?? byteCount)
    }

    /// Reads a 64-bit identifier and adds it.
    @discardableResult
    mutating func addEUI64(_ field: FieldID, _ reader: inout Reader) throws(DissectionError) -> UInt64 {
        let value = try reader.uint64()
        add(field, reader, reader.offset - 8, 8, value: value)
        return value
    }

    /// Reads an address and adds it.
    @discardableResult
    mutating func addIPv6(_ field: FieldID, _ reader: inout Reader) throws(DissectionError) -> Address {
        let (high, low) = (try reader.uint64(), try reader.uint64())
        add(field, reader, reader.offset - 16, 16)
        return .ipv6(high: high, low: low)
    }

    /// Reads the first bytes of an address and adds them as an address that ends in zeros.
    @discardableResult
    mutating func addIPv6Prefix(_ field: FieldID, _ byteCount: Int, _ reader: inout Reader) throws(DissectionError) -> Address {
        let count = min(16, max(0, byteCount))
        try reader.skip(count)
        let offset = reader.offset - count
        let address = reader.captured(offset, count).ipv6Prefix
        _ = addText(field, reader, offset, count) {
            for shift in stride(from: UInt64(56), through: 0, by: -8) { $0.append(UInt8(truncatingIfNeeded: address.high >> shift)) }
            for shift in stride(from: UInt64(56), through: 0, by: -8) { $0.append(UInt8(truncatingIfNeeded: address.low >> shift)) }
        }
        return address
    }

    /// Reads a domain name without compression (RFC 1035, section 3.1) and adds it; returns the bytes that it stands in.
    mutating func addName(_ field: FieldID, _ reader: inout Reader) throws(DissectionError) -> ByteView {
        let start = reader.offset
        var labelCount = 0
        while labelCount <= 127, case let count = Int(try reader.uint8()), count > 0 {
            try reader.skip(count)
            labelCount += 1
        }
        let bytes = reader.captured(start, reader.offset - start)
        _ = addText(field, reader, start, bytes.count) { $0.append(domainName: bytes) }
        return bytes
    }
}

extension Reader {
    /// A number of bytes, or as many as were captured.
    func clamped(_ byteCount: Int) -> Int { min(byteCount, capturedRemaining) }
}

extension ByteView {
    /// Up to 16 bytes as the start of an address that goes on with zeros.
    fileprivate var ipv6Prefix: Address {
        var (high, low): (UInt64, UInt64) = (0, 0)
        for index in 0..<Swift.min(count, 16) {
            let byte = UInt64(self[index]) << UInt64(56 - index % 8 * 8)
            if index < 8 { high |= byte } else { low |= byte }
        }
        return .ipv6(high: high, low: low)
    }
}

extension TextBuffer {
    /// A domain name's labels with full stops between.
    mutating func append(domainName bytes: ByteView) {
        if bytes.count <= 1 { return append("<Root>") }
        var offset = 0
        while offset < bytes.count, case let count = Int(bytes[offset]), count > 0 {
            if offset > 0 { append(46) }
            append(bytes[offset + 1..<offset + 1 + count])
            offset += 1 + count
        }
    }

    /// `2001:db8::/32`
    mutating func append(prefix address: Address, _ bitCount: UInt8) {
        append(address)
        append(47)
        append(decimal: bitCount)
    }
}
