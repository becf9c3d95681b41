/// A borrowed, read-only run of bytes.
///
/// ## Safety
/// A view does not own its bytes. Whoever makes one (the capture reader's buffer, a frame's arena, a caller's
/// array inside `withUnsafeBytes`) keeps them in place for as long as the view is used; views are handed down a
/// call chain and never stored past it. Inside that contract every read is bounds-checked: an access outside
/// `0..<count` returns `nil` or traps on a precondition, and never touches other memory.
@frozen
public struct ByteView {
    @usableFromInline let base: UnsafeRawPointer
    public let count: Int

    /// A view of `count` bytes from `base`, which must stay valid while the view is in use.
    @inlinable @inline(__always)
    public init(unsafeBase base: UnsafeRawPointer, count: Int) {
        self.base = base
        self.count = count
    }

    /// A view of `buffer`, which must stay valid while the view is in use.
    @inlinable @inline(__always)
    public init(_ buffer: UnsafeRawBufferPointer) {
        self.base = buffer.baseAddress ?? UnsafeRawPointer(bitPattern: 1).unsafelyUnwrapped
        self.count = buffer.count
    }

    @inlinable @inline(__always)
    public static var empty: ByteView { ByteView(UnsafeRawBufferPointer(start: nil, count: 0)) }

    @inlinable @inline(__always)
    public var isEmpty: Bool { count == 0 }

    @inlinable @inline(__always)
    public subscript(offset: Int) -> UInt8 {
        precondition(UInt(bitPattern: offset) < UInt(bitPattern: count), "byte offset outside the view")
        return base.load(fromByteOffset: offset, as: UInt8.self)
    }

    /// The part `range`, clamped to what there is.
    @inlinable @inline(__always)
    public subscript(range: Range<Int>) -> ByteView {
        let lower = min(max(range.lowerBound, 0), count)
        let upper = min(max(range.upperBound, lower), count)
        return ByteView(unsafeBase: base + lower, count: upper - lower)
    }

    @inlinable @inline(__always)
    func load<T: FixedWidthInteger & BitwiseCopyable>(_ offset: Int, as type: T.Type) -> T {
        precondition(offset >= 0 && offset &+ MemoryLayout<T>.size <= count, "byte offset outside the view")
        return base.loadUnaligned(fromByteOffset: offset, as: type)
    }

    /// Big-endian (network order) reads.
    @inlinable @inline(__always) public func uint16(_ offset: Int) -> UInt16 { load(offset, as: UInt16.self).bigEndian }
    @inlinable @inline(__always) public func uint32(_ offset: Int) -> UInt32 { load(offset, as: UInt32.self).bigEndian }
    @inlinable @inline(__always) public func uint64(_ offset: Int) -> UInt64 { load(offset, as: UInt64.self).bigEndian }
    @inlinable public func uint24(_ offset: Int) -> UInt32 {
        UInt32(self[offset]) << 16 | UInt32(uint16(offset + 1))
    }

    /// Little-endian reads.
    @inlinable @inline(__always) public func uint16LE(_ offset: Int) -> UInt16 { load(offset, as: UInt16.self).littleEndian }
    @inlinable @inline(__always) public func uint32LE(_ offset: Int) -> UInt32 { load(offset, as: UInt32.self).littleEndian }
    @inlinable @inline(__always) public func uint64LE(_ offset: Int) -> UInt64 { load(offset, as: UInt64.self).littleEndian }

    /// `byteCount` (1...8) bytes as a big-endian unsigned integer.
    @inlinable
    public func unsigned(_ offset: Int, byteCount: Int) -> UInt64 {
        switch byteCount {
        case 1: return UInt64(self[offset])
        case 2: return UInt64(uint16(offset))
        case 4: return UInt64(uint32(offset))
        case 8: return uint64(offset)
        default:
            precondition((1...8).contains(byteCount), "an integer has one to eight bytes")
            var value: UInt64 = 0
            for index in 0..<byteCount { value = value << 8 | UInt64(self[offset + index]) }
            return value
        }
    }

    /// The bytes for a call that takes a raw buffer; valid only inside `body`.
    @inlinable @inline(__always)
    public func withUnsafeBytes<R>(_ body: (UnsafeRawBufferPointer) throws -> R) rethrows -> R {
        try body(UnsafeRawBufferPointer(start: base, count: count))
    }

    /// The first offset at or after `start` that holds `byte`.
    @inlinable
    public func firstIndex(of byte: UInt8, from start: Int = 0) -> Int? { firstIndex(of: byte, or: byte, from: start) }

    /// The first offset at or after `start` that holds one of two bytes.
    @inlinable
    public func firstIndex(of first: UInt8, or second: UInt8, from start: Int = 0) -> Int? {
        var offset = max(start, 0)
        let (firstOfAll, secondOfAll) = (SIMD16(repeating: first), SIMD16(repeating: second))
        while offset &+ 16 <= count {
            let part = base.loadUnaligned(fromByteOffset: offset, as: SIMD16<UInt8>.self)
            let words = unsafeBitCast((part .== firstOfAll) .| (part .== secondOfAll), to: SIMD2<UInt64>.self)
            if words[0] | words[1] != 0 { break }
            offset &+= 16
        }
        let (ones, highBits) = (0x0101_0101_0101_0101 as UInt64, 0x8080_8080_8080_8080 as UInt64)
        let (firstPattern, secondPattern) = (ones &* UInt64(first), ones &* UInt64(second))
        while offset < count {
            // A byte that is equal becomes zero; the lowest zero byte is the first to borrow into its high bit.
            let word = word(from: offset)
            let (a, b) = (word ^ firstPattern, word ^ secondPattern)
            let found = ((a &- ones) & ~a | (b &- ones) & ~b) & highBits
            offset &+= found.trailingZeroBitCount >> 3
            // What is found past the end is the zeros there.
            if found != 0 { return offset < count ? offset : nil }
        }
        return nil
    }

