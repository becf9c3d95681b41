import Dissection
import Wire

/// The IPv6 options that have several fields.
struct IPv6WideOptions: Sendable {
    private let doi, compartmentLength, sensitivity, calipsoChecksum, compartments: FieldID
    private let hashBit, taggerType, taggerLength, tagger, identifier, hashAssist: FieldID
    private let scaleReceived, scaleSent, thisPacket, lastReceived, deltaReceived, deltaSent: FieldID
    private let function, rate, quickTimeToLive, timeToLiveDifference, unused, nonce, quickReserved: FieldID
    private let minimumMTU, returnMTU, returnFlag: FieldID
    private let rplFlags, rplDown, rplRankError, rplForwardingError, rplReserved, rplInstance, rplRank: FieldID
    private let mplFlags, mplSeedLength, mplLargest, mplVersion, mplReserved, mplSequence, mplSeed: FieldID
    private let depthFlags, depthVersion, depthDuplicate, depthReturn, depthReserved, depthSequence: FieldID
    private let seedIsSource: ExpertID

    init(registering r: inout Registrar) {
        doi = r.field("ipv6.opt.calipso.doi", "CALIPSO Domain of Interpretation", .uint32, .decimal)
        compartmentLength = r.field("ipv6.opt.calipso.cmpt.length", "Compartment Length", .uint8, .decimal)
        sensitivity = r.field("ipv6.opt.calipso.sens_level", "Sensitivity Level", .uint8, .decimal)
        calipsoChecksum = r.field("ipv6.opt.calipso.checksum", "Checksum", .uint16, .hex)
        compartments = r.field("ipv6.opt.calipso.cmpt_bitmap", "Compartment Bitmap", .bytes)
        hashBit = r.field("ipv6.opt.smf_dpd.hash_bit", "H-bit", .boolean, mask: 0x80, wordBits: 8)
        taggerType = r.field("ipv6.opt.smf_dpd.tid_type", "TaggerID Type", .uint8, .decimal, strings: Self.taggerNames, mask: 0x70)
        taggerLength = r.field("ipv6.opt.smf_dpd.tid_len", "TaggerID Length", .uint8, .decimal, mask: 0x0f)
        tagger = r.field("ipv6.opt.smf_dpd.tagger_id", "TaggerID", .bytes)
        identifier = r.field("ipv6.opt.smf_dpd.ident", "Identifier", .bytes)
        hashAssist = r.field("ipv6.opt.smf_dpd.hav", "Hash Assist Value", .bytes)
        scaleReceived = r.field("ipv6.opt.pdm.scale_dtlr", "Scale DTLR", .uint8, .decimal)
        scaleSent = r.field("ipv6.opt.pdm.scale_dtls", "Scale DTLS", .uint8, .decimal)
        thisPacket = r.field("ipv6.opt.pdm.psn_this_pkt", "PSN This Packet", .uint16, .decimal)
        lastReceived = r.field("ipv6.opt.pdm.psn_last_recv", "PSN Last Received", .uint16, .decimal)
        deltaReceived = r.field("ipv6.opt.pdm.delta_last_recv", "Delta Time Last Received", .uint16, .decimal)
        deltaSent = r.field("ipv6.opt.pdm.delta_last_sent", "Delta Time Last Sent", .uint16, .decimal)
        function = r.field("ipv6.opt.qs_func", "Function", .uint8, .decimal, strings: ValueStrings([(0, "Rate request"), (8, "Rate report")]), mask: 0xf0)
        rate = r.field("ipv6.opt.qs_rate", "Rate", .uint8, .decimal, strings: Self.rateNames, mask: 0x0f)
        quickTimeToLive = r.field("ipv6.opt.qs_ttl", "QS TTL", .uint8, .decimal)
        timeToLiveDifference = r.field("ipv6.opt.qs_ttl_diff", "TTL Diff", .uint8, .decimal)
        unused = r.field("ipv6.opt.qs_unused", "Not Used", .uint8, .decimal)
        nonce = r.field("ipv6.opt.qs_nonce", "QS Nonce", .uint32, .hex, mask: 0xffff_fffc)
        quickReserved = r.field("ipv6.opt.qs_reserved", "Reserved", .uint32, .hex, mask: 0x0000_0003)
        minimumMTU = r.field("ipv6.opt.pmtu.min", "Minimum Reported PMTU", .uint16, .decimal)
        returnMTU = r.field("ipv6.opt.pmtu.rtn", "Return Minimum PMTU", .uint16, .decimal)
        returnFlag = r.field("ipv6.opt.pmtu.r_flag", "Return Flag", .boolean)
        rplFlags = r.field("ipv6.opt.rpl.flag", "Flag", .uint8, .hex)
        rplDown = r.field("ipv6.opt.rpl.flag.o", "Down", .boolean, mask: 0x80, wordBits: 8)
        rplRankError = r.field("ipv6.opt.rpl.flag.r", "Rank Error", .boolean, mask: 0x40, wordBits: 8)
        rplForwardingError = r.field("ipv6.opt.rpl.flag.f", "Forwarding Error", .boolean, mask: 0x20, wordBits: 8)
        rplReserved = r.field("ipv6.opt.rpl.flag.rsv", "Reserved", .uint8, .hex, mask: 0x1f)
        rplInstance = r.field("ipv6.opt.rpl.instance_id", "RPLInstanceID", .uint8, .hex)
        rplRank = r.field("ipv6.opt.rpl.sender_rank", "Sender Rank", .uint16, .hex)
        mplFlags = r.field("ipv6.opt.mpl.flag", "Flag", .uint8, .hex)
        mplSeedLength = r.field("ipv6.opt.mpl.flag.s", "Seed ID Length", .uint8, .decimal, strings: Self.seedNames, mask: 0xc0)
        mplLargest = r.field("ipv6.opt.mpl.flag.m", "Largest Sequence", .boolean, mask: 0x20, wordBits: 8)
        mplVersion = r.field("ipv6.opt.mpl.flag.v", "Version", .boolean, mask: 0x10, wordBits: 8)
        mplReserved = r.field("ipv6.opt.mpl.flag.rsv", "Reserved", .uint8, .hex, mask: 0x0f)
        mplSequence = r.field("ipv6.opt.mpl.sequence", "Sequence", .uint8, .hex)
        mplSeed = r.field("ipv6.opt.mpl.seed_id", "Seed ID", .bytes)
        seedIsSource = r.expert("ipv6.opt.mpl.ipv6_src_seed_id", .proto, .comment, "Seed ID is the IPv6 Source Address")
        depthFlags = r.field("ipv6.opt.dff.flags", "Flags", .uint8, .hex)
        depthVersion = r.field("ipv6.opt.dff.flag.ver", "Version (VER)", .uint8, .decimal, mask: 0xc0)
        depthDuplicate = r.field("ipv6.opt.dff.flag.dup", "Duplicate (DUP)", .boolean, mask: 0x20, wordBits: 8)
        depthReturn = r.field("ipv6.opt.dff.flag.ret", "Return (RET)", .boolean, mask: 0x10, wordBits: 8)
        depthReserved = r.field("ipv6.opt.dff.flag.rsv", "Reserved", .uint8, .hex, mask: 0x0f)
        depthSequence = r.field("ipv6.opt.dff.sequence_number", "Sequence Number", .uint16, .decimalHex)
    }

