/// How often something occurred among random cases.
public struct Occurrences<Kind: Hashable & CaseIterable & RawRepresentable<String>> {
    private var counts: [Kind: Int] = [:]

    public init() {}

    public mutating func note(_ kinds: Set<Kind>) {
        for kind in kinds { counts[kind, default: 0] += 1 }
    }

    /// The fewest that any kind has.
    public var fewest: Int { Kind.allCases.map { counts[$0, default: 0] }.min() ?? 0 }
    public var text: String { Kind.allCases.map { "\($0.rawValue) \(counts[$0, default: 0])" }.joined(separator: ", ") }
}
