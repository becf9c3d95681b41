import Dissection
import Wire

/// The tree as JSON, in Wireshark's shape: one object a layer, keyed by field names. A key that repeats within an object
/// becomes one key with an array.
public struct JSONPrinter: JSONArrayPrinter {
    private let formats: FieldFormats
    private let frames: JSONFrames
    private let scratch = Scratch()
    private let siblings: JSONSiblings
    private let renderedRuns = RenderedRuns()

    public init(_ formats: FieldFormats) {
        self.formats = formats
        frames = JSONFrames(formats: formats)
        siblings = JSONSiblings(formats)
    }

    public func print(_ frame: borrowing DissectedFrame, _ out: inout TextBuffer) {
        frames.open(frame, &out)
        siblings.find(frame, renderedRuns)
        printObject(0, frame.itemCount, indent: 8, frame, &out)
        frames.close(&out)
    }

    /// Prints the items in `begin..<end` that are siblings, with what stands under them, as an object.
    private func printObject(_ begin: Int, _ end: Int, indent: Int, _ frame: borrowing DissectedFrame, _ out: inout TextBuffer) {
        guard begin < end else { return out.append("{}") }
        var separator: UInt8 = 123
        var index = begin
        while index < end {
            defer { index = Int(siblings[index].end) }
            if siblings[index].isRepeated { continue }
            let item = frame.item(index)
            let hasSubtree = siblings.hasAnySubtree(from: index)
            // The value and the subtree of an item are two members, but for items that have no value of their own.
            let hasValue = !formats[item.field].pointee.isBare
            if hasValue || !hasSubtree {
                out.appendLine(behind: separator, indent: indent)
                separator = 44
                if siblings[index].next < 0 {
                    printMember(item, frame, &out)
                } else {
                    printKey(item, "\": ", frame, &out)
                    printAll(index, isTree: false, &out) { printValue(frame.item($0), frame, &$1) }
                }
            }
            if hasSubtree {
                out.appendLine(behind: separator, indent: indent)
                separator = 44
                printKey(item, hasValue ? "_tree\": " : "\": ", frame, &out)
                printAll(index, isTree: true, &out) { printSubtree($0, indent: indent + 2, frame, &$1) }
            }
        }
        out.append(10)
        out.append(repeating: 32, count: indent - 2)
        out.append("}")
    }

    /// Prints what stands under an item: as before, where the item and all of that are a run.
    private func printSubtree(_ index: Int, indent: Int, _ frame: borrowing DissectedFrame, _ out: inout TextBuffer) {
        let end = Int(siblings[index].end)
        guard siblings[index].run >= 0 else { return printObject(index + 1, end, indent: indent, frame, &out) }
        renderedRuns.append(frame.run(Int(siblings[index].run)), to: &out) { printObject(index + 1, end, indent: indent, frame, &$0) }
    }

    /// Prints what `body` prints of each item that shares a key: alone, or as an array.
    @inline(__always)
    private func printAll(_ first: Int, isTree: Bool, _ out: inout TextBuffer, _ body: (Int, inout TextBuffer) -> Void) {
        guard siblings[first].next >= 0 else { return body(first, &out) }
        let count = isTree ? siblings.subtreeCount(from: first) : 2
        if count > 1 { out.append("[") }
        var isFirst = true
        var index = first
        while index >= 0 {
            if !isTree || siblings.hasSubtree(index) {
                if !isFirst { out.append(", ") }
                isFirst = false
                body(index, &out)
            }
            index = Int(siblings[index].next)
        }
        if count > 1 { out.append("]") }
    }

    /// Prints the key and the value of an item whose key no sibling has.
    private func printMember(_ item: Item, _ frame: borrowing DissectedFrame, _ out: inout TextBuffer) {
        out.drainIfLong()
        if item.field == .text { printKey(item, "\": \"", frame, &out) } else { out.append(formats.text(formats[item.field].pointee.jsonOpen)) }
        formats.appendJSONText(item, frame, scratch, to: &out)
        out.append("\"")
    }

    private func printKey(_ item: Item, _ end: StaticString, _ frame: borrowing DissectedFrame, _ out: inout TextBuffer) {
        out.append("\"")
        formats.appendJSONKey(item, frame, scratch, to: &out)
        out.append(end)
    }

    private func printValue(_ item: Item, _ frame: borrowing DissectedFrame, _ out: inout TextBuffer) {
        out.drainIfLong()
        formats.appendJSONValue(item, frame, scratch, to: &out)
    }
}

extension TextBuffer {
    /// A byte, a line's end, and blanks.
    @inline(__always)
    fileprivate mutating func appendLine(behind byte: UInt8, indent: Int) {
        append(byte)
        append(10)
        append(repeating: 32, count: indent)
    }
}
