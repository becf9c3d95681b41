import Wire

extension TextBuffer {
    /// A text, padded with blanks to 20 columns: how the summaries of ICMP begin.
    mutating func append(padded text: StaticString) {
        append(text)
        append(repeating: 32, count: 20 - text.utf8CodeUnitCount)
    }

    /// `2 hours, 30 minutes`, down to the unit that is not zero.
    mutating func append(spanOfSeconds seconds: UInt64) {
        append(spanOfSeconds: seconds, milliseconds: 0)
    }

    /// `1 hour, 40 minutes, 39.045 seconds`
    mutating func append(spanOfMilliseconds milliseconds: UInt64) {
        append(spanOfSeconds: milliseconds / 1000, milliseconds: milliseconds % 1000)
    }

    private mutating func append(spanOfSeconds seconds: UInt64, milliseconds: UInt64) {
        var isFirst = true
        for (count, unit) in [(seconds / 86400, " day"), (seconds / 3600 % 24, " hour"), (seconds / 60 % 60, " minute")] as [(UInt64, StaticString)]
        where count > 0 {
            separate(&isFirst)
            append(decimal: count)
            append(unit)
            if count > 1 { append(115) }
        }
        let rest = seconds % 60
        guard rest > 0 || milliseconds > 0 || isFirst else { return }
        separate(&isFirst)
        append(decimal: rest)
        if milliseconds > 0 {
            append(46)
            append(decimal: milliseconds, width: 3)
        }
        append(rest == 1 && milliseconds == 0 ? " second" : " seconds")
    }

    private mutating func separate(_ isFirst: inout Bool) {
        if !isFirst { append(", ") }
        isFirst = false
    }
}
