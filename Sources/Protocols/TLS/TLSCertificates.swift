import Dissection
import Wire

/// Certificates and what goes with them (RFC 5246, sections 7.4.2, 7.4.4 and 7.4.8; RFC 8446, section 4.4; RFC 8879).
final class TLSCertificates: Sendable {
    let names: TLSDistinguishedNames
    let statuses: TLSCertificateStatuses

    private let chainLength, chain, certificateLength, certificate: FieldID
    private let typeCount, types, type: FieldID
    private let contextLength, contextBytes: FieldID
    private let signatureLength, signature: FieldID
    private let compression, uncompressedLength, compressedLength, compressed: FieldID
    private let urlChainType, urlsLength, url, urlLength, urlText, urlPadding, urlHash: FieldID
    private let vectors: TLSVectors
    private let algorithms: TLSSignatureAlgorithms
    private let decoder: DissectorID?

    init(_ vectors: TLSVectors, _ algorithms: TLSSignatureAlgorithms, _ r: inout Registrar) {
        self.vectors = vectors
        self.algorithms = algorithms
        chainLength = r.field("tls.handshake.certificates_length", "Certificates Length", .uint24, .decimal)
        chain = r.field("tls.handshake.certificates", "Certificates", .none)
        certificateLength = r.field("tls.handshake.certificate_length", "Certificate Length", .uint24, .decimal)
        certificate = r.field("tls.handshake.certificate", "Certificate", .bytes)
        typeCount = r.field("tls.handshake.cert_types_count", "Certificate types count", .uint8, .decimal)
        types = r.field("tls.handshake.cert_types", "Certificate types", .none)
        type = r.field("tls.handshake.cert_type", "Certificate type", .uint8, .decimal, strings: TLSValues.clientCertificateTypes)
        contextLength = r.field(
            "tls.handshake.certificate_request_context_length", "Certificate Request Context Length", .uint8, .decimal)
        contextBytes = r.field("tls.handshake.certificate_request_context", "Certificate Request Context", .bytes)
        signatureLength = r.field("tls.handshake.client_cert_vrfy.sig_len", "Signature length", .uint16, .decimal)
        signature = r.field("tls.handshake.client_cert_vrfy.sig", "Signature", .bytes)
        compression = r.field(
            "tls.compress_certificate.algorithm", "Algorithm", .uint16, .decimal, strings: TLSValues.certificateCompressions)
        uncompressedLength = r.field("tls.compress_certificate.uncompressed_length", "Uncompressed Length", .uint24, .decimal)
        compressedLength = r.field("tls.compress_certificate.compressed_certificate_message.length", "Length", .uint24, .decimal)
        compressed = r.field("tls.compress_certificate.compressed_certificate_message", "Compressed Certificate Message", .bytes)
        urlChainType = r.field("tls.handshake.cert_url_type", "Certificate Chain Type", .uint8, .decimal, strings: TLSValues.chainTypes)
        urlsLength = r.field("tls.handshake.cert_url.url_hash_len", "URL and Hash list Length", .uint16, .decimal)
        url = r.field("tls.handshake.cert_url.url_hash", "URL and Hash", .none)
        urlLength = r.field("tls.handshake.cert_url.url_len", "URL Length", .uint16, .decimal)
        urlText = r.field("tls.handshake.cert_url.url", "URL", .string)
        urlPadding = r.field("tls.handshake.cert_url.padding", "Padding", .none)
        urlHash = r.field("tls.handshake.cert_url.sha1", "SHA1 Hash", .bytes)
        names = TLSDistinguishedNames(vectors, &r)
        statuses = TLSCertificateStatuses(vectors, &r)
        decoder = r.dissector(named: "x509af")
    }

    // MARK: Chains

