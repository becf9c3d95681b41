import Dissection
import Wire

/// The names of ICMP's types and codes (IANA, ICMP parameters).
enum ICMPNames {
    /// A router advertisement with code 0 or 16 may be a mobility agent's (RFC 5944, section 2.1).
    static func type(_ type: UInt8, _ code: UInt8) -> StaticString {
        if type == 9 { return code == 0 || code == 16 ? "Mobile IP Advertisement" : "Router advertisement" }
        return types.name(of: UInt64(type)) ?? "Unknown ICMP (obsolete or malformed?)"
    }

    /// The names of a type's codes, if they mean anything.
    static func codes(of type: UInt8) -> ValueStrings? {
        switch type {
        case 3: unreachableCodes
        case 5: redirectCodes
        case 6: alternateHostCodes
        case 9: advertisementCodes
        case 11: timeExceededCodes
        case 12: parameterCodes
        case 40: photurisCodes
        case 42: ExtendedEcho.requestCodes
        case 43: ExtendedEcho.replyCodes
        default: nil
        }
    }

    private static let types = ValueStrings([
        (0, "Echo (ping) reply"), (1, "Reserved"), (2, "Reserved"), (3, "Destination unreachable"),
        (4, "Source quench (flow control)"), (5, "Redirect"), (6, "Alternate host address"), (8, "Echo (ping) request"),
        (10, "Router solicitation"), (11, "Time-to-live exceeded"), (12, "Parameter problem"), (13, "Timestamp request"),
        (14, "Timestamp reply"), (15, "Information request"), (16, "Information reply"), (17, "Address mask request"),
        (18, "Address mask reply"), (19, "Reserved (for security)"), (30, "Traceroute"), (31, "Datagram Conversion Error"),
        (32, "Mobile Host Redirect"), (33, "IPv6 Where-Are-You"), (34, "IPv6 I-Am-Here"), (35, "Mobile Registration Request"),
        (36, "Mobile Registration Reply"), (37, "Domain Name Request"), (38, "Domain Name Reply"), (39, "SKIP"), (40, "Photuris"),
        (41, "Experimental mobility protocols"), (42, "Extended Echo request"), (43, "Extended Echo reply"),
    ])

    private static let unreachableCodes = ValueStrings([
        (0, "Network unreachable"), (1, "Host unreachable"), (2, "Protocol unreachable"), (3, "Port unreachable"),
        (4, "Fragmentation needed"), (5, "Source route failed"), (6, "Destination network unknown"),
        (7, "Destination host unknown"), (8, "Source host isolated"), (9, "Network administratively prohibited"),
        (10, "Host administratively prohibited"), (11, "Network unreachable for TOS"), (12, "Host unreachable for TOS"),
        (13, "Communication administratively filtered"), (14, "Host precedence violation"), (15, "Precedence cutoff in effect"),
    ])
    private static let redirectCodes = ValueStrings([
        (0, "Redirect for network"), (1, "Redirect for host"), (2, "Redirect for TOS and network"), (3, "Redirect for TOS and host"),
    ])
    private static let alternateHostCodes = ValueStrings([(0, "Alternate address for host")])
    private static let advertisementCodes = ValueStrings([(0, "Normal router advertisement"), (16, "Does not route common traffic")])
    private static let timeExceededCodes = ValueStrings([
        (0, "Time to live exceeded in transit"), (1, "Fragment reassembly time exceeded"),
    ])
    private static let parameterCodes = ValueStrings([(0, "Pointer indicates the error"), (1, "Required option missing"), (2, "Bad length")])
    private static let photurisCodes = ValueStrings([
        (0, "Bad SPI"), (1, "Authentication Failed"), (2, "Decompression Failed"), (3, "Decryption Failed"), (4, "Need Authentication"),
        (5, "Need Authorization"),
    ])
}

extension TextBuffer {
    mutating func append(code: UInt8, _ names: ValueStrings) {
        if let name = names.name(of: UInt64(code)) {
            append(name)
        } else {
            append("Unknown code: ")
            append(decimal: code)
        }
    }
}
