#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Where runs say how they go.
enum StandardError {
    static var isTerminal: Bool { isatty(STDERR_FILENO) == 1 }

    /// Writes some text; to nobody, if standard error is closed.
    static func write(_ text: String) {
        var text = text
        _ = text.withUTF8 { systemWrite($0.baseAddress, $0.count) }
    }

    static func write(_ bytes: [UInt8]) { _ = bytes.withUnsafeBytes { systemWrite($0.baseAddress, $0.count) } }
}

private func systemWrite(_ bytes: UnsafeRawPointer?, _ count: Int) -> Int { write(STDERR_FILENO, bytes, count) }
