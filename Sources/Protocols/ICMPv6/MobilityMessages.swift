import Dissection
import Wire

/// The messages of mobility and of moving networks: Mobile IPv6 (RFC 6275, section 6.5 and after), secure neighbour
/// discovery's certificates (RFC 3971, section 6.4), fast handovers (RFC 5568, section 6.1), ILNP's locator updates (RFC
/// 6743), duplicate addresses in 6LoWPANs (RFC 6775, section 4.4) and MPL (RFC 7731, section 6.3).
struct MobilityMessages: Sendable {
    private let options: NeighborOptions
    private let reserved, mobileIdentifier, homeAgent: FieldID
    private let certificateIdentifier, componentCount, component: FieldID
    private let subtype, handoverIdentifier: FieldID
    private let locatorCount, locator, preference, lifetime: FieldID
    private let status, statusReserved, registrationLifetime, registered, registeredAddress: FieldID
    private let minimumSequence, bufferedByteCount, seedLength, seed, sequence: FieldID
    private let prefixFlags, handoverFlags: FlagWord
    private static let subtypes = ValueStrings([
        (2, "Router Solicitation for Proxy Advertisement"), (3, "Proxy Router Advertisement"), (4, "Handover Initiate"),
        (5, "Handover Acknowledge"),
    ])

    init(reserved: FieldID, _ options: NeighborOptions, _ r: inout Registrar) {
        self.reserved = reserved
        self.options = options
        mobileIdentifier = r.field("icmpv6.mip6.identifier", "Identifier", .uint16, .decimalHex)
        homeAgent = r.field("icmpv6.mip6.home_agent_address", "Home Agent Address", .ipv6)
        prefixFlags = FlagWord("icmpv6.mip6.flag", "Flags", .uint16, [
            .flag("m", "Managed address configuration", 0x8000), .flag("o", "Other configuration", 0x4000),
            .number("rsv", "Reserved", 0x3fff),
        ], &r)
        certificateIdentifier = r.field("icmpv6.send.identifier", "Identifier", .uint16, .decimal)
        componentCount = r.field("icmpv6.send.all_components", "All Components", .uint16, .decimal)
        component = r.field("icmpv6.send.component", "Component", .uint16, .decimal)
        subtype = r.field("icmpv6.fmip6.subtype", "Subtype", .uint8, .decimal, strings: Self.subtypes)
        handoverFlags = FlagWord("icmpv6.fmip6.hi.flag", "Flag", .uint8, [
            .flag("s", "Assigned address configuration", 0x80), .flag("a", "Buffer", 0x40), .number("reserved", "Reserved", 0x3f),
        ], &r)
        handoverIdentifier = r.field("icmpv6.fmip6.identifier", "Identifier", .uint16, .decimalHex)
        locatorCount = r.field("icmpv6.ilnp.nb_locs", "Num of Locs", .uint8, .decimal)
        locator = r.field("icmpv6.ilnp.nb_locator", "Locator", .uint64, .hex)
        preference = r.field("icmpv6.ilnp.nb_preference", "Preference", .uint32, .decimal)
        lifetime = r.field("icmpv6.ilnp.nb_lifetime", "Lifetime", .uint32, .decimal)
        status = r.field("icmpv6.6lowpannd.da.status", "Status", .uint8, .decimal, strings: NeighborOptions.registrationStatus)
        statusReserved = r.field("icmpv6.6lowpannd.da.rsv", "Reserved", .uint8, .decimal)
        registrationLifetime = r.field("icmpv6.6lowpannd.da.lifetime", "Lifetime", .uint16, .decimal)
        registered = r.field("icmpv6.6lowpannd.da.eui64", "EUI-64", .eui64)
        registeredAddress = r.field("icmpv6.6lowpannd.da.reg_addr", "Registered Address", .ipv6)
        minimumSequence = r.field("icmpv6.mpl.seed_info.min_sequence", "MinSequence", .uint8, .decimal)
        bufferedByteCount = r.field("icmpv6.mpl.seed_info.bm_len", "Buffered Messages Length", .uint8, .decimal, mask: 0xfc)
        seedLength = r.field("icmpv6.mpl.seed_info.s", "Seed ID Length", .uint8, .decimal, strings: ValueStrings([
            (0, "0 bit, not included in MPL Seed Info"), (1, "16 bits"), (2, "64 bits"), (3, "128 bits"),
        ]), mask: 0x03)
        seed = r.field("icmpv6.mpl.seed_info.seed_id", "Seed ID", .string)
        sequence = r.field("icmpv6.mpl.seed_info.sequence", "Sequence", .uint8, .decimal)
    }

