import Dissection
import Wire

/// Records of keys and of what is proved with them, as far as they are more than a list of parts: KEY (RFC 2535), DNSKEY and
/// NSEC (RFC 4034), NSEC3 (RFC 5155), IPSECKEY (RFC 4025), HIP (RFC 8005), TKEY (RFC 2930), TSIG (RFC 8945).
struct DNSKeys: Sendable {
    private let zone: ZoneKeyFields
    private let key: KeyFields
    private let hash: HashFields
    private let gateway: GatewayFields
    private let host: HostFields
    private let exchange: ExchangeFields
    private let signature: SignatureFields
    private let nextName: FieldID
    private let noAlgorithm: ExpertID

    init(registering r: inout Registrar) {
        zone = ZoneKeyFields(&r)
        key = KeyFields(&r)
        hash = HashFields(&r)
        gateway = GatewayFields(&r)
        host = HostFields(&r)
        exchange = ExchangeFields(&r)
        signature = SignatureFields(&r)
        nextName = r.field("dns.nsec.next_domain_name", "Next Domain Name", .string)
        noAlgorithm = r.expert("dns.tsig.noalg", .undecoded, .warning, "No dissector for algorithm")
    }

    // MARK: Keys

    /// RFC 2535, section 3.1. With both of the first two bits set there is no key, and the other flags mean nothing.
    func addKey(_ data: inout DNSData, _ context: inout Context) throws(DissectionError) {
        let whole = data.reader
        let flags = UInt64(try context.uint16(key.flags, &data.reader))
        let offset = data.reader.offset - 2
        context.open()
        let isKey = flags & 0xc000 != 0xc000
        for field in isKey ? key.bits : key.useBits { context.bits(field, whole, offset, 2, word: flags) }
        context.close()
        try context.uint8(key.protocolNumber, &data.reader)
        try context.uint8(key.algorithm, &data.reader)
        addTag(key.tag, whole, data.layerStart, &context)
        try data.rest(key.publicKey, &context)
    }

    /// RFC 4034, section 2.1.
    func addZoneKey(_ data: inout DNSData, _ context: inout Context) throws(DissectionError) {
        let whole = data.reader
        let flags = UInt64(try context.uint16(zone.flags, &data.reader))
        let offset = data.reader.offset - 2
        context.open()
        for field in zone.bits { context.bits(field, whole, offset, 2, word: flags) }
        context.close()
        try context.uint8(zone.protocolNumber, &data.reader)
        try context.uint8(zone.algorithm, &data.reader)
        addTag(zone.tag, whole, data.layerStart, &context)
        try data.bytes(zone.publicKey, data.remaining, &context)
    }

    /// The tag of a key (RFC 4034, appendix B; B.1 for algorithm 1), of which four bytes were read.
    private func addTag(_ field: FieldID, _ key: Reader, _ layerStart: Int, _ context: inout Context) {
        guard context.wants(field) else { return }
        let bytes = key.captured(key.offset, key.remaining)
        guard bytes.count >= 4 else { return }
        var tag: UInt32 = 0
        if bytes[3] == 1 {
            tag = UInt32(bytes.uint16(bytes.count - 3))
        } else {
            for index in 0..<bytes.count { tag &+= index & 1 == 0 ? UInt32(bytes[index]) << 8 : UInt32(bytes[index]) }
            tag = tag &+ tag >> 16 & 0xffff
        }
        context.generated(field, key, layerStart, value: UInt64(tag & 0xffff))
    }

    // MARK: Proofs of absence

    /// RFC 4034, section 4.1.
    func addNext(_ data: inout DNSData, bitMapField: FieldID, _ context: inout Context) throws(DissectionError) {
        data.summary.add(", next domain name ", try data.name(nextName, &context))
        try data.typeBitMaps(bitMapField, &context)
    }

    /// RFC 5155, section 3.2.
    func addHashedNext(_ data: inout DNSData, bitMapField: FieldID, _ context: inout Context) throws(DissectionError) {
        try addHashParameters(&data, showsOwner: false, &context)
        let count = Int(try context.uint8(hash.hashLength, &data.reader))
        try addHash(count, &data, &context)
        try data.typeBitMaps(bitMapField, &context)
    }

    /// RFC 5155, section 4.2.
    func addHashParameters(_ data: inout DNSData, _ context: inout Context) throws(DissectionError) {
        try addHashParameters(&data, showsOwner: true, &context)
    }

