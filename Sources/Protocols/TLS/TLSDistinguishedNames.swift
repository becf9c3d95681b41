import Dissection
import Wire

/// The names of authorities that an endpoint trusts (RFC 5246, section 7.4.4; RFC 8446, section 4.2.4).
struct TLSDistinguishedNames: Sendable {
    /// Names that are shown, at most: some servers send hundreds.
    private static let limit = 100

    private let listLength, list, nameLength, name, truncated: FieldID
    private let vectors: TLSVectors
    private let decoder: DissectorID?

    init(_ vectors: TLSVectors, _ r: inout Registrar) {
        self.vectors = vectors
        listLength = r.field("tls.handshake.dnames_len", "Distinguished Names Length", .uint16, .decimal)
        list = r.field("tls.handshake.dnames", "Distinguished Names", .none)
        nameLength = r.field("tls.handshake.dname_len", "Distinguished Name Length", .uint16, .decimal)
        name = r.field("tls.handshake.dname", "Distinguished Name", .none)
        truncated = r.field("tls.handshake.dnames_truncated", "Tree view truncated", .none)
        decoder = r.dissector(named: "x509if")
    }

    func add(_ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        guard var elements = try vectors.begin(listLength, width: 2, 0...65535, &reader, &context), elements.remaining > 0 else { return }
        let top = context.add(list, elements, elements.offset, elements.capturedRemaining)
        let byteCount = elements.remaining
        context.label(top) { $0.append("Distinguished Names", count: byteCount, "byte", "bytes") }
        context.open()
        defer { context.close() }
        var count = 0
        while elements.remaining > 0 {
            guard count < Self.limit else {
                context.generated(truncated, elements, elements.offset, elements.capturedRemaining, value: 0)
                return
            }
            count += 1
            guard let bytes = try vectors.begin(nameLength, width: 2, 1...65535, &elements, &context) else { return }
            // The name is what the sequence holds, behind its tag and length.
            let first = bytes.peek(1) ?? 0
            let headerByteCount = min(2 + (first < 0x80 ? 0 : Int(first & 0x7f)), bytes.capturedRemaining)
            context.add(name, bytes, bytes.offset + headerByteCount, bytes.capturedRemaining - headerByteCount)
            guard let decoder else { continue }
            context.open()
            defer { context.close() }
            try context.runInside(decoder, bytes, isContinued: true)
        }
    }
}
