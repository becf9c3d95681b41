import Dissection
import Wire

/// Algorithms and their parameters (X.509, section 6.2.2; RFC 8017, RFC 3279, RFC 5480: modules AuthenticationFramework, PKCS-1 and
/// PKIX1Algorithms).
struct X509Algorithms {
    let algorithm: ASN1Type

    /// Algorithms whose parameters are left out, or NULL.
    static let withoutParameters: [StaticString] = [
        "1.2.840.10045.4.1", "1.2.840.10045.4.3.1", "1.2.840.10045.4.3.2", "1.2.840.10045.4.3.3", "1.2.840.10045.4.3.4",
        "1.2.840.113549.1.1.1", "1.2.840.113549.1.1.2", "1.2.840.113549.1.1.3", "1.2.840.113549.1.1.4", "1.2.840.113549.1.1.5",
        "1.2.840.113549.1.1.6", "1.2.840.113549.1.1.11", "1.2.840.113549.1.1.12", "1.2.840.113549.1.1.13", "1.2.840.113549.1.1.14",
        "1.2.840.113549.1.9.16.3.6", "1.2.840.113549.2.2", "1.2.840.113549.2.4", "1.2.840.113549.2.5", "1.3.14.3.2.2", "1.3.14.3.2.3",
        "1.3.14.3.2.4", "1.3.14.3.2.6", "1.3.14.3.2.11", "1.3.14.3.2.14", "1.3.14.3.2.15", "1.3.14.3.2.16", "1.3.14.3.2.17",
        "1.3.14.3.2.18", "1.3.14.3.2.19", "1.3.14.3.2.20", "1.3.14.3.2.21", "1.3.14.3.2.22", "1.3.14.3.2.23", "1.3.14.3.2.24",
        "1.3.14.3.2.25", "1.3.14.3.2.26", "1.3.14.3.2.27", "1.3.14.3.2.28", "1.3.14.3.2.29", "2.16.840.1.101.3.4.3.1",
        "2.16.840.1.101.3.4.3.2",
    ]

    /// AlgorithmIdentifier, as part of the module that has its field.
    init(_ m: ASN1Module, _ r: inout Registrar) {
        let identifier = r.field("x509af.algorithm.id", "Algorithm Id", .objectIdentifier)
        algorithm = .sequence([Part(identifier, .objectIdentifier, namesParent: true), Part(nil, .open, isOptional: true)])
    }

    /// DSS-Params (RFC 3279, section 2.3.2).
    func announceDSA(_ m: ASN1Module, _ r: inout Registrar) {
        let parameters = ASN1Type.sequence([
            Part(m.octets("p", &r), .integerOctets), Part(m.octets("q", &r), .integerOctets), Part(m.octets("g", &r), .integerOctets),
        ])
        m.announce(["1.2.840.10040.4.1"], m.node("DSS_Params", &r), parameters, &r)
    }

    /// DomainParameters of Diffie-Hellman (RFC 3279, section 2.3.3).
    func announceDiffieHellman(_ m: ASN1Module, _ r: inout Registrar) {
        let validation = ASN1Type.sequence([Part(m.octets("seed", &r), .bitString), Part(m.number("pgenCounter", &r), .integer)])
        let parameters = ASN1Type.sequence([
            Part(m.number("p", &r), .integer), Part(m.number("g", &r), .integer), Part(m.number("q", &r), .integer),
            Part(m.number("j", &r), .integer, isOptional: true), Part(m.node("validationParms", &r), validation, isOptional: true),
        ])
        m.announce(["1.2.840.10046.2.1"], m.node("DomainParameters", &r), parameters, &r)
    }
}

/// Keys and parameters of RSA and of elliptic curves.
struct X509Keys {
    /// RSAPublicKey (RFC 8017, appendix A.1.1), without an item of its own.
    let publicKey: ASN1Type

    init(_ m: ASN1Module, algorithm: ASN1Type, _ r: inout Registrar) {
        publicKey = .sequence([Part(m.octets("modulus", &r), .integerOctets), Part(m.number("publicExponent", &r), .integer)])
        announceSignatures(m, algorithm, &r)
        announceCurves(m, &r)
        m.announce(["2.16.840.1.101.2.1.1.22"], m.octets("KEA_Params_Id", &r), .octetString, &r)
    }

