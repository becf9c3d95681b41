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
    public internal(set) var title: String
    public internal(set) var numbers: [UInt32: DissectorID] = [:]
    public internal(set) var texts: [String: DissectorID] = [:]
    public internal(set) var heuristics: [DissectorID] = []

    init(name: String) {
        self.name = name
        self.title = name
    }
}
