import Dissection
import Wire

/// Signature algorithms (RFC 5246, section 7.4.1.4.1) and schemes (RFC 8446, section 4.2.3).
struct TLSSignatureAlgorithms: Sendable {
    private let listLength, list, scheme, hash, signature: FieldID
    private let vectors: TLSVectors

    init(_ vectors: TLSVectors, _ r: inout Registrar) {
        self.vectors = vectors
        listLength = r.field("tls.handshake.sig_hash_alg_len", "Signature Hash Algorithms Length", .uint16, .decimal)
        list = r.field("tls.handshake.sig_hash_algs", "Signature Algorithms", .none)
        scheme = r.field("tls.handshake.sig_hash_alg", "Signature Algorithm", .uint16, .hex, strings: TLSHelloValues.signatureSchemes)
        hash = r.field("tls.handshake.sig_hash_hash", "Signature Hash Algorithm Hash", .uint8, .decimal, strings: TLSValues.hashAlgorithms)
        signature = r.field(
            "tls.handshake.sig_hash_sig", "Signature Hash Algorithm Signature", .uint8, .decimal, strings: TLSValues.signatureAlgorithms)
    }

    func add(_ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        let word = try reader.uint16()
        let item = context.add(scheme, reader, reader.offset - 2, 2, value: UInt64(word))
        if TLSHelloValues.signatureSchemes.name(of: UInt64(word)) == nil { context.valueLabel(item) { Self.append(word, &$0) } }
        guard context.wants(hash) || context.wants(signature) else { return }
        context.open()
        context.add(hash, reader, reader.offset - 2, 1, value: UInt64(word >> 8))
        context.add(signature, reader, reader.offset - 1, 1, value: UInt64(word & 0xff))
        context.close()
    }

    /// `SHA1 DSA (0x0202)`: what is no scheme is a pair of algorithms.
    private static func append(_ word: UInt16, _ text: inout TextBuffer) {
        text.append(TLSValues.hashAlgorithms.name(of: UInt64(word >> 8)) ?? "Unknown")
        text.append(" ")
        text.append(TLSValues.signatureAlgorithms.name(of: UInt64(word & 0xff)) ?? "Unknown")
        text.append(" (0x")
        text.append(hex: UInt64(word), width: 4)
        text.append(")")
    }

    func addList(_ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        guard var elements = try vectors.begin(listLength, width: 2, 2...65534, &reader, &context) else { return }
        let top = context.add(list, elements, elements.offset, elements.capturedRemaining)
        let count = elements.remaining / 2
        context.label(top) { $0.append("Signature Hash Algorithms", count: count, "algorithm", "algorithms") }
        context.open()
        defer { context.close() }
        while elements.remaining >= 2 { try add(&elements, &context) }
        vectors.end(elements, &context)
    }
}
