import Dissection
import Wire

/// Router renumbering (RFC 2894, section 3).
struct RouterRenumbering: Sendable {
    private static let longestPrefix: UInt8 = 128

    private let reserved, sequence, segment, maximumDelay: FieldID
    private let match, operation, operationLength, ordinal, matchLength, minimumLength, maximumLength, matchPrefix: FieldID
    private let use, useLength, keepLength, validLifetime, preferredLifetime, usePrefix: FieldID
    private let result, resultOrdinal, matchedLength, interfaceIndex, matchedPrefix: FieldID
    private let flags, flagMask, advertisementFlags, useFlags, resultFlags: FlagWord
    private let longMatch, longMatched: ExpertID
    private static let operations = ValueStrings([(1, "Add"), (2, "Change"), (3, "Set Global")])

    init(reserved: FieldID, _ r: inout Registrar) {
        self.reserved = reserved
        sequence = r.field("icmpv6.rr.sequence_number", "Sequence Number", .uint32, .decimal)
        segment = r.field("icmpv6.rr.segment_number", "Segment Number", .uint8, .decimal)
        flags = FlagWord("icmpv6.rr.flag", "Flags", .uint8, [
            .flag("t", "Test Command", 0x80), .flag("r", "Result requested", 0x40), .flag("a", "All Interfaces", 0x20),
            .flag("s", "Site-specific", 0x10), .flag("p", "Processed previously", 0x08), .number("rsv", "Reserved", 0x07),
        ], &r)
        maximumDelay = r.field("icmpv6.rr.maxdelay", "Max Delay", .uint16, .decimal)
        match = r.field("icmpv6.rr.pco.mp", "Match-Prefix Part", .none)
        operation = r.field("icmpv6.rr.pco.mp.opcode", "OpCode", .uint8, .decimal, strings: Self.operations)
        operationLength = r.field("icmpv6.rr.pco.mp.oplength", "OpLength", .uint8, .decimal)
        ordinal = r.field("icmpv6.rr.pco.mp.ordinal", "Ordinal", .uint8, .hex)
        matchLength = r.field("icmpv6.rr.pco.mp.matchlen", "MatchLen", .uint8, .decimal)
        minimumLength = r.field("icmpv6.rr.pco.mp.minlen", "MinLen", .uint8, .decimal)
        maximumLength = r.field("icmpv6.rr.pco.mp.maxlen", "MaxLen", .uint8, .decimal)
        matchPrefix = r.field("icmpv6.rr.pco.mp.matchprefix", "MatchPrefix", .ipv6)
        use = r.field("icmpv6.rr.pco.up", "Use-Prefix Part", .none)
        useLength = r.field("icmpv6.rr.pco.up.uselen", "UseLen", .uint8, .decimal)
        keepLength = r.field("icmpv6.rr.pco.up.keeplen", "KeepLen", .uint8, .decimal)
        let prefixFlags: [FlagWord.Part] = [
            .flag("l", "On-link flag(L)", 0x80), .flag("a", "Autonomous address-configuration flag(A)", 0x40),
            .number("reserved", "Reserved", 0x3f),
        ]
        flagMask = FlagWord("icmpv6.rr.pco.up.flagmask", "FlagMask", .uint8, prefixFlags, &r)
        advertisementFlags = FlagWord("icmpv6.rr.pco.up.raflags", "RAFlags", .uint8, prefix: "icmpv6.rr.pco.up.flagmask", prefixFlags, &r)
        validLifetime = r.field("icmpv6.rr.pco.up.validlifetime", "Valid Lifetime", .uint32, .decimal, strings: ICMPv6Names.infinity)
        preferredLifetime = r.field(
            "icmpv6.rr.pco.up.preferredlifetime", "Preferred Lifetime", .uint32, .decimal, strings: ICMPv6Names.infinity)
        useFlags = FlagWord("icmpv6.rr.pco.up.flag", "Flags", .uint32, [
            .flag("v", "Decrement valid lifetime", 0x8000_0000), .flag("p", "Decrement preferred lifetime", 0x4000_0000),
            .number("reserved", "Reserved", 0x3fff_ffff),
        ], &r)
        usePrefix = r.field("icmpv6.rr.pco.up.useprefix", "UsePrefix", .ipv6)
        result = r.field("icmpv6.rr.rm", "Result Message", .none)
        resultFlags = FlagWord("icmpv6.rr.rm.flag", "Flags", .uint16, [
            .number("reserved", "Reserved", 0xfffc), .flag("b", "Bounds", 0x02), .flag("f", "Forbidden", 0x01),
        ], &r)
        resultOrdinal = r.field("icmpv6.rr.rm.ordinal", "Ordinal", .uint8, .hex)
        matchedLength = r.field("icmpv6.rr.rm.matchedlen", "MatchedLen", .uint8, .decimal)
        interfaceIndex = r.field("icmpv6.rr.rm.interfaceindex", "InterfaceIndex", .uint32, .decimal)
        matchedPrefix = r.field("icmpv6.rr.rm.matchedprefix", "MatchedPrefix", .ipv6)
        longMatch = r.expert("icmpv6.rr.pco.mp.matchlen.gt128", .proto, .warning, "MatchLen is greater than 128")
        longMatched = r.expert("icmpv6.rr.pco.mp.matchedlen.gt128", .proto, .warning, "MatchedLen is greater than 128")
    }

