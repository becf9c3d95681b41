import Dissection
import Wire

/// Records that are more than a list of parts: WKS and TXT (RFC 1035), ISDN (RFC 1183), NXT (RFC 2535), LOC (RFC 1876), NAPTR
/// (RFC 3403), A6 (RFC 2874), APL (RFC 3123), CSYNC (RFC 7477), and those of no RFC: WINS, WINS-R, XPF.
struct DNSOtherRecords: Sendable {
    private let services: ServiceFields
    private let location: LocationFields
    private let authority: AuthorityFields
    private let prefix: PrefixFields
    private let wins: WINSFields
    private let forwarded: ForwardedFields
    private let textLength, text, policyLength, policy, nextName: FieldID
    private let lineLength, line, subLength, subAddress: FieldID
    private let prefixByteCount, suffix, prefixName: FieldID
    private let serial, syncFlags, immediate, minimum, typeBitMap: FieldID

    init(registering r: inout Registrar) {
        services = ServiceFields(&r)
        location = LocationFields(&r)
        authority = AuthorityFields(&r)
        prefix = PrefixFields(&r)
        wins = WINSFields(&r)
        forwarded = ForwardedFields(&r)
        textLength = r.field("dns.txt.length", "TXT Length", .uint8, .decimal)
        text = r.field("dns.txt", "TXT", .string)
        policyLength = r.field("dns.spf.length", "SPF Length", .uint8, .decimal)
        policy = r.field("dns.spf", "SPF", .string)
        nextName = r.field("dns.nxt.next_domain_name", "Next Domain Name", .string)
        lineLength = r.field("dns.idsn.length", "Length", .uint8, .decimal)
        line = r.field("dns.idsn.address", "ISDN Address", .string)
        subLength = r.field("dns.idsn.sa.length", "Length", .uint8, .decimal)
        subAddress = r.field("dns.idsn.sa.address", "Sub Address", .string)
        prefixByteCount = r.field("dns.a6.prefix_len", "Prefix len", .uint8, .decimal)
        suffix = r.field("dns.a6.address_suffix", "Address Suffix", .ipv6)
        prefixName = r.field("dns.a6.prefix_name", "Prefix name", .string)
        serial = r.field("dns.csync.soa", "SOA", .uint32, .decimal)
        syncFlags = r.field("dns.csync.flags", "Flags", .uint16, .hex)
        immediate = r.flag("dns.csync.flags.immediate", "immediate", wordBits: 16, mask: 0x0001, "True", "False")
        minimum = r.flag("dns.csync.flags.soaminimum", "soaminimum", wordBits: 16, mask: 0x0002, "True", "False")
        typeBitMap = r.field("dns.csync.type_bitmap", "Type Bitmap", .bytes)
    }

    // MARK: Texts and services

    /// RFC 1035, section 3.4.2: the ports of a protocol that a host serves, as a bit map.
    func addWellKnownServices(_ data: inout DNSData, _ context: inout Context) throws(DissectionError) {
        data.summary.add(", addr ", ipv4: try data.ipv4(services.address, &context))
        try context.uint8(services.protocolNumber, &data.reader)
        let first = data.reader.offset
        try data.reader.skip(data.remaining)
        for offset in first..<data.reader.offset where data.reader.bytes[offset] != 0 {
            addPorts(data.reader, offset, first: (offset - first) * 8, &context)
        }
    }

    private func addPorts(_ reader: Reader, _ offset: Int, first: Int, _ context: inout Context) {
        let byte = reader.bytes[offset]
        context.valueLabel(context.add(services.bits, reader, offset, 1, value: UInt64(byte))) {
            $0.append("0x")
            $0.append(hex: UInt64(byte), width: 2)
            var separator: StaticString = " ("
            for bit in 0..<8 where byte << bit & 0x80 != 0 {
                $0.append(separator)
                $0.append(decimal: first + bit)
                separator = ", "
            }
            $0.append(")")
        }
    }

