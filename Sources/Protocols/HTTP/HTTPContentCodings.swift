import Codecs
import Dissection
import Wire

/// The codings that Content-Encoding fields name (RFC 9110, section 8.4), in the order in which they were applied.
struct HTTPCodingList {
    /// Codings of one body, at most: more than two are not seen.
    private static let limit = 10

    /// As the fields have it, several with commas between.
    let text: [UInt8]
    let names: [ByteView]

    init(_ fields: [Range<Int>], _ bytes: ByteView) {
        var text: [UInt8] = []
        var names: [ByteView] = []
        for field in fields.prefix(Self.limit) {
            if !text.isEmpty { text += [44, 32] }
            let value = bytes[field]
            text += value.upToNUL.copy()
            var offset = 0
            while offset <= value.count, names.count < Self.limit {
                let end = value.firstIndex(of: 44, from: offset) ?? value.count
                names.append(value[offset..<end].trimmingBlanksBefore.trimmingBlanksAfter)
                offset = end + 1
            }
        }
        self.text = text
        self.names = names
    }

    var isIdentity: Bool { names.allSatisfy { $0.count == 8 && $0.hasPrefix(ignoringCase: "identity") } }
}

/// Undoes content codings.
final class HTTPContentCodings: Sendable {
    /// Bytes that a body decompresses to, at most: a few hundred bytes can stand for gigabytes.
    private static let decodedByteLimit = 16 << 20

    private let failed, disabled: ExpertID
    private let decompresses: Bool
    private let data: DissectorID?

    init(registering r: inout Registrar) {
        failed = r.expert("http.decompression_failed", .undecoded, .warning, "Decompression failed")
        disabled = r.expert("http.decompression_disabled", .undecoded, .chat, "Decompression disabled")
        decompresses = r.preference("http.decompress_body", "Uncompress entity bodies", default: true)
        data = r.dissector(named: "data")
    }

    /// Puts the decoded body in the place of `content`. False where it cannot be decoded: then it is shown as it is.
    func undo(_ codings: HTTPCodingList, _ content: inout Reader, _ context: inout Context) -> Bool {
        let coded = content
        let decoded = decompresses ? Self.decoded(coded.capturedBytes, codings.names) : nil
        let top = context.heading(coded, coded.offset, coded.capturedRemaining) {
            Self.appendHeading(codings, coded.capturedRemaining, decoded?.bytes.count, &$0)
        }
        guard let decoded, let reader = derive(decoded.bytes, coded, &context) else {
            context.label(top) { Self.appendHeading(codings, coded.capturedRemaining, nil, &$0) }
            context.open()
            context.expert(decompresses ? failed : disabled)
            if let data { context.nested { $0.run(data, coded) } }
            context.close()
            return false
        }
        if decoded.reachedLimit {
            context.open()
            context.expert(context.registry.core.limitExpert)
            context.close()
        }
        content = reader
        return true
    }

    private func derive(_ bytes: [UInt8], _ coded: Reader, _ context: inout Context) -> Reader? {
        context.derive("Uncompressed entity body", from: coded, byteCount: bytes.count) {
            $0.copyBytes(from: bytes)
            return bytes.count
        }
    }

    /// Undoes the last coding first, up to one that is unknown or of which nothing comes out; nil where that is the first. What
    /// is damaged counts as far as it goes.
    private static func decoded(_ bytes: ByteView, _ names: [ByteView]) -> (bytes: [UInt8], reachedLimit: Bool)? {
        var current = bytes.copy()
        var reachedLimit = false
        var isDecoded = false
        for name in names.reversed() where !isIdentity(name) {
            guard
                let next = current.withUnsafeBytes({ buffer -> DecompressedBytes? in
                    let view = ByteView(buffer)
                    return format(name, view).map { decompress(view, format: $0, limit: decodedByteLimit) }
                }), next.isComplete || !next.bytes.isEmpty
            else { return isDecoded ? (current, reachedLimit) : nil }
            isDecoded = true
            reachedLimit = reachedLimit || next.reachedLimit
            current = next.bytes
        }
        return (current, reachedLimit)
    }

    private static func isIdentity(_ name: ByteView) -> Bool { name.count == 8 && name.hasPrefix(ignoringCase: "identity") }

    private static func appendHeading(_ codings: HTTPCodingList, _ codedCount: Int, _ count: Int?, _ text: inout TextBuffer) {
        text.append("Content-encoded entity body (")
        text.append(codings.text)
        text.append("): ")
        text.append(decimal: codedCount)
        text.append(" bytes")
        guard let count else { return }
        text.append(" -> ")
        text.append(decimal: count)
        text.append(" bytes")
    }

    /// What the bytes say they are counts for more than which of gzip's and deflate's names they go under.
    private static func format(_ name: ByteView, _ bytes: ByteView) -> BodyCompression? {
        func isNamed(_ names: StaticString...) -> Bool {
            names.contains { name.count == $0.utf8CodeUnitCount && name.hasPrefix(ignoringCase: $0) }
        }
        if isNamed("br") { return .brotli }
        if isNamed("zstd") { return .zstd }
        guard isNamed("gzip", "deflate", "x-gzip", "x-deflate") else { return nil }
        return bytes.count >= 2 && bytes.uint16(0) == 0x1f8b ? .gzip : .deflate
    }
}
