import Wire

/// Times as they are written in filters, as nanoseconds.
package struct TimeLiterals {
    /// Seconds since 1970-01-01 00:00:00 UTC for those of a clock on the user's wall.
    let universalSeconds: @Sendable (_ local: Int64) -> Int64

    /// Seconds with up to nine decimals.
    static func relative(_ text: String) throws(LiteralProblem) -> Constant {
        var scanner = TimeScanner(text)
        let isNegative = scanner.skip("-")
        guard let seconds = scanner.number(digits: 1...18), let fraction = scanner.fraction(), scanner.isAtEnd,
            let value = total(seconds, fraction)
        else { throw LiteralProblem("is not a valid time: seconds with up to nine decimals.") }
        return .signed(isNegative ? 0 &- value : value)
    }

    /// The moment that a text names as `absolute` takes it; nil if it names none.
    package static func moment(_ text: String, universalSeconds: @escaping @Sendable (_ local: Int64) -> Int64) -> Timestamp? {
        guard case .signed(let nanoseconds)? = try? TimeLiterals(universalSeconds: universalSeconds).absolute(text) else { return nil }
        return Timestamp(totalNanoseconds: nanoseconds)
    }

    /// `2011-07-04 12:34:56.789`, `2011-07-04`, or `Jul 4, 2011 12:34:56`, in local time or with ` UTC`, `Z` or `+01:00` after it.
    func absolute(_ text: String) throws(LiteralProblem) -> Constant {
        var scanner = TimeScanner(text)
        scanner.skipBlanks()
        guard let days = scanner.yearFirstDate() ?? scanner.monthFirstDate(), let clock = scanner.clock(),
            let fraction = scanner.fraction()
        else { throw Self.badAbsolute }
        let local = days * 86400 + clock
        let zone = scanner.zone()
        scanner.skipBlanks()
        guard scanner.isAtEnd, let value = Self.total(zone.map { local - $0 } ?? universalSeconds(local), fraction) else { throw Self.badAbsolute }
        return .signed(value)
    }

    private static let badAbsolute = LiteralProblem(
        "is not a valid absolute time. Examples: \"2011-07-04 12:34:56\", \"Nov 12, 1999 08:55:44.123 UTC\".")

    private static func total(_ seconds: Int64, _ nanoseconds: Int64) -> Int64? {
        let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        let (sum, carried) = product.addingReportingOverflow(nanoseconds)
        return overflow || carried ? nil : sum
    }
}

/// Reads the parts of a time from left to right. What does not fit leaves the place as it is.
private struct TimeScanner {
    private static let months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
    private let bytes: [UInt8]
    private var offset = 0

    init(_ text: String) { bytes = Array(text.utf8) }

    var isAtEnd: Bool { offset == bytes.count }

    mutating func skipBlanks() { while offset < bytes.count, bytes[offset] == 32 { offset += 1 } }

    mutating func skip(_ text: String) -> Bool {
        guard bytes[offset...].starts(with: text.utf8) else { return false }
        offset += text.utf8.count
        return true
    }

    mutating func number(digits: ClosedRange<Int>) -> Int64? {
        var end = offset
        while end < bytes.count, end - offset < digits.upperBound, bytes[end].isDigit { end += 1 }
        guard digits.contains(end - offset) else { return nil }
        defer { offset = end }
        return bytes[offset..<end].reduce(0) { $0 * 10 + Int64($1 - 48) }
    }

    /// Nanoseconds after a point, or 0 without one; nil for a point without digits or with more than nine.
    mutating func fraction() -> Int64? {
        guard skip(".") else { return 0 }
        let start = offset
        guard var value = number(digits: 1...9) else { return nil }
        for _ in offset - start..<9 { value *= 10 }
        return value
    }

    /// Days since 1970-01-01 of `2011-07-04`.
    mutating func yearFirstDate() -> Int64? {
        let start = offset
        if let year = number(digits: 4...4), skip("-"), let month = number(digits: 1...2), skip("-"), let day = number(digits: 1...2),
            let days = Self.days(year, month, day)
        {
            return days
        }
        offset = start
        return nil
    }

    /// Days since 1970-01-01 of `Jul 4, 2011`, which a time must follow.
    mutating func monthFirstDate() -> Int64? {
        let name = String(decoding: bytes[offset..<min(offset + 3, bytes.count)], as: UTF8.self).lowercased()
        guard let month = Self.months.firstIndex(of: name) else { return nil }
        offset += 3
        skipBlanks()
        guard let day = number(digits: 1...2), skip(",") else { return nil }
        skipBlanks()
        guard let year = number(digits: 4...4), offset < bytes.count, bytes[offset] == 32 else { return nil }
        return Self.days(year, Int64(month) + 1, day)
    }

    /// Seconds of the day; 0 where no time follows the date.
    mutating func clock() -> Int64? {
        if isAtEnd { return 0 }
        if !skip("T") { skipBlanks() }
        if isAtEnd { return 0 }
        guard let hour = number(digits: 1...2), hour < 24 else { return nil }
        guard skip(":") else { return hour * 3600 }
        guard let minute = number(digits: 1...2), minute < 60 else { return nil }
        guard skip(":") else { return hour * 3600 + minute * 60 }
        // 60 is a leap second.
        guard let second = number(digits: 1...2), second <= 60 else { return nil }
        return hour * 3600 + minute * 60 + second
    }

    /// Seconds east of UTC, if the text says so.
    mutating func zone() -> Int64? {
        skipBlanks()
        if skip("UTC") || skip("Z") { return 0 }
        let start = offset
        let isEast = skip("+")
        if isEast || skip("-"), let hours = number(digits: 2...2), hours < 24 {
            _ = skip(":")
            if let minutes = number(digits: 2...2), minutes < 60 { return (hours * 3600 + minutes * 60) * (isEast ? 1 : -1) }
        }
        offset = start
        return nil
    }

    /// Days from 1970-01-01 to a date of the Gregorian calendar; nil for a date that it does not have.
    private static func days(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64? {
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        guard (1...12).contains(month) else { return nil }
        let monthDays: [Int64] = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        guard (1...monthDays[Int(month) - 1]).contains(day) else { return nil }
        let past = year - 1
        // Days from 0001-01-01 to the year's first day; 719,162 lie before 1970.
        let yearStart = past * 365 + past / 4 - past / 100 + past / 400 - 719_162
        return yearStart + monthDays.prefix(Int(month) - 1).reduce(0, +) + day - 1
    }
}
