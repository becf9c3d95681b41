import CaptureFile
import Wire

/// How summaries write numbers and times.
public struct SummaryStyle: Sendable {
    public var facts: SummaryFacts
    /// Exact numbers and short names, for programs.
    public var isMachineReadable: Bool
    /// Times as seconds since 1970 rather than as dates.
    public var showsSeconds: Bool
    /// Seconds that the user's clock is ahead of UTC at a moment.
    public var secondsEast: @Sendable (Int64) -> Int64

    public init(facts: SummaryFacts, isMachineReadable: Bool, showsSeconds: Bool, secondsEast: @escaping @Sendable (Int64) -> Int64) {
        self.facts = facts
        self.isMachineReadable = isMachineReadable
        self.showsSeconds = showsSeconds
        self.secondsEast = secondsEast
    }

    /// `2019-04-22 15:23:18.500000`, or `1555946598.500000`.
    func text(_ time: CaptureSummary.PacketTime) -> String {
        guard !showsSeconds else { return secondsText(time) }
        let seconds = time.timestamp.seconds
        let date = CivilTime(seconds &+ secondsEast(seconds))
        var out = TextBuffer(capacity: 64)
        out.append(isoDate: date)
        out.append(32)
        out.append(clock: date)
        return out.string + fraction(time)
    }

    func secondsText(_ time: CaptureSummary.PacketTime) -> String { "\(time.timestamp.seconds)" + fraction(time) }

    /// The fraction with its point, cut to as many digits as it has.
    private func fraction(_ time: CaptureSummary.PacketTime) -> String {
        guard time.fractionDigits > 0 else { return "" }
        let digits = String(time.timestamp.nanoseconds)
        let padded = String(repeating: "0", count: 9 - digits.count) + digits
        return "." + padded.prefix(time.fractionDigits)
    }

    /// Two decimals.
    func fixed(_ value: Double) -> String {
        var out = TextBuffer(capacity: 64)
        out.append(fixed: value, decimals: 2)
        return out.string
    }

    /// For people from 10,000 on in thousands: `11 kB`; up to there with the unit's whole name.
    func size(_ count: UInt64, _ unit: String, short: String) -> String {
        if isMachineReadable { return "\(count)\(unit.isEmpty ? "" : " \(unit)")" }
        var (rest, prefix) = (count, "")
        for next in ["k", "M", "G", "T", "P"] where rest >= 10_000 { (rest, prefix) = (rest / 1000, next) }
        let name = prefix.isEmpty ? unit : prefix + short
        return name.isEmpty ? "\(rest)" : "\(rest) \(name)"
    }
}
