#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Where `-b printname:` has the name of each finished file printed.
struct FinishedNames {
    private let descriptor: Int32

    /// - Parameter path: a file, or "stdout" or "stderr".
    init(_ path: String) throws(CommandError) {
        switch path {
        case "stdout", "-": descriptor = STDOUT_FILENO
        case "stderr": descriptor = STDERR_FILENO
        default:
            descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
            guard descriptor >= 0 else { throw .failure("The file \"\(path)\" cannot be written: \(String(cString: strerror(errno))).") }
        }
    }

    func add(_ name: String) {
        var line = name + "\n"
        _ = line.withUTF8 { write(descriptor, $0.baseAddress, $0.count) }
    }
}
