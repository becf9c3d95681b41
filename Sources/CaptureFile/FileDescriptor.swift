import Wire

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// An open file and what kind of thing it is. Reading by position needs no state, so a reader and any number of
/// frame sources share one.
final class FileDescriptor: Sendable {
    let number: Int32
    let name: String
    /// Whether any byte can be read again.
    let isSeekable: Bool
    /// Where the capture begins: the position at which a redirected standard input was handed over.
    let startOffset: Int64
    /// Bytes from there to the end; nil for what cannot be read again.
    let byteCount: Int64?
    private let closesWhenDone: Bool
    /// Asked when a signal interrupts a wait for data: whether to end the file here.
    private let isStopped: @Sendable () -> Bool

    convenience init(path: String, isStopped: @escaping @Sendable () -> Bool = { false }) throws(CaptureFileError) {
        if path == "-" {
            try self.init(adopting: STDIN_FILENO, name: path, closesWhenDone: false, isStopped: isStopped)
            return
        }
        let number = open(path, O_RDONLY | O_CLOEXEC)
        guard number >= 0 else { throw .system(errno, name: path, doing: "opened") }
        try self.init(adopting: number, name: path, closesWhenDone: true, isStopped: isStopped)
    }

    init(
        adopting number: Int32, name: String, closesWhenDone: Bool, isStopped: @escaping @Sendable () -> Bool = { false }
    ) throws(CaptureFileError) {
        self.isStopped = isStopped
        self.number = number
        self.name = name
        self.closesWhenDone = closesWhenDone
        var status = stat()
        let failure = fstat(number, &status) == 0 ? 0 : errno
        isSeekable = failure == 0 && status.st_mode & S_IFMT == S_IFREG
        startOffset = isSeekable ? Int64(max(lseek(number, 0, SEEK_CUR), 0)) : 0
        byteCount = isSeekable ? max(0, Int64(status.st_size) - startOffset) : nil
        if failure != 0 { throw .system(failure, name: name, doing: "examined") }
        if status.st_mode & S_IFMT == S_IFDIR { throw .system(EISDIR, name: name, doing: "read") }
        if status.st_mode & S_IFMT == S_IFCHR && isatty(number) == 0 || status.st_mode & S_IFMT == S_IFBLK {
            throw CaptureFileError(.notRegularFile, name: name, detail: "is a device, not a capture file")
        }
    }

    deinit {
        if closesWhenDone { close(number) }
    }

    /// Reads what is there, at least one byte unless the file ends here: at `offset`, or for what is not seekable
    /// at wherever it is.
    func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int64) throws(CaptureFileError) -> Int {
        // Ends with data, the end of the file or an error; each repetition is a wait in the kernel.
        while true {
            let count = isSeekable
                ? pread(number, buffer.baseAddress, buffer.count, off_t(startOffset &+ offset))
                : systemRead(number, buffer.baseAddress, buffer.count)
            if count >= 0 { return count }
            switch errno {
            case EINTR: if isStopped() { return 0 }
            case EAGAIN: waitUntilReadable()
            default: throw .system(errno, name: name, doing: "read", at: offset)
            }
        }
    }

    /// Blocks on a descriptor that somebody made non-blocking.
    private func waitUntilReadable() {
        var request = pollfd(fd: number, events: Int16(POLLIN), revents: 0)
        _ = poll(&request, 1, -1)
    }
}

/// `read(2)`, which a method of the same name hides.
private func systemRead(_ number: Int32, _ buffer: UnsafeMutableRawPointer?, _ byteCount: Int) -> Int {
    read(number, buffer, byteCount)
}

/// Hands out a file's bytes as they are stored, in order, each piece valid within its call.
public func forEachPiece(ofFile path: String, _ body: (ByteView) -> Void) throws(CaptureFileError) {
    let file = try FileDescriptor(path: path)
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 256 * 1024, alignment: 16)
    defer { buffer.deallocate() }
    var offset: Int64 = 0
    // Each turn reads bytes, ends or throws.
    while true {
        let count = try file.read(into: buffer, at: offset)
        if count == 0 { return }
        body(ByteView(UnsafeRawBufferPointer(rebasing: buffer[..<count])))
        offset += Int64(count)
    }
}