    /// - Parameter codeItem: the message's code, which some subtypes give a name.
    func add(_ type: UInt8, _ code: UInt8, _ codeItem: ItemRef, _ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        switch type {
        case 144...147: try addMobile(type, &reader, &context)
        case 148, 149: try addCertificates(isAdvertisement: type == 149, &reader, &context)
        case 150, 154: try addHandover(code, codeItem, &reader, &context)
        case 156: try addLocators(&reader, &context)
        case 157, 158: try addRegistration(&reader, &context)
        default:
            var number = 0
            while reader.remaining > 0 {
                number += 1
                try addSeed(number, &reader, &context)
            }
        }
    }

    private func addMobile(_ type: UInt8, _ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        try context.uint16(mobileIdentifier, &reader)
        if type == 147 {
            try prefixFlags.add(&reader, &context)
            try options.add(&reader, &context)
            return
        }
        try context.addBytes(reserved, 2, &reader)
        if type == 145 {
            while reader.remaining > 0 { try context.addIPv6(homeAgent, &reader) }
        }
    }

    private func addCertificates(isAdvertisement: Bool, _ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        try context.uint16(certificateIdentifier, &reader)
        if isAdvertisement { try context.uint16(componentCount, &reader) }
        try context.uint16(component, &reader)
        if isAdvertisement { try context.addBytes(reserved, 2, &reader) }
        try options.add(&reader, &context)
    }

    private func addHandover(
        _ code: UInt8, _ codeItem: ItemRef, _ reader: inout Reader, _ context: inout Context
    ) throws(DissectionError) {
        let kind = try context.uint8(subtype, &reader)
        if context.columns.accepts { context.columns.info.append(codeName: kind, Self.subtypes) }
        if let names = ICMPv6Names.handoverCodes(ofSubtype: kind) {
            context.appendLabel(codeItem) {
                $0.append(" (")
                if let name = names.name(of: UInt64(code)) {
                    $0.append(name)
                } else {
                    $0.append("Unknown ")
                    $0.append(decimal: code)
                }
                $0.append(")")
            }
        }
        switch kind {
        case 4: try handoverFlags.add(&reader, &context)
        case 2, 3, 5: try context.addBytes(reserved, 1, &reader)
        default: try reader.skip(1)
        }
        try context.uint16(handoverIdentifier, &reader)
        try options.add(&reader, &context)
    }

    private func addLocators(_ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        let count = try context.uint8(locatorCount, &reader)
        try context.addBytes(reserved, 1, &reader)
        try context.addBytes(reserved, 2, &reader)
        for _ in 0..<count {
            try context.uint64(locator, &reader)
            try context.uint16(preference, &reader)
            try context.uint16(lifetime, &reader)
        }
    }

    private func addRegistration(_ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        try context.uint8(status, &reader)
        try context.uint8(statusReserved, &reader)
        try context.uint16(registrationLifetime, &reader)
        try context.addEUI64(registered, &reader)
        try context.addIPv6(registeredAddress, &reader)
    }

    // MARK: MPL

    private func addSeed(_ number: Int, _ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        context.heading(reader, reader.offset, reader.clamped(2)) {
            $0.append("MPL Seed Info: [")
            $0.append(decimal: number)
            $0.append("]")
        }
        context.open()
        defer { context.close() }
        let first = try context.uint8(minimumSequence, &reader)
        let word = try reader.uint8()
        context.bits(bufferedByteCount, reader, reader.offset - 1, 1, word: UInt64(word))
        context.bits(seedLength, reader, reader.offset - 1, 1, word: UInt64(word))
        try addSeedIdentifier(word & 3, &reader, &context)
        let byteCount = Int(word >> 2)
        guard byteCount > 0 else { return }
        context.heading(reader, reader.offset, reader.clamped(byteCount)) { $0.append("Buffered Messages") }
        context.open()
        defer { context.close() }
        for byteIndex in 0..<byteCount {
            let bits = try reader.uint8()
            for bit in 0..<8 where bits << UInt8(bit) & 0x80 != 0 {
                let value = first &+ UInt8(truncatingIfNeeded: byteIndex * 8 + bit)
                context.add(sequence, reader, reader.offset - 1, 1, value: UInt64(value))
            }
        }
    }

    /// The seed's identifier; where it is left out, that is the message's source.
    private func addSeedIdentifier(_ kind: UInt8, _ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        let byteCount = kind == 0 ? 0 : kind == 1 ? 2 : kind == 2 ? 8 : 16
        try reader.skip(byteCount)
        let bytes = reader.captured(reader.offset - byteCount, byteCount)
        let source = context.packet.source
        _ = context.addText(seed, reader, reader.offset - byteCount, byteCount) {
            switch kind {
            case 0: $0.append(source)
            case 1: $0.append(hexOf: bytes)
            case 2: $0.append(hexOf: bytes, separator: 58)
            default: $0.append(.ipv6(high: bytes.uint64(0), low: bytes.uint64(8)))
            }
        }
    }
}
