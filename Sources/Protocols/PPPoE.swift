import Dissection
import Wire

/// PPP over Ethernet, the session (RFC 2516, section 4).
///
///      0                   1                   2                   3
///      0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
///     +-------+-------+---------------+-------------------------------+
///     |  VER  | TYPE  |      CODE     |          SESSION_ID           |
///     +-------+-------+---------------+-------------------------------+
///     |            LENGTH             |           payload
///     +-------------------------------+-------------------------------
///
/// Not decoded: discovery, by which a session is opened.
public struct PPPoE: Dissector {
    /// The header as a value.
    public struct Header: Equatable, Sendable {
        public static let byteCount = 6
        public var versionAndType: UInt8
        public var code: UInt8
        public var session: UInt16
        public var payloadByteCount: UInt16

        public init(parsing reader: inout Reader) throws(DissectionError) {
            versionAndType = try reader.uint8()
            code = try reader.uint8()
            session = try reader.uint16()
            payloadByteCount = try reader.uint16()
        }

        public func write(to bytes: inout [UInt8]) {
            bytes += [versionAndType, code]
            bytes.append(bigEndian: session)
            bytes.append(bigEndian: payloadByteCount)
        }
    }

    /// Ethernet fills shorter payloads up to this (IEEE 802.3, section 4.2.3.3), so that the length of those says nothing.
    private static let filledByteCount = 46
    /// A check sequence of Ethernet may stand behind the payload.
    private static let checkSequenceByteCount = 4

    private let node, version, type, code, session, length: FieldID
    private let wrongLength: ExpertID
    private let ppp, data: DissectorID?

    public init(registering r: inout Registrar) {
        let proto = r.proto("pppoes", "PPP-over-Ethernet Session", short: "PPPoES")
        node = r.node(of: proto)
        version = r.field("pppoe.version", "Version", .uint8, .decimal, mask: 0xf0)
        type = r.field("pppoe.type", "Type", .uint8, .decimal, mask: 0x0f)
        code = r.field("pppoe.code", "Code", .uint8, .hex, strings: Self.codes)
        session = r.field("pppoe.session_id", "Session ID", .uint16, .hex)
        length = r.field("pppoe.payload_length", "Payload Length", .uint16, .decimal)
        wrongLength = r.expert("pppoe.payload_length.bad", .malformed, .warning, "Possible bad payload length")
        ppp = r.dissector(named: "ppp")
        data = r.dissector(named: "data")
        let id = r.dissector(self, proto)
        r.add(id, to: "ethertype", 0x8864)
        r.add(id, to: "wtap_encap", 139)
    }

    /// RFC 2516, RFC 5578, and extensions of vendors.
    private static let codes = ValueStrings([
        (0x00, "Session Data"), (0x07, "Active Discovery Offer (PADO)"), (0x09, "Active Discovery Initiation (PADI)"),
        (0x0a, "Active Discovery Session-Grant (PADG)"), (0x0b, "Active Discovery Session-Credit Resp.(PADC)"),
        (0x0c, "Active Discovery Quality (PADQ)"), (0x19, "Active Discovery Request (PADR)"),
        (0x65, "Active Discovery Session-confirmation (PADS)"), (0xa7, "Active Discovery Terminate (PADT)"),
        (0xd3, "Active Discovery Message (PADM)"), (0xd4, "Active Discovery Network (PADN)"),
    ])

    public func dissect(_ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        let layer = reader
        context.columns.setProtocol("PPPoES")
        context.columns.clearInfo()
        context.noteNetworkEnd(of: layer)
        context.begin(node, layer, byteCount: Header.byteCount)
        let word = UInt64(try reader.uint8())
        context.bits(version, layer, layer.start, 1, word: word)
        context.bits(type, layer, layer.start, 1, word: word)
        let name = Self.codes.name(of: UInt64(try context.uint8(code, &reader)))
        if let name, context.columns.accepts { context.columns.info.append(name) }
        try context.uint16(session, &reader)
        let stated = try reader.uint16()
        let item = context.add(length, layer, reader.offset - 2, 2, value: UInt64(stated))
        checkLength(Int(stated), layer, under: item, &context)
        context.close()
        let payload = reader.next(Int(stated))
        if let next = ppp ?? data { context.run(next, payload) }
    }

    private func checkLength(_ stated: Int, _ layer: Reader, under item: ItemRef, _ context: inout Context) {
        let actual = layer.reportedEnd - layer.start - Header.byteCount
        guard actual + Header.byteCount > Self.filledByteCount, stated != actual, stated + Self.checkSequenceByteCount != actual else { return }
        context.appendLabel(item) {
            $0.append(" [incorrect, should be ")
            $0.append(decimal: actual)
            $0.append("]")
        }
        context.expert(under: item, wrongLength) {
            $0.append("Possible bad payload length ")
            $0.append(decimal: stated)
            $0.append(" != ")
            $0.append(decimal: actual)
        }
    }
}
