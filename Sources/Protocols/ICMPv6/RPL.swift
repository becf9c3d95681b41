import Dissection
import Wire

/// The messages of the Routing Protocol for Low-Power and Lossy Networks (RPL; RFC 6550, section 6; point to point, RFC 6997).
struct RPL: Sendable {
    private enum Message {
        static let solicitation: UInt8 = 0x00
        static let object: UInt8 = 0x01
        static let advertisement: UInt8 = 0x02
        static let advertisementAcknowledgment: UInt8 = 0x03
        static let discoveryReply: UInt8 = 0x04
        static let discoveryReplyAcknowledgment: UInt8 = 0x05
        static let consistencyCheck: UInt8 = 0x8a
        /// The bit of a code that says that a security section stands before the message.
        static let secureBit: UInt8 = 0x80
    }

    private let reserved, solicitationFlags, instance, version, rank, trigger, moreFlags, graph: FieldID
    private let advertisementInstance, advertisementSequence, advertisementGraph: FieldID
    private let acknowledgmentInstance, acknowledgmentSequence, acknowledgmentStatus, acknowledgmentGraph: FieldID
    private let checkInstance, checkNonce, checkGraph, destinationCounter: FieldID
    private let replyInstance, replyVersion, replyGraph: FieldID
    private let algorithm, keyMode, securityLevel, securityReserved, secureWord, counter, keySource, keyIndex: FieldID
    private let objectFlags, advertisementFlags, acknowledgmentFlags, checkFlags, secureFlags: FlagWord
    private let replyFlags, replyAcknowledgmentFlags: FlagWord
    private let nonzero: ExpertID
    private let options: RPLOptions

