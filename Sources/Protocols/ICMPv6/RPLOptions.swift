import Dissection
import Wire

/// The options of RPL's messages (RFC 6550, section 6.7; route discovery, RFC 6997, section 7): type, length in bytes, contents.
struct RPLOptions: Sendable {
    private let node, type, length, reserved, padding, data: FieldID
    private let routePrefixLength, routeLifetime, routePrefix: FieldID
    private let configuration: [(field: FieldID, byteCount: Int)]
    private let targetReserved, targetLength, target: FieldID
    private let pathControl, pathSequence, pathLifetime, parent: FieldID
    private let solicitedInstance, solicitedGraph, solicitedVersion: FieldID
    private let prefixLength, validLifetime, preferredLifetime, prefix, descriptor: FieldID
    private let routeFlags, configurationFlags, transitFlags, solicitedFlags, prefixFlags: FlagWord
    private let undecoded: ExpertID
    private let unknown: UnknownData
    private let metrics: RPLMetrics
    private let discovery: RPLRouteDiscovery
    private static let types = ValueStrings([
        (0, "1-byte padding"), (1, "n-byte padding"), (2, "DAG Metric container"), (3, "Routing Information"), (4, "DODAG configuration"),
        (5, "RPL Target"), (6, "Transit Information"), (7, "Solicited Information"), (8, "Prefix Information"),
        (9, "RPL Target Descriptor"), (10, "P2P Route Discovery"),
    ])

    init(_ data: FieldID, _ node: FieldID, _ unknown: UnknownData, _ r: inout Registrar) {
        self.data = data
        self.node = node
        self.unknown = unknown
        type = r.field("icmpv6.rpl.opt.type", "Type", .uint8, .decimal, strings: Self.types)
        length = r.field("icmpv6.rpl.opt.length", "Length", .uint8, .decimal)
        reserved = r.field("icmpv6.rpl.opt.reserved", "Reserved", .none)
        padding = r.field("icmpv6.rpl.opt.padn", "Paddn", .none)
        routePrefixLength = r.field("icmpv6.rpl.opt.route.prefix_length", "Prefix Length", .uint8, .decimal)
        routeFlags = FlagWord("icmpv6.rpl.opt.route.flag", "Flag", .uint8, prefix: "icmpv6.rpl.opt.route", [
            .number("pref", "Preference", 0x18, .decimal, ICMPv6Names.preferences), .number("reserved", "Reserved", 0xe7),
        ], &r)
        routeLifetime = r.field("icmpv6.rpl.opt.route.lifetime", "Route Lifetime", .uint32, .decimal, strings: ICMPv6Names.infinity)
        routePrefix = r.field("icmpv6.rpl.opt.route.prefix", "Prefix", .ipv6)
        configurationFlags = FlagWord("icmpv6.rpl.opt.config.flag", "Flag", .uint8, prefix: "icmpv6.rpl.opt.config", [
            .number("reserved", "Reserved", 0xf0), .flag("auth", "Authentication Enabled", 0x08), .number("pcs", "Path Control Size", 0x07),
        ], &r)
        configuration = [
            (r.field("icmpv6.rpl.opt.config.interval_double", "DIOIntervalDoublings", .uint8, .decimal), 1),
            (r.field("icmpv6.rpl.opt.config.interval_min", "DIOIntervalMin", .uint16, .decimal), 1),
            (r.field("icmpv6.rpl.opt.config.redundancy", "DIORedundancyConstant", .uint8, .decimal), 1),
            (r.field("icmpv6.rpl.opt.config.max_rank_inc", "MaxRankInc", .uint16, .decimal), 2),
            (r.field("icmpv6.rpl.opt.config.min_hop_rank_inc", "MinHopRankInc", .uint16, .decimal), 2),
            (r.field("icmpv6.rpl.opt.config.ocp", "OCP (Objective Code Point)", .uint16, .decimal), 2),
            (r.field("icmpv6.rpl.opt.config.rsv", "Reserved", .uint8, .decimal), 1),
            (r.field("icmpv6.rpl.opt.config.def_lifetime", "Default Lifetime", .uint8, .decimal), 1),
            (r.field("icmpv6.rpl.opt.config.lifetime_unit", "Lifetime Unit", .uint16, .decimal), 2),
        ]
        targetReserved = r.field("icmpv6.rpl.opt.target.flag", "Reserved", .none)
        targetLength = r.field("icmpv6.rpl.opt.target.prefix_length", "Target Length", .uint8, .decimal)
        target = r.field("icmpv6.rpl.opt.target.prefix", "Target", .ipv6)
        transitFlags = FlagWord("icmpv6.rpl.opt.transit.flag", "Flags", .uint8, [
            .flag("e", "External", 0x80), .number("rsv", "Reserved", 0x7f),
        ], &r)
        pathControl = r.field("icmpv6.rpl.opt.transit.pathctl", "Path Control", .uint8, .decimal)
        pathSequence = r.field("icmpv6.rpl.opt.transit.pathseq", "Path Sequence", .uint8, .decimal)
        pathLifetime = r.field("icmpv6.rpl.opt.transit.pathlifetime", "Path Lifetime", .uint8, .decimal)
        parent = r.field("icmpv6.rpl.opt.transit.parent", "Parent Address", .ipv6)
        solicitedInstance = r.field("icmpv6.rpl.opt.solicited.instance", "Instance", .uint8, .decimal)
        solicitedFlags = FlagWord("icmpv6.rpl.opt.solicited.flag", "Flag", .uint8, [
            .flag("v", "Version predicate", 0x80, "True", "False"), .flag("i", "InstanceID predicate", 0x40, "True", "False"),
            .flag("d", "DODAGID predicate", 0x20, "True", "False"), .number("rsv", "Reserved", 0x1f),
        ], &r)
        solicitedGraph = r.field("icmpv6.rpl.opt.solicited.dodagid", "DODAGID", .ipv6)
        solicitedVersion = r.field("icmpv6.rpl.opt.solicited.version", "Version", .uint8, .decimal)
        prefixLength = r.field("icmpv6.rpl.opt.prefix.length", "Prefix Length", .uint8, .decimal)
        prefixFlags = FlagWord("icmpv6.rpl.opt.prefix.flag", "Flag", .uint8, prefix: "icmpv6.rpl.opt", [
            .flag("prefix.flag.l", "On Link", 0x80), .flag("config.flag.a", "Auto Address Config", 0x40),
            .flag("config.flag.r", "Router Address", 0x20), .number("config.flag.rsv", "Reserved", 0x1f),
        ], &r)
        validLifetime = r.field("icmpv6.rpl.opt.prefix.valid_lifetime", "Valid Lifetime", .uint32, .decimal, strings: ICMPv6Names.infinity)
        preferredLifetime = r.field(
            "icmpv6.rpl.opt.prefix.preferred_lifetime", "Preferred Lifetime", .uint32, .decimal, strings: ICMPv6Names.infinity)
        prefix = r.field("icmpv6.rpl.opt.prefix", "Destination Prefix", .ipv6)
        descriptor = r.field("icmpv6.rpl.opt.targetdesc.descriptor", "Descriptor", .uint32, .hex)
        undecoded = r.expert("icmpv6.undecoded.rpl_option", .undecoded, .note, "Undecoded RPL Option")
        metrics = RPLMetrics(&r)
        discovery = RPLRouteDiscovery(&r)
    }

