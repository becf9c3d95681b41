/// A growing buffer of output bytes (UTF-8 text), reused from one use to the next.
///
/// ## Safety
/// The buffer owns `base` alone (it is not copyable), never hands the pointer out past a call, and every write goes
/// through `reserve`, which makes room first; `count <= capacity` holds throughout.
public struct TextBuffer: ~Copyable {
    @usableFromInline var base: UnsafeMutablePointer<UInt8>
    /// Bytes that fit before the buffer grows.
    public internal(set) var capacity: Int
    @usableFromInline var length: Int
    @inlinable public var count: Int { length }
    @usableFromInline var drainByteCount = Int.max
    private var handOn: (ByteView) -> Void = { _ in }

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

    // MARK: Long texts

    /// From now on `drainIfLong` hands what there is on to `handOn` when it is more than `byteCount` bytes.
    public mutating func drain(beyond byteCount: Int, _ handOn: @escaping (ByteView) -> Void) {
        drainByteCount = byteCount
        self.handOn = handOn
    }

    /// Called by who writes long texts, at places before which nothing needs to be looked at again.
    @inlinable @inline(__always)
    public mutating func drainIfLong() {
        if length > drainByteCount { drain() }
    }

    /// Lets `body` append something short that is looked at afterwards.
    @inlinable @inline(__always)
    public mutating func withoutDraining(_ body: (inout TextBuffer) -> Void) {
        let outer = drainByteCount
        drainByteCount = .max
        body(&self)
        drainByteCount = outer
    }

    @usableFromInline
    mutating func drain() {
        handOn(bytes)
        length = 0
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
        append(text.utf8Start, text.utf8CodeUnitCount)
    }

    @inlinable @inline(__always)
    public mutating func append(_ bytes: ByteView) {
        append(bytes.base, bytes.count)
    }

