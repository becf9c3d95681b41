import Wire

/// The name of a file that an object from a capture is written to: never a path, and nothing that a terminal obeys.
public struct ObjectName: Hashable, Sendable {
    /// Bytes of a name, at most, as file systems allow.
    static let byteLimit = 255
    /// Bytes of what counts as a suffix, at most: a longer one is cut as the rest of the name is.
    private static let suffixByteLimit = 128

    /// The name, from the last full stop on, and what comes before.
    private let stem: [UInt8]
    private let suffix: [UInt8]

    /// - Parameter bytes: the name as the capture has it.
    init(_ bytes: [UInt8]) {
        let escaped = Self.escaped(bytes)
        let dot = escaped.lastIndex(of: UInt8(ascii: ".")).flatMap { escaped.count - $0 <= Self.suffixByteLimit ? $0 : nil } ?? escaped.endIndex
        stem = Array(escaped[..<dot])
        suffix = Array(escaped[dot...])
    }

    /// The last part of a resource's path, its query included.
    init(resource uri: ByteView) {
        var bytes = Array(uri.copy().prefix { $0 != 0 })
        while bytes.count > 1, bytes.last == UInt8(ascii: "/") { bytes.removeLast() }
        let slash = bytes.lastIndex(of: UInt8(ascii: "/"))
        self.init(bytes.count == 1 ? bytes : Array(bytes[(slash.map { $0 + 1 } ?? 0)...]))
    }

    /// The name for what no resource is known for.
    /// - Parameter mediaType: of the object, with or without parameters; empty where it is not known.
    init(frame: UInt32, mediaType: ByteView) {
        let mediaType = mediaType[0..<(mediaType.firstIndex(of: UInt8(ascii: ";")) ?? mediaType.count)]
        self.init(Array("object\(frame)".utf8) + (mediaType.isEmpty ? [] : Array(".".utf8) + mediaType.copy()))
    }

    /// The name with a number, for the second of the same name and those after it; 0 for none. Never `.` or `..`.
    public func numbered(_ number: Int) -> [UInt8] {
        let mark = number == 0 ? [] : Array("(\(number))".utf8)
        return stem.prefix(max(0, Self.byteLimit - mark.count - suffix.count)) + mark + suffix
    }

    /// Whether the name without a number stands for a directory.
    public var isReserved: Bool { stem.isEmpty && suffix == [UInt8(ascii: ".")] || stem == [UInt8(ascii: ".")] && suffix == stem || numbered(0).isEmpty }

    /// What some file system or terminal takes for something else as a percent sign and two digits, and a replacement
    /// character for each byte beyond ASCII.
    private static func escaped(_ bytes: [UInt8]) -> [UInt8] {
        let special = Array("\"*/:<>?\\|".utf8)
        var text = TextBuffer(capacity: bytes.count * 3)
        for byte in bytes.prefix(byteLimit * 2) {
            if byte < 0x20 || byte == 0x7f || special.contains(byte) {
                text.append(UInt8(ascii: "%"))
                text.append(hex: UInt64(byte), width: 2)
            } else if byte < 0x80 {
                text.append(byte)
            } else {
                text.append("\u{fffd}")
            }
        }
        return text.bytes.copy()
    }
}
