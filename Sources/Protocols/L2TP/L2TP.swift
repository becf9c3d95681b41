import Dissection
import Wire

/// Layer Two Tunneling Protocol, version 2 (RFC 2661, section 3.1).
///
///      0                   1                   2                   3
///      0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
///     +-+-+-+-+-+-+-+-+-+-+-+-+-------+-------------------------------+
///     |T|L|x|x|S|x|O|P|x|x|x|x|  Ver  |          Length, where L      |
///     +-+-+-+-+-+-+-+-+-+-+-+-+-------+-------------------------------+
///     |           Tunnel              |           Session             |
///     +-------------------------------+-------------------------------+
///     |             Ns, where S       |             Nr, where S       |
///     +-------------------------------+-------------------------------+
///     |     Offset size, where O      |    padding of that size       |
///     +-------------------------------+-------------------------------+
///
/// Data messages carry PPP, control messages (T) attributes. Not decoded: version 3.
public final class L2TP: Dissector {
    /// The first two bytes as a value.
    public struct Header: Equatable, Sendable {
        public static let byteCount = 2
        public var word: UInt16

        public var isControl: Bool { word & 0x8000 != 0 }
        public var hasLength: Bool { word & 0x4000 != 0 }
        public var hasSequence: Bool { word & 0x0800 != 0 }
        public var hasOffset: Bool { word & 0x0200 != 0 }
        public var hasPriority: Bool { word & 0x0100 != 0 }
        public var version: UInt8 { UInt8(word & 0xf) }

        public init(parsing reader: inout Reader) throws(DissectionError) { word = try reader.uint16() }

        public func write(to bytes: inout [UInt8]) { bytes.append(bigEndian: word) }
    }

    private static let version: UInt8 = 2
    /// Bytes before the identifiers where there is a length.
    private static let lengthByteCount = 4

    private let node, flags, length, tunnel, session, sent, received, offsetSize, offsetPadding, empty: FieldID
    private let flagFields: [FieldID]
    private let attributes: L2TPAttributes
    private let ppp, data: DissectorID?

    public init(registering r: inout Registrar) {
        let proto = r.proto("l2tp", "Layer 2 Tunneling Protocol", short: "L2TP")
        node = r.node(of: proto)
        flags = r.field("l2tp.flags", "Flags", .uint16, .hex)
        flagFields = [
            r.field("l2tp.type", "Type", .uint16, .decimal, strings: ValueStrings([(0, "Data Message"), (1, "Control Message")]), mask: 0x8000),
            r.flag("l2tp.length_bit", "Length Bit", wordBits: 16, mask: 0x4000, "Length field is present", "Length field is not present"),
            r.flag("l2tp.seq_bit", "Sequence Bit", wordBits: 16, mask: 0x0800, "Ns and Nr fields are present", "Ns and Nr fields are not present"),
            r.flag("l2tp.offset_bit", "Offset bit", wordBits: 16, mask: 0x0200, "Offset Size field is present", "Offset size field is not present"),
            r.flag("l2tp.priority", "Priority", wordBits: 16, mask: 0x0100, "This data message has priority", "No priority"),
            r.field("l2tp.version", "Version", .uint16, .decimal, mask: 0x000f),
        ]
        length = r.field("l2tp.length", "Length", .uint16, .decimal)
        tunnel = r.field("l2tp.tunnel", "Tunnel ID", .uint16, .decimal)
        session = r.field("l2tp.session", "Session ID", .uint16, .decimal)
        sent = r.field("l2tp.Ns", "Ns", .uint16, .decimal)
        received = r.field("l2tp.Nr", "Nr", .uint16, .decimal)
        offsetSize = r.field("l2tp.offset", "Offset", .uint16, .decimal)
        offsetPadding = r.field("l2tp.offset_padding", "Offset Padding", .none)
        empty = r.field("l2tp.zero_length_body_message", "Zero Length Body message", .none)
        attributes = L2TPAttributes(registering: &r)
        ppp = r.dissector(named: "ppp")
        data = r.dissector(named: "data")
        r.add(r.dissector(self, proto), to: "udp.port", 1701)
    }

    public func dissect(_ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        let layer = reader
        let header = try Header(parsing: &reader)
        guard header.version == Self.version else {
            if let data { context.run(data, layer) }
            return
        }
        context.columns.setProtocol("L2TP")
        context.columns.clearInfo()
        let top = context.begin(node, layer)
        addFlags(header, layer, &context)
        if header.hasLength {
            let byteCount = Int(try context.uint16(length, &reader))
            reader = reader.narrowed(toByteCount: max(byteCount, Self.lengthByteCount))
            context.setByteCount(top, reader.capturedEnd - layer.start)
        }
        let tunnelNumber = try context.uint16(tunnel, &reader)
        let sessionNumber = try context.uint16(session, &reader)
        describe(header, reader, tunnelNumber, sessionNumber, &context)
        if header.hasSequence {
            try context.uint16(sent, &reader)
            try context.uint16(received, &reader)
        }
        if header.hasOffset {
            let byteCount = Int(try context.uint16(offsetSize, &reader))
            if byteCount > 0 { try context.addBytes(offsetPadding, byteCount, &reader) }
        }
        if header.isControl {
            if reader.remaining == 0 { context.add(empty, layer, layer.start, 0) }
            try attributes.dissect(&reader, &context)
            return context.close()
        }
        context.setByteCount(top, reader.offset - layer.start)
        context.close()
        if let ppp, reader.remaining > 0 { context.run(ppp, reader.rest) }
    }

    private func addFlags(_ header: Header, _ layer: Reader, _ context: inout Context) {
        let word = UInt64(header.word)
        context.appendLabel(context.add(flags, layer, layer.start, Header.byteCount, value: word)) {
            $0.append(header.isControl ? ", Type: Control Message" : ", Type: Data Message")
            if header.hasLength { $0.append(", Length Bit") }
            if header.hasSequence { $0.append(", Sequence Bit") }
            if header.hasOffset { $0.append(", Offset bit") }
            if header.hasPriority { $0.append(", Priority") }
        }
        context.open()
        for field in flagFields { context.bits(field, layer, layer.start, Header.byteCount, word: word) }
        context.close()
    }

    /// - Parameter reader: stands behind the session.
    private func describe(_ header: Header, _ reader: Reader, _ tunnel: UInt16, _ session: UInt16, _ context: inout Context) {
        guard context.columns.accepts else { return }
        if header.isControl {
            context.columns.info.append("Control Message")
            var body = reader
            body.offset += header.hasSequence ? 4 : 0
            attributes.describe(body, &context.columns.info)
        } else {
            context.columns.info.append("Data    Message           ")
        }
        context.columns.info.append(" (tunnel id=")
        context.columns.info.append(decimal: tunnel)
        context.columns.info.append(", session id=")
        context.columns.info.append(decimal: session)
        context.columns.info.append(")")
    }
}