    /// RFC 1035, section 3.3.14, and RFC 4408, section 3.1.1. A text takes at least one byte, so that the data bounds their
    /// count.
    func addTexts(_ type: UInt16, _ data: inout DNSData, _ context: inout Context) throws(DissectionError) {
        while data.remaining > 0 {
            if type == 16 { try data.text(textLength, text, &context) } else { try data.text(policyLength, policy, &context) }
        }
    }

    /// RFC 1183, section 3.2: the subaddress may be left out.
    func addLine(_ data: inout DNSData, _ context: inout Context) throws(DissectionError) {
        data.summary.addOwner(data.owner)
        try data.text(lineLength, line, &context)
        if data.remaining > 0 { try data.text(subLength, subAddress, &context) }
    }

    /// RFC 3403, section 4.1.
    func addNamingAuthority(_ data: inout DNSData, _ context: inout Context) throws(DissectionError) {
        data.summary.expectedCount = 3
        data.summary.add(", order ", number: UInt64(try context.uint16(authority.order, &data.reader)))
        data.summary.add(", preference ", number: UInt64(try context.uint16(authority.preference, &data.reader)))
        data.summary.add(", flags ", bytes: try data.text(authority.flagsLength, authority.flags, &context))
        try data.text(authority.serviceLength, authority.service, &context)
        try data.text(authority.expressionLength, authority.expression, &context)
        let name = try DNSName(&data.reader, in: data.message, &context.text)
        context.add(authority.replacementLength, data.message, name.offset, 0, value: UInt64(name.characterCount))
        context.add(authority.replacement, data.message, name.offset, name.byteCount, value: name.text.packed, flags: .inArena)
    }

    // MARK: Names and types

    /// RFC 2535, section 5.2: one bit map, from type 0 on.
    func addNext(_ data: inout DNSData, bitMapField: FieldID, _ context: inout Context) throws(DissectionError) {
        data.summary.add(", next domain name ", try data.name(nextName, &context))
        let first = data.reader.offset
        try data.reader.skip(data.remaining)
        for offset in first..<data.reader.offset {
            data.addTypes(bitMapField, at: offset, first: UInt16(truncatingIfNeeded: (offset - first) * 8), &context)
        }
    }

    /// RFC 7477, section 2.1.1.
    func addSynchronization(_ data: inout DNSData, bitMapField: FieldID, _ context: inout Context) throws(DissectionError) {
        try context.uint32(serial, &data.reader)
        let flags = UInt64(try context.uint16(syncFlags, &data.reader))
        context.open()
        context.bits(immediate, data.reader, data.reader.offset - 2, 2, word: flags)
        context.bits(minimum, data.reader, data.reader.offset - 2, 2, word: flags)
        context.close()
        context.add(typeBitMap, data.reader, data.reader.offset, data.reader.capturedRemaining)
        try data.typeBitMaps(bitMapField, &context)
    }

    // MARK: Addresses

    /// RFC 2874, section 3.1: the last bits of an address, and the name of what has the first ones.
    func addA6(_ data: inout DNSData, _ context: inout Context) throws(DissectionError) {
        let bitCount = Int(try data.reader.uint8())
        guard bitCount <= 128 else { throw DissectionError(.malformed, offset: data.reader.offset - 1, byteCount: 1) }
        context.add(prefixByteCount, data.reader, data.reader.offset - 1, 1, value: UInt64(bitCount))
        let offset = data.reader.offset
        let count = (128 - bitCount + 7) / 8
        try data.reader.skip(count)
        var (high, low): (UInt64, UInt64) = (0, 0)
        for index in offset..<offset + count {
            high = high << 8 | low >> 56
            low = low << 8 | UInt64(data.reader.bytes[index])
        }
        if bitCount < 64 { high &= .max >> UInt64(bitCount) } else { (high, low) = (0, bitCount < 128 ? low & .max >> UInt64(bitCount - 64) : 0) }
        if count > 0 {
            _ = context.addText(suffix, data.reader, offset, count) {
                for word in [high, low] { for shift in stride(from: 56, through: 0, by: -8) { $0.append(UInt8(truncatingIfNeeded: word >> UInt64(shift))) } }
            }
        }
        data.summary.expectedCount = 3
        data.summary.add(", addr ", number: UInt64(bitCount))
        data.summary.add(" ", ipv6: high, low)
        if bitCount > 0 { data.summary.add(" ", try data.name(prefixName, &context)) } else { data.summary.add(" ", bytes: .empty) }
    }

