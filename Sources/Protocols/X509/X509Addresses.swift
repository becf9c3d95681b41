import Dissection

/// Attributes that say how somebody is reached, or found (X.520, sections 6.5, 6.7 and 6.9).
struct X509Addresses {
    init(_ m: ASN1Module, names: X509Names, _ r: inout Registrar) {
        let printable = ASN1Type.string(.printable)
        let telex = ASN1Type.sequence([
            Part(m.text("telexNumber", &r), printable), Part(m.text("countryCode", &r), printable), Part(m.text("answerback", &r), printable),
        ])
        m.announce(["2.5.4.21"], m.node("TelexNumber", &r), telex, &r)
        let facsimile = ASN1Type.sequence([
            Part(m.text("telephoneNumber", &r), printable), Part(m.octets("parameters", &r), .bitString, isOptional: true),
        ])
        m.announce(["2.5.4.23"], m.node("FacsimileTelephoneNumber", &r), facsimile, &r)
        let methods = ASN1Type.sequenceOf(Part(m.number("PreferredDeliveryMethod_item", &r, strings: Self.deliveryMethods), .integer))
        m.announce(["2.5.4.28"], m.list("PreferredDeliveryMethod", &r), methods, &r)
        announceNetworkAddresses(m, &r)
        let unique = ASN1Type.sequence([
            Part(m.list("dn", &r), names.distinguishedName), Part(m.octets("uid", &r), .bitString, isOptional: true),
        ])
        m.announce(["2.5.4.50"], m.node("NameAndOptionalUID", &r), unique, &r)
        announceGuides(m, attribute: names.attributeType, &r)
    }

    private static let deliveryMethods = ValueStrings([
        (0, "any-delivery-method"), (1, "mhs-delivery"), (2, "physical-delivery"), (3, "telex-delivery"), (4, "teletex-delivery"),
        (5, "g3-facsimile-delivery"), (6, "g4-facsimile-delivery"), (7, "ia5-terminal-delivery"), (8, "videotex-delivery"),
        (9, "telephone-delivery"),
    ])

    private func announceNetworkAddresses(_ m: ASN1Module, _ r: inout Registrar) {
        let presentation = ASN1Type.sequence([
            Part(m.octets("pSelector", &r), .octetString, .explicit(0), isOptional: true),
            Part(m.octets("sSelector", &r), .octetString, .explicit(1), isOptional: true),
            Part(m.octets("tSelector", &r), .octetString, .explicit(2), isOptional: true),
            Part(m.list("nAddresses", &r), .setOf(Part(m.octets("nAddresses_item", &r), .octetString)), .explicit(3)),
        ])
        m.announce(["2.5.4.29"], m.node("PresentationAddress", &r), presentation, &r)
        let protocols = ASN1Type.sequence([
            Part(m.octets("nAddress", &r), .octetString),
            Part(m.list("profiles", &r), .setOf(Part(m.identifier("profiles_item", &r), .objectIdentifier))),
        ])
        m.announce(["2.5.4.48"], m.node("ProtocolInformation", &r), protocols, &r)
    }

    /// What to look for: attributes, and how they go together.
    private func announceGuides(_ m: ASN1Module, attribute: FieldID, _ r: inout Registrar) {
        let itemNames = ValueStrings([
            (0, "equality"), (1, "substrings"), (2, "greaterOrEqual"), (3, "lessOrEqual"), (4, "approximateMatch"),
        ])
        let item = ASN1Type.choice((0...4).map { Part(attribute, .objectIdentifier, .explicit($0)) })
        let names = ValueStrings([(0, "type"), (1, "and"), (2, "or"), (3, "not")])
        let (and, or, not) = (m.list("and", &r), m.list("or", &r), m.choice("not", names, &r))
        let (type, inner) = (m.choice("type", itemNames, &r), m.choice("Criteria", names, &r))
        let criteria = ASN1Type.custom(RecursiveChoice(m.decoder) { criteria in
            .choice([
                Part(type, item, .explicit(0)), Part(and, .setOf(Part(inner, criteria)), .explicit(1)),
                Part(or, .setOf(Part(inner, criteria)), .explicit(2)), Part(not, criteria, .explicit(3)),
            ])
        })
        let objectClass = Part(m.identifier("objectClass", &r), .objectIdentifier, .explicit(0), isOptional: true)
        let criteriaPart = Part(m.choice("criteria", names, &r), criteria, .explicit(1))
        m.announce(["2.5.4.14"], m.node("Guide", &r), .set([objectClass, criteriaPart]), &r)
        let subsets = ValueStrings([(0, "baseObject"), (1, "oneLevel"), (2, "wholeSubtree")])
        let subset = Part(m.number("subset", &r, strings: subsets), .integer, .explicit(2), isOptional: true)
        m.announce(["2.5.4.47"], m.node("EnhancedGuide", &r), .sequence([objectClass, criteriaPart, subset]), &r)
    }
}

/// A choice some of whose alternatives hold values of the choice itself.
private final class RecursiveChoice: ASN1CustomType {
    private let decoder: ASN1Decoder
    /// The choice, given itself: made anew for each value, as such values are rare.
    private let make: @Sendable (ASN1Type) -> ASN1Type
    let universalTag: UInt32? = nil

    init(_ decoder: ASN1Decoder, _ make: @escaping @Sendable (ASN1Type) -> ASN1Type) {
        self.decoder = decoder
        self.make = make
    }

    func accepts(_ element: BERElement) -> Bool { element.tagClass == .context }

    func decode(_ value: ASN1Value, _ field: FieldID?, _ walk: inout ASN1Walk, _ context: inout Context) throws(DissectionError) {
        try decoder.decode(make(.custom(self)), field, value, &walk, &context)
    }
}
