import Dissection
import Wire

/// Extensions about certificates.
struct TLSCertificateExtensions: Sendable {
    private let formatsLength, formats, format: FieldID
    private let compressionsLength, compression: FieldID
    private let filtersLength, filterLength, filter, valuesLength: FieldID
    private let validTime, keyLength, key, delegatedSignatureLength, delegatedSignature: FieldID
    private let vectors: TLSVectors
    private let algorithms: TLSSignatureAlgorithms

    init(_ vectors: TLSVectors, _ algorithms: TLSSignatureAlgorithms, _ r: inout Registrar) {
        self.vectors = vectors
        self.algorithms = algorithms
        formatsLength = r.field("tls.handshake.cert_type.types_len", "Certificate Type List Length", .uint8, .decimal)
        formats = r.field("tls.handshake.cert_type.types", "Certificate Type List", .none)
        format = r.field("tls.handshake.cert_type.type", "Certificate Type", .uint8, .hex, strings: TLSValues.certificateFormats)
        compressionsLength = r.field("tls.compress_certificate.algorithms_length", "Algorithms Length", .uint8, .decimal)
        compression = r.field(
            "tls.compress_certificate.algorithm", "Algorithm", .uint16, .decimal, strings: TLSValues.certificateCompressions)
        filtersLength = r.field("tls.extension.oid_filters_length", "OID Filters Length", .uint16, .decimal)
        filterLength = r.field("tls.extension.oid_filters.oid_length", "Certificate Extension OID Length", .uint8, .decimal)
        filter = r.field("tls.extension.oid_filters.oid", "Certificate Extension OID", .bytes)
        valuesLength = r.field("tls.extension.oid_filters.values_length", "Certificate Extension Values Length", .uint16, .decimal)
        validTime = r.field("tls.handshake.cred.valid_time", "Valid Time", .uint32, .decimal)
        keyLength = r.field("tls.handshake.cred.pubkey_len", "Subject Public Key Info Length", .uint24, .decimal)
        key = r.field("tls.handshake.cred.pubkey", "Subject Public Key Info", .bytes)
        delegatedSignatureLength = r.field("tls.handshake.cred.signature_len", "Signature Length", .uint16, .decimal)
        delegatedSignature = r.field("tls.handshake.cred.signature", "Signature", .bytes)
    }

    // MARK: Formats

    /// RFC 6091, section 3.1: the client's list, or the server's choice.
    func addFormats(_ data: inout Reader, _ place: TLSExtensions.Place, _ context: inout Context) throws(DissectionError) {
        guard place == .client else {
            try context.uint8(format, &data)
            return
        }
        guard var list = try vectors.begin(formatsLength, width: 1, 1...255, &data, &context) else { return }
        let count = list.remaining
        let top = context.add(formats, list, list.offset, list.capturedRemaining)
        context.label(top) {
            $0.append("Certificate Type List (")
            $0.append(decimal: count)
            $0.append(")")
        }
        context.open()
        defer { context.close() }
        while list.remaining > 0 { try context.uint8(format, &list) }
    }

    /// RFC 7250, section 3: the choice says what the certificates are that follow.
    func addFormats(
        _ data: inout Reader, _ place: TLSExtensions.Place, chosen flag: TLSConversation.Flags, _ known: inout TLSConversation, _ context: inout Context
    ) throws(DissectionError) {
        if place != .client, data.remaining > 0, data.has(1), data.bytes[data.offset] == 2 { known.flags.insert(flag) }
        try addFormats(&data, place, &context)
    }

    // MARK: Others

    /// RFC 8879, section 3.
    func addCompressions(_ data: inout Reader, _ context: inout Context) throws(DissectionError) {
        guard var list = try vectors.begin(compressionsLength, width: 1, 2...254, &data, &context) else { return }
        while list.remaining >= 2 { try context.uint16(compression, &list) }
        vectors.end(list, &context)
    }

    /// RFC 8446, section 4.2.5.
    func addFilters(_ data: inout Reader, _ context: inout Context) throws(DissectionError) {
        guard var list = try vectors.begin(filtersLength, width: 2, 0...65535, &data, &context) else { return }
        while list.remaining >= 4 {
            let start = list.offset
            let heading = context.heading(list, start, list.capturedRemaining) { $0.append("OID Filter") }
            context.open()
            defer { context.close() }
            try vectors.bytes(filterLength, width: 1, filter, 1...255, &list, &context)
            guard let values = try vectors.begin(valuesLength, width: 2, 0...65535, &list, &context) else { return }
            try values.require(values.remaining)
            context.extend(heading, to: list.offset)
        }
        vectors.end(list, &context)
    }

    /// RFC 9345, section 4.
    func addDelegated(_ data: inout Reader, _ place: TLSExtensions.Place, _ context: inout Context) throws(DissectionError) {
        guard place == .certificate else { return try algorithms.addList(&data, &context) }
        try context.uint32(validTime, &data)
        try algorithms.add(&data, &context)
        try vectors.bytes(keyLength, width: 3, key, 1...0xff_ffff, &data, &context)
        try algorithms.add(&data, &context)
        try vectors.bytes(delegatedSignatureLength, width: 2, delegatedSignature, 0...65535, &data, &context)
    }
}