    /// RSASSA-PSS (RFC 8017, appendix A.2.3).
    private func announceSignatures(_ m: ASN1Module, _ algorithm: ASN1Type, _ r: inout Registrar) {
        let parameters = ASN1Type.sequence([
            Part(m.node("hashAlgorithm", &r), algorithm, .explicit(0), isOptional: true),
            Part(m.node("maskGenAlgorithm", &r), algorithm, .explicit(1), isOptional: true),
            Part(m.number("saltLength", &r), .integer, .explicit(2), isOptional: true),
            Part(m.number("trailerField", &r), .integer, .explicit(3), isOptional: true),
        ])
        m.announce(["1.2.840.113549.1.1.10"], m.node("RSASSA_PSS_params", &r), parameters, &r)
        m.announce(["1.2.840.113549.1.1.8"], m.node("HashAlgorithm", &r), algorithm, &r)
    }

    /// ECParameters: the name of a curve (RFC 5480, section 2.1.1), or the curve itself (RFC 3279, section 2.3.5).
    private func announceCurves(_ m: ASN1Module, _ r: inout Registrar) {
        let field = ASN1Type.sequence([Part(m.identifier("fieldType", &r), .objectIdentifier), Part(nil, .open)])
        let curve = ASN1Type.sequence([
            Part(m.octets("a", &r), .octetString), Part(m.octets("b", &r), .octetString),
            Part(m.octets("seed", &r), .bitString, isOptional: true),
        ])
        let specified = ASN1Type.sequence([
            Part(m.number("version", &r, strings: ValueStrings([(1, "ecpVer1")])), .integer), Part(m.node("fieldID", &r), field),
            Part(m.node("curve", &r), curve), Part(m.octets("base", &r), .octetString), Part(m.number("order", &r), .integer),
            Part(m.number("cofactor", &r), .integer, isOptional: true),
        ])
        let parameters = ASN1Type.choice([
            Part(m.node("specifiedCurve", &r), specified), Part(m.identifier("namedCurve", &r), .objectIdentifier),
        ])
        let names = ValueStrings([(0, "specifiedCurve"), (1, "namedCurve")])
        m.announce(["1.2.840.10045.2.1", "1.3.132.1.12"], m.choice("ECParameters", names, &r), parameters, &r)
        m.announce(["1.2.840.10045.1.1"], m.number("Prime_p", &r), .integer, &r)
    }
}

/// SubjectPublicKeyInfo (RFC 5280, section 4.1.2.7): the key of an RSA algorithm is shown with its parts.
final class SubjectPublicKeyInfo: ASN1CustomType {
    private static let rsa = ObjectIdentifierText.contents("1.2.840.113549.1.1.1") ?? []

    private let decoder: ASN1Decoder
    private let algorithm: ASN1Component
    private let key: FieldID
    private let rsaKey: ASN1Type
    let universalTag: UInt32? = 16

    init(_ decoder: ASN1Decoder, algorithm: ASN1Component, key: FieldID, rsaKey: ASN1Type) {
        self.decoder = decoder
        self.algorithm = algorithm
        self.key = key
        self.rsaKey = rsaKey
    }

    func decode(_ value: ASN1Value, _ field: FieldID?, _ walk: inout ASN1Walk, _ context: inout Context) throws(DissectionError) {
        let start = value.shownStart
        if let field { context.add(field, value.reader, start, value.shownByteCount(from: start)) }
        context.open()
        defer { context.close() }
        var reader = value.contents
        guard !reader.isAtEnd else { return }
        let isRSA = try isRSA(reader)
        let first = try reader.element()
        try decoder.component(algorithm, first, reader, walk.parent, &walk, &context)
        try decoder.advance(&reader, behind: first)
        guard !reader.isAtEnd else { return }
        if isRSA {
            try decodeRSAKey(&reader, &walk, &context)
        } else {
            try decoder.decode(.bitString, key, &reader, &walk, &context)
        }
        try decoder.requireAll(of: value)
    }

    /// Whether the algorithm that `reader` stands at is RSA.
    private func isRSA(_ reader: Reader) throws(DissectionError) -> Bool {
        let element = try reader.element()
        let algorithm = reader.contents(element)
        guard element.isUniversal(16), !algorithm.isAtEnd else { return false }
        let identifier = algorithm.contents(try algorithm.element()).capturedBytes
        return Self.rsa.withUnsafeBytes { ByteView($0).equals(identifier) }
    }

    private func decodeRSAKey(_ reader: inout Reader, _ walk: inout ASN1Walk, _ context: inout Context) throws(DissectionError) {
        let element = try reader.element()
        var contents = reader.contents(element)
        let unusedBits = try contents.uint8()
        guard unusedBits == 0, element.isUniversal(3), contents.capturedRemaining > 0 else {
            return try decoder.decode(.bitString, key, &reader, &walk, &context)
        }
        context.add(key, contents, contents.offset, contents.capturedRemaining)
        context.open()
        defer { context.close() }
        var inner = contents.rest
        try decoder.decode(rsaKey, nil, &inner, &walk, &context)
        try decoder.advance(&reader, behind: element)
    }
}