    private static let taggerNames = ValueStrings([(0, "NULL"), (1, "DEFAULT"), (2, "IPv4"), (3, "IPv6")])
    private static let seedNames = ValueStrings([
        (0, "0"), (1, "16-bit unsigned integer"), (2, "64-bit unsigned integer"), (3, "128-bit unsigned integer"),
    ])
    /// RFC 4782, section 3.1.
    static let rateNames = ValueStrings([
        (0, "0 bit/s"), (1, "80 Kbit/s"), (2, "160 Kbit/s"), (3, "320 Kbit/s"), (4, "640 Kbit/s"), (5, "1.28 Mbit/s"), (6, "2.56 Mbit/s"),
        (7, "5.12 Mbit/s"), (8, "10.24 Mbit/s"), (9, "20.48 Mbit/s"), (10, "40.96 Mbit/s"), (11, "81.92 Mbit/s"), (12, "163.84 Mbit/s"),
        (13, "327.68 Mbit/s"), (14, "655.36 Mbit/s"), (15, "1.31072 Gbit/s"),
    ])

    /// RFC 5570, section 5.1. The bitmap's length is in words of four bytes.
    func addCALIPSO(_ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        try context.uint32(doi, &reader)
        let words = Int(try context.uint8(compartmentLength, &reader))
        try context.uint8(sensitivity, &reader)
        try context.uint16(calipsoChecksum, &reader)
        try context.addBytes(compartments, words * 4, &reader)
    }

    /// RFC 6621, section 6.1.
    func addDuplicateDetection(_ option: IPv6Options.Option, _ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        let at = reader.offset
        let first = try reader.uint8()
        context.bits(hashBit, reader, at, 1, word: UInt64(first))
        guard first & 0x80 == 0 else {
            reader.offset = at
            try context.addBytes(hashAssist, max(1, option.byteCount), &reader)
            return
        }
        context.bits(taggerType, reader, at, 1, word: UInt64(first))
        context.bits(taggerLength, reader, at, 1, word: UInt64(first))
        if first & 0x70 != 0 { try context.addBytes(tagger, Int(first & 0x0f) + 1, &reader) }
        let rest = option.end - reader.offset
        if rest > 0 { try context.addBytes(identifier, rest, &reader) }
    }

