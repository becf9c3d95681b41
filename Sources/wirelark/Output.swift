#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import Wire

/// Standard output.
enum Output {
    /// Writes all of `text`.
    static func write(_ text: ByteView) throws(CommandError) {
        var failure: Int32 = 0
        text.withUnsafeBytes { bytes in
            var written = 0
            while written < bytes.count, failure == 0 {
                let count = systemWrite(STDOUT_FILENO, bytes.baseAddress.map { $0 + written }, bytes.count - written)
                if count >= 0 { written += count } else if errno != EINTR { failure = errno }
            }
        }
        switch failure {
        case 0: return
        // Nobody reads any more, so there is nothing to say either.
        case EPIPE: throw .failure("")
        case ENOSPC: throw .failure("The output could not be written: there is no space left.")
        default: throw .failure("The output could not be written: \(String(cString: strerror(failure))).")
        }
    }
}

private func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int { write(descriptor, bytes, count) }
