import Dissection
import Wire

/// The tree as JSON in Wireshark's shape, with the bytes of each item besides its value or in its place, or with only some layers
/// opened: `-T jsonraw`, `-T json -x`, `-j` and `-J`.
public struct JSONPartsPrinter: JSONArrayPrinter {
    private let formats: FieldFormats
    private let frames: JSONFrames
    private let scratch = Scratch()
    private let siblings: JSONSiblings
    private let showsValues: Bool
    private let showsBytes: Bool
    private let filter: LayerFilter?

    public init(_ formats: FieldFormats, showsValues: Bool, showsBytes: Bool, filter: LayerFilter?) {
        self.formats = formats
        self.showsValues = showsValues
        self.showsBytes = showsBytes
        self.filter = filter
        frames = JSONFrames(formats: formats)
        siblings = JSONSiblings(formats)
    }

    public func print(_ frame: borrowing DissectedFrame, _ out: inout TextBuffer) {
        frames.open(frame, &out)
        siblings.find(frame)
        var members = Members(indent: 8)
        members.begin(&out)
        if showsBytes { printFrameBytes(frame, &members, &out) }
        printMembers(0, frame.itemCount, filter, &members, frame, &out)
        members.end("}", &out)
        frames.close(&out)
    }

    /// The members of an object, or the elements of an array, a line each.
    private struct Members {
        let indent: Int
        var isEmpty = true

        func begin(_ out: inout TextBuffer) { out.append("{") }

        mutating func next(_ out: inout TextBuffer) {
            out.append(isEmpty ? "\n" : ",\n")
            isEmpty = false
            out.append(repeating: 32, count: indent)
        }

        func end(_ bracket: StaticString, _ out: inout TextBuffer) {
            if !isEmpty {
                out.append(10)
                out.append(repeating: 32, count: indent - 2)
            }
            out.append(bracket)
        }
    }

    /// All bytes of the frame.
    private func printFrameBytes(_ frame: borrowing DissectedFrame, _ members: inout Members, _ out: inout TextBuffer) {
        guard frame.itemCount > 0 else { return }
        members.next(&out)
        out.append("\"frame_raw\": ")
        formats.appendRawArray(frame.item(0), indent: members.indent, frame, to: &out)
    }

    /// Prints the items in `begin..<end` that are siblings, with what stands under them.
    private func printMembers(
        _ begin: Int, _ end: Int, _ filter: LayerFilter?, _ members: inout Members, _ frame: borrowing DissectedFrame, _ out: inout TextBuffer
    ) {
        var index = begin
        while index < end {
            defer { index = Int(siblings[index].end) }
            if siblings[index].isRepeated { continue }
            let item = frame.item(index)
            let hasSubtree = siblings.hasAnySubtree(from: index)
            let hasValue = !formats[item.field].pointee.isBare
            let isText = item.field == .text
            // Beside a value, bytes are shown where there are any.
            if showsBytes, !isText, item.depth > 0 || index > 0, !showsValues || hasBytes(index, frame) {
                printMember(index, item, "_raw\": ", &members, frame, &out) { formats.appendRawArray(frame.item($0), indent: $1, frame, to: &$2) }
            }
            if showsValues && hasValue || !hasSubtree && (showsValues || isText) {
                printMember(index, item, "\": ", &members, frame, &out) { index, _, out in formats.appendJSONValue(frame.item(index), frame, scratch, to: &out) }
            }
            if hasSubtree {
                printMember(index, item, hasValue ? "_tree\": " : "\": ", ifSubtree: true, &members, frame, &out) {
                    printSubtree($0, filter, indent: $1 + 2, frame, &$2)
                }
            }
        }
    }

    private func hasBytes(_ first: Int, _ frame: borrowing DissectedFrame) -> Bool {
        var index = first
        while index >= 0 {
            if frame.item(index).byteCount > 0 { return true }
            index = Int(siblings[index].next)
        }
        return false
    }

    private func printSubtree(_ index: Int, _ filter: LayerFilter?, indent: Int, _ frame: borrowing DissectedFrame, _ out: inout TextBuffer) {
        let item = frame.item(index)
        var members = Members(indent: indent)
        members.begin(&out)
        // Text nodes go by their text here, which no filter names.
        if let filter, item.field == .text || !filter.shows(item, formats.registry) {
            members.next(&out)
            out.append("\"filtered\": \"")
            formats.appendJSONKey(item, frame, scratch, to: &out)
            out.append("\"")
        } else {
            printMembers(index + 1, Int(siblings[index].end), filter?.below, &members, frame, &out)
        }
        members.end("}", &out)
    }

    /// Prints what `body` prints of each item that shares a key: alone, or as an array.
    private func printMember(
        _ first: Int, _ item: Item, _ keyEnd: StaticString, ifSubtree: Bool = false, _ members: inout Members, _ frame: borrowing DissectedFrame,
        _ out: inout TextBuffer, _ body: (_ index: Int, _ indent: Int, inout TextBuffer) -> Void
    ) {
        out.drainIfLong()
        members.next(&out)
        out.append("\"")
        formats.appendJSONKey(item, frame, scratch, to: &out)
        out.append(keyEnd)
        let isSeveral = ifSubtree ? siblings.subtreeCount(from: first) > 1 : siblings[first].next >= 0
        var elements = Members(indent: members.indent + 2)
        if isSeveral { out.append("[") }
        var index = first
        while index >= 0 {
            if !ifSubtree || siblings.hasSubtree(index) {
                if isSeveral { elements.next(&out) }
                body(index, isSeveral ? elements.indent : members.indent, &out)
            }
            index = Int(siblings[index].next)
        }
        if isSeveral { elements.end("]", &out) }
    }
}
