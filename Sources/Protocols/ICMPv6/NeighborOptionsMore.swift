import Dissection
import Wire

/// The options of secure neighbour discovery (RFC 3971, sections 5 and 6; proxies, RFC 6496). What is encoded in DER is shown
/// as bytes.
struct NeighborSecurityOptions: Sendable {
    private let shared: OptionFields
    private let padLength, address, modifier, subnet, collisions, publicKey, extensionType, extensionLength, extensionData: FieldID
    private let keyHash, proxyKeyHash, signature, timestamp, nonce: FieldID
    private let nameType, x501Name, domainName, certificateType, certificate, certificateBytes: FieldID

    init(_ shared: OptionFields, _ r: inout Registrar) {
        self.shared = shared
        padLength = r.field("icmpv6.opt.cga.pad_length", "Pad Length", .uint8, .decimal)
        address = r.field("icmpv6.opt.cga", "CGA", .bytes)
        modifier = r.field("icmpv6.opt.cga.modifier", "Modifier", .bytes)
        subnet = r.field("icmpv6.opt.cga.subnet_prefix", "Subnet Prefix", .bytes)
        collisions = r.field("icmpv6.opt.cga.count", "Count", .bytes)
        publicKey = r.field("icmpv6.opt.cga.subject_public_key_info", "Subject Public Key Info", .none)
        extensionType = r.field("icmpv6.opt.cga.ext_type", "Ext Type", .uint16, .decimal)
        extensionLength = r.field("icmpv6.opt.cga.ext_length", "Ext Length", .uint16, .decimal)
        extensionData = r.field("icmpv6.opt.cga.ext_data", "Ext Data", .bytes)
        keyHash = r.field("icmpv6.opt.rsa.key_hash", "Key Hash", .bytes)
        proxyKeyHash = r.field("icmpv6.opt.ps.key_hash", "Key Hash", .bytes)
        signature = r.field("icmpv6.opt.digital_signature_padding", "Digital Signature and Padding", .none)
        timestamp = r.field("icmpv6.opt.timestamp", "Timestamp", .absoluteTime, .local)
        nonce = r.field("icmpv6.opt.nonce", "Nonce", .bytes)
        nameType = r.field("icmpv6.opt.name_type", "Name Type", .uint8, .decimal, strings: ValueStrings([
            (1, "DER Encoded X.501 Name"), (2, "FQDN"), (3, "SHA-1 Subject Key Identifier (SKI)"),
            (4, "SHA-224 Subject Key Identifier (SKI)"), (5, "SHA-256 Subject Key Identifier (SKI)"),
            (6, "SHA-384 Subject Key Identifier (SKI)"), (7, "SHA-512 Subject Key Identifier (SKI)"),
            (253, "Reserved for Experimental Use"), (254, "Reserved for Experimental Use"), (255, "Reserved"),
        ]))
        certificateType = r.field("icmpv6.opt.name_type", "Cert Type", .uint8, .decimal, strings: ValueStrings([(1, "X.509v3 Certificate")]))
        x501Name = r.field("icmpv6.opt.name_x501", "DER Encoded X.501 Name", .bytes)
        domainName = r.field("icmpv6.opt.name_type.fqdn", "FQDN", .string)
        certificate = r.field("icmpv6.x509_Certificate", "Certificate", .none)
        certificateBytes = r.field("icmpv6.opt.certificate_padding", "Certificate and Padding", .none)
    }

    func add(_ option: inout NeighborOption, _ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        switch option.number {
        case 11: try addAddress(option, &reader, &context)
        case 12, 32:
            try context.addBytes(shared.reserved, 2, &reader)
            try context.addBytes(option.number == 12 ? keyHash : proxyKeyHash, 16, &reader)
            try context.addBytes(signature, option.end - reader.offset, &reader)
        case 13: try addTimestamp(&reader, &context)
        case 14: try context.addBytes(nonce, option.end - reader.offset, &reader)
        case 15: try addTrustAnchor(option, &reader, &context)
        default: try addCertificate(option, &reader, &context)
        }
    }

