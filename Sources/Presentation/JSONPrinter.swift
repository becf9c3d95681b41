import Dissection
import Wire

/// The tree as JSON, in Wireshark's shape: one object a layer, keyed by field names. A key that repeats within an object
/// becomes one key with an array.
public struct JSONPrinter: PacketPrinter {
    private let formats: FieldFormats
    private let frames: JSONFrames
    private let scratch = Scratch()
    private var groups: SiblingGroups

    public init(_ formats: FieldFormats) {
        self.formats = formats
        frames = JSONFrames(formats: formats)
        groups = SiblingGroups(fieldCount: formats.registry.fields.count)
    }

    public func begin(_ out: inout TextBuffer) { frames.begin(&out) }
    public func separate(isFirst: Bool, _ out: inout TextBuffer) { frames.separate(isFirst: isFirst, &out) }
    public func end(isEmpty: Bool, _ out: inout TextBuffer) { frames.end(isEmpty: isEmpty, &out) }

    public mutating func print(_ frame: borrowing DissectedFrame, _ out: inout TextBuffer) {
        frames.open(frame, &out)
        printObject(0, frame.itemCount, depth: 0, indent: 8, frame, &out)
        frames.close(&out)
    }

    /// Prints the items of one depth in `begin..<end` as an object.
    private mutating func printObject(_ begin: Int, _ end: Int, depth: UInt16, indent: Int, _ frame: borrowing DissectedFrame, _ out: inout TextBuffer) {
        let members = groups.open(begin, end, depth: depth, frame, formats, scratch)
        var isFirstMember = true
        out.append("{")
        for member in members {
            let item = frame.item(groups.index(member))
            guard groups.isFirst(member) else { continue }
            // The value and the subtree of an item are two members, but for items that have no value of their own.
            let hasValue = !isBare(item)
            if hasValue || !groups.hasAnySubtree(member, frame) {
                separate(&isFirstMember, indent, &out)
                printKey(item, "", frame, &out)
                printAll(member, indent, frame, &out) { $0.printValue($1, frame, &$2) }
            }
            if groups.hasAnySubtree(member, frame) {
                separate(&isFirstMember, indent, &out)
                printKey(item, hasValue ? "_tree" : "", frame, &out)
                printAll(member, indent, frame, subtreesOnly: true, &out) { printer, index, out in
                    let end = frame.endOfSubtree(at: index)
                    printer.printObject(index + 1, end, depth: frame.item(index).depth + 1, indent: indent + 2, frame, &out)
                }
            }
        }
        groups.close(members)
        if !isFirstMember {
            out.append(10)
            out.append(repeating: 32, count: indent - 2)
        }
        out.append("}")
    }

    private func separate(_ isFirst: inout Bool, _ indent: Int, _ out: inout TextBuffer) {
        out.append(isFirst ? "\n" : ",\n")
        isFirst = false
        out.append(repeating: 32, count: indent)
    }

    /// Prints what `body` prints of each item that shares the member's key: alone, or as an array.
    private mutating func printAll(
        _ member: Int, _ indent: Int, _ frame: borrowing DissectedFrame, subtreesOnly: Bool = false, _ out: inout TextBuffer,
        _ body: (inout JSONPrinter, Int, inout TextBuffer) -> Void
    ) {
        let count = groups.count(member, frame, subtreesOnly: subtreesOnly)
        if count > 1 { out.append("[") }
        var next: Int? = member
        var printed = 0
        while let current = next {
            let index = groups.index(current)
            if !subtreesOnly || groups.hasSubtree(index, frame) {
                if printed > 0 { out.append(", ") }
                body(&self, index, &out)
                printed += 1
            }
            next = groups.next(current)
        }
        if count > 1 { out.append("]") }
    }

    /// Whether the item has no value but what stands under it.
    private func isBare(_ item: Item) -> Bool {
        let type = formats[item.field].pointee.type
        return type == .proto || type == .none
    }

    private func printKey(_ item: Item, _ suffix: StaticString, _ frame: borrowing DissectedFrame, _ out: inout TextBuffer) {
        if item.field == .text {
            scratch.text.truncate()
            formats.appendLabel(item, frame, to: &scratch.text)
            out.append("\"")
            out.append(json: scratch.text.bytes)
        } else {
            out.append("\"")
            out.append(formats.text(formats[item.field].pointee.abbreviation))
        }
        out.append(suffix)
        out.append("\": ")
    }

    private func printValue(_ index: Int, _ frame: borrowing DissectedFrame, _ out: inout TextBuffer) {
        out.drainIfLong()
        let item = frame.item(index)
        out.append("\"")
        switch formats[item.field].pointee.type {
        case .proto where item.field != .text:
            scratch.text.truncate()
            formats.appendLabel(item, frame, to: &scratch.text)
            out.append(json: scratch.text.bytes)
        case .string, .stringZero:
            scratch.text.truncate()
            formats.appendValue(item, frame, to: &scratch.text)
            out.append(json: scratch.text.bytes)
        default: formats.appendValue(item, frame, to: &out)
        }
        out.append("\"")
    }
}

/// Finds the siblings of a node that share a key. Works as a stack: an object's members lie above those of the objects
/// around it.
struct SiblingGroups {
    private struct Member {
        var index: Int
        /// The next member with the same key, or -1.
        var next: Int
        var isFirst: Bool
    }

    private var members: [Member] = []
    /// The last member seen of each field in the object at hand, valid where `stamp` is the object's.
    private var last: [Int]
    private var stamp: [Int]
    private var stamps = 0

    init(fieldCount: Int) {
        last = [Int](repeating: -1, count: fieldCount)
        stamp = [Int](repeating: 0, count: fieldCount)
    }

    /// Collects the items of one depth in a range, and chains those with the same key.
    mutating func open(_ begin: Int, _ end: Int, depth: UInt16, _ frame: borrowing DissectedFrame, _ formats: FieldFormats, _ scratch: Scratch) -> Range<Int> {
        stamps += 1
        let bottom = members.count
        var headings: [String: Int] = [:]
        for index in begin..<end {
            let item = frame.item(index)
            guard item.depth == depth else { continue }
            let position = members.count
            var previous: Int?
            if item.field == .text {
                scratch.text.truncate()
                formats.appendLabel(item, frame, to: &scratch.text)
                previous = headings.updateValue(position, forKey: scratch.text.string)
            } else {
                let field = Int(item.field.rawValue)
                if stamp[field] == stamps { previous = last[field] }
                stamp[field] = stamps
                last[field] = position
            }
            members.append(Member(index: index, next: -1, isFirst: previous == nil))
            if let previous { members[previous].next = position }
        }
        return bottom..<members.count
    }

    mutating func close(_ range: Range<Int>) { members.removeSubrange(range) }

    func index(_ member: Int) -> Int { members[member].index }
    func isFirst(_ member: Int) -> Bool { members[member].isFirst }
    func next(_ member: Int) -> Int? { members[member].next < 0 ? nil : members[member].next }

    func hasSubtree(_ index: Int, _ frame: borrowing DissectedFrame) -> Bool {
        index + 1 < frame.itemCount && frame.item(index + 1).depth > frame.item(index).depth
    }

    func hasAnySubtree(_ member: Int, _ frame: borrowing DissectedFrame) -> Bool { count(member, frame, subtreesOnly: true) > 0 }

    func count(_ member: Int, _ frame: borrowing DissectedFrame, subtreesOnly: Bool) -> Int {
        var count = 0
        var current: Int? = member
        while let at = current {
            if !subtreesOnly || hasSubtree(index(at), frame) { count += 1 }
            current = next(at)
        }
        return count
    }
}
