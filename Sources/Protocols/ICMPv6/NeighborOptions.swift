import Dissection
import Wire

/// The options of neighbour discovery and of what borrows them: type, length in words of eight bytes, contents.
///
/// Wireshark reads an option's fields without regard to the option's length, and goes on at the end that the length gives;
/// so does this.
struct NeighborOptions: Sendable {
    static let registrationStatus = ValueStrings([(0, "Success"), (1, "Duplicate Exists"), (2, "Neighbor Cache Full")])
    private static let headerByteCount = 2

    /// The node of an option, which RPL's options use too.
    let node: FieldID
    private let type, length, data: FieldID
    private let invalidLength, undecoded: ExpertID
    private let unknown: UnknownData
    private let core: NeighborCoreOptions
    private let security: NeighborSecurityOptions
    private let mobility: NeighborMobilityOptions
    private let lowPower: NeighborLowPowerOptions
    private static let types = ValueStrings([
        (1, "Source link-layer address"), (2, "Target link-layer address"), (3, "Prefix information"), (4, "Redirected header"), (5, "MTU"),
        (6, "NBMA Shortcut Limit Option"), (7, "Advertisement Interval"), (8, "Home Agent Information"), (9, "Source Address List"),
        (10, "Target Address List"), (11, "CGA"), (12, "RSA Signature"), (13, "Timestamp"), (14, "Nonce"), (15, "Trust Anchor"),
        (16, "Certificate"), (17, "IP Address/Prefix Option"), (18, "New Router Prefix Information"), (19, "Link-layer Address"),
        (20, "Neighbor Advertisement Acknowledgment"), (23, "MAP"), (24, "Route Information"), (25, "Recursive DNS Server"),
        (26, "RA Flags Extension"), (27, "Handover Key Request"), (28, "Handover Key Reply"), (29, "Handover Assist Information"),
        (30, "Mobile Node Identifier Option"), (31, "DNS Search List Option"), (32, "Proxy Signature (PS)"),
        (33, "Address Registration Option"), (34, "6LoWPAN Context Option"), (35, "Authoritative Border Router"),
        (36, "6LoWPAN Capability Indication Option"), (37, "DHCP Captive-Portal"), (38, "PREF64 Option"), (138, "CARD Request"),
        (139, "CARD Reply"), (253, "RFC3692-style Experiment 1"), (254, "RFC3692-style Experiment 2"),
    ])

    init(_ data: FieldID, _ quoted: QuotedPacket, _ unknown: UnknownData, _ r: inout Registrar) {
        self.data = data
        self.unknown = unknown
        node = r.field("icmpv6.opt", "ICMPv6 Option", .none)
        type = r.field("icmpv6.opt.type", "Type", .uint8, .decimal, strings: Self.types)
        length = r.field("icmpv6.opt.length", "Length", .uint8, .decimal) { value, text in
            text.append(decimal: value)
            text.append(" (")
            text.append(decimal: value * 8)
            text.append(" bytes)")
        }
        invalidLength = r.expert("icmpv6.invalid_option_length", .malformed, .error, "Invalid Option Length")
        undecoded = r.expert("icmpv6.undecoded.option", .undecoded, .note, "Undecoded option")
        let shared = OptionFields(
            reserved: r.field("icmpv6.opt.reserved", "Reserved", .none), padding: r.field("icmpv6.opt.padding", "Padding", .none))
        core = NeighborCoreOptions(shared, quoted, &r)
        security = NeighborSecurityOptions(shared, &r)
        mobility = NeighborMobilityOptions(shared, &r)
        lowPower = NeighborLowPowerOptions(shared, &r)
    }

    /// Adds the options up to the end of the message.
    func add(_ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        while reader.remaining > 0 {
            guard try addOption(&reader, &context) else { return }
        }
    }

