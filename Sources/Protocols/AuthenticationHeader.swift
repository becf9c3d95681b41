import Dissection
import Wire

/// IP Authentication Header (RFC 4302). The check value is shown and not checked.
///
///      0                   1                   2                   3
///      0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
///     +---------------+---------------+-------------------------------+
///     |  Next Header  |  Payload Len  |           Reserved            |
///     +---------------+---------------+-------------------------------+
///     |                 Security Parameters Index (SPI)               |
///     +---------------------------------------------------------------+
///     |                        Sequence Number                        |
///     +---------------------------------------------------------------+
///     |                 Integrity Check Value (variable)              |
///     +---------------------------------------------------------------+
///
/// It is one of IPv6's extension headers, and may follow IPv4: IPv6Extensions runs it for both.
struct AuthenticationHeader: Sendable {
    private static let fixedByteCount = 12

    let proto: ProtocolID
    private let node, nextHeader, length, reserved, index, sequence, checkValue: FieldID

    init(registering r: inout Registrar) {
        proto = r.proto("ah", "Authentication Header", short: "AH")
        node = r.node(of: proto)
        nextHeader = r.field("ah.next_header", "Next header", .uint8, .decimal, strings: IPProtocols.strings)
        length = r.field("ah.length", "Length", .uint8, .decimal)
        reserved = r.field("ah.reserved", "Reserved", .bytes)
        index = r.field("ah.spi", "AH SPI", .uint32, .hex)
        sequence = r.field("ah.sequence", "AH Sequence", .uint32, .decimal)
        checkValue = r.field("ah.icv", "AH ICV", .bytes)
    }

    /// Decodes the header; the reader stands behind it then. Returns the number of the next header.
    func dissect(_ reader: inout Reader, _ context: inout Context) throws(DissectionError) -> UInt8 {
        let start = reader.offset
        context.columns.setProtocol("AH")
        context.columns.clearInfo()
        try reader.require(2)
        // Payload Len counts words of four bytes, without the first two.
        let byteCount = (Int(reader.bytes[start + 1]) + 2) * 4
        context.begin(node, reader, byteCount: min(byteCount, reader.capturedRemaining))
        let number = try context.uint8(nextHeader, &reader)
        let units = try reader.uint8()
        context.appendLabel(context.add(length, reader, reader.offset - 1, 1, value: UInt64(units))) {
            $0.append(" (")
            $0.append(decimal: byteCount)
            $0.append(" bytes)")
        }
        try context.addBytes(reserved, 2, &reader)
        let parameters = try context.uint32(index, &reader)
        if context.columns.accepts {
            context.columns.info.append("AH (SPI=0x")
            context.columns.info.append(hex: UInt64(parameters), width: 8)
            context.columns.info.append(")")
        }
        try context.uint32(sequence, &reader)
        let checkByteCount = max(0, byteCount - Self.fixedByteCount)
        try context.addBytes(checkValue, checkByteCount, &reader)
        context.close()
        reader.offset = start + byteCount
        return number
    }
}
