extension TextBuffer {
    /// Text for people: control characters as escapes, bytes that are no UTF-8 as U+FFFD.
    public mutating func append(printable bytes: ByteView) {
        var offset = 0
        while offset < bytes.count {
            let byte = bytes[offset]
            if byte >= 0x20, byte < 0x7f {
                let end = bytes.endOfPlainText(from: offset)
                append(bytes[offset..<end])
                offset = end
            } else if byte < 0x80 {
                append(escaped: byte)
                offset += 1
            } else {
                let (length, isValid) = bytes.scalar(at: offset)
                if !isValid {
                    append("\u{FFFD}")
                } else if bytes.isControlScalar(at: offset, length: length) {
                    for index in offset..<offset + length { append(octal: bytes[index]) }
                } else {
                    append(bytes[offset..<offset + length])
                }
                offset += length
            }
        }
    }

    private mutating func append(escaped byte: UInt8) {
        switch byte {
        case 7: append("\\a")
        case 8: append("\\b")
        case 9: append("\\t")
        case 10: append("\\n")
        case 11: append("\\v")
        case 12: append("\\f")
        case 13: append("\\r")
        default: append(octal: byte)
        }
    }

    private mutating func append(octal byte: UInt8) {
        append(92)
        append(48 + (byte >> 6))
        append(48 + (byte >> 3 & 7))
        append(48 + (byte & 7))
    }
}

extension ByteView {
    /// Bytes of the UTF-8 sequence of one scalar value at `offset` (RFC 3629), and whether it is whole; if not, of its part that
    /// could begin one, at least one byte.
    public func scalar(at offset: Int) -> (byteCount: Int, isValid: Bool) {
        let first = self[offset]
        let rest: Int
        var second: ClosedRange<UInt8> = 0x80...0xbf
        switch first {
        case 0..<0x80: return (1, true)
        case 0xc2...0xdf: rest = 1
        case 0xe0: (rest, second) = (2, 0xa0...0xbf)
        case 0xed: (rest, second) = (2, 0x80...0x9f)
        case 0xe1...0xef: rest = 2
        case 0xf0: (rest, second) = (3, 0x90...0xbf)
        case 0xf1...0xf3: rest = 3
        case 0xf4: (rest, second) = (3, 0x80...0x8f)
        default: return (1, false)
        }
        for distance in 1...rest {
            let range = distance == 1 ? second : 0x80...0xbf
            guard offset + distance < count, range.contains(self[offset + distance]) else { return (distance, false) }
        }
        return (rest + 1, true)
    }

    /// Whether the scalar is one that steers a terminal: the C1 controls, and marks that reorder text.
    public func isControlScalar(at offset: Int, length: Int) -> Bool {
        let first = self[offset]
        if length == 2, first == 0xc2 { return self[offset + 1] < 0xa0 }
        guard length == 3, first == 0xe2 else { return false }
        let rest = (self[offset + 1], self[offset + 2])
        // U+200B...U+200F, U+2028...U+202E, U+2060...U+206F.
        return rest.0 == 0x80 && (0x8b...0x8f ~= rest.1 || 0xa8...0xae ~= rest.1) || rest.0 == 0x81 && 0xa0...0xaf ~= rest.1
    }
}

extension ByteView {
    /// Where the run of printable ASCII that begins at `offset` ends.
    func endOfPlainText(from offset: Int) -> Int {
        var end = offset
        while end &+ 16 <= count {
            let piece = load(end, as: SIMD16<UInt8>.self)
            guard all((piece &- 0x20) .< 0x5f) else { break }
            end &+= 16
        }
        while end < count, self[end] &- 0x20 < 0x5f { end &+= 1 }
        return end
    }
}