    /// Adds one option. Returns false if there is no telling where the next begins.
    private func addOption(_ reader: inout Reader, _ context: inout Context) throws(DissectionError) -> Bool {
        let start = reader.offset
        try reader.require(Self.headerByteCount)
        let (number, words) = (reader.bytes[start], reader.bytes[start + 1])
        let end = start + Int(words) * 8
        let top = context.add(node, reader, start, reader.clamped(end - start))
        context.label(top) {
            $0.append("ICMPv6 Option (")
            if let name = Self.types.name(of: UInt64(number)) { return $0.append(name) }
            $0.append("Unknown ")
            $0.append(decimal: number)
        }
        context.open()
        defer { context.close() }
        try context.uint8(type, &reader)
        let lengthItem = context.add(length, reader, start + 1, 1, value: UInt64(words))
        reader.offset = start + Self.headerByteCount
        guard words > 0 else {
            context.expert(under: lengthItem, invalidLength) { $0.append("Invalid option length (Zero)") }
            return false
        }
        var option = NeighborOption(number: number, words: words, start: start, end: end, top: top)
        try addContents(&option, &reader, &context)
        if option.isInvalid { context.expert(under: lengthItem, invalidLength) }
        context.appendLabel(top) { $0.append(")") }
        if reader.offset < option.end, !option.isComplete { try unknown.add(reader, reader.offset, upTo: option.end, &context) }
        reader.offset = option.end
        return true
    }

    private func addContents(_ option: inout NeighborOption, _ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        switch option.number {
        case 1...10, 24...26, 31, 37, 38: try core.add(&option, &reader, &context)
        case 11...16, 32: try security.add(&option, &reader, &context)
        case 17...20, 23, 27...30: try mobility.add(&option, &reader, &context)
        case 33...36: try lowPower.add(&option, &reader, &context)
        default:
            let number = option.number
            context.expert(undecoded) { $0.append(undecoded: "ICMPv6 Option", UInt16(number)) }
            try context.addBytes(data, option.end - reader.offset, &reader)
        }
    }
}

/// An option at hand.
struct NeighborOption {
    let number: UInt8
    /// Of eight bytes.
    let words: UInt8
    let start: Int
    var end: Int
    let top: ItemRef
    /// Whether its length does not fit its contents.
    var isInvalid = false
    /// Whether bytes that are left over are of no interest.
    var isComplete = false

    init(number: UInt8, words: UInt8, start: Int, end: Int, top: ItemRef) {
        self.number = number
        self.words = words
        self.start = start
        self.end = end
        self.top = top
    }
}

/// Fields that many options have.
struct OptionFields: Sendable {
    let reserved, padding: FieldID
}

/// The options of neighbour discovery itself (RFC 4861, section 4.6), of Mobile IPv6 (RFC 6275, sections 7.3 and 7.4), inverse
/// discovery (RFC 3122), more specific routes (RFC 4191), DNS (RFC 8106), more flags (RFC 5175), captive portals (RFC 8910) and
/// NAT64 prefixes (RFC 8781).
struct NeighborCoreOptions: Sendable {
    private let shared: OptionFields
    private let quoted: QuotedPacket
    private let linkAddress, linkAddress64: FieldID
    private let ownLinkAddress, ownLinkAddress64: (source: FieldID, target: FieldID)
    private let prefixLength, validLifetime, preferredLifetime, prefix: FieldID
    private let redirected, mtu, shortcutLimit, advertisementInterval, homePreference, homeLifetime, address: FieldID
    private let routeLifetime, serverLifetime, server, searchLifetime, searchName, portal: FieldID
    private let scaledLifetime, prefixCode, translationPrefix: FieldID
    private let prefixFlags, routeFlags, moreFlags: FlagWord
    private static let serverLifetimes = ValueStrings(
        [(0, "RDNSS address MUST no longer be used"), (0xffff_ffff, "Infinity")], specialOnly: true)
    private static let searchLifetimes = ValueStrings(
        [(0, "DNSSL domain name MUST no longer be used"), (0xffff_ffff, "Infinity")], specialOnly: true)

