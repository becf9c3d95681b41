import Dissection
import Wire

extension ASN1Decoder {
    /// UTCTime (X.680, section 47): `YYMMDDhhmm`, seconds, and `Z` or how far the zone is from UTC. Shown as text.
    func utcTime(_ field: FieldID, _ contents: Reader, _ context: inout Context) {
        let bytes = contents.capturedBytes
        if let problem = UTCTimeText.problem(bytes) {
            context.string(field, contents, contents.start, bytes.count, flags: .ascii)
            context.open()
            context.complain(ber.badUTCTime, contents, contents.start, bytes.count) {
                $0.append("BER Error: ")
                $0.append(problem)
                if bytes.count < 10 { $0.append(decimal: bytes.count) }
            }
            context.close()
            return
        }
        _ = context.addText(field, contents, contents.start, bytes.count) { UTCTimeText.append(bytes, to: &$0) }
    }

    /// GeneralizedTime (X.680, section 46): `YYYYMMDDhhmm`, seconds, a fraction, and a zone; UTC where it says none.
    func generalizedTime(_ field: FieldID, _ value: ASN1Value, _ context: inout Context) {
        let contents = value.contents
        let bytes = contents.capturedBytes
        guard bytes.count >= 12 else {
            let lengthCount = value.isImplicit ? 0 : 1
            return context.complain(ber.badLength, contents, contents.start - lengthCount, lengthCount) {
                $0.append("BER Error: GeneralizedTime invalid length: ")
                $0.append(decimal: bytes.count)
            }
        }
        guard let time = GeneralizedTimeText.time(bytes) else {
            return context.complain(ber.badGeneralizedTime, contents, contents.start, bytes.count) {
                $0.append("BER Error: GeneralizedTime invalid format: ")
                $0.append(bytes)
            }
        }
        if time.nanoseconds == 0 {
            context.add(field, contents, contents.start, bytes.count, value: UInt64(bitPattern: time.seconds), flags: .wholeSeconds)
        } else {
            context.add(field, contents, contents.start, bytes.count, value: UInt64(bitPattern: time.totalNanoseconds))
        }
    }
}

private enum UTCTimeText {
    /// What is wrong with a text as a UTCTime.
    static func problem(_ bytes: ByteView) -> StaticString? {
        guard bytes.count >= 10 else { return "UTCTime invalid length: " }
        guard bytes.hasDigits(0..<10) else {
            return "malformed UTCTime encoding, first 10 octets have to contain YYMMDDhhmm in digits"
        }
        var offset = 10
        if bytes.hasDigits(10..<11) {
            guard bytes.hasDigits(10..<12) else {
                return "malformed UTCTime encoding, if 11th octet is a digit for seconds, the 12th octet has to be a digit, too"
            }
            offset = 12
        }
        switch offset < bytes.count ? bytes[offset] : 0 {
        case 90:
            return offset + 1 == bytes.count ? nil : "malformed UTCTime encoding, there must be no further octets after \'Z\'"
        case 43, 45:
            return bytes.hasDigits(offset + 1..<offset + 5) && offset + 5 == bytes.count
                ? nil : "malformed UTCTime encoding, 4 digits must follow on \'+\' resp. \'-\'"
        default:
            return offset == 12
                ? "malformed UTCTime encoding, unexpected character in 13th octet, must be \'Z\', \'+\' or \'-\'"
                : "malformed UTCTime encoding, unexpected character in 11th octet, must be \'Z\', \'+\' or \'-\'"
        }
    }

    /// `2020-01-02 03:04:05 (UTC+0130)`. Years from 50 on are of the century before (RFC 5280, section 4.1.2.5.1).
    static func append(_ bytes: ByteView, to text: inout TextBuffer) {
        let hasSeconds = bytes.hasDigits(10..<12)
        text.append(bytes[0] < 53 ? "20" : "19")
        for index in 0..<(hasSeconds ? 6 : 5) {
            switch index {
            case 0: break
            case 1, 2: text.append("-")
            case 3: text.append(" ")
            default: text.append(":")
            }
            text.append(bytes[index * 2..<index * 2 + 2])
        }
        text.append(" (UTC")
        let zone = hasSeconds ? 12 : 10
        if bytes[zone] != 90 { text.append(bytes[zone..<zone + 5]) }
        text.append(")")
    }
}

private enum GeneralizedTimeText {
    static func time(_ bytes: ByteView) -> Timestamp? {
        guard bytes.hasDigits(0..<12) else { return nil }
        let hasSeconds = bytes.hasDigits(12..<14)
        let second = hasSeconds ? bytes.number(12..<14) : 0
        let (month, day, hour, minute) = (bytes.number(4..<6), bytes.number(6..<8), bytes.number(8..<10), bytes.number(10..<12))
        guard (1...12).contains(month), (1...31).contains(day), hour < 24, minute < 60, second <= 60 else { return nil }
        var seconds = days(year: bytes.number(0..<4), month: month, day: day) * 86400 + hour * 3600 + minute * 60 + second
        var offset = hasSeconds ? 14 : 12
        var nanoseconds = 0
        if offset < bytes.count, bytes[offset] == 46 || bytes[offset] == 44 { (nanoseconds, offset) = fraction(bytes, offset + 1) }
        if offset + 5 <= bytes.count, bytes[offset] == 43 || bytes[offset] == 45, bytes.hasDigits(offset + 1..<offset + 5) {
            let zone = bytes.number(offset + 1..<offset + 3) * 3600 + bytes.number(offset + 3..<offset + 5) * 60
            seconds += bytes[offset] == 43 ? -zone : zone
        }
        return Timestamp(seconds: Int64(seconds), nanoseconds: Int32(nanoseconds))
    }

    /// Digits of a second's fraction, as far as they tell nanoseconds.
    private static func fraction(_ bytes: ByteView, _ begin: Int) -> (nanoseconds: Int, end: Int) {
        var (value, unit, offset) = (0, 100_000_000, begin)
        while bytes.hasDigits(offset..<offset + 1) {
            value += bytes.number(offset..<offset + 1) * unit
            unit /= 10
            offset += 1
        }
        return (value, offset)
    }

    /// Days from 1970-01-01 in the Gregorian calendar.
    private static func days(year: Int, month: Int, day: Int) -> Int {
        // Years that begin in March, so that the leap day ends one.
        let (year, month) = month > 2 ? (year, month - 3) : (year - 1, month + 9)
        return 365 * year + year.quotientDown(4) - year.quotientDown(100) + year.quotientDown(400) + (153 * month + 2) / 5 + day - 1 - 719_468
    }
}

extension Int {
    fileprivate func quotientDown(_ divisor: Int) -> Int { self >= 0 ? self / divisor : (self - divisor + 1) / divisor }
}

extension ByteView {
    fileprivate func hasDigits(_ range: Range<Int>) -> Bool {
        range.upperBound <= count && range.allSatisfy { (48...57).contains(self[$0]) }
    }

    /// The number that some digits write.
    fileprivate func number(_ range: Range<Int>) -> Int { range.reduce(0) { $0 * 10 + Int(self[$1]) - 48 } }
}
