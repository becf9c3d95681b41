import Dissection
import Wire

/// The statistics of one run.
public struct StatisticSet {
    private var entries: [(argument: String, statistic: any Statistic)] = []

    public init() {}

    public mutating func add(_ argument: String, _ statistic: any Statistic) { entries.append((argument, statistic)) }

    public var isEmpty: Bool { entries.isEmpty }

    /// Those of one kind.
    public func of<Kind>(_ kind: Kind.Type) -> [Kind] { entries.compactMap { $0.statistic as? Kind } }

    public var wants: PlanWants { entries.reduce(into: PlanWants()) { $0.formUnion($1.statistic.wants) } }

    /// The display filter that every frame passes of which anything is taken; nil for all frames.
    public var requirement: String? {
        let all = entries.map(\.statistic.requirement)
        return all.isEmpty || all.contains(nil) ? nil : all.compactMap { $0.map { "(\($0))" } }.joined(separator: " or ")
    }

    /// Lets every statistic take the frame at hand.
    public func take(_ context: borrowing Context) {
        for entry in entries { entry.statistic.take(context) }
    }

    /// Holds all of them together to so many bytes.
    public func limit(byteCount: Int) {
        for entry in entries { entry.statistic.limit(byteCount: byteCount / entries.count) }
    }

    /// Those that have forgotten entries, and how many.
    public var forgotten: [(argument: String, count: Int)] {
        entries.map { ($0.argument, $0.statistic.forgottenCount) }.filter { $0.1 > 0 }
    }

    /// The same statistics, which have counted nothing: for one of several lanes. nil where one of them cannot be counted in lanes.
    public func another() -> StatisticSet? {
        var set = StatisticSet()
        for entry in entries {
            guard let statistic = entry.statistic as? any MergeableStatistic else { return nil }
            set.add(entry.argument, statistic.another())
        }
        return set
    }

    /// Takes over what a set made by `another` counted of a lane of the same run.
    public func merge(_ other: StatisticSet) {
        for (entry, lane) in zip(entries, other.entries) { (entry.statistic as? any MergeableStatistic)?.mergeIfAlike(lane.statistic) }
    }

    /// Appends every report in tshark's layout. As with tshark, what was asked for last comes first.
    public func write(_ out: inout TextBuffer) {
        for entry in entries.reversed() { entry.statistic.report().write(&out) }
    }

    /// Appends all reports as one array of objects, in the order in which they were asked for.
    public func writeJSON(_ out: inout TextBuffer) {
        out.append(.array(entries.map { entry in
            .object([("statistic", .string(entry.argument))] + entry.statistic.report().members)
        }))
        out.append(10)
    }
}
