import Wire

/// Which of some numbered things was quiet for long, when one must go: a hand goes round, passes those that were used since it came by
/// last, and stops at the next (the clock algorithm).
public struct SecondChances: Sendable {
    /// 1 for each that was used since the hand passed it.
    private var marks: [UInt8] = []
    private var hand = 0

    public init() {}

    public var count: Int { marks.count }
    /// Bytes of memory.
    public var byteCount: Int { marks.storageByteCount }

    /// Adds the next number, which was not used yet.
    public mutating func append() { marks.append(0) }

    /// Says that a number was used.
    public mutating func note(_ number: Int) { marks[number] = 1 }

    /// Says that a number stands for another thing now.
    public mutating func renew(_ number: Int) { marks[number] = 0 }

    /// The next number that was quiet; there must be one at least. Each step takes a mark away, so that it ends after one turn.
    public mutating func next() -> Int {
        while marks[hand] != 0 {
            marks[hand] = 0
            advance()
        }
        defer { advance() }
        return hand
    }

    private mutating func advance() { hand = hand + 1 == marks.count ? 0 : hand + 1 }
}
