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
    /// The dissectors by number, 1 + number each, 0 for none: for numbers below 65,536, made on freezing.
    @usableFromInline var direct: [UInt16] = []

    init(name: String) {
        self.name = name
        self.title = name
    }

    mutating func freeze() {
        guard let largest = numbers.keys.filter({ $0 < 65536 }).max() else { return }
        direct = [UInt16](repeating: 0, count: Int(largest) + 1)
        for (number, dissector) in numbers where number < 65536 { direct[Int(number)] = dissector.rawValue + 1 }
    }

    @inlinable
    public func dissector(for number: UInt32) -> DissectorID? {
        if number < 65536 {
            guard Int(number) < direct.count else { return nil }
            let entry = direct[Int(number)]
            return entry == 0 ? nil : DissectorID(rawValue: entry - 1)
        }
        return numbers[number]
    }
}