    init(_ shared: OptionFields, _ quoted: QuotedPacket, _ r: inout Registrar) {
        self.shared = shared
        self.quoted = quoted
        linkAddress = r.field("icmpv6.opt.linkaddr", "Link-layer address", .bytes)
        ownLinkAddress = (
            r.field("icmpv6.opt.src_linkaddr", "Source Link-layer address", .bytes),
            r.field("icmpv6.opt.target_linkaddr", "Target Link-layer address", .bytes)
        )
        linkAddress64 = r.field("icmpv6.opt.linkaddr_eui64", "Link-layer address", .eui64)
        ownLinkAddress64 = (
            r.field("icmpv6.opt.src_linkaddr_eui64", "Source Link-layer address", .eui64),
            r.field("icmpv6.opt.target_linkaddr_eui64", "Target Link-layer address", .eui64)
        )
        prefixLength = r.field("icmpv6.opt.prefix.length", "Prefix Length", .uint8, .decimal)
        prefixFlags = FlagWord("icmpv6.opt.prefix.flag", "Flag", .uint8, [
            .flag("l", "On-link flag(L)", 0x80), .flag("a", "Autonomous address-configuration flag(A)", 0x40),
            .flag("r", "Router address flag(R)", 0x20), .number("reserved", "Reserved", 0x1f),
        ], &r)
        validLifetime = r.field("icmpv6.opt.prefix.valid_lifetime", "Valid Lifetime", .uint32, .decimal, strings: ICMPv6Names.infinity)
        preferredLifetime = r.field(
            "icmpv6.opt.prefix.preferred_lifetime", "Preferred Lifetime", .uint32, .decimal, strings: ICMPv6Names.infinity)
        prefix = r.field("icmpv6.opt.prefix", "Prefix", .ipv6)
        redirected = r.field("icmpv6.opt.redirected_packet", "Redirected Packet", .none)
        mtu = r.field("icmpv6.opt.mtu", "MTU", .uint32, .decimal)
        shortcutLimit = r.field("icmpv6.opt.nbma.shortcut_limit", "Shortcut Limit", .uint8, .decimal)
        advertisementInterval = r.field("icmpv6.opt.advertisement_interval", "Advertisement Interval", .uint32, .decimal)
        homePreference = r.field("icmpv6.opt.home_agent_preference", "Home Agent Preference", .uint16, .decimal)
        homeLifetime = r.field("icmpv6.opt.home_agent_lifetime", "Home Agent Preference", .uint16, .decimal)
        address = r.field("icmpv6.opt.ipv6_address", "IPv6 Address", .ipv6)
        routeFlags = FlagWord("icmpv6.opt.route_info.flag", "Flag", .uint8, [
            .number("route_preference", "Route Preference", 0x18, .decimal, ICMPv6Names.preferences), .number("reserved", "Reserved", 0xe7),
        ], &r)
        routeLifetime = r.field("icmpv6.opt.route_lifetime", "Route Lifetime", .uint32, .decimal, strings: ICMPv6Names.infinity)
        serverLifetime = r.field("icmpv6.opt.rdnss.lifetime", "Lifetime", .uint32, .decimal, strings: Self.serverLifetimes)
        server = r.field("icmpv6.opt.rdnss", "Recursive DNS Servers", .ipv6)
        moreFlags = FlagWord("icmpv6.opt.efo", "Flags Expansion Option", .uint16, [
            .flag("m", "Managed address configuration", 0x8000), .flag("o", "Other configuration", 0x4000),
            .flag("h", "Home Agent", 0x2000), .number("prf", "Prf (Default Router Preference)", 0x1800, .decimal, ICMPv6Names.preferences),
            .flag("p", "Proxy", 0x0400), .number("rsv", "Reserved", 0x02ff),
        ], &r)
        searchLifetime = r.field("icmpv6.opt.dnssl.lifetime", "Lifetime", .uint32, .decimal, strings: Self.searchLifetimes)
        searchName = r.field("icmpv6.opt.dnssl", "Domain Names", .string)
        portal = r.field("icmpv6.opt.captive_portal", "Captive Portal", .string)
        scaledLifetime = r.field("icmpv6.opt.pref64.scaled_lifetime", "Scaled Lifetime", .uint16, .decimal, mask: 0xfff8)
        prefixCode = r.field("icmpv6.opt.pref64.plc", "PLC (Prefix Length Code)", .uint16, .hex, strings: ValueStrings([
            (0, "96 bits prefix length"), (1, "64 bits prefix length"), (2, "56 bits prefix length"), (3, "48 bits prefix length"),
            (4, "40 bits prefix length"), (5, "32 bits prefix length"),
        ]), mask: 0x7)
        translationPrefix = r.field("icmpv6.opt.pref64.prefix", "Prefix", .ipv6)
    }

