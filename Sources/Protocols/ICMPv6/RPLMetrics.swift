import Dissection
import Wire

/// The metrics and constraints in RPL's metric container (RFC 6551).
struct RPLMetrics: Sendable {
    private static let headerByteCount = 4

    private let type, length: FieldID
    private let stateTLV, stateType, stateLength, stateData: FieldID
    private let throughput, latency, qualityReserved, transmissions, colorReserved, color, linkColor: FieldID
    private let colorParts: [FieldID]
    private let flags, state, energy, hops, quality: FlagWord
    private let unknown: ExpertID
    private static let types = ValueStrings([
        (1, "Node State and Attribute"), (2, "Node Energy"), (3, "Hop Count"), (4, "Link Throughput"), (5, "Link Latency"),
        (6, "Link Quality Level"), (7, "Link ETX"), (8, "Link Color"),
    ])

    init(_ r: inout Registrar) {
        let name = "icmpv6.rpl.opt.metric"
        type = r.field(name + ".type", "Routing Metric/Constraint Type", .uint8, .decimal, strings: Self.types)
        flags = FlagWord(name + ".flags", "Flags", .uint16, prefix: name, [
            .number("reserved", "Reserved Flags", 0xf800, .hex), .flag("flag.p", "Flag P", 0x400), .flag("flag.c", "Flag C", 0x200),
            .flag("flag.o", "Flag O", 0x100), .flag("flag.r", "Flag R", 0x80), .number("flag.a", "A Field", 0x70, .hex),
            .number("prec", "Precedence field", 0xf, .hex),
        ], &r)
        length = r.field(name + ".length", "Metric Length", .uint8, .decimal)
        state = FlagWord(name + ".nsa.object", "Node State and Attribute Object", .uint16, [
            .number("reserved", "Reserved field", 0xff00, .hex), .number("flags", "Flags", 0xfc, .hex), .flag("flag.a", "Flag A", 0x2),
            .flag("flag.o", "Flag O", 0x1),
        ], &r)
        stateTLV = r.field(name + ".nsa.object.opttlv.object", "Node State and Attribute Optional TLV", .uint8, .decimal)
        stateType = r.field(name + ".nsa.object.opttlv.object.type", "Node State and Attribute Optional TLV Type", .uint8, .decimal)
        stateLength = r.field(name + ".nsa.object.opttlv.object.length", "Node State and Attribute Optional TLV Length", .uint8, .decimal)
        stateData = r.field(name + ".nsa.object.opttlv.object.data", "Raw Data", .bytes)
        energy = FlagWord(name + ".ne.object", "Node Energy Object", .uint16, [
            .number("flags", "Flags field", 0xf000, .hex), .flag("flag.i", "Flag I", 0x800), .number("type", "Type", 0x600, .hex),
            .flag("flag.e", "Flag E", 0x100), .number("energy", "Energy", 0xff, .hex),
        ], &r)
        hops = FlagWord(name + ".hp.object", "Hop Count Object", .uint16, [
            .number("reserved", "Reserved field", 0xf000, .hex), .number("flags", "Flags", 0xf00, .hex), .number("hp", "Hop Count", 0xff),
        ], &r)
        throughput = r.field(name + ".lt.object.lt", "Link Throughput", .uint32, .decimal)
        latency = r.field(name + ".ll.object.ll", "Link Latency", .uint32, .decimal)
        qualityReserved = r.field(name + ".lql.object.res", "Reserved field", .uint8, .hex, mask: 0xff)
        quality = FlagWord(name + ".lql.object", "Link Quality Level Object", .uint8, [
            .number("val", "Val(ue)", 0xe0, .hex), .number("counter", "Counter", 0x1f),
        ], &r)
        transmissions = r.field(name + ".etx.object.etx", "ETX", .uint16, .decimal)
        colorReserved = r.field(name + ".lc.object.res", "Reserved field", .uint8, .hex, mask: 0xff)
        color = r.field(name + ".lc.object", "Link Color Object", .none)
        linkColor = r.field(name + ".lc.object.lc", "Link Color", .uint16, .hex, mask: 0xffc0)
        r.field(name + ".lc.object.counter", "Counter", .uint16, .decimal, mask: 0x3f)
        colorParts = [
            r.field(name + ".lc.object.reserved", "Reserved", .uint16, .decimal, mask: 0x3e),
            r.field(name + ".lc.object.flag.i", "Flag I", .uint16, .decimal, mask: 0x1),
        ]
        unknown = r.expert("icmpv6.rpl.unknown.metric", .undecoded, .note, "Unknown RPL metric/constraint type")
    }

    /// Adds the metrics of a container up to the first that nothing is known of.
    /// - Parameter lengthItem: the option's length, which an unknown metric is noted under.
    func add(upTo end: Int, _ lengthItem: ItemRef, _ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        while end - reader.offset >= Self.headerByteCount {
            let start = reader.offset
            let number = try reader.uint8()
            try reader.require(Self.headerByteCount - 1)
            let byteCount = Int(reader.bytes[start + 3])
            context.add(type, reader, start, 1 + reader.clamped(Self.headerByteCount - 1 + byteCount), value: UInt64(number))
            context.open()
            defer { context.close() }
            let word = try flags.add(&reader, &context)
            try context.uint8(length, &reader)
            if Self.types.name(of: UInt64(number)) == nil {
                context.expert(under: lengthItem, unknown)
                return
            }
            try addObject(number, isConstraint: word & 0x200 != 0, upTo: reader.offset + byteCount, &reader, &context)
        }
    }

    private func addObject(
        _ number: UInt8, isConstraint: Bool, upTo end: Int, _ reader: inout Reader, _ context: inout Context
    ) throws(DissectionError) {
        switch number {
        case 1:
            try state.add(&reader, &context)
            while end - reader.offset >= 2 { try addStateTLV(&reader, &context) }
        case 2: while reader.offset < end { try energy.add(&reader, &context) }
        case 3: try hops.add(&reader, &context)
        case 4: while reader.offset < end { try context.uint32(throughput, &reader) }
        case 5: while reader.offset < end { try context.uint32(latency, &reader) }
        case 6:
            let word = UInt64(try reader.uint8())
            context.bits(qualityReserved, reader, reader.offset - 1, 1, word: word)
            while reader.offset < end { try quality.add(&reader, &context) }
        case 7: while reader.offset < end { try context.uint16(transmissions, &reader) }
        default:
            let word = UInt64(try reader.uint8())
            context.bits(colorReserved, reader, reader.offset - 1, 1, word: word)
            while reader.offset < end { try addColor(isConstraint, &reader, &context) }
        }
    }

    private func addStateTLV(_ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        let start = reader.offset
        let number = try reader.uint8()
        let byteCount = Int(try reader.peekUInt8())
        context.add(stateTLV, reader, start, 1 + reader.clamped(1 + byteCount), value: UInt64(number))
        context.open()
        defer { context.close() }
        context.add(stateType, reader, start, 1, value: UInt64(number))
        try context.uint8(stateLength, &reader)
        try context.addBytes(stateData, byteCount, &reader)
    }

    /// Wireshark knows the parts of a constraint only.
    private func addColor(_ isConstraint: Bool, _ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        let word = UInt64(try reader.uint16())
        context.add(color, reader, reader.offset - 2, 2)
        context.open()
        context.bits(linkColor, reader, reader.offset - 2, 2, word: word)
        if isConstraint {
            for part in colorParts { context.bits(part, reader, reader.offset - 2, 2, word: word) }
        } else {
            context.expert(unknown)
        }
        context.close()
    }
}