    /// A cryptographically generated address's parameters (RFC 3972, section 3). Wireshark reads extensions in the padding, too.
    private func addAddress(_ option: NeighborOption, _ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        let padding = Int(try context.uint8(padLength, &reader))
        try context.addBytes(shared.reserved, 1, &reader)
        let end = option.end - padding
        context.add(address, reader, reader.offset, reader.clamped(end - reader.offset))
        context.open()
        do {
            defer { context.close() }
            try context.addBytes(modifier, 16, &reader)
            try context.addBytes(subnet, 8, &reader)
            try context.addBytes(collisions, 1, &reader)
            try context.addBytes(publicKey, Self.derByteCount(reader), &reader)
            while option.end - reader.offset >= 4 {
                try context.uint16(extensionType, &reader)
                let byteCount = try context.uint16(extensionLength, &reader)
                try context.addBytes(extensionData, Int(byteCount), &reader)
            }
        }
        try context.addBytes(shared.padding, max(0, option.end - reader.offset), &reader)
    }

    /// The length of a value in DER (ITU-T X.690, section 8.1.3), its tag and length among it.
    private static func derByteCount(_ reader: Reader) throws(DissectionError) -> Int {
        try reader.require(2)
        let first = Int(reader.bytes[reader.offset + 1])
        guard first >= 0x80 else { return 2 + first }
        let lengthByteCount = first & 0x7f
        guard (1...4).contains(lengthByteCount) else { return 2 }
        try reader.require(2 + lengthByteCount)
        return 2 + lengthByteCount + Int(reader.bytes.unsigned(reader.offset + 2, byteCount: lengthByteCount))
    }

    /// Seconds since 1970 in 48 bits, and a fraction in 16 (RFC 3971, section 5.3.1).
    private func addTimestamp(_ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        try context.addBytes(shared.reserved, 6, &reader)
        let value = try reader.uint64()
        let time = Timestamp(seconds: Int64(value >> 16), nanoseconds: Int32(((value & 0xffff) * 1_000_000_000) >> 16))
        context.add(timestamp, reader, reader.offset - 8, 8, value: UInt64(bitPattern: time.totalNanoseconds))
    }

    private func addTrustAnchor(_ option: NeighborOption, _ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        let type = try context.uint8(nameType, &reader)
        let padding = Int(try context.uint8(padLength, &reader))
        let byteCount = max(0, option.end - padding - reader.offset)
        switch type {
        case 1: try context.addBytes(x501Name, byteCount, &reader)
        case 2: try context.addString(domainName, byteCount, &reader)
        default: try reader.skip(byteCount)
        }
        try context.addBytes(shared.padding, padding, &reader)
    }

    private func addCertificate(_ option: NeighborOption, _ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        let type = try context.uint8(certificateType, &reader)
        try context.addBytes(shared.reserved, 1, &reader)
        guard type == 1 else {
            try context.addBytes(certificateBytes, option.end - reader.offset, &reader)
            return
        }
        try context.addBytes(certificate, Self.derByteCount(reader), &reader)
        try context.addBytes(shared.padding, max(0, option.end - reader.offset), &reader)
    }
}

/// The options of mobile nodes: fast handovers (RFC 5568, section 6.4; RFC 5271), hierarchical mobility (RFC 5380), handover
/// keys (RFC 5269).
struct NeighborMobilityOptions: Sendable {
    private let shared: OptionFields
    private let addressCode, addressPrefixLength, address, prefixCode, prefixLength, prefix, linkCode, linkAddress: FieldID
    private let acknowledgmentCode, acknowledgmentStatus, suppliedAddress: FieldID
    private let distance, preference, validLifetime, globalAddress: FieldID
    private let keyPadLength, algorithm, keyReserved, publicKey, keyPadding, keyLifetime, encryptedKey: FieldID
    private let assist, node: IdentifierFields
    private let mapFlags: FlagWord

    private struct IdentifierFields {
        let code, length, value: FieldID
    }

