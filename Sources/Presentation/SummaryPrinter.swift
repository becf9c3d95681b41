import Dissection
import Registries
import Wire

/// One line a frame: number, time, source, destination, protocol, length, info, or the columns that the user chose.
public struct SummaryPrinter: PacketPrinter {
    public enum Separator: Sendable { case space, tab }

    let formats: FieldFormats
    let columns: [SummaryColumn]
    private let layouts: [Layout]
    private let time: TimeColumn
    /// Whether lines are written in the colours of their frames, for terminals with 24-bit colours.
    private let isColored: Bool
    /// Writes an address as the summary shows it.
    let address: @Sendable (Address, inout TextBuffer) -> Void
    private let scratch = Scratch()
    public let readsBytes: Bool

    public init(
        _ formats: FieldFormats, columns: [SummaryColumn] = SummaryColumn.standard, timeStyle: TimeStyle = .relative,
        secondsStyle: SecondsStyle = .seconds, separator: Separator = .space, isColored: Bool = false,
        address: @escaping @Sendable (Address, inout TextBuffer) -> Void = { $1.append($0) }
    ) {
        self.formats = formats
        self.columns = columns
        layouts = columns.indices.map { index in
            Layout(columns[index].content, timeStyle, followedBy: index + 1 < columns.count ? columns[index + 1].content : nil, separator)
        }
        time = TimeColumn(formats: formats, secondsStyle: secondsStyle)
        self.isColored = isColored
        self.address = address
        readsBytes = columns.contains { if case .fields = $0.content { true } else { false } }
    }

    public mutating func print(_ frame: borrowing DissectedFrame, _ out: inout TextBuffer) {
        guard isColored, let colors = frame.info.colors else {
            appendLine(frame, &out)
            return out.append(10)
        }
        out.append(sgr: 38, colors.foreground)
        out.append(sgr: 48, colors.background)
        appendLine(frame, &out)
        // Colours the rest of the line too.
        out.append("\u{1b}[K\n\u{1b}[0m")
    }

    public mutating func end(isEmpty: Bool, _ out: inout TextBuffer) {
        if isColored { out.append("\u{1b}[0m") }
    }

    /// What a column shows, without what is costly to copy for each line; how its text is set, and what stands behind it.
    private struct Layout {
        enum Content {
            case number, time(TimeStyle), source(ColumnContent.AddressLayer, isResolved: Bool), destination(ColumnContent.AddressLayer, isResolved: Bool)
            case sourcePort, destinationPort, proto, length, info, cumulativeByteCount, severity, nothing
            /// By what the column says.
            case values

            init(_ content: ColumnContent, _ timeStyle: TimeStyle) {
                self = switch content {
                case .number: .number
                case .time(let style): .time(style ?? timeStyle)
                case .source(let layer, let isResolved): .source(layer, isResolved: isResolved)
                case .destination(let layer, let isResolved): .destination(layer, isResolved: isResolved)
                case .sourcePort: .sourcePort
                case .destinationPort: .destinationPort
                case .proto: .proto
                case .length: .length
                case .info: .info
                case .cumulativeByteCount: .cumulativeByteCount
                case .severity: .severity
                case .fields, .serviceClass: .values
                case .nothing: .nothing
                }
            }
        }

        let content: Content
        var width = 0
        var isRightAligned = false
        private(set) var end = ShortText("")

        /// An arrow stands between the two ends of a packet in one layer.
        init(_ content: ColumnContent, _ timeStyle: TimeStyle, followedBy next: ColumnContent?, _ separator: Separator) {
            self.content = Content(content, timeStyle)
            switch content {
            case .number: (width, isRightAligned) = (5, true)
            case .time(nil), .time(.relative): (width, isRightAligned) = (10, true)
            case .source: (width, isRightAligned) = (12, true)
            case .destination: width = 12
            default: break
            }
            guard let next else { return }
            let isSpaced = separator == .space
            let text: StaticString = switch (content, next) {
            case (.source(let layer, _), .destination(let other, _)) where layer == other: isSpaced ? " \u{2192} " : "\t\u{2192}\t"
            case (.destination(let layer, _), .source(let other, _)) where layer == other: isSpaced ? " \u{2190} " : "\t\u{2190}\t"
            default: isSpaced ? " " : "\t"
            }
            end = ShortText(text)
        }
    }

    /// The line without its end.
    func appendLine(_ frame: borrowing DissectedFrame, _ out: inout TextBuffer) {
        for index in layouts.indices {
            let begin = out.count
            append(index, frame, isPrintable: true, &out)
            let layout = layouts[index]
            if layout.isRightAligned {
                out.rightAlign(from: begin, width: layout.width)
            } else if layout.width > 0 {
                out.append(repeating: 32, count: layout.width - (out.count - begin))
            }
            out.append(layout.end)
        }
    }

