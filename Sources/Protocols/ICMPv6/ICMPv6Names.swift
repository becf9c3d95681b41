import Dissection
import Wire

/// The names of ICMPv6's types and codes (IANA, ICMPv6 parameters).
enum ICMPv6Names {
    static let types = ValueStrings([
        (1, "Destination Unreachable"), (2, "Packet Too Big"), (3, "Time Exceeded"), (4, "Parameter Problem"),
        (100, "Private experimentation"), (101, "Private experimentation"), (127, "Reserved for expansion of ICMPv6 error messages"),
        (128, "Echo (ping) request"), (129, "Echo (ping) reply"), (130, "Multicast Listener Query"), (131, "Multicast Listener Report"),
        (132, "Multicast Listener Done"), (133, "Router Solicitation"), (134, "Router Advertisement"), (135, "Neighbor Solicitation"),
        (136, "Neighbor Advertisement"), (137, "Redirect"), (138, "Router Renumbering"), (139, "Node Information Query"),
        (140, "Node Information Reply"), (141, "Inverse Neighbor Discovery Solicitation"),
        (142, "Inverse Neighbor Discovery Advertisement"), (143, "Multicast Listener Report Message v2"),
        (144, "Home Agent Address Discovery Request"), (145, "Home Agent Address Discovery Reply"), (146, "Mobile Prefix Solicitation"),
        (147, "Mobile Prefix Advertisement"), (148, "Certification Path Solicitation"), (149, "Certification Path Advertisement"),
        (150, "Experimental Mobility"), (151, "Multicast Router Advertisement"), (152, "Multicast Router Solicitation"),
        (153, "Multicast Router Termination"), (154, "FMIPv6"), (155, "RPL Control"), (156, "Locator Update"),
        (157, "Duplicate Address Request"), (158, "Duplicate Address Confirmation"), (159, "MPL Control Message"),
        (160, "Extended Echo request"), (161, "Extended Echo reply"), (200, "Private experimentation"), (201, "Private experimentation"),
        (255, "Reserved for expansion of ICMPv6 informational messages"),
    ])

    /// The names of a type's codes, if they mean anything.
    static func codes(of type: UInt8) -> ValueStrings? {
        switch type {
        case 1: unreachableCodes
        case 3: timeExceededCodes
        case 4: parameterCodes
        case 138: renumberingCodes
        case 139: informationQueryCodes
        case 140: informationReplyCodes
        case 155: rplCodes
        case 160: ExtendedEcho.requestCodes
        case 161: ExtendedEcho.replyCodes
        default: nil
        }
    }

    /// What a router is worth beside others (RFC 4191, section 2.1).
    static let preferences = ValueStrings([(0, "Medium"), (1, "High"), (2, "Reserved"), (3, "Low")])
    static let infinity = ValueStrings([(0xffff_ffff, "Infinity")], specialOnly: true)

    private static let unreachableCodes = ValueStrings([
        (0, "no route to destination"), (1, "Administratively prohibited"), (2, "Beyond scope of source address"),
        (3, "Address unreachable"), (4, "Port unreachable"), (5, "Source address failed ingress/egress policy"),
        (6, "Reject route to destination"), (7, "Error in Source Routing Header"),
    ])
    private static let timeExceededCodes = ValueStrings([(0, "hop limit exceeded in transit"), (1, "fragment reassembly time exceeded")])
    private static let parameterCodes = ValueStrings([
        (0, "erroneous header field encountered"), (1, "unrecognized Next Header type encountered"),
        (2, "unrecognized IPv6 option encountered"), (3, "IPv6 First Fragment has incomplete IPv6 Header Chain"),
    ])
    private static let renumberingCodes = ValueStrings([(0, "Command"), (1, "Result"), (255, "Sequence number reset")])
    private static let informationQueryCodes = ValueStrings([
        (0, "Query subject = IPv6 addresses"), (1, "Query subject = DNS name or empty"), (2, "Query subject = IPv4 addresses"),
    ])
    private static let informationReplyCodes = ValueStrings([(0, "Successful"), (1, "Refused"), (2, "Unknown query type")])
    private static let rplCodes = ValueStrings([
        (0, "DODAG Information Solicitation"), (1, "DODAG Information Object"), (2, "Destination Advertisement Object"),
        (3, "Destination Advertisement Object Acknowledgment"), (4, "P2P Discovery Reply Object"),
        (5, "P2P Discovery Reply Object Acknowledgement"), (0x80, "Secure DODAG Information Solicitation"),
        (0x81, "Secure DODAG Information Object"), (0x82, "Secure Destination Advertisement Object"),
        (0x83, "Secure Destination Advertisement Object Acknowledgment"), (0x84, "P2P Secure Discovery Reply Object"),
        (0x85, "P2P Secure Discovery Reply Object Acknowledgement"), (0x8a, "Consistency Check"),
    ])
    /// The codes of fast handovers, by subtype (RFC 5568, section 6.1 and after).
    static func handoverCodes(ofSubtype subtype: UInt8) -> ValueStrings? {
        switch subtype {
        case 3: proxyAdvertisementCodes
        case 4: handoverInitiateCodes
        case 5: handoverAcknowledgeCodes
        default: nil
        }
    }

    private static let proxyAdvertisementCodes = ValueStrings([
        (0, "MN should use AP-ID, AR-info tuple"), (1, "Network Initiated Handover trigger"), (2, "No new router information"),
        (3, "Limited new router information"), (4, "Unsolicited"),
    ])
    private static let handoverInitiateCodes = ValueStrings([(0, "FBU sent from previous link"), (1, "FBU sent from new link")])
    private static let handoverAcknowledgeCodes = ValueStrings([
        (0, "Handover Accepted, NCoA valid"), (1, "Handover Accepted, NCoA not valid"), (2, "Handover Accepted, NCoA in use"),
        (3, "Handover Accepted, NCoA assigned"), (4, "Handover Accepted, NCoA not assigned"),
        (128, "Handover Not Accepted, reason unspecified"), (129, "Administratively prohibited"), (130, "Insufficient resources"),
    ])
}

extension TextBuffer {
    /// ` (no route to destination)`
    mutating func append(codeName code: UInt8, of type: UInt8, _ names: ValueStrings) {
        if type == 1, names.name(of: UInt64(code)) == nil { return append(" (Unknown)") }
        append(codeName: code, names)
    }

    /// ` (Router Solicitation for Proxy Advertisement)`, or ` (Unknown (9))`
    mutating func append(codeName code: UInt8, _ names: ValueStrings) {
        append(" (")
        if let name = names.name(of: UInt64(code)) {
            append(name)
        } else {
            append("Unknown (")
            append(decimal: code)
            append(")")
        }
        append(")")
    }
}
