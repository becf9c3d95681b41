import Foundation
import SwiftASN1
import TestSupport
import Testing
import X509

/// The certificates of our fixtures as SwiftASN1 and X509 (swift-certificates) read them: they show the same.
@Suite struct CertificateOracleTests {
    private static let fixtures = [
        "x509af/openssl", "x509af/keys", "x509sat/attributes", "x509sat/addresses", "x509ce/scopes", "pkix1explicit/extensions",
        "pkixqualified/extensions", "pkcs-1/parameters", "x509af/nested",
    ]

    /// Keys of other kinds and negative serial numbers it refuses.
    private static let readCount = ["x509af/openssl": 1, "x509af/keys": 2]

    @Test(arguments: ["x509af/openssl", "x509af/keys"]) func partsAreThoseOfSwiftCertificates(fixture: String) throws {
        var count = 0
        for shown in try ShownCertificate.all(in: fixture) {
            guard let certificate = try? Certificate(derEncoded: shown.encoded) else { continue }
            count += 1
            #expect(shown.serialNumber == Array(certificate.serialNumber.bytes))
            #expect(shown.issuer == Self.attributes(certificate.issuer))
            #expect(shown.subject == Self.attributes(certificate.subject))
            #expect(shown.validity.map(Self.seconds) == [certificate.notValidBefore, certificate.notValidAfter].map { Int64($0.timeIntervalSince1970) })
            #expect(shown.publicKeyInfo == (try Self.encoded(certificate.publicKey)))
            #expect(shown.extensions == certificate.extensions.map { .init(type: "\($0.oid)", isCritical: $0.critical) })
        }
        #expect(count == Self.readCount[fixture])
    }

    private static func attributes(_ name: DistinguishedName) -> [ShownCertificate.Attribute] {
        name.flatMap { part in part.map { .init(type: "\($0.type)", value: String($0.value) ?? "") } }
    }

    private static func encoded(_ key: Certificate.PublicKey) throws -> [UInt8] {
        var serializer = DER.Serializer()
        try serializer.serialize(key)
        return serializer.serializedBytes
    }

    /// `2026-11-25 18:44:16 (UTC)` as seconds since 1970.
    private static func seconds(_ text: String) -> Int64? {
        if let number = Int64(text) { return number }
        let date = try? Date(text.replacing(" (UTC)", with: "Z").replacing(" ", with: "T"), strategy: .iso8601)
        return date.map { Int64($0.timeIntervalSince1970) }
    }

    /// Every object identifier that stands in a certificate is shown, in the same order.
    @Test(arguments: fixtures) func objectIdentifiersAreThoseOfSwiftASN1(fixture: String) throws {
        let certificates = try ShownCertificate.all(in: fixture)
        try #require(!certificates.isEmpty)
        for shown in certificates {
            let root = try DER.parse(shown.encoded)
            #expect(shown.identifiers == Self.identifiers(root))
        }
    }

    private static func identifiers(_ node: ASN1Node) -> [String] {
        switch node.content {
        case .constructed(let children): children.flatMap { identifiers($0) }
        case .primitive where node.identifier == .objectIdentifier: (try? ASN1ObjectIdentifier(derEncoded: node)).map { ["\($0)"] } ?? []
        // What an extension or a key holds is a value of its own.
        case .primitive(let bytes) where node.identifier == .octetString: (try? DER.parse(bytes)).map { identifiers($0) } ?? []
        case .primitive: []
        }
    }
}
