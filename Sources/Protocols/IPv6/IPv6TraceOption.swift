import Dissection
import Wire

/// The in-situ OAM option (RFC 9486, section 3) and the trace data in it (RFC 9197, section 4.4).
///
///     +---------------+---------------+-------------------------------+
///     |    Reserved   |  Option-Type  |         Namespace-ID          |
///     +---------+-----+-+-------------+-------------------------------+
///     | NodeLen | Flags |RemainingLen |        Trace-Type (24)        |
///     +---------+-------+-------------+---------------+---------------+
///     ... Trace-Type      |  Reserved  |  free space, then one element per node
///     +-------------------+------------+
struct IPv6TraceOption: Sendable {
    /// Of the option's own two bytes and the trace header.
    private static let headerByteCount = 10
    /// The last bit but one of the trace type: each node adds a state of its own making.
    private static let stateBit: UInt32 = 0x2

    private let reserved, optionType, namespace, nodeLength, flags, remaining, type, traceReserved, freeSpace: FieldID
    private let flagParts, typeParts: [FieldID]
    private let node: IPv6TraceNodeFields
    private let invalidLength, zeroNodeLength, invalidRemaining, invalidType: ExpertID

    init(_ invalidLength: ExpertID, registering r: inout Registrar) {
        self.invalidLength = invalidLength
        reserved = r.field("ipv6.opt.ioam.rsv", "Reserved", .uint8, .decimal)
        optionType = r.field("ipv6.opt.ioam.opt_type", "Option-Type", .uint8, .decimal, strings: Self.names)
        namespace = r.field("ipv6.opt.ioam.trace.ns", "Namespace ID", .uint16, .decimal)
        nodeLength = r.field("ipv6.opt.ioam.trace.nodelen", "Node Length", .uint8, .decimal)
        flags = r.field("ipv6.opt.ioam.trace.flags", "Flags", .uint16, .hex, mask: 0x780)
        flagParts = Self.flagNames.map { r.field("ipv6.opt.ioam.trace.flag." + $0.name, "\($0.title)", .boolean, mask: $0.mask, wordBits: 16) }
        remaining = r.field("ipv6.opt.ioam.trace.remlen", "Remaining Length", .uint8, .decimal)
        type = r.field("ipv6.opt.ioam.trace.type", "Trace Type", .uint24, .hex)
        typeParts = Self.typeNames.map { r.field("ipv6.opt.ioam.trace.type." + $0.name, "\($0.title)", .boolean, mask: $0.mask, wordBits: 24) }
        traceReserved = r.field("ipv6.opt.ioam.trace.rsv", "Reserved", .uint8, .decimal)
        freeSpace = r.field("ipv6.opt.ioam.trace.free_space", "Free space", .bytes)
        node = IPv6TraceNodeFields(registering: &r)
        zeroNodeLength = r.expert("ipv6.opt.ioam.trace.invalid_nodelen", .proto, .error, "Invalid \"NodeLen\" value: cannot be 0")
        invalidRemaining = r.expert("ipv6.opt.ioam.trace.invalid_remlen", .proto, .error, "Invalid \"RemLen\" value")
        invalidType = r.expert("ipv6.opt.ioam.trace.invalid_type", .proto, .error, "Mismatch between Trace Type and NodeLen")
    }

    private static let names = ValueStrings([
        (0, "Pre-allocated Trace"), (1, "Incremental Trace"), (2, "Proof of Transit"), (3, "Edge to Edge"),
    ])

    private static let flagNames: [(name: String, title: StaticString, mask: UInt64)] = [
        ("o", "Overflow", 0x400), ("l", "Loopback", 0x200), ("a", "Active", 0x100), ("rsv", "Reserved", 0x80),
    ]

    private static let typeNames: [(name: String, title: StaticString, mask: UInt64)] = [
        ("bit0", "Hop_Lim and Node ID (short)", 0x80_0000), ("bit1", "Ingress and Egress IDs (short)", 0x40_0000),
        ("bit2", "Timestamp seconds", 0x20_0000), ("bit3", "Timestamp fraction", 0x10_0000), ("bit4", "Transit delay", 0x08_0000),
        ("bit5", "IOAM-Namespace specific data (short)", 0x04_0000), ("bit6", "Queue depth", 0x02_0000),
        ("bit7", "Checksum complement", 0x01_0000), ("bit8", "Hop_Lim and Node ID (wide)", 0x8000),
        ("bit9", "Ingress and Egress IDs (wide)", 0x4000), ("bit10", "IOAM-Namespace specific data (wide)", 0x2000),
        ("bit11", "Buffer occupancy", 0x1000), ("undef", "Undefined", 0xffc), ("bit22", "Opaque State Snapshot", 0x2), ("rsv", "Reserved", 0x1),
    ]

    /// What the trace header says of the nodes' elements.
    private struct Trace {
        /// Bytes of an element, without its opaque state.
        var nodeByteCount: Int
        var freeByteCount: Int
        var type: UInt32
        var typeItem: ItemRef
        var isUsable: Bool
    }

