import Wire

extension TextBuffer {
    /// Bytes as ASCII, lines as they are, and a point for everything that is no printable character.
    mutating func append(followASCII bytes: ByteView) {
        reserve(bytes.count)
        for index in 0..<bytes.count {
            let byte = bytes[index]
            append(byte >= 0x20 && byte < 0x7f || byte == 10 || byte == 13 ? byte : UInt8(ascii: "."))
        }
    }

    /// Bytes as UTF-8, lines as they are: a point for every control character, U+FFFD for what is no UTF-8.
    mutating func append(followUTF8 bytes: ByteView) {
        let text = bytes.withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
        for scalar in text.unicodeScalars {
            switch scalar.properties.generalCategory {
            case _ where scalar.value == 10 || scalar.value == 13: append(UInt8(scalar.value))
            case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate: append(UInt8(ascii: "."))
            default: append(String(scalar))
            }
        }
    }

    /// Bytes as EBCDIC (code page 37), lines as they are, and a point for what is no printable character of ASCII.
    mutating func append(followEBCDIC bytes: ByteView) {
        reserve(bytes.count)
        for index in 0..<bytes.count { append(EBCDIC.ascii(bytes[index])) }
    }

    /// Sixteen bytes a line: offset, hexadecimal, ASCII, each half by itself.
    mutating func append(followDumpOf bytes: ByteView, from start: Int, isIndented: Bool) {
        for offset in stride(from: 0, to: bytes.count, by: 16) {
            let line = bytes[offset..<offset + 16]
            if isIndented { append(9) }
            append(hex: UInt64(truncatingIfNeeded: start &+ offset) & 0xffff_ffff, width: 8, upperCase: true)
            append("  ")
            let begin = count
            append(hexOf: line[0..<8], separator: UInt8(ascii: " "))
            if line.count > 8 {
                append("  ")
                append(hexOf: line[8..<16], separator: UInt8(ascii: " "))
            }
            append(repeating: UInt8(ascii: " "), count: 50 - (count - begin))
            for index in 0..<line.count {
                append(line[index] >= 0x20 && line[index] < 0x7f ? line[index] : UInt8(ascii: "."))
                if index == 7 { append(UInt8(ascii: " ")) }
            }
            // As in tshark, one blank at the end of the line is left out.
            if line.count == 8 || line[line.count - 1] == UInt8(ascii: " ") { truncate(to: count - 1) }
            append(10)
        }
    }

    /// Base64 (RFC 4648, section 4) in lines of 76 characters (RFC 2045, section 6.8).
    mutating func append(base64LinesOf bytes: ByteView, indentedBy blankCount: Int) {
        for offset in stride(from: 0, to: bytes.count, by: 57) {
            append(repeating: UInt8(ascii: " "), count: blankCount)
            let line = bytes[offset..<offset + 57]
            for group in stride(from: 0, to: line.count, by: 3) { append(base64Of: line[group..<group + 3]) }
            append(10)
        }
    }

    /// Up to three bytes as four characters.
    private mutating func append(base64Of group: ByteView) {
        var word: UInt32 = 0
        for index in 0..<3 { word = word << 8 | (index < group.count ? UInt32(group[index]) : 0) }
        for index in 0..<4 {
            append(index <= group.count ? Self.base64Character(UInt8(truncatingIfNeeded: word >> UInt32(18 - 6 * index) & 0x3f)) : UInt8(ascii: "="))
        }
    }

    private static func base64Character(_ value: UInt8) -> UInt8 {
        switch value {
        case 0..<26: UInt8(ascii: "A") + value
        case 26..<52: UInt8(ascii: "a") + (value - 26)
        case 52..<62: UInt8(ascii: "0") + (value - 52)
        case 62: UInt8(ascii: "+")
        default: UInt8(ascii: "/")
        }
    }
}

/// Code page 37.
private enum EBCDIC {
    /// The printable characters of ASCII from 0x40 on; points for the others.
    private static let printable: StaticString = """
         ...........<(+|&.........!$*);^-/.........,%_>?.........`:#@'=".abcdefghi.......jklmnopqr.......~stuvwxyz......^.........[].\
        ...{ABCDEFGHI......}JKLMNOPQR......\\.STUVWXYZ......0123456789......
        """

    static func ascii(_ byte: UInt8) -> UInt8 {
        switch byte {
        case 0x0d: 13
        // NL and LF.
        case 0x15, 0x25: 10
        case ..<0x40: UInt8(ascii: ".")
        default: printable.utf8Start[Int(byte) - 0x40]
        }
    }
}
