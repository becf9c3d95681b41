import Dissection
import Registries
import Wire

/// Packets that Linux's packet filter logged: LINKTYPE_NFLOG, as linux/netfilter/nfnetlink_log.h names what they hold.
///
///     family (1) | version (1) | resource (2) | values: byte count with both numbers (2), type (2), value, padding to four bytes
///
/// Byte count and type of a value have the byte order of the machine that captured.
public struct NFLOG: Dissector {
    /// The fixed part as a value.
    public struct Header: Equatable, Sendable {
        public static let byteCount = 4
        public var family: UInt8
        public var version: UInt8
        public var resource: UInt16

        public init(parsing reader: inout Reader) throws(DissectionError) {
            family = try reader.uint8()
            version = try reader.uint8()
            resource = try reader.uint16()
        }

        public func write(to bytes: inout [UInt8]) {
            bytes += [family, version]
            bytes.append(bigEndian: resource)
        }
    }

    private enum ValueType {
        static let packetHeader: UInt16 = 1
        static let timestamp: UInt16 = 3
        static let inputDevice: UInt16 = 4
        static let outputDevice: UInt16 = 5
        static let payload: UInt16 = 9
        static let prefix: UInt16 = 10
        static let user: UInt16 = 11
        static let group: UInt16 = 14
    }

    /// Values of Linux's address families.
    private static let etherTypes: [UInt8: UInt32] = [2: EtherType.ipv4, 10: EtherType.ipv6]

    private let node, family, version, resource, entry, entryLength, entryType, value: FieldID
    private let protocolType, hook, inputDevice, outputDevice, prefix, user, group, timestamp: FieldID
    private let types: TableID
    private let data: DissectorID?

    public init(registering r: inout Registrar) {
        let proto = r.proto("nflog", "Linux Netfilter NFLOG", short: "NFLOG")
        node = r.node(of: proto)
        family = r.field("nflog.family", "Family", .uint8, .decimal, strings: ValueStrings([
            (0, "Unspecified"), (1, "UNIX"), (2, "IPv4"), (3, "AX.25"), (4, "IPX"), (5, "AppleTalk"), (7, "Bridge"), (10, "IPv6"), (12, "DECnet"),
        ]))
        version = r.field("nflog.version", "Version", .uint8, .decimal)
        resource = r.field("nflog.res_id", "Resource id", .uint16, .decimal)
        entry = r.field("nflog.tlv", "TLV", .bytes)
        entryLength = r.field("nflog.tlv_length", "Length", .uint16, .decimal)
        entryType = r.field("nflog.tlv_type", "Type", .uint16, .decimal, strings: Self.names, mask: 0x7fff)
        value = r.field("nflog.tlv_value", "Value", .bytes)
        protocolType = r.field("nflog.protocol", "HW protocol", .uint16, .hex, strings: EtherTypes.strings)
        hook = r.field("nflog.hook", "Netfilter hook", .uint8, .decimal, strings: ValueStrings([
            (0, "Prerouting"), (1, "Local in"), (2, "Forward"), (3, "Local out"), (4, "Postrouting"),
        ]))
        inputDevice = r.field("nflog.ifindex_indev", "IFINDEX_INDEV", .uint32, .decimal)
        outputDevice = r.field("nflog.ifindex_outdev", "IFINDEX_OUTDEV", .uint32, .decimal)
        prefix = r.field("nflog.prefix", "Prefix", .stringZero)
        user = r.field("nflog.uid", "UID", .int32, .decimal)
        group = r.field("nflog.gid", "GID", .int32, .decimal)
        timestamp = r.field("nflog.timestamp", "Timestamp", .absoluteTime, .utc)
        types = r.table("ethertype")
        data = r.dissector(named: "data")
        r.add(r.dissector(self, proto), to: "wtap_encap", 141)
    }

