import Dissection
import Wire

/// Generic Routing Encapsulation (RFC 2784, with RFC 2890's key and number; RFC 1701's routing; RFC 2637, section 4.1, for PPTP).
///
///      0                   1                   2                   3
///      0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
///     +-+-+-+-+-+-----+-+-------+-----+-------------------------------+
///     |C|R|K|S|s|Recur|A| Flags | Ver |         Protocol Type         |
///     +-+-+-+-+-+-----+-+-------+-----+-------------------------------+
///     |     Checksum (C or R)         |       Offset (C or R)         |
///     +-------------------------------+-------------------------------+
///     |            Key (K); payload length and call of PPTP           |
///     +---------------------------------------------------------------+
///     |                      Sequence Number (S)                      |
///     +---------------------------------------------------------------+
///     |                 Acknowledgment Number (A, PPTP)               |
///     +---------------------------------------------------------------+
///     |                      Routing (R, variable)                    |
///     +---------------------------------------------------------------+
///
/// Not decoded: the attributes of 3GPP2, and WCCP's redirect header.
public struct GRE: Dissector {
    /// The part that every header has, as a value.
    public struct Header: Equatable, Sendable {
        public static let byteCount = 4
        public var flags: Flags
        public var protocolType: UInt16

        public init(flags: Flags, protocolType: UInt16) {
            self.flags = flags
            self.protocolType = protocolType
        }

        public init(parsing reader: inout Reader) throws(DissectionError) {
            flags = Flags(rawValue: try reader.uint16())
            protocolType = try reader.uint16()
        }

        public func write(to bytes: inout [UInt8]) {
            bytes.append(bigEndian: flags.rawValue)
            bytes.append(bigEndian: protocolType)
        }

        /// Whether it is PPTP's form.
        var isEnhanced: Bool { flags.version == 1 && protocolType == GRE.ppp }
    }

    /// Flags and version.
    public struct Flags: OptionSet, Sendable {
        public let rawValue: UInt16
        public init(rawValue: UInt16) { self.rawValue = rawValue }
        public static let checksum = Flags(rawValue: 0x8000)
        public static let routing = Flags(rawValue: 0x4000)
        public static let key = Flags(rawValue: 0x2000)
        public static let sequenceNumber = Flags(rawValue: 0x1000)
        /// In PPTP's form alone.
        public static let acknowledgment = Flags(rawValue: 0x0080)
        public var version: UInt16 { rawValue & 7 }
    }

    static let ppp: UInt16 = 0x880b
    /// Entries of a route, at most: more than a packet crosses routers.
    private static let routeLimit = 256

    private let node, flagWord, reserved, reservedBesideAck, acknowledges, version, type: FieldID
    private let flagFields: [FieldID]
    private let checksum: VerifiedChecksum
    private let offset, key, payloadLength, call, sequence, acknowledgment: FieldID
    private let routing, family, entryOffset, entryLength, information: FieldID
    private let types, unnumbered: TableID
    private let data: DissectorID?

