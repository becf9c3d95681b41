import Dissection

/// Extensions of certificates and of revocation lists (X.509, module CertificateExtensions; RFC 5280, sections 4.2, 5.2 and 5.3).
struct X509Extensions {
    let generalNames: X509GeneralNames
    static let reasons = ValueStrings([
        (0, "unspecified"), (1, "keyCompromise"), (2, "cACompromise"), (3, "affiliationChanged"), (4, "superseded"),
        (5, "cessationOfOperation"), (6, "certificateHold"), (8, "removeFromCRL"), (9, "privilegeWithdrawn"), (10, "aaCompromise"),
    ])
    private let names: X509Names

    init(_ m: ASN1Module, names: X509Names, attributes: X509Attributes, _ r: inout Registrar) {
        self.names = names
        generalNames = X509GeneralNames(m, names: names, attributes: attributes, &r)
        announceKeys(m, &r)
        announceNames(m, &r)
        announcePolicies(m, &r)
        announceRevocation(m, &r)
        announceDistributionPoints(m, &r)
        announceVendors(m, &r)
    }

    // MARK: Keys

    private func announceKeys(_ m: ASN1Module, _ r: inout Registrar) {
        let authority = ASN1Type.sequence([
            Part(m.octets("keyIdentifier", &r), .octetString, .implicit(0), isOptional: true),
            Part(m.list("authorityCertIssuer", &r), generalNames.names, .implicit(1), isOptional: true),
            Part(m.octets("authorityCertSerialNumber", &r), .integerOctets, .implicit(2), isOptional: true),
        ])
        m.announce(["2.5.29.35"], m.node("AuthorityKeyIdentifier", &r), authority, &r)
        m.announce(["2.5.29.14"], m.octets("SubjectKeyIdentifier", &r), .octetString, &r)
        let usage = m.bits(
            "KeyUsage",
            [
                "digitalSignature", "contentCommitment", "keyEncipherment", "dataEncipherment", "keyAgreement", "keyCertSign", "cRLSign",
                "encipherOnly", "decipherOnly",
            ], &r)
        m.announce(["2.5.29.15"], m.octets("KeyUsage", &r), usage, &r)
        let period = ASN1Type.sequence([
            Part(m.time("notBefore", &r), .generalizedTime, .implicit(0), isOptional: true),
            Part(m.time("notAfter", &r), .generalizedTime, .implicit(1), isOptional: true),
        ])
        m.announce(["2.5.29.16"], m.node("PrivateKeyUsagePeriod", &r), period, &r)
        let purposes = ASN1Type.sequenceOf(Part(m.identifier("KeyPurposeId", &r), .objectIdentifier))
        m.announce(["2.5.29.37"], m.list("KeyPurposeIDs", &r), purposes, &r)
    }

    // MARK: Names and constraints

    private func announceNames(_ m: ASN1Module, _ r: inout Registrar) {
        m.announce(["2.5.29.17", "2.5.29.18", "2.5.29.29"], m.list("GeneralNames", &r), generalNames.names, &r)
        let attributes = ASN1Type.sequenceOf(Part(m.node("Attribute", &r), names.attribute))
        m.announce(["2.5.29.9"], m.list("AttributesSyntax", &r), attributes, &r)
        let basic = ASN1Type.sequence([
            Part(m.flag("cA", &r), .boolean, isOptional: true), Part(m.unsigned("pathLenConstraint", &r), .unsigned, isOptional: true),
        ])
        m.announce(["2.5.29.19"], m.node("BasicConstraintsSyntax", &r), basic, &r)
        let subtree = ASN1Type.sequence([
            Part(m.choice("base", X509GeneralNames.choiceNames, &r), generalNames.name),
            Part(m.unsigned("minimum", &r), .unsigned, .implicit(0), isOptional: true),
            Part(m.unsigned("maximum", &r), .unsigned, .implicit(1), isOptional: true),
        ])
        let subtrees = ASN1Type.sequenceOf(Part(m.node("GeneralSubtree", &r), subtree))
        let constraints = ASN1Type.sequence([
            Part(m.list("permittedSubtrees", &r), subtrees, .implicit(0), isOptional: true),
            Part(m.list("excludedSubtrees", &r), subtrees, .implicit(1), isOptional: true),
        ])
        m.announce(["2.5.29.30"], m.node("NameConstraintsSyntax", &r), constraints, &r)
    }

    // MARK: Policies

