import Dissection
import DisplayFilter
import Wire

/// `io,phs`: which protocol stands in which, with the frames and bytes of each.
final class ProtocolHierarchy: Statistic {
    static let kind = StatisticKind("io,phs") { request throws(StatisticError) in try ProtocolHierarchy(request) }

    /// Protocols within each other, at most: what stands deeper is not counted.
    private static let depthLimit = 1000

    let wants: PlanWants
    private let filter: DisplayFilter?
    private let registry: Registry
    private let frameField, segmentsField: FieldID?
    private var nodes: [HierarchyNode] = []
    private var roots: [Int] = []
    private var nodeLimit = Int.max
    /// Protocols in new places that there was no room for.
    private(set) var forgottenCount = 0

    init(_ request: StatisticRequest) throws(StatisticError) {
        registry = request.registry
        filter = try request.filter(request.arguments)
        frameField = registry.field(named: "frame")?.id
        segmentsField = registry.field(named: "tcp.segments")?.id
        // Any field may stand at the top of a frame's tree.
        wants = PlanWants(fields: nil)
    }

    func take(_ context: borrowing Context) {
        guard filter?.matches(context.dissected) ?? true else { return }
        var path = Path(frameByteCount: UInt64(context.frame.originalByteCount))
        for index in 0..<context.dissected.itemCount {
            let item = context.dissected.item(index)
            guard item.depth == 0, item.field != frameField, item.field != .text else { continue }
            // As tshark counts, the segments of a PDU stand behind what is in the PDU.
            if let source = path.heldSource, item.source < source { release(&path) }
            if item.field == segmentsField {
                release(&path)
                path.heldSource = item.source
            } else {
                descend(item.field, &path)
            }
        }
        release(&path)
    }

    /// Where a frame has come to in the tree of protocols.
    private struct Path {
        let frameByteCount: UInt64
        var node: Int?
        var depth = 0
        /// The source of segments that are still to be counted.
        var heldSource: UInt16?
    }

    private func release(_ path: inout Path) {
        guard path.heldSource != nil, let segmentsField else { return }
        path.heldSource = nil
        descend(segmentsField, &path)
    }

    private func descend(_ field: FieldID, _ path: inout Path) {
        guard path.depth < Self.depthLimit else { return }
        guard let node = child(of: path.node, field) else { return }
        nodes[node].frameCount += 1
        nodes[node].byteCount &+= path.frameByteCount
        path.node = node
        path.depth += 1
    }

    private func child(of parent: Int?, _ field: FieldID) -> Int? {
        let siblings = parent.map { nodes[$0].children } ?? roots
        if let known = siblings.first(where: { nodes[$0].field == field }) { return known }
        guard nodes.count < nodeLimit else {
            forgottenCount += 1
            return nil
        }
        nodes.append(HierarchyNode(field: field, name: registry[field].abbreviation))
        if let parent { nodes[parent].children.append(nodes.count - 1) } else { roots.append(nodes.count - 1) }
        return nodes.count - 1
    }

    /// The list may have twice the room that it needs, and each node is in its parent's. Ordinary traffic has some hundreds: only what is
    /// made to fill memory comes to the limit, and is not counted then.
    func limit(byteCount: Int) { nodeLimit = byteCount / (2 * MemoryLayout<HierarchyNode>.stride + 64) }

    func report() -> any StatisticReport { HierarchyReport(filter: filter?.text, nodes: nodes, roots: roots) }
}

/// A protocol in its place.
struct HierarchyNode: Sendable {
    let field: FieldID
    let name: String
    var frameCount: UInt64 = 0
    var byteCount: UInt64 = 0
    var children: [Int] = []
}

/// The indented list of protocols.
struct HierarchyReport: StatisticReport {
    let filter: String?
    let nodes: [HierarchyNode]
    let roots: [Int]

    /// Levels that are indented.
    private static let indentLimit = 16

    func write(_ out: inout TextBuffer) {
        out.append(10)
        out.append(StatisticRule.narrow)
        out.append("Protocol Hierarchy Statistics\nFilter: ")
        out.append(filter ?? "")
        out.append("\n\n")
        for root in roots { write(root, depth: 0, &out) }
        out.append(StatisticRule.narrow)
    }

    private func write(_ index: Int, depth: Int, _ out: inout TextBuffer) {
        let node = nodes[index]
        let begin = out.count
        out.append(repeating: 32, count: 2 * min(depth, Self.indentLimit))
        if depth > Self.indentLimit { out.append("...") }
        out.append(node.name)
        out.pad(from: begin, width: 40)
        out.append(" frames:")
        out.append(decimal: node.frameCount)
        out.append(" bytes:")
        out.append(decimal: node.byteCount)
        out.append(10)
        for child in node.children { write(child, depth: depth + 1, &out) }
    }

    var members: [(name: String, value: JSONValue)] {
        [("filter", filter.map { .string($0) } ?? .null), ("protocols", json(roots))]
    }

    private func json(_ indices: [Int]) -> JSONValue {
        .array(indices.map { index in
            let node = nodes[index]
            var members: [(name: String, value: JSONValue)] = [
                ("protocol", .string(node.name)), ("frames", JSONValue(node.frameCount)), ("bytes", JSONValue(node.byteCount)),
            ]
            if !node.children.isEmpty { members.append(("protocols", json(node.children))) }
            return .object(members)
        })
    }
}
