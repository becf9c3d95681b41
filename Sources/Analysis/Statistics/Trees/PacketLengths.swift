import Dissection

/// `plen,tree`: how long frames are.
struct PacketLengths: TreeCounter, ~Copyable {
    static let kind = StatisticKind("plen,tree") { request throws(StatisticError) in try TreeStatistic(request, PacketLengths()) }

    /// The last length of each class but the last.
    private static let limits = [19, 39, 79, 159, 319, 639, 1279, 2559, 5119]

    let title = "Packet Lengths"
    let wants = PlanWants()
    var tree = CountedTree()
    private let all: CountedTree.NodeID
    private let classes: [CountedTree.NodeID]

    init() {
        all = tree.root("Packet Lengths", .integers, keepsOrder: true)
        var first = 0
        var classes: [CountedTree.NodeID] = []
        for limit in Self.limits {
            classes.append(tree.child(all, "\(first)-\(limit)", .integers, marksNoValues: true))
            first = limit + 1
        }
        classes.append(tree.child(all, "\(first) and greater", .integers, marksNoValues: true))
        self.classes = classes
    }

    mutating func take(_ context: borrowing Context) {
        let byteCount = context.frame.originalByteCount
        tree.begin(context.frame)
        tree.take(all, Double(byteCount))
        tree.take(classes[Self.limits.firstIndex { byteCount <= $0 } ?? Self.limits.count], Double(byteCount))
    }
}
