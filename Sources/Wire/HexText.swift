extension TextBuffer {
    /// Two lower-case hexadecimal digits a byte, with `separator` between bytes unless it is zero.
    public mutating func append(hexOf bytes: ByteView, separator: UInt8 = 0) {
        guard bytes.count > 0 else { return }
        // The last byte's store may reach one byte further than its digits.
        reserve(bytes.count &* 3 &+ 4)
        var out = UnsafeMutableRawPointer(base + length)
        let begin = out
        var index = 0
        if separator == 0 {
            while index &+ 8 <= bytes.count {
                let part = bytes.base.loadUnaligned(fromByteOffset: index, as: SIMD8<UInt8>.self)
                out.storeBytes(of: HexDigits.digits(part), as: SIMD8<UInt16>.self)
                out += 16
                index &+= 8
            }
            if index &+ 4 <= bytes.count {
                let part = bytes.base.loadUnaligned(fromByteOffset: index, as: UInt32.self).littleEndian
                out.storeBytes(of: HexDigits.digits(part).littleEndian, as: UInt64.self)
                out += 8
                index &+= 4
            }
            while index < bytes.count {
                out.storeBytes(of: HexDigits.pair(bytes.base.load(fromByteOffset: index, as: UInt8.self)).littleEndian, as: UInt16.self)
                out += 2
                index &+= 1
            }
        } else {
            let tail = UInt32(separator) << 16
            while index &+ 8 <= bytes.count {
                let digits = HexDigits.digits(bytes.base.loadUnaligned(fromByteOffset: index, as: SIMD8<UInt8>.self))
                for column in 0..<8 {
                    out.storeBytes(of: (UInt32(digits[column]) | tail).littleEndian, toByteOffset: column &* 3, as: UInt32.self)
                }
                out += 24
                index &+= 8
            }
            while index < bytes.count {
                let pair = UInt32(HexDigits.pair(bytes.base.load(fromByteOffset: index, as: UInt8.self)))
                out.storeBytes(of: (pair | tail).littleEndian, as: UInt32.self)
                out += 3
                index &+= 1
            }
            out -= 1
        }
        length &+= out - begin
    }

    /// How the bytes of a dump are shown as text.
    public enum DumpText: Sendable { case plain, delimited, none }

    /// Sixteen bytes a line: offset, hexadecimal, ASCII.
    public mutating func append(dumpOf bytes: ByteView, text: DumpText = .plain) {
        // At least four digits, and as many as the last offset needs: no frame has more bytes than eight can count.
        let offsetDigits = min(8, max(4, (67 - UInt64(max(1, bytes.count - 1)).leadingZeroBitCount) / 4))
        var offset = 0
        while offset < bytes.count {
            append(hexDigits: UInt32(truncatingIfNeeded: offset), count: offsetDigits)
            append("  ")
            let line = bytes[offset..<offset + 16]
            append(dumpLineOf: line)
            if text != .plain { changeText(text, byteCount: line.count) }
            offset += 16
        }
    }

    /// Takes the text of so many bytes from the end of a line of a dump, or puts it between bars.
    private mutating func changeText(_ text: DumpText, byteCount: Int) {
        truncate(to: length - 1)
        let begin = length - byteCount
        if text == .delimited {
            append("|")
            moveTail(from: length - 1, to: begin)
            append("|")
        } else {
            truncate(to: begin)
        }
        append(10)
    }

    /// Up to sixteen bytes in hexadecimal, as many columns as sixteen take, and as text.
    @inline(__always)
    private mutating func append(dumpLineOf bytes: ByteView) {
        let textColumn = 3 * 16 + 2
        reserve(textColumn + 16 + 1)
        let line = UnsafeMutableRawPointer(base + length)
        length &+= textColumn + bytes.count + 1
        let blanks = SIMD32<UInt8>(repeating: 32)
        line.storeBytes(of: blanks, as: SIMD32<UInt8>.self)
        line.storeBytes(of: blanks, toByteOffset: textColumn - 32, as: SIMD32<UInt8>.self)
        if bytes.count == 16 {
            for column in 0..<16 { Self.storePair(of: bytes.base, column, line) }
            for column in stride(from: 0, to: 16, by: 8) {
                let text = Self.pointsForUnprintable(bytes.base.loadUnaligned(fromByteOffset: column, as: UInt64.self))
                line.storeBytes(of: text, toByteOffset: textColumn &+ column, as: UInt64.self)
            }
        } else {
            for column in 0..<bytes.count {
                Self.storePair(of: bytes.base, column, line)
                let byte = bytes.base.load(fromByteOffset: column, as: UInt8.self)
                line.storeBytes(of: byte &- 0x20 < 0x5f ? byte : 46, toByteOffset: textColumn &+ column, as: UInt8.self)
            }
        }
        line.storeBytes(of: 10, toByteOffset: textColumn &+ bytes.count, as: UInt8.self)
    }

    /// Writes the digits of the byte that stands in a column into a line that is blank there.
    @inline(__always)
    private static func storePair(of bytes: UnsafeRawPointer, _ column: Int, _ line: UnsafeMutableRawPointer) {
        let pair = HexDigits.pair(bytes.load(fromByteOffset: column, as: UInt8.self))
        line.storeBytes(of: pair.littleEndian, toByteOffset: column &* 3, as: UInt16.self)
    }

    /// Eight bytes as text: a point for each that is no printable ASCII.
    @inline(__always)
    private static func pointsForUnprintable(_ word: UInt64) -> UInt64 {
        let low = word & 0x7f7f_7f7f_7f7f_7f7f
        // Within seven bits nothing carries into the next byte: too small, 0x7f, or no ASCII at all.
        let isPrintable = (low &+ 0x6060_6060_6060_6060) & ~(low &+ 0x0101_0101_0101_0101) & ~word & 0x8080_8080_8080_8080
        let kept = (isPrintable &>> 7) &* 0xff
        return word & kept | 0x2e2e_2e2e_2e2e_2e2e & ~kept
    }
}