    /// Adds the options up to the end of the message.
    func add(isDiscoveryReply: Bool, _ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        while reader.remaining > 0 { try addOption(isDiscoveryReply, &reader, &context) }
    }

    private func addOption(_ isDiscoveryReply: Bool, _ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        let start = reader.offset
        let number = try reader.uint8()
        let isPadding = number == 0
        let end = isPadding ? start + 1 : start + 2 + Int(try reader.uint8())
        let top = context.add(node, reader, start, min(end, reader.capturedEnd) - start)
        context.label(top) {
            $0.append("ICMPv6 RPL Option (")
            if let name = Self.types.name(of: UInt64(number)) { return $0.append(name) }
            $0.append("Unknown ")
            $0.append(decimal: number)
        }
        context.open()
        defer { context.close() }
        context.add(type, reader, start, 1, value: UInt64(number))
        if !isPadding {
            let lengthItem = context.add(length, reader, start + 1, 1, value: UInt64(end - start - 2))
            try addContents(number, end, top, lengthItem, isDiscoveryReply, &reader, &context)
        }
        context.appendLabel(top) { $0.append(")") }
        if reader.offset < end { try unknown.add(reader, reader.offset, upTo: end, &context) }
        reader.offset = end
    }

    private func addContents(
        _ number: UInt8, _ end: Int, _ top: ItemRef, _ lengthItem: ItemRef, _ isDiscoveryReply: Bool, _ reader: inout Reader,
        _ context: inout Context
    ) throws(DissectionError) {
        switch number {
        case 1: try addPadding(end - reader.offset, &reader, &context)
        case 2: try metrics.add(upTo: end, lengthItem, &reader, &context)
        case 3: try addRoute(end, top, &reader, &context)
        case 4:
            try configurationFlags.add(&reader, &context)
            for part in configuration { try addNumber(part.field, part.byteCount, &reader, &context) }
        case 5: try addTarget(end, top, &reader, &context)
        case 6: try addTransit(end, top, &reader, &context)
        case 7:
            try context.uint8(solicitedInstance, &reader)
            try solicitedFlags.add(&reader, &context)
            try context.addIPv6(solicitedGraph, &reader)
            try context.uint8(solicitedVersion, &reader)
        case 8: try addPrefix(top, &reader, &context)
        case 9: try context.uint32(descriptor, &reader)
        case 10: try discovery.add(isReply: isDiscoveryReply, upTo: end, &reader, &context)
        default:
            context.expert(undecoded) { $0.append(undecoded: "ICMPv6 RPL Option", UInt16(number)) }
            try context.addBytes(data, end - reader.offset, &reader)
        }
    }

