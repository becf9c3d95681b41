#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import CaptureFile
import Wire

/// Standard output.
enum Output {
    /// Whether another program reads it.
    static var isPipe: Bool {
        var status = stat()
        return fstat(STDOUT_FILENO, &status) == 0 && status.st_mode & S_IFMT == S_IFIFO
    }

    /// Writes all of `text`.
    static func write(_ text: ByteView) throws(CommandError) {
        let failure = writeAll(text, to: STDOUT_FILENO)
        switch failure {
        case 0: return
        // Nobody reads any more, so there is nothing to say either.
        case EPIPE: throw .failure("")
        case ENOSPC: throw .failure("The output could not be written: there is no space left.")
        default: throw .failure("The output could not be written: \(String(cString: strerror(failure))).")
        }
    }
}
