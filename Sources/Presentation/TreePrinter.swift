import Dissection
import Wire

/// The tree as text: `-V`, and `-O` with only some protocols in full.
public struct TreePrinter: PacketPrinter {
    private let formats: FieldFormats
    /// Protocols whose nodes are opened; nil for all.
    private let opened: Set<FieldID>?
    /// The node of undissected bytes, if they are dumped under it.
    private let dumped: FieldID?
    private let rendered: RenderedItems
    private let renderedRuns = RenderedRuns()

    /// - Parameters:
    ///   - openedProtocols: the layers that are shown in full; nil for all.
    ///   - dumpsData: whether undissected bytes are shown in hexadecimal, for output without a dump of everything.
    public init(_ formats: FieldFormats, openedProtocols: Set<String>? = nil, dumpsData: Bool = true) {
        self.formats = formats
        rendered = RenderedItems(formats.registry)
        dumped = dumpsData ? formats.registry.protocols.first { $0.abbreviation == "data" }?.field : nil
        opened = openedProtocols.map { names in
            Set(formats.registry.protocols.filter { names.contains($0.abbreviation) }.map(\.field))
        }
    }

    public mutating func print(_ frame: borrowing DissectedFrame, _ out: inout TextBuffer) {
        var index = 0
        var runs = RunCursor()
        while index < frame.itemCount {
            if let run = runs.run(at: index, frame), opened == nil || frame.item(index).depth > 0 {
                renderedRuns.append(run, to: &out) {
                    var index = run.start
                    while index < run.end { index = printItem(index, frame, &$0) }
                }
                index = run.end
            } else {
                index = printItem(index, frame, &out)
            }
            out.drainIfLong()
        }
    }

    /// Prints an item's line, if it is shown; returns the index of the next one that may be.
    @inline(__always)
    private func printItem(_ index: Int, _ frame: borrowing DissectedFrame, _ out: inout TextBuffer) -> Int {
        let item = frame.item(index)
        if item.flags.contains(.hidden) { return frame.endOfSubtree(at: index) }
        printLine(item, frame, &out)
        if let opened, item.depth == 0, !opened.contains(item.field) { return frame.endOfSubtree(at: index) }
        if item.field == dumped {
            out.append(10)
            out.append(dumpOf: frame.bytes(of: item))
        }
        return index + 1
    }

    @inline(__always)
    private func printLine(_ item: Item, _ frame: borrowing DissectedFrame, _ out: inout TextBuffer) {
        let format = formats[item.field]
        // A plain number is written as soon as it is found.
        if formats.isPlain(item, format) { return writeLine(item, &out) { formats.appendPlainLabel(item, format, to: &$0) } }
        rendered.append(rendered.key(item, format, frame), to: &out) { out in
            writeLine(item, &out) { formats.appendLabel(item, frame, to: &$0) }
        }
    }

    @inline(__always)
    private func writeLine(_ item: Item, _ out: inout TextBuffer, _ label: (inout TextBuffer) -> Void) {
        out.append(repeating: 32, count: Int(item.depth) * 4)
        let isBracketed = item.flags.contains(.generated)
        if isBracketed { out.append(91) }
        label(&out)
        if isBracketed { out.append(93) }
        out.append(10)
    }
}
