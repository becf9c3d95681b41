import Dissection
import Wire

/// Where records end, and what they look like from outside.
enum TLSFraming {
    /// What stands at the start of some bytes.
    enum Form {
        /// A record of SSL 3.0 or TLS; of SSL 2.0; nothing that could be either.
        case record, old, unknown
    }

    static let headerByteCount = 5
    /// Bytes of a record, at most, with what protection and compression may add (RFC 5246, section 6.2).
    static let recordByteLimit = 1 << 14 + 2048

    /// The content types of records (RFC 8446, section 5.1; heartbeats RFC 6520; connection identifiers RFC 9146).
    static func isContentType(_ type: UInt8) -> Bool { (20...25).contains(type) }

    static func form(_ reader: Reader, _ version: UInt16) -> Form {
        let bytes = reader.capturedBytes
        guard !bytes.isEmpty else { return .unknown }
        switch version {
        case TLSVersion.ssl2: return looksLikeRecord(bytes) ? .record : .old
        case 0:
            // Less than a header says nothing: more is waited for.
            if bytes.count < headerByteCount { return .record }
            if looksOld(bytes) { return .old }
            return looksLikeRecord(bytes) ? .record : .unknown
        default: return isOldHello(bytes) ? .old : .record
        }
    }

    /// Bytes of the record that `reader` stands at; nil where too few are there to tell.
    static func recordByteCount(_ reader: Reader, _ version: UInt16) -> Int? {
        let bytes = reader.capturedBytes
        switch form(reader, version) {
        case .unknown: return reader.remaining
        case .old: return SSL2Records.header(bytes).map { $0.byteCount + $0.bodyByteCount }
        case .record:
            // Before a version is known, less than a header may be the beginning of an old hello.
            if bytes.count < headerByteCount, version == 0 || isContentType(bytes[0]) { return nil }
            return isContentType(bytes[0]) ? headerByteCount + Int(bytes.uint16(3)) : reader.remaining
        }
    }

    /// Whether bytes may be the beginning of a record, as far as there are any.
    static func mayBeRecord(_ bytes: ByteView) -> Bool {
        guard !bytes.isEmpty, isContentType(bytes[0]) else { return false }
        return bytes.count == 1 || bytes[1] == 3
    }

    private static func looksLikeRecord(_ bytes: ByteView) -> Bool {
        bytes.count >= 3 && isContentType(bytes[0]) && TLSVersion.isRecordVersion(bytes.uint16(1))
    }

    /// A header of two bytes, and a handshake message that is not encrypted: SSL 2.0 knows no record types.
    private static func looksOld(_ bytes: ByteView) -> Bool {
        bytes.count >= 3 && bytes[0] & 0x80 != 0 && [0, 1, 2, 4].contains(bytes[2])
    }

    /// The hello of SSL 2.0 that offers later versions (RFC 5246, appendix E.2).
    static func isOldHello(_ bytes: ByteView) -> Bool {
        guard bytes.count >= 11, bytes[0] & 0x80 != 0, bytes[2] == 1 else { return false }
        let version = bytes.uint16(3)
        guard version == TLSVersion.ssl2 || (TLSVersion.ssl3...TLSVersion.tls12).contains(version) else { return false }
        let sessionByteCount = bytes.uint16(7)
        return bytes.uint16(5) % 3 == 0 && (sessionByteCount == 0 || sessionByteCount == 16) && (16...32).contains(bytes.uint16(9))
    }

    /// Whether bytes begin with what no record does: eight printable characters.
    static func isText(_ reader: Reader) -> Bool {
        let bytes = reader.capturedBytes[0..<8]
        return !bytes.isEmpty && (0..<bytes.count).allSatisfy { (0x20..<0x7f).contains(bytes[$0]) }
    }

    /// Whether less than a header may be the beginning of a handshake.
    static func mayBeHello(_ reader: Reader) -> Bool {
        let bytes = reader.capturedBytes
        guard (1..<headerByteCount).contains(bytes.count), bytes[0] == 22 else { return false }
        return bytes.count == 1 || bytes[1] == 3
    }

    /// Whether a connection may begin so: with a handshake, or with data where its beginning was not seen.
    static func isHello(_ reader: Reader) -> Bool {
        let bytes = reader.capturedBytes
        guard bytes.count >= headerByteCount else { return false }
        if isOldHello(bytes) { return true }
        guard bytes[0] == 22 || bytes[0] == 23 else { return false }
        let byteCount = Int(bytes.uint16(3))
        return TLSVersion.isRecordVersion(bytes.uint16(1)) && byteCount > 0 && byteCount < recordByteLimit
    }
}
