#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// A line on standard error.
enum Complaint {
    static func print(_ message: String) {
        var text = "wirelark: \(message)\n"
        // To nobody, if standard error is closed.
        _ = text.withUTF8 { write(STDERR_FILENO, $0.baseAddress, $0.count) }
    }
}