    private func addNumber(_ field: FieldID, _ byteCount: Int, _ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        try reader.skip(byteCount)
        let offset = reader.offset - byteCount
        context.add(field, reader, offset, byteCount, value: reader.bytes.unsigned(offset, byteCount: byteCount))
    }

    private func addPadding(_ byteCount: Int, _ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        try reader.skip(byteCount)
        context.appendLabel(context.add(padding, reader, reader.offset - byteCount, byteCount)) {
            $0.append(" (Length : ")
            $0.append(decimal: byteCount)
            $0.append(" bytes)")
        }
    }

    /// Adds as many bytes of a prefix as it has bits for.
    private func addPrefix(
        _ field: FieldID, _ bitCount: UInt8, _ top: ItemRef, _ reader: inout Reader, _ context: inout Context
    ) throws(DissectionError) {
        var address = Address.ipv6(high: 0, low: 0)
        if bitCount > 0 { address = try context.addIPv6Prefix(field, (Int(bitCount) + 7) / 8, &reader) }
        context.appendLabel(top) {
            $0.append(" ")
            $0.append(prefix: address, bitCount)
        }
    }

    private func addRoute(_ end: Int, _ top: ItemRef, _ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        let bitCount = try context.uint8(routePrefixLength, &reader)
        try routeFlags.add(&reader, &context)
        try context.uint32(routeLifetime, &reader)
        try addPrefix(routePrefix, bitCount, top, &reader, &context)
    }

    private func addTarget(_ end: Int, _ top: ItemRef, _ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        try context.addBytes(targetReserved, 1, &reader)
        let bitCount = try context.uint8(targetLength, &reader)
        try addPrefix(target, bitCount, top, &reader, &context)
    }

    private func addTransit(_ end: Int, _ top: ItemRef, _ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        try transitFlags.add(&reader, &context)
        try context.uint8(pathControl, &reader)
        try context.uint8(pathSequence, &reader)
        try context.uint8(pathLifetime, &reader)
        guard reader.offset < end else { return }
        let address = try context.addIPv6(parent, &reader)
        context.appendLabel(top) {
            $0.append(" ")
            $0.append(address)
        }
    }

    private func addPrefix(_ top: ItemRef, _ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        let bitCount = try context.uint8(prefixLength, &reader)
        try prefixFlags.add(&reader, &context)
        try context.uint32(validLifetime, &reader)
        try context.uint32(preferredLifetime, &reader)
        try context.addBytes(reserved, 4, &reader)
        let address = try context.addIPv6(prefix, &reader)
        context.appendLabel(top) {
            $0.append(" ")
            $0.append(prefix: address, bitCount)
        }
    }
}

/// The route discovery option (RFC 6997, section 7).
struct RPLRouteDiscovery: Sendable {
    private let flags, reply, hopByHop, routeCount, compression, lifetime, maximumRank, nextHop, target, vector, address: FieldID
    private let needsReply, needsZero, needsZeroInReply: ExpertID

