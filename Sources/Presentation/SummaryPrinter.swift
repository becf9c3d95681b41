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

    public mutating func print(_ context: borrowing Context, _ out: inout TextBuffer) {
        let frame = context.frame
        column(right: 5, &out) { $0.append(decimal: frame.number) }
        separate(&out)
        column(right: 10, &out) { appendTime(frame, &$0) }
        separate(&out)
        let source = context.columns.source
        column(right: 12, &out) { address(source, &$0) }
        separate(&out)
        out.append("\u{2192}")
        separate(&out)
        let destination = context.columns.destination
        let begin = out.count
        address(destination, &out)
        out.append(repeating: 32, count: 12 - (out.count - begin))
        separate(&out)
        out.append(printable: context.columns.proto.bytes)
        separate(&out)
        out.append(decimal: frame.originalByteCount)
        separate(&out)
        out.append(printable: context.columns.info.bytes)
        out.append(10)
    }

    @inline(__always)
    private func separate(_ out: inout TextBuffer) { out.append(separator == .space ? 32 : 9) }

    private func column(right width: Int, _ out: inout TextBuffer, _ write: (inout TextBuffer) -> Void) {
        let begin = out.count
        write(&out)
        let pad = width - (out.count - begin)
        guard pad > 0 else { return }
        let end = out.count
        out.append(repeating: 32, count: pad)
        out.moveTail(from: end, to: begin)
    }

    func appendTime(_ frame: FrameInfo, _ out: inout TextBuffer) {
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
            out.append(decimal: UInt64(max(0, date.year)), width: 4)
            out.append(47)
            out.append(decimal: UInt64(max(0, date.dayOfYear)), width: 3)
            out.append(32)
        default: break
        }
        out.append(clock: date)
        out.append(46)
        out.append(decimal: UInt64(time.nanoseconds / 1000), width: 6)
    }
}

extension TextBuffer {
    /// `2019-04-22`
    mutating func append(isoDate date: CivilTime) {
        append(decimal: UInt64(max(0, date.year)), width: 4)
        append(45)
        append(decimal: UInt64(date.month), width: 2)
        append(45)
        append(decimal: UInt64(date.day), width: 2)
    }
}