    /// Up to eight bytes from `offset` on, which is within the bytes, the first one lowest; zeros stand for those past the end.
    @inlinable @inline(__always)
    public func word(from offset: Int) -> UInt64 {
        let rest = count &- offset
        let place = base + offset
        func shifted(_ part: UInt64, by byteCount: Int) -> UInt64 { part &<< UInt64(truncatingIfNeeded: byteCount &* 8) }
        if rest >= 8 { return place.loadUnaligned(as: UInt64.self).littleEndian }
        // Parts that overlap have the same bytes there.
        if rest >= 4 {
            let last = UInt64(place.loadUnaligned(fromByteOffset: rest &- 4, as: UInt32.self).littleEndian)
            return UInt64(place.loadUnaligned(as: UInt32.self).littleEndian) | shifted(last, by: rest &- 4)
        }
        guard rest > 0 else { return 0 }
        let (middle, last) = (rest &>> 1, rest &- 1)
        return UInt64(place.load(as: UInt8.self)) | shifted(UInt64(place.load(fromByteOffset: middle, as: UInt8.self)), by: middle)
            | shifted(UInt64(place.load(fromByteOffset: last, as: UInt8.self)), by: last)
    }

    /// Whether the bytes at `offset` begin with `text`.
    @inlinable
    public func hasPrefix(_ text: StaticString, at offset: Int = 0) -> Bool {
        let length = text.utf8CodeUnitCount
        guard offset >= 0, count - offset >= length else { return false }
        for index in 0..<length where base.load(fromByteOffset: offset + index, as: UInt8.self) != text.utf8Start[index] {
            return false
        }
        return true
    }

    /// Whether `part` stands anywhere in the bytes.
    public func contains(_ part: ByteView) -> Bool {
        guard part.count > 0 else { return true }
        let span = part.count &- 1
        let (first, last) = (SIMD16(repeating: part[0]), SIMD16(repeating: part[span]))
        var offset = 0
        // Sixteen places at once: where both the first and the last byte fit.
        while offset &+ span &+ 16 <= count {
            let fits = (base.loadUnaligned(fromByteOffset: offset, as: SIMD16<UInt8>.self) .== first)
                .& (base.loadUnaligned(fromByteOffset: offset &+ span, as: SIMD16<UInt8>.self) .== last)
            let words = unsafeBitCast(fits, to: SIMD2<UInt64>.self)
            if words[0] | words[1] != 0 {
                for place in offset..<offset + 16 where fits[place - offset] && self[place..<place + part.count].equals(part) { return true }
            }
            offset &+= 16
        }
        while offset &+ span < count {
            if self[offset] == part[0], self[offset..<offset + part.count].equals(part) { return true }
            offset &+= 1
        }
        return false
    }

    /// Whether both have the same bytes.
    @inlinable
    public func equals(_ other: ByteView) -> Bool {
        guard count == other.count else { return false }
        var offset = 0
        while offset &+ 8 <= count {
            guard load(offset, as: UInt64.self) == other.load(offset, as: UInt64.self) else { return false }
            offset &+= 8
        }
        while offset < count {
            guard self[offset] == other[offset] else { return false }
            offset &+= 1
        }
        return true
    }

    /// A number that tells most byte strings apart, of all bytes.
    @inlinable
    public var digest: UInt32 {
        var sum = UInt64(truncatingIfNeeded: count) &+ 0x9e37_79b9_7f4a_7c15
        var offset = 0
        while offset &+ 16 <= count {
            sum = Self.mixed(
                sum ^ base.loadUnaligned(fromByteOffset: offset, as: UInt64.self), base.loadUnaligned(fromByteOffset: offset &+ 8, as: UInt64.self))
            offset &+= 16
        }
        var rest: (first: UInt64, second: UInt64) = (0, 0)
        if offset &+ 8 <= count {
            rest.first = base.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
            offset &+= 8
        }
        while offset < count {
            rest.second = rest.second << 8 | UInt64(base.load(fromByteOffset: offset, as: UInt8.self))
            offset &+= 1
        }
        sum = Self.mixed(sum ^ rest.first, rest.second)
        return UInt32(truncatingIfNeeded: sum ^ sum &>> 32)
    }

    /// Both halves of a product in one number. Keyed, so that neither factor is often zero.
    @inlinable @inline(__always)
    static func mixed(_ first: UInt64, _ second: UInt64) -> UInt64 {
        let product = (first ^ 0x94d0_49bb_1331_11eb).multipliedFullWidth(by: second ^ 0x9fb2_1c65_1e98_df25)
        return product.high ^ product.low
    }

    /// The count and some bytes in one number, for hashing.
    @inlinable
    public var sample: UInt64 {
        if count >= 8 { return load(0, as: UInt64.self) &* 31 &+ load(count &- 8, as: UInt64.self) &+ UInt64(truncatingIfNeeded: count) }
        var value = UInt64(truncatingIfNeeded: count)
        for offset in 0..<count { value = value << 8 | UInt64(self[offset]) }
        return value
    }

    /// A copy of the bytes.
    public func copy() -> [UInt8] { withUnsafeBytes { Array($0) } }
}
