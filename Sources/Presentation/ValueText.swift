import Dissection
import Wire

extension FieldFormats {
    /// A value in the form that filters take and that `show` has in PDML.
    public func appendValue(_ item: Item, _ frame: borrowing DissectedFrame, to out: inout TextBuffer) {
        let format = self[item.field]
        switch format.pointee.type {
        case .none, .proto: break
        case .boolean: out.append(item.value != 0 ? "1" : "0")
        case .uint8, .uint16, .uint24, .uint32, .uint40, .uint48, .uint56, .uint64, .frameNumber:
            appendNumber(item.value, format, digits: format.pointee.valueDigits, short: true, to: &out)
        case .int8, .int16, .int24, .int32, .int64: out.append(signed: Int64(bitPattern: item.value))
        case .float: out.append(float: Float(bitPattern: UInt32(truncatingIfNeeded: item.value)))
        case .double: out.append(float: Double(bitPattern: item.value))
        case .absoluteTime: appendTime(item.time, format, to: &out)
        case .relativeTime: out.append(seconds: Int64(bitPattern: item.value))
        case .string, .stringZero:
            out.append(validating: frame.valueBytes(of: item), asciiOnly: item.flags.contains(.ascii))
        case .bytes: out.append(hexOf: frame.valueBytes(of: item), separator: 58)
        case .objectIdentifier: out.append(objectIdentifier: frame.valueBytes(of: item))
        case .ethernet: out.append(ethernet: item.value)
        case .ipv4: out.append(ipv4: UInt32(truncatingIfNeeded: item.value))
        case .ipv6: out.append(ipv6Bytes: frame.valueBytes(of: item))
        case .eui64: out.append(eui64: item.value)
        }
    }

    func appendNumber(_ value: UInt64, _ format: UnsafePointer<FieldFormat>, digits: Int, short: Bool, to out: inout TextBuffer) {
        switch format.pointee.base {
        case .hex:
            out.append("0x")
            out.append(hex: value, width: digits)
        case .hexDecimal:
            out.append("0x")
            out.append(hex: value, width: digits)
            if short { return }
            out.append(" (")
            out.append(decimal: value)
            out.append(")")
        case .decimalHex:
            out.append(decimal: value)
            if short { return }
            out.append(" (0x")
            out.append(hex: value, width: digits)
            out.append(")")
        case .octal:
            out.append("0")
            out.append(octal: value)
        default: out.append(decimal: value)
        }
    }

    func appendTime(_ time: Timestamp, _ format: UnsafePointer<FieldFormat>, to out: inout TextBuffer) {
        let zone = format.pointee.base == .utc ? TimeZoneOffset.utc : timeZone(time.seconds)
        out.append(date: time, zone)
    }
}

extension TextBuffer {
    mutating func append(octal value: UInt64) {
        var shift = max(0, (63 - value.leadingZeroBitCount) / 3 * 3)
        if value == 0 { shift = 0 }
        while shift >= 0 {
            append(48 + (UInt8(truncatingIfNeeded: value >> UInt64(shift)) & 7))
            shift -= 3
        }
    }

    /// A number with a fraction, to as many digits as tell it from its neighbours.
    mutating func append(float value: some BinaryFloatingPoint & LosslessStringConvertible) {
        if let whole = Int64(exactly: value), whole.magnitude < 1_000_000_000_000_000 {
            append(signed: whole)
        } else {
            append("\(value)")
        }
    }

    /// A span in seconds with nine decimals.
    mutating func append(seconds nanoseconds: Int64) {
        let magnitude = nanoseconds.magnitude
        if nanoseconds < 0 { append(45) }
        append(decimal: magnitude / 1_000_000_000)
        append(46)
        append(decimal: magnitude % 1_000_000_000, width: 9)
    }

    mutating func append(ipv6Bytes bytes: ByteView) {
        guard bytes.count >= 16 else { return }
        append(ipv6: bytes.uint64(0), bytes.uint64(8))
    }

    /// `Apr 22, 2019 15:23:18.737752000 UTC`
    mutating func append(date time: Timestamp, _ zone: TimeZoneOffset) {
        let date = CivilTime(time.seconds &+ Int64(zone.secondsEast))
        append(monthNames[Int(date.month) - 1])
        append(32)
        if date.day < 10 { append(32) }
        append(decimal: Int(date.day))
        append(", ")
        append(decimal: Int(date.year))
        append(32)
        append(clock: date)
        append(46)
        append(decimal: UInt64(time.nanoseconds), width: 9)
        append(32)
        append(zone.name)
    }
}

private let monthNames: [StaticString] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