/// Bytes as hexadecimal text.
enum HexDigits {
    /// The two lower-case digits of each byte.
    @inline(__always)
    static var pairs: UnsafeRawPointer {
        let text: StaticString = """
        000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f\
        404142434445464748494a4b4c4d4e4f505152535455565758595a5b5c5d5e5f606162636465666768696a6b6c6d6e6f707172737475767778797a7b7c7d7e7f\
        808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9fa0a1a2a3a4a5a6a7a8a9aaabacadaeafb0b1b2b3b4b5b6b7b8b9babbbcbdbebf\
        c0c1c2c3c4c5c6c7c8c9cacbcccdcecfd0d1d2d3d4d5d6d7d8d9dadbdcdddedfe0e1e2e3e4e5e6e7e8e9eaebecedeeeff0f1f2f3f4f5f6f7f8f9fafbfcfdfeff
        """
        return UnsafeRawPointer(text.utf8Start)
    }

    /// The two digits of a byte, the high one in the low half.
    @inline(__always)
    static func pair(_ byte: UInt8) -> UInt16 { pairs.loadUnaligned(fromByteOffset: Int(byte) &* 2, as: UInt16.self).littleEndian }

    /// The sixteen digits of eight bytes: of each byte both in one number, the first one lowest.
    @inline(__always)
    static func digits(_ bytes: SIMD8<UInt8>) -> SIMD8<UInt16> {
        let words = SIMD8<UInt16>(truncatingIfNeeded: bytes)
        let nibbles = ((words &>> 4) | (words &<< 8)) & 0x0f0f
        // Six more carry into the next nibble from ten on: those are letters.
        let letters = ((nibbles &+ 0x0606) &>> 4) & 0x0101
        return nibbles &+ 0x3030 &+ letters &* 39
    }

    /// The eight digits of four bytes, the first byte and the first digit lowest.
    @inline(__always)
    static func digits(_ bytes: UInt32) -> UInt64 {
        var word = UInt64(bytes)
        word = (word | word &<< 16) & 0x0000_ffff_0000_ffff
        word = (word | word &<< 8) & 0x00ff_00ff_00ff_00ff
        let nibbles = (word &>> 4) & 0x000f_000f_000f_000f | (word & 0x000f_000f_000f_000f) &<< 8
        let letters = ((nibbles &+ 0x0606_0606_0606_0606) &>> 4) & 0x0101_0101_0101_0101
        return nibbles &+ 0x3030_3030_3030_3030 &+ letters &* 39
    }
}
