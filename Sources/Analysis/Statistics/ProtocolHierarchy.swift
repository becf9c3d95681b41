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
    private let frameField: FieldID?
    private let wanted: Set<FieldID>
    private var nodes: [HierarchyNode] = []
    private var roots: [Int] = []

    init(_ request: StatisticRequest) throws(StatisticError) {
        registry = request.registry
        filter = try request.filter(request.arguments)
        frameField = registry.field(named: "frame")?.id
        // Beside protocols the tables of pieces stand at the top of a frame's tree.
        wanted = Set(registry.fields.filter { field in
            field.type == .proto || field.abbreviation.hasSuffix(".fragments") || field.abbreviation.hasSuffix(".segments")
        }.map(\.id)).subtracting([.text])
        wants = PlanWants(fields: wanted.union(filter?.fields ?? []))
    }

    func take(_ context: borrowing Context) {
        guard filter?.matches(context.dissected) ?? true else { return }
        let byteCount = UInt64(context.frame.originalByteCount)
        var parent: Int?
        var depth = 0
        for index in 0..<context.dissected.itemCount {
            let item = context.dissected.item(index)
            guard item.depth == 0, item.field != frameField, wanted.contains(item.field), depth < Self.depthLimit else { continue }
            let node = child(of: parent, item.field)
            nodes[node].frameCount += 1
            nodes[node].byteCount &+= byteCount
            parent = node
            depth += 1
        }
    }

    private func child(of parent: Int?, _ field: FieldID) -> Int {
        let siblings = parent.map { nodes[$0].children } ?? roots
        if let known = siblings.first(where: { nodes[$0].field == field }) { return known }
        nodes.append(HierarchyNode(field: field, name: registry[field].abbreviation))
        if let parent { nodes[parent].children.append(nodes.count - 1) } else { roots.append(nodes.count - 1) }
        return nodes.count - 1
    }

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
        out.append(repeating: 32, count: 2 * depth)
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