    func add(_ option: inout NeighborOption, _ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        switch option.number {
        case 1, 2: try addLinkAddress(option, &reader, &context)
        case 3: try addPrefix(option, &reader, &context)
        case 4: try addRedirected(option, &reader, &context)
        case 5: try addNumber(mtu, option, &reader, &context)
        case 6: try addShortcutLimit(option, &reader, &context)
        case 7: try addNumber(advertisementInterval, option, &reader, &context)
        case 8:
            try context.addBytes(shared.reserved, 2, &reader)
            try context.uint16(homePreference, &reader)
            try context.uint16(homeLifetime, &reader)
        case 9, 10:
            try context.addBytes(shared.reserved, 6, &reader)
            try addAddresses(address, option, &reader, &context)
        case 24: try addRoute(&option, &reader, &context)
        case 25:
            try context.addBytes(shared.reserved, 2, &reader)
            try context.uint32(serverLifetime, &reader)
            try addAddresses(server, option, &reader, &context)
        case 26:
            try moreFlags.add(&reader, &context)
            try context.addBytes(shared.reserved, 4, &reader)
        case 31: try addSearchList(option, &reader, &context)
        case 37: try context.addString(portal, option.end - reader.offset, &reader)
        default: try addTranslationPrefix(&option, &reader, &context)
        }
    }

    // MARK: Link-layer addresses

    /// An address of six bytes, or of eight with six of padding (IEEE 802.15.4; RFC 4944, section 8), or of another link.
    private func addLinkAddress(_ option: NeighborOption, _ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        let isSource = option.number == 1
        let own = isSource ? ownLinkAddress.source : ownLinkAddress.target
        let byteCount = option.end - reader.offset
        try reader.require(byteCount)
        let start = reader.offset
        let bytes = reader.captured(start, byteCount)
        if byteCount == 6 {
            let value = UInt64(bytes.uint16(0)) << 32 | UInt64(bytes.uint32(2))
            let resolves = context.resolution.macAddresses
            context.valueLabel(context.add(linkAddress, reader, start, 6)) { $0.append(namedEthernet: value, resolves) }
            context.valueLabel(context.add(own, reader, start, 6, flags: .hidden)) { $0.append(namedEthernet: value, resolves) }
            note(.ethernet(value), isSource, option, &context)
        } else if byteCount == 14, bytes.uint16(8) == 0, bytes.uint32(10) == 0 {
            let value = bytes.uint64(0)
            context.add(linkAddress64, reader, start, 8, value: value)
            context.add(isSource ? ownLinkAddress64.source : ownLinkAddress64.target, reader, start, 8, value: value, flags: .hidden)
            if isSource {
                context.add(linkAddress, reader, start, 8, flags: .hidden)
                context.add(own, reader, start, 8, flags: .hidden)
            }
            context.add(shared.padding, reader, start + 8, 6)
            note64(value, option, &context)
        } else {
            context.add(linkAddress, reader, start, byteCount)
            context.add(own, reader, start, byteCount, flags: .hidden)
        }
        reader.offset = option.end
    }

    private func note(_ address: Address, _ isSource: Bool, _ option: NeighborOption, _ context: inout Context) {
        context.appendLabel(option.top) {
            $0.append(" : ")
            $0.append(address)
        }
        context.columns.append(isSource ? " from " : " is at ", address)
    }

    private func note64(_ address: UInt64, _ option: NeighborOption, _ context: inout Context) {
        context.appendLabel(option.top) {
            $0.append(" : ")
            $0.append(eui64: address)
        }
        guard context.columns.accepts else { return }
        context.columns.info.append(" from ")
        context.columns.info.append(eui64: address)
    }

    // MARK: Prefixes and routes

    private func addPrefix(_ option: NeighborOption, _ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        let length = try context.uint8(prefixLength, &reader)
        try prefixFlags.add(&reader, &context)
        try context.uint32(validLifetime, &reader)
        try context.uint32(preferredLifetime, &reader)
        try context.addBytes(shared.reserved, 4, &reader)
        let address = try context.addIPv6(prefix, &reader)
        context.appendLabel(option.top) {
            $0.append(" : ")
            $0.append(prefix: address, length)
        }
    }

