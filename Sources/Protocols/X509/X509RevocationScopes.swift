import Dissection

/// Extensions of revocation lists that say what a list covers, and where others are (X.509, sections 8.5 and 8.6).
struct X509RevocationScopes {
    private let generalNames: X509GeneralNames
    private let numberRange, groupRange, scope, reasonInfo: ASN1Type

    /// The distribution point, the reasons and the flag of indirect lists are those of the common extensions.
    init(
        _ m: ASN1Module, generalNames: X509GeneralNames, distributionPoint: Part, reasons: Part, indirectList: FieldID, _ r: inout Registrar
    ) {
        self.generalNames = generalNames
        let ends = [
            Part(m.number("startingNumber", &r), .integer, .implicit(0), isOptional: true),
            Part(m.number("endingNumber", &r), .integer, .implicit(1), isOptional: true),
        ]
        groupRange = .sequence(ends)
        numberRange = .sequence(ends + [Part(m.number("modulus", &r), .integer, isOptional: true)])
        let codes = m.choice("reasonCode", X509Extensions.reasons, &r)
        reasonInfo = .sequence([
            Part(codes, .enumerated), Part(m.identifier("holdInstructionCode", &r), .objectIdentifier, isOptional: true),
        ])
        scope = Self.scope(m, generalNames, numberRange, distributionPoint, reasons, &r)
        announceScopes(m, &r)
        announceGroups(m, &r)
        let attributeList = ASN1Type.sequence([
            distributionPoint, Part(reasons.field, reasons.type, .implicit(1), isOptional: true),
            Part(indirectList, .boolean, .implicit(2), isOptional: true),
            Part(m.flag("containsUserAttributeCerts", &r), .boolean, .implicit(3), isOptional: true),
            Part(m.flag("containsAACerts", &r), .boolean, .implicit(4), isOptional: true),
            Part(m.flag("containsSOAPublicKeyCerts", &r), .boolean, .implicit(5), isOptional: true),
        ])
        m.announce(["2.5.29.61"], m.node("AAIssuingDistPointSyntax", &r), attributeList, &r)
    }

    /// CRLScopeSyntax.
    private static func scope(
        _ m: ASN1Module, _ generalNames: X509GeneralNames, _ range: ASN1Type, _ distributionPoint: Part, _ reasons: Part, _ r: inout Registrar
    ) -> ASN1Type {
        let base = ASN1Type.sequence([
            Part(m.unsigned("cRLStreamIdentifier", &r), .unsigned, .implicit(0), isOptional: true),
            Part(m.unsigned("cRLNumber", &r), .unsigned, .implicit(1)), Part(m.time("baseThisUpdate", &r), .generalizedTime, .implicit(2)),
        ])
        let kinds = m.bits("OnlyCertificateTypes", ["user", "authority", "attribute"], &r)
        let authority = ASN1Type.sequence([
            Part(m.choice("authorityName", X509GeneralNames.choiceNames, &r), generalNames.name, .explicit(0), isOptional: true),
            Part(distributionPoint.field, distributionPoint.type, .explicit(1), isOptional: true),
            Part(m.octets("onlyContains", &r), kinds, .implicit(2), isOptional: true),
            Part(reasons.field, reasons.type, .implicit(4), isOptional: true),
            Part(m.node("serialNumberRange", &r), range, .implicit(5), isOptional: true),
            Part(m.node("subjectKeyIdRange", &r), range, .implicit(6), isOptional: true),
            Part(m.list("nameSubtrees", &r), generalNames.names, .implicit(7), isOptional: true),
            Part(m.node("baseRevocationInfo", &r), base, .implicit(9), isOptional: true),
        ])
        return .sequenceOf(Part(m.node("PerAuthorityScope", &r), authority))
    }

