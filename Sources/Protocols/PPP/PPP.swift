import Dissection
import Wire

/// Point-to-Point Protocol (RFC 1661, section 2), with the address and control of HDLC before it where a link has them (RFC 1662,
/// section 3.1).
///
///     +-------------------+-------------------+--------------------------+---------+
///     |   address 0xff    |   control 0x03    |   protocol (8/16 bits)   | payload |
///     +-------------------+-------------------+--------------------------+---------+
///
/// Both may be left out, and a protocol below 256 may have one byte (RFC 1661, sections 6.5 and 6.6). Not decoded: the protocols by
/// which a link is set up, and frames that are stuffed byte by byte.
public struct PPP: Dissector {
    /// The header behind address and control, as a value: a protocol of two bytes.
    public struct Header: Equatable, Sendable {
        public var protocolNumber: UInt16

        public init(protocolNumber: UInt16) { self.protocolNumber = protocolNumber }

        /// Reads a protocol of one byte or two: the last byte is odd, others are even.
        public init(parsing reader: inout Reader) throws(DissectionError) {
            let first = try reader.peekUInt8()
            if first & 1 != 0 {
                protocolNumber = UInt16(first)
                reader.offset += 1
            } else {
                protocolNumber = try reader.uint16()
            }
        }

        public func write(to bytes: inout [UInt8]) { bytes.append(bigEndian: protocolNumber) }
    }

    private let node, address, control, number: FieldID
    private let protocols: TableID
    private let data: DissectorID?

    public init(registering r: inout Registrar) {
        let proto = r.proto("ppp", "Point-to-Point Protocol", short: "PPP", spansPayload: true)
        node = r.node(of: proto)
        address = r.field("ppp.address", "Address", .uint8, .hex)
        control = r.field("ppp.control", "Control", .uint8, .hex)
        number = r.field("ppp.protocol", "Protocol", .uint16, .hex, strings: PPPNames.protocols)
        protocols = r.table("ppp.protocol", title: "PPP protocol", .uint16, .hex)
        data = r.dissector(named: "data")
        let id = r.dissector(self, proto)
        r.add(id, to: "wtap_encap", PPPFraming.encapsulation)
        r.add(id, to: "gre.proto", UInt32(GRE.ppp))
        r.add(id, to: "ethertype", UInt32(GRE.ppp))
        r.add(id, to: "sll.ltype", 7)
    }

    public func dissect(_ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        let layer = reader
        try reader.require(1)
        context.columns.setProtocol("PPP")
        context.columns.clearInfo()
        let top = context.begin(node, layer, byteCount: layer.capturedRemaining)
        // No protocol has these numbers.
        if reader.bytes[reader.offset] == PPPFraming.start >> 8 {
            try context.uint8(address, &reader)
            try context.uint8(control, &reader)
        }
        let begin = reader.offset
        let header = try Header(parsing: &reader)
        context.setByteCount(top, reader.offset - layer.start)
        context.add(number, layer, begin, reader.offset - begin, value: UInt64(header.protocolNumber))
        context.close()
        let rest = reader.rest
        if context.dispatch(protocols, UInt32(header.protocolNumber), rest) { return }
        describeUndecoded(header.protocolNumber, &context)
        if let data { context.run(data, rest) }
    }

    private func describeUndecoded(_ number: UInt16, _ context: inout Context) {
        guard context.columns.accepts else { return }
        context.columns.proto.truncate()
        context.columns.proto.append("0x")
        context.columns.proto.append(hex: UInt64(number), width: 4)
        context.columns.setInfo("PPP ")
        context.columns.info.append(PPPNames.protocols.name(of: UInt64(number)) ?? "Unknown")
        context.columns.info.append(" (0x")
        context.columns.info.append(hex: UInt64(number), width: 4)
        context.columns.info.append(")")
    }
}
