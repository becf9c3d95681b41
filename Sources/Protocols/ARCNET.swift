import Dissection
import Wire

/// ARCNET (ANSI/ATA 878.1) as captures have it: addresses, two bytes of padding, and the protocol, which says how it goes on
/// (RFC 1051, RFC 1201).
///
///     +------------+-----------------+------------+--------------+----------------+--------------+
///     | source (1) | destination (1) | offset (2) | protocol (1) | split flag (1) | sequence (2) |
///     +------------+-----------------+------------+--------------+----------------+--------------+
///
/// Split flag and sequence number belong to the newer form. Not decoded: packets in several fragments, and the diagnostic protocol.
public struct ARCNET: Dissector {
    /// The part that every frame has, as a value.
    public struct Header: Equatable, Sendable {
        public static let byteCount = 5
        public var source: UInt8
        public var destination: UInt8
        public var offset: UInt16
        public var protocolNumber: UInt8

        public init(parsing reader: inout Reader) throws(DissectionError) {
            source = try reader.uint8()
            destination = try reader.uint8()
            offset = try reader.uint16()
            protocolNumber = try reader.uint8()
        }

        public func write(to bytes: inout [UInt8]) {
            bytes += [source, destination]
            bytes.append(bigEndian: offset)
            bytes.append(protocolNumber)
        }
    }

    private enum ProtocolNumber {
        static let diagnostic: UInt8 = 0x80
        static let oldIP: UInt8 = 0xf0
        static let oldARP: UInt8 = 0xf1
        static let ip: UInt8 = 0xd4
        static let arp: UInt8 = 0xd5
    }
    /// Wireshark's number for captures whose frames have two bytes of padding.
    private static let encapsulation: UInt32 = 9

    private let node, source, destination, offset, protocolNumber, splitFlag, sequence: FieldID
    private let types: TableID
    private let data: DissectorID?

    public init(registering r: inout Registrar) {
        let proto = r.proto("arcnet", "ARCNET", short: "ARCNET")
        node = r.node(of: proto)
        source = r.field("arcnet.src", "Source", .uint8, .hex)
        destination = r.field("arcnet.dst", "Dest", .uint8, .hex)
        offset = r.field("arcnet.offset", "Offset", .bytes)
        protocolNumber = r.field("arcnet.protID", "Protocol ID", .uint8, .hex, strings: Self.protocols)
        splitFlag = r.field("arcnet.split_flag", "Split Flag", .uint8, .decimal)
        sequence = r.field("arcnet.sequence", "Sequence", .uint16, .decimal)
        types = r.table("ethertype")
        data = r.dissector(named: "data")
        r.add(r.dissector(self, proto), to: "wtap_encap", Self.encapsulation)
    }

    private static let protocols = ValueStrings([
        (0x80, "Diagnose"), (0xc3, "IPv6"), (0xcd, "Ethernet"), (0xd4, "RFC 1201 IP"), (0xd5, "RFC 1201 ARP"), (0xd6, "RFC 1201 RARP"),
        (0xdd, "AppleTalk"), (0xdf, "Banyan VINES"), (0xf0, "RFC 1051 IP"), (0xf1, "RFC 1051 ARP"), (0xfa, "Novell IPX"),
    ])

    public func dissect(_ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        let layer = reader
        context.columns.setProtocol("ARCNET")
        context.columns.clearInfo()
        if context.columns.accepts { context.columns.info.append("ARCNET") }
        let top = context.begin(node, layer, byteCount: layer.capturedRemaining)
        let sender = try context.uint8(source, &reader)
        let receiver = try context.uint8(destination, &reader)
        context.setLinkAddresses(source: .octet(sender), destination: .octet(receiver))
        try context.addBytes(offset, 2, &reader)
        let number = try context.uint8(protocolNumber, &reader)
        let type = Self.etherType(number)
        // The older form has nothing more, and what is tested has no sequence.
        if number != ProtocolNumber.oldIP, number != ProtocolNumber.oldARP, number != ProtocolNumber.diagnostic {
            try context.uint8(splitFlag, &reader)
            try context.uint16(sequence, &reader)
        }
        context.setByteCount(top, reader.offset - layer.start)
        context.close()
        let rest = reader.rest
        if let type, context.dispatch(types, type, rest) { return }
        if context.columns.accepts {
            context.columns.proto.truncate()
            context.columns.proto.append("0x")
            context.columns.proto.append(hex: UInt64(number), width: 4)
        }
        if let data, rest.remaining > 0 { context.run(data, rest) }
    }

    private static func etherType(_ number: UInt8) -> UInt32? {
        switch number {
        case ProtocolNumber.ip, ProtocolNumber.oldIP: EtherType.ipv4
        case ProtocolNumber.arp, ProtocolNumber.oldARP: EtherType.arp
        default: nil
        }
    }
}