    /// RFC 3123, section 4. A prefix takes at least four bytes, so that the data bounds their count.
    func addPrefixes(_ data: inout DNSData, _ context: inout Context) throws(DissectionError) {
        data.summary.addOwner(data.owner)
        while data.remaining > 0 { try addPrefix(&data, &context) }
    }

    private func addPrefix(_ data: inout DNSData, _ context: inout Context) throws(DissectionError) {
        let family = try context.uint16(prefix.family, &data.reader)
        try context.uint8(prefix.length, &data.reader)
        let word = try data.reader.uint8()
        context.bits(prefix.negation, data.reader, data.reader.offset - 1, 1, word: UInt64(word))
        context.bits(prefix.byteCount, data.reader, data.reader.offset - 1, 1, word: UInt64(word))
        let count = Int(word & 0x7f)
        try data.reader.require(count)
        switch family {
        case 1 where count <= 4: context.add(prefix4: prefix.address4, data.reader, count)
        case 2 where count <= 16: context.add(prefix6: prefix.address6, data.reader, count)
        default: context.add(prefix.address, data.reader, data.reader.offset, count)
        }
        try data.reader.skip(count)
    }

    /// Names resolved by WINS. The data bounds the number of servers.
    func addWINS(_ data: inout DNSData, _ context: inout Context) throws(DissectionError) {
        try addTimeouts(wins.local, wins.lookup, wins.cache, &data, &context)
        try context.uint32(wins.serverCount, &data.reader)
        while data.remaining > 0 { try data.ipv4(wins.server, &context) }
    }

    func addWINSReverse(_ data: inout DNSData, _ context: inout Context) throws(DissectionError) {
        try addTimeouts(wins.reverseLocal, wins.reverseLookup, wins.reverseCache, &data, &context)
        data.summary.add(", name result domain ", try data.name(wins.domain, &context))
    }

    private func addTimeouts(
        _ local: FieldID, _ lookup: FieldID, _ cache: FieldID, _ data: inout DNSData, _ context: inout Context
    ) throws(DissectionError) {
        let flags = try data.reader.uint32()
        context.bits(local, data.reader, data.reader.offset - 4, 4, word: UInt64(flags))
        try context.uint32(lookup, &data.reader)
        try context.uint32(cache, &data.reader)
    }

    /// The endpoints of a query that a proxy passed on (draft-bellis-dnsop-xpf).
    func addForwardedFor(_ data: inout DNSData, _ context: inout Context) throws(DissectionError) {
        let version = try data.reader.uint8()
        context.add(forwarded.version, data.reader, data.reader.offset - 1, 1, value: UInt64(version))
        guard version == 4 || version == 6 else { return }
        try context.uint8(forwarded.protocolNumber, &data.reader)
        if version == 4 {
            try data.ipv4(forwarded.source4, &context)
            try data.ipv4(forwarded.destination4, &context)
        } else {
            try data.ipv6(forwarded.source6, &context)
            try data.ipv6(forwarded.destination6, &context)
        }
        try context.uint16(forwarded.sourcePort, &data.reader)
        try context.uint16(forwarded.destinationPort, &data.reader)
    }

    // MARK: Locations

    /// RFC 1876, section 2.
    func addLocation(_ data: inout DNSData, _ context: inout Context) throws(DissectionError) {
        let version = try context.uint8(location.version, &data.reader)
        guard version == 0 else {
            context.add(location.unknown, data.reader, data.reader.offset - 1, data.reader.capturedRemaining + 1)
            return
        }
        for field in location.bytes { try context.uint8(field, &data.reader) }
        for field in location.words { try context.uint32(field, &data.reader) }
    }
}

// MARK: Fields

private struct ServiceFields: Sendable {
    let address, protocolNumber, bits: FieldID

    init(_ r: inout Registrar) {
        address = r.field("dns.wks.address", "Address", .ipv4)
        protocolNumber = r.field("dns.wks.protocol", "Protocol", .uint8, .decimal, strings: IPProtocols.strings)
        bits = r.field("dns.wks.bits", "Bits", .uint8, .hex)
    }
}

