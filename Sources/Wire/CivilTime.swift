/// A moment in the proleptic Gregorian calendar.
public struct CivilTime {
    public var year: Int64
    public var month: UInt8
    public var day: UInt8
    /// 1 for the first of January.
    public var dayOfYear: Int
    public var hour: UInt8
    public var minute: UInt8
    public var second: UInt8

    /// - Parameter seconds: since 1970-01-01 00:00:00 in the zone at hand.
    public init(_ seconds: Int64) {
        var (days, rest) = seconds.quotientAndRemainder(dividingBy: 86400)
        if rest < 0 {
            rest += 86400
            days -= 1
        }
        hour = UInt8(rest / 3600)
        minute = UInt8(rest / 60 % 60)
        second = UInt8(rest % 60)
        // Count years from 0000-03-01, so that the leap day ends a year, in eras of 400 years (146,097 days).
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146_096) / 365
        let dayFromMarch = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayFromMarch + 2) / 153
        day = UInt8(dayFromMarch - (153 * monthFromMarch + 2) / 5 + 1)
        month = UInt8(monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9)
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        dayOfYear = Int(dayFromMarch) + (month <= 2 ? -305 : 60 + (isLeap ? 1 : 0))
    }
}

extension TextBuffer {
    /// `2019-04-22`
    public mutating func append(isoDate date: CivilTime) {
        append(decimal: UInt64(max(0, date.year)), width: 4)
        append(45)
        append(decimal: UInt64(date.month), width: 2)
        append(45)
        append(decimal: UInt64(date.day), width: 2)
    }

    /// `2019/112`
    public mutating func append(dayOfYear date: CivilTime) {
        append(decimal: UInt64(max(0, date.year)), width: 4)
        append(47)
        append(decimal: UInt64(max(0, date.dayOfYear)), width: 3)
    }

    /// `15:23:18`
    public mutating func append(clock date: CivilTime) {
        append(decimal: UInt64(date.hour), width: 2)
        append(58)
        append(decimal: UInt64(date.minute), width: 2)
        append(58)
        append(decimal: UInt64(date.second), width: 2)
    }
}
