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

    /// Lets every statistic take the frame at hand.
    public func take(_ context: borrowing Context) {
        for entry in entries { entry.statistic.take(context) }
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