private struct LocationFields: Sendable {
    let version, unknown: FieldID
    let bytes, words: [FieldID]

    init(_ r: inout Registrar) {
        version = r.field("dns.loc.version", "Version", .uint8, .decimal)
        let precision: ValueLabel = { value, out in
            out.append(decimal: value)
            out.append(" (")
            out.append(metres: Self.centimetres(value))
            out.append(" m)")
        }
        bytes = [
            r.field("dns.loc.size", "Size", .uint8, .decimal, label: precision),
            r.field("dns.loc.horizontal_precision", "Horizontal Precision", .uint8, .decimal, label: precision),
            r.field("dns.loc.vertical_precision", "Vertical Precision", .uint8, .decimal, label: precision),
        ]
        words = [
            r.field("dns.loc.latitude", "Latitude", .uint32, .decimal) { $1.append(angle: $0, positive: "N", negative: "S", limitDegrees: 90) },
            r.field("dns.loc.longitude", "Longitude", .uint32, .decimal) { $1.append(angle: $0, positive: "E", negative: "W", limitDegrees: 180) },
            // Centimetres above a base 100,000 m below the reference spheroid.
            r.field("dns.loc.altitude", "Altitude", .uint32, .decimal) { value, out in
                out.append(decimal: value)
                out.append(" (")
                out.append(metres: Int64(truncatingIfNeeded: value) - 10_000_000)
                out.append(" m)")
            },
        ]
        unknown = r.field("dns.loc.unknown_data", "Unknown data", .bytes)
    }

    /// A number from 0 to 9 and a power of ten, four bits each.
    private static func centimetres(_ value: UInt64) -> Int64 {
        var result = Int64(value >> 4 & 0xf)
        for _ in 0..<value & 0xf { result *= 10 }
        return result
    }
}

private struct AuthorityFields: Sendable {
    let order, preference, flagsLength, flags, serviceLength, service, expressionLength, expression, replacementLength, replacement: FieldID

    init(_ r: inout Registrar) {
        order = r.field("dns.naptr.order", "Order", .uint16, .decimal)
        preference = r.field("dns.naptr.preference", "Preference", .uint16, .decimal)
        flagsLength = r.field("dns.naptr.flags_length", "Flags Length", .uint8, .decimal)
        flags = r.field("dns.naptr.flags", "Flags", .string)
        serviceLength = r.field("dns.naptr.service_length", "Service Length", .uint8, .decimal)
        service = r.field("dns.naptr.service", "Service", .string)
        expressionLength = r.field("dns.naptr.regex_length", "Regex Length", .uint8, .decimal)
        expression = r.field("dns.naptr.regex", "Regex", .string)
        replacementLength = r.field("dns.naptr.replacement_length", "Replacement Length", .uint8, .decimal)
        replacement = r.field("dns.naptr.replacement", "Replacement", .string)
    }
}

private struct PrefixFields: Sendable {
    let family, length, negation, byteCount, address4, address6, address: FieldID

    init(_ r: inout Registrar) {
        family = r.field("dns.apl.address_family", "Address Family", .uint16, .decimal, strings: DNSValues.addressFamilies)
        length = r.field("dns.apl.coded_prefix", "Prefix Length", .uint8, .decimal)
        negation = r.flag("dns.apl.negation", "Negation Flag", wordBits: 8, mask: 0x80, "Yes (!)", "No (0)")
        byteCount = r.field("dns.apl.afdlength", "Address Length", .uint8, .decimal, mask: 0x7f)
        address4 = r.field("dns.apl.afdpart.ipv4", "Address", .ipv4)
        address6 = r.field("dns.apl.afdpart.ipv6", "Address", .ipv6)
        address = r.field("dns.apl.afdpart.data", "Address", .bytes)
    }
}

private struct WINSFields: Sendable {
    let local, lookup, cache, serverCount, server, reverseLocal, reverseLookup, reverseCache, domain: FieldID