    func add(_ code: UInt8, _ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        try context.uint32(sequence, &reader)
        try context.uint8(segment, &reader)
        try flags.add(&reader, &context)
        try context.uint16(maximumDelay, &reader)
        try context.addBytes(reserved, 4, &reader)
        switch code {
        case 0:
            try addMatch(&reader, &context)
            while reader.remaining > 0 { try addUse(&reader, &context) }
        case 1: while reader.remaining > 0 { try addResult(&reader, &context) }
        default: break
        }
    }

    private func addMatch(_ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        let top = context.add(match, reader, reader.offset, reader.clamped(24))
        context.open()
        defer { context.close() }
        let operation = try context.uint8(self.operation, &reader)
        try context.uint8(operationLength, &reader)
        try context.uint8(ordinal, &reader)
        let length = try addPrefixLength(matchLength, longMatch, &reader, &context)
        let minimum = try context.uint8(minimumLength, &reader)
        let maximum = try context.uint8(maximumLength, &reader)
        try context.addBytes(reserved, 2, &reader)
        let prefix = try context.addIPv6(matchPrefix, &reader)
        context.appendLabel(top) {
            $0.append(": ")
            if let name = Self.operations.name(of: UInt64(operation)) {
                $0.append(name)
            } else {
                $0.append("Unknown ")
                $0.append(decimal: operation)
            }
            $0.append(" ")
            $0.append(prefix: prefix, length)
            $0.append(" (")
            $0.append(decimal: minimum)
            $0.append("-")
            $0.append(decimal: maximum)
            $0.append(")")
        }
    }

    private func addPrefixLength(
        _ field: FieldID, _ expert: ExpertID, _ reader: inout Reader, _ context: inout Context
    ) throws(DissectionError) -> UInt8 {
        let length = try context.uint8(field, &reader)
        guard length > Self.longestPrefix else { return length }
        context.open()
        context.expert(expert)
        context.close()
        return length
    }

    private func addUse(_ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        let top = context.add(use, reader, reader.offset, reader.clamped(32))
        context.open()
        defer { context.close() }
        let length = try context.uint8(useLength, &reader)
        let kept = try context.uint8(keepLength, &reader)
        try flagMask.add(&reader, &context)
        try advertisementFlags.add(&reader, &context)
        try context.uint32(validLifetime, &reader)
        try context.uint32(preferredLifetime, &reader)
        try useFlags.add(&reader, &context)
        let prefix = try context.addIPv6(usePrefix, &reader)
        context.appendLabel(top) {
            $0.append(": ")
            $0.append(prefix: prefix, length)
            $0.append(" (keep ")
            $0.append(decimal: kept)
            $0.append(")")
        }
    }

    private func addResult(_ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        let top = context.add(result, reader, reader.offset, reader.clamped(24))
        context.open()
        defer { context.close() }
        try resultFlags.add(&reader, &context)
        try context.uint8(resultOrdinal, &reader)
        let length = try addPrefixLength(matchedLength, longMatched, &reader, &context)
        let interface = try context.uint32(interfaceIndex, &reader)
        let prefix = try context.addIPv6(matchedPrefix, &reader)
        context.appendLabel(top) {
            $0.append(": ")
            $0.append(prefix: prefix, length)
            $0.append(" (interface ")
            $0.append(decimal: interface)
            $0.append(")")
        }
    }
}
