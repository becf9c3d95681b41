/// A block of addresses for special purposes (RFC 6890; the registries of IANA for IPv4 and IPv6).
struct SpecialAddress {
    let name: String
    /// From the highest: usable as source, as destination, forwardable, globally reachable, reserved by protocol.
    let mask: UInt8

    private init(_ name: String, _ mask: UInt8) {
        self.name = name
        self.mask = mask
    }

    /// The smallest block that an address lies in; nil for an ordinary address.
    init?(_ value: TypedValue) {
        guard let bytes = value.bytes else { return nil }
        let blocks = bytes.count == 4 ? Self.ipv4 : Self.ipv6
        guard let block = blocks.filter({ Self.starts(bytes, $0.prefix, $0.bitCount) }).max(by: { $0.bitCount < $1.bitCount }) else { return nil }
        self = block.address
    }

    static func isLinkLocal(_ value: TypedValue) -> Bool {
        value.bytes.map { $0.count == 4 ? starts($0, [169, 254], 16) : starts($0, [0xfe, 0x80], 10) } ?? false
    }

    static func isMulticast(_ value: TypedValue) -> Bool {
        value.bytes.map { $0.count == 4 ? starts($0, [224], 4) : starts($0, [0xff], 8) } ?? false
    }

    static func isPrivate(_ value: TypedValue) -> Bool {
        value.bytes.map { starts($0, [10], 8) || starts($0, [172, 16], 12) || starts($0, [192, 168], 16) } ?? false
    }

    static func isUniqueLocal(_ value: TypedValue) -> Bool { value.bytes.map { starts($0, [0xfc], 7) } ?? false }

    private static func starts(_ bytes: [UInt8], _ prefix: [UInt8], _ bitCount: Int) -> Bool {
        let padded = prefix + [UInt8](repeating: 0, count: max(0, bytes.count - prefix.count))
        return Order(bytes, padded, bitCount: bitCount) == .equal
    }

    private typealias Block = (prefix: [UInt8], bitCount: Int, address: SpecialAddress)

    private static let ipv4: [Block] = [
        ([0], 8, .init("\"This network\"", 0b10001)), ([0, 0, 0, 0], 32, .init("\"This host on this network\"", 0b10001)),
        ([10], 8, .init("Private-Use", 0b11100)), ([100, 64], 10, .init("Shared Address Space", 0b11100)),
        ([127], 8, .init("Loopback", 0b00001)), ([169, 254], 16, .init("Link Local", 0b11001)),
        ([172, 16], 12, .init("Private-Use", 0b11100)), ([192, 0, 0], 24, .init("IETF Protocol Assignments", 0)),
        ([192, 0, 2], 24, .init("Documentation (TEST-NET-1)", 0)), ([192, 31, 196], 24, .init("AS112-v4", 0b11110)),
        ([192, 52, 193], 24, .init("AMT", 0b11110)), ([192, 88, 99], 24, .init("Deprecated (6to4 Relay Anycast)", 0)),
        ([192, 168], 16, .init("Private-Use", 0b11100)), ([192, 175, 48], 24, .init("Direct Delegation AS112 Service", 0b11110)),
        ([198, 18], 15, .init("Benchmarking", 0b11100)), ([198, 51, 100], 24, .init("Documentation (TEST-NET-2)", 0)),
        ([203, 0, 113], 24, .init("Documentation (TEST-NET-3)", 0)), ([240], 4, .init("Reserved", 0b00001)),
        ([255, 255, 255, 255], 32, .init("Limited Broadcast", 0b01001)),
    ]

    private static let ipv6: [Block] = [
        ([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1], 128, .init("Loopback Address", 0b00001)),
        ([], 128, .init("Unspecified Address", 0b10001)),
        ([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff], 96, .init("IPv4-mapped Address", 0b00001)),
        ([0, 0x64, 0xff, 0x9b], 96, .init("IPv4-IPv6 Translat.", 0b11110)), ([0, 0x64, 0xff, 0x9b, 0, 1], 48, .init("IPv4-IPv6 Translat.", 0b11100)),
        ([1], 64, .init("Discard-Only Address Block", 0b11100)), ([0x20, 0x01], 23, .init("IETF Protocol Assignments", 0)),
        ([0x20, 0x01], 32, .init("TEREDO", 0b11100)), ([0x20, 0x01, 0, 2], 48, .init("Benchmarking", 0b11100)),
        ([0x20, 0x01, 0x0d, 0xb8], 32, .init("Documentation", 0)), ([0x20, 0x02], 16, .init("6to4", 0b11100)),
        ([0xfc], 7, .init("Unique-Local", 0b11100)), ([0xfe, 0x80], 10, .init("Link-Local Unicast", 0b11001)),
    ]
}