    public init(registering r: inout Registrar) {
        let proto = r.proto("gre", "Generic Routing Encapsulation", short: "GRE")
        node = r.node(of: proto)
        flagWord = r.field("gre.flags_and_version", "Flags and Version", .uint16, .hex)
        func flag(_ name: String, _ title: String, _ mask: UInt64, _ r: inout Registrar) -> FieldID {
            r.flag("gre.flags." + name, title, wordBits: 16, mask: mask, "Yes", "No")
        }
        flagFields = [
            flag("checksum", "Checksum Bit", 0x8000, &r), flag("routing", "Routing Bit", 0x4000, &r), flag("key", "Key Bit", 0x2000, &r),
            flag("sequence_number", "Sequence Number Bit", 0x1000, &r), flag("strict_source_route", "Strict Source Route Bit", 0x0800, &r),
            r.field("gre.flags.recursion_control", "Recursion control", .uint16, .decimal, mask: 0x0700),
        ]
        acknowledges = flag("ack", "Acknowledgment", 0x0080, &r)
        reserved = r.field("gre.flags.reserved", "Flags (Reserved)", .uint16, .decimal, mask: 0x00f8)
        reservedBesideAck = r.field("gre.flags.reserved", "Flags (Reserved)", .uint16, .decimal, mask: 0x0078)
        version = r.field(
            "gre.flags.version", "Version", .uint16, .decimal, strings: ValueStrings([(0, "GRE"), (1, "Enhanced GRE")]), mask: 0x0007)
        type = r.field("gre.proto", "Protocol Type", .uint16, .hex, strings: GREProtocols.strings)
        checksum = VerifiedChecksum("gre.checksum", bad: "gre.checksum.incorrect", group: .proto, badText: "Incorrect GRE Checksum", &r)
        offset = r.field("gre.offset", "Offset", .uint16, .decimal)
        key = r.field("gre.key", "Key", .uint32, .hex)
        payloadLength = r.field("gre.key.payload_length", "Payload Length", .uint16, .decimal)
        call = r.field("gre.key.call_id", "Call ID", .uint16, .decimal)
        sequence = r.field("gre.sequence_number", "Sequence Number", .uint32, .decimal)
        acknowledgment = r.field("gre.ack_number", "Acknowledgment Number", .uint32, .decimal)
        routing = r.field("gre.routing", "Routing", .none)
        family = r.field("gre.routing.address_family", "Address Family", .uint16, .decimal)
        entryOffset = r.field("gre.routing.sre_offset", "SRE Offset", .uint8, .decimal)
        entryLength = r.field("gre.routing.src_length", "SRE Length", .uint8, .decimal)
        information = r.field("gre.routing.information", "Routing Information", .bytes)
        types = r.table("gre.proto", title: "GRE protocol type", .uint16, .hex)
        unnumbered = r.table("gre.unnumbered", title: "GRE protocol type without a sequence number", .uint16, .hex)
        data = r.dissector(named: "data")
        let dissector = r.dissector(self, proto)
        r.add(dissector, to: "ip.proto", 47)
        r.offer(dissector, in: "udp.port")
    }

    public func dissect(_ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        let layer = reader
        let top = context.begin(node, layer, byteCount: layer.capturedRemaining)
        let header = try addHeader(&reader, &context)
        let name = GREProtocols.strings.name(of: UInt64(header.protocolType))
        describe(header, name, &context)
        context.appendLabel(top) {
            $0.append(" (")
            if let name { $0.append(name) } else {
                $0.append("0x")
                $0.append(hex: UInt64(header.protocolType), width: 4)
                $0.append(" - unknown")
            }
            $0.append(")")
        }
        try addOptions(header, layer, &reader, &context)
        context.setByteCount(top, reader.offset - layer.start)
        let rest = reader.rest
        let isKnown = context.lookUp(types, UInt32(header.protocolType)) != nil
        // What nobody decodes is shown as a part of the header.
        if !isKnown, rest.remaining > 0, let data { context.nested { $0.run(data, rest) } }
        context.close()
        // PPTP numbers what carries something.
        if !isKnown || header.isEnhanced && !header.flags.contains(.sequenceNumber) { return }
        if !header.flags.contains(.sequenceNumber), context.dispatch(unnumbered, UInt32(header.protocolType), rest) { return }
        context.dispatch(types, UInt32(header.protocolType), rest)
    }

    private func describe(_ header: Header, _ name: StaticString?, _ context: inout Context) {
        context.columns.setProtocol("GRE")
        guard context.columns.accepts else { return }
        context.columns.setInfo("Encapsulated ")
        if let name { return context.columns.info.append(name) }
        context.columns.info.append("0x")
        context.columns.info.append(hex: UInt64(header.protocolType), width: 4)
        context.columns.info.append(" (unknown)")
    }

