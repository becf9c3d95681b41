import Dissection
import DisplayFilter
import Wire

/// One column of `io,stat`: what is counted of the frames that a filter passes.
struct IntervalColumn {
    enum Calculation: String, CaseIterable, Sendable {
        case framesAndBytes = "", frames = "FRAMES", bytes = "BYTES", count = "COUNT", sum = "SUM", least = "MIN", greatest = "MAX"
        case average = "AVG", load = "LOAD"

        var needsField: Bool { self != .framesAndBytes && self != .frames && self != .bytes }
    }

    /// As the table names it.
    let label: String
    let calculation: Calculation
    let filter: DisplayFilter?
    let fields: Set<FieldID>
    /// Whether values are spans of time, in nanoseconds.
    let isTime: Bool

    /// - Parameter text: a filter, or one behind a calculation: `SUM(tcp.len)tcp.len`, `FRAMES()udp`.
    init(_ text: String, _ request: StatisticRequest) throws(StatisticError) {
        label = text.isEmpty ? "Frames and bytes" : text
        guard let (calculation, field, filter) = Self.split(text) else {
            calculation = .framesAndBytes
            self.filter = try request.filter(text)
            fields = []
            isTime = false
            return
        }
        let name = calculation.rawValue
        let known = request.registry.fields(named: field)
        if calculation.needsField {
            guard !field.isEmpty else { throw StatisticError("\(name) of \"-z io,stat\" needs a field: \(name)(tcp.len)tcp.len.") }
            guard let first = known.first else { throw StatisticError("There is no field named \"\(field)\" for \(name) of \"-z io,stat\".") }
            isTime = first.type == .relativeTime
            let isNumber = first.type.isInteger || isTime
            guard calculation == .count || isNumber && (calculation != .load || isTime) else {
                throw StatisticError("\(field) has no values that \(name) of \"-z io,stat\" can work with.")
            }
        } else {
            guard field.isEmpty else { throw StatisticError("\(name) of \"-z io,stat\" takes no field: \(name)()\(filter).") }
            isTime = false
        }
        self.calculation = calculation
        self.filter = try request.filter(filter.drop { $0 == " " })
        fields = Set(known.map(\.id))
    }

    private static func split(_ text: String) -> (Calculation, field: String, filter: String)? {
        for calculation in Calculation.allCases where calculation != .framesAndBytes && text.hasPrefix(calculation.rawValue + "(") {
            guard let close = text.firstIndex(of: ")") else { return nil }
            let open = text.index(text.startIndex, offsetBy: calculation.rawValue.count + 1)
            return (calculation, String(text[open..<close]), String(text[text.index(after: close)...]))
        }
        return nil
    }

    var wants: PlanWants { PlanWants(fields: fields).union(filter?.wants ?? PlanWants()) }
}

/// What was counted for a column within an interval.
struct IntervalCell: Sendable {
    var frameCount: UInt64 = 0
    var byteCount: UInt64 = 0
    /// How often the field was met.
    var valueCount: UInt64 = 0
    var total: Int64 = 0
    var least: Int64 = 0
    var greatest: Int64 = 0
    /// Microseconds that calls took in this interval.
    var load: UInt64 = 0

    mutating func add(_ value: Int64) {
        least = valueCount == 0 ? value : min(least, value)
        greatest = valueCount == 0 ? value : max(greatest, value)
        valueCount &+= 1
        total &+= value
    }

    /// The number that the column shows.
    func value(_ calculation: IntervalColumn.Calculation) -> Int64 {
        switch calculation {
        case .framesAndBytes, .bytes: Int64(clamping: byteCount)
        case .frames: Int64(clamping: frameCount)
        case .count: Int64(clamping: valueCount)
        case .sum: total
        case .least: least
        case .greatest: greatest
        case .average: valueCount == 0 ? 0 : total / Int64(clamping: valueCount)
        case .load: Int64(clamping: load)
        }
    }
}
