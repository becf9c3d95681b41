import Dissection
import Wire

/// Internet Group Management Protocol: version 1 (RFC 1112, appendix I), version 2 (RFC 2236) and version 3 (RFC 3376).
///
///      0                   1                   2                   3
///      0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
///     +---------------+---------------+-------------------------------+
///     |     Type      | Max Resp Time |           Checksum            |
///     +---------------+---------------+-------------------------------+
///     |            Group Address; in version 3, by type               |
///     +---------------------------------------------------------------+
///
/// Not decoded: version 0 (RFC 988) and what else uses this number, such as traceroute, DVMRP and PIM version 1.
public struct IGMP: Dissector {
    /// The header as a value.
    public struct Header: Equatable, Sendable {
        public static let byteCount = 8
        public var type: UInt8
        /// In tenths of a second; 0 in version 1.
        public var maximumResponseTime: UInt8
        public var checksum: UInt16
        /// The group address, or what a report of version 3 has in its place.
        public var rest: UInt32

        public init(type: UInt8, maximumResponseTime: UInt8, checksum: UInt16, rest: UInt32) {
            self.type = type
            self.maximumResponseTime = maximumResponseTime
            self.checksum = checksum
            self.rest = rest
        }

        public init(parsing reader: inout Reader) throws(DissectionError) {
            type = try reader.uint8()
            maximumResponseTime = try reader.uint8()
            checksum = try reader.uint16()
            rest = try reader.uint32()
        }

        public func write(to bytes: inout [UInt8]) {
            bytes.append(type)
            bytes.append(maximumResponseTime)
            bytes.append(bigEndian: checksum)
            bytes.append(bigEndian: rest)
        }
    }

    fileprivate enum MessageType {
        static let query: UInt8 = 0x11
        static let reportV1: UInt8 = 0x12
        static let reportV2: UInt8 = 0x16
        static let leave: UInt8 = 0x17
        static let reportV3: UInt8 = 0x22
    }

    private let node, type, data: FieldID
    private let types: TableID

    public init(registering r: inout Registrar) {
        let proto = r.proto("igmp", "Internet Group Management Protocol", short: "IGMP")
        node = r.node(of: proto)
        type = r.field("igmp.type", "Type", .uint8, .hex, strings: Self.typeNames)
        data = r.field("igmp.data", "Data", .bytes)
        types = r.table("igmp.type", title: "IGMP type")
        r.add(r.dissector(self, proto), to: "ip.proto", 2)
        let messages = r.partDissector(IGMPMessages(proto, type: type, &r), proto)
        for type in [MessageType.query, MessageType.reportV1, MessageType.reportV2, MessageType.leave, MessageType.reportV3] {
            r.add(messages, to: "igmp.type", UInt32(type))
        }
    }

    public func dissect(_ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        context.columns.setProtocol("IGMP")
        context.columns.clearInfo()
        let number = try reader.peekUInt8()
        if context.dispatch(types, UInt32(number), reader) { return }
        if context.columns.accepts {
            context.columns.info.append(Self.typeNames.name(of: UInt64(number)) ?? "Unknown")
            context.columns.info.append(" Type:0x")
            context.columns.info.append(hex: UInt64(number), width: 2)
        }
        context.begin(node, reader)
        try context.uint8(type, &reader)
        try reader.require(1)
        context.add(data, reader, reader.offset, reader.capturedRemaining)
        context.close()
    }

    fileprivate static let typeNames = ValueStrings([
        (0x01, "Create Group Request"), (0x02, "Create Group Reply"), (0x03, "Join Group Request"), (0x04, "Join Group Reply"),
        (0x05, "Leave Group Request"), (0x06, "Leave Group Reply"), (0x07, "Confirm Group Request"), (0x08, "Confirm Group Reply"),
        (0x11, "Membership Query"), (0x12, "Membership Report"), (0x13, "DVMRP Protocol"), (0x14, "PIM Routing Message"),
        (0x16, "Membership Report"), (0x17, "Leave Group"), (0x1e, "Traceroute Response"), (0x1f, "Traceroute Query or Request"),
        (0x22, "Membership Report"),
    ])
}

/// Queries, reports and leaving. A layer of its own, as everything that `igmp.type` names.
private struct IGMPMessages: Dissector {
    private typealias MessageType = IGMP.MessageType

    private let proto: ProtocolID
    private let node, version, type, reserved, maximumResponseTime, exponent, mantissa, group: FieldID
    private let suppresses, robustness, queryInterval, sourceCount, source: FieldID
    private let recordCount, recordType, auxiliaryLength, auxiliaryData: FieldID
    private let checksum: VerifiedChecksum

