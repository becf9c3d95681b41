import Dissection
import Wire

/// Bodies of messages that are one value: certificates and revocation lists (RFC 2585), status requests and responses (RFC 6960,
/// appendix A).
enum X509Bodies {
    static func register(_ decoder: ASN1Decoder, _ protos: X509Protocols, _ types: X509Types, _ r: inout Registrar) {
        r.begin(protos.file)
        let certificate = r.field("pkix-cert.cert", "Certificate", .none)
        let file = Body(decoder, r.node(of: protos.file), certificate, types.certificates.certificate)
        r.add(r.partDissector(file, protos.file), to: "media_type", texts: ["application/pkix-cert"])
        let list = Body(decoder, nil, .text, types.certificates.certificateList, proto: "PKIX-CRL", info: "Certificate Revocation List")
        r.add(r.partDissector(list, protos.authentication), to: "media_type", texts: ["application/pkix-crl"])
        let node = r.node(of: protos.status)
        let request = Body(decoder, node, nil, types.ocsp.request, proto: "OCSP", info: "Request")
        r.add(r.partDissector(request, protos.status), to: "media_type", texts: ["application/ocsp-request"])
        let response = Body(decoder, node, nil, types.ocsp.response, proto: "OCSP", info: "Response")
        r.add(r.partDissector(response, protos.status), to: "media_type", texts: ["application/ocsp-response"])
    }

    private final class Body: Dissector {
        private let decoder: ASN1Decoder
        private let node, field: FieldID?
        private let type: ASN1Type
        private let proto, info: StaticString?

        init(_ decoder: ASN1Decoder, _ node: FieldID?, _ field: FieldID?, _ type: ASN1Type, proto: StaticString? = nil, info: StaticString? = nil) {
            self.decoder = decoder
            self.node = node
            self.field = field
            self.type = type
            self.proto = proto
            self.info = info
        }

        func dissect(_ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
            describe(&context)
            if let node { context.begin(node, reader) }
            if field == .text, let info {
                context.heading(reader, reader.offset, reader.capturedRemaining) { $0.append(info) }
                context.open()
            }
            var walk = ASN1Walk()
            try decoder.decode(type, field == .text ? nil : field, &reader, &walk, &context)
        }

        private func describe(_ context: inout Context) {
            guard let proto, let info else { return context.appendMediaTypeToInfo() }
            context.columns.setProtocol(proto)
            context.columns.setInfo(info)
        }
    }
}