    func dissect(_ option: IPv6Options.Option, _ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        try context.uint8(reserved, &reader)
        let kind = try context.uint8(optionType, &reader)
        if kind < 2, option.byteCount < Self.headerByteCount { addInvalidLength(option, &context) }
        try reader.require(max(0, option.byteCount - 2))
        let count = option.byteCount >= 2 ? option.byteCount - 2 : reader.capturedRemaining
        context.heading(reader, reader.offset, count) { $0.append(Self.names.name(of: UInt64(kind)) ?? "Unknown Option-Type") }
        guard kind < 2 else { return }
        context.open()
        let trace = try addHeader(option, &reader, &context)
        let fits = trace.isUsable ? try addData(trace, option, &reader, &context) : true
        context.close()
        if !fits { addInvalidLength(option, &context) }
    }

    private func addInvalidLength(_ option: IPv6Options.Option, _ context: inout Context) {
        context.expert(under: option.lengthItem, invalidLength) {
            $0.append("IOAM Option: Invalid length (")
            $0.append(decimal: option.byteCount)
            $0.append(" bytes)")
        }
    }

    // MARK: Header

    private func addHeader(_ option: IPv6Options.Option, _ reader: inout Reader, _ context: inout Context) throws(DissectionError) -> Trace {
        try context.uint16(namespace, &reader)
        let word = UInt64(try reader.uint16())
        let at = reader.offset - 2
        let (nodeWords, freeWords) = (Int(word >> 11), Int(word & 0x7f))
        addPart(nodeLength, "Node Length: ", UInt64(nodeWords), byte: word >> 8, mask: 0xf8, reader, at, &context)
        if nodeWords == 0 { addUnderLast(zeroNodeLength, nil, &context) }
        context.appendLabel(context.bits(flags, reader, at, 2, word: word)) { Self.appendNames(Self.flagNames, word, &$0) }
        addBits(flagParts, word, 2, reader, at, &context)
        addPart(remaining, "Remaining Length: ", UInt64(freeWords), byte: word & 0xff, mask: 0x7f, reader, at + 1, &context)
        let isTooLong = freeWords * 4 > option.byteCount - Self.headerByteCount
        if isTooLong { addUnderLast(invalidRemaining, freeWords * 4, &context) }
        let bits = try reader.uint24()
        let typeItem = context.add(type, reader, reader.offset - 3, 3, value: UInt64(bits))
        context.appendLabel(typeItem) { Self.appendNames(Self.typeNames, UInt64(bits), &$0) }
        addBits(typeParts, UInt64(bits), 3, reader, reader.offset - 3, &context)
        try context.uint8(traceReserved, &reader)
        return Trace(
            nodeByteCount: nodeWords * 4, freeByteCount: freeWords * 4, type: bits, typeItem: typeItem, isUsable: nodeWords > 0 && !isTooLong)
    }

    /// Adds bits of one byte, where the field itself has no mask.
    private func addPart(
        _ field: FieldID, _ title: StaticString, _ value: UInt64, byte: UInt64, mask: UInt64, _ reader: Reader, _ offset: Int,
        _ context: inout Context
    ) {
        context.label(context.add(field, reader, offset, 1, value: value)) {
            $0.append(bitsOf: byte, mask: mask, bitCount: 8)
            $0.append(title)
            $0.append(decimal: value)
        }
    }

    private func addBits(_ fields: [FieldID], _ word: UInt64, _ byteCount: Int, _ reader: Reader, _ offset: Int, _ context: inout Context) {
        context.open()
        for field in fields { context.bits(field, reader, offset, byteCount, word: word) }
        context.close()
    }

    private static func appendNames(_ names: [(name: String, title: StaticString, mask: UInt64)], _ word: UInt64, _ text: inout TextBuffer) {
        for entry in names where word & entry.mask != 0 {
            text.append(", ")
            text.append(entry.title)
        }
    }

    private func addUnderLast(_ expert: ExpertID, _ byteCount: Int?, _ context: inout Context) {
        context.open()
        if let byteCount {
            context.expert(expert) {
                $0.append("IOAM RemLen: Invalid length (")
                $0.append(decimal: byteCount)
                $0.append(" bytes)")
            }
        } else {
            context.expert(expert)
        }
        context.close()
    }

    // MARK: Trace data

    /// Adds free space and elements. Returns whether the elements fill the option.
    private func addData(
        _ trace: Trace, _ option: IPv6Options.Option, _ reader: inout Reader, _ context: inout Context
    ) throws(DissectionError) -> Bool {
        context.heading(reader, reader.offset, option.end - reader.offset) { $0.append("Trace Data") }
        context.open()
        defer { context.close() }
        if trace.freeByteCount > 0 {
            try context.addBytes(freeSpace, trace.freeByteCount, &reader)
        }
        var number = 1
        // Each round takes an element of at least four bytes.
        while option.end - reader.offset >= trace.nodeByteCount {
            let start = reader.offset
            context.heading(reader, start, trace.nodeByteCount) {
                $0.append("Node ")
                $0.append(decimal: number)
            }
            context.open()
            try node.addData(trace.type, &reader, &context)
            let isAsLong = reader.offset - start == trace.nodeByteCount
            let hasState = isAsLong && trace.type & Self.stateBit != 0
            let stateFits = option.end - reader.offset >= IPv6TraceNodeFields.stateHeaderByteCount
            if hasState, stateFits { try node.addState(&reader, &context) }
            context.close()
            if hasState, !stateFits { return false }
            guard isAsLong else {
                reader.offset = start
                context.expert(under: trace.typeItem, invalidType)
                return true
            }
            number += 1
        }
        return reader.offset == option.end
    }
}