    init(_ shared: OptionFields, _ r: inout Registrar) {
        self.shared = shared
        addressCode = r.field("icmpv6.opt.ipa.option_code", "Option-code", .uint8, .decimal, strings: ValueStrings([
            (1, "Old Care-of Address"), (2, "New Care-of Address"), (3, "NAR's IP address"), (4, "NAR's Prefix (sent in PrRtAdv)"),
        ]))
        addressPrefixLength = r.field("icmpv6.opt.ipa.prefix_len", "Prefix Length", .uint8, .decimal)
        address = r.field("icmpv6.opt.ipa.ipv6_address", "IPv6 Address", .ipv6)
        prefixCode = r.field("icmpv6.opt.nrpi.option_code", "Option-code", .uint8, .decimal)
        prefixLength = r.field("icmpv6.opt.nrpi.prefix_len", "Prefix Length", .uint8, .decimal)
        prefix = r.field("icmpv6.opt.nrpi.prefix", "Prefix", .ipv6)
        linkCode = r.field("icmpv6.opt.lla.option_code", "Option-code", .uint8, .decimal, strings: ValueStrings([
            (0, "Wildcard"), (1, "Link-layer Address of the New Access Point"), (2, "Link-layer Address of the MN"),
            (3, "Link-layer Address of the NAR"), (4, "Link-layer Address of the source"),
            (5, "The AP belongs to the current interface of the router"), (6, "No prefix information available"),
            (7, "No fast handovers support available"),
        ]))
        linkAddress = r.field("icmpv6.opt.lla.bytes", "Link-Layer Address", .bytes)
        acknowledgmentCode = r.field("icmpv6.opt.naack.option_code", "Option-Code", .uint8, .decimal)
        acknowledgmentStatus = r.field("icmpv6.opt.naack.status", "Status", .uint8, .decimal, strings: ValueStrings([
            (1, "New CoA is invalid, perform address configuration"), (2, "New CoA is invalid, use the supplied CoA"),
            (3, "NCoA is invalid, use NAR's IP address as NCoA in FBU"), (4, "PCoA supplied, do not send FBU"),
            (128, "LLA is unrecognized"),
        ]))
        suppliedAddress = r.field("icmpv6.opt.naack.supplied_ncoa", "Supplied NCoA", .ipv6)
        distance = r.field("icmpv6.opt.map.distance", "Distance", .uint8, .decimal, mask: 0xf0)
        preference = r.field("icmpv6.opt.map.preference", "Preference", .uint8, .decimal, mask: 0x0f)
        mapFlags = FlagWord("icmpv6.opt.map.flag", "Flag", .uint8, [
            .flag("r", "RCoA Flag", 0x80, "True", "False"), .number("reserved", "Reserved", 0x7f),
        ], &r)
        validLifetime = r.field("icmpv6.opt.map.valid_lifetime", "Valid Lifetime", .uint32, .decimal)
        globalAddress = r.field("icmpv6.opt.map.global_address", "Global Address", .ipv6)
        keyPadLength = r.field("icmpv6.opt.hkr.pad_length", "Pad Length", .uint8, .decimal)
        algorithm = r.field("icmpv6.opt.hkr.at", "AT", .uint8, .decimal, mask: 0xf0)
        keyReserved = r.field("icmpv6.opt.hkr.reserved", "Reserved", .uint8, .decimal, mask: 0x0f)
        publicKey = r.field("icmpv6.opt.hkr.encryption_public_key", "Handover Key Encryption Public Key", .bytes)
        keyPadding = r.field("icmpv6.opt.hkr.padding", "Padding", .bytes)
        keyLifetime = r.field("icmpv6.opt.hkr.lifetime", "Padding", .uint16, .decimal)
        encryptedKey = r.field("icmpv6.opt.hkr.encrypted_handover_key", "Encrypted Handover Key", .bytes)
        assist = IdentifierFields(
            code: r.field("icmpv6.opt.hai.option_code", "Option-Code", .uint8, .decimal, strings: ValueStrings([
                (1, "Access Network Identifier (AN ID)"), (2, "Sector ID"),
            ])),
            length: r.field("icmpv6.opt.hai.length", "HAI-Length", .uint8, .decimal),
            value: r.field("icmpv6.opt.hai.value", "HAI-Value", .bytes))
        node = IdentifierFields(
            code: r.field("icmpv6.opt.mn.option_code", "Option-Code", .uint8, .decimal, strings: ValueStrings([(1, "NAI"), (2, "IMSI")])),
            length: r.field("icmpv6.opt.mn.length", "MN-Length", .uint8, .decimal),
            value: r.field("icmpv6.opt.mn.value", "MN-Value", .bytes))
    }

