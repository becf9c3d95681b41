import CaptureFile
import Wire

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// A capture file while it is written. It ends with a whole record after each call.
final class RecordingFile {
    let path: String
    private let descriptor: Int32
    private(set) var byteCount = 0

    /// Makes the file, or empties the one that is there. "-" is the standard output.
    /// - Parameter isGroupReadable: whether its owner's group may read it.
    init(_ path: String, isGroupReadable: Bool) throws(CaptureError) {
        self.path = path
        guard path != "-" else {
            descriptor = STDOUT_FILENO
            return
        }
        descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, isGroupReadable ? 0o640 : 0o600)
        guard descriptor >= 0 else { throw Self.error(errno, path) }
    }

    deinit { if descriptor != STDOUT_FILENO { close(descriptor) } }

    /// Leaves the file to the user whom this process goes on as.
    func handOver(user: uid_t, group: gid_t) {
        if descriptor != STDOUT_FILENO { _ = fchown(descriptor, user, group) }
    }

    static func error(_ number: Int32, _ path: String) -> CaptureError {
        let subject = path == "-" ? "The standard output" : "The file \"\(path)\""
        let detail = switch number {
        case ENOSPC, EDQUOT: "could not be written any further: there is no space left"
        case EACCES, EPERM, EROFS: "may not be written: you don't have the permission"
        case EISDIR: "is a directory"
        case ENOENT, ENOTDIR: "cannot be made: its directory doesn't exist"
        case EFBIG: "could not be written any further: it is as large as a file may be"
        case EPIPE: "is read by nobody any more"
        default: "could not be written: \(String(cString: strerror(number)))"
        }
        return CaptureError(.ended, "\(subject) \(detail).")
    }

    /// Writes whole records.
    /// - Parameter wholeCount: how many of so many bytes are whole records; asked where not all could be written.
    /// - Returns: nil, or why not all was written, and how many bytes of whole records were.
    func write(_ bytes: ByteView, wholeCount: (Int) -> Int = { _ in 0 }) -> (error: CaptureError, byteCount: Int)? {
        bytes.withUnsafeBytes { buffer in
            var written = 0
            // Each turn writes bytes, was interrupted, waits, or returns.
            while written < buffer.count {
                let count = systemWrite(descriptor, buffer.baseAddress.map { $0 + written }, buffer.count - written)
                if count > 0 { written += count; continue }
                switch errno {
                case EINTR: continue
                case EAGAIN:
                    var request = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                    poll(&request, 1, -1)
                default:
                    let error = Self.error(errno, path)
                    let whole = wholeCount(written)
                    // What cannot be cut, a pipe, has the rest of a record at its end.
                    _ = ftruncate(descriptor, off_t(byteCount + whole))
                    lseek(descriptor, 0, SEEK_END)
                    byteCount += whole
                    return (error, whole)
                }
            }
            byteCount += written
            return nil
        }
    }
}

/// `write(2)`, which a method of the same name hides.
private func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int { write(descriptor, bytes, count) }
