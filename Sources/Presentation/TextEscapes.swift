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
        append(bytes, plain: { $0.endOfXMLText(from: $1) }) { out, byte, next in
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
        append(bytes, plain: { $0.endOfJSONText(from: $1) }) { out, byte, next in
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

    /// Appends text, and `escape`'s output for each byte at which `plain` ends a run. `escape` gets the byte and the next, and
    /// returns how many of them it took; one that it did not take is copied.
    @inline(__always)
    private mutating func append(
        _ bytes: ByteView, plain: (ByteView, Int) -> Int, _ escape: (inout TextBuffer, UInt8, UInt8?) -> Int
    ) {
        var offset = 0
        while offset < bytes.count {
            let end = plain(bytes, offset)
            append(bytes[offset..<end])
            guard end < bytes.count else { return }
            let taken = escape(&self, bytes[end], end + 1 < bytes.count ? bytes[end + 1] : nil)
            if taken == 0 { append(bytes[end]) }
            offset = end + max(1, taken)
        }
    }
}

extension String {
    /// The text as the inside of a JSON string.
    var escapedForJSON: String { written { $0.append(json: $1) } }

    /// The text as the inside of an XML attribute.
    var escapedForXML: String { written { $0.append(xml: $1) } }

    private func written(_ write: (inout TextBuffer, ByteView) -> Void) -> String {
        var out = TextBuffer(capacity: utf8.count)
        Array(utf8).withUnsafeBytes { write(&out, ByteView($0)) }
        return out.string
    }
}
