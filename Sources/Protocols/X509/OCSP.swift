import Dissection

/// Online Certificate Status Protocol (RFC 6960).
struct OCSP {
    let request: ASN1Type
    let response: ASN1Type

    /// Types of other modules that messages are made of.
    struct Types {
        let algorithm, certificate, name, generalName, extensions, accessDescriptions: ASN1Type
    }

    init(_ m: ASN1Module, _ types: Types, _ r: inout Registrar) {
        let parts = Parts(m, types, &r)
        request = Self.request(m, types, parts, &r)
        let bytes = ASN1Type.sequence([
            Part(r.field("ocsp.responseType.id", "ResponseType Id", .objectIdentifier), .objectIdentifier), Part(nil, .openInOctets),
        ])
        response = .sequence([
            Part(m.choice("responseStatus", Self.statusNames, &r), .enumerated),
            Part(m.node("responseBytes", &r), bytes, .explicit(0), isOptional: true),
        ])
        announceBasicResponse(m, types, parts, &r)
        announceExtensions(m, types, &r)
    }

    private static let statusNames = ValueStrings([
        (0, "successful"), (1, "malformedRequest"), (2, "internalError"), (3, "tryLater"), (5, "sigRequired"), (6, "unauthorized"),
    ])

    /// What requests and responses have in common.
    private struct Parts {
        let version, signatureAlgorithm, signature, certificates: ASN1Component
        let certificateID: ASN1Type

        init(_ m: ASN1Module, _ types: Types, _ r: inout Registrar) {
            version = Part(m.number("version", &r, strings: X509Certificates.versions), .integer, .explicit(0), isOptional: true)
            signatureAlgorithm = Part(m.node("signatureAlgorithm", &r), types.algorithm)
            signature = Part(m.octets("signature", &r), .bitString)
            certificates = Part(
                m.list("certs", &r), .sequenceOf(Part(m.node("Certificate", &r), types.certificate)), .explicit(0), isOptional: true)
            certificateID = .sequence([
                Part(m.node("hashAlgorithm", &r), types.algorithm), Part(m.octets("issuerNameHash", &r), .octetString),
                Part(m.octets("issuerKeyHash", &r), .octetString), Part(m.octets("serialNumber", &r), .integerOctets),
            ])
        }
    }

    /// OCSPRequest (section 4.1.1).
    private static func request(_ m: ASN1Module, _ types: Types, _ parts: Parts, _ r: inout Registrar) -> ASN1Type {
        let single = ASN1Type.sequence([
            Part(m.node("reqCert", &r), parts.certificateID),
            Part(m.list("singleRequestExtensions", &r), types.extensions, .explicit(0), isOptional: true),
        ])
        let toBeSigned = ASN1Type.sequence([
            parts.version,
            Part(m.choice("requestorName", X509GeneralNames.choiceNames, &r), types.generalName, .explicit(1), isOptional: true),
            Part(m.list("requestList", &r), .sequenceOf(Part(m.node("Request", &r), single))),
            Part(m.list("requestExtensions", &r), types.extensions, .explicit(2), isOptional: true),
        ])
        let signature = ASN1Type.sequence([parts.signatureAlgorithm, parts.signature, parts.certificates])
        return .sequence([
            Part(m.node("tbsRequest", &r), toBeSigned), Part(m.node("optionalSignature", &r), signature, .explicit(0), isOptional: true),
        ])
    }

    /// BasicOCSPResponse (section 4.2.1).
    private func announceBasicResponse(_ m: ASN1Module, _ types: Types, _ parts: Parts, _ r: inout Registrar) {
        let responder = ASN1Type.choice([
            Part(m.choice("byName", nil, &r), types.name, .explicit(1)),
            Part(m.octets("byKey", &r), .octetString, .explicit(2)),
        ])
        let data = ASN1Type.sequence([
            parts.version, Part(m.choice("responderID", ValueStrings([(1, "byName"), (2, "byKey")]), &r), responder),
            Part(m.time("producedAt", &r), .generalizedTime),
            Part(m.list("responses", &r), .sequenceOf(Part(m.node("SingleResponse", &r), singleResponse(m, types, parts, &r)))),
            Part(m.list("responseExtensions", &r), types.extensions, .explicit(1), isOptional: true),
        ])
        let basic = ASN1Type.sequence([
            Part(m.node("tbsResponseData", &r), data), parts.signatureAlgorithm, parts.signature, parts.certificates,
        ])
        m.announce(["1.3.6.1.5.5.7.48.1.1"], m.node("BasicOCSPResponse", &r), basic, &r)
    }

    private func singleResponse(_ m: ASN1Module, _ types: Types, _ parts: Parts, _ r: inout Registrar) -> ASN1Type {
        let revoked = ASN1Type.sequence([
            Part(m.time("revocationTime", &r), .generalizedTime),
            Part(m.choice("revocationReason", X509Extensions.reasons, &r), .enumerated, .explicit(0), isOptional: true),
        ])
        let status = ASN1Type.choice([
            Part(m.node("good", &r), .null, .implicit(0)), Part(m.node("revoked", &r), revoked, .implicit(1)),
            Part(m.node("unknown", &r), .null, .implicit(2)),
        ])
        return .sequence([
            Part(m.node("certID", &r), parts.certificateID),
            Part(m.choice("certStatus", ValueStrings([(0, "good"), (1, "revoked"), (2, "unknown")]), &r), status),
            Part(m.time("thisUpdate", &r), .generalizedTime),
            Part(m.time("nextUpdate", &r), .generalizedTime, .explicit(0), isOptional: true),
            Part(m.list("singleExtensions", &r), types.extensions, .explicit(1), isOptional: true),
        ])
    }

    /// Section 4.4.
    private func announceExtensions(_ m: ASN1Module, _ types: Types, _ r: inout Registrar) {
        m.announce(["1.3.6.1.5.5.7.48.1.2"], m.octets("ReOcspNonce", &r), .octetString, &r)
        let list = ASN1Type.sequence([
            Part(m.text("crlUrl", &r), .string(.ia5), .explicit(0), isOptional: true),
            Part(m.number("crlNum", &r), .integer, .explicit(1), isOptional: true),
            Part(m.time("crlTime", &r), .generalizedTime, .explicit(2), isOptional: true),
        ])
        m.announce(["1.3.6.1.5.5.7.48.1.3"], m.node("CrlID", &r), list, &r)
        let responses = ASN1Type.sequenceOf(Part(m.identifier("AcceptableResponses_item", &r), .objectIdentifier))
        m.announce(["1.3.6.1.5.5.7.48.1.4"], m.list("AcceptableResponses", &r), responses, &r)
        m.announce(["1.3.6.1.5.5.7.48.1.5"], m.node("NULL", &r), .null, &r)
        m.announce(["1.3.6.1.5.5.7.48.1.6"], m.time("ArchiveCutoff", &r), .generalizedTime, &r)
        let locator = ASN1Type.sequence([
            Part(m.choice("issuer", nil, &r), types.name), Part(m.list("locator", &r), types.accessDescriptions, isOptional: true),
        ])
        m.announce(["1.3.6.1.5.5.7.48.1.7"], m.node("ServiceLocator", &r), locator, &r)
    }
}