    /// RFC 8250, section 3.2.1.
    func addMetrics(_ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        try context.uint8(scaleReceived, &reader)
        try context.uint8(scaleSent, &reader)
        for field in [thisPacket, lastReceived, deltaReceived, deltaSent] { try context.uint16(field, &reader) }
    }

    /// RFC 4782, section 3.1.
    func addQuickStart(
        _ option: IPv6Options.Option, _ reader: inout Reader, _ hopLimit: UInt8, _ context: inout Context
    ) throws(DissectionError) {
        let at = reader.offset
        let first = try reader.uint8()
        context.bits(function, reader, at, 1, word: UInt64(first))
        guard first >> 4 == 0 || first >> 4 == 8 else {
            reader.offset = at
            return
        }
        context.bits(rate, reader, at, 1, word: UInt64(first))
        let second = try reader.uint8()
        let isRequest = first >> 4 == 0
        if isRequest {
            context.add(quickTimeToLive, reader, at + 1, 1, value: UInt64(second))
            context.generated(timeToLiveDifference, reader, at + 1, 1, value: UInt64(hopLimit &- second))
        } else {
            context.add(unused, reader, at + 1, 1, value: UInt64(second))
        }
        context.appendLabel(option.item) {
            $0.append(", ")
            $0.append(Self.rateNames.name(of: UInt64(first & 0xf)) ?? "Unknown")
            guard isRequest else { return }
            $0.append(", QS TTL ")
            $0.append(decimal: second)
            $0.append(", QS TTL diff ")
            $0.append(decimal: hopLimit &- second)
        }
        let word = UInt64(try reader.uint32())
        context.bits(nonce, reader, at + 2, 4, word: word)
        context.bits(quickReserved, reader, at + 2, 4, word: word)
    }

    /// RFC 9268, section 5. The last bit is no part of the returned MTU.
    func addPathMTU(_ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        try context.uint16(minimumMTU, &reader)
        let word = try reader.uint16()
        context.add(returnMTU, reader, reader.offset - 2, 2, value: UInt64(word & 0xfffe))
        context.add(returnFlag, reader, reader.offset - 1, 1, value: UInt64(word & 1))
    }

    /// RFC 6553, section 3.
    func addRPL(_ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        let word = UInt64(try reader.uint8())
        let at = reader.offset - 1
        context.appendLabel(context.add(rplFlags, reader, at, 1, value: word)) {
            if word & 0x80 != 0 { $0.append(", Down") }
            if word & 0x40 != 0 { $0.append(", Rank Error") }
            if word & 0x20 != 0 { $0.append(", Forwarding Error") }
        }
        addBits([rplDown, rplRankError, rplForwardingError, rplReserved], word, reader, at, &context)
        try context.uint8(rplInstance, &reader)
        try context.uint16(rplRank, &reader)
    }

    /// RFC 7731, section 6.1.
    func addMPL(_ option: IPv6Options.Option, _ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        let word = UInt64(try reader.uint8())
        let at = reader.offset - 1
        context.appendLabel(context.add(mplFlags, reader, at, 1, value: word)) {
            $0.append(", Seed ID Length: ")
            $0.append(Self.seedNames.name(of: word >> 6) ?? "Unknown")
            if word & 0x20 != 0 { $0.append(", Largest Sequence") }
            if word & 0x10 != 0 { $0.append(", Version") }
        }
        addBits([mplSeedLength, mplLargest, mplVersion, mplReserved], word, reader, at, &context)
        try context.uint8(mplSequence, &reader)
        switch word >> 6 {
        case 0: context.expert(under: option.typeItem, seedIsSource)
        case 1: try context.addBytes(mplSeed, 2, &reader)
        case 2: try context.addBytes(mplSeed, 8, &reader)
        default: try context.addBytes(mplSeed, 16, &reader)
        }
    }

    /// RFC 6971, section 8.
    func addDepthFirst(_ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        let word = UInt64(try reader.uint8())
        let at = reader.offset - 1
        context.appendLabel(context.add(depthFlags, reader, at, 1, value: word)) {
            if word & 0x20 != 0 { $0.append(", Duplicate (DUP)") }
            if word & 0x10 != 0 { $0.append(", Return (RET)") }
        }
        addBits([depthVersion, depthDuplicate, depthReturn, depthReserved], word, reader, at, &context)
        try context.uint16(depthSequence, &reader)
    }

    private func addBits(_ fields: [FieldID], _ word: UInt64, _ reader: Reader, _ offset: Int, _ context: inout Context) {
        context.open()
        for field in fields { context.bits(field, reader, offset, 1, word: word) }
        context.close()
    }
}
