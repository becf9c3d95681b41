/// A long transfer in one direction, as a throughput test makes it: digits over and over.
struct BulkTraffic: TCPApplication {
    private static let chunk = (0..<64 * 1_460).map { UInt8(ascii: "0") + UInt8($0 % 10) }

    private let sender: Side
    private var remainingCount: Int

    init(random: inout SplitMix64) {
        sender = random.chance(perTenThousand: 3_000) ? .client : .server
        remainingCount = random.logUniform(2...16)
    }

    mutating func nextTurn(using random: inout SplitMix64) -> Turn? {
        guard remainingCount > 0 else { return nil }
        remainingCount -= 1
        return Turn(sender: sender, payload: Self.chunk, delay: 0)
    }
}