    init(_ proto: ProtocolID, type: FieldID, _ r: inout Registrar) {
        self.proto = proto
        self.type = type
        node = r.node(of: proto)
        version = r.field("igmp.version", "IGMP Version", .uint8, .decimal)
        reserved = r.field("igmp.reserved", "Reserved", .bytes)
        maximumResponseTime = r.field("igmp.max_resp", "Max Resp Time", .uint8, .decimal)
        exponent = r.field("igmp.max_resp.exp", "Exponent", .uint8, .hex, mask: 0x70)
        mantissa = r.field("igmp.max_resp.mant", "Mantissa", .uint8, .hex, mask: 0x0f)
        checksum = VerifiedChecksum("igmp.checksum", bad: "igmp.bad_checksum", severity: .error, &r)
        group = r.field("igmp.maddr", "Multicast Address", .ipv4)
        suppresses = r.flag(
            "igmp.s", "S", wordBits: 8, mask: 0x08, "SUPPRESS router side processing", "Do not suppress router side processing")
        robustness = r.field("igmp.qrv", "QRV", .uint8, .decimal, mask: 0x07)
        queryInterval = r.field("igmp.qqic", "QQIC", .uint8, .decimal)
        sourceCount = r.field("igmp.num_src", "Num Src", .uint16, .decimal)
        source = r.field("igmp.saddr", "Source Address", .ipv4)
        recordCount = r.field("igmp.num_grp_recs", "Num Group Records", .uint16, .decimal)
        recordType = r.field("igmp.record_type", "Record Type", .uint8, .decimal, strings: RecordType.names)
        auxiliaryLength = r.field("igmp.aux_data_len", "Aux Data Len", .uint8, .decimal)
        auxiliaryData = r.field("igmp.aux_data", "Aux Data", .bytes)
    }

    func dissect(_ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        let layer = reader
        let number = try reader.peekUInt8()
        let version = Self.version(number, layer)
        describe(number, version, &context)
        context.begin(node, layer)
        context.generated(self.version, layer, layer.start, value: UInt64(version))
        try context.uint8(type, &reader)
        try addResponseTime(number, version, &reader, &context)
        addChecksum(try reader.uint16(), layer, &context)
        if number == MessageType.reportV3 {
            try addRecords(&reader, &context)
        } else {
            let address = try context.uint32(group, &reader)
            describeGroup(address, number, version, &context)
            if version == 3 { try addQuery(&reader, &context) }
        }
        context.close()
    }

    /// A query's version shows in its length and its response time alone (RFC 3376, section 7.1).
    private static func version(_ type: UInt8, _ layer: Reader) -> Int {
        switch type {
        case MessageType.reportV1: 1
        case MessageType.reportV2, MessageType.leave: 2
        case MessageType.reportV3: 3
        default: layer.remaining >= 12 ? 3 : layer.peek(1) == 0 ? 1 : 2
        }
    }

    // MARK: The first word

    private func addResponseTime(_ number: UInt8, _ version: Int, _ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        let code = try reader.uint8()
        let offset = reader.offset - 1
        guard version != 1, number != MessageType.reportV3 else {
            context.add(reserved, reader, offset, 1)
            return
        }
        // From 128 on it is a floating number in version 3 (RFC 3376, section 4.1.1).
        let isFloating = version == 3 && code >= 128
        let tenths = isFloating ? UInt64(code & 0x0f | 0x10) << UInt64((code >> 4 & 7) + 3) : UInt64(code)
        context.valueLabel(context.add(maximumResponseTime, reader, offset, 1, value: tenths)) {
            $0.append(decimal: tenths / 10)
            $0.append(".")
            $0.append(decimal: tenths % 10)
            $0.append(" sec (0x")
            $0.append(hex: UInt64(code), width: 2)
            $0.append(")")
        }
        guard isFloating else { return }
        context.open()
        context.bits(exponent, reader, offset, 1, word: UInt64(code))
        context.bits(mantissa, reader, offset, 1, word: UInt64(code))
        context.close()
    }

    /// The sum is over all that the datagram carries (RFC 2236, section 2.3; RFC 3376, section 4.1.2).
    private func addChecksum(_ stored: UInt16, _ layer: Reader, _ context: inout Context) {
        guard context.wantsFields(of: proto) else { return }
        let offset = layer.start + 2
        guard !layer.isFragment, layer.capturedEnd == layer.reportedEnd else {
            return checksum.addUnverified(stored, "", layer, offset, &context)
        }
        var sum = InternetChecksum()
        sum.add(layer.capturedBytes)
        checksum.add(stored, sum, layer, offset, &context)
    }

    // MARK: Version 3

