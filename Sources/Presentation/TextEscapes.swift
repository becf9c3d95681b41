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
            let length = asciiOnly ? 0 : bytes.scalarLength(at: offset)
            if length == 0 {
                append("\u{FFFD}")
                offset += 1
            } else {
                append(bytes[offset..<offset + length])
                offset += length
            }
        }
    }

    /// Bytes `begin...` of this buffer rewritten as XML attribute text.
    mutating func append(xml bytes: ByteView) {
        var offset = 0
        var run = 0
        let count = bytes.count
        while offset < count {
            let byte = bytes[offset]
            if xmlClass[Int(byte)] == 0 {
                offset &+= 1
                continue
            }
            append(bytes[run..<offset])
            switch byte {
            case 38: append("&amp;")
            case 60: append("&lt;")
            case 62: append("&gt;")
            case 34: append("&quot;")
            case 39: append("&#x27;")
            default:
                append("\\x")
                append(hex: UInt64(byte))
            }
            offset &+= 1
            run = offset
        }
        append(bytes[run..<offset])
    }

    /// Text as the inside of a JSON string.
    mutating func append(json bytes: ByteView) {
        var offset = 0
        var run = 0
        let count = bytes.count
        while offset < count {
            let byte = bytes[offset]
            if byte >= 0x20, byte != 34, byte != 92, byte != 0x7f {
                offset &+= 1
                continue
            }
            append(bytes[run..<offset])
            switch byte {
            case 34: append("\\\"")
            case 92: append("\\\\")
            case 8: append("\\b")
            case 9: append("\\t")
            case 10: append("\\n")
            case 12: append("\\f")
            case 13: append("\\r")
            default:
                append("\\u")
                append(hex: UInt64(byte), width: 4)
            }
            offset &+= 1
            run = offset
        }
        append(bytes[run..<offset])
    }
}

/// 1 for bytes that an XML attribute cannot hold as they are.
private let xmlClass: [UInt8] = (0..<256).map { byte in
    switch byte {
    case 38, 60, 62, 34, 39: 1
    case 9, 10, 13: 0
    case 0..<32, 127: 1
    default: 0
    }
}