    init(reserved: FieldID, _ data: FieldID, option: FieldID, _ unknown: UnknownData, _ r: inout Registrar) {
        self.reserved = reserved
        solicitationFlags = r.field("icmpv6.rpl.dis.flags", "Flags", .uint8, .decimal)
        instance = r.field("icmpv6.rpl.dio.instance", "RPLInstanceID", .uint8, .decimal)
        version = r.field("icmpv6.rpl.dio.version", "Version", .uint8, .decimal)
        rank = r.field("icmpv6.rpl.dio.rank", "Rank", .uint16, .decimal)
        let modes = ValueStrings([
            (0, "No Downward routes maintained by RPL"), (1, "Non-Storing Mode of Operation"),
            (2, "Storing Mode of Operation with no multicast support"), (3, "Storing Mode of Operation with multicast support"),
            (4, "P2P Route Discovery Mode of Operation"),
        ])
        objectFlags = FlagWord("icmpv6.rpl.dio.flag", "Flags", .uint8, [
            .flag("g", "Grounded (G)", 0x80, "True", "False"), .flag("0", "Zero", 0x40, "True", "False"),
            .number("mop", "Mode of Operation (MOP)", 0x38, .hex, modes), .number("preference", "DODAG Preference", 0x07),
        ], &r)
        trigger = r.field("icmpv6.rpl.dio.dtsn", "Destination Advertisement Trigger Sequence Number (DTSN)", .uint8, .decimal)
        moreFlags = r.field("icmpv6.rpl.dio.flag", "Flags", .uint8, .hex)
        graph = r.field("icmpv6.rpl.dio.dagid", "DODAGID", .ipv6)
        advertisementInstance = r.field("icmpv6.rpl.dao.instance", "RPLInstanceID", .uint8, .decimal)
        advertisementFlags = FlagWord("icmpv6.rpl.dao.flag", "Flags", .uint8, [
            .flag("k", "DAO-ACK Request (K)", 0x80, "True", "False"), .flag("d", "DODAGID Present (D)", 0x40, "True", "False"),
            .number("rsv", "Reserved", 0x3f),
        ], &r)
        advertisementSequence = r.field("icmpv6.rpl.dao.sequence", "DAO Sequence", .uint8, .decimal)
        advertisementGraph = r.field("icmpv6.rpl.dao.dodagid", "DODAGID", .ipv6)
        acknowledgmentInstance = r.field("icmpv6.rpl.daoack.instance", "RPLInstanceID", .uint8, .decimal)
        acknowledgmentFlags = FlagWord("icmpv6.rpl.daoack.flag", "Flag", .uint8, [
            .flag("d", "DODAGID Present (D)", 0x80, "True", "False"), .number("rsv", "Reserved", 0x7f),
        ], &r)
        acknowledgmentSequence = r.field("icmpv6.rpl.daoack.sequence", "DAO-ACK Sequence", .uint8, .decimal)
        acknowledgmentStatus = r.field("icmpv6.rpl.daoack.status", "Status", .uint8, .decimal)
        acknowledgmentGraph = r.field("icmpv6.rpl.daoack.dodagid", "DODAGID", .ipv6)
        checkInstance = r.field("icmpv6.rpl.cc.instance", "RPLInstanceID", .uint8, .decimal)
        checkFlags = FlagWord("icmpv6.rpl.cc.flag", "Flag", .uint8, [
            .flag("r", "Response (R)", 0x80, "True", "False"), .number("rsv", "Reserved", 0x7f),
        ], &r)
        checkNonce = r.field("icmpv6.rpl.cc.nonce", "CC Nonce", .uint16, .hex)
        checkGraph = r.field("icmpv6.rpl.cc.dodagid", "DODAGID", .ipv6)
        destinationCounter = r.field("icmpv6.rpl.cc.destination_counter", "Destination Counter", .uint32, .decimal)
        secureFlags = FlagWord("icmpv6.rpl.secure.flag", "Flags", .uint8, [
            .flag("t", "Counter is Time (T)", 0x80, "True", "False"), .number("rsv", "Reserved", 0x7f),
        ], &r)
        algorithm = r.field("icmpv6.rpl.secure.algorithm", "Algorithm", .uint8, .decimal, strings: ValueStrings([
            (0, "Encryption: CCM with AES-128 / Signature: RSA with SHA-256"),
        ]))
        secureWord = r.field("icmpv6.rpl.secure.flag", "Flags", .uint8, .hex)
        keyMode = r.field("icmpv6.rpl.secure.kim", "Key Identifier Mode (KIM)", .uint8, .decimal, mask: 0xc0)
        securityLevel = r.field("icmpv6.rpl.secure.lvl", "Security Level (LVL)", .uint8, .decimal, mask: 0x07)
        securityReserved = r.field("icmpv6.rpl.secure.rsv", "Reserved", .uint8, .decimal, mask: 0x38)
        counter = r.field("icmpv6.rpl.secure.counter", "Counter", .uint32, .decimal)
        keySource = r.field("icmpv6.rpl.secure.key.source", "Key Source", .bytes)
        keyIndex = r.field("icmpv6.rpl.secure.key.index", "Key Source", .uint8, .decimal)
        replyInstance = r.field("icmpv6.rpl.p2p.dro.instance", "RPLInstanceID", .uint8, .decimal)
        replyVersion = r.field("icmpv6.rpl.p2p.dro.version", "Version", .uint8, .decimal)
        replyFlags = FlagWord("icmpv6.rpl.p2p.dro.flag", "Flags", .uint16, [
            .flag("stop", "Stop", 0x8000, "Yes", "No"), .flag("ack", "Ack", 0x4000, "Yes", "No"), .number("seq", "Seq", 0x3000),
            .number("reserved", "Reserved", 0x0fff),
        ], &r)
        replyGraph = r.field("icmpv6.rpl.p2p.dro.dagid", "DODAGID", .ipv6)
        replyAcknowledgmentFlags = FlagWord("icmpv6.rpl.p2p.droack.flag", "Flags", .uint16, [
            .number("seq", "Seq", 0xc000), .number("reserved", "Reserved", 0x3fff),
        ], &r)
        nonzero = r.expert("icmpv6.rpl.p2p.dro.zero", .proto, .warning, "This field MUST be set to zero")
        options = RPLOptions(data, option, unknown, &r)
    }

