import Dissection
import Wire

/// Signed certificate timestamps inside a certificate or a status response (RFC 6962, section 3.3): the list that TLS has as an
/// extension, in an OCTET STRING.
final class CertificateTimestamps: Dissector {
    static let identifiers = ["1.3.6.1.4.1.11129.2.4.2", "1.3.6.1.4.1.11129.2.4.5"]

    private let extensions: TLSCertificateExtensions

    init(_ extensions: TLSCertificateExtensions) { self.extensions = extensions }

    func dissect(_ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        let element = try reader.element()
        guard element.isUniversal(4) else { throw DissectionError(.malformed, offset: reader.offset, byteCount: 1) }
        var list = reader.contents(element)
        try extensions.addTimestamps(&list, &context)
        try reader.requireEnd(of: element)
    }
}
