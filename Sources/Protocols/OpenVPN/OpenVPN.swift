import Dissection
import Wire

/// OpenVPN's packets over UDP and TCP (the draft "OpenVPN wire protocol", sections 2 and 3).
///
///     +-----------------+--------------+------------+------------------------------------------+
///     | length, 2 bytes | opcode       | key number | what the opcode says                     |
///     | (over TCP only) | 5 bits       | 3 bits     |                                          |
///     +-----------------+--------------+------------+------------------------------------------+
///
/// Packets of data are encrypted; those of the second version name the peer, in 3 bytes, before that. What the others hold is in
/// OpenVPNControl.swift.
public final class OpenVPN: StreamDissector {
    /// The byte that says what a packet is, as a value.
    public struct Header: Equatable, Sendable {
        public static let byteCount = 1
        public var opcode: UInt8
        public var keyNumber: UInt8

        public init(parsing reader: inout Reader) throws(DissectionError) {
            let type = try reader.uint8()
            opcode = type >> 3
            keyNumber = type & 7
        }

        public func write(to bytes: inout [UInt8]) { bytes.append(opcode << 3 | keyNumber) }
    }

    private static let lengthByteCount = 2
    private static let tcp: UInt8 = 6

    private let node, length, type, opcode, key, peer: FieldID
    private let control: OpenVPNControl

    public init(registering r: inout Registrar) {
        let proto = r.proto("openvpn", "OpenVPN Protocol", short: "OpenVPN")
        node = r.node(of: proto)
        length = r.field("openvpn.plen", "Packet Length", .uint16, .decimal)
        type = r.field("openvpn.type", "Type", .uint8, .hex)
        opcode = r.field("openvpn.opcode", "Opcode", .uint8, .hex, strings: OpenVPNOpcode.names, mask: 0xf8)
        key = r.field("openvpn.keyid", "Key ID", .uint8, .decimal, mask: 0x07)
        peer = r.field("openvpn.peerid", "Peer ID", .uint24, .decimal)
        control = OpenVPNControl(proto, registering: &r)
        let dissector = r.dissector(self, proto)
        r.add(dissector, to: "udp.port", 1194)
        r.add(dissector, to: "tcp.port", 1194)
    }

    // MARK: Framing

    public var showsPDUByteCount: Bool { true }

    public func pduEnd(_ reader: Reader, _ stream: StreamPosition, _ context: inout Context) -> PDUEnd {
        guard let byteCount = reader.peek16(0) else { return .needsMore(Self.lengthByteCount - reader.capturedRemaining) }
        return .at(Self.lengthByteCount + Int(byteCount))
    }

    // MARK: Packets

    public func dissect(_ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        context.columns.setProtocol("OpenVPN")
        context.columns.clearInfo()
        context.begin(node, reader)
        if context.packet.ipProtocol == Self.tcp { try context.uint16(length, &reader) }
        let header = try addType(&reader, &context)
        switch header.opcode {
        case OpenVPNOpcode.data: try control.addData(reader, &context)
        case OpenVPNOpcode.peerData:
            try context.uint24(peer, &reader)
            try control.addData(reader, &context)
        default: return try control.dissect(header, &reader, &context)
        }
        context.close()
    }

    private func addType(_ reader: inout Reader, _ context: inout Context) throws(DissectionError) -> Header {
        let start = reader
        let header = try Header(parsing: &reader)
        let word = UInt64(start.bytes[start.offset])
        context.appendLabel(context.add(type, start, start.offset, Header.byteCount, value: word)) { $0.append(" [opcode/key_id]") }
        context.open()
        context.bits(opcode, start, start.offset, Header.byteCount, word: word)
        context.bits(key, start, start.offset, Header.byteCount, word: word)
        context.close()
        if context.columns.accepts {
            context.columns.info.append("MessageType: ")
            context.columns.info.append(OpenVPNOpcode.names.name(of: UInt64(header.opcode)) ?? "Unknown Messagetype")
        }
        return header
    }
}

enum OpenVPNOpcode {
    static let control: UInt8 = 4
    static let acknowledgment: UInt8 = 5
    static let data: UInt8 = 6
    static let peerData: UInt8 = 9
    /// These two hold the client's own key, and are encrypted with it.
    static let wrappedReset: UInt8 = 10
    static let wrappedControl: UInt8 = 11

    static let names = ValueStrings([
        (1, "P_CONTROL_HARD_RESET_CLIENT_V1"), (2, "P_CONTROL_HARD_RESET_SERVER_V1"), (3, "P_CONTROL_SOFT_RESET_V1"), (4, "P_CONTROL_V1"),
        (5, "P_ACK_V1"), (6, "P_DATA_V1"), (7, "P_CONTROL_HARD_RESET_CLIENT_V2"), (8, "P_CONTROL_HARD_RESET_SERVER_V2"), (9, "P_DATA_V2"),
        (10, "P_CONTROL_HARD_RESET_CLIENT_V3"), (11, "P_CONTROL_WKC_V1"),
    ])
}
