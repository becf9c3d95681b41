import Dissection
import Wire

/// Signed certificate timestamps (RFC 6962, section 3.3): in an extension of hellos, or of the certificate itself.
struct TLSTimestamps: Dissector {
    private let timestampsLength, timestampLength, version, log, time, extensionsLength, extensions, signatureLength, signature: FieldID
    private let vectors: TLSVectors
    private let algorithms: TLSSignatureAlgorithms

    init(_ vectors: TLSVectors, _ algorithms: TLSSignatureAlgorithms, _ r: inout Registrar) {
        self.vectors = vectors
        self.algorithms = algorithms
        timestampsLength = r.field("tls.sct.scts_length", "Serialized SCT List Length", .uint16, .decimal)
        timestampLength = r.field("tls.sct.sct_length", "Serialized SCT Length", .uint16, .decimal)
        version = r.field("tls.sct.sct_version", "SCT Version", .uint8, .decimal)
        log = r.field("tls.sct.sct_logid", "Log ID", .bytes)
        time = r.field("tls.sct.sct_timestamp", "Timestamp", .absoluteTime, .utc)
        extensionsLength = r.field("tls.sct.sct_extensions_length", "Extensions length", .uint16, .decimal)
        extensions = r.field("tls.sct.sct_extensions", "Extensions", .none)
        signatureLength = r.field("tls.sct.sct_signature_length", "Signature Length", .uint16, .decimal)
        signature = r.field("tls.sct.sct_signature", "Signature", .bytes)
    }

    /// The extension of a certificate, or of a response about one: a list within an OCTET STRING.
    func dissect(_ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        try reader.require(2)
        guard reader.bytes[reader.offset] == 4 else { return }
        let first = reader.bytes[reader.offset + 1]
        // A length from 128 on stands in the bytes that the first one counts (X.690, section 8.1.3).
        try reader.skip(2 + (first < 0x80 ? 0 : Int(first & 0x7f)))
        try addList(&reader, &context)
    }

    /// RFC 6962, section 3.3. A client's is empty.
    func addList(_ data: inout Reader, _ context: inout Context) throws(DissectionError) {
        guard data.remaining > 0, var list = try vectors.begin(timestampsLength, width: 2, 1...65535, &data, &context) else { return }
        while list.remaining >= 2 { try addOne(&list, &context) }
        vectors.end(list, &context)
    }

    private func addOne(_ list: inout Reader, _ context: inout Context) throws(DissectionError) {
        try list.require(2)
        let byteCount = Int(list.bytes.uint16(list.offset))
        context.heading(list, list.offset, min(2 + byteCount, list.capturedRemaining)) { $0.append("Signed Certificate Timestamp") }
        context.open()
        defer { context.close() }
        guard var content = try vectors.begin(timestampLength, width: 2, 1...65535, &list, &context) else { return }
        guard try context.uint8(version, &content) == 0 else { return }
        try content.require(32)
        context.add(log, content, content.offset, 32)
        content.offset += 32
        let milliseconds = try content.uint64()
        context.add(time, content, content.offset - 8, 8, value: Self.nanoseconds(milliseconds))
        try vectors.bytes(extensionsLength, width: 2, extensions, 0...65535, &content, &context)
        try algorithms.add(&content, &context)
        try vectors.bytes(signatureLength, width: 2, signature, 0...65535, &content, &context)
    }

    /// A time as items hold it; one behind the year 2262 is the latest that they can.
    private static func nanoseconds(_ milliseconds: UInt64) -> UInt64 {
        let time = Timestamp(seconds: Int64(milliseconds / 1000), nanoseconds: Int32(milliseconds % 1000) * 1_000_000)
        return UInt64(bitPattern: time.totalNanoseconds)
    }
}