    private func addHeader(_ reader: inout Reader, _ context: inout Context) throws(DissectionError) -> Header {
        let start = reader
        let flags = Flags(rawValue: try reader.uint16())
        let header = Header(flags: flags, protocolType: reader.has(2) ? reader.bytes.uint16(reader.offset) : 0)
        addFlags(header, start, &context)
        try context.uint16(type, &reader)
        return header
    }

    private func addFlags(_ header: Header, _ layer: Reader, _ context: inout Context) {
        let word = UInt64(header.flags.rawValue)
        context.add(flagWord, layer, layer.start, 2, value: word)
        context.open()
        for field in flagFields { context.bits(field, layer, layer.start, 2, word: word) }
        if header.isEnhanced { context.bits(acknowledges, layer, layer.start, 2, word: word) }
        context.bits(header.isEnhanced ? reservedBesideAck : reserved, layer, layer.start, 2, word: word)
        context.bits(version, layer, layer.start, 2, word: word)
        context.close()
    }

    /// Adds what the flags say is there.
    private func addOptions(_ header: Header, _ layer: Reader, _ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        if !header.flags.isDisjoint(with: [.checksum, .routing]) {
            addChecksum(try reader.uint16(), isThere: header.flags.contains(.checksum), layer, &context)
            try context.uint16(offset, &reader)
        }
        if header.flags.contains(.key) {
            if header.isEnhanced {
                try context.uint16(payloadLength, &reader)
                try context.uint16(call, &reader)
            } else {
                try context.uint32(key, &reader)
            }
        }
        if header.flags.contains(.sequenceNumber) { try context.uint32(sequence, &reader) }
        if header.isEnhanced, header.flags.contains(.acknowledgment) { try context.uint32(acknowledgment, &reader) }
        if header.flags.contains(.routing) { try addRoute(&reader, &context) }
    }

    /// The checksum is over header and payload (RFC 2784, section 2.5).
    private func addChecksum(_ stored: UInt16, isThere: Bool, _ layer: Reader, _ context: inout Context) {
        let place = layer.start + Header.byteCount
        guard isThere, layer.capturedEnd == layer.reportedEnd else { return checksum.addUnverified(stored, "", layer, place, &context) }
        var sum = InternetChecksum()
        sum.add(layer.capturedBytes)
        checksum.add(stored, sum, layer, place, &context)
    }

    /// Entries until one without an address (RFC 1701).
    private func addRoute(_ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        for _ in 0..<Self.routeLimit {
            try reader.require(4)
            let byteCount = Int(reader.bytes[reader.offset + 3])
            context.add(routing, reader, reader.offset, min(4 + byteCount, reader.capturedRemaining))
            try context.uint16(family, &reader)
            try context.uint8(entryOffset, &reader)
            try context.uint8(entryLength, &reader)
            if byteCount == 0 { return }
            try context.addBytes(information, byteCount, &reader)
        }
    }
}

/// Names of what GRE (RFC 2784) carries.
enum GREProtocols {
    static let strings = ValueStrings([
        (0x0000, "Possible GRE keepalive packet"), (0x00fe, "OSI"), (0x0800, "IP"), (0x0806, "ARP"), (0x2000, "CDP (Cisco)"),
        (0x2001, "NHRP"), (0x22eb, "ERSPAN III"), (0x6400, "MIKROTIK EoIP"), (0x6558, "Transparent Ethernet bridging"),
        (0x6559, "Frame Relay"), (0x8137, "IPX"), (0x86dd, "IPv6"), (0x880b, "PPP"), (0x883e, "WCCP"),
        (0x8847, "MPLS label switched packet"), (0x8881, "CDMA2000 A10 Unstructured byte stream"), (0x88be, "ERSPAN"),
        (0x88d2, "CDMA2000 A10 3GPP2 Packet"), (0x8909, "CiscoMetaData"), (0x894f, "Network Service Header"),
        (0xb7ea, "Huawei GRE bonding"), (0xfeae, "AIROHIVE AP AP"), (0x9000, "ARUBA WLAN"),
    ] + (0x820...0x837).map { ($0 << 4, "ARUBA WLAN") })
}
