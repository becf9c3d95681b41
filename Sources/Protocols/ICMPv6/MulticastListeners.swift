import Dissection
import Wire

/// Multicast Listener Discovery (RFC 2710, section 3; version 2, RFC 3810, section 5) and multicast router discovery (RFC
/// 4286).
struct MulticastListeners: Sendable {
    /// A query of the first version is this long; longer ones are of the second (RFC 3810, section 8.1).
    private static let firstVersionByteCount = 24

    private let reserved, responseDelay, address, responseCode, queryInterval, sourceCount, source: FieldID
    private let recordCount, record, recordType, auxiliaryWords, recordSourceCount, recordAddress, recordSource, auxiliary: FieldID
    private let routerInterval, robustness: FieldID
    private let flags: FlagWord
    private static let recordTypes = ValueStrings([
        (1, "Include"), (2, "Exclude"), (3, "Changed to include"), (4, "Changed to exclude"), (5, "Allow new sources"),
        (6, "Block old sources"),
    ])

    init(reserved: FieldID, _ r: inout Registrar) {
        self.reserved = reserved
        responseDelay = r.field("icmpv6.mld.maximum_response_delay", "Maximum Response Delay [ms]", .uint16, .decimal)
        address = r.field("icmpv6.mld.multicast_address", "Multicast Address", .ipv6)
        responseCode = r.field("icmpv6.mld.maximum_response_code", "Maximum Response Code", .uint16, .decimal)
        flags = FlagWord("icmpv6.mld.flag", "Flags", .uint8, [
            .flag("s", "Suppress Router-Side Processing", 0x08, "True", "False"),
            .number("qrv", "QRV (Querier's Robustness Variable)", 0x07), .number("reserved", "Reserved", 0xf0),
        ], &r)
        queryInterval = r.field("icmpv6.mld.qqi", "QQIC (Querier's Query Interval Code)", .uint8, .decimal)
        sourceCount = r.field("icmpv6.mld.nb_sources", "Number of Sources", .uint16, .decimal)
        source = r.field("icmpv6.mld.source_address", "Source Address", .ipv6)
        recordCount = r.field("icmpv6.mldr.nb_mcast_records", "Number of Multicast Address Records", .uint16, .decimal)
        record = r.field("icmpv6.mldr.mar", "Multicast Address Record", .none)
        recordType = r.field("icmpv6.mldr.mar.record_type", "Record Type", .uint8, .decimal, strings: Self.recordTypes)
        auxiliaryWords = r.field("icmpv6.mldr.mar.aux_data_len", "Aux Data Len", .uint8, .decimal)
        recordSourceCount = r.field("icmpv6.mldr.mar.nb_sources", "Number of Sources", .uint16, .decimal)
        recordAddress = r.field("icmpv6.mldr.mar.multicast_address", "Multicast Address", .ipv6)
        recordSource = r.field("icmpv6.mldr.mar.source_address", "Source Address", .ipv6)
        auxiliary = r.field("icmpv6.mldr.mar.auxiliary_data", "Auxiliary Data", .bytes)
        routerInterval = r.field("icmpv6.mcast_ra.query_interval", "Query Interval", .uint16, .decimal)
        robustness = r.field("icmpv6.mcast_ra.robustness_variable", "Robustness Variable", .uint16, .decimal)
    }

    func add(_ type: UInt8, _ reader: inout Reader, _ layer: Reader, _ context: inout Context) throws(DissectionError) {
        switch type {
        case 130 where layer.reportedEnd - layer.start > Self.firstVersionByteCount: try addQuery(&reader, &context)
        case 130...132:
            try context.uint16(responseDelay, &reader)
            try context.addBytes(reserved, 2, &reader)
            try context.addIPv6(address, &reader)
        case 143: try addReport(&reader, &context)
        case 151:
            try context.uint16(routerInterval, &reader)
            try context.uint16(robustness, &reader)
        default: break
        }
    }

    private func addQuery(_ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        let code = Self.expanded(UInt32(try reader.uint16()), mantissaBits: 12)
        context.add(responseCode, reader, reader.offset - 2, 2, value: code)
        try context.addBytes(reserved, 2, &reader)
        try context.addIPv6(address, &reader)
        try flags.add(&reader, &context)
        let interval = Self.expanded(UInt32(try reader.uint8()), mantissaBits: 4)
        context.add(queryInterval, reader, reader.offset - 1, 1, value: interval)
        let count = try context.uint16(sourceCount, &reader)
        for _ in 0..<count { try context.addIPv6(source, &reader) }
    }

    /// A code with its highest bit set is a number with an exponent of three bits (RFC 3810, sections 5.1.3 and 5.1.9).
    private static func expanded(_ code: UInt32, mantissaBits: UInt32) -> UInt64 {
        guard code >> (mantissaBits + 3) != 0 else { return UInt64(code) }
        let mantissa = code & (1 << mantissaBits - 1) | 1 << mantissaBits
        return UInt64(mantissa) << UInt64((code >> mantissaBits & 7) + 3)
    }

    private func addReport(_ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        try context.addBytes(reserved, 2, &reader)
        let count = try context.uint16(recordCount, &reader)
        for _ in 0..<count {
            if reader.remaining == 0 { break }
            try addRecord(&reader, &context)
        }
    }

    private func addRecord(_ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        let start = reader.offset
        let top = context.add(record, reader, start, reader.capturedRemaining)
        context.open()
        defer { context.close() }
        let type = try context.uint8(recordType, &reader)
        context.appendLabel(top) {
            $0.append(" ")
            if let name = Self.recordTypes.name(of: UInt64(type)) { return $0.append(name) }
            $0.append("Unknown Record Type (")
            $0.append(decimal: type)
            $0.append(")")
        }
        let words = try context.uint8(auxiliaryWords, &reader)
        let count = try context.uint16(recordSourceCount, &reader)
        let group = try context.addIPv6(recordAddress, &reader)
        context.appendLabel(top) {
            $0.append(": ")
            $0.append(group)
        }
        for _ in 0..<count { try context.addIPv6(recordSource, &reader) }
        if words > 0 { try context.addBytes(auxiliary, Int(words) * 4, &reader) }
        context.extend(top, to: reader.offset)
    }
}
