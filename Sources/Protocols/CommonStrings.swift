import Crypto
import Dissection
import Registries
import Wire

/// What became of a checksum: the values of every `*.checksum.status` field.
enum ChecksumStatus: UInt64 {
    case bad = 0, good = 1, unverified = 2, notPresent = 3, illegal = 4

    static let strings = ValueStrings([(0, "Bad"), (1, "Good"), (2, "Unverified"), (3, "Not present"), (4, "Illegal")])
}

/// Names from the registries of IANA and IEEE as value strings.
enum EtherTypes {
    static let strings = ValueStrings(small: etherTypeNames)
}

enum IPProtocols {
    static let strings = ValueStrings(small: ipProtocolNames)
}

/// A layer that is no more than a name in `frame.protocols`.
struct NamedLayer: Dissector {
    func dissect(_ reader: inout Reader, _ context: inout Context) throws(DissectionError) {}
}

extension Context {
    /// Appends a text and a number to Info.
    mutating func appendInfo(_ text: StaticString, _ value: UInt64) {
        guard columns.accepts else { return }
        columns.info.append(text)
        columns.info.append(decimal: value)
    }
}

extension TextBuffer {
    /// The MD5 hash of bytes, in hexadecimal.
    mutating func append(md5Of bytes: ByteView) {
        let digest = bytes.withUnsafeBytes { Insecure.MD5.hash(data: $0) }
        digest.withUnsafeBytes { append(hexOf: ByteView($0)) }
    }

    /// `Data (4 bytes)`
    mutating func append<Count: BinaryInteger>(_ what: StaticString, byteCount: Count) {
        append(what)
        append(" (")
        append(decimal: Int(byteCount))
        append(byteCount == 1 ? " byte)" : " bytes)")
    }

    /// What an expert item says, as in Wireshark, of a kind of thing that is not decoded.
    mutating func append(undecoded kind: StaticString, _ number: UInt16) {
        append("Dissector for ")
        append(kind)
        append(" (")
        append(decimal: number)
        append(") code not implemented, Contact Wireshark developers if you want this supported")
    }
}

extension Array where Element == UInt8 {
    /// Appends a number in network order.
    mutating func append<T: FixedWidthInteger>(bigEndian value: T) {
        Swift.withUnsafeBytes(of: value.bigEndian) { append(contentsOf: $0) }
    }
}

/// The second byte of an IPv4 header and the traffic class of IPv6 (RFC 2474, RFC 3168, IANA's DSCP registry).
enum DifferentiatedServices {
    static let names = ValueStrings([
        (0, "Default"), (1, "Lower Effort"), (8, "Class Selector 1"), (10, "Assured Forwarding 11"), (12, "Assured Forwarding 12"),
        (14, "Assured Forwarding 13"), (16, "Class Selector 2"), (18, "Assured Forwarding 21"), (20, "Assured Forwarding 22"),
        (22, "Assured Forwarding 23"), (24, "Class Selector 3"), (26, "Assured Forwarding 31"), (28, "Assured Forwarding 32"),
        (30, "Assured Forwarding 33"), (32, "Class Selector 4"), (34, "Assured Forwarding 41"), (36, "Assured Forwarding 42"),
        (38, "Assured Forwarding 43"), (40, "Class Selector 5"), (44, "Voice Admit"), (46, "Expedited Forwarding"),
        (48, "Class Selector 6"), (56, "Class Selector 7"),
    ])
    static let shortNames = ValueStrings(small: serviceClassNames)
    static let congestionNames = ValueStrings([
        (0, "Not ECN-Capable Transport"), (1, "ECN-Capable Transport codepoint '01'"),
        (2, "ECN-Capable Transport codepoint '10'"), (3, "Congestion Experienced"),
    ])
    static let shortCongestionNames = ValueStrings([(0, "Not-ECT"), (1, "ECT(1)"), (2, "ECT(0)"), (3, "CE")])

    /// ` (DSCP: CS0, ECN: Not-ECT)`
    static func appendSummary(_ value: UInt8, _ text: inout TextBuffer) {
        text.append(" (DSCP: ")
        text.append(shortNames.name(of: UInt64(value >> 2)) ?? "Unknown")
        text.append(", ECN: ")
        text.append(shortCongestionNames.name(of: UInt64(value & 3)) ?? "Unknown")
        text.append(")")
    }
}

/// Addresses 224.0.0.0/24, which stay on one link (RFC 5771, section 4).
enum LocalMulticast {
    private static let igmp: UInt8 = 2

    /// The TTL that packets to 224.0.0.`host` are sent with; nil where any will do.
    static func timeToLive(of host: UInt8, protocolNumber: UInt8) -> UInt8? {
        if protocolNumber == igmp { return 1 }
        switch host {
        // VRRP (RFC 5798), GLBP and multicast DNS (RFC 6762).
        case 18, 102, 251: return 255
        // LLMNR (RFC 4795, section 2.5).
        case 252: return nil
        default: return 1
        }
    }
}