    private func addHashParameters(_ data: inout DNSData, showsOwner: Bool, _ context: inout Context) throws(DissectionError) {
        if showsOwner { data.summary.addOwner(data.owner) }
        try context.uint8(hash.algorithm, &data.reader)
        let flags = try context.uint8(hash.flags, &data.reader)
        if !showsOwner {
            context.open()
            context.bits(hash.optOut, data.reader, data.reader.offset - 1, 1, word: UInt64(flags))
            context.close()
        }
        try context.uint16(hash.iterations, &data.reader)
        let saltByteCount = Int(try context.uint8(hash.saltLength, &data.reader))
        try data.bytes(hash.salt, saltByteCount, &context)
    }

    /// The next owner's hash as text, five bytes to eight characters (RFC 4648, section 7).
    private func addHash(_ count: Int, _ data: inout DNSData, _ context: inout Context) throws(DissectionError) {
        let offset = data.reader.offset
        try data.reader.require((count + 4) / 5 * 5)
        let bytes = data.reader.captured(offset, count)
        _ = context.addText(hash.hash, data.reader, offset, count, flags: .generated) { $0.append(base32hex: bytes) }
        try data.reader.skip(count)
    }

    // MARK: Other keys

    /// RFC 4025, section 2.1.
    func addGateway(_ data: inout DNSData, _ context: inout Context) throws(DissectionError) {
        try context.uint8(gateway.precedence, &data.reader)
        let type = try context.uint8(gateway.type, &data.reader)
        try context.uint8(gateway.algorithm, &data.reader)
        switch type {
        case 1: try data.ipv4(gateway.ipv4, &context)
        case 2: try data.ipv6(gateway.ipv6, &context)
        case 3: try data.name(gateway.name, &context)
        default: break
        }
        try data.rest(gateway.publicKey, &context)
    }

    /// RFC 8005, section 5. A server's name takes at least one byte, so that the data bounds their count.
    func addHostIdentity(_ data: inout DNSData, _ context: inout Context) throws(DissectionError) {
        data.summary.addOwner(data.owner)
        let tagByteCount = Int(try context.uint8(host.tagLength, &data.reader))
        try context.uint8(host.algorithm, &data.reader)
        let keyByteCount = Int(try context.uint16(host.keyLength, &data.reader))
        try data.bytes(host.tag, tagByteCount, &context)
        try data.bytes(host.key, keyByteCount, &context)
        while data.remaining > 0 { try data.name(host.server, &context) }
    }

    // MARK: Transactions

    /// RFC 2930, section 2.
    func addTransactionKey(_ data: inout DNSData, _ context: inout Context) throws(DissectionError) {
        try data.name(exchange.algorithm, &context)
        try data.time(exchange.inception, &context)
        try data.time(exchange.expiration, &context)
        try context.uint16(exchange.mode, &data.reader)
        try context.uint16(exchange.error, &data.reader)
        let keyByteCount = Int(try context.uint16(exchange.keySize, &data.reader))
        if keyByteCount > 0 { try data.bytes(exchange.key, keyByteCount, &context) }
        let otherByteCount = Int(try context.uint16(exchange.otherSize, &data.reader))
        if otherByteCount > 0 { try data.bytes(exchange.other, otherByteCount, &context) }
    }

    /// RFC 8945, section 4.2.
    func addTransactionSignature(_ data: inout DNSData, _ context: inout Context) throws(DissectionError) {
        let algorithm = try data.name(signature.algorithm, &context)
        let seconds = try data.reader.uint48()
        let nanoseconds = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        let limit = UInt64(Int64.max)
        let time = nanoseconds.overflow ? limit : min(nanoseconds.partialValue, limit)
        let item = context.add(signature.time, data.reader, data.reader.offset - 6, 6, value: time)
        if seconds > UInt64(UInt32.max) { context.appendLabel(item) { $0.append(" (high bits set)") } }
        try context.uint16(signature.fudge, &data.reader)
        let macByteCount = Int(try context.uint16(signature.macSize, &data.reader))
        if macByteCount > 0 { try addCode(macByteCount, algorithm, &data, &context) }
        try context.uint16(signature.originalIdentifier, &data.reader)
        try context.uint16(signature.error, &data.reader)
        let otherByteCount = Int(try context.uint16(signature.otherLength, &data.reader))
        if otherByteCount > 0 { try data.bytes(signature.other, otherByteCount, &context) }
    }

    /// The message authentication code, which no dissector takes.
    private func addCode(_ count: Int, _ algorithm: DNSName, _ data: inout DNSData, _ context: inout Context) throws(DissectionError) {
        context.add(signature.mac, data.reader, data.reader.offset, min(count, data.reader.capturedRemaining))
        context.open()
        context.expert(noAlgorithm) {
            $0.append("No dissector for algorithm:")
            $0.appendCopy(of: algorithm.text.range)
        }
        context.close()
        try data.reader.skip(count)
    }
}

