#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import CaptureFile
import CShims
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

    /// Closes it once the program behind a pipe has read all, so that it can also read the end before this process is gone.
    static func closeWhenRead() {
        for _ in 0..<readerPatience {
            guard shims_unread_byte_count(STDOUT_FILENO) > 0 else { break }
            usleep(readerPause)
        }
        close(STDOUT_FILENO)
        usleep(readerPause)
    }

    /// Microseconds, and how often a reader gets them: one that reads nothing holds nothing up for more than half a second.
    private static let readerPause: UInt32 = 10_000
    private static let readerPatience = 50
}
