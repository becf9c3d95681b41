import Dissection
import Wire

/// What text output shows of each frame: summary line, tree and hex dump, in this order, each if asked for.
public struct TextPrinter: PacketPrinter {
    private var summary: SummaryPrinter?
    private var tree: TreePrinter?
    private var hexDump: HexDumpPrinter?
    private let separator: String

    /// - Parameter separator: a line behind each frame of which more than the summary is shown.
    public init(summary: SummaryPrinter? = nil, tree: TreePrinter? = nil, hexDump: HexDumpPrinter? = nil, separator: String = "") {
        self.summary = summary
        self.tree = tree
        self.hexDump = hexDump
        self.separator = separator
    }

    /// A summary line has its texts in the columns.
    public var readsBytes: Bool { tree != nil || hexDump != nil }

    public mutating func end(isEmpty: Bool, _ out: inout TextBuffer) { summary?.end(isEmpty: isEmpty, &out) }

    public mutating func print(_ frame: borrowing DissectedFrame, _ out: inout TextBuffer) {
        summary?.print(frame, &out)
        tree?.print(frame, &out)
        if hexDump != nil, summary != nil || tree != nil { out.append(10) }
        hexDump?.print(frame, &out)
        guard tree != nil || hexDump != nil else { return }
        out.append(separator)
        out.append(10)
    }
}
