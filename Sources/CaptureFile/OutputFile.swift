import Wire

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// A file that is written from start to end; "-" is the standard output.
public final class OutputFile: Sendable {
    public let name: String
    private let descriptor: Int32

    /// Makes the file, or empties the one that is there.
    /// - Parameter inputs: files that are being read, which must not be written over.
    public init(path: String, besides inputs: [String] = []) throws(CaptureFileError) {
        name = path
        guard path != "-" else {
            descriptor = STDOUT_FILENO
            return
        }
        if inputs.contains(where: { Self.isSameFile(path, $0) }) {
            throw CaptureFileError(.notAccessible, name: path, detail: "is the file that is read: write to another one")
        }
        descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw Self.failure(errno, path) }
    }

    deinit {
        if descriptor != STDOUT_FILENO { close(descriptor) }
    }

    private static func isSameFile(_ a: String, _ b: String) -> Bool {
        var (first, second) = (stat(), stat())
        guard stat(a, &first) == 0, stat(b, &second) == 0 else { return false }
        return first.st_dev == second.st_dev && first.st_ino == second.st_ino
    }

    private static func failure(_ number: Int32, _ name: String) -> CaptureFileError {
        let detail = switch number {
        case EACCES, EPERM, EROFS: "may not be written: you don't have the permission"
        case EISDIR: "is a directory"
        case ENOENT, ENOTDIR: "cannot be made: its directory doesn't exist"
        case ENOSPC, EDQUOT: "could not be written any further: there is no space left"
        default: "could not be written: \(String(cString: strerror(number)))"
        }
        return CaptureFileError(.writeFailed(number), name: name, detail: detail)
    }

    /// Writes all of the bytes.
    public func write(_ bytes: ByteView) throws(CaptureFileError) {
        let failure = writeAll(bytes, to: descriptor)
        if failure != 0 { throw Self.failure(failure, name) }
    }
}
