import Wire

/// Names for the values of a field, by single value or by range.
public final class ValueStrings: Sendable {
    private struct Entry: Sendable {
        let low: UInt64
        let high: UInt64
        let text: StaticString
    }

    /// Sorted by `low`; ranges do not overlap, and of two entries for one value the first given counts.
    private let entries: [Entry]
    /// Entry index by value, where the values are dense enough: -1 where there is none.
    private let direct: [Int16]
    /// Whether a value without a name is written as the bare number, not as "Unknown (5)".
    public let isSpecialOnly: Bool
    /// Whether the table is of ranges.
    public let isRange: Bool

    public convenience init(_ pairs: [(UInt64, StaticString)], specialOnly: Bool = false) {
        self.init(entries: pairs.map { Entry(low: $0.0, high: $0.0, text: $0.1) }, specialOnly: specialOnly, isRange: false)
    }

    public convenience init(small pairs: [(UInt32, StaticString)]) {
        self.init(entries: pairs.map { Entry(low: UInt64($0.0), high: UInt64($0.0), text: $0.1) }, specialOnly: false, isRange: false)
    }

    public convenience init(ranges: [(ClosedRange<UInt64>, StaticString)]) {
        self.init(entries: ranges.map { Entry(low: $0.0.lowerBound, high: $0.0.upperBound, text: $0.1) }, specialOnly: false, isRange: true)
    }

    private init(entries unsorted: [Entry], specialOnly: Bool, isRange: Bool) {
        let order = unsorted.indices.sorted { (unsorted[$0].low, $0) < (unsorted[$1].low, $1) }
        var sorted: [Entry] = []
        sorted.reserveCapacity(order.count)
        for index in order where sorted.last.map({ $0.low != unsorted[index].low }) ?? true { sorted.append(unsorted[index]) }
        entries = sorted
        isSpecialOnly = specialOnly
        self.isRange = isRange
        if let last = sorted.last, last.high < 1024, sorted.count < 1024 {
            var table = [Int16](repeating: -1, count: Int(last.high) + 1)
            for (index, entry) in sorted.enumerated() {
                for value in entry.low...entry.high { table[Int(value)] = Int16(index) }
            }
            direct = table
        } else {
            direct = []
        }
    }

    /// The name of `value`, if it has one.
    public func name(of value: UInt64) -> StaticString? {
        if !direct.isEmpty {
            guard value < UInt64(direct.count) else { return nil }
            let index = direct[Int(value)]
            return index < 0 ? nil : entries[Int(index)].text
        }
        var low = 0
        var high = entries.count
        while low < high {
            let middle = (low + high) / 2
            if entries[middle].low <= value { low = middle + 1 } else { high = middle }
        }
        guard low > 0, entries[low - 1].high >= value else { return nil }
        return entries[low - 1].text
    }

    /// Every value (or range) and its name, in order: for reports and for filters by name.
    public var all: [(range: ClosedRange<UInt64>, name: StaticString)] { entries.map { ($0.low...$0.high, $0.text) } }
}