// MARK: Fields

private struct ZoneKeyFields: Sendable {
    let flags, protocolNumber, algorithm, tag, publicKey: FieldID
    let bits: [FieldID]

    init(_ r: inout Registrar) {
        flags = r.field("dns.dnskey.flags", "Flags", .uint16, .hex)
        bits = [
            r.flag(
                "dns.dnskey.flags.zone_key", "Zone Key", wordBits: 16, mask: 0x0100, "This is the zone key for specified zone",
                "This it not a zone key"),
            r.flag("dns.dnskey.flags.key_revoked", "Key Revoked", wordBits: 16, mask: 0x0080, "Yes", "No"),
            r.flag("dns.dnskey.flags.secure_entry_point", "Key Signing Key", wordBits: 16, mask: 0x0001, "Yes", "No"),
            r.field("dns.dnskey.flags.reserved", "Key Signing Key", .uint16, .hex, mask: 0xfe7e),
        ]
        protocolNumber = r.field("dns.dnskey.protocol", "Protocol", .uint8, .decimal)
        algorithm = r.field("dns.dnskey.algorithm", "Algorithm", .uint8, .decimal, strings: DNSValues.algorithms)
        tag = r.field("dns.dnskey.key_id", "Key id", .uint16, .decimal)
        publicKey = r.field("dns.dnskey.public_key", "Public Key", .bytes)
    }
}

private struct KeyFields: Sendable {
    let flags, protocolNumber, algorithm, tag, publicKey: FieldID
    /// What the key may be used for.
    let useBits: [FieldID]
    let bits: [FieldID]

    init(_ r: inout Registrar) {
        flags = r.field("dns.key.flags", "Flags", .uint16, .hex)
        useBits = [
            r.flag("dns.key.flags.authentication", "Key allowed for authentication", wordBits: 16, mask: 0x8000, "Not Allowed", "Allowed"),
            r.flag("dns.key.flags.confidentiality", "Key allowed for confidentiality", wordBits: 16, mask: 0x4000, "Not Allowed", "Allowed"),
        ]
        bits = useBits + [
            r.flag("dns.key.flags.required", "Key required", wordBits: 16, mask: 0x2000, "Experimental or optional", "Required"),
            r.flag("dns.key.flags.associated_user", "Key is associated with a user", wordBits: 16, mask: 0x0400, "Yes", "No"),
            r.flag(
                "dns.key.flags.associated_named_entity", "Key is associated with the named entity", wordBits: 16, mask: 0x0200, "Yes", "No"),
            r.flag("dns.key.flags.ipsec", "Key use with IPSEC", wordBits: 16, mask: 0x0080, "Valid", "Invalid"),
            r.flag("dns.key.flags.mime", "Key use with MIME security multiparts", wordBits: 16, mask: 0x0040, "Valid", "Invalid"),
            r.field("dns.key.flags.signatory", "Signatory", .uint16, .decimal, mask: 0x000f),
        ]
        protocolNumber = r.field("dns.key.protocol", "Protocol", .uint8, .decimal)
        algorithm = r.field("dns.key.algorithm", "Algorithm", .uint8, .decimal, strings: DNSValues.algorithms)
        tag = r.field("dns.key.key_id", "Key ID", .uint16, .decimal)
        publicKey = r.field("dns.key.public_key", "Public Key", .bytes)
    }
}

private struct HashFields: Sendable {
    let algorithm, flags, optOut, iterations, saltLength, salt, hashLength, hash: FieldID

    init(_ r: inout Registrar) {
        algorithm = r.field("dns.nsec3.algo", "Hash algorithm", .uint8, .decimal, strings: DNSValues.hashes)
        flags = r.field("dns.nsec3.flags", "NSEC3 flags", .uint8, .decimal)
        optOut = r.flag(
            "dns.nsec3.flags.opt_out", "NSEC3 Opt-out flag", wordBits: 8, mask: 0x01, "Additional insecure delegations allowed",
            "Additional insecure delegations forbidden")
        iterations = r.field("dns.nsec3.iterations", "NSEC3 iterations", .uint16, .decimal)
        saltLength = r.field("dns.nsec3.salt_length", "Salt length", .uint8, .decimal)
        salt = r.field("dns.nsec3.salt_value", "Salt value", .bytes)
        hashLength = r.field("dns.nsec3.hash_length", "Hash length", .uint8, .decimal)
        hash = r.field("dns.nsec3.hash_value", "Next hashed owner", .string)
    }
}