/// The fields of one node's element.
private struct IPv6TraceNodeFields: Sendable {
    static let stateHeaderByteCount = 4

    private let hopLimit, identifier, ingress, egress, identifierWide, ingressWide, egressWide, namespaceWide, undefined: FieldID
    /// One for each bit of the trace type from the third to the eighth.
    private let words: [FieldID]
    private let buffer, stateLength, schema, state: FieldID

    init(registering r: inout Registrar) {
        let prefix = "ipv6.opt.ioam.trace.node."
        hopLimit = r.field(prefix + "hlim", "Hop Limit", .uint8, .decimal)
        identifier = r.field(prefix + "id", "ID", .uint24, .hex)
        ingress = r.field(prefix + "iif", "Ingress ID", .uint16, .hex)
        egress = r.field(prefix + "eif", "Egress ID", .uint16, .hex)
        words = [
            r.field(prefix + "tss", "Timestamp Seconds", .uint32, .hex), r.field(prefix + "tsf", "Timestamp Fraction", .uint32, .hex),
            r.field(prefix + "trdelay", "Transit Delay", .uint32, .hex), r.field(prefix + "nsdata", "Namespace Data (short)", .uint32, .hex),
            r.field(prefix + "qdepth", "Queue Depth", .uint32, .hex), r.field(prefix + "csum", "Checksum Complement", .uint32, .hex),
        ]
        identifierWide = r.field(prefix + "id_wide", "ID", .uint56, .hex)
        ingressWide = r.field(prefix + "iif_wide", "Ingress ID", .uint32, .hex)
        egressWide = r.field(prefix + "eif_wide", "Egress ID", .uint32, .hex)
        namespaceWide = r.field(prefix + "nsdata_wide", "Namespace Data (wide)", .uint64, .hex)
        buffer = r.field(prefix + "bufoccup", "Buffer Occupancy", .uint32, .hex)
        undefined = r.field(prefix + "undefined", "Undefined bit", .uint32, .hex)
        stateLength = r.field(prefix + "oss.len", "Length", .uint8, .decimal)
        schema = r.field(prefix + "oss.scid", "Schema ID", .uint24, .hex)
        state = r.field(prefix + "oss.data", "Data", .bytes)
    }

    /// Adds what the bits of the trace type name, in their order.
    func addData(_ type: UInt32, _ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        if type & 0x80_0000 != 0 {
            context.heading(reader, reader.offset, 4) { $0.append("Hop_Lim and Node ID (short)") }
            context.open()
            try context.uint8(hopLimit, &reader)
            try context.uint24(identifier, &reader)
            context.close()
        }
        if type & 0x40_0000 != 0 {
            context.heading(reader, reader.offset, 4) { $0.append("Ingress and Egress IDs (short)") }
            context.open()
            try context.uint16(ingress, &reader)
            try context.uint16(egress, &reader)
            context.close()
        }
        for (index, field) in words.enumerated() where type & 0x20_0000 >> UInt32(index) != 0 { try context.uint32(field, &reader) }
        try addWideData(type, &reader, &context)
        if type & 0x1000 != 0 { try context.uint32(buffer, &reader) }
        for _ in 0..<(type & 0xffc).nonzeroBitCount { try context.uint32(undefined, &reader) }
    }

    private func addWideData(_ type: UInt32, _ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        if type & 0x8000 != 0 {
            context.heading(reader, reader.offset, 8) { $0.append("Hop_Lim and Node ID (wide)") }
            context.open()
            try context.uint8(hopLimit, &reader)
            try reader.skip(7)
            context.add(identifierWide, reader, reader.offset - 7, 7, value: reader.bytes.unsigned(reader.offset - 7, byteCount: 7))
            context.close()
        }
        if type & 0x4000 != 0 {
            context.heading(reader, reader.offset, 8) { $0.append("Ingress and Egress IDs (wide)") }
            context.open()
            try context.uint32(ingressWide, &reader)
            try context.uint32(egressWide, &reader)
            context.close()
        }
        if type & 0x2000 != 0 { try context.uint64(namespaceWide, &reader) }
    }

    /// RFC 9197, section 4.4.2: a length in words, a schema, and data that only the schema explains.
    func addState(_ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        try reader.require(Self.stateHeaderByteCount)
        let size = Int(reader.bytes[reader.offset]) * 4
        try reader.require(Self.stateHeaderByteCount + size)
        context.heading(reader, reader.offset, Self.stateHeaderByteCount + size) { $0.append("Opaque State Snapshot") }
        context.open()
        try context.uint8(stateLength, &reader)
        try context.uint24(schema, &reader)
        if size > 0 {
            try context.addBytes(state, size, &reader)
        }
        context.close()
    }
}