    func add(_ option: inout NeighborOption, _ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        switch option.number {
        case 17: try addPrefix(addressCode, addressPrefixLength, address, option, &reader, &context)
        case 18: try addPrefix(prefixCode, prefixLength, prefix, option, &reader, &context)
        case 19:
            try context.uint8(linkCode, &reader)
            try context.addBytes(linkAddress, option.end - reader.offset, &reader)
        case 20: try addAcknowledgment(option, &reader, &context)
        case 23: try addAnchor(&reader, &context)
        case 27, 28: try addKey(option, &reader, &context)
        default: try addIdentifier(option.number == 29 ? assist : node, &option, &reader, &context)
        }
    }

    private func addPrefix(
        _ code: FieldID, _ length: FieldID, _ field: FieldID, _ option: NeighborOption, _ reader: inout Reader, _ context: inout Context
    ) throws(DissectionError) {
        try context.uint8(code, &reader)
        let bitCount = try context.uint8(length, &reader)
        try context.addBytes(shared.reserved, 4, &reader)
        let address = try context.addIPv6(field, &reader)
        context.appendLabel(option.top) {
            $0.append(" ")
            $0.append(prefix: address, bitCount)
        }
    }

    private func addAcknowledgment(_ option: NeighborOption, _ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        try context.uint8(acknowledgmentCode, &reader)
        let status = try context.uint8(acknowledgmentStatus, &reader)
        if status == 2 {
            try context.addIPv6(suppliedAddress, &reader)
        } else {
            try context.addBytes(shared.reserved, option.end - reader.offset, &reader)
        }
    }

    /// The mobility anchor point (RFC 5380, section 4).
    private func addAnchor(_ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        let word = UInt64(try reader.uint8())
        context.bits(distance, reader, reader.offset - 1, 1, word: word)
        context.bits(preference, reader, reader.offset - 1, 1, word: word)
        try mapFlags.add(&reader, &context)
        try context.uint32(validLifetime, &reader)
        try context.addIPv6(globalAddress, &reader)
    }

    private func addKey(_ option: NeighborOption, _ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        let padding = Int(try context.uint8(keyPadLength, &reader))
        let word = UInt64(try reader.uint8())
        context.bits(algorithm, reader, reader.offset - 1, 1, word: word)
        context.bits(keyReserved, reader, reader.offset - 1, 1, word: word)
        let isReply = option.number == 28
        if isReply { try context.uint16(keyLifetime, &reader) }
        let byteCount = max(0, option.end - padding - reader.offset)
        try context.addBytes(isReply ? encryptedKey : publicKey, byteCount, &reader)
        try context.addBytes(keyPadding, padding, &reader)
    }

    /// RFC 5271. Wireshark takes the rest of the message for padding, and leaves over the option (and behind the first of
    /// the two all that follows).
    private func addIdentifier(
        _ fields: IdentifierFields, _ option: inout NeighborOption, _ reader: inout Reader, _ context: inout Context
    ) throws(DissectionError) {
        try context.uint8(fields.code, &reader)
        let byteCount = Int(try context.uint8(fields.length, &reader))
        try context.addBytes(fields.value, byteCount, &reader)
        try context.addBytes(shared.padding, reader.remaining, &reader)
        if option.number == 29 { option.end = reader.reportedEnd }
        reader.offset = option.start
    }
}

/// The options of neighbour discovery in low-power networks (RFC 6775, section 4; RFC 7400, section 3.3).
struct NeighborLowPowerOptions: Sendable {
    private let shared: OptionFields
    private let status, registrationLifetime, registered: FieldID
    private let contextLength, contextLifetime, contextPrefix: FieldID
    private let versionLow, versionHigh, routerLifetime, router: FieldID
    private let unassigned, compression, moreUnassigned: FieldID
    private let contextFlags: FlagWord