    func add(_ code: UInt8, _ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        if code & Message.secureBit != 0 { try addSecurity(&reader, &context) }
        switch code == Message.consistencyCheck ? code : code & ~Message.secureBit {
        case Message.solicitation:
            try context.uint8(solicitationFlags, &reader)
            try context.addBytes(reserved, 1, &reader)
        case Message.object: try addObject(&reader, &context)
        case Message.advertisement: try addAdvertisement(&reader, &context)
        case Message.advertisementAcknowledgment: try addAdvertisementAcknowledgment(&reader, &context)
        case Message.discoveryReply: try addReply(replyFlags, &reader, &context)
        case Message.discoveryReplyAcknowledgment:
            try addReply(replyAcknowledgmentFlags, &reader, &context)
            return
        case Message.consistencyCheck: try addCheck(&reader, &context)
        default: return
        }
        try options.add(isDiscoveryReply: code & ~Message.secureBit == Message.discoveryReply, &reader, &context)
    }

    /// RFC 6550, section 6.1. Wireshark tells from the security level what of the key identifier there is.
    private func addSecurity(_ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        try secureFlags.add(&reader, &context)
        try context.uint8(algorithm, &reader)
        let word = try context.uint8(secureWord, &reader)
        context.open()
        for part in [keyMode, securityLevel, securityReserved] { context.bits(part, reader, reader.offset - 1, 1, word: UInt64(word)) }
        context.close()
        try context.uint8(secureWord, &reader)
        try context.uint32(counter, &reader)
        switch word & 7 {
        case 0, 4: try context.uint8(keyIndex, &reader)
        case 2, 3, 6:
            try context.addBytes(keySource, 8, &reader)
            try context.uint8(keyIndex, &reader)
        default: break
        }
    }

    private func addObject(_ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        try context.uint8(instance, &reader)
        try context.uint8(version, &reader)
        try context.uint16(rank, &reader)
        try objectFlags.add(&reader, &context)
        try context.uint8(trigger, &reader)
        try context.uint8(moreFlags, &reader)
        try context.addBytes(reserved, 1, &reader)
        try context.addIPv6(graph, &reader)
    }

    private func addAdvertisement(_ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        try context.uint8(advertisementInstance, &reader)
        let flags = try advertisementFlags.add(&reader, &context)
        try context.addBytes(reserved, 1, &reader)
        try context.uint8(advertisementSequence, &reader)
        if flags & 0x40 != 0 { try context.addIPv6(advertisementGraph, &reader) }
    }

    private func addAdvertisementAcknowledgment(_ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        try context.uint8(acknowledgmentInstance, &reader)
        let flags = try acknowledgmentFlags.add(&reader, &context)
        try context.uint8(acknowledgmentSequence, &reader)
        try context.uint8(acknowledgmentStatus, &reader)
        if flags & 0x80 != 0 { try context.addIPv6(acknowledgmentGraph, &reader) }
    }

    private func addCheck(_ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        try context.uint8(checkInstance, &reader)
        try checkFlags.add(&reader, &context)
        try context.uint16(checkNonce, &reader)
        try context.addIPv6(checkGraph, &reader)
        try context.uint32(destinationCounter, &reader)
    }

    private func addReply(_ flags: FlagWord, _ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        try context.uint8(replyInstance, &reader)
        let version = try reader.uint8()
        let item = context.add(replyVersion, reader, reader.offset - 1, 1, value: UInt64(version))
        if version != 0 { context.expert(under: item, nonzero) }
        try flags.add(&reader, &context)
        try context.addIPv6(replyGraph, &reader)
    }
}
