import Wire

/// Lines that stand around tables.
enum StatisticRule {
    /// 67 wide.
    static let narrow: StaticString = "===================================================================\n"
    /// 80 wide.
    static let double: StaticString = "================================================================================\n"
}

extension Timestamp {
    /// As a floating-point number, which tshark's tables print.
    var inSeconds: Double { Double(seconds) + Double(nanoseconds) / 1e9 }

    /// As JSON: the exact number of seconds.
    var json: JSONValue { .seconds(self) }
}

extension TextBuffer {
    /// A number of bytes in the largest unit of which there are ten: `53 kB`, `5424 bytes`.
    mutating func append(size: UInt64) {
        let units: [(UInt64, StaticString)] = [(1_000_000_000_000, " TB"), (1_000_000_000, " GB"), (1_000_000, " MB"), (1000, " kB")]
        let unit = units.first { size / $0.0 >= 10 }
        append(decimal: size / (unit?.0 ?? 1))
        append(unit?.1 ?? " bytes")
    }

    /// `2005-03-30 08:47:50`, or what of it the settings ask for.
    mutating func append(date time: Timestamp, _ settings: StatisticSettings) {
        let isLocal: Bool
        switch settings.timeStyle {
        case .relative, .epoch: isLocal = false
        case .time(let local), .date(let local), .dayOfYear(let local): isLocal = local
        }
        let date = CivilTime(time.seconds &+ (isLocal ? Int64(settings.secondsEast(time.seconds)) : 0))
        switch settings.timeStyle {
        case .date:
            append(isoDate: date)
            append(32)
        case .dayOfYear:
            append(dayOfYear: date)
            append(32)
        default: break
        }
        append(clock: date)
    }
}

extension Array {
    /// Sorted so that elements of which neither precedes the other keep their order.
    func sortedStably(_ precedes: (Element, Element) -> Bool) -> [Element] {
        enumerated().sorted { a, b in
            if precedes(a.element, b.element) { return true }
            return !precedes(b.element, a.element) && a.offset < b.offset
        }.map(\.element)
    }
}
