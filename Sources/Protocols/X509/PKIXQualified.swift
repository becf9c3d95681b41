import Dissection

/// Qualified certificates (RFC 3739) and names of services (RFC 4985, RFC 6120): module PKIXqualified.
struct PKIXQualified {
    init(_ m: ASN1Module, generalName: ASN1Type, algorithm: ASN1Type, _ r: inout Registrar) {
        let statement = ASN1Type.sequence([
            Part(m.identifier("statementId", &r), .objectIdentifier), Part(nil, .open, isOptional: true),
        ])
        m.announce(["1.3.6.1.5.5.7.1.3"], m.list("QCStatements", &r), .sequenceOf(Part(m.node("QCStatement", &r), statement)), &r)
        let authorities = ASN1Type.sequenceOf(Part(m.choice("GeneralName", X509GeneralNames.choiceNames, &r), generalName))
        let semantics = ASN1Type.sequence([
            Part(m.identifier("semanticsIdentifier", &r), .objectIdentifier, isOptional: true),
            Part(m.list("nameRegistrationAuthorities", &r), authorities, isOptional: true),
        ])
        m.announce(["1.3.6.1.5.5.7.11.1", "1.3.6.1.5.5.7.11.2"], m.node("SemanticsInformation", &r), semantics, &r)
        m.announce(["1.3.6.1.5.5.7.8.5"], m.text("XmppAddr", &r), .string(.utf8), &r)
        m.announce(["1.3.6.1.5.5.7.8.7"], m.text("SRVName", &r), .string(.ia5), &r)
        announceBiometrics(m, algorithm, &r)
    }

    /// RFC 3739, section 3.2.5.
    private func announceBiometrics(_ m: ASN1Module, _ algorithm: ASN1Type, _ r: inout Registrar) {
        let kinds = ValueStrings([(0, "picture"), (1, "handwritten-signature")])
        let kind = ASN1Type.choice([
            Part(m.number("predefinedBiometricType", &r, strings: kinds), .integer), Part(m.identifier("biometricDataOid", &r), .objectIdentifier),
        ])
        let names = ValueStrings([(0, "predefinedBiometricType"), (1, "biometricDataOid")])
        let biometrics = ASN1Type.sequence([
            Part(m.choice("typeOfBiometricData", names, &r), kind), Part(m.node("hashAlgorithm", &r), algorithm),
            Part(m.octets("biometricDataHash", &r), .octetString), Part(m.text("sourceDataUri", &r), .string(.ia5), isOptional: true),
        ])
        m.announce(["1.3.6.1.5.5.7.1.2"], m.list("BiometricSyntax", &r), .sequenceOf(Part(m.node("BiometricData", &r), biometrics)), &r)
    }
}

/// Certificates that stand for another one (RFC 3820): module PKIXProxy.
struct PKIXProxy {
    init(_ m: ASN1Module, _ r: inout Registrar) {
        let policy = ASN1Type.sequence([
            Part(m.identifier("policyLanguage", &r), .objectIdentifier), Part(m.octets("policy", &r), .octetString, isOptional: true),
        ])
        let information = ASN1Type.sequence([
            Part(m.number("pCPathLenConstraint", &r), .integer, isOptional: true), Part(m.node("proxyPolicy", &r), policy),
        ])
        m.announce(["1.3.6.1.5.5.7.1.14"], m.node("ProxyCertInfoExtension", &r), information, &r)
    }
}
