#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import Wire

/// Standard output, through one buffer.
struct Output: ~Copyable {
    /// Written out when this many bytes have gathered.
    private static let pieceByteCount = 64 * 1024

    var text = TextBuffer(capacity: 256 * 1024)

    mutating func flushIfFull() {
        if text.count >= Self.pieceByteCount { flush() }
    }

    mutating func flush() {
        text.bytes.withUnsafeBytes { bytes in
            var written = 0
            while written < bytes.count {
                let count = write(1, bytes.baseAddress.map { $0 + written }, bytes.count - written)
                if count < 0 {
                    if errno == EINTR { continue }
                    exit(errno == EPIPE ? 0 : 2)
                }
                written += count
            }
        }
        text.truncate()
    }
}
