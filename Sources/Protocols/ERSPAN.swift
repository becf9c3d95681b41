import Dissection
import Wire

/// Encapsulated Remote Switch Port Analyzer, by which switches send copies of frames (draft-foschiano-erspan-03, section 4).
///
/// Type I is GRE alone. Type II, and below it the words by which type III differs:
///
///      0                   1                   2                   3
///      0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
///     +-------+-----------------------+-----+---+-+-------------------+
///     |  Ver  |          VLAN         | COS | En|T|    Session ID     |
///     +-------+---------------+-------+-----+---+-+-------------------+
///     |        Reserved       |                 Index                 |
///     +-----------------------+---------------------------------------+
///
///     |                           Timestamp                           |
///     +-------------------------------+-+---------+-----------+-+---+-+
///     |              SGT              |P|    FT   |   Hw ID   |D|Gra|O|
///     +-------------------------------+-+---------+-----------+-+---+-+
///
/// Not decoded: the platform-specific subheader of type III, which the last bit announces, and other frames than those of Ethernet.
public struct ERSPAN: Dissector {
    private static let subheaderByteCount = 8
    /// Zero where an Ethernet frame follows.
    private static let frameTypeMask: UInt16 = 0x7c00

    private let node: FieldID
    private let version, vlan, classOfService, encapsulation, quality, truncated, session, reserved, index: FieldID
    private let timestamp, securityTag: FieldID
    private let lastFields: [FieldID]
    private let unknownVersion: ExpertID
    private let ethernet, data: DissectorID?

    public init(registering r: inout Registrar) {
        let proto = r.proto("erspan", "Encapsulated Remote Switch Packet ANalysis", short: "ERSPAN")
        node = r.node(of: proto)
        func number(_ name: String, _ title: String, _ mask: UInt64, type: FieldType = .uint16, names: [(UInt64, StaticString)] = [], _ r: inout Registrar) -> FieldID {
            r.field("erspan." + name, title, type, .decimal, strings: names.isEmpty ? nil : ValueStrings(names), mask: mask)
        }
        version = number("version", "Version", 0xf000, names: [(1, "Type II"), (2, "Type III")], &r)
        vlan = number("vlan", "Vlan", 0x0fff, &r)
        classOfService = number("cos", "COS", 0xe000, &r)
        encapsulation = number("encap", "Encap", 0x1800, names: [
            (0, "Originally without VLAN tag"), (1, "Originally ISL encapsulated"), (2, "Originally 802.1Q encapsulated"), (3, "VLAN tag preserved in frame"),
        ], &r)
        quality = number("bso", "Bad/Short/Oversized", 0x1800, names: [
            (0, "Good or unknown integrity"), (1, "Short frame"), (2, "Oversized frame"), (3, "CRC or alignment error"),
        ], &r)
        truncated = number("truncated", "Truncated", 0x0400, names: [(0, "Not truncated"), (1, "Truncated")], &r)
        session = number("spanid", "SpanID", 0x03ff, &r)
        reserved = number("reserved", "Reserved", 0xfff0_0000, type: .uint32, &r)
        index = number("index", "Index", 0x000f_ffff, type: .uint32, &r)
        timestamp = number("timestamp", "Timestamp", 0xffff_ffff, type: .uint32, &r)
        securityTag = number("sgt", "Security Group Tag", 0xffff, &r)
        lastFields = [
            number("p", "Has Ethernet PDU", 0x8000, &r),
            number("ft", "Frame Type", 0x7c00, names: [(0, "Ethernet"), (2, "IP")], &r),
            number("hw", "Hardware ID", 0x03f0, &r),
            r.flag("erspan.direction", "Direction", wordBits: 16, mask: 0x0008, "Egress", "Ingress"),
            number("gra", "Timestamp granularity", 0x0006, names: [
                (0, "100 microseconds"), (1, "100 nanoseconds"), (2, "IEEE 1588"), (3, "Custom granularity"),
            ], &r),
            number("o", "Optional Sub headers", 0x0001, &r),
        ]
        unknownVersion = r.expert(
            "erspan.version.unknown", .undecoded, .warning, "Unknown version, please report or test to use fake ERSPAN preference")
        ethernet = r.dissector(named: "eth")
        data = r.dissector(named: "data")
        r.add(r.dissector(self, proto), to: "gre.proto", 0x88be, 0x22eb)
        r.add(r.partDissector(TypeI(whole: self), proto), to: "gre.unnumbered", 0x88be)
    }

    /// Nothing stands before the frame.
    private struct TypeI: Dissector {
        let whole: ERSPAN

        func dissect(_ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
            context.columns.setProtocol("ERSPAN")
            context.columns.setInfo("ERSPAN:")
            context.appendLabel(context.begin(whole.node, reader, byteCount: 0)) { $0.append(" Type I") }
            context.close()
            if let ethernet = whole.ethernet { context.run(ethernet, reader.rest) }
        }
    }

    public func dissect(_ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        context.columns.setProtocol("ERSPAN")
        context.columns.setInfo("ERSPAN:")
        let first = try reader.peekUInt16()
        let top = context.begin(node, reader)
        context.appendLabel(top) {
            switch first >> 12 {
            case 1: $0.append(" Type II")
            case 2: $0.append(" Type III")
            default: $0.append(" Unknown")
            }
        }
        context.bits(version, reader, reader.offset, 2, word: UInt64(first))
        switch first >> 12 {
        case 1: try dissectTypeII(&reader, &context)
        case 2: try dissectTypeIII(&reader, &context)
        default:
            context.expert(under: context.bits(version, reader, reader.offset, 2, word: UInt64(first)), unknownVersion)
            context.close()
        }
    }

    private func addSession(_ quality: FieldID, _ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        let first = UInt64(try reader.uint16())
        context.bits(vlan, reader, reader.offset - 2, 2, word: first)
        let second = UInt64(try reader.uint16())
        for field in [classOfService, quality, truncated, session] { context.bits(field, reader, reader.offset - 2, 2, word: second) }
    }

    private func dissectTypeII(_ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        try addSession(encapsulation, &reader, &context)
        let word = UInt64(try reader.uint32())
        for field in [reserved, index] { context.bits(field, reader, reader.offset - 4, 4, word: word) }
        context.close()
        if let ethernet { context.run(ethernet, reader.rest) }
    }

    private func dissectTypeIII(_ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        try addSession(quality, &reader, &context)
        try context.uint32(timestamp, &reader)
        try context.uint16(securityTag, &reader)
        let word = try reader.uint16()
        for field in lastFields { context.bits(field, reader, reader.offset - 2, 2, word: UInt64(word)) }
        if word & 1 != 0 { try reader.skip(Self.subheaderByteCount) }
        context.close()
        let rest = reader.rest
        if let next = word & Self.frameTypeMask == 0 ? ethernet : data { context.run(next, rest) }
    }
}
