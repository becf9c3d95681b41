import Dissection
import Wire

/// GPRS Tunnelling Protocol of the user plane, version 1 (3GPP TS 29.281, section 5).
///
///      0                   1                   2                   3
///      0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
///     +-----+-+-+-+-+-+---------------+-------------------------------+
///     | Ver |P|R|E|S|N| Message Type  |            Length             |
///     +-----+-+-+-+-+-+---------------+-------------------------------+
///     |                  Tunnel Endpoint Identifier                   |
///     +-------------------------------+---------------+---------------+
///     |        Sequence Number        | N-PDU Number  | Next Extension|
///     +-------------------------------+---------------+---------------+
///
/// The last row is there if any of E, S and N is set. Not decoded: the elements of other messages than those that carry packets, what
/// extension headers hold, and the control plane, which has ports of its own.
public struct GTP: Dissector {
    /// The part that every header has, as a value.
    public struct Header: Equatable, Sendable {
        public static let byteCount = 8
        public var flags: UInt8
        public var messageType: UInt8
        public var payloadByteCount: UInt16
        public var tunnel: UInt32

        public init(parsing reader: inout Reader) throws(DissectionError) {
            flags = try reader.uint8()
            messageType = try reader.uint8()
            payloadByteCount = try reader.uint16()
            tunnel = try reader.uint32()
        }

        public func write(to bytes: inout [UInt8]) {
            bytes += [flags, messageType]
            bytes.append(bigEndian: payloadByteCount)
            bytes.append(bigEndian: tunnel)
        }
    }

    private static let packet: UInt8 = 255
    /// Any of the flags that add the last row.
    private static let optionalFlags: UInt8 = 0x07
    private static let extensionFlag: UInt8 = 0x04
    private static let sequenceFlag: UInt8 = 0x02
    private static let numberFlag: UInt8 = 0x01
    private static let packetNumberExtension: UInt8 = 0xc0
    /// Extension headers, at most: there are fewer kinds of them.
    private static let extensionLimit = 16

    private let node, flags, messageType, length, tunnel, sequence, number, nextExtension, extensionHeader, extensionLength, packetNumber: FieldID
    private let flagFields: [FieldID]
    private let types: TableID
    private let data: DissectorID?

    public init(registering r: inout Registrar) {
        let proto = r.proto("gtp", "GPRS Tunneling Protocol", short: "GTP")
        node = r.node(of: proto)
        flags = r.field("gtp.flags", "Flags", .uint8, .hex)
        flagFields = [
            r.field("gtp.flags.version", "Version", .uint8, .decimal, strings: ValueStrings([
                (0, "GTP release 97/98 version"), (1, "GTP release 99 version"), (2, "GTPv2-C"), (3, "None"), (4, "None"), (5, "None"),
                (6, "None"), (7, "None"),
            ]), mask: 0xe0),
            r.field("gtp.flags.payload", "Protocol type", .uint8, .decimal, strings: ValueStrings([(0, "GTP'"), (1, "GTP")]), mask: 0x10),
            r.field("gtp.flags.reserved", "Reserved", .uint8, .decimal, mask: 0x08),
            r.flag("gtp.flags.e", "Is Next Extension Header present?", wordBits: 8, mask: 0x04, "Yes", "No"),
            r.flag("gtp.flags.s", "Is Sequence Number present?", wordBits: 8, mask: 0x02, "Yes", "No"),
            r.flag("gtp.flags.pn", "Is N-PDU number present?", wordBits: 8, mask: 0x01, "Yes", "No"),
        ]
        messageType = r.field("gtp.message", "Message Type", .uint8, .hex, strings: Self.messageTypes)
        length = r.field("gtp.length", "Length", .uint16, .decimal)
        tunnel = r.field("gtp.teid", "TEID", .uint32, .hexDecimal)
        sequence = r.field("gtp.seq_number", "Sequence number", .uint16, .hexDecimal)
        number = r.field("gtp.npdu_number", "N-PDU Number", .uint8, .hex)
        nextExtension = r.field("gtp.ext_hdr.next", "Next extension header type", .uint8, .hex, strings: Self.extensions)
        extensionHeader = r.field("gtp.ext_hdr", "Extension header", .none)
        extensionLength = r.field("gtp.ext_hdr.length", "Extension Header Length", .uint8, .decimal)
        packetNumber = r.field("gtp.ext_hdr.pdcp_sn", "PDCP Sequence Number", .uint16, .decimal)
        types = r.table("ethertype")
        data = r.dissector(named: "data")
        let port = r.preference("gtp.v1u_port", "UDP port of the user plane", default: UInt32(2152))
        r.add(r.dissector(self, proto), to: "udp.port", port)
    }