    init(_ shared: OptionFields, _ r: inout Registrar) {
        self.shared = shared
        status = r.field("icmpv6.opt.aro.status", "Status", .uint8, .decimal, strings: NeighborOptions.registrationStatus)
        registrationLifetime = r.field("icmpv6.opt.aro.registration_lifetime", "Registration  Lifetime", .uint16, .decimal)
        registered = r.field("icmpv6.opt.aro.eui64", "EUI-64", .eui64)
        contextLength = r.field("icmpv6.opt.6co.context_length", "Context Length", .uint8, .decimal)
        contextFlags = FlagWord("icmpv6.opt.6co.flag", "Flag", .uint8, [
            .flag("c", "Compression Flag", 0x10), .number("cid", "CID", 0x0f), .number("reserved", "Reserved", 0xe0),
        ], &r)
        contextLifetime = r.field("icmpv6.opt.6co.valid_lifetime", "Lifetime", .uint16, .decimal)
        contextPrefix = r.field("icmpv6.opt.6co.context_prefix", "Context Prefix", .ipv6)
        versionLow = r.field("icmpv6.opt.abro.version_low", "Version Low", .uint16, .decimal)
        versionHigh = r.field("icmpv6.opt.abro.version_high", "Version", .uint16, .decimal)
        routerLifetime = r.field("icmpv6.opt.abro.valid_lifetime", "Valid Lifetime", .uint16, .decimal)
        router = r.field("icmpv6.opt.abro.6lbr_address", "6LBR Address", .ipv6)
        unassigned = r.field("icmpv6.opt.6cio.unassigned1", "Unassigned", .uint16, .hex, mask: 0xfffe)
        compression = r.field("icmpv6.opt.6cio.flag_g", "G", .uint16, .hex, mask: 0x1)
        moreUnassigned = r.field("icmpv6.opt.6cio.unassigned2", "Unassigned", .uint32, .hex)
    }

    func add(_ option: inout NeighborOption, _ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        switch option.number {
        case 33: try addRegistration(option, &reader, &context)
        case 34: try addContext(&option, &reader, &context)
        case 35: try addBorderRouter(option, &reader, &context)
        default:
            let word = UInt64(try reader.uint16())
            context.bits(unassigned, reader, reader.offset - 2, 2, word: word)
            context.bits(compression, reader, reader.offset - 2, 2, word: word)
            try context.uint32(moreUnassigned, &reader)
        }
    }

    private func addRegistration(_ option: NeighborOption, _ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        let state = try context.uint8(status, &reader)
        try context.addBytes(shared.reserved, 3, &reader)
        try context.uint16(registrationLifetime, &reader)
        let identifier = try context.addEUI64(registered, &reader)
        context.appendLabel(option.top) {
            $0.append(" : Register ")
            $0.append(eui64: identifier)
            $0.append(" ")
            $0.append(NeighborOptions.registrationStatus.name(of: UInt64(state)) ?? "Unknown")
        }
    }

    private func addContext(_ option: inout NeighborOption, _ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        let length = try context.uint8(contextLength, &reader)
        try contextFlags.add(&reader, &context)
        try context.addBytes(shared.reserved, 2, &reader)
        try context.uint16(contextLifetime, &reader)
        guard option.words == 2 || option.words == 3 else {
            option.isInvalid = true
            return
        }
        let address = try context.addIPv6Prefix(contextPrefix, (Int(option.words) - 1) * 8, &reader)
        context.appendLabel(option.top) {
            $0.append(" ")
            $0.append(prefix: address, length)
        }
    }

    private func addBorderRouter(_ option: NeighborOption, _ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        let low = try context.uint16(versionLow, &reader)
        let high = try context.uint16(versionHigh, &reader)
        let lifetime = try context.uint16(routerLifetime, &reader)
        let address = try context.addIPv6(router, &reader)
        context.appendLabel(option.top) {
            $0.append(" : Version ")
            $0.append(decimal: high)
            $0.append(".")
            $0.append(decimal: low)
            $0.append(", Valid Lifetime : ")
            $0.append(decimal: lifetime)
            $0.append(", 6LBR : ")
            $0.append(address)
        }
    }
}
