/// Bytes changed at random, in a sequence that a seed repeats (SplitMix64).
public struct ErrorInjection: Sendable {
    /// That a byte is changed: 0...1.
    public var probability: Double
    /// Bytes at a frame's start that are left alone.
    public var offset = 0
    private var state: UInt64

    public init(probability: Double, seed: UInt64) {
        self.probability = probability
        state = seed
    }

    mutating func change(_ bytes: inout [UInt8]) {
        for index in bytes.indices.dropFirst(offset) where Double(next() >> 11) * 0x1p-53 < probability {
            bytes[index] ^= UInt8(1 + next() % 255)
        }
    }

    private mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var word = state
        word = (word ^ (word >> 30)) &* 0xbf58_476d_1ce4_e5b9
        word = (word ^ (word >> 27)) &* 0x94d0_49bb_1331_11eb
        return word ^ (word >> 31)
    }
}
