import Dissection
import Wire

/// Counts by topic: each node counts, or takes values; nodes below it split what it counts.
struct CountedTree: ~Copyable {
    /// The number of a node.
    struct NodeID: Hashable, Sendable { fileprivate(set) var index: Int }

    /// What tells the children of a node apart.
    enum Key: Hashable, Sendable {
        case address(Address)
        case number(UInt64)
        case text(String)
    }

    /// What a node keeps.
    enum Kind: Sendable {
        /// How often it was met.
        case count
        /// Whole numbers: their count, average, least and greatest.
        case integers
        case fractions
    }

    struct Node: Sendable {
        var name: String
        var kind: Kind
        var parent: NodeID?
        /// Whether it is there before it is met, and stays.
        var isFixed = true
        /// The number of ticks so far when it was last met.
        var lastTick: UInt64 = 0
        var children: [NodeID] = []
        /// Whether the children stay in the order in which they were made.
        var keepsOrder = false
        /// Whether the columns of values say so when there is none.
        var marksNoValues = false
        var count: Int64 = 0
        var total = 0.0
        var least = 0.0
        var greatest = 0.0
        var burst = BurstWindow()

        /// Bytes of memory that lie apart from the node.
        fileprivate var heldByteCount: Int { name.utf8.count + burst.byteCount }
    }

    private(set) var nodes: [Node] = []
    private(set) var roots: [NodeID] = []
    private var found: [Path: NodeID] = [:]
    /// Milliseconds from the start of the capture: of the first frame that counts, and of the one at hand.
    private var start: Double?
    private var now = 0.0

    private var tickCount: UInt64 = 0
    /// Of names and of bursts.
    private var heldByteCount = 0
    private var byteLimit = Int.max
    private(set) var forgottenCount = 0

    private struct Path: Hashable {
        var parent: NodeID
        var key: Key
    }

    /// Milliseconds from the first frame that counted to the last.
    var elapsed: Double { now - (start ?? now) }

    /// Says that the frame at hand counts. The numbers of nodes with keys hold until then.
    mutating func begin(_ frame: borrowing FrameInfo) {
        if nodes.count * Self.nodeByteCount + heldByteCount >= byteLimit { forgetOlderHalf() }
        now = Self.milliseconds(frame.timeRelative ?? .zero)
        if start == nil { start = now }
    }

    private static func milliseconds(_ time: Timestamp) -> Double { Double(time.seconds) * 1000 + Double(time.nanoseconds) / 1_000_000 }

    // MARK: Nodes

    mutating func root(_ name: String, _ kind: Kind = .count, keepsOrder: Bool = false) -> NodeID {
        let id = append(name, kind, keepsOrder)
        roots.append(id)
        return id
    }

    mutating func child(_ parent: NodeID, _ name: String, _ kind: Kind = .count, marksNoValues: Bool = false) -> NodeID {
        let id = append(name, kind, false)
        nodes[id.index].parent = parent
        nodes[id.index].marksNoValues = marksNoValues
        nodes[parent.index].children.append(id)
        return id
    }

    private mutating func append(_ name: String, _ kind: Kind, _ keepsOrder: Bool) -> NodeID {
        nodes.append(Node(name: name, kind: kind, keepsOrder: keepsOrder))
        heldByteCount += nodes[nodes.count - 1].heldByteCount
        return NodeID(index: nodes.count - 1)
    }

    /// The child of a node under a key, made with `name` if it is new.
    mutating func child(_ parent: NodeID, for key: Key, _ name: () -> String) -> NodeID {
        let path = Path(parent: parent, key: key)
        if let known = found[path] { return known }
        let id = child(parent, name())
        nodes[id.index].isFixed = false
        found[path] = id
        return id
    }

    // MARK: Forgetting

    mutating func limit(byteCount: Int) { byteLimit = byteCount }

    /// Of a node in its list and its parent's, in the table, which may each have twice the room that they need, and in a report.
    private static let nodeByteCount = 4 * MemoryLayout<Node>.stride + 3 * (MemoryLayout<Path>.stride + MemoryLayout<NodeID>.stride)

    /// Forgets the half of the nodes with keys that were met the longest ago, but for those above others that stay.
    private mutating func forgetOlderHalf() {
        let ticks = nodes.filter { !$0.isFixed }.map(\.lastTick).sorted()
        guard !ticks.isEmpty else { return }
        let first = ticks[ticks.count / 2]
        var stays = nodes.map { $0.isFixed || $0.lastTick >= first }
        // Children come behind their parents.
        for index in nodes.indices.reversed() where stays[index] {
            if let parent = nodes[index].parent { stays[parent.index] = true }
        }
        var places: [NodeID?] = []
        var count = 0
        for isKept in stays {
            places.append(isKept ? NodeID(index: count) : nil)
            if isKept { count += 1 }
        }
        forgottenCount += nodes.count - count
        // Nodes that stay whatever happens are the first, so that their numbers stay as well.
        nodes = zip(nodes, stays).filter(\.1).map { node, _ in
            var node = node
            node.parent = node.parent.flatMap { places[$0.index] }
            node.children = node.children.compactMap { places[$0.index] }
            return node
        }
        found = found.reduce(into: [:]) { found, entry in
            if let parent = places[entry.key.parent.index], let id = places[entry.value.index] { found[Path(parent: parent, key: entry.key.key)] = id }
        }
        heldByteCount = nodes.reduce(0) { $0 + $1.heldByteCount }
    }

    // MARK: Counting

    mutating func tick(_ node: NodeID) {
        tickCount += 1
        nodes[node.index].lastTick = tickCount
        nodes[node.index].count += 1
        heldByteCount -= nodes[node.index].burst.byteCount
        nodes[node.index].burst.add(1, at: now)
        heldByteCount += nodes[node.index].burst.byteCount
    }

    /// Counts at the child of a node, made if it is new, and returns it.
    @discardableResult
    mutating func tick(_ parent: NodeID, for key: Key, _ name: () -> String) -> NodeID {
        let id = child(parent, for: key, name)
        tick(id)
        return id
    }

    @discardableResult
    mutating func tick(_ parent: NodeID, text: String) -> NodeID { tick(parent, for: .text(text)) { text } }

    /// Makes some children that are there before they are met.
    mutating func children(_ parent: NodeID, _ names: [String], _ kind: Kind = .count) -> [NodeID] { names.map { child(parent, $0, kind) } }

    /// Takes a value at a node of values.
    mutating func take(_ node: NodeID, _ value: Double) {
        let isFirst = nodes[node.index].count == 0
        nodes[node.index].least = isFirst ? value : min(nodes[node.index].least, value)
        nodes[node.index].greatest = isFirst ? value : max(nodes[node.index].greatest, value)
        nodes[node.index].total += value
        tick(node)
    }
}