    /// RFC 4191, section 2.3: as much of the prefix as the option has room for.
    private func addRoute(_ option: inout NeighborOption, _ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        let length = try context.uint8(prefixLength, &reader)
        let flags = try routeFlags.add(&reader, &context)
        context.appendLabel(option.top) {
            $0.append(" : ")
            $0.append(ICMPv6Names.preferences.name(of: flags >> 3 & 3) ?? "")
        }
        try context.uint32(routeLifetime, &reader)
        guard option.words <= 3 else {
            option.isInvalid = true
            return
        }
        let byteCount = (Int(option.words) - 1) * 8
        var address = Address.ipv6(high: 0, low: 0)
        if byteCount > 0 { address = try context.addIPv6Prefix(prefix, byteCount, &reader) }
        context.appendLabel(option.top) {
            $0.append(" ")
            $0.append(prefix: address, length)
        }
    }

    /// RFC 8781, section 4: the code for the prefix's length stands in the low bits of the lifetime.
    private func addTranslationPrefix(
        _ option: inout NeighborOption, _ reader: inout Reader, _ context: inout Context
    ) throws(DissectionError) {
        let word = try reader.uint16()
        let code = word & 7
        context.bits(scaledLifetime, reader, reader.offset - 2, 2, word: UInt64(word))
        context.bits(prefixCode, reader, reader.offset - 2, 2, word: UInt64(word))
        option.isComplete = true
        guard code <= 5, option.words == 2 else {
            option.isInvalid = true
            return
        }
        try context.addIPv6Prefix(translationPrefix, code == 0 ? 12 : 9 - Int(code), &reader)
    }

    // MARK: Others

    private func addAddresses(
        _ field: FieldID, _ option: NeighborOption, _ reader: inout Reader, _ context: inout Context
    ) throws(DissectionError) {
        while reader.offset < option.end {
            let address = try context.addIPv6(field, &reader)
            context.appendLabel(option.top) {
                $0.append(" ")
                $0.append(address)
            }
        }
    }

    private func addRedirected(_ option: NeighborOption, _ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        try context.addBytes(shared.reserved, 6, &reader)
        let byteCount = option.end - reader.offset
        context.add(redirected, reader, reader.offset, reader.clamped(byteCount))
        let packet = reader.next(byteCount)
        _ = try quoted.dissect(packet, &context)
        // The quoted header says how much of what is left is its packet.
        let isIPv6 = packet.peek(0).map { $0 >> 4 == 6 } ?? false
        let packetByteCount = isIPv6 ? packet.peek16(4).map { 40 + Int($0) } : nil
        reader.offset += min(byteCount, packetByteCount ?? byteCount)
    }

    private func addNumber(
        _ field: FieldID, _ option: NeighborOption, _ reader: inout Reader, _ context: inout Context
    ) throws(DissectionError) {
        try context.addBytes(shared.reserved, 2, &reader)
        let value = try context.uint32(field, &reader)
        context.appendLabel(option.top) {
            $0.append(" : ")
            $0.append(decimal: value)
        }
    }

    /// RFC 2491, section 5.1. Wireshark shows the limit as reserved, too, and so leaves over the last byte.
    private func addShortcutLimit(_ option: NeighborOption, _ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        let limit = try context.uint8(shortcutLimit, &reader)
        context.appendLabel(option.top) {
            $0.append(" : ")
            $0.append(decimal: limit)
        }
        context.add(shared.reserved, reader, reader.offset - 1, 1)
        try context.addBytes(shared.reserved, 4, &reader)
    }

    private func addSearchList(_ option: NeighborOption, _ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        try context.addBytes(shared.reserved, 2, &reader)
        try context.uint32(searchLifetime, &reader)
        while reader.offset < option.end {
            guard try reader.peekUInt8() > 0 else {
                try context.addBytes(shared.padding, option.end - reader.offset, &reader)
                return
            }
            let name = try context.addName(searchName, &reader)
            context.appendLabel(option.top) {
                $0.append(" ")
                $0.append(domainName: name)
            }
        }
    }
}
