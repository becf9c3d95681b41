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

    mutating func flushIfFull() throws(CommandError) {
        if text.count >= Self.pieceByteCount { try flush() }
    }

    mutating func flush() throws(CommandError) {
        var failure: Int32 = 0
        text.bytes.withUnsafeBytes { bytes in
            var written = 0
            while written < bytes.count, failure == 0 {
                let count = write(STDOUT_FILENO, bytes.baseAddress.map { $0 + written }, bytes.count - written)
                if count >= 0 { written += count } else if errno != EINTR { failure = errno }
            }
        }
        text.truncate()
        switch failure {
        case 0: return
        // Nobody reads any more, so there is nothing to say either.
        case EPIPE: throw .failure("")
        case ENOSPC: throw .failure("The output could not be written: there is no space left.")
        default: throw .failure("The output could not be written: \(String(cString: strerror(failure))).")
        }
    }
}
