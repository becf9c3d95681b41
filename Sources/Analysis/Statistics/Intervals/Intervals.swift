import Dissection
import DisplayFilter
import Wire

/// `io,stat`: frames, bytes and values of fields by intervals of time.
final class Intervals: Statistic {
    static let kind = StatisticKind("io,stat") { request throws(StatisticError) in try Intervals(request) }

    let wants: PlanWants
    private let columns: [IntervalColumn]
    private let length: IntervalLength
    private let settings: StatisticSettings
    /// By the number of the interval; those without frames are not there.
    private var rows: [Int: [IntervalCell]] = [:]
    /// Those before it were forgotten.
    private var firstRow = 0
    private var rowLimit = Int.max
    private(set) var forgottenCount = 0
    /// The greatest numbers that each column showed at any time.
    private var greatest: [IntervalCell]
    private var duration: Int64 = 0
    private var start: Timestamp?

    init(_ request: StatisticRequest) throws(StatisticError) {
        let parts = request.arguments.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        guard let first = parts.first, let length = IntervalLength(first), parts.count == 1 || !parts.dropFirst().allSatisfy(\.isEmpty) else {
            throw StatisticError(
                "\"-z io,stat\" takes an interval in seconds (0.000001 or more, 0 for the whole capture), and filters: io,stat,1,tcp,udp.")
        }
        var columns: [IntervalColumn] = []
        for text in parts.count > 1 ? parts.dropFirst() : [""] { columns.append(try IntervalColumn(text, request)) }
        self.columns = columns
        self.length = length
        settings = request.settings
        greatest = columns.map { _ in IntervalCell() }
        wants = columns.reduce(into: PlanWants()) { $0.formUnion($1.wants) }
    }

    func take(_ context: borrowing Context) {
        let time = Self.microseconds(context.frame.timeRelative ?? .zero)
        duration = max(duration, time)
        if start == nil { start = context.frame.timestamp }
        let row = length.row(of: time)
        for index in columns.indices where columns[index].filter?.matches(context.dissected) ?? true {
            add(context, column: index, row: row)
        }
    }

    /// To the nearest.
    private static func microseconds(_ time: Timestamp) -> Int64 { max(0, time.totalNanoseconds &+ 500) / 1000 }

    private func add(_ context: borrowing Context, column: Int, row: Int) {
        let rule = columns[column]
        change(row, column, rule.calculation) {
            $0.frameCount &+= 1
            $0.byteCount &+= UInt64(context.frame.originalByteCount)
        }
        guard !rule.fields.isEmpty else { return }
        for index in 0..<context.dissected.itemCount {
            let item = context.dissected.item(index)
            guard rule.fields.contains(item.field) else { continue }
            let value = Int64(bitPattern: item.value)
            change(row, column, rule.calculation) { $0.add(value) }
            if rule.calculation == .load { spread(value / 1000, column, row) }
        }
    }

    /// A call that takes longer than an interval fills whole ones before the one at hand, which has the rest.
    private func spread(_ microseconds: Int64, _ column: Int, _ row: Int) {
        guard microseconds > 0 else { return }
        guard let interval = length.microseconds else {
            return change(row, column, .load) { $0.load &+= UInt64(microseconds) }
        }
        let (count, rest) = microseconds.quotientAndRemainder(dividingBy: interval)
        change(row, column, .load) { $0.load &+= UInt64(rest) }
        for earlier in max(firstRow, row - Int(clamping: min(count, Int64(rowLimit))))..<row { change(earlier, column, .load) { $0.load &+= UInt64(interval) } }
    }

    private func change(_ row: Int, _ column: Int, _ calculation: IntervalColumn.Calculation, _ body: (inout IntervalCell) -> Void) {
        guard makeRoom(for: row) else { return }
        let columnCount = columns.count
        let cell = {
            body(&$0[column])
            return $0[column]
        }(&rows[row, default: [IntervalCell](repeating: IntervalCell(), count: columnCount)])
        greatest[column].frameCount = max(greatest[column].frameCount, cell.frameCount)
        greatest[column].total = max(greatest[column].total, cell.value(calculation))
    }

    /// Forgets the older half of the rows if there is no room for another one.
    /// - Returns: whether this one is not among them.
    private func makeRoom(for row: Int) -> Bool {
        if rows.count >= rowLimit, rows[row] == nil {
            let count = rows.count
            firstRow = rows.keys.sorted()[count / 2]
            rows = rows.filter { $0.key >= firstRow }
            forgottenCount += count - rows.count
        }
        return row >= firstRow
    }

    /// A row is a list of its own, in a table that may have twice the room that it needs.
    func limit(byteCount: Int) { rowLimit = max(2, byteCount / (96 + columns.count * MemoryLayout<IntervalCell>.stride)) }

    func report() -> any StatisticReport {
        IntervalReport(
            columns: columns, span: IntervalSpan(length, duration: duration), rows: rows, firstRow: firstRow, greatest: greatest, start: start ?? .zero,
            settings: settings)
    }
}

/// How long an interval is, as the user gave it.
struct IntervalLength: Sendable {
    /// nil for the whole capture.
    let microseconds: Int64?
    /// Decimals of its seconds.
    let decimals: Int

    /// Longer intervals hold any capture.
    private static let secondsLimit = 1e9

    init?(_ text: String) {
        guard let seconds = Double(text), seconds.isFinite else { return nil }
        guard seconds > 0, seconds < Self.secondsLimit else {
            microseconds = nil
            decimals = 0
            return
        }
        let count = Int64((seconds * 1_000_000).rounded())
        guard count > 0 else { return nil }
        microseconds = count
        var fraction = count % 1_000_000
        guard fraction > 0 else {
            decimals = text.contains(".") ? 6 : 0
            return
        }
        var digits = 6
        while fraction % 10 == 0 {
            fraction /= 10
            digits -= 1
        }
        decimals = digits
    }

    func row(of time: Int64) -> Int { microseconds.map { Int(time / $0) } ?? 0 }
}

/// The intervals of a capture, and how precisely their times are shown.
struct IntervalSpan: Sendable {
    /// Digits of seconds, at most: greater numbers take more room than tables leave.
    private static let digitLimit = 5

    /// Microseconds.
    let exactDuration: Int64
    /// Rounded to what is shown of it.
    let duration: Int64
    let interval: Int64
    let decimals: Int
    let coversAll: Bool
    let digits: Int

    init(_ length: IntervalLength, duration exact: Int64) {
        exactDuration = exact
        let given = length.microseconds ?? .max
        coversAll = given > exact
        let exactDigits = Self.digits(exact)
        decimals = !coversAll ? length.decimals : exactDigits >= 2 ? 1 : 3
        let unit = (0..<decimals).reduce(Int64(1_000_000)) { value, _ in value / 10 }
        // Exactly a half is not rounded up.
        duration = exact % unit > unit / 2 ? (exact / unit + 1) * unit : exact
        interval = coversAll ? duration : given
        digits = Self.digits(duration)
    }

    private static func digits(_ microseconds: Int64) -> Int { min(digitLimit, decimalDigits(microseconds / 1_000_000)) }

    var rowCount: Int { interval == 0 ? 0 : Int((duration + interval - 1) / interval) }

    /// Where a row begins and ends.
    func range(_ row: Int) -> Range<Int64> {
        let begin = Int64(row) * interval
        return begin..<max(begin, min(begin + interval, duration))
    }
}

/// How many digits a number has.
func decimalDigits(_ value: Int64) -> Int {
    var count = 1
    var rest = value / 10
    while rest != 0 {
        rest /= 10
        count += 1
    }
    return count
}
