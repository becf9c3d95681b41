/// What of a `CaptureSummary` is shown: capinfos' letters.
public struct SummaryFacts: OptionSet, Sendable {
    public let rawValue: UInt32
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    private static let letters = Array("tEIFHkcsdluaeoyizxnD")

    /// The fact of a letter; nil if there is none.
    public init?(letter: Character) {
        guard let index = Self.letters.firstIndex(of: letter) else { return nil }
        self.init(rawValue: 1 << UInt32(index))
    }

    private init(at index: Int) { self.init(rawValue: 1 << UInt32(index)) }

    public static let all = SummaryFacts(rawValue: 1 << UInt32(letters.count) - 1)

    public static let type = SummaryFacts(at: 0)
    public static let encapsulation = SummaryFacts(at: 1)
    public static let interfaces = SummaryFacts(at: 2)
    /// Precision of times, and what captured the file.
    public static let origin = SummaryFacts(at: 3)
    public static let hashes = SummaryFacts(at: 4)
    public static let comments = SummaryFacts(at: 5)
    public static let packetCount = SummaryFacts(at: 6)
    public static let fileSize = SummaryFacts(at: 7)
    public static let dataSize = SummaryFacts(at: 8)
    public static let snapLength = SummaryFacts(at: 9)
    public static let duration = SummaryFacts(at: 10)
    public static let firstTime = SummaryFacts(at: 11)
    public static let lastTime = SummaryFacts(at: 12)
    public static let order = SummaryFacts(at: 13)
    public static let byteRate = SummaryFacts(at: 14)
    public static let bitRate = SummaryFacts(at: 15)
    public static let averageSize = SummaryFacts(at: 16)
    public static let packetRate = SummaryFacts(at: 17)
    public static let nameCounts = SummaryFacts(at: 18)
    public static let secretCount = SummaryFacts(at: 19)
}