    private static let names = ValueStrings([
        (1, "NFULA_PACKET_HDR"), (2, "NFULA_MARK"), (3, "NFULA_TIMESTAMP"), (4, "NFULA_IFINDEX_INDEV"), (5, "NFULA_IFINDEX_OUTDEV"),
        (6, "NFULA_IFINDEX_PHYSINDEV"), (7, "NFULA_IFINDEX_PHYSOUTDEV"), (8, "NFULA_HWADDR"), (9, "NFULA_PAYLOAD"), (10, "NFULA_PREFIX"),
        (11, "NFULA_UID"), (12, "NFULA_SEQ"), (13, "NFULA_SEQ_GLOBAL"), (14, "NFULA_GID"), (15, "NFULA_HWTYPE"), (16, "NFULA_HWHEADER"),
        (17, "NFULA_HWLEN"), (18, "NFULA_CT"), (19, "NFULA_CT_INFO"),
    ])

    public func dissect(_ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        let layer = reader
        context.columns.setProtocol("NFLOG")
        context.columns.clearInfo()
        context.begin(node, layer)
        let number = try context.uint8(family, &reader)
        try context.uint8(version, &reader)
        try context.uint16(resource, &reader)
        let isLittleEndian = Self.isLittleEndian(reader)
        var payload: Reader?
        // Each value takes four bytes at least.
        while reader.remaining > 0 {
            if let part = try addEntry(isLittleEndian, &reader, &context) { payload = part }
        }
        context.close()
        guard let payload, payload.remaining > 0 else { return }
        if let type = Self.etherTypes[number], context.dispatch(types, type, payload) { return }
        if let data { context.run(data, payload) }
    }

    /// The byte order in which the first value does not reach beyond the packet, if there is one.
    private static func isLittleEndian(_ reader: Reader) -> Bool {
        guard reader.has(2) else { return true }
        return reader.bytes.uint16LE(reader.offset) <= reader.remaining || reader.bytes.uint16(reader.offset) > reader.remaining
    }

    /// Adds a value with its padding. Returns the packet, where it is that.
    private func addEntry(_ isLittleEndian: Bool, _ reader: inout Reader, _ context: inout Context) throws(DissectionError) -> Reader? {
        try reader.require(4)
        let start = reader.offset
        func word(_ offset: Int) -> UInt16 { isLittleEndian ? reader.bytes.uint16LE(offset) : reader.bytes.uint16(offset) }
        let (byteCount, type) = (Int(word(start)), word(start + 2) & 0x7fff)
        let order: Item.Flags = isLittleEndian ? .littleEndian : []
        context.label(context.add(entry, reader, start, min(max(byteCount, 4), reader.capturedRemaining))) {
            $0.append("TLV Type: ")
            $0.append(Self.names.name(of: UInt64(type)) ?? "Unknown")
            $0.append(" (")
            $0.append(decimal: type)
            $0.append("), Length: ")
            $0.append(decimal: byteCount)
        }
        context.open()
        defer { context.close() }
        context.add(entryLength, reader, start, 2, value: UInt64(byteCount), flags: order)
        context.bits(entryType, reader, start + 2, 2, word: UInt64(word(start + 2)), flags: order)
        guard byteCount >= 4 else { throw reader.shortfall(4, at: reader.reportedEnd) }
        reader.offset += 4
        var content = reader.next(byteCount - 4)
        try reader.skip(byteCount - 4)
        reader.offset = min(reader.offset + (4 - byteCount % 4) % 4, reader.reportedEnd)
        if type == ValueType.payload { return content }
        try addValue(type, &content, &context)
        return nil
    }

    private func addValue(_ type: UInt16, _ content: inout Reader, _ context: inout Context) throws(DissectionError) {
        switch type {
        case ValueType.packetHeader:
            try context.uint16(protocolType, &content)
            try context.uint8(hook, &content)
        case ValueType.timestamp:
            let (seconds, microseconds) = (try content.uint64(), try content.uint64())
            let time = Timestamp(seconds: Int64(truncatingIfNeeded: seconds), nanoseconds: Int32(truncatingIfNeeded: microseconds % 1_000_000 * 1000))
            context.add(timestamp, content, content.start, 16, value: UInt64(bitPattern: time.totalNanoseconds))
        case ValueType.inputDevice: try context.uint32(inputDevice, &content)
        case ValueType.outputDevice: try context.uint32(outputDevice, &content)
        case ValueType.user: try context.uint32(user, &content)
        case ValueType.group: try context.uint32(group, &content)
        case ValueType.prefix: context.string(prefix, content, content.start, content.capturedRemaining)
        default: context.add(value, content, content.start, content.capturedRemaining)
        }
    }
}
