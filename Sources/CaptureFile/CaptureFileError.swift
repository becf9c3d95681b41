#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Why a capture file cannot be read, or not further. Every packet before the place was delivered.
public struct CaptureFileError: Error, Hashable, Sendable, CustomStringConvertible {
    public enum Kind: Hashable, Sendable {
        case notFound
        case permissionDenied
        case isDirectory
        /// A device or socket.
        case notRegularFile
        /// Nothing in it, not even a header. Not a failure: it has no packets.
        case empty
        case unknownFormat
        /// A version, compression or link type that is not understood.
        case unsupported
        /// The file ends inside a header or record.
        case cutShort
        case damaged
        case cannotDecompress
        /// Random access to something that can only be read once, or to a place that has no record.
        case notAccessible
        /// The operating system's error number.
        case readFailed(Int32)
        case writeFailed(Int32)
    }

    public var kind: Kind
    /// The file as the user named it; "-" is the standard input.
    public var name: String
    /// Where, in bytes from the start of the file, or of what it holds where it is compressed; nil where no place is
    /// to blame.
    public var byteOffset: Int64?
    /// Whether `byteOffset` counts decompressed bytes.
    public var isCompressed: Bool
    /// What is wrong there: the rest of the sentence after the file's name.
    public var detail: String

    public init(_ kind: Kind, name: String, byteOffset: Int64? = nil, isCompressed: Bool = false, detail: String) {
        self.kind = kind
        self.name = name
        self.byteOffset = byteOffset
        self.isCompressed = isCompressed
        self.detail = detail
    }

    /// One sentence for the user.
    public var description: String {
        let subject = name == "-" ? "The standard input" : "The file \"\(name)\""
        guard let byteOffset else { return "\(subject) \(detail)." }
        return "\(subject) \(detail), at byte \(byteOffset)\(isCompressed ? " of its decompressed contents" : "")."
    }

    /// What a process that stops here exits with: tshark's numbers.
    public var exitCode: Int32 { kind == .empty ? 0 : 2 }

    /// The error for a failed system call on the file `name`.
    static func system(_ number: Int32, name: String, doing action: String, at offset: Int64? = nil) -> Self {
        switch number {
        case ENOENT, ENOTDIR:
            Self(.notFound, name: name, detail: "doesn't exist")
        case EACCES, EPERM:
            Self(.permissionDenied, name: name, detail: "may not be read: you don't have the permission")
        case EISDIR:
            Self(.isDirectory, name: name, detail: "is a directory, not a capture file")
        default:
            Self(.readFailed(number), name: name, byteOffset: offset,
                 detail: "could not be \(action): \(String(cString: strerror(number)))")
        }
    }
}
