#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import CaptureFile
import Wire

/// What comes through a pipe, copied to a file without a name, so that it can be read twice.
enum SpooledInput {
    private static let pieceByteCount = 256 * 1024

    /// Whether something other than a terminal is connected to standard input.
    static var isConnected: Bool { isatty(STDIN_FILENO) == 0 }

    /// A descriptor of a copy of the input; nil where the input is no pipe.
    static func descriptor(of path: String) throws(CommandError) -> Int32? {
        var status = stat()
        guard (path == "-" ? fstat(STDIN_FILENO, &status) : stat(path, &status)) == 0 else { return nil }
        let kind = status.st_mode & S_IFMT
        guard kind == S_IFIFO || kind == S_IFSOCK else { return nil }
        let source = path == "-" ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC)
        guard source >= 0 else { throw failure("could not be opened", path) }
        let target = try TemporaryFile.open("What comes through \(path == "-" ? "the standard input" : "\"\(path)\"")")
        try copy(source, to: target, path)
        lseek(target, 0, SEEK_SET)
        return target
    }

    /// Copies up to the end, or to an interruption.
    private static func copy(_ source: Int32, to target: Int32, _ path: String) throws(CommandError) {
        var buffer = [UInt8](repeating: 0, count: pieceByteCount)
        while !Interruption.isRequested {
            let count = read(source, &buffer, buffer.count)
            if count == 0 { return }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw failure("could not be read", path) }
            let number = buffer[..<count].withUnsafeBytes { writeAll(ByteView($0), to: target) }
            if number != 0 { throw failure("could not be copied, to be read twice", path, number) }
        }
    }

    private static func failure(_ what: String, _ path: String, _ number: Int32 = errno) -> CommandError {
        .failure("\(path == "-" ? "The standard input" : "The file \"\(path)\"") \(what): \(String(cString: strerror(number))).")
    }
}