    func addChain(
        _ body: inout Reader, _ part: TLSRecords.Part, _ known: inout TLSConversation, _ extensions: TLSExtensions, _ context: inout Context
    ) throws(DissectionError) {
        let isRaw = known.flags.contains(part.isFromServer ? .hasRawServerKeys : .hasRawClientKeys)
        if known.isVersion13 { try vectors.bytes(contextLength, width: 1, contextBytes, 0...255, &body, &context) }
        if isRaw, !known.isVersion13 { return try addCertificate(&body, isRaw: true, &context) }
        guard var list = try vectors.begin(chainLength, width: 3, 0...0xff_ffff, &body, &context), list.remaining > 0 else { return }
        let top = context.add(chain, list, list.offset, list.capturedRemaining)
        let byteCount = list.remaining
        context.label(top) { $0.append("Certificates", count: byteCount, "byte", "bytes") }
        context.open()
        defer { context.close() }
        while list.remaining > 0 {
            try addCertificate(&list, isRaw: isRaw, &context)
            if known.isVersion13 { try extensions.addList(.certificate, &list, &known, &context) }
        }
    }

    private func addCertificate(_ list: inout Reader, isRaw: Bool, _ context: inout Context) throws(DissectionError) {
        guard let bytes = try vectors.begin(certificateLength, width: 3, 1...0xff_ffff, &list, &context) else {
            list.offset = list.reportedEnd
            return
        }
        context.add(certificate, bytes, bytes.offset, bytes.capturedRemaining)
        if let decoder, !isRaw {
            context.open()
            defer { context.close() }
            try context.runInside(decoder, bytes, isContinued: true)
        }
        try bytes.require(bytes.remaining)
    }

    /// RFC 8879, section 4.
    func addCompressed(_ body: inout Reader, _ context: inout Context) throws(DissectionError) {
        try context.uint16(compression, &body)
        try context.uint24(uncompressedLength, &body)
        try vectors.bytes(compressedLength, width: 3, compressed, 1...0xff_ffff, &body, &context)
    }

    // MARK: Requests

    func addRequest(
        _ body: inout Reader, _ known: inout TLSConversation, _ extensions: TLSExtensions, _ context: inout Context
    ) throws(DissectionError) {
        if known.isVersion13 {
            try vectors.bytes(contextLength, width: 1, contextBytes, 0...255, &body, &context)
            return try extensions.addList(.certificateRequest, &body, &known, &context)
        }
        guard var list = try vectors.begin(typeCount, width: 1, 1...255, &body, &context) else { return }
        let top = context.add(types, list, list.offset, list.capturedRemaining)
        let count = list.remaining
        context.label(top) { $0.append("Certificate types", count: count, "type", "types") }
        context.open()
        while list.remaining > 0 { try context.uint8(type, &list) }
        context.close()
        if known.version == TLSVersion.tls12 { try algorithms.addList(&body, &context) }
        try names.add(&body, &context)
    }

    func addVerify(_ body: inout Reader, _ known: TLSConversation, _ context: inout Context) throws(DissectionError) {
        if known.version >= TLSVersion.tls12 { try algorithms.add(&body, &context) }
        try vectors.bytes(signatureLength, width: 2, signature, 0...65535, &body, &context)
    }

    // MARK: URLs

    /// RFC 6066, section 5.
    func addURLs(_ body: inout Reader, _ known: TLSConversation, _ context: inout Context) throws(DissectionError) {
        try context.uint8(urlChainType, &body)
        guard var list = try vectors.begin(urlsLength, width: 2, 1...65535, &body, &context) else { return }
        while list.remaining > 0 {
            let start = list.offset
            let top = context.add(url, list, start, list.capturedRemaining)
            context.open()
            defer { context.close() }
            let count = Int(try context.uint16(urlLength, &list))
            try list.require(count)
            context.string(urlText, list, list.offset, count)
            list.offset += count
            try list.require(1)
            context.add(urlPadding, list, list.offset, 1)
            list.offset += 1
            try list.require(20)
            context.add(urlHash, list, list.offset, 20)
            list.offset += 20
            context.extend(top, to: list.offset)
        }
    }
}
