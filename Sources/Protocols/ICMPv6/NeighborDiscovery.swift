import Dissection
import Wire

/// Neighbour discovery (RFC 4861, section 4; inverse, RFC 3122; the flags of router advertisements, RFC 5175).
struct NeighborDiscovery: Sendable {
    let options: NeighborOptions
    private let reserved, hopLimit, routerLifetime, reachableTime, retransmissionTimer: FieldID
    private let solicited, advertised, better, destination: FieldID
    private let routerFlags, neighborFlags: FlagWord

    init(reserved: FieldID, _ data: FieldID, _ quoted: QuotedPacket, _ unknown: UnknownData, _ r: inout Registrar) {
        self.reserved = reserved
        hopLimit = r.field("icmpv6.nd.ra.cur_hop_limit", "Cur hop limit", .uint8, .decimal)
        routerFlags = FlagWord("icmpv6.nd.ra.flag", "Flags", .uint8, [
            .flag("m", "Managed address configuration", 0x80), .flag("o", "Other configuration", 0x40), .flag("h", "Home Agent", 0x20),
            .number("prf", "Prf (Default Router Preference)", 0x18, .decimal, ICMPv6Names.preferences), .flag("p", "Proxy", 0x04),
            .number("rsv", "Reserved", 0x03),
        ], &r)
        routerLifetime = r.field("icmpv6.nd.ra.router_lifetime", "Router lifetime (s)", .uint16, .decimal)
        reachableTime = r.field("icmpv6.nd.ra.reachable_time", "Reachable time (ms)", .uint32, .decimal)
        retransmissionTimer = r.field("icmpv6.nd.ra.retrans_timer", "Retrans timer (ms)", .uint32, .decimal)
        solicited = r.field("icmpv6.nd.ns.target_address", "Target Address", .ipv6)
        neighborFlags = FlagWord("icmpv6.nd.na.flag", "Flags", .uint32, [
            .flag("r", "Router", 0x8000_0000), .flag("s", "Solicited", 0x4000_0000), .flag("o", "Override", 0x2000_0000),
            .number("rsv", "Reserved", 0x1fff_ffff),
        ], &r)
        advertised = r.field("icmpv6.nd.na.target_address", "Target Address", .ipv6)
        better = r.field("icmpv6.nd.rd.target_address", "Target Address", .ipv6)
        destination = r.field("icmpv6.rd.na.destination_address", "Destination Address", .ipv6)
        options = NeighborOptions(data, quoted, unknown, &r)
    }

    func add(_ type: UInt8, _ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        switch type {
        case 134: try addRouter(&reader, &context)
        case 136: try addNeighbor(&reader, &context)
        default:
            try context.addBytes(reserved, 4, &reader)
            if type == 135 {
                let target = try context.addIPv6(solicited, &reader)
                context.columns.append(" for ", target)
            } else if type == 137 {
                try context.addIPv6(better, &reader)
                try context.addIPv6(destination, &reader)
            }
        }
        try options.add(&reader, &context)
    }

    private func addRouter(_ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        try context.uint8(hopLimit, &reader)
        try routerFlags.add(&reader, &context)
        try context.uint16(routerLifetime, &reader)
        try context.uint32(reachableTime, &reader)
        try context.uint32(retransmissionTimer, &reader)
    }

    private func addNeighbor(_ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        let flags = try neighborFlags.add(&reader, &context)
        let target = try context.addIPv6(advertised, &reader)
        guard context.columns.accepts else { return }
        context.columns.append(" ", target)
        var separator: StaticString = " ("
        for (bit, name) in [(0x8000_0000, "rtr"), (0x4000_0000, "sol"), (0x2000_0000, "ovr")] as [(UInt64, StaticString)] where flags & bit != 0 {
            context.columns.info.append(separator)
            context.columns.info.append(name)
            separator = ", "
        }
        context.columns.info.append(flags >> 29 == 0 ? " (none)" : ")")
    }
}

extension Columns {
    mutating func append(_ text: StaticString, _ address: Address) {
        guard accepts else { return }
        info.append(text)
        info.append(address)
    }
}