    /// Most texts are short, and cheaper to copy than to call for.
    @inlinable @inline(__always)
    mutating func append(_ source: UnsafeRawPointer, _ size: Int) {
        reserve(size)
        let target = UnsafeMutableRawPointer(base + length)
        length &+= size
        if size > 64 {
            target.copyMemory(from: source, byteCount: size)
        } else if size > 32 {
            let (first, last) = (source.loadUnaligned(as: SIMD32<UInt8>.self), source.loadUnaligned(fromByteOffset: size &- 32, as: SIMD32<UInt8>.self))
            target.storeBytes(of: first, as: SIMD32<UInt8>.self)
            target.storeBytes(of: last, toByteOffset: size &- 32, as: SIMD32<UInt8>.self)
        } else if size > 16 {
            let (first, second) = (source.loadUnaligned(as: UInt64.self), source.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
            let (third, last) = (
                source.loadUnaligned(fromByteOffset: size &- 16, as: UInt64.self), source.loadUnaligned(fromByteOffset: size &- 8, as: UInt64.self))
            target.storeBytes(of: first, as: UInt64.self)
            target.storeBytes(of: second, toByteOffset: 8, as: UInt64.self)
            target.storeBytes(of: third, toByteOffset: size &- 16, as: UInt64.self)
            target.storeBytes(of: last, toByteOffset: size &- 8, as: UInt64.self)
        } else if size >= 8 {
            let (first, last) = (source.loadUnaligned(as: UInt64.self), source.loadUnaligned(fromByteOffset: size &- 8, as: UInt64.self))
            target.storeBytes(of: first, as: UInt64.self)
            target.storeBytes(of: last, toByteOffset: size &- 8, as: UInt64.self)
        } else if size >= 4 {
            let (first, last) = (source.loadUnaligned(as: UInt32.self), source.loadUnaligned(fromByteOffset: size &- 4, as: UInt32.self))
            target.storeBytes(of: first, as: UInt32.self)
            target.storeBytes(of: last, toByteOffset: size &- 4, as: UInt32.self)
        } else {
            var index = 0
            while index < size {
                target.storeBytes(of: source.load(fromByteOffset: index, as: UInt8.self), toByteOffset: index, as: UInt8.self)
                index &+= 1
            }
        }
    }

    /// Writes eight bytes whatever of them counts.
    @inlinable @inline(__always)
    public mutating func append(_ text: ShortText) {
        reserve(8)
        UnsafeMutableRawPointer(base + length).storeBytes(of: text.word.littleEndian, as: UInt64.self)
        length &+= text.byteCount
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

    @inlinable @inline(__always)
    public mutating func append(repeating byte: UInt8, count times: Int) {
        guard times > 0 else { return }
        reserve(max(times, 32))
        // Most runs are short: one step of 32 bytes, of which the last ones may be written over.
        if times <= 32 {
            UnsafeMutableRawPointer(base + length).storeBytes(of: SIMD32(repeating: byte), as: SIMD32<UInt8>.self)
        } else {
            (base + length).update(repeating: byte, count: times)
        }
        length &+= times
    }

    /// Moves what was appended from `begin` on to the right, with blanks before it, so that it takes `width` bytes at least.
    @inlinable
    public mutating func rightAlign(from begin: Int, width: Int) {
        let size = length &- begin
        let pad = width &- size
        guard begin >= 0, size >= 0, pad > 0 else { return }
        reserve(pad &+ 16)
        let place = UnsafeMutableRawPointer(base + begin)
        if size <= 16, pad <= 16 {
            // Sixteen bytes are moved whatever of them counts, over blanks for all of the room.
            let text = place.loadUnaligned(as: SIMD2<UInt64>.self)
            place.storeBytes(of: SIMD2(repeating: 0x2020_2020_2020_2020), as: SIMD2<UInt64>.self)
            (place + pad).storeBytes(of: text, as: SIMD2<UInt64>.self)
        } else {
            (base + begin + pad).update(from: base + begin, count: size)
            (base + begin).update(repeating: 32, count: pad)
        }
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
        let place = UnsafeMutableRawPointer(base + length)
        if value < 10_000 {
            length &+= DecimalDigits.store(upToFour: UInt32(truncatingIfNeeded: value), place)
        } else if value < 100_000_000 {
            let (high, low) = UInt32(truncatingIfNeeded: value).quotientAndRemainder(dividingBy: 10_000)
            let count = DecimalDigits.store(upToFour: high, place)
            DecimalDigits.store(four: low, place + count)
            length &+= count &+ 4
        } else {
            let (high, low) = value.quotientAndRemainder(dividingBy: 100_000_000)
            append(decimal: high)
            let (first, second) = UInt32(truncatingIfNeeded: low).quotientAndRemainder(dividingBy: 10_000)
            DecimalDigits.store(four: first, UnsafeMutableRawPointer(base + length))
            DecimalDigits.store(four: second, UnsafeMutableRawPointer(base + length + 4))
            length &+= 8
        }
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
    public mutating func append(decimal value: UInt64, width: Int) {
        // Parts of times need no count.
        let fits = value < 100 && width >= 2 || value < 1_000_000_000 && width >= 9
        let digitCount = fits ? width : max(width, DecimalDigits.count(value))
        reserve(digitCount)
        DecimalDigits.store(value, digitCount: digitCount, UnsafeMutableRawPointer(base + length))
        length &+= digitCount
    }

    /// Hexadecimal with leading zeros to at least `width` digits.
    public mutating func append(hex value: UInt64, width: Int = 1, upperCase: Bool = false) {
        var count = max(width, 1, (67 &- value.leadingZeroBitCount) &>> 2)
        if count > 8 {
            if count > 16 { append(repeating: 48, count: count &- 16) }
            count = min(count, 16)
            append(hexDigits: UInt32(truncatingIfNeeded: value &>> 32), count: count &- 8, upperCase)
            count = 8
        }
        append(hexDigits: UInt32(truncatingIfNeeded: value), count: count, upperCase)
    }

    /// The last digits of a number. Eight bytes are written whatever of them counts.
    @inline(__always)
    mutating func append(hexDigits value: UInt32, count: Int, _ upperCase: Bool = false) {
        var digits = HexDigits.digits(value.byteSwapped)
        // A letter has a bit that no figure has, and is made a capital by another.
        if upperCase { digits &= ~((digits & 0x4040_4040_4040_4040) &>> 1) }
        digits &>>= UInt64(truncatingIfNeeded: 8 &* (8 &- count))
        reserve(8)
        UnsafeMutableRawPointer(base + length).storeBytes(of: digits.littleEndian, as: UInt64.self)
        length &+= count
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

    // MARK: Parts of the buffer

    /// Writes a number, low byte first, over four bytes that are there.
    public mutating func replace(at offset: Int, uint32 value: UInt32) {
        precondition(offset >= 0 && offset &+ 4 <= count, "replaced more than there is")
        UnsafeMutableRawPointer(base + offset).storeBytes(of: value.littleEndian, as: UInt32.self)
    }

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

/// A text of up to eight bytes that is written often.
public struct ShortText: Sendable {
    @usableFromInline var word: UInt64 = 0
    @usableFromInline var byteCount = 0

    public init(_ text: StaticString) {
        precondition(text.utf8CodeUnitCount <= 8, "a text of more than eight bytes")
        byteCount = text.utf8CodeUnitCount
        for index in 0..<byteCount { word |= UInt64(text.utf8Start[index]) << UInt64(8 * index) }
    }
}

/// Decimal numbers as text.
enum DecimalDigits {
    /// The two digits of each number below 100. A literal needs no set-up, unlike a table in memory.
    @inline(__always)
    static var pairs: UnsafeRawPointer {
        let text: StaticString = """
        0001020304050607080910111213141516171819202122232425262728293031323334353637383940414243444546474849\
        5051525354555657585960616263646566676869707172737475767778798081828384858687888990919293949596979899
        """
        return UnsafeRawPointer(text.utf8Start)
    }

    /// How many digits a number has.
    static func count(_ value: UInt64) -> Int {
        if value < 10_000 { return value < 100 ? (value < 10 ? 1 : 2) : (value < 1000 ? 3 : 4) }
        return value < 100_000_000 ? 4 &+ count(value / 10_000) : 8 &+ count(value / 100_000_000)
    }

    /// Writes a number below 10,000; returns how many digits it has.
    @inline(__always)
    static func store(upToFour value: UInt32, _ place: UnsafeMutableRawPointer) -> Int {
        let high = value / 100
        let low = value &- high &* 100
        if high == 0 {
            if low < 10 {
                place.storeBytes(of: 48 &+ UInt8(truncatingIfNeeded: low), as: UInt8.self)
                return 1
            }
            place.storeBytes(of: pair(low), as: UInt16.self)
            return 2
        }
        if high < 10 {
            place.storeBytes(of: 48 &+ UInt8(truncatingIfNeeded: high), as: UInt8.self)
            place.storeBytes(of: pair(low), toByteOffset: 1, as: UInt16.self)
            return 3
        }
        place.storeBytes(of: pair(high), as: UInt16.self)
        place.storeBytes(of: pair(low), toByteOffset: 2, as: UInt16.self)
        return 4
    }

    /// Writes the last digits of a number, with leading zeros.
    @inline(__always)
    static func store(_ value: UInt64, digitCount: Int, _ place: UnsafeMutableRawPointer) {
        var (rest, position) = (value, digitCount)
        while position >= 4 {
            position &-= 4
            let (high, low) = rest.quotientAndRemainder(dividingBy: 10_000)
            store(four: UInt32(truncatingIfNeeded: low), place + position)
            rest = high
        }
        // Three at most are left.
        while position > 0 {
            position &-= 1
            place.storeBytes(of: 48 &+ UInt8(truncatingIfNeeded: rest % 10), toByteOffset: position, as: UInt8.self)
            rest /= 10
        }
    }

    /// Writes a number below 10,000 with leading zeros.
    @inline(__always)
    static func store(four value: UInt32, _ place: UnsafeMutableRawPointer) {
        let high = value / 100
        place.storeBytes(of: pair(high), as: UInt16.self)
        place.storeBytes(of: pair(value &- high &* 100), toByteOffset: 2, as: UInt16.self)
    }

    /// The two digits of a number below 100.
    @inline(__always)
    private static func pair(_ value: UInt32) -> UInt16 {
        pairs.loadUnaligned(fromByteOffset: Int(truncatingIfNeeded: value) &* 2, as: UInt16.self)
    }
}
