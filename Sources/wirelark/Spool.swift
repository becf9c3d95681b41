#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import CaptureFile
import Wire

/// Text that is written later: in memory while there is little of it, then in a file without a name.
final class Spool {
    private static let memoryByteLimit = 1 << 20
    private static let pieceByteCount = 256 * 1024

    private var waiting: [UInt8] = []
    private var file: Int32?
    /// What went wrong, once something has.
    private(set) var failure: CommandError?

    deinit { if let file { close(file) } }

    func append(_ text: ByteView) {
        guard failure == nil else { return }
        waiting += text.copy()
        if waiting.count > Self.memoryByteLimit { flush() }
    }

    /// Appends all that was taken in; may be called once.
    func write(_ out: inout TextBuffer) {
        if let file {
            lseek(file, 0, SEEK_SET)
            var piece = [UInt8](repeating: 0, count: Self.pieceByteCount)
            while case let count = read(file, &piece, piece.count), count > 0 {
                out.append(Array(piece[..<count]))
                out.drainIfLong()
            }
        }
        out.append(waiting)
    }

    private func flush() {
        do throws(CommandError) {
            if file == nil { file = try TemporaryFile.open("The text that waits to be printed") }
            guard let target = file else { return }
            let number = waiting.withUnsafeBytes { writeAll(ByteView($0), to: target) }
            if number != 0 { throw .failure("The text that waits to be printed could not be kept: \(String(cString: strerror(number))).") }
        } catch {
            failure = error
        }
        waiting.removeAll(keepingCapacity: true)
    }
}

/// A file that has no name, and is gone when it is closed.
enum TemporaryFile {
    /// - Parameter what: the subject of the sentence that says why there is none.
    static func open(_ what: String) throws(CommandError) -> Int32 {
        let directory = Environment.temporaryDirectory
        var template = Array("\(directory)/wirelark-\(String(repeating: "X", count: 6))".utf8CString)
        let descriptor = mkstemp(&template)
        guard descriptor >= 0 else { throw .failure("\(what) could not be kept in \(directory): \(String(cString: strerror(errno))).") }
        unlink(template)
        return descriptor
    }
}