    private func announcePolicies(_ m: ASN1Module, _ r: inout Registrar) {
        let qualifier = ASN1Type.sequence([
            Part(r.field("x509ce.id", "Id", .objectIdentifier), .objectIdentifier), Part(nil, .open, isOptional: true),
        ])
        let policy = ASN1Type.sequence([
            Part(m.identifier("policyIdentifier", &r), .objectIdentifier),
            Part(m.list("policyQualifiers", &r), .sequenceOf(Part(m.node("PolicyQualifierInfo", &r), qualifier)), isOptional: true),
        ])
        m.announce(
            ["2.5.29.3", "2.5.29.32", "1.3.6.1.4.1.311.21.10"], m.list("CertificatePoliciesSyntax", &r),
            .sequenceOf(Part(m.node("PolicyInformation", &r), policy)), &r)
        let mapping = ASN1Type.sequence([
            Part(m.identifier("issuerDomainPolicy", &r), .objectIdentifier), Part(m.identifier("subjectDomainPolicy", &r), .objectIdentifier),
        ])
        m.announce(
            ["2.5.29.33"], m.list("PolicyMappingsSyntax", &r), .sequenceOf(Part(m.node("PolicyMappingsSyntax_item", &r), mapping)), &r)
        let constraints = ASN1Type.sequence([
            Part(m.unsigned("requireExplicitPolicy", &r), .unsigned, .implicit(0), isOptional: true),
            Part(m.unsigned("inhibitPolicyMapping", &r), .unsigned, .implicit(1), isOptional: true),
        ])
        m.announce(["2.5.29.36"], m.node("PolicyConstraintsSyntax", &r), constraints, &r)
        m.announce(["2.5.29.54"], m.unsigned("SkipCerts", &r), .unsigned, &r)
    }

    // MARK: Revocation

    private func announceRevocation(_ m: ASN1Module, _ r: inout Registrar) {
        m.announce(["2.5.29.20"], m.unsigned("CRLNumber", &r), .unsigned, &r)
        m.announce(["2.5.29.27"], m.unsigned("BaseCRLNumber", &r), .unsigned, &r)
        m.announce(["2.5.29.40"], m.unsigned("CRLStreamIdentifier", &r), .unsigned, &r)
        m.announce(["2.5.29.21"], m.choice("CRLReason", Self.reasons, &r), .enumerated, &r)
        m.announce(["2.5.29.23"], m.identifier("HoldInstruction", &r), .objectIdentifier, &r)
        m.announce(["2.5.29.24"], m.time("id_ce_invalidityDate", named: "invalidityDate", &r), .generalizedTime, &r)
        m.announce(["2.5.29.51"], m.time("id_ce_baseUpdateTime", named: "baseUpdateTime", &r), .generalizedTime, &r)
        m.announce(["2.5.29.60"], m.time("ExpiredCertsOnCRL", &r), .generalizedTime, &r)
    }

    private func announceDistributionPoints(_ m: ASN1Module, _ r: inout Registrar) {
        let name = ASN1Type.choice([
            Part(m.list("fullName", &r), generalNames.names, .implicit(0)),
            Part(m.list("nameRelativeToCRLIssuer", &r), names.relativeDistinguishedName, .implicit(1)),
        ])
        let nameField = m.choice("distributionPoint", ValueStrings([(0, "fullName"), (1, "nameRelativeToCRLIssuer")]), &r)
        let reasons = m.bits(
            "ReasonFlags",
            [
                "unused", "keyCompromise", "cACompromise", "affiliationChanged", "superseded", "cessationOfOperation", "certificateHold",
                "privilegeWithdrawn", "aACompromise",
            ], &r)
        let point = ASN1Type.sequence([
            Part(nameField, name, .explicit(0), isOptional: true), Part(m.octets("reasons", &r), reasons, .implicit(1), isOptional: true),
            Part(m.list("cRLIssuer", &r), generalNames.names, .implicit(2), isOptional: true),
        ])
        m.announce(
            ["2.5.29.31", "2.5.29.46"], m.list("CRLDistPointsSyntax", &r), .sequenceOf(Part(m.node("DistributionPoint", &r), point)), &r)
        let someReasons = Part(m.octets("onlySomeReasons", &r), reasons, .implicit(3), isOptional: true)
        let indirectList = m.flag("indirectCRL", &r)
        let issuing = ASN1Type.sequence([
            Part(nameField, name, .explicit(0), isOptional: true),
            Part(m.flag("onlyContainsUserPublicKeyCerts", &r), .boolean, .implicit(1), isOptional: true),
            Part(m.flag("onlyContainsCACerts", &r), .boolean, .implicit(2), isOptional: true), someReasons,
            Part(indirectList, .boolean, .implicit(4), isOptional: true),
        ])
        m.announce(["2.5.29.28"], m.node("IssuingDistPointSyntax", &r), issuing, &r)
        _ = X509RevocationScopes(
            m, generalNames: generalNames, distributionPoint: Part(nameField, name, .explicit(0), isOptional: true), reasons: someReasons,
            indirectList: indirectList, &r)
    }

    // MARK: Of vendors

    private func announceVendors(_ m: ASN1Module, _ r: inout Registrar) {
        let template = ASN1Type.sequence([
            Part(m.identifier("templateID", &r), .objectIdentifier), Part(m.number("templateMajorVersion", &r), .integer),
            Part(m.number("templateMinorVersion", &r), .integer, isOptional: true),
        ])
        m.announce(["1.3.6.1.4.1.311.21.7"], m.node("CertificateTemplate", &r), template, &r)
        let flags = m.bits(
            "EntrustInfoFlags",
            ["keyUpdateAllowed", "newExtensions", "pKIXCertificate", "enterpriseCategory", "webCategory", "sETCategory"], &r)
        let entrust = ASN1Type.sequence([
            Part(m.text("entrustVers", &r), .string(.general)), Part(m.octets("entrustVersInfoFlags", &r), flags),
        ])
        m.announce(["1.2.840.113533.7.65.0"], m.node("EntrustVersionInfo", &r), entrust, &r)
    }
}