    /// One column.
    /// - Parameter isPrintable: whether what comes from packets is made safe for terminals.
    func append(_ index: Int, _ frame: borrowing DissectedFrame, isPrintable: Bool, _ out: inout TextBuffer) {
        switch layouts[index].content {
        case .number: out.append(decimal: frame.info.number)
        case .time(let style): time.append(frame, style, &out)
        case .source(let layer, let isResolved):
            switch layer {
            case .innermost: append(frame.columns.source, isResolved, &out)
            case .link: append(frame.columns.linkSource, isResolved, &out)
            case .network: append(frame.columns.networkSource, isResolved, &out)
            }
        case .destination(let layer, let isResolved):
            switch layer {
            case .innermost: append(frame.columns.destination, isResolved, &out)
            case .link: append(frame.columns.linkDestination, isResolved, &out)
            case .network: append(frame.columns.networkDestination, isResolved, &out)
            }
        case .sourcePort: append(port: frame.columns.sourcePort, &out)
        case .destinationPort: append(port: frame.columns.destinationPort, &out)
        case .proto: append(frame.columns.proto.bytes, isPrintable, &out)
        case .length: out.append(decimal: frame.info.originalByteCount)
        case .info: append(frame.columns.info.bytes, isPrintable, &out)
        case .cumulativeByteCount: out.append(decimal: frame.info.cumulativeByteCount)
        case .severity: appendSeverity(frame, &out)
        case .values: appendValues(columns[index].content, frame, isPrintable, &out)
        case .nothing: break
        }
    }

    private func appendValues(_ content: ColumnContent, _ frame: borrowing DissectedFrame, _ isPrintable: Bool, _ out: inout TextBuffer) {
        switch content {
        case .fields(let custom):
            scratch.text.truncate()
            appendValues(custom, frame, &scratch.text)
            append(scratch.text.bytes, isPrintable, &out)
        case .serviceClass(let fields):
            if let value = lastValue(of: fields, frame) { out.append(Self.serviceClasses.name(of: value) ?? "Unknown") }
        default: break
        }
    }

    private func append(_ bytes: ByteView, _ isPrintable: Bool, _ out: inout TextBuffer) {
        if isPrintable { out.append(printable: bytes) } else { out.append(bytes) }
    }

    private func append(_ address: Address, _ isResolved: Bool, _ out: inout TextBuffer) {
        if isResolved { self.address(address, &out) } else { out.append(address) }
    }

    private func append(port: UInt32, _ out: inout TextBuffer) {
        if port != 0 { out.append(decimal: port) }
    }

    private static let serviceClasses = ValueStrings(small: serviceClassNames)

    private func lastValue(of fields: Set<FieldID>, _ frame: borrowing DissectedFrame) -> UInt64? {
        (0..<frame.itemCount).last { fields.contains(frame.item($0).field) }.map { frame.item($0).value }
    }

    private func appendSeverity(_ frame: borrowing DissectedFrame, _ out: inout TextBuffer) {
        let field = formats.registry.core.expertSeverity
        var highest: UInt32 = 0
        for index in 0..<frame.itemCount {
            let item = frame.item(index)
            if item.field == field { highest = max(highest, UInt32(truncatingIfNeeded: item.value)) }
        }
        if let severity = ExpertSeverity(rawValue: highest) { out.append(severity.name) }
    }

    private func appendValues(_ custom: CustomColumn, _ frame: borrowing DissectedFrame, _ out: inout TextBuffer) {
        var found = custom.expression?.values(frame) ?? []
        for index in 0..<frame.itemCount where custom.fields.contains(frame.item(index).field) { found.append(.item(frame.item(index))) }
        if custom.occurrence > 0 { found = Array(found.dropFirst(custom.occurrence - 1).prefix(1)) }
        if custom.occurrence < 0 { found = Array(found.dropLast(-1 - custom.occurrence).suffix(1)) }
        for (position, value) in found.enumerated() {
            if position > 0 { out.append(44) }
            switch value {
            case .item(let item): formats.appendColumnValue(item, frame, isResolved: custom.isResolved, to: &out)
            case .computed(let value): formats.append(value, to: &out)
            }
        }
    }
}

extension TextBuffer {
    /// Sets a colour (ISO 8613-6): 38 for the foreground, 48 for the background.
    fileprivate mutating func append(sgr code: Int, _ color: UInt32) {
        append("\u{1b}[")
        append(decimal: code)
        append(";2")
        for shift: UInt32 in [16, 8, 0] {
            append(59)
            append(decimal: (color >> shift) & 0xff)
        }
        append("m")
    }
}

extension FieldFormats {
    /// A value as a column of the user's own shows it.
    fileprivate func appendColumnValue(_ item: Item, _ frame: borrowing DissectedFrame, isResolved: Bool, to out: inout TextBuffer) {
        let format = self[item.field]
        switch format.pointee.type {
        case .none, .proto: out.append("\u{2713}")
        case .boolean where isResolved: out.append(item.value != 0 ? format.pointee.trueText : format.pointee.falseText)
        case .bytes: out.append(hexOf: frame.valueBytes(of: item))
        case let type where type.isInteger:
            if isResolved || format.pointee.base == .none, let name = format.pointee.strings?._withUnsafeGuaranteedRef({ $0.name(of: item.value) }) {
                if !isResolved { out.append(34) }
                out.append(name)
                if !isResolved { out.append(34) }
            } else if type.isSigned {
                out.append(signed: Int64(bitPattern: item.value))
            } else {
                appendNumber(item.value, format, digits: format.pointee.labelDigits, short: true, to: &out)
            }
        default: appendValue(item, frame, to: &out)
        }
    }
}
