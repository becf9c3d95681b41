import Wire

/// The table of intervals.
struct IntervalReport: StatisticReport {
    let columns: [IntervalColumn]
    let span: IntervalSpan
    let rows: [Int: [IntervalCell]]
    /// Those before it were forgotten, and are not shown.
    let firstRow: Int
    /// The greatest frame count and value of each column.
    let greatest: [IntervalCell]
    let start: Timestamp
    let settings: StatisticSettings

    private var emptyRow: [IntervalCell] { [IntervalCell](repeating: IntervalCell(), count: columns.count) }

    func write(_ out: inout TextBuffer) {
        let layout = IntervalLayout(self)
        layout.writeHead(&out)
        for row in shownRows {
            out.drainIfLong()
            layout.write(row, rows[row] ?? emptyRow, &out)
        }
        out.append(repeating: 61, count: layout.border)
        out.append(10)
    }

    private var shownRows: Range<Int> { min(firstRow, span.rowCount)..<span.rowCount }

    /// Microseconds that a row's load stands against.
    func rowLength(_ row: Int) -> Int64 {
        let range = span.range(row)
        return max(1, range.upperBound - range.lowerBound)
    }

    var members: [(name: String, value: JSONValue)] {
        [
            ("duration", .double(Double(span.exactDuration) / 1e6)), ("interval", .double(Double(span.interval) / 1e6)),
            ("columns", .array(columns.map { .string($0.label) })),
            ("intervals", .list(shownRows) { row in
                .object([
                    ("start", .double(Double(span.range(row).lowerBound) / 1e6)), ("end", .double(Double(span.range(row).upperBound) / 1e6)),
                    ("values", .array(zip(columns, rows[row] ?? emptyRow).map { json($0, $1, row) })),
                ])
            }),
        ]
    }

    private func json(_ column: IntervalColumn, _ cell: IntervalCell, _ row: Int) -> JSONValue {
        let value = cell.value(column.calculation)
        switch column.calculation {
        case .framesAndBytes: return .object([("frames", JSONValue(cell.frameCount)), ("bytes", JSONValue(cell.byteCount))])
        case .load: return .double(Double(value) / Double(rowLength(row)))
        case .sum, .least, .greatest, .average: return column.isTime ? .seconds(Timestamp(totalNanoseconds: value)) : JSONValue(value)
        case .frames, .bytes, .count: return JSONValue(value)
        }
    }
}

/// Where everything stands in the table of intervals.
struct IntervalLayout {
    private let report: IntervalReport
    private let span: IntervalSpan
    /// Bytes of each column's numbers: of frames (0 for none), and of values (0 for none).
    private let widths: [(frames: Int, value: Int)]
    private let intervalWidth: Int
    /// Bytes of a row up to the last column.
    private let tableWidth: Int
    /// Bytes of a line.
    let border: Int

    /// Bytes of a label in one line.
    private static let labelWidth = 91
    private static let borderLimit = 102
    /// What more digits than this are of is left without a heading.
    private static let headingWidth = 12

    init(_ report: IntervalReport) {
        self.report = report
        span = report.span
        widths = zip(report.columns, report.greatest).map { Self.widths($0, $1, report.span) }
        let timeWidth = span.digits + (span.decimals > 0 ? span.decimals + 1 : 0)
        switch report.settings.timeStyle {
        case .relative: intervalWidth = max(8, 2 * timeWidth + 4) + 2
        case .epoch, .time: intervalWidth = 10
        case .date, .dayOfYear: intervalWidth = 21
        }
        tableWidth = widths.reduce(2 + intervalWidth) { $0 + ($1.frames > 0 ? $1.frames + 3 : 0) + ($1.value > 0 ? $1.value + 3 : 0) }
        let fraction = span.decimals > 0 ? span.decimals + 1 : 0
        var border = (span.coversAll ? 30 : 25) + span.digits + fraction
        let longest = report.columns.reduce(0) { max($0, $1.label.utf8.count) }
        border = max(border, tableWidth, min(longest + 11, Self.borderLimit))
        // There is room for a line behind the table, or none at all.
        self.border = border == tableWidth + 1 ? border + 1 : border
    }

