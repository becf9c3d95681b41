import Dissection

/// Extensions that Netscape defined before there was a standard for them ("Netscape Certificate Extensions", 1998).
struct NetscapeExtensions {
    init(_ m: ASN1Module, _ r: inout Registrar) {
        let names: [(StaticString, StaticString)] = [
            ("ssl.client", "ssl-client"), ("ssl.server", "ssl-server"), ("smime", "smime"), ("object.signing", "object-signing"),
            ("reserved.for.future.use", "reserved-for-future-use"), ("ssl.ca", "ssl-ca"), ("smime.ca", "smime-ca"),
            ("object.signing.ca", "object-signing-ca"),
        ]
        let bits = names.enumerated().map { index, name in
            r.field("ns.cert.exts.CertType.\(name.0)", "\(name.1)", .boolean, mask: 0x80 >> UInt64(index), wordBits: 8)
        }
        m.announce(["2.16.840.1.113730.1.1"], m.octets("CertType", &r), .bitString(bits), &r)
        m.announce(["2.16.840.1.113730.1.2"], m.text("BaseUrl", &r), .string(.ia5), &r)
        m.announce(["2.16.840.1.113730.1.3"], m.text("RevocationUrl", &r), .string(.ia5), &r)
        m.announce(["2.16.840.1.113730.1.4"], m.text("CaRevocationUrl", &r), .string(.ia5), &r)
        m.announce(["2.16.840.1.113730.1.7"], m.text("CertRenewalUrl", &r), .string(.ia5), &r)
        m.announce(["2.16.840.1.113730.1.8"], m.text("CaPolicyUrl", &r), .string(.ia5), &r)
        m.announce(["2.16.840.1.113730.1.12"], m.text("SslServerName", &r), .string(.ia5), &r)
        m.announce(["2.16.840.1.113730.1.13"], m.text("Comment", &r), .string(.ia5), &r)
    }
}
