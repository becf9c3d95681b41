import Dissection
import Wire

/// Multiprotocol Label Switching (RFC 3032): a stack of labels before a packet.
///
///      0                   1                   2                   3
///      0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
///     +---------------------------------------+-----+-+---------------+
///     |                 Label                 | Exp |S|      TTL      |
///     +---------------------------------------+-----+-+---------------+
///
/// Nothing says what follows the last label: IPv4 and IPv6 are known by their version. Not decoded: pseudowires, the associated
/// channel and what runs over it.
public struct MPLS: Dissector {
    /// An entry of the stack, as a value.
    public struct Header: Equatable, Sendable {
        public static let byteCount = 4
        public var label: UInt32
        public var experimental: UInt8
        public var isLast: Bool
        public var timeToLive: UInt8

        public init(parsing reader: inout Reader) throws(DissectionError) {
            let word = try reader.uint32()
            label = word >> 12
            experimental = UInt8(word >> 9 & 7)
            isLast = word & 0x100 != 0
            timeToLive = UInt8(word & 0xff)
        }

        public func write(to bytes: inout [UInt8]) {
            let word = label << 12 | UInt32(experimental & 7) << 9 | (isLast ? 0x100 : 0) | UInt32(timeToLive)
            bytes.append(bigEndian: UInt16(truncatingIfNeeded: word >> 16))
            bytes.append(bigEndian: UInt16(truncatingIfNeeded: word))
        }
    }

    /// Labels below this have a meaning of their own (RFC 7274, section 2).
    private static let reservedCount = 16
    /// Entries of a stack, at most: more than tunnels are put into each other.
    private static let stackLimit = 64

    private let node, label, experimental, bottom, timeToLive: FieldID
    private let types: TableID
    private let data: DissectorID?

    public init(registering r: inout Registrar) {
        let proto = r.proto("mpls", "MultiProtocol Label Switching Header", short: "MPLS")
        node = r.node(of: proto)
        label = r.field("mpls.label", "MPLS Label", .uint32, .decimal, strings: Self.names, mask: 0xffff_f000) { value, text in
            if value < Self.reservedCount {
                text.append(Self.names.name(of: value) ?? "Unknown")
                text.append(" (")
                text.append(decimal: value)
            } else {
                text.append(decimal: value)
                text.append(" (0x")
                text.append(hex: value, width: 5)
            }
            text.append(")")
        }
        experimental = r.field("mpls.exp", "MPLS Experimental Bits", .uint32, .decimal, mask: 0x0e00)
        bottom = r.field("mpls.bottom", "MPLS Bottom Of Label Stack", .uint32, .decimal, mask: 0x0100)
        timeToLive = r.field("mpls.ttl", "MPLS TTL", .uint32, .decimal, mask: 0x00ff)
        types = r.table("ethertype")
        data = r.dissector(named: "data")
        let id = r.dissector(self, proto)
        r.add(id, to: "ethertype", 0x8847, 0x8848)
        r.add(id, to: "gre.proto", 0x8847, 0x8848)
        r.add(id, to: "ppp.protocol", 0x0281, 0x0283)
        r.add(id, to: "ip.proto", 137)
        r.add(id, to: "udp.port", 6635)
    }

    private static let names = ValueStrings([
        (0, "IPv4 Explicit-Null"), (1, "Router Alert"), (2, "IPv6 Explicit-Null"), (3, "Implicit-Null"), (7, "Entropy Label Indicator (ELI)"),
        (13, "Generic Associated Channel Label (GAL)"), (14, "OAM Alert"),
    ])

    public func dissect(_ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        context.columns.setProtocol("MPLS")
        context.columns.setInfo("MPLS Label Switched Packet")
        context.noteNetworkEnd(of: reader)
        for _ in 0..<Self.stackLimit {
            let entry = reader
            let header = try Header(parsing: &reader)
            addEntry(header, entry, &context)
            if header.isLast { break }
        }
        let rest = reader.rest
        try rest.require(1)
        if let type = rest.ipEtherType, context.dispatch(types, type, rest) { return }
        if let data { context.run(data, rest) }
    }

    private func addEntry(_ header: Header, _ reader: Reader, _ context: inout Context) {
        let word = UInt64(reader.bytes.uint32(reader.offset))
        let top = context.begin(node, reader, byteCount: Header.byteCount)
        context.appendLabel(top) {
            $0.append(", Label: ")
            $0.append(decimal: header.label)
            if header.label < Self.reservedCount {
                $0.append(" (")
                $0.append(Self.names.name(of: UInt64(header.label)) ?? "Reserved - Unknown")
                $0.append(")")
            }
            $0.append(", Exp: ")
            $0.append(decimal: header.experimental)
            $0.append(header.isLast ? ", S: 1, TTL: " : ", S: 0, TTL: ")
            $0.append(decimal: header.timeToLive)
        }
        for field in [label, experimental, bottom, timeToLive] { context.bits(field, reader, reader.offset, 4, word: word) }
        context.close()
    }
}

extension Reader {
    /// The EtherType of what begins with IP's version (RFC 4928, section 2).
    var ipEtherType: UInt32? {
        switch peek(offset - start).map({ $0 >> 4 }) {
        case 4: EtherType.ipv4
        case 6: EtherType.ipv6
        default: nil
        }
    }
}
