import Dissection
import DisplayFilter

/// What a counted tree is filled with: one type each.
protocol TreeCounter: ~Copyable {
    var title: String { get }
    var wants: PlanWants { get }
    var tree: CountedTree { get set }
    /// Takes a frame that the filter passes.
    mutating func take(_ context: borrowing Context)
}

/// A statistic that fills a counted tree.
final class TreeStatistic<Counter: TreeCounter & ~Copyable>: Statistic {
    let wants: PlanWants
    private let filter: DisplayFilter?
    private var counter: Counter

    init(_ request: StatisticRequest, _ counter: consuming Counter) throws(StatisticError) {
        filter = try request.filter(request.arguments)
        wants = counter.wants.union(filter?.wants ?? PlanWants())
        self.counter = counter
    }

    func take(_ context: borrowing Context) {
        guard filter?.matches(context.dissected) ?? true else { return }
        counter.take(context)
    }

    func limit(byteCount: Int) { counter.tree.limit(byteCount: byteCount) }
    var forgottenCount: Int { counter.tree.forgottenCount }

    func report() -> any StatisticReport { TreeReport(counter.title, counter.tree, filter: filter?.text) }
}
