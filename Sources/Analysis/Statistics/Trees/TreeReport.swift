import Wire

/// The table of a counted tree.
struct TreeReport: StatisticReport {
    let title: String
    let filter: String?
    let elapsed: Double
    private let nodes: [CountedTree.Node]
    private let roots: [CountedTree.NodeID]

    init(_ title: String, _ tree: borrowing CountedTree, filter: String?) {
        self.title = title
        self.filter = filter
        elapsed = tree.elapsed
        nodes = tree.nodes
        roots = tree.roots
    }

    private static let headings: [StaticString] = ["Count", "Average", "Min Val", "Max Val", "Rate (ms)", "Percent", "Burst Rate", "Burst Start"]
    private static let columnWidth = 14
    private static let lastColumnWidth = 13

    /// A node in its place of the table.
    private struct Row {
        var node: CountedTree.Node
        var depth: Int
        /// What the parent counted; nil for a root.
        var parentCount: Int64?
    }

    private func rows(_ ids: [CountedTree.NodeID], depth: Int, parentCount: Int64?, _ rows: inout [Row]) {
        for id in ids {
            let node = nodes[id.index]
            rows.append(Row(node: node, depth: depth, parentCount: parentCount))
            self.rows(ordered(node), depth: depth + 1, parentCount: node.count, &rows)
        }
    }

    /// The children of a node, the most frequent first; equally frequent ones by name, from the last on.
    private func ordered(_ node: CountedTree.Node) -> [CountedTree.NodeID] {
        if node.keepsOrder { return node.children }
        return node.children.sortedStably { a, b in
            let (a, b) = (nodes[a.index], nodes[b.index])
            return a.count != b.count ? a.count > b.count : Array(b.name.utf8).lexicographicallyPrecedes(Array(a.name.utf8))
        }
    }

    func write(_ out: inout TextBuffer) {
        var rows: [Row] = []
        self.rows(roots, depth: 0, parentCount: nil, &rows)
        // The last part of the title stands for the root above all roots.
        let rootWidth = max("Topic / Item".utf8.count, (title.split(separator: "/").last?.utf8.count ?? 0) - 1)
        let nameWidth = 2 + rows.reduce(rootWidth) { max($0, $1.depth + $1.node.name.utf8.count) }
        let width = nameWidth + (Self.headings.count - 1) * Self.columnWidth + Self.lastColumnWidth
        out.append(10)
        out.append(repeating: 61, count: width)
        out.append("\n\(title):\n")
        let begin = out.count
        out.append("Topic / Item")
        out.pad(from: begin, width: nameWidth)
        for (index, heading) in Self.headings.enumerated() { writeCell(index, &out) { $0.append(heading) } }
        out.append(10)
        out.append(repeating: 45, count: width)
        out.append(10)
        for row in rows {
            out.drainIfLong()
            write(row, nameWidth, &out)
        }
        out.append(10)
        out.append(repeating: 45, count: width)
        out.append(10)
    }

    private func write(_ row: Row, _ nameWidth: Int, _ out: inout TextBuffer) {
        let begin = out.count
        out.append(repeating: 32, count: row.depth)
        out.append(row.node.name)
        out.pad(from: begin, width: nameWidth)
        for index in Self.headings.indices { writeCell(index, &out) { writeValue(index, row, &$0) } }
        out.append(10)
    }

    private func writeCell(_ index: Int, _ out: inout TextBuffer, _ write: (inout TextBuffer) -> Void) {
        let begin = out.count
        write(&out)
        out.pad(from: begin, width: index == Self.headings.count - 1 ? Self.lastColumnWidth : Self.columnWidth)
    }

    private func writeValue(_ column: Int, _ row: Row, _ out: inout TextBuffer) {
        let node = row.node
        switch column {
        case 0: out.append(signed: node.count)
        case 1...3: writeMeasure(column, node, &out)
        case 4: if elapsed > 0 { out.append(fixed: Double(node.count) / elapsed, decimals: 4) }
        case 5: writePercent(row, &out)
        case 6 where node.burst.mostCount > 0:
            out.append(fixed: Double(node.burst.mostCount) / BurstWindow.windowMilliseconds, decimals: 4)
        case 7 where node.burst.mostCount > 0: out.append(fixed: node.burst.mostStart / 1000, decimals: 3)
        default: out.append(45)
        }
    }

    private func writeMeasure(_ column: Int, _ node: CountedTree.Node, _ out: inout TextBuffer) {
        if case .count = node.kind { return }
        guard node.count > 0 else {
            if node.marksNoValues { out.append(45) }
            return
        }
        if column == 1 { return out.append(fixed: node.total / Double(node.count), decimals: 2) }
        let value = column == 2 ? node.least : node.greatest
        if case .fractions = node.kind { out.append(fixed: value, decimals: 6) } else { out.append(fixed: value, decimals: 0) }
    }

    private func writePercent(_ row: Row, _ out: inout TextBuffer) {
        guard let parentCount = row.parentCount else { return out.append("100%") }
        guard parentCount > 0 else { return }
        out.append(fixed: Double(row.node.count) * 100 / Double(parentCount), decimals: 2)
        out.append(37)
    }

    var members: [(name: String, value: JSONValue)] {
        [
            ("title", .string(title)), ("filter", filter.map { .string($0) } ?? .null), ("elapsed", .double(elapsed / 1000)),
            ("topics", json(roots)),
        ]
    }

    private func json(_ ids: [CountedTree.NodeID]) -> JSONValue {
        .list(ids) { id in
            let node = nodes[id.index]
            var members: [(name: String, value: JSONValue)] = [("topic", .string(node.name)), ("count", JSONValue(node.count))]
            if case .count = node.kind {} else if node.count > 0 {
                members += [("average", .double(node.total / Double(node.count))), ("least", .double(node.least)), ("greatest", .double(node.greatest))]
            }
            if node.burst.mostCount > 0 {
                members += [("burstCount", JSONValue(node.burst.mostCount)), ("burstStart", .double(node.burst.mostStart / 1000))]
            }
            if !node.children.isEmpty { members.append(("topics", json(ordered(node)))) }
            return .object(members)
        }
    }
}
