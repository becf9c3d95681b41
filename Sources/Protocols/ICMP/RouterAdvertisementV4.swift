import Dissection
import Wire

/// The body of a router advertisement (RFC 1256, section 3) and the extensions of Mobile IP behind it (RFC 5944, section
/// 2.1).
struct RouterAdvertisementV4: Sendable {
    /// In words of four bytes: an address and its preference.
    private static let entryWords: UInt8 = 2

    private let addressCount, entrySize, lifetime, address, preference: FieldID
    private let extensionType, extensionLength, prefixLength, sequence, registrationLifetime: FieldID
    private let flags, careOfAddress, challenge, content: FieldID
    private let flagParts: [FieldID]
    private static let extensionNames = ValueStrings([
        (0, "One byte padding extension"), (16, "Mobility Agent Advertisement Extension"), (19, "Prefix Lengths Extension"),
        (24, "Challenge Extension"),
    ])
    private static let flagNames: [StaticString] = [
        ", Registration Required", ", Busy", ", Home Agent", ", Foreign Agent", ", Minimal Encapsulation", ", GRE", ", VJ Comp",
        ", Reverse tunneling", ", UDP tunneling", ", Revocation support",
    ]

    init(_ r: inout Registrar) {
        addressCount = r.field("icmp.num_addrs", "Number of addresses", .uint8, .decimal)
        entrySize = r.field("icmp.addr_entry_size", "Address entry size", .uint8, .decimal)
        lifetime = r.field("icmp.lifetime", "Lifetime", .uint16, .decimal) { value, text in
            text.append(decimal: value)
            text.append(" (")
            text.append(spanOfSeconds: value)
            text.append(")")
        }
        address = r.field("icmp.router_address", "Router address", .ipv4)
        preference = r.field("icmp.pref_level", "Preference level", .int32, .decimal)
        extensionType = r.field("icmp.mip.type", "Extension Type", .uint8, .decimal, strings: Self.extensionNames)
        extensionLength = r.field("icmp.mip.length", "Length", .uint8, .decimal)
        prefixLength = r.field("icmp.mip.prefixlength", "Prefix Length", .uint8, .decimal)
        sequence = r.field("icmp.mip.seq", "Sequence Number", .uint16, .decimal)
        registrationLifetime = r.field("icmp.mip.life", "Registration Lifetime", .uint16, .decimal)
        flags = r.field("icmp.mip.flags", "Flags", .uint16, .hex)
        let parts: [(String, String)] = [
            ("r", "Registration Required"), ("b", "Busy"), ("h", "Home Agent"), ("f", "Foreign Agent"), ("m", "Minimal Encapsulation"),
            ("g", "GRE"), ("v", "VJ Comp"), ("rt", "Reverse tunneling"), ("u", "UDP tunneling"), ("x", "Revocation support"),
        ]
        var fields: [FieldID] = []
        for (index, part) in parts.enumerated() {
            fields.append(r.flag("icmp.mip." + part.0, part.1, wordBits: 16, mask: 0x8000 >> UInt64(index), "True", "False"))
        }
        fields.append(r.field("icmp.mip.reserved", "Reserved", .uint16, .hex, mask: 0x3f))
        flagParts = fields
        careOfAddress = r.field("icmp.mip.coa", "Care-Of-Address", .ipv4)
        challenge = r.field("icmp.mip.challenge", "Challenge", .bytes)
        content = r.field("icmp.mip.content", "Content", .bytes)
    }

    /// - Parameter isMobile: whether extensions may follow.
    func add(_ reader: inout Reader, isMobile: Bool, _ data: DissectorID?, _ context: inout Context) throws(DissectionError) {
        let count = try context.uint8(addressCount, &reader)
        let words = try context.uint8(entrySize, &reader)
        try context.uint16(lifetime, &reader)
        guard words == Self.entryWords || count == 0 else {
            if reader.capturedRemaining > 0, let data { context.nested { $0.run(data, reader.rest) } }
            return
        }
        for _ in 0..<count {
            try context.uint32(address, &reader)
            let level = Int32(bitPattern: try reader.uint32())
            context.add(preference, reader, reader.offset - 4, 4, value: UInt64(bitPattern: Int64(level)))
        }
        guard isMobile else { return }
        while reader.remaining > 0 { try addExtension(&reader, &context) }
    }

    private func addExtension(_ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        let start = reader.offset
        let type = try reader.uint8()
        let isPadding = type == 0
        let byteCount = isPadding ? 1 : 2 + Int(try reader.uint8())
        let available = reader.capturedEnd - start
        context.heading(reader, start, min(byteCount, available)) {
            $0.append("Ext: ")
            if let name = Self.extensionNames.name(of: UInt64(type)) {
                $0.append(name)
            } else {
                $0.append("Unknown ext ")
                $0.append(decimal: type)
            }
        }
        context.open()
        defer { context.close() }
        context.add(extensionType, reader, start, 1, value: UInt64(type))
        if isPadding { return }
        context.add(extensionLength, reader, start + 1, 1, value: UInt64(byteCount - 2))
        switch type {
        case 16: try addAgent(byteCount - 2, &reader, &context)
        case 19: for _ in 2..<byteCount { try context.uint8(prefixLength, &reader) }
        case 24: try context.addBytes(challenge, byteCount - 2, &reader)
        default: try addUnknown(byteCount - 2, &reader, &context)
        }
    }

    /// Wireshark takes the length of an unknown extension to count type and length twice over.
    private func addUnknown(_ byteCount: Int, _ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        let end = min(reader.reportedEnd, reader.offset + byteCount)
        try context.addBytes(content, byteCount - 4, &reader)
        reader.offset = end
    }

    /// The mobility agent advertisement (RFC 5944, section 2.1.1).
    private func addAgent(_ byteCount: Int, _ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        let start = reader.offset
        try context.uint16(sequence, &reader)
        try context.uint16(registrationLifetime, &reader)
        let word = try reader.uint16()
        let item = context.add(flags, reader, reader.offset - 2, 2, value: UInt64(word))
        context.appendLabel(item) {
            for (index, name) in Self.flagNames.enumerated() where word & 0x8000 >> UInt16(index) != 0 { $0.append(name) }
        }
        context.open()
        for part in flagParts { context.bits(part, reader, reader.offset - 2, 2, word: UInt64(word)) }
        context.close()
        while reader.offset - start + 4 <= byteCount { try context.uint32(careOfAddress, &reader) }
    }
}
