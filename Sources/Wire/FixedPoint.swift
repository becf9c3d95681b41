extension TextBuffer {
    /// A number with a fixed count of decimals (0...18), rounded half to even from its exact binary value: C's `%.*f`.
    public mutating func append(fixed value: Double, decimals: Int) {
        guard value.isFinite else {
            append(value.isNaN ? (value.sign == .minus ? "-nan" : "nan") : (value < 0 ? "-inf" : "inf"))
            return
        }
        if value.sign == .minus { append(45) }
        let magnitude = value.magnitude
        // From 2^53 on there is no fraction; beyond 2^64 nothing that is counted here reaches.
        guard magnitude < 0x1p63 else {
            append("\(UInt128(exactly: magnitude) ?? .max)")
            if decimals > 0 { append(46) }
            append(repeating: 48, count: decimals)
            return
        }
        var whole = UInt64(magnitude)
        let scale = (0..<min(max(0, decimals), 18)).reduce(UInt128(1)) { product, _ in product * 10 }
        var fraction = Self.scaled(magnitude - Double(whole), scale, isOdd: decimals == 0 && whole & 1 == 1)
        if fraction >= scale {
            whole += 1
            fraction -= scale
        }
        append(decimal: whole)
        guard decimals > 0 else { return }
        append(46)
        append(decimal: UInt64(fraction), width: decimals)
    }

    /// `fraction` (below 1) times `scale`, to the nearest integer; a tie goes to the even one.
    private static func scaled(_ fraction: Double, _ scale: UInt128, isOdd: Bool) -> UInt128 {
        guard fraction > 0 else { return 0 }
        // fraction = significand / 2^shift, where the significand has 53 bits.
        let shift = 52 - Int(fraction.exponent)
        let significand = UInt128(fraction.significandBitPattern | 1 << 52)
        // 53 bits times 60 bits: smaller than a half of 2^shift from here on.
        guard shift < 116 else { return 0 }
        let product = significand * scale
        let quotient = product >> UInt128(shift)
        let rest = product & (UInt128(1) << UInt128(shift) - 1)
        let half = UInt128(1) << UInt128(shift - 1)
        let roundsUp = rest > half || rest == half && (quotient & 1 == 1 || isOdd)
        return roundsUp ? quotient + 1 : quotient
    }

    /// Right-aligned in `width` bytes: C's `%*.*f`.
    public mutating func append(fixed value: Double, decimals: Int, width: Int) {
        let begin = count
        append(fixed: value, decimals: decimals)
        rightAlign(from: begin, width: width)
    }

    /// Right-aligned in `width` bytes, with blanks.
    public mutating func append(_ value: some BinaryInteger, width: Int) {
        let begin = count
        append(signed: Int64(clamping: value))
        rightAlign(from: begin, width: width)
    }

    /// Appends blanks until what was appended from `begin` on takes `width` bytes.
    @inlinable
    public mutating func pad(from begin: Int, width: Int) { append(repeating: 32, count: width - (count - begin)) }
}
