import Dissection
import DisplayFilter
import Wire

/// Chosen fields, one line a frame: `-T fields -e …`, with the settings of `-E`.
public struct FieldsPrinter: PacketPrinter {
    public enum Column: Sendable {
        /// Every field registered under the name.
        case field([FieldID])
        /// A column of the summary, by its place there.
        case summary(Int)
        case expression(FieldExpression)
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
        public init() {}
    }

    private let formats: FieldFormats
    private let names: [String]
    /// By column, its place in the summary; nil for one of values.
    private let summaryPlaces: [Int?]
    private let options: Options
    private let summary: SummaryPrinter
    private let scratch = Scratch()
    private var occurrences: Occurrences
    /// Numbers stand in the items themselves.
    public let readsBytes: Bool

    public init(_ formats: FieldFormats, names: [String], columns: [Column], options: Options, summary: SummaryPrinter) {
        self.formats = formats
        self.names = names
        summaryPlaces = columns.map { if case .summary(let place) = $0 { place } else { nil } }
        self.options = options
        self.summary = summary
        occurrences = Occurrences(columns, fieldCount: formats.registry.fields.count)
        readsBytes = summary.readsBytes || columns.contains { column in
            switch column {
            case .field(let fields): fields.contains { formats.registry[$0].type.isRange }
            case .summary: false
            case .expression: true
            }
        }
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

    public mutating func print(_ frame: borrowing DissectedFrame, _ out: inout TextBuffer) {
        occurrences.collect(frame)
        for position in summaryPlaces.indices {
            if position > 0 { out.append(options.separator) }
            if let place = summaryPlaces[position] { printSummary(place, frame, &out) } else { printValues(position, frame, &out) }
        }
        out.append(10)
    }

    private func printValues(_ position: Int, _ frame: borrowing DissectedFrame, _ out: inout TextBuffer) {
        var entry = options.occurrence == .last ? occurrences.last(position) : occurrences.first(position)
        guard entry != nil else { return }
        appendQuote(&out)
        var isFirst = true
        while let current = entry {
            if !isFirst { out.append(options.aggregator) }
            isFirst = false
            scratch.text.truncate()
            occurrences.append(current, formats, frame, to: &scratch.text)
            out.append(printable: scratch.text.bytes)
            if options.occurrence == .first { break }
            entry = occurrences.next(current)
        }
        appendQuote(&out)
    }

    private func appendQuote(_ out: inout TextBuffer) {
        if options.quote != 0 { out.append(options.quote) }
    }

    private func printSummary(_ column: Int, _ frame: borrowing DissectedFrame, _ out: inout TextBuffer) {
        scratch.text.truncate()
        summary.append(column, frame, isPrintable: false, &scratch.text)
        guard scratch.text.count > 0 else { return }
        appendQuote(&out)
        out.append(printable: scratch.text.bytes)
        appendQuote(&out)
    }
}

extension FieldFormats {
    /// A value as `-e` shows it, not made safe for terminals.
    func appendFieldValue(_ item: Item, _ frame: borrowing DissectedFrame, to out: inout TextBuffer) {
        switch self[item.field].pointee.type {
        case .none: out.append("1")
        // A node that says no more than its name stands for the protocol.
        case .proto where item.label == 0: out.append(registry[item.field].abbreviation)
        case .proto: appendLabel(item, frame, to: &out)
        case .bytes: out.append(hexOf: frame.valueBytes(of: item))
        default: appendValue(item, frame, to: &out)
        }
    }

    /// A value that was worked out, in the form that fields of its kind have.
    func append(_ value: TypedValue, to out: inout TextBuffer) {
        switch (value.kind, value.value) {
        case (.boolean, _): out.append(value.isTrue ? "1" : "0")
        case (.bytes, .bytes(let bytes)): bytes.withUnsafeBytes { out.append(hexOf: ByteView($0)) }
        case (.text, .bytes(let bytes)): bytes.withUnsafeBytes { out.append(validating: ByteView($0), asciiOnly: false) }
        case (_, .float(let number)): out.append(float: number)
        case (.absoluteTime, .signed(let nanoseconds)):
            let time = Timestamp(totalNanoseconds: nanoseconds)
            out.append(date: time, timeZone(time.seconds))
        default: out.append(value.text ?? "")
        }
    }
}
