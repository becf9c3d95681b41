/// The generator's only source of chance: SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number
/// generators", 2014). It is written out here, and integers only, so that a seed gives the same bytes on every machine
/// and with every version of the standard library.
struct SplitMix64 {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// A generator of its own for one conversation, so that what one draws does not depend on how others interleave.
    mutating func fork() -> SplitMix64 { SplitMix64(seed: next()) }

    /// A whole number in `0..<bound`.
    mutating func below(_ bound: Int) -> Int {
        Int(next().multipliedFullWidth(by: UInt64(bound)).high)
    }

    mutating func uniform(_ range: ClosedRange<Int>) -> Int {
        range.lowerBound + below(range.count)
    }

    /// A number whose doublings are equally likely: the many small and few large sizes and delays of real traffic.
    mutating func logUniform(_ range: ClosedRange<Int>) -> Int {
        let doublings = max(1, (range.upperBound / max(1, range.lowerBound)).bitWidth
            - (range.upperBound / max(1, range.lowerBound)).leadingZeroBitCount)
        let base = max(1, range.lowerBound) << below(doublings)
        return min(range.upperBound, base + below(base))
    }

    /// True `count` times in ten thousand.
    mutating func chance(perTenThousand count: Int) -> Bool { below(10_000) < count }

    mutating func element<Element>(of list: [Element]) -> Element { list[below(list.count)] }

    mutating func uint16() -> UInt16 { UInt16(truncatingIfNeeded: next()) }

    mutating func uint32() -> UInt32 { UInt32(truncatingIfNeeded: next()) }

    mutating func bytes(_ count: Int) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: count) { buffer, initializedCount in
            var word: UInt64 = 0
            for offset in 0..<count {
                if offset & 7 == 0 { word = next() }
                buffer[offset] = UInt8(truncatingIfNeeded: word)
                word >>= 8
            }
            initializedCount = count
        }
    }
}
