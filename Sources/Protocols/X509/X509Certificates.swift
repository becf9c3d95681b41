import Dissection
import Wire

/// Certificates, revocation lists and what they share (X.509, module AuthenticationFramework; RFC 5280, sections 4.1 and 5.1).
struct X509Certificates {
    let certificate: ASN1Type
    let certificateList: ASN1Type
    let extensions: ASN1Type
    let time: ASN1Type
    static let timeNames = ValueStrings([(0, "utcTime"), (1, "generalizedTime")])
    static let versions = ValueStrings([(0, "v1"), (1, "v2"), (2, "v3")])

    init(_ m: ASN1Module, names: X509Names, algorithm: ASN1Type, rsaKey: ASN1Type, _ r: inout Registrar) {
        time = .choice([Part(m.text("utcTime", &r), .utcTime), Part(m.time("generalizedTime", &r), .generalizedTime)])
        let identifier = r.field("x509af.extension.id", "Extension Id", .objectIdentifier)
        extensions = .sequenceOf(Part(m.node("Extension", &r), .sequence([
            Part(identifier, .objectIdentifier, namesParent: true), Part(m.flag("critical", &r), .boolean, isOptional: true),
            Part(nil, .openInOctets),
        ])))
        let shared = Shared(m, names, algorithm, time, extensions, &r)
        certificate = shared.signed(m.node("signedCertificate", &r), Self.toBeSigned(m, shared, rsaKey: rsaKey, &r))
        certificateList = shared.signed(m.node("signedCertificateList", &r), Self.listToBeSigned(m, shared, &r))
        announceDirectoryAttributes(m, &r)
    }

    /// What certificates and lists have in common.
    private struct Shared {
        let version, signature, issuer: ASN1Component
        private let algorithmIdentifier, encrypted: ASN1Component
        let extensions, time, name, algorithm: ASN1Type
        let names: X509Names

        init(_ m: ASN1Module, _ names: X509Names, _ algorithm: ASN1Type, _ time: ASN1Type, _ extensions: ASN1Type, _ r: inout Registrar) {
            version = Part(m.number("version", &r, strings: X509Certificates.versions), .integer, isOptional: true)
            signature = Part(m.node("signature", &r), algorithm)
            issuer = Part(m.choice("issuer", X509Names.choiceNames, &r), names.name)
            algorithmIdentifier = Part(m.node("algorithmIdentifier", &r), algorithm)
            encrypted = Part(m.octets("encrypted", &r), .bitString)
            self.extensions = extensions
            self.time = time
            self.name = names.name
            self.algorithm = algorithm
            self.names = names
        }

        /// SIGNED: a value, the algorithm that it is signed with, and the signature.
        func signed(_ field: FieldID, _ type: ASN1Type) -> ASN1Type {
            .sequence([Part(field, type), algorithmIdentifier, encrypted])
        }
    }

    private static func toBeSigned(_ m: ASN1Module, _ shared: Shared, rsaKey: ASN1Type, _ r: inout Registrar) -> ASN1Type {
        let validity = ASN1Type.sequence([
            Part(m.choice("notBefore", timeNames, &r), shared.time), Part(m.choice("notAfter", timeNames, &r), shared.time),
        ])
        let subject = SubjectName(.choice([Part(m.list("rdnSequence", &r), shared.names.distinguishedName)]), m.decoder)
        let key = SubjectPublicKeyInfo(
            m.decoder, algorithm: Part(m.node("algorithm", &r), shared.algorithm), key: m.octets("subjectPublicKey", &r), rsaKey: rsaKey)
        return .sequence([
            Part(shared.version.field, .integer, .explicit(0), isOptional: true),
            Part(m.octets("serialNumber", &r), .integerOctets), shared.signature, shared.issuer, Part(m.node("validity", &r), validity),
            Part(m.choice("subject", X509Names.choiceNames, &r), .custom(subject)), Part(m.node("subjectPublicKeyInfo", &r), .custom(key)),
            Part(m.octets("issuerUniqueIdentifier", &r), .bitString, .implicit(1), isOptional: true),
            Part(m.octets("subjectUniqueIdentifier", &r), .bitString, .implicit(2), isOptional: true),
            Part(m.list("extensions", &r), shared.extensions, .explicit(3), isOptional: true),
        ])
    }

    private static func listToBeSigned(_ m: ASN1Module, _ shared: Shared, _ r: inout Registrar) -> ASN1Type {
        let revoked = ASN1Type.sequence([
            Part(m.octets("userCertificate", &r), .integerOctets), Part(m.choice("revocationDate", timeNames, &r), shared.time),
            Part(m.list("crlEntryExtensions", &r), shared.extensions, isOptional: true),
        ])
        return .sequence([
            shared.version, shared.signature, shared.issuer, Part(m.choice("thisUpdate", timeNames, &r), shared.time),
            Part(m.choice("nextUpdate", timeNames, &r), shared.time, isOptional: true),
            Part(m.list("revokedCertificates", &r), .sequenceOf(Part(m.node("revokedCertificates_item", &r), revoked)), isOptional: true),
            Part(m.list("crlExtensions", &r), shared.extensions, .explicit(0), isOptional: true),
        ])
    }

    /// Certificates and lists as attributes of the directory.
    private func announceDirectoryAttributes(_ m: ASN1Module, _ r: inout Registrar) {
        let node = m.node("Certificate", &r)
        m.announce(["2.5.4.36", "2.5.4.37"], node, certificate, &r)
        m.announce(["2.5.4.38", "2.5.4.39", "2.5.4.53", "2.5.4.59"], m.node("CertificateList", &r), certificateList, &r)
        let pair = ASN1Type.sequence([
            Part(m.node("issuedByThisCA", &r), certificate, .explicit(0), isOptional: true),
            Part(m.node("issuedToThisCA", &r), certificate, .explicit(1), isOptional: true),
        ])
        m.announce(["2.5.4.40"], m.node("CertificatePair", &r), pair, &r)
        m.announce(["0.9.2342.19200300.100.1.1"], m.text("Userid", &r), .string(.utf8), &r)
    }
}

/// The subject of a certificate, whose name follows the label of the certificate.
private final class SubjectName: ASN1CustomType {
    private let type: ASN1Type
    private let decoder: ASN1Decoder
    let universalTag: UInt32? = nil

    init(_ type: ASN1Type, _ decoder: ASN1Decoder) {
        self.type = type
        self.decoder = decoder
    }

    func accepts(_ element: BERElement) -> Bool { type.accepts(element) }

    func decode(_ value: ASN1Value, _ field: FieldID?, _ walk: inout ASN1Walk, _ context: inout Context) throws(DissectionError) {
        let certificate = context.parent(of: walk.parent)
        try decoder.decode(type, field, value, &walk, &context)
        context.appendName(walk.lastName, to: certificate)
    }
}

extension Context {
    /// The item that another one stands under.
    func parent(of ref: ItemRef) -> ItemRef {
        guard ref.exists else { return .none }
        let depth = item(Int(ref.index)).depth
        var index = Int(ref.index) - 1
        while index >= 0, item(index).depth >= depth { index -= 1 }
        return index >= 0 ? ItemRef(index: Int32(index)) : .none
    }
}