    private static func widths(_ column: IntervalColumn, _ greatest: IntervalCell, _ span: IntervalSpan) -> (frames: Int, value: Int) {
        let frames = max(6, decimalDigits(Int64(clamping: greatest.frameCount)))
        let digits = decimalDigits(greatest.total)
        switch column.calculation {
        case .framesAndBytes: return (frames, max(5, digits))
        case .frames: return (frames, 0)
        case .bytes, .count: return (0, max(5, digits))
        case .load: return (0, decimalDigits(greatest.total / max(1, span.interval)) + 7)
        case .sum, .least, .greatest, .average:
            // Seconds are rounded to the nearest before their digits are counted.
            if column.isTime { return (0, decimalDigits((greatest.total &+ 500_000_000) / 1_000_000_000) + 7) }
            return (0, max(column.calculation.rawValue.utf8.count, digits))
        }
    }

    // MARK: Head

    func writeHead(_ out: inout TextBuffer) {
        out.append(10)
        out.append(repeating: 61, count: border)
        out.append(10)
        writeLine("| IO Statistics", &out)
        writeLine("|", &out)
        writeDuration(&out)
        writeInterval(&out)
        writeLine("|", &out)
        writeLabels(&out)
        writeRule(border, &out)
        out.append(10)
        writeNumbers(&out)
        writeTitles(&out)
        writeRule(tableWidth, &out)
        finish(&out)
    }

    private func writeLine(_ text: String, _ out: inout TextBuffer) {
        let begin = out.count
        out.append(text)
        out.pad(from: begin, width: border - 1)
        out.append("|\n")
    }

    /// Ends a line as if its number took as many digits as the layout counts on.
    private func endLine(numberWidth: Int, _ out: inout TextBuffer) {
        out.append(" secs")
        out.append(repeating: 32, count: border - 1 - " | Duration:".utf8.count - numberWidth - 5)
        out.append("|\n")
    }

    private func writeDuration(_ out: inout TextBuffer) {
        out.append("| Duration: ")
        if span.decimals > 0 {
            append(span.duration, &out)
            return endLine(numberWidth: span.digits + 1 + span.decimals, &out)
        }
        out.append(span.exactDuration / 1_000_000, width: span.digits)
        out.append(46)
        out.append(span.exactDuration % 1_000_000, width: 6)
        endLine(numberWidth: span.digits + 7, &out)
    }

    private func writeInterval(_ out: inout TextBuffer) {
        out.append("| Interval: ")
        append(span.interval, &out)
        endLine(numberWidth: span.digits + (span.decimals > 0 ? span.decimals + 1 : 0), &out)
    }

    /// Microseconds as seconds, cut to the decimals that are shown.
    private func append(_ time: Int64, _ out: inout TextBuffer) {
        out.append(time / 1_000_000, width: span.digits)
        guard span.decimals > 0 else { return }
        out.append(46)
        let unit = (0..<span.decimals).reduce(Int64(1_000_000)) { value, _ in value / 10 }
        out.append(decimal: UInt64(clamping: time % 1_000_000 / unit), width: span.decimals)
    }

    private func writeLabels(_ out: inout TextBuffer) {
        for (index, column) in report.columns.enumerated() {
            var rest = Array(column.label.utf8)[...]
            var number = "\(index + 1):"
            number = String(repeating: " ", count: max(0, 3 - number.utf8.count)) + number
            var head = index == 0 ? "| Col\(number) " : "|    \(number) "
            repeat {
                writeLine(head + String(decoding: rest.prefix(Self.labelWidth), as: UTF8.self), &out)
                rest = rest.dropFirst(Self.labelWidth)
                head = "|        "
            } while !rest.isEmpty
        }
    }

    private func writeRule(_ width: Int, _ out: inout TextBuffer) {
        out.append("|")
        out.append(repeating: 45, count: width - 2)
        out.append("|")
    }

    /// Ends a line of the table: the room behind it is closed, too.
    private func finish(_ out: inout TextBuffer) {
        if border > tableWidth {
            out.append(repeating: 32, count: border - tableWidth - 1)
            out.append("|")
        }
        out.append(10)
    }

