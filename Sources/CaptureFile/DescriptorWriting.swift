import Wire

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Writes all of some bytes to an open file, however many calls that takes.
/// - Returns: 0, or the operating system's error number where not all could be written.
public func writeAll(_ bytes: ByteView, to descriptor: Int32) -> Int32 {
    bytes.withUnsafeBytes { buffer in
        var written = 0
        // Each turn writes bytes, was interrupted, or returns.
        while written < buffer.count {
            let count = write(descriptor, buffer.baseAddress.map { $0 + written }, buffer.count - written)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return count < 0 ? errno : EIO }
            written += count
        }
        return 0
    }
}