    init(_ r: inout Registrar) {
        flags = r.field("icmpv6.rpl.opt.routediscovery.flag", "Flags", .none)
        reply = r.flag("icmpv6.rpl.opt.routediscovery.flag.reply", "Reply", wordBits: 8, mask: 0x80, "Yes", "No")
        hopByHop = r.flag("icmpv6.rpl.opt.routediscovery.flag.hopbyhop", "Hop-by-Hop", wordBits: 8, mask: 0x40, "Yes", "No")
        routeCount = r.field("icmpv6.rpl.opt.routediscovery.flag.numofroutes", "Number of Routes", .uint8, .decimal, mask: 0x30)
        compression = r.field("icmpv6.rpl.opt.routediscovery.flag.compr", "Compr", .uint8, .decimal, mask: 0x0f)
        lifetime = r.field("icmpv6.rpl.opt.routediscovery.lifetime", "Lifetime", .uint8, .decimal, mask: 0xc0)
        maximumRank = r.field("icmpv6.rpl.opt.routediscovery.maxrank", "MaxRank", .uint8, .decimal, mask: 0x3f)
        nextHop = r.field("icmpv6.rpl.opt.routediscovery.nh", "NH", .uint8, .decimal, mask: 0x3f)
        target = r.field("icmpv6.rpl.opt.routediscovery.targetaddr", "Target Address", .ipv6)
        vector = r.field("icmpv6.rpl.opt.routediscovery.addr_vec", "Address Vector", .none)
        address = r.field("icmpv6.rpl.opt.routediscovery.addrvec.addr", "Address", .ipv6)
        needsReply = r.expert(
            "icmpv6.rpl.p2p.hop_by_hop", .proto, .warning, "Reply MUST be set to one in order to establish a Hop-by-Hop Route")
        needsZero = r.expert(
            "icmpv6.rpl.p2p.num_of_routes", .proto, .warning,
            "This field MUST be set to zero when Hop-by-Hop Routes are being discovered")
        needsZeroInReply = r.expert(
            "icmpv6.rpl.p2p.dro.rdo.zero", .proto, .warning,
            "This field MUST be set to zero when the P2P-RDO is included in a P2P-DRO")
    }

    func add(isReply: Bool, upTo end: Int, _ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        let word = UInt64(try reader.uint8())
        addFlags(word, isReply, reader, &context)
        let second = UInt64(try reader.uint8())
        let lifetimeItem = context.bits(lifetime, reader, reader.offset - 1, 1, word: second)
        if isReply {
            if second >> 6 != 0 { context.expert(under: lifetimeItem, needsZeroInReply) }
        } else {
            // 1, 4, 16 or 64 seconds.
            context.appendLabel(lifetimeItem) {
                $0.append(" (")
                $0.append(decimal: UInt64(1) << (second >> 6 * 2))
                $0.append(" sec)")
            }
        }
        context.bits(isReply ? nextHop : maximumRank, reader, reader.offset - 1, 1, word: second)
        try addAddresses(elided: Int(word & 0xf), end, &reader, &context)
    }

    private func addFlags(_ word: UInt64, _ isReply: Bool, _ reader: Reader, _ context: inout Context) {
        let offset = reader.offset - 1
        context.add(flags, reader, offset, 1)
        context.open()
        defer { context.close() }
        let replyItem = context.bits(reply, reader, offset, 1, word: word)
        if isReply, word & 0x80 != 0 { context.expert(under: replyItem, needsZeroInReply) }
        let hopItem = context.bits(hopByHop, reader, offset, 1, word: word)
        if !isReply, word & 0xc0 == 0x40 { context.expert(under: hopItem, needsReply) }
        let countItem = context.bits(routeCount, reader, offset, 1, word: word)
        if word & 0x30 != 0 {
            if isReply { context.expert(under: countItem, needsZeroInReply) }
            if !isReply, word & 0x40 != 0 { context.expert(under: countItem, needsZero) }
        }
        context.bits(compression, reader, offset, 1, word: word)
    }

    /// The target, and the addresses on the way without the first bytes that they share with the graph's.
    private func addAddresses(elided: Int, _ end: Int, _ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        try context.addIPv6(target, &reader)
        let byteCount = 16 - elided
        let count = max(0, end - reader.offset) / byteCount
        context.appendLabel(context.add(vector, reader, reader.offset, reader.clamped(count * byteCount))) {
            $0.append(" (")
            $0.append(decimal: count)
            $0.append(count == 1 ? " Address)" : " Addresses)")
        }
        context.open()
        defer { context.close() }
        for _ in 0..<count { try context.addIPv6Suffix(address, byteCount, &reader) }
    }
}

extension Context {
    /// Reads the last bytes of an address and adds them as an address that begins with zeros.
    fileprivate mutating func addIPv6Suffix(_ field: FieldID, _ byteCount: Int, _ reader: inout Reader) throws(DissectionError) {
        try reader.skip(byteCount)
        let bytes = reader.captured(reader.offset - byteCount, byteCount)
        _ = addText(field, reader, reader.offset - byteCount, byteCount) {
            $0.append(repeating: 0, count: 16 - byteCount)
            $0.append(bytes)
        }
    }
}
