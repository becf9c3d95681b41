import Dissection
import Wire

/// GeneralName (RFC 5280, section 4.2.1.6).
struct X509GeneralNames {
    let name: ASN1Type
    /// A list of names, and the field of each.
    let names: ASN1Type
    static let choiceNames = ValueStrings([
        (0, "otherName"), (1, "rfc822Name"), (2, "dNSName"), (3, "x400Address"), (4, "directoryName"), (5, "ediPartyName"),
        (6, "uniformResourceIdentifier"), (7, "iPAddress"), (8, "registeredID"),
    ])

    init(_ m: ASN1Module, names directory: X509Names, attributes: X509Attributes, _ r: inout Registrar) {
        let other = ASN1Type.sequence([
            Part(m.identifier("type_id", &r), .objectIdentifier), Part(nil, .open, .explicit(0)),
        ])
        let party = ASN1Type.sequence([
            Part(m.choice("nameAssigner", X509Attributes.directoryStringNames, &r), attributes.directoryString, .explicit(0), isOptional: true),
            Part(m.choice("partyName", X509Attributes.directoryStringNames, &r), attributes.directoryString, .explicit(1)),
        ])
        let ia5 = ASN1Type.string(.ia5)
        name = .choice([
            Part(m.node("otherName", &r), other, .implicit(0)), Part(m.text("rfc822Name", &r), ia5, .implicit(1)),
            Part(m.text("dNSName", &r), ia5, .implicit(2)),
            Part(m.choice("directoryName", X509Names.choiceNames, &r), directory.name, .explicit(4)),
            Part(m.node("ediPartyName", &r), party, .implicit(5)), Part(m.text("uniformResourceIdentifier", &r), ia5, .implicit(6)),
            Part(nil, .custom(IPAddressOctets(m.decoder, m, &r)), .implicit(7)),
            Part(m.identifier("registeredID", &r), .objectIdentifier, .implicit(8)),
        ])
        names = .sequenceOf(Part(m.choice("GeneralName", Self.choiceNames, &r), name))
    }
}

/// An iPAddress: 4 or 16 octets; in constraints twice as many, for address and mask (RFC 5280, section 4.2.1.10).
private final class IPAddressOctets: ASN1CustomType {
    private let decoder: ASN1Decoder
    private let ipv4, ipv6, octets: FieldID
    let universalTag: UInt32? = 4

    init(_ decoder: ASN1Decoder, _ m: ASN1Module, _ r: inout Registrar) {
        self.decoder = decoder
        ipv4 = r.field("x509ce.IPAddress.ipv4", "iPAddress", .ipv4)
        ipv6 = r.field("x509ce.IPAddress.ipv6", "iPAddress", .ipv6)
        octets = m.octets("iPAddress", &r)
    }

    func decode(_ value: ASN1Value, _ field: FieldID?, _ walk: inout ASN1Walk, _ context: inout Context) throws(DissectionError) {
        let contents = value.contents
        try decoder.requireAll(of: value)
        let bytes = contents.capturedBytes
        switch bytes.count {
        case 4: context.add(ipv4, contents, contents.start, 4, value: UInt64(bytes.uint32(0)))
        case 16: context.add(ipv6, contents, contents.start, 16)
        default: context.add(octets, contents, contents.start, bytes.count)
        }
    }
}
