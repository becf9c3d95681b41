/// How much an expert item matters. The raw values are those of `_ws.expert.severity`.
public enum ExpertSeverity: UInt32, Sendable {
    case comment = 0x0010_0000, chat = 0x0020_0000, note = 0x0040_0000, warning = 0x0060_0000, error = 0x0080_0000

    public var name: StaticString {
        switch self {
        case .comment: "Comment"
        case .chat: "Chat"
        case .note: "Note"
        case .warning: "Warning"
        case .error: "Error"
        }
    }
}

/// What an expert item is about. The raw values are those of `_ws.expert.group`.
public enum ExpertGroup: UInt32, Sendable {
    case checksum = 0x0100_0000, sequence = 0x0200_0000, responseCode = 0x0300_0000, requestCode = 0x0400_0000
    case undecoded = 0x0500_0000, reassemble = 0x0600_0000, malformed = 0x0700_0000, debug = 0x0800_0000
    case proto = 0x0900_0000, security = 0x0a00_0000, comment = 0x0b00_0000, decryption = 0x0c00_0000
    case assumption = 0x0d00_0000, deprecated = 0x0e00_0000

    public var name: StaticString {
        switch self {
        case .checksum: "Checksum"
        case .sequence: "Sequence"
        case .responseCode: "Response"
        case .requestCode: "Request"
        case .undecoded: "Undecoded"
        case .reassemble: "Reassemble"
        case .malformed: "Malformed"
        case .debug: "Debug"
        case .proto: "Protocol"
        case .security: "Security"
        case .comment: "Comment"
        case .decryption: "Decryption"
        case .assumption: "Assumption"
        case .deprecated: "Deprecated"
        }
    }
}

/// The number of a registered expert item within one registry.
@frozen
public struct ExpertID: RawRepresentable, Hashable, Sendable {
    public let rawValue: UInt32
    public init(rawValue: UInt32) { self.rawValue = rawValue }
}

/// A registered expert item.
public struct ExpertInfo: Sendable {
    public let field: FieldID
    public let group: ExpertGroup
    public let severity: ExpertSeverity
    public let summary: StaticString
}