    init(_ r: inout Registrar) {
        local = r.flag("dns.wins.local_flag", "Local Flag", wordBits: 32, mask: 1, "True", "False")
        lookup = r.field("dns.wins.lookup_timeout", "Lookup timeout", .uint32, .decimal)
        cache = r.field("dns.wins.cache_timeout", "Cache timeout", .uint32, .decimal)
        serverCount = r.field("dns.wins.nb_wins_servers", "Number of WINS servers", .uint32, .decimal)
        server = r.field("dns.wins.wins_server", "WINS Server Address", .ipv4)
        reverseLocal = r.flag("dns.winsr.local_flag", "Local Flag", wordBits: 32, mask: 1, "True", "False")
        reverseLookup = r.field("dns.winsr.lookup_timeout", "Lookup timeout", .uint32, .decimal)
        reverseCache = r.field("dns.winsr.cache_timeout", "Cache timeout", .uint32, .decimal)
        domain = r.field("dns.winsr.name_result_domain", "Name Result Domain", .string)
    }
}

private struct ForwardedFields: Sendable {
    let version, protocolNumber, source4, destination4, source6, destination6, sourcePort, destinationPort: FieldID

    init(_ r: inout Registrar) {
        version = r.field("dns.xpf.ip_version", "IP Version", .uint16, .decimal, strings: DNSValues.ipVersions)
        protocolNumber = r.field("dns.xpf.protocol", "Protocol", .uint8, .decimal, strings: IPProtocols.strings)
        source4 = r.field("dns.xpf.source_ipv4", "IPv4 Source", .ipv4)
        destination4 = r.field("dns.xpf.destination_ipv4", "IPv4 Destination", .ipv4)
        source6 = r.field("dns.xpf.source_ipv6", "IPv6 Source", .ipv6)
        destination6 = r.field("dns.xpf.destination_ipv6", "IPv6 Destination", .ipv6)
        sourcePort = r.field("dns.xpf.sport", "Source port", .uint16, .decimal)
        destinationPort = r.field("dns.xpf.dport", "Destination port", .uint16, .decimal)
    }
}

extension TextBuffer {
    /// Centimetres as metres, to six digits: `23.45`, `1e+06`.
    mutating func append(metres centimetres: Int64) {
        var digits = centimetres.magnitude
        if centimetres < 0 { append(45) }
        guard digits > 0 else { return append("0") }
        // `digits` times ten to the power of `exponent` is the number of metres.
        var exponent = -2
        while digits > 999_999 {
            let isLast = digits / 10 <= 999_999
            digits = (digits + (isLast ? 5 : 0)) / 10
            exponent += 1
        }
        while digits % 10 == 0 {
            digits /= 10
            exponent += 1
        }
        let digitCount = String(digits).utf8.count
        let power = digitCount - 1 + exponent
        guard power >= 6 else { return append(fixed: digits, exponent: exponent) }
        append(fixed: digits, exponent: 1 - digitCount)
        append("e+")
        append(decimal: UInt64(power), width: 2)
    }

    /// `digits` times ten to the power of `exponent`, without an exponent.
    private mutating func append(fixed digits: UInt64, exponent: Int) {
        var scale: UInt64 = 1
        for _ in 0..<abs(exponent) { scale *= 10 }
        guard exponent < 0 else { return append(decimal: digits * scale) }
        append(decimal: digits / scale)
        append(46)
        append(decimal: digits % scale, width: -exponent)
    }

    /// Thousandths of a second of arc, 2^31 being the equator or the prime meridian (RFC 1876, section 2).
    mutating func append(angle value: UInt64, positive: StaticString, negative: StaticString, limitDegrees: Int64) {
        let offset = Int64(truncatingIfNeeded: value) - 0x8000_0000
        append(decimal: value)
        guard offset.magnitude <= UInt64(limitDegrees) * 3_600_000 else { return append(" (Value out of range)") }
        let angle = offset.magnitude
        append(" (")
        append(decimal: angle / 3_600_000)
        append(" deg ")
        append(decimal: angle / 60_000 % 60)
        append(" min ")
        append(decimal: angle / 1000 % 60)
        append(46)
        append(decimal: angle % 1000, width: 3)
        append(" sec ")
        append(offset < 0 ? negative : positive)
        append(")")
    }
}
