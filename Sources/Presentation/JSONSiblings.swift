import Dissection
import Wire

/// Finds, in one pass over a frame's items, where the subtree of each ends, and which siblings share a key.
///
/// ## Safety
/// Nodes and last items are allocated here and freed in `deinit`. Nodes are indexed by items of the frame that `find` was given
/// last, for which it made room; last items by field numbers of the registry.
final class JSONSiblings {
    struct Node {
        /// The index behind the item's subtree.
        var end: Int32
        /// The next sibling with the same key; -1 for none.
        var next: Int32
        /// The item that the item stands under; -1 for none.
        var parent: Int32
        /// The last item before this one with the same field, or of those whose text has the same place in the table, wherever it stands; -1
        /// for none.
        var earlier: Int32
        /// Whether a sibling before it has the same key.
        var isRepeated: Bool
        /// Of a text-only node, where its text is among all.
        var heading = ArenaRange(offset: 0, byteCount: 0)
        /// The run of the frame that the item and all under it are; -1 for none.
        var run: Int32 = -1
    }

    /// The last item of a field, in the frame with the number.
    private struct Last {
        var frame: Int32 = 0
        var index: Int32 = -1
    }

    private let formats: FieldFormats
    /// The texts of a frame's text-only nodes.
    private let headings = Scratch()
    private var nodes: UnsafeMutablePointer<Node>
    private var capacity = 256
    /// By field, and behind those by the texts of headings.
    private let last: UnsafeMutablePointer<Last>
    private let fieldCount: Int
    private static let headingBucketCount = 4096
    private var frameNumber: Int32 = 0

    init(_ formats: FieldFormats) {
        self.formats = formats
        nodes = .allocate(capacity: capacity)
        fieldCount = formats.registry.fields.count
        last = .allocate(capacity: fieldCount + Self.headingBucketCount)
        last.initialize(repeating: Last(), count: fieldCount + Self.headingBucketCount)
    }

    deinit {
        nodes.deallocate()
        last.deallocate()
    }

    @inline(__always)
    subscript(index: Int) -> Node { nodes[index] }

    /// - Parameter rendered: what is under these runs was printed before, and is not looked at.
    func find(_ frame: borrowing DissectedFrame, _ rendered: RenderedRuns? = nil) {
        rendered?.beginFrame()
        let count = frame.itemCount
        if count > capacity { grow(to: count) }
        // Numbers begin anew before they run out: what is left from before must not look like this frame's.
        if frameNumber == .max { last.update(repeating: Last(), count: fieldCount + Self.headingBucketCount) }
        frameNumber = frameNumber == .max ? 1 : frameNumber + 1
        let nodes = nodes
        headings.text.truncate()
        var runs = RunCursor()
        var parent: Int32 = -1
        var level = 0
        var index = 0
        while index < count {
            let item = frame.item(index)
            while parent >= 0, frame.item(Int(parent)).depth >= item.depth {
                parent = close(parent, at: index, nodes)
                level -= 1
            }
            nodes[index] = Node(end: Int32(index + 1), next: -1, parent: parent, earlier: -1, isRepeated: false)
            if item.field == .text {
                linkHeading(index, item, parent, frame, nodes)
            } else {
                link(index, item.field, parent, nodes)
            }
            let isParent = index + 1 < count && frame.item(index + 1).depth > item.depth
            if let end = markRun(index, &runs, frame, isParent: isParent && level == item.depth, rendered) {
                index = end
                continue
            }
            if isParent {
                parent = Int32(index)
                level += 1
            }
            index += 1
        }
        while parent >= 0 { parent = close(parent, at: count, nodes) }
    }

    /// Notes the run that the item and all under it are, if there is one; returns its end where what is under the item was printed before.
    @inline(__always)
    private func markRun(_ index: Int, _ runs: inout RunCursor, _ frame: borrowing DissectedFrame, isParent: Bool, _ rendered: RenderedRuns?) -> Int? {
        while let run = runs.run(at: index, frame) {
            guard isParent, frame.endOfSubtree(at: index) == run.end else { continue }
            nodes[index].run = Int32(truncatingIfNeeded: runs.index)
            guard let rendered, rendered.promises(run) else { return nil }
            nodes[index].end = Int32(run.end)
            return run.end
        }
        return nil
    }

    private func grow(to count: Int) {
        nodes.deallocate()
        capacity = count * 2
        nodes = .allocate(capacity: capacity)
    }

    /// Ends the subtree of an item; returns the item above it.
    @inline(__always)
    private func close(_ index: Int32, at end: Int, _ nodes: UnsafeMutablePointer<Node>) -> Int32 {
        nodes[Int(index)].end = Int32(end)
        return nodes[Int(index)].parent
    }

    /// Chains a text-only node, whose key is its text, to the last sibling with the same text.
    private func linkHeading(_ index: Int, _ item: Item, _ parent: Int32, _ frame: borrowing DissectedFrame, _ nodes: UnsafeMutablePointer<Node>) {
        let begin = headings.text.count
        formats.appendLabel(item, frame, to: &headings.text)
        nodes[index].heading = ArenaRange(offset: UInt32(begin), byteCount: UInt32(headings.text.count - begin))
        let text = headings.text.bytes(begin..<headings.text.count)
        var hasher = Hasher()
        text.withUnsafeBytes { hasher.combine(bytes: $0) }
        let place = last + (fieldCount + hasher.finalize() & (Self.headingBucketCount - 1))
        if place.pointee.frame == frameNumber {
            nodes[index].earlier = place.pointee.index
            var candidate = place.pointee.index
            while candidate >= 0 {
                let node = nodes[Int(candidate)]
                if node.parent == parent, headings.text.bytes(node.heading.range).equals(text) {
                    Self.link(index, to: candidate, nodes)
                    break
                }
                candidate = node.earlier
            }
        }
        place.pointee = Last(frame: frameNumber, index: Int32(index))
    }

    /// Chains an item to the last sibling with its field. Items of the field that stand under later siblings may lie between the two:
    /// those have parents behind this one's.
    @inline(__always)
    private func link(_ index: Int, _ field: FieldID, _ parent: Int32, _ nodes: UnsafeMutablePointer<Node>) {
        let place = last + Int(field.rawValue)
        if place.pointee.frame == frameNumber {
            var candidate = place.pointee.index
            nodes[index].earlier = candidate
            while candidate >= 0, nodes[Int(candidate)].parent > parent { candidate = nodes[Int(candidate)].earlier }
            if candidate >= 0, nodes[Int(candidate)].parent == parent { Self.link(index, to: candidate, nodes) }
        }
        place.pointee = Last(frame: frameNumber, index: Int32(index))
    }

    @inline(__always)
    private static func link(_ index: Int, to sibling: Int32, _ nodes: UnsafeMutablePointer<Node>) {
        guard sibling >= 0 else { return }
        nodes[Int(sibling)].next = Int32(index)
        nodes[index].isRepeated = true
    }

    // MARK: What was found

    @inline(__always)
    func hasSubtree(_ index: Int) -> Bool { Int(nodes[index].end) > index + 1 }

    /// Whether anything stands under the item or one that shares its key.
    @inline(__always)
    func hasAnySubtree(from first: Int) -> Bool { nodes[first].next < 0 ? hasSubtree(first) : subtreeCount(from: first) > 0 }

    /// How many of the items that share a key have something under them.
    func subtreeCount(from first: Int) -> Int {
        var count = 0
        var index = first
        while index >= 0 {
            if hasSubtree(index) { count += 1 }
            index = Int(nodes[index].next)
        }
        return count
    }
}
