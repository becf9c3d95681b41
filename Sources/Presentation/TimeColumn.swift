import Dissection
import Wire

/// How the Time column shows a frame's time: the letters of `-t`.
public enum TimeStyle: String, Sendable, CaseIterable {
    case relative = "r", delta = "d", deltaDisplayed = "dd", epoch = "e"
    case absolute = "a", absoluteWithDate = "ad", absoluteWithDayOfYear = "adoy"
    case utc = "u", utcWithDate = "ud", utcWithDayOfYear = "udoy"
}

/// How spans of time are written: the words of `-u`.
public enum SecondsStyle: String, Sendable, CaseIterable {
    case seconds = "s", clock = "hms"
}

/// Writes the times of frames as columns show them.
struct TimeColumn {
    let formats: FieldFormats
    let secondsStyle: SecondsStyle

    func append(_ frame: borrowing DissectedFrame, _ style: TimeStyle, _ out: inout TextBuffer) {
        guard frame.info.hasTimestamp else { return }
        let (time, digits) = (frame.info.timestamp, frame.info.timeDigits)
        switch style {
        case .relative: appendSpan(frame.info.timeRelative ?? .zero, digits, &out)
        case .delta: appendSpan(frame.info.timeDelta ?? .zero, digits, &out)
        case .deltaDisplayed: appendSpan(frame.info.timeDeltaDisplayed ?? .zero, digits, &out)
        case .epoch: appendSeconds(time, digits, &out)
        case .absolute, .absoluteWithDate, .absoluteWithDayOfYear: appendAbsolute(time, style, formats.timeZone(time.seconds), digits, &out)
        case .utc, .utcWithDate, .utcWithDayOfYear: appendAbsolute(time, style, .utc, digits, &out)
        }
    }

    private func appendSpan(_ time: Timestamp, _ digits: Int, _ out: inout TextBuffer) {
        guard secondsStyle == .clock else { return appendSeconds(time, digits, &out) }
        var time = time
        if time.seconds < 0 {
            out.append("- ")
            time = Timestamp.zero - time
        }
        let (hours, minutes, seconds) = (time.seconds / 3600, time.seconds / 60 % 60, time.seconds % 60)
        if hours > 0 {
            out.append(signed: hours)
            out.append("h ")
        }
        if hours > 0 || minutes > 0 {
            out.append(signed: minutes)
            out.append("m ")
        }
        let begin = out.count
        out.append(signed: seconds)
        if hours > 0 || minutes > 0 { out.rightAlign(from: begin, width: 2) }
        appendFraction(time, digits, &out)
        out.append("s")
    }

    private func appendSeconds(_ time: Timestamp, _ digits: Int, _ out: inout TextBuffer) {
        var time = time
        if time.seconds < 0 {
            out.append(45)
            time = Timestamp.zero - time
        }
        out.append(signed: time.seconds)
        appendFraction(time, digits, &out)
    }

    private func appendAbsolute(_ time: Timestamp, _ style: TimeStyle, _ zone: TimeZoneOffset, _ digits: Int, _ out: inout TextBuffer) {
        let date = CivilTime(time.seconds &+ Int64(zone.secondsEast))
        switch style {
        case .absoluteWithDate, .utcWithDate:
            out.append(isoDate: date)
            out.append(32)
        case .absoluteWithDayOfYear, .utcWithDayOfYear:
            out.append(dayOfYear: date)
            out.append(32)
        default: break
        }
        out.append(clock: date)
        appendFraction(time, digits, &out)
    }

    private func appendFraction(_ time: Timestamp, _ digits: Int, _ out: inout TextBuffer) {
        guard digits > 0 else { return }
        out.append(46)
        out.append(decimal: UInt64(time.nanoseconds) / Self.divisors[9 - min(9, digits)], width: digits)
    }

    private static let divisors: [UInt64] = [1, 10, 100, 1000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000]
}
