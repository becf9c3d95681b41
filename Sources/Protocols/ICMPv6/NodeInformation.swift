import Dissection
import Wire

/// Node information queries and replies (RFC 4620, section 4).
struct NodeInformation: Sendable {
    private let queryType, nonce, subjectIPv6, subjectName, subjectIPv4, timeToLive, name, address, ipv4Address: FieldID
    private let flags: FlagWord

    init(_ r: inout Registrar) {
        queryType = r.field("icmpv6.ni.qtype", "Qtype", .uint16, .decimal, strings: ValueStrings([
            (0, "NOOP"), (1, "Supported query types (Obsolete)"), (2, "Node Name"), (3, "Node addresses"), (4, "IPv4 node addresses"),
        ]))
        flags = FlagWord("icmpv6.ni.flag", "Flags", .uint16, [
            .flag("g", "Global-scope addresses", 0x20), .flag("s", "Site-local addresses", 0x10), .flag("l", "Link-local addresses", 0x08),
            .flag("c", "Compression", 0x04),
            .flag("a", "Unicast Addresses", 0x02, "All unicast address", "Unicast addresses on the queried interface"),
            .flag("t", "Truncated", 0x01), .number("rsv", "Reserved", 0xffc0, .hex),
        ], &r)
        nonce = r.field("icmpv6.ni.nonce", "Nonce", .uint64, .hex)
        subjectIPv6 = r.field("icmpv6.ni.query.subject_ipv6", "IPv6 subject address", .ipv6)
        subjectName = r.field("icmpv6.ni.query.subject_fqdn", "FQDN subject", .string)
        subjectIPv4 = r.field("icmpv6.ni.query.subject_ipv4", "IPv4 subject address", .ipv4)
        timeToLive = r.field("icmpv6.ni.reply.node_ttl", "TTL", .uint32, .decimal)
        name = r.field("icmpv6.ni.reply.node_name", "Name Node", .string)
        address = r.field("icmpv6.ni.reply.node_address", "IPv6 Node address", .ipv6)
        ipv4Address = r.field("icmpv6.ni.reply.ipv4_address", "IPv4 Node address", .ipv4)
    }

    func add(isQuery: Bool, _ code: UInt8, _ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        let type = try context.uint16(queryType, &reader)
        try flags.add(&reader, &context)
        try context.uint64(nonce, &reader)
        guard reader.remaining > 0 else { return }
        if isQuery {
            try addSubject(code, &reader, &context)
        } else if code == 0 {
            try addAnswer(type, &reader, &context)
        }
    }

    private func addSubject(_ code: UInt8, _ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        switch code {
        case 0: try context.addIPv6(subjectIPv6, &reader)
        case 1: _ = try context.addName(subjectName, &reader)
        case 2: try context.uint32(subjectIPv4, &reader)
        default: break
        }
    }

    private func addAnswer(_ type: UInt16, _ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        switch type {
        case 2:
            try context.uint32(timeToLive, &reader)
            while reader.remaining > 0, try reader.peekUInt8() > 0 { _ = try context.addName(name, &reader) }
        case 3:
            while reader.remaining > 0 {
                try context.uint32(timeToLive, &reader)
                try context.addIPv6(address, &reader)
            }
        case 4:
            while reader.remaining > 0 {
                try context.uint32(timeToLive, &reader)
                try context.uint32(ipv4Address, &reader)
            }
        default: break
        }
    }
}
