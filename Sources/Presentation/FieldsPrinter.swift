import Dissection
import Wire

/// Chosen fields, one line a frame: `-T fields -e …`, with the settings of `-E`.
public struct FieldsPrinter: PacketPrinter {
    public enum Column: Sendable {
        /// Every field registered under the name.
        case field([FieldID])
        case summary(SummaryColumn)
    }

    /// A column of the summary, by its `_ws.col.` name.
    public enum SummaryColumn: String, Sendable, CaseIterable {
        case number = "No.", time = "Time", source = "Source", destination = "Destination"
        case proto = "Protocol", length = "Length", info = "Info"
    }

    /// The settings of `-E`.
    public struct Options: Sendable {
        public enum Occurrence: String, Sendable { case first = "f", last = "l", all = "a" }
        public var hasByteOrderMark = false
        public var hasHeader = false
        public var separator: UInt8 = 9
        public var occurrence = Occurrence.all
        public var aggregator: UInt8 = 44
        /// 0 for none.
        public var quote: UInt8 = 0
        public var escapesControls = true
        public init() {}
    }

    private let formats: FieldFormats
    private let names: [String]
    private let columns: [Column]
    private let options: Options
    private let summary: SummaryPrinter
    private let scratch = Scratch()
    /// The next item of the same column, by item; -1 at the end.
    private var heads: [Int] = []
    private var tails: [Int] = []
    private var links: [Int] = []
    private let columnsOfField: [[Int]]

    public init(_ formats: FieldFormats, names: [String], columns: [Column], options: Options, summary: SummaryPrinter) {
        self.formats = formats
        self.names = names
        self.columns = columns
        self.options = options
        self.summary = summary
        var byField = [[Int]](repeating: [], count: formats.registry.fields.count)
        for (position, column) in columns.enumerated() {
            if case .field(let fields) = column {
                for field in fields { byField[Int(field.rawValue)].append(position) }
            }
        }
        columnsOfField = byField
        heads = [Int](repeating: -1, count: columns.count)
        tails = heads
    }

    public mutating func begin(_ out: inout TextBuffer) {
        if options.hasByteOrderMark { out.append("\u{FEFF}") }
        guard options.hasHeader else { return }
        for (position, name) in names.enumerated() {
            if position > 0 { out.append(options.separator) }
            out.append(name)
        }
        out.append(10)
    }

    public mutating func print(_ context: borrowing Context, _ out: inout TextBuffer) {
        collect(context)
        for (position, column) in columns.enumerated() {
            if position > 0 { out.append(options.separator) }
            switch column {
            case .field: printField(position, context, &out)
            case .summary(let column): printSummary(column, context, &out)
            }
        }
        out.append(10)
    }

    /// Chains the items of each column.
    private mutating func collect(_ context: borrowing Context) {
        for position in heads.indices {
            heads[position] = -1
            tails[position] = -1
        }
        links.removeAll(keepingCapacity: true)
        var entry = 0
        for index in 0..<context.itemCount {
            for position in columnsOfField[Int(context.item(index).field.rawValue)] {
                links.append(index)
                links.append(-1)
                if heads[position] < 0 { heads[position] = entry } else { links[tails[position] * 2 + 1] = entry }
                tails[position] = entry
                entry += 1
            }
        }
    }

    private func printField(_ position: Int, _ context: borrowing Context, _ out: inout TextBuffer) {
        var entry = options.occurrence == .last ? tails[position] : heads[position]
        if entry < 0 { return }
        if options.quote != 0 { out.append(options.quote) }
        var isFirst = true
        while entry >= 0 {
            if !isFirst { out.append(options.aggregator) }
            isFirst = false
            printItem(context.item(links[entry * 2]), context, &out)
            if options.occurrence == .first { break }
            entry = links[entry * 2 + 1]
        }
        if options.quote != 0 { out.append(options.quote) }
    }

    private func printItem(_ item: Item, _ context: borrowing Context, _ out: inout TextBuffer) {
        switch formats[item.field].pointee.type {
        case .none: out.append("1")
        case .proto:
            formats.appendLabel(item, context, to: &out)
        case .bytes: out.append(hexOf: context.valueBytes(of: item))
        case .string, .stringZero:
            scratch.text.truncate()
            formats.appendValue(item, context, to: &scratch.text)
            out.append(printable: scratch.text.bytes)
        default: formats.appendValue(item, context, to: &out)
        }
    }

    private func printSummary(_ column: SummaryColumn, _ context: borrowing Context, _ out: inout TextBuffer) {
        switch column {
        case .number: out.append(decimal: context.frame.number)
        case .time: summary.appendTime(context.frame, &out)
        case .source: summary.address(context.columns.source, &out)
        case .destination: summary.address(context.columns.destination, &out)
        case .proto: out.append(printable: context.columns.proto.bytes)
        case .length: out.append(decimal: context.frame.originalByteCount)
        case .info: out.append(printable: context.columns.info.bytes)
        }
    }
}
