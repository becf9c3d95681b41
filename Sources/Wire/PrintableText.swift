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
                let length = bytes.scalarLength(at: offset)
                if length == 0 {
                    append("\u{FFFD}")
                } else if bytes.isControlScalar(at: offset, length: length) {
                    for index in offset..<offset + length { append(octal: bytes[index]) }
                } else {
                    append(bytes[offset..<offset + length])
                }
                offset += max(length, 1)
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
    /// Bytes of the UTF-8 sequence of one scalar value at `offset`, or 0 if there is none (RFC 3629).
    public func scalarLength(at offset: Int) -> Int {
        let first = self[offset]
        func continues(_ distance: Int, _ range: ClosedRange<UInt8> = 0x80...0xbf) -> Bool {
            offset + distance < count && range.contains(self[offset + distance])
        }
        switch first {
        case 0..<0x80: return 1
        case 0xc2...0xdf: return continues(1) ? 2 : 0
        case 0xe0: return continues(1, 0xa0...0xbf) && continues(2) ? 3 : 0
        case 0xed: return continues(1, 0x80...0x9f) && continues(2) ? 3 : 0
        case 0xe1...0xef: return continues(1) && continues(2) ? 3 : 0
        case 0xf0: return continues(1, 0x90...0xbf) && continues(2) && continues(3) ? 4 : 0
        case 0xf1...0xf3: return continues(1) && continues(2) && continues(3) ? 4 : 0
        case 0xf4: return continues(1, 0x80...0x8f) && continues(2) && continues(3) ? 4 : 0
        default: return 0
        }
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
        while end &+ 8 <= count {
            // A byte below 0x20 borrows into its high bit, 0x7f carries into it, and others past ASCII have it.
            let word = load(end, as: UInt64.self)
            let odd = (word &- 0x2020_2020_2020_2020) | (word &+ 0x0101_0101_0101_0101) | word
            guard odd & 0x8080_8080_8080_8080 == 0 else { break }
            end &+= 8
        }
        while end < count, self[end] &- 0x20 < 0x5f { end &+= 1 }
        return end
    }
}