    private static let messageTypes = ValueStrings([
        (1, "Echo request"), (2, "Echo response"), (26, "Error indication"), (31, "Supported extension header notification"),
        (254, "End Marker"), (255, "T-PDU"),
    ])

    private static let extensions = ValueStrings([
        (0x00, "No more extension headers"), (0x03, "Long PDCP PDU number"), (0x20, "Service Class Indicator"), (0x40, "UDP Port number"),
        (0x81, "RAN Container"), (0x82, "Long PDCP PDU number"), (0x83, "Xw RAN Container"), (0x84, "NR RAN Container"),
        (0x85, "PDU Session container"), (0xc0, "PDCP PDU number"),
    ])

    public func dissect(_ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        let layer = reader
        context.columns.setProtocol("GTP")
        context.columns.clearInfo()
        let top = context.begin(node, layer, byteCount: layer.capturedRemaining)
        let word = try context.uint8(flags, &reader)
        context.open()
        for field in flagFields { context.bits(field, layer, layer.start, 1, word: UInt64(word)) }
        context.close()
        let type = try context.uint8(messageType, &reader)
        if context.columns.accepts { context.columns.info.append(Self.messageTypes.name(of: UInt64(type)) ?? "Unknown") }
        let byteCount = Int(try context.uint16(length, &reader))
        try context.uint32(tunnel, &reader)
        reader = reader.narrowed(toByteCount: Header.byteCount + byteCount)
        if word & Self.optionalFlags != 0 { try addOptions(word, &reader, &context) }
        guard type == Self.packet else { return context.close() }
        context.setByteCount(top, reader.offset - layer.start)
        context.close()
        let rest = reader.rest
        if let type = rest.ipEtherType, context.dispatch(types, type, rest) {
            nameTunnel(&context)
        } else if let data, rest.remaining > 0 {
            context.run(data, rest)
        }
    }

    /// Says in the columns that the protocol named there came through a tunnel.
    private func nameTunnel(_ context: inout Context) {
        guard context.columns.accepts else { return }
        let inner = context.columns.proto.bytes.copy()
        context.columns.proto.truncate()
        context.columns.proto.append("GTP <")
        context.columns.proto.append(inner)
        context.columns.proto.append(">")
    }

    /// What stands in a part of the last row counts only where its own flag is set.
    private func addOptions(_ word: UInt8, _ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        if word & Self.sequenceFlag != 0 { try context.uint16(sequence, &reader) } else { try reader.skip(2) }
        if word & Self.numberFlag != 0 { try context.uint8(number, &reader) } else { try reader.skip(1) }
        guard word & Self.extensionFlag != 0 else { return try reader.skip(1) }
        var type = try context.uint8(nextExtension, &reader)
        for _ in 0..<Self.extensionLimit where type != 0 { type = try addExtension(type, &reader, &context) }
    }

    /// Adds an extension header, whose length counts words of four bytes; its last byte is the type of the next one.
    private func addExtension(_ type: UInt8, _ reader: inout Reader, _ context: inout Context) throws(DissectionError) -> UInt8 {
        let byteCount = Int(try reader.peekUInt8()) * 4
        guard byteCount > 0 else { return 0 }
        let item = context.add(extensionHeader, reader, reader.offset, min(byteCount, reader.capturedRemaining))
        context.appendLabel(item) {
            $0.append(" (")
            $0.append(Self.extensions.name(of: UInt64(type)) ?? "Unknown")
            $0.append(")")
        }
        context.open()
        try context.uint8(extensionLength, &reader)
        var content = reader.next(byteCount - 2)
        if type == Self.packetNumberExtension { try context.uint16(packetNumber, &content) }
        try reader.skip(byteCount - 2)
        let next = try context.uint8(nextExtension, &reader)
        context.close()
        return next
    }
}