    private func addQuery(_ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        let flags = UInt64(try reader.uint8())
        context.bits(suppresses, reader, reader.offset - 1, 1, word: flags)
        context.bits(robustness, reader, reader.offset - 1, 1, word: flags)
        try context.uint8(queryInterval, &reader)
        let count = Int(try context.uint16(sourceCount, &reader))
        if count > 0 { context.columns.appendInfo(count > 1 ? ", sources {" : ", source {") }
        try addSources(count, &reader, &context)
    }

    /// As many addresses as the packet says, each of four of its bytes; the brace that encloses them in the Info column is closed.
    private func addSources(_ count: Int, _ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        guard count > 0 else { return }
        for index in 0..<count {
            if index > 0 { context.columns.appendInfo(", ") }
            let address = try context.uint32(source, &reader)
            if context.columns.accepts { context.columns.info.append(ipv4: address) }
        }
        context.columns.appendInfo("}")
    }

    private func addRecords(_ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        try context.addBytes(reserved, 2, &reader)
        let count = try context.uint16(recordCount, &reader)
        if count == 0 { context.columns.appendInfo(" - General query") }
        for _ in 0..<count { try addRecord(&reader, &context) }
    }

    private func addRecord(_ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        let start = reader.offset
        let heading = context.heading(reader, start, reader.capturedRemaining) { $0.append("Group Record : ") }
        context.open()
        let type = try context.uint8(recordType, &reader)
        let auxiliaryByteCount = 4 * Int(try context.uint8(auxiliaryLength, &reader))
        let count = Int(try context.uint16(sourceCount, &reader))
        let address = try context.uint32(group, &reader)
        context.appendLabel(heading) {
            $0.append(ipv4: address)
            $0.append("  ")
            if let name = RecordType.names.name(of: UInt64(type)) { $0.append(name) }
        }
        describeRecord(type, address, sourceCount: count, &context)
        try addSources(count, &reader, &context)
        if auxiliaryByteCount > 0 {
            try context.addBytes(auxiliaryData, auxiliaryByteCount, &reader)
        }
        context.close()
        context.extend(heading, to: reader.offset)
    }

    // MARK: Columns

    private func describe(_ number: UInt8, _ version: Int, _ context: inout Context) {
        context.columns.setProtocol(version == 1 ? "IGMPv1" : version == 2 ? "IGMPv2" : "IGMPv3")
        context.columns.setInfo(IGMP.typeNames.name(of: UInt64(number)) ?? "")
    }

    private func describeGroup(_ address: UInt32, _ number: UInt8, _ version: Int, _ context: inout Context) {
        guard version > 1, context.columns.accepts else { return }
        switch number {
        case MessageType.query where address == 0: return context.columns.info.append(", general")
        case MessageType.query: context.columns.info.append(", specific for group ")
        case MessageType.leave: context.columns.info.append(" ")
        default: context.columns.info.append(" group ")
        }
        context.columns.info.append(ipv4: address)
    }

    /// What a record says of a group, up to its sources (RFC 3376, section 4.2.12).
    private func describeRecord(_ type: UInt8, _ address: UInt32, sourceCount count: Int, _ context: inout Context) {
        guard context.columns.accepts else { return }
        func say(_ before: StaticString, _ after: StaticString) {
            context.columns.info.append(before)
            context.columns.info.append(ipv4: address)
            context.columns.info.append(after)
        }
        switch type {
        case RecordType.isInclude, RecordType.toInclude:
            if count == 0 { say(" / Leave group ", "") } else { say(" / Join group ", count > 1 ? " for sources in {" : " for source {") }
        case RecordType.isExclude, RecordType.toExclude:
            if count == 0 { say(" / Join group ", " for any sources") } else {
                say(" / Join group ", count > 1 ? ", for sources not in {" : ", for source not {")
            }
        case RecordType.allowsNew:
            say(" / Group ", count == 0 ? ", ALLOW_NEW_SOURCES but no source specified (?)" : count > 1 ? ", new sources {" : ", new source {")
        case RecordType.blocksOld:
            say(" / Group ", count == 0 ? ", BLOCK_OLD_SOURCES but no source specified (?)" : count > 1 ? ", block sources {" : ", block source {")
        default: say(" / Group ", count == 0 ? ", unknown record type (?)" : ", unknown record type (?), sources {")
        }
    }
}

/// Types of group records (RFC 3376, section 4.2.12).
private enum RecordType {
    static let isInclude: UInt8 = 1
    static let isExclude: UInt8 = 2
    static let toInclude: UInt8 = 3
    static let toExclude: UInt8 = 4
    static let allowsNew: UInt8 = 5
    static let blocksOld: UInt8 = 6

    static let names = ValueStrings([
        (1, "Mode Is Include"), (2, "Mode Is Exclude"), (3, "Change To Include Mode"), (4, "Change To Exclude Mode"),
        (5, "Allow New Sources"), (6, "Block Old Sources"),
    ])
}
