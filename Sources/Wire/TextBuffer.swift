/// A growing buffer of output bytes (UTF-8 text), reused from one use to the next.
///
/// ## Safety
/// The buffer owns `base` alone (it is not copyable), never hands the pointer out past a call, and every write goes
/// through `reserve`, which makes room first; `count <= capacity` holds throughout.
public struct TextBuffer: ~Copyable {
    @usableFromInline var base: UnsafeMutablePointer<UInt8>
    @usableFromInline var capacity: Int
    @usableFromInline var length: Int
    @inlinable public var count: Int { length }

    public init(capacity: Int = 4096) {
        self.capacity = max(capacity, 64)
        self.base = .allocate(capacity: self.capacity)
        self.length = 0
    }

    deinit { base.deallocate() }

    @inlinable public var isEmpty: Bool { count == 0 }

    /// Makes room for `extra` more bytes.
    @inlinable @inline(__always)
    public mutating func reserve(_ extra: Int) {
        if capacity &- count < extra { grow(extra) }
    }

    @usableFromInline
    mutating func grow(_ extra: Int) {
        let wanted = max(capacity * 2, count + extra)
        let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: wanted)
        larger.update(from: base, count: count)
        base.deallocate()
        base = larger
        capacity = wanted
    }

    /// Forgets all bytes after the first `count`.
    @inlinable
    public mutating func truncate(to newCount: Int = 0) {
        length = min(max(newCount, 0), count)
    }

    // MARK: Appending

    @inlinable @inline(__always)
    public mutating func append(_ byte: UInt8) {
        reserve(1)
        base[count] = byte
        length &+= 1
    }

    @inlinable @inline(__always)
    public mutating func append(_ text: StaticString) {
        let size = text.utf8CodeUnitCount
        reserve(size)
        (base + count).update(from: text.utf8Start, count: size)
        length &+= size
    }

    @inlinable @inline(__always)
    public mutating func append(_ bytes: ByteView) {
        reserve(bytes.count)
        UnsafeMutableRawPointer(base + count).copyMemory(from: bytes.base, byteCount: bytes.count)
        length &+= bytes.count
    }

    @inlinable
    public mutating func append(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { append(ByteView($0)) }
    }

    /// Disfavored, so that a literal is taken as a `StaticString`, which costs a tenth.
    @_disfavoredOverload
    public mutating func append(_ text: String) {
        var text = text
        text.withUTF8 { append(ByteView(UnsafeRawBufferPointer($0))) }
    }

    @inlinable
    public mutating func append(repeating byte: UInt8, count times: Int) {
        guard times > 0 else { return }
        // Most runs are short: eight bytes a step, of which the last ones may be written over.
        reserve(times &+ 8)
        let word = UInt64(byte) &* 0x0101_0101_0101_0101
        var place = UnsafeMutableRawPointer(base + length)
        length &+= times
        let end = UnsafeMutableRawPointer(base + length)
        while place < end {
            place.storeBytes(of: word, as: UInt64.self)
            place += 8
        }
    }

    /// Moves what was appended from `begin` on to the right, with blanks before it, so that it takes `width` bytes at least.
    @inlinable
    public mutating func rightAlign(from begin: Int, width: Int) {
        let size = length &- begin
        let pad = width &- size
        guard begin >= 0, size >= 0, pad > 0 else { return }
        reserve(pad)
        (base + begin + pad).update(from: base + begin, count: size)
        (base + begin).update(repeating: 32, count: pad)
        length &+= pad
    }

    // MARK: Numbers

    /// Decimal without leading zeros.
    @inlinable @inline(__always)
    public mutating func append(decimal value: UInt64) {
        if value < 10 {
            append(48 &+ UInt8(truncatingIfNeeded: value))
        } else {
            appendLong(decimal: value)
        }
    }

    @usableFromInline
    mutating func appendLong(decimal value: UInt64) {
        reserve(20)
        let pairs = DecimalDigits.pairs
        var position = DecimalDigits.count(value)
        var rest = value
        let start = UnsafeMutableRawPointer(base + length)
        length &+= position
        while rest >= 10 {
            let quotient = rest / 100
            position &-= 2
            (start + position).storeBytes(of: pairs[Int(truncatingIfNeeded: rest &- quotient &* 100)], as: UInt16.self)
            rest = quotient
        }
        if position == 1 { start.storeBytes(of: 48 &+ UInt8(truncatingIfNeeded: rest), as: UInt8.self) }
    }

    @inlinable
    public mutating func append(decimal value: Int) { append(signed: Int64(value)) }

    @inlinable
    public mutating func append<T: FixedWidthInteger & UnsignedInteger>(decimal value: T) {
        append(decimal: UInt64(truncatingIfNeeded: value))
    }

    @inlinable
    public mutating func append(signed value: Int64) {
        if value < 0 { append(45) }
        append(decimal: value.magnitude)
    }

    /// Decimal with leading zeros to at least `width` digits.
    @inlinable
    public mutating func append(decimal value: UInt64, width: Int) {
        append(repeating: 48, count: width - DecimalDigits.count(value))
        append(decimal: value)
    }

    /// Hexadecimal with leading zeros to at least `width` digits.
    public mutating func append(hex value: UInt64, width: Int = 1, upperCase: Bool = false) {
        let significant = max(1, (67 - value.leadingZeroBitCount) / 4)
        if significant < width { append(repeating: 48, count: width - significant) }
        reserve(significant)
        let letter: UInt8 = upperCase ? 55 : 87
        var rest = value
        var position = significant
        let start = base + length
        while position > 0 {
            position &-= 1
            let nibble = UInt8(truncatingIfNeeded: rest) & 0xf
            start[position] = nibble < 10 ? 48 &+ nibble : letter &+ nibble
            rest >>= 4
        }
        length &+= significant
    }

    /// Two lower-case hexadecimal digits a byte, with `separator` between bytes unless it is zero.
    public mutating func append(hexOf bytes: ByteView, separator: UInt8 = 0) {
        guard bytes.count > 0 else { return }
        // The last byte's store may reach one byte further than its digits.
        reserve(bytes.count &* 3 &+ 4)
        let digits = HexDigits.pairs
        var out = UnsafeMutableRawPointer(base + length)
        let begin = out
        if separator == 0 {
            for index in 0..<bytes.count {
                out.storeBytes(of: digits[Int(bytes.base.load(fromByteOffset: index, as: UInt8.self))], as: UInt16.self)
                out += 2
            }
        } else {
            let tail = UInt32(separator) << 16
            for index in 0..<bytes.count {
                let pair = UInt32(digits[Int(bytes.base.load(fromByteOffset: index, as: UInt8.self))])
                out.storeBytes(of: (pair | tail).littleEndian, as: UInt32.self)
                out += 3
            }
            out -= 1
        }
        length &+= out - begin
    }

    /// `.... .0.. = `: the bits of a word that a mask names, the others as points.
    public mutating func append(bitsOf word: UInt64, mask: UInt64, bitCount: Int) {
        var bit = bitCount - 1
        while bit >= 0 {
            let probe = UInt64(1) << UInt64(bit)
            append(mask & probe == 0 ? 46 : (word & probe == 0 ? 48 : 49))
            if bit % 4 == 0, bit > 0 { append(32) }
            bit -= 1
        }
        append(" = ")
    }

    /// Sixteen bytes a line: offset, hexadecimal, ASCII.
    public mutating func append(dumpOf bytes: ByteView) {
        // At least four digits, and as many as the last offset needs.
        let offsetDigits = max(4, (67 - UInt64(max(1, bytes.count - 1)).leadingZeroBitCount) / 4)
        let lineByteCount = offsetDigits + 2 + 3 * 16 + 2 + 16 + 1
        reserve((bytes.count / 16 + 1) * lineByteCount + 8)
        let digits = HexDigits.pairs
        var out = UnsafeMutableRawPointer(base + length)
        let begin = out
        var offset = 0
        while offset < bytes.count {
            var shift = offsetDigits * 4 - 4
            while shift >= 0 {
                out.storeBytes(of: UInt8(truncatingIfNeeded: digits[offset >> shift & 0xf] >> 8), as: UInt8.self)
                out += 1
                shift -= 4
            }
            out.storeBytes(of: 0x2020, as: UInt16.self)
            out += 2
            let count = min(16, bytes.count - offset)
            let text = out + 3 * 16 + 2
            for column in 0..<count {
                let byte = bytes.base.load(fromByteOffset: offset + column, as: UInt8.self)
                out.storeBytes(of: (UInt32(digits[Int(byte)]) | 0x2020_0000).littleEndian, as: UInt32.self)
                out += 3
            }
            while out < text {
                out.storeBytes(of: 32, as: UInt8.self)
                out += 1
            }
            for column in 0..<count {
                let byte = bytes.base.load(fromByteOffset: offset + column, as: UInt8.self)
                out.storeBytes(of: byte &- 0x20 < 0x5f ? byte : 46, as: UInt8.self)
                out += 1
            }
            out.storeBytes(of: 10, as: UInt8.self)
            out += 1
            offset += 16
        }
        length &+= out - begin
    }

    // MARK: Parts of the buffer

    /// The bytes so far, valid until the buffer is next changed.
    @inlinable
    public var bytes: ByteView { ByteView(unsafeBase: UnsafeRawPointer(base), count: count) }

    /// Bytes `range` of the buffer, valid until the buffer is next changed.
    @inlinable
    public func bytes(_ range: Range<Int>) -> ByteView { bytes[range] }

    /// Appends a copy of a part of this same buffer.
    public mutating func appendCopy(of range: Range<Int>) {
        let lower = min(max(range.lowerBound, 0), count)
        let size = min(max(range.upperBound, lower), count) - lower
        reserve(size)
        (base + count).update(from: base + lower, count: size)
        length += size
    }

    /// Moves the bytes from `start` on to position `target` (`target <= start`), shifting what lay between behind them.
    public mutating func moveTail(from start: Int, to target: Int) {
        let start = min(max(start, 0), count)
        let target = min(max(target, 0), start)
        let tail = count - start
        guard tail > 0, target < start else { return }
        appendCopy(of: start..<count)
        (base + target + tail).update(from: base + target, count: start - target)
        (base + target).update(from: base + count - tail, count: tail)
        length -= tail
    }

    public var string: String { bytes.withUnsafeBytes { String(decoding: $0, as: UTF8.self) } }
}