private struct GatewayFields: Sendable {
    let precedence, type, algorithm, ipv4, ipv6, name, publicKey: FieldID

    init(_ r: inout Registrar) {
        precedence = r.field("dns.ipseckey.gateway_precedence", "Gateway Precedence", .uint8, .decimal)
        type = r.field("dns.ipseckey.gateway_type", "Gateway Type", .uint8, .decimal, strings: DNSValues.gatewayTypes)
        algorithm = r.field("dns.ipseckey.gateway_algorithm", "Gateway Algorithm", .uint8, .decimal, strings: DNSValues.gatewayAlgorithms)
        ipv4 = r.field("dns.ipseckey.gateway_ipv4", "IPv4 Gateway", .ipv4)
        ipv6 = r.field("dns.ipseckey.gateway_ipv6", "IPv6 Gateway", .ipv6)
        name = r.field("dns.ipseckey.gateway_dns", "DNS Gateway", .string)
        publicKey = r.field("dns.ipseckey.public_key", "Public Key", .bytes)
    }
}

private struct HostFields: Sendable {
    let tagLength, algorithm, keyLength, tag, key, server: FieldID

    init(_ r: inout Registrar) {
        tagLength = r.field("dns.hip.hit.length", "HIT length", .uint8, .decimal)
        algorithm = r.field("dns.hip.hit.pk.algo", "HIT length", .uint8, .decimal, strings: DNSValues.hostKeyAlgorithms)
        keyLength = r.field("dns.hip.pk.length", "PK length", .uint16, .decimal)
        tag = r.field("dns.hip.hit", "Host Identity Tag", .bytes)
        key = r.field("dns.hip.pk", "HIP Public Key", .bytes)
        server = r.field("dns.hip.rendezvous_server", "Rendezvous Server", .string)
    }
}

private struct ExchangeFields: Sendable {
    let algorithm, inception, expiration, mode, error, keySize, key, otherSize, other: FieldID

    init(_ r: inout Registrar) {
        algorithm = r.field("dns.tkey.algo_name", "Algorithm name", .string)
        inception = r.field("dns.tkey.signature_inception", "Signature Inception", .absoluteTime, .local)
        expiration = r.field("dns.tkey.signature_expiration", "Signature Expiration", .absoluteTime, .local)
        mode = r.field("dns.tkey.mode", "Mode", .uint16, .decimal, strings: DNSValues.keyModes)
        error = r.field("dns.tkey.error", "Error", .uint16, .decimal, strings: DNSValues.responseCodes)
        keySize = r.field("dns.tkey.key_size", "Key Size", .uint16, .decimal)
        key = r.field("dns.tkey.key_data", "Key Data", .bytes)
        otherSize = r.field("dns.tkey.other_size", "Other Size", .uint16, .decimal)
        other = r.field("dns.tkey.other_data", "Other Data", .bytes)
    }
}

private struct SignatureFields: Sendable {
    let algorithm, time, fudge, macSize, mac, originalIdentifier, error, otherLength, other: FieldID

    init(_ r: inout Registrar) {
        algorithm = r.field("dns.tsig.algorithm_name", "Algorithm Name", .string)
        time = r.field("dns.tsig.time_signed", "Time Signed", .absoluteTime, .local)
        fudge = r.field("dns.tsig.fudge", "Fudge", .uint16, .decimal)
        macSize = r.field("dns.tsig.mac_size", "MAC Size", .uint16, .decimal)
        mac = r.field("dns.tsig.mac", "MAC", .none)
        originalIdentifier = r.field("dns.tsig.original_id", "Original Id", .uint16, .decimal)
        error = r.field("dns.tsig.error", "Error", .uint16, .decimal, strings: DNSValues.responseCodes)
        otherLength = r.field("dns.tsig.other_len", "Other Len", .uint16, .decimal)
        other = r.field("dns.tsig.other_data", "Other Data", .bytes)
    }
}

extension TextBuffer {
    /// Five bits a character, in lower case and without padding (RFC 4648, section 7).
    mutating func append(base32hex bytes: ByteView) {
        var word: UInt32 = 0
        var bitCount: UInt32 = 0
        for index in 0..<bytes.count {
            word = word << 8 | UInt32(bytes[index])
            bitCount += 8
            while bitCount >= 5 {
                bitCount -= 5
                append(base32hexDigit: word >> bitCount & 31)
            }
        }
        if bitCount > 0 { append(base32hexDigit: word << (5 - bitCount) & 31) }
    }

    private mutating func append(base32hexDigit value: UInt32) {
        append(UInt8(truncatingIfNeeded: value < 10 ? 48 + value : 87 + value))
    }
}