    private func writeNumbers(_ out: inout TextBuffer) {
        out.append("|")
        out.append(repeating: 32, count: intervalWidth)
        for (index, width) in widths.enumerated() {
            out.append("|")
            let begin = out.count
            out.append(decimal: index + 1)
            let both = width.frames > 0 && width.value > 0
            out.pad(from: begin, width: width.frames + width.value + (both ? 5 : 2))
        }
        out.append("|")
        finish(&out)
    }

    private func writeTitles(_ out: inout TextBuffer) {
        out.append("|")
        let begin = out.count
        switch report.settings.timeStyle {
        case .relative: out.append(" Interval")
        case .epoch, .time: out.append(" Time")
        case .date, .dayOfYear: out.append(" Date and time")
        }
        out.pad(from: begin, width: intervalWidth)
        out.append("|")
        for (column, width) in zip(report.columns, widths) {
            if column.calculation == .framesAndBytes {
                center("Frames", width.frames, &out)
                center("Bytes", width.value, &out)
            } else {
                center(column.calculation.rawValue, max(width.frames, width.value), &out)
            }
        }
        finish(&out)
    }

    private func center(_ text: String, _ width: Int, _ out: inout TextBuffer) {
        guard width <= Self.headingWidth else { return }
        let free = width + 2 - text.utf8.count
        out.append(repeating: 32, count: (free + 1) / 2)
        out.append(text)
        out.append(repeating: 32, count: free / 2)
        out.append("|")
    }

    // MARK: Rows

    func write(_ row: Int, _ cells: [IntervalCell], _ out: inout TextBuffer) {
        out.append("|")
        writeTime(row, &out)
        out.append("|")
        for (index, cell) in cells.enumerated() { write(report.columns[index], widths[index], cell, row, &out) }
        finish(&out)
    }

    private func writeTime(_ row: Int, _ out: inout TextBuffer) {
        guard case .relative = report.settings.timeStyle else {
            out.append(32)
            out.append(date: report.start.adding(microseconds: span.range(row).lowerBound), report.settings)
            return out.append(32)
        }
        let indent = (intervalWidth - 2 * timeWidth - 4) / 2
        out.append(repeating: 32, count: indent)
        let range = span.range(row)
        append(range.lowerBound, &out)
        out.append(" <> ")
        // Where no decimals are shown the last interval ends with the duration.
        let isOpen = row == span.rowCount - 1 && span.decimals == 0
        if isOpen { out.append("Dur") } else { append(range.upperBound, &out) }
        out.append(repeating: 32, count: intervalWidth - indent - timeWidth - 4 - (isOpen ? 3 : timeWidth))
    }

    /// Digits and decimals of a time.
    private var timeWidth: Int { span.digits + (span.decimals > 0 ? span.decimals + 1 : 0) }

    private func write(_ column: IntervalColumn, _ width: (frames: Int, value: Int), _ cell: IntervalCell, _ row: Int, _ out: inout TextBuffer) {
        if width.frames > 0 { writeNumber(Int64(clamping: cell.frameCount), width.frames, &out) }
        guard width.value > 0 else { return }
        let value = cell.value(column.calculation)
        if column.calculation == .load {
            let length = report.rowLength(row)
            writeSeconds(millionths: Int64(clamping: Int128(value) * 1_000_000 / Int128(length)), width.value, &out)
        } else if column.isTime, column.calculation != .count {
            writeSeconds(millionths: (value &+ (value < 0 ? -500 : 500)) / 1000, width.value, &out)
        } else {
            writeNumber(value, width.value, &out)
        }
    }

    private func writeNumber(_ value: Int64, _ width: Int, _ out: inout TextBuffer) {
        out.append(32)
        out.append(value, width: width)
        out.append(" |")
    }

    private func writeSeconds(millionths: Int64, _ width: Int, _ out: inout TextBuffer) {
        out.append(32)
        let begin = out.count
        if millionths < 0 { out.append(45) }
        out.append(decimal: (millionths / 1_000_000).magnitude)
        out.rightAlign(from: begin, width: width - 7)
        out.append(46)
        out.append(decimal: UInt64((millionths % 1_000_000).magnitude), width: 6)
        out.append(" |")
    }
}

extension Timestamp {
    func adding(microseconds: Int64) -> Timestamp {
        Timestamp(totalNanoseconds: totalNanoseconds &+ microseconds &* 1000)
    }
}
