/// The number of a registered dissector table within one registry.
@frozen
public struct TableID: RawRepresentable, Hashable, Sendable {
    public let rawValue: UInt16
    @inlinable public init(rawValue: UInt16) { self.rawValue = rawValue }
}

/// Dissectors by the number or the text that announces them: `ip.proto`, `udp.port`, `media_type`; and those that look
/// at the bytes themselves.
public struct DissectorTable: Sendable {
    public let name: String
    public private(set) var title: String
    /// Of the values by which dissectors are found, and how these are shown.
    public private(set) var type = FieldType.uint16
    public private(set) var base = FieldBase.decimal
    /// The protocol whose field has the values; nil for a table that nobody has described.
    public private(set) var owner: ProtocolID?
    public internal(set) var numbers: [UInt32: DissectorID] = [:]
    public internal(set) var texts: [String: DissectorID] = [:]
    /// For texts that are not listed, by how they begin or end: `multipart/`, `+xml`.
    public internal(set) var patterns: [(pattern: TextPattern, dissector: DissectorID)] = []
    /// Those that a text announces only where they recognize the bytes as well.
    public internal(set) var checked: Set<DissectorID> = []
    public internal(set) var heuristics: [DissectorID] = []
    /// Those that a user may ask for without a number of their own here.
    var offered: Set<DissectorID> = []

    init(name: String) {
        self.name = name
        self.title = name
    }

    /// Takes the description of the first protocol that gives one.
    mutating func describe(_ title: String, _ type: FieldType, _ base: FieldBase, _ owner: ProtocolID) {
        guard self.owner == nil else { return }
        self.title = title
        self.type = type
        self.base = base
        self.owner = owner
    }

    /// The dissector for a text: by the whole of it, or by its beginning or end.
    func dissector(for text: String) -> DissectorID? { texts[text] ?? patterns.first { $0.pattern.matches(text) }?.dissector }

    /// Every dissector that the table can lead to.
    var dissectors: [DissectorID] { Array(numbers.values) + Array(texts.values) + patterns.map(\.dissector) + heuristics }
}

/// What texts have in common that one dissector takes.
public enum TextPattern: Sendable {
    case prefix(String)
    case suffix(String)

    func matches(_ text: String) -> Bool {
        switch self {
        case .prefix(let start): text.hasPrefix(start)
        case .suffix(let end): text.hasSuffix(end)
        }
    }
}
