import Wire

extension TextBuffer {
    /// Text as it is, but for bytes that are no UTF-8, which become U+FFFD (in ASCII text every byte over 0x7f does).
    mutating func append(validating bytes: ByteView, asciiOnly: Bool) {
        var offset = 0
        while offset < bytes.count {
            let begin = offset
            while offset < bytes.count, bytes[offset] < 0x80 { offset += 1 }
            if offset > begin { append(bytes[begin..<offset]) }
            guard offset < bytes.count else { break }
            let (length, isValid) = asciiOnly ? (1, false) : bytes.scalar(at: offset)
            if isValid { append(bytes[offset..<offset + length]) } else { append("\u{FFFD}") }
            offset += length
        }
    }

    /// Text as the inside of an XML attribute. Tabs and line ends become the spaces that a reader makes of them (XML 1.0,
    /// sections 2.11 and 3.3.3).
    mutating func append(xml bytes: ByteView) {
        append(bytes, classes: xmlClass) { out, byte, next in
            switch byte {
            case 9, 10: out.append(32)
            case 13: if next != 10 { out.append(32) }
            case 38: out.append("&amp;")
            case 60: out.append("&lt;")
            case 62: out.append("&gt;")
            case 34: out.append("&quot;")
            case 39: out.append("&#x27;")
            case 0xc2:
                guard let next, (0x80..<0xa0).contains(next) else { return 0 }
                out.append("&#x")
                out.append(hex: UInt64(next))
                out.append(";")
                return 2
            default:
                out.append("\\x")
                out.append(hex: UInt64(byte))
            }
            return 1
        }
    }

    /// Text as the inside of a JSON string.
    mutating func append(json bytes: ByteView) {
        append(bytes, classes: jsonClass) { out, byte, next in
            switch byte {
            case 34: out.append("\\\"")
            case 92: out.append("\\\\")
            case 8: out.append("\\b")
            case 9: out.append("\\t")
            case 10: out.append("\\n")
            case 12: out.append("\\f")
            case 13: out.append("\\r")
            case 0xc2:
                guard let next, (0x80..<0xa0).contains(next) else { return 0 }
                out.append("\\u")
                out.append(hex: UInt64(next), width: 4)
                return 2
            default:
                out.append("\\u")
                out.append(hex: UInt64(byte), width: 4)
            }
            return 1
        }
    }

    /// Appends text, and `escape`'s output for each byte that `classes` marks. `escape` gets the byte and the next, and
    /// returns how many of them it took; one that it did not take is copied.
    @inline(__always)
    private mutating func append(
        _ bytes: ByteView, classes: [UInt8], _ escape: (inout TextBuffer, UInt8, UInt8?) -> Int
    ) {
        var offset = 0
        var run = 0
        let count = bytes.count
        while offset < count {
            let byte = bytes[offset]
            if classes[Int(byte)] == 0 {
                offset &+= 1
                continue
            }
            append(bytes[run..<offset])
            run = offset
            let taken = escape(&self, byte, offset + 1 < count ? bytes[offset + 1] : nil)
            offset &+= max(1, taken)
            if taken > 0 { run = offset }
        }
        append(bytes[run..<offset])
    }
}

/// 1 for bytes that an XML attribute cannot hold as they are, and for the first byte of the C1 controls in UTF-8.
private let xmlClass: [UInt8] = (0..<256).map { byte in
    switch byte {
    case 38, 60, 62, 34, 39, 0..<32, 127, 0xc2: 1
    default: 0
    }
}

/// The same for a JSON string (RFC 8259, section 7).
private let jsonClass: [UInt8] = (0..<256).map { byte in
    switch byte {
    case 34, 92, 0..<32, 127, 0xc2: 1
    default: 0
    }
}
