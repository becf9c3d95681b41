import Dissection
import Wire

/// Certificates, and what travels with them (X.509; RFC 5280; RFC 6960), in the Basic Encoding Rules (X.690).
///
/// A certificate in another protocol is decoded by the dissector "x509af", a name by "x509if", the answer to a status request by
/// "ocsp": they stand at the depth that is open, over exactly one value. What an object identifier announces (extensions, parts of names,
/// parameters of algorithms) is looked up in the table `ber.oid`. Not decoded: what certificates for attributes hold, and the
/// criteria, contexts and service definitions of the directory.
public final class X509: Dissector {
    private let decoder: ASN1Decoder
    private let certificate: ASN1Type

    public init(registering r: inout Registrar) {
        let protos = X509Protocols(&r)
        let ber = BERFields(registering: &r)
        let decoder = ASN1Decoder(ber, openTypes: r.table("ber.oid", title: "BER OID", .string), withoutValue: X509Algorithms.withoutParameters)
        let types = X509Types(decoder, protos, &r)
        self.decoder = decoder
        certificate = types.certificates.certificate
        r.begin(protos.authentication)
        r.dissector(self, protos.authentication)
        r.dissector(ASN1Dissector(decoder, nil, types.ocsp.response), protos.status)
        r.dissector(NameDissector(decoder, types.distinguishedName), protos.information)
        X509Bodies.register(decoder, protos, types, &r)
        r.addFields(among: protos.all, table: "ber.oid")
    }

    public func dissect(_ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        var walk = ASN1Walk()
        try decoder.decode(certificate, nil, &reader, &walk, &context)
    }
}

/// The protocols that the fields belong to.
struct X509Protocols {
    let ber, information, attributes, authentication, extensions, keys, explicit, implicit, qualified, proxy, status, file, netscape: ProtocolID

    init(_ r: inout Registrar) {
        information = r.proto("x509if", "X.509 Information Framework", short: "X509IF")
        attributes = r.proto("x509sat", "X.509 Selected Attribute Types", short: "X509SAT")
        authentication = r.proto("x509af", "X.509 Authentication Framework", short: "X509AF")
        extensions = r.proto("x509ce", "X.509 Certificate Extensions", short: "X509CE")
        keys = r.proto("pkcs-1", "PKCS#1", short: "PKCS-1")
        explicit = r.proto("pkix1explicit", "PKIX1Explicit", short: "PKIX1EXPLICIT")
        implicit = r.proto("pkix1implicit", "PKIX1Implitit", short: "PKIX1IMPLICIT")
        qualified = r.proto("pkixqualified", "PKIX Qualified", short: "PKIXQUALIFIED")
        proxy = r.proto("pkixproxy", "PKIXProxy (RFC3820)", short: "PKIXPROXY")
        status = r.proto("ocsp", "Online Certificate Status Protocol", short: "OCSP")
        file = r.proto("pkix-cert", "PKIX CERT File Format", short: "PKIX Certificate")
        netscape = r.proto("ns_cert_exts", "NetScape Certificate Extensions", short: "NS_CERT_EXTS")
        ber = r.proto("ber", "Basic Encoding Rules (ASN.1 X.690)", short: "BER")
    }

    var all: [ProtocolID] {
        [ber, information, attributes, authentication, extensions, keys, explicit, implicit, qualified, proxy, status, file, netscape]
    }
}

/// The types of all modules.
struct X509Types {
    let certificates: X509Certificates
    let distinguishedName: ASN1Type
    let ocsp: OCSP

    init(_ decoder: ASN1Decoder, _ protos: X509Protocols, _ r: inout Registrar) {
        func module(_ name: StaticString, _ proto: ProtocolID, _ r: inout Registrar) -> ASN1Module {
            r.begin(proto)
            return ASN1Module(decoder, name, proto)
        }
        let attributeModule = module("x509sat", protos.attributes, &r)
        let attributes = X509Attributes(attributeModule, &r)
        let names = X509Names(module("x509if", protos.information, &r), &r)
        distinguishedName = names.distinguishedName
        r.begin(protos.attributes)
        _ = X509Addresses(attributeModule, names: names, &r)
        let authentication = module("x509af", protos.authentication, &r)
        let algorithms = X509Algorithms(authentication, &r)
        algorithms.announceDSA(authentication, &r)
        let keys = X509Keys(module("pkcs1", protos.keys, &r), algorithm: algorithms.algorithm, &r)
        certificates = X509Certificates(
            module("x509af", protos.authentication, &r), names: names, algorithm: algorithms.algorithm, rsaKey: keys.publicKey, &r)
        let extensions = X509Extensions(module("x509ce", protos.extensions, &r), names: names, attributes: attributes, &r)
        let generalName = extensions.generalNames.name
        let explicitModule = module("pkix1explicit", protos.explicit, &r)
        let explicit = PKIX1Explicit(explicitModule, &r)
        algorithms.announceDiffieHellman(explicitModule, &r)
        let implicit = PKIX1Implicit(module("pkix1implicit", protos.implicit, &r), generalName: generalName, &r)
        ocsp = OCSP(
            module("ocsp", protos.status, &r),
            OCSP.Types(
                algorithm: algorithms.algorithm, certificate: certificates.certificate, name: names.name, generalName: generalName,
                extensions: explicit.extensions, accessDescriptions: implicit.accessDescriptions), &r)
        _ = PKIXQualified(
            module("pkixqualified", protos.qualified, &r), generalName: generalName, algorithm: algorithms.algorithm, &r)
        _ = PKIXProxy(module("pkixproxy", protos.proxy, &r), &r)
        _ = NetscapeExtensions(module("ns_cert_exts", protos.netscape, &r), &r)
    }
}
