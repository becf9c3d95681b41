/// How much memory what a session remembers may take; each state has a share of it.
public struct StateBudget: Hashable, Sendable {
    /// What ten million packets of a million conversations are held to.
    public static let usualMegabytes = 512

    public var megabytes: Int

    public init(megabytes: Int = usualMegabytes) { self.megabytes = megabytes }

    /// Either half of the budget, where it is for two.
    public var half: StateBudget { StateBudget(megabytes: megabytes / 2) }

    /// Bytes.
    public var byteCount: Int { megabytes << 20 }

    /// Bytes for a state that has so many MB of the usual budget.
    func byteCount(ofUsual share: Int) -> Int { (megabytes << 20) / Self.usualMegabytes * share }
}
