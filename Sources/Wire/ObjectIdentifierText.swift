/// Object identifiers: arcs in base 128, the first two in one number (X.690, section 8.19).
public enum ObjectIdentifierText {
    /// The contents octets of an object identifier in dotted form; nil where the text is none.
    public static func contents(_ text: String) -> [UInt8]? {
        let arcs = Array(text.utf8).split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).map(number)
        guard arcs.count >= 2, let first = arcs[0], let second = arcs[1], first < 3, second < (first < 2 ? 40 : UInt64.max - 80) else { return nil }
        var out: [UInt8] = []
        append(first * 40 + second, to: &out)
        for arc in arcs.dropFirst(2) {
            guard let arc else { return nil }
            append(arc, to: &out)
        }
        return out
    }

    private static func number(_ digits: ArraySlice<UInt8>) -> UInt64? {
        guard !digits.isEmpty else { return nil }
        var number: UInt64 = 0
        for digit in digits {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return nil }
            let (product, isTooLarge) = number.multipliedReportingOverflow(by: 10)
            let (sum, carries) = product.addingReportingOverflow(UInt64(digit & 0xf))
            if isTooLarge || carries { return nil }
            number = sum
        }
        return number
    }

    private static func append(_ arc: UInt64, to out: inout [UInt8]) {
        var shift: UInt64 = 63
        while shift > 0, arc >> shift == 0 { shift -= 7 }
        while shift > 0 {
            out.append(UInt8(truncatingIfNeeded: arc >> shift) & 0x7f | 0x80)
            shift -= 7
        }
        out.append(UInt8(truncatingIfNeeded: arc) & 0x7f)
    }
}

extension ByteView {
    /// The arc whose octets begin at `offset`, and where the next one begins. An arc of more than 64 bits, or one that the end
    /// cuts off, has no value.
    func arc(at offset: Int) -> (value: UInt64?, end: Int) {
        var value: UInt64 = 0
        var isTooLarge = false
        for position in offset..<max(offset, count) {
            isTooLarge = isTooLarge || value >> 57 != 0
            value = value << 7 | UInt64(self[position] & 0x7f)
            if self[position] < 0x80 { return (isTooLarge ? nil : value, position + 1) }
        }
        return (nil, count)
    }

    /// Where the arc that begins at `offset` ends.
    public func endOfArc(at offset: Int) -> Int { arc(at: offset).end }
}

extension TextBuffer {
    /// `1.2.840.113549`, from the contents octets of an object identifier. An arc that has no value is a question mark.
    public mutating func append(objectIdentifier bytes: ByteView) {
        guard !bytes.isEmpty else { return }
        let (first, end) = bytes.arc(at: 0)
        if let first {
            let top = min(first / 40, 2)
            append(decimal: top)
            append(46)
            append(decimal: first - top * 40)
        } else {
            append("?")
        }
        append(arcsOf: bytes, from: end)
    }

    /// The arcs from `offset` on, each behind a point.
    public mutating func append(arcsOf bytes: ByteView, from offset: Int) {
        var offset = offset
        while offset < bytes.count {
            let (value, end) = bytes.arc(at: offset)
            append(46)
            if let value { append(decimal: value) } else { append("?") }
            offset = end
        }
    }
}
