/// Which frames of a capture the second pass shows: those that the first pass came to, and where it had a read filter those that
/// passed it. A frame that did not pass has no number, and the ones behind it count on without it.
struct FrameAdmission: Sendable {
    /// Frames that the first pass read.
    private(set) var readCount = 0
    /// Frames that passed.
    private(set) var passedCount = 0
    /// A bit for each frame that was read; nil while every one passed.
    private var bits: [UInt64]?
    /// How many passed before each word of `bits`.
    private var passedBefore: [UInt32] = []

    /// Takes note of the next frame in the order of the capture.
    mutating func note(passes: Bool) {
        if !passes, bits == nil { startBits() }
        if bits != nil {
            if readCount % 64 == 0 {
                bits?.append(0)
                passedBefore.append(UInt32(truncatingIfNeeded: passedCount))
            }
            if passes { bits?[readCount / 64] |= 1 << UInt64(readCount % 64) }
        }
        readCount += 1
        if passes { passedCount += 1 }
    }

    /// All that were read so far passed.
    private mutating func startBits() {
        let wordCount = (readCount + 63) / 64
        var words = [UInt64](repeating: .max, count: wordCount)
        if readCount % 64 != 0 { words[wordCount - 1] = (1 << UInt64(readCount % 64)) - 1 }
        bits = words
        passedBefore = (0..<wordCount).map { UInt32(truncatingIfNeeded: $0 * 64) }
    }

    /// Whether the frame at a position from 0 passed.
    func admits(_ position: Int) -> Bool {
        guard let bits else { return position < readCount }
        return position < readCount && bits[position / 64] >> UInt64(position % 64) & 1 != 0
    }

    /// Where the frame with a number from 1 stands among all, from 0.
    func position(of number: UInt32) -> Int? {
        guard number >= 1, number <= passedCount else { return nil }
        guard let bits else { return Int(number) - 1 }
        // The last word before which fewer passed.
        var (low, high) = (0, passedBefore.count)
        while low < high {
            let middle = (low + high) / 2
            if passedBefore[middle] < number { low = middle + 1 } else { high = middle }
        }
        let word = low - 1
        var rest = bits[word]
        for _ in 1..<(number - passedBefore[word]) { rest &= rest &- 1 }
        return word * 64 + rest.trailingZeroBitCount
    }
}