/// The digits of decimal numbers.
///
/// ## Safety
/// Both tables are allocated once, never changed and never freed. `pairs` is indexed by numbers below 100, `powers` by the number
/// of digits of a 64-bit number, which is at most 20.
@usableFromInline
enum DecimalDigits {
    /// The two digits of each number below 100, the first one in the low half.
    @usableFromInline nonisolated(unsafe) static let pairs: UnsafePointer<UInt16> = {
        let table = UnsafeMutablePointer<UInt16>.allocate(capacity: 100)
        for number in 0..<100 { table[number] = (UInt16(48 + number / 10) | UInt16(48 + number % 10) << 8).littleEndian }
        return UnsafePointer(table)
    }()

    /// 10 to the power of each index.
    nonisolated(unsafe) private static let powers: UnsafePointer<UInt64> = {
        let table = UnsafeMutablePointer<UInt64>.allocate(capacity: 21)
        var power: UInt64 = 1
        for index in 0..<20 {
            table[index] = power
            power = power &* 10
        }
        table[20] = .max
        return UnsafePointer(table)
    }()

    /// How many digits a number has.
    @usableFromInline
    static func count(_ value: UInt64) -> Int {
        // A bit is worth log10(2) of a digit, which 1233 / 4096 is near enough to.
        let guess = ((64 &- value.leadingZeroBitCount) &* 1233) >> 12
        return value == 0 ? 1 : guess &+ (value >= powers[guess] ? 1 : 0)
    }
}

/// The two lower-case hexadecimal digits of each byte, the high one in the low half.
///
/// ## Safety
/// Allocated once with room for every byte value, never changed and never freed; indexed by bytes only.
enum HexDigits {
    nonisolated(unsafe) static let pairs: UnsafePointer<UInt16> = {
        let table = UnsafeMutablePointer<UInt16>.allocate(capacity: 256)
        let digits = Array("0123456789abcdef".utf8)
        for byte in 0..<256 { table[byte] = UInt16(digits[byte >> 4]) | UInt16(digits[byte & 15]) << 8 }
        return UnsafePointer(table)
    }()
}
