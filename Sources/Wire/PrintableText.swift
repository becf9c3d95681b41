extension TextBuffer {
    /// Text for people: control characters and those that cannot be seen as escapes, bytes that are no UTF-8 as U+FFFD.
    /// - Parameter isLenient: whether sequences that are longer than need be count as the characters that they stand for.
    public mutating func append(printable bytes: ByteView, isLenient: Bool = false) {
        var offset = 0
        while offset < bytes.count {
            let byte = bytes[offset]
            let end = bytes.endOfPlainText(from: offset)
            if end > offset {
                append(bytes[offset..<end])
                offset = end
            } else if byte < 0x80 {
                append(escaped: byte)
                offset += 1
            } else {
                let (length, isValid) = isLenient ? bytes.lenientScalar(at: offset) : bytes.scalar(at: offset)
                if isValid, let scalar = Unicode.Scalar(bytes.scalarValue(at: offset, length)) {
                    append(printable: scalar)
                } else {
                    append("\u{FFFD}")
                }
                offset += length
            }
        }
    }

    /// One character, or its number if it steers what shows it, has no shape of its own, or is none.
    private mutating func append(printable scalar: Unicode.Scalar) {
        guard scalar.hasShape else {
            append(scalar.value > 0xffff ? "\\U" : "\\u")
            return append(hex: UInt64(scalar.value), width: scalar.value > 0xffff ? 8 : 4, upperCase: true)
        }
        for unit in scalar.utf8 { append(unit) }
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

extension Unicode.Scalar {
    fileprivate var hasShape: Bool {
        switch properties.generalCategory {
        case .control, .format, .unassigned, .surrogate: return false
        default: return true
        }
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

    /// The same, for sequences of up to six bytes (RFC 2279) that may be longer than their character needs.
    public func lenientScalar(at offset: Int) -> (byteCount: Int, isValid: Bool) {
        let rest: Int
        switch self[offset] {
        case 0..<0x80: return (1, true)
        case 0xc0...0xdf: rest = 1
        case 0xe0...0xef: rest = 2
        case 0xf0...0xf7: rest = 3
        case 0xf8...0xfb: rest = 4
        case 0xfc...0xfd: rest = 5
        default: return (1, false)
        }
        for distance in 1...rest {
            guard offset + distance < count, self[offset + distance] & 0xc0 == 0x80 else { return (distance, false) }
        }
        return (rest + 1, true)
    }

    /// The number of the character whose sequence of `length` bytes stands at `offset`.
    func scalarValue(at offset: Int, _ length: Int) -> UInt32 {
        guard length > 1 else { return UInt32(self[offset]) }
        var value = UInt32(self[offset]) & (0x7f >> UInt32(length))
        for index in 1..<length { value = value << 6 | UInt32(self[offset + index] & 0x3f) }
        return value
    }
}

extension ByteView {
    /// Whether all bytes are ASCII characters that can be seen, or blanks.
    public var isPlainASCII: Bool {
        var odd: UInt64 = 0
        var offset = 0
        while offset &+ 8 <= count {
            let word = load(offset, as: UInt64.self)
            odd |= (word &- 0x2020_2020_2020_2020) | (word &+ 0x0101_0101_0101_0101) | word
            offset &+= 8
        }
        guard odd & 0x8080_8080_8080_8080 == 0 else { return false }
        while offset < count, self[offset] &- 0x20 < 0x5f { offset &+= 1 }
        return offset == count
    }

    /// Whether sixteen bytes that are there are printable ASCII.
    @inline(__always)
    private func isPlain(sixteenFrom offset: Int) -> Bool {
        // What is no printable ASCII comes to stand above the rest, and has the high bit then.
        let part = base.loadUnaligned(fromByteOffset: offset, as: SIMD16<UInt8>.self) &- 0x20
        let odd = unsafeBitCast(part | (part &+ 0x21), to: SIMD2<UInt64>.self)
        return (odd[0] | odd[1]) & 0x8080_8080_8080_8080 == 0
    }

    /// Where the run of text that begins at `offset` and is shown as it is ends: printable ASCII, and the arrow that stands in
    /// most summary lines, for which a look at its Unicode category would cost more than the rest of the line.
    func endOfPlainText(from offset: Int) -> Int {
        var end = offset
        while true {
            while end &+ 16 <= count, isPlain(sixteenFrom: end) { end &+= 16 }
            while end < count {
                // A byte below 0x20 borrows into its high bit, 0x7f carries into it, and others past ASCII have it.
                let word = word(from: end)
                let odd = ((word &- 0x2020_2020_2020_2020) | (word &+ 0x0101_0101_0101_0101) | word) & 0x8080_8080_8080_8080
                // Below the first odd byte nothing has borrowed or carried.
                end &+= odd.trailingZeroBitCount >> 3
                if odd != 0 { break }
            }
            if end >= count { return count }
            guard end &+ 3 <= count, self[end] == 0xe2, self[end &+ 1] == 0x86, self[end &+ 2] == 0x92 else { return end }
            end &+= 3
        }
    }
}

/// Where runs of text end that output formats take as they are.
extension ByteView {
    /// Up to a byte that an XML attribute cannot hold, or the first byte of what may be a C1 control in UTF-8.
    public func endOfXMLText(from offset: Int) -> Int { endOfRun(from: offset, XMLSpecials.self) }

    /// Up to a byte that a JSON string cannot hold (RFC 8259, section 7), or the first byte of what may be a C1 control in UTF-8.
    public func endOfJSONText(from offset: Int) -> Int { endOfRun(from: offset, JSONSpecials.self) }

    @inline(__always)
    private func endOfRun<S: SpecialBytes>(from offset: Int, _: S.Type) -> Int {
        var end = offset
        while end &+ 16 <= count {
            let found = unsafeBitCast(S.find(in: base.loadUnaligned(fromByteOffset: end, as: SIMD16<UInt8>.self)), to: SIMD2<UInt64>.self)
            if found[0] | found[1] != 0 { break }
            end &+= 16
        }
        while end < count {
            let found = S.find(in: word(from: end))
            end &+= found.trailingZeroBitCount >> 3
            if found != 0 { break }
        }
        // Zeros past the end are special.
        return min(end, count)
    }
}

/// The bytes at which a run of text ends, in the lanes in which they are sought.
private protocol SpecialBytes {
    static func find<Lanes: ByteLanes>(in lanes: Lanes) -> Lanes
}

private enum XMLSpecials: SpecialBytes {
    @inline(__always)
    static func find<Lanes: ByteLanes>(in lanes: Lanes) -> Lanes {
        // The low bit tells & from ', the next one < from >.
        lanes.belowSpace | lanes.equal(34) | lanes.equal(39, ignoring: 1) | lanes.equal(62, ignoring: 2) | lanes.equal(127) | lanes.equal(0xc2)
    }
}

private enum JSONSpecials: SpecialBytes {
    @inline(__always)
    static func find<Lanes: ByteLanes>(in lanes: Lanes) -> Lanes {
        lanes.belowSpace | lanes.equal(34) | lanes.equal(92) | lanes.equal(127) | lanes.equal(0xc2)
    }
}

/// Bytes side by side. What is found has a high bit set in the first lane that it is found in, and none in lanes before.
private protocol ByteLanes {
    /// Finds a byte, whatever its bits `ignoring` are; those are set in `byte`.
    func equal(_ byte: UInt8, ignoring bits: UInt8) -> Self
    var belowSpace: Self { get }
    static func | (_: Self, _: Self) -> Self
}

extension ByteLanes {
    @inline(__always)
    func equal(_ byte: UInt8) -> Self { equal(byte, ignoring: 0) }
}

/// A byte that is sought becomes zero, and the lowest zero byte is the first to borrow into its high bit.
extension UInt64: ByteLanes {
    @inline(__always)
    private static func all(_ byte: UInt8) -> UInt64 { UInt64(byte) &* 0x0101_0101_0101_0101 }
    @inline(__always)
    fileprivate func equal(_ byte: UInt8, ignoring bits: UInt8) -> UInt64 {
        let difference = (self | Self.all(bits)) ^ Self.all(byte)
        return (difference &- Self.all(1)) & ~difference & Self.all(0x80)
    }
    @inline(__always)
    fileprivate var belowSpace: UInt64 { (self &- Self.all(32)) & ~self & Self.all(0x80) }
}

extension SIMD16<UInt8>: ByteLanes {
    @inline(__always)
    fileprivate func equal(_ byte: UInt8, ignoring bits: UInt8) -> SIMD16<UInt8> {
        unsafeBitCast((self | bits) .== SIMD16(repeating: byte), to: SIMD16<UInt8>.self)
    }
    @inline(__always)
    fileprivate var belowSpace: SIMD16<UInt8> { unsafeBitCast(self .< SIMD16(repeating: 32), to: SIMD16<UInt8>.self) }
}