    private func announceScopes(_ m: ASN1Module, _ r: inout Registrar) {
        m.announce(["2.5.29.44"], m.list("CRLScopeSyntax", &r), scope, &r)
        let deltaLocation = Part(m.choice("deltaLocation", X509GeneralNames.choiceNames, &r), generalNames.name)
        let delta = ASN1Type.sequence([deltaLocation, Part(m.time("lastDelta", &r), .generalizedTime, isOptional: true)])
        let referral = ASN1Type.sequence([
            Part(m.choice("issuer", X509GeneralNames.choiceNames, &r), generalNames.name, .explicit(0), isOptional: true),
            Part(m.choice("location", X509GeneralNames.choiceNames, &r), generalNames.name, .explicit(1), isOptional: true),
            Part(m.node("deltaRefInfo", &r), delta, .implicit(2), isOptional: true), Part(m.list("cRLScope", &r), scope),
            Part(m.time("lastUpdate", &r), .generalizedTime, .implicit(3), isOptional: true),
            Part(m.time("lastChangedCRL", &r), .generalizedTime, .implicit(4), isOptional: true),
        ])
        let choice = ASN1Type.choice([Part(m.node("cRLReferral", &r), referral, .implicit(0))])
        let item = Part(m.choice("StatusReferral", ValueStrings([(0, "cRLReferral")]), &r), choice)
        m.announce(["2.5.29.45"], m.list("StatusReferrals", &r), .sequenceOf(item), &r)
        let orders = ValueStrings([(0, "ascSerialNum"), (1, "ascRevDate")])
        m.announce(["2.5.29.47"], m.choice("OrderedListSyntax", orders, &r), .enumerated, &r)
        let information = ASN1Type.sequence([deltaLocation, Part(m.time("nextDelta", &r), .generalizedTime, isOptional: true)])
        m.announce(["2.5.29.53"], m.node("DeltaInformation", &r), information, &r)
    }

    /// Certificates that are revoked together.
    private func announceGroups(_ m: ASN1Module, _ r: inout Registrar) {
        let issuer = Part(
            m.choice("certificateIssuer", X509GeneralNames.choiceNames, &r), generalNames.name, .explicit(0), isOptional: true)
        let reason = Part(m.node("reasonInfo", &r), reasonInfo, .implicit(1), isOptional: true)
        let (range, subtree) = (m.node("serialNumberRange", &r), m.choice("nameSubtree", X509GeneralNames.choiceNames, &r))
        let serialNumbers = ASN1Type.sequenceOf(Part(m.octets("CertificateSerialNumber", &r), .integerOctets))
        let group = ASN1Type.choice([
            Part(m.list("serialNumbers", &r), serialNumbers, .implicit(0)), Part(range, groupRange, .implicit(1)),
            Part(subtree, generalNames.name, .explicit(2)),
        ])
        let groupNames = ValueStrings([(0, "serialNumbers"), (1, "serialNumberRange"), (2, "nameSubtree")])
        let toBeRevoked = ASN1Type.sequence([
            issuer, reason, Part(m.time("revocationTime", &r), .generalizedTime), Part(m.choice("certificateGroup", groupNames, &r), group),
        ])
        m.announce(["2.5.29.58"], m.list("ToBeRevokedSyntax", &r), .sequenceOf(Part(m.node("ToBeRevokedGroup", &r), toBeRevoked)), &r)
        let revokedGroup = ASN1Type.choice([Part(range, numberRange), Part(subtree, generalNames.name)])
        let revokedNames = ValueStrings([(0, "serialNumberRange"), (1, "nameSubtree")])
        let revoked = ASN1Type.sequence([
            issuer, reason, Part(m.time("invalidityDate", &r), .generalizedTime, .implicit(2), isOptional: true),
            Part(m.choice("revokedcertificateGroup", revokedNames, &r), revokedGroup, .explicit(3)),
        ])
        m.announce(["2.5.29.59"], m.list("RevokedGroupsSyntax", &r), .sequenceOf(Part(m.node("RevokedGroup", &r), revoked)), &r)
    }
}
