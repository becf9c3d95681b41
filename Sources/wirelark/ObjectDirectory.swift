#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import Analysis
import CaptureFile
import Wire

/// The directory that objects are written to: each to a new file of its own, and none to anywhere else.
final class ObjectDirectory {
    /// Numbers of one name that are tried, at most.
    private static let numberLimit = 1_000_000

    private let path: String
    let descriptor: Int32
    /// The number to try next, by name, of so many names: of others it is found out anew.
    private var numbers: [ObjectName: Int] = [:]
    private static let nameLimit = 20_000

    /// Opens the directory, which is made if there is none.
    init(_ path: String) throws(CommandError) {
        self.path = path
        if mkdir(path, 0o777) != 0, errno != EEXIST { throw Self.failure("The directory \"\(path)\" could not be made") }
        descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Self.failure("The directory \"\(path)\" could not be opened") }
    }

    deinit { close(descriptor) }

    /// Writes an object to a file that was not there before.
    func write(_ content: ByteView, _ name: ObjectName) throws(CommandError) {
        let file = try newFile(name)
        defer { close(file) }
        let number = writeAll(content, to: file)
        if number != 0 { throw Self.failure("An object could not be written to \"\(path)\"", number) }
    }

    private func newFile(_ name: ObjectName) throws(CommandError) -> Int32 {
        if numbers.count >= Self.nameLimit { numbers = [:] }
        for number in (numbers[name] ?? (name.isReserved ? 1 : 0))..<Self.numberLimit {
            // O_EXCL: nothing is overwritten, and no link is followed.
            let file = openat(descriptor, name.numbered(number).map { CChar(bitPattern: $0) } + [0], O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o666)
            numbers[name] = number + 1
            if file >= 0 { return file }
            if errno != EEXIST { throw Self.failure("A file for an object could not be made in \"\(path)\"") }
        }
        throw .failure("A file for an object could not be made in \"\(path)\": there are too many of one name.")
    }

    private static func failure(_ what: String, _ number: Int32 = errno) -> CommandError { .failure("\(what): \(String(cString: strerror(number))).") }
}
