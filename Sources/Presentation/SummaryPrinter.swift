import Dissection
import Wire

/// How the Time column shows a frame's time: the letters of `-t`.
public enum TimeStyle: String, Sendable, CaseIterable {
    case relative = "r", delta = "d", deltaDisplayed = "dd", epoch = "e"
    case absolute = "a", absoluteWithDate = "ad", absoluteWithDayOfYear = "adoy"
    case utc = "u", utcWithDate = "ud", utcWithDayOfYear = "udoy"
}

/// One line a frame: number, time, source, destination, protocol, length, info.
public struct SummaryPrinter: PacketPrinter {
    public enum Separator: Sendable { case space, tab }

    private let formats: FieldFormats
    private let timeStyle: TimeStyle
    private let separator: Separator
    /// Writes an address as the summary shows it.
    let address: @Sendable (Address, inout TextBuffer) -> Void

    public init(
        _ formats: FieldFormats, timeStyle: TimeStyle = .relative, separator: Separator = .space,
        address: @escaping @Sendable (Address, inout TextBuffer) -> Void = { $1.append($0) }
    ) {
        self.formats = formats
        self.timeStyle = timeStyle
        self.separator = separator
        self.address = address
    }

    public mutating func print(_ frame: borrowing DissectedFrame, _ out: inout TextBuffer) {
        var begin = out.count
        out.append(decimal: frame.info.number)
        out.rightAlign(from: begin, width: 5)
        separate(&out)
        begin = out.count
        appendTime(frame.info, &out)
        out.rightAlign(from: begin, width: 10)
        separate(&out)
        begin = out.count
        address(frame.columns.source, &out)
        out.rightAlign(from: begin, width: 12)
        separate(&out)
        out.append("\u{2192}")
        separate(&out)
        begin = out.count
        address(frame.columns.destination, &out)
        out.append(repeating: 32, count: 12 - (out.count - begin))
        separate(&out)
        out.append(printable: frame.columns.proto.bytes)
        separate(&out)
        out.append(decimal: frame.info.originalByteCount)
        separate(&out)
        out.append(printable: frame.columns.info.bytes)
        out.append(10)
    }

    @inline(__always)
    private func separate(_ out: inout TextBuffer) { out.append(separator == .space ? 32 : 9) }

    func appendTime(_ frame: borrowing FrameInfo, _ out: inout TextBuffer) {
        guard frame.hasTimestamp else { return }
        switch timeStyle {
        case .relative: appendMicroseconds(frame.timeRelative ?? .zero, &out)
        case .delta: appendMicroseconds(frame.timeDelta ?? .zero, &out)
        case .deltaDisplayed: appendMicroseconds(frame.timeDeltaDisplayed ?? .zero, &out)
        case .epoch: appendMicroseconds(frame.timestamp, &out)
        case .absolute, .absoluteWithDate, .absoluteWithDayOfYear:
            appendAbsolute(frame.timestamp, formats.timeZone(frame.timestamp.seconds), &out)
        case .utc, .utcWithDate, .utcWithDayOfYear: appendAbsolute(frame.timestamp, .utc, &out)
        }
    }

    private func appendMicroseconds(_ time: Timestamp, _ out: inout TextBuffer) {
        var time = time
        if time.seconds < 0 {
            out.append(45)
            time = Timestamp.zero - time
        }
        out.append(signed: time.seconds)
        out.append(46)
        out.append(decimal: UInt64(time.nanoseconds / 1000), width: 6)
    }

    private func appendAbsolute(_ time: Timestamp, _ zone: TimeZoneOffset, _ out: inout TextBuffer) {
        let date = CivilTime(time.seconds &+ Int64(zone.secondsEast))
        switch timeStyle {
        case .absoluteWithDate, .utcWithDate:
            out.append(isoDate: date)
            out.append(32)
        case .absoluteWithDayOfYear, .utcWithDayOfYear:
            out.append(dayOfYear: date)
            out.append(32)
        default: break
        }
        out.append(clock: date)
        out.append(46)
        out.append(decimal: UInt64(time.nanoseconds / 1000), width: 6)
    }
}
