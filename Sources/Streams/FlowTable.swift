import Wire

/// Numbers conversations by their two endpoints: open addressing over dense ids.
///
/// The same two endpoints in either order are one flow. A look-up allocates only when the table grows. A table with a limit
/// forgets a flow that was not looked up for long when a new one needs its place, and counts it.
public struct FlowTable: ~Copyable {
    /// Two endpoints in a fixed order, whatever the direction of the packet.
    struct Key: Equatable {
        var low: Address
        var high: Address
        /// The port of `low` in the upper half.
        var ports: UInt64
    }

    /// A flow as it was found.
    public struct Match {
        /// The flow's number, from 0: in the order of first appearance, or that of a flow that was forgotten for this one.
        public var flow: UInt32
        /// Whether the packet goes from the second endpoint of the key to the first.
        public var isReverse: Bool
        public var isNew: Bool
        /// Whether the flow is new only because it was forgotten, as far as that is remembered.
        public var wasForgotten = false
    }

    private var keys: [Key] = []
    /// 1 + flow by slot; 0 for a free one.
    private var slots: [UInt32]
    private var mask: Int
    private let limit: Int
    /// Of the flows of a table with a limit.
    private var chances = SecondChances()
    private var forgotten = ForgottenFlows()
    /// Flows that were forgotten.
    public private(set) var evictedCount = 0

    /// - Parameter limit: flows that are remembered, at most.
    public init(limit: Int = .max) {
        self.limit = max(1, limit)
        slots = [UInt32](repeating: 0, count: 1024)
        mask = 1023
    }

    /// Bytes that a flow takes, at most: in lists that may have twice the room that they need, and in up to four slots.
    public static var byteCountOfFlow: Int { 2 * (MemoryLayout<Key>.stride + 1) + 4 * MemoryLayout<UInt32>.stride }

    /// Bytes of memory.
    public var byteCount: Int { keys.storageByteCount + slots.storageByteCount + chances.byteCount + forgotten.byteCount }

    /// How many flows are remembered.
    public var count: Int { keys.count }

    /// The flow of a packet, made if it is new.
    public mutating func find(source: Address, destination: Address, sourcePort: UInt32, destinationPort: UInt32) -> Match {
        let isReverse = source == destination ? sourcePort > destinationPort : Address.precedes(destination, source)
        let key = isReverse
            ? Key(low: destination, high: source, ports: UInt64(destinationPort) << 32 | UInt64(sourcePort))
            : Key(low: source, high: destination, ports: UInt64(sourcePort) << 32 | UInt64(destinationPort))
        var slot = Self.hash(key) & mask
        while slots[slot] != 0 {
            let flow = slots[slot] - 1
            if keys[Int(flow)] == key {
                if limit < .max { chances.note(Int(flow)) }
                return Match(flow: flow, isReverse: isReverse, isNew: false)
            }
            slot = (slot + 1) & mask
        }
        guard keys.count >= limit else {
            keys.append(key)
            if limit < .max { chances.append() }
            slots[slot] = UInt32(keys.count)
            if keys.count * 2 > slots.count { grow() }
            return Match(flow: UInt32(keys.count - 1), isReverse: isReverse, isNew: true)
        }
        let wasForgotten = forgotten.contains(Self.hash(key))
        let flow = evict()
        keys[flow] = key
        chances.renew(flow)
        slots[freeSlot(for: key)] = UInt32(flow + 1)
        return Match(flow: UInt32(flow), isReverse: isReverse, isNew: true, wasForgotten: wasForgotten)
    }

    private func freeSlot(for key: Key) -> Int {
        var slot = Self.hash(key) & mask
        while slots[slot] != 0 { slot = (slot + 1) & mask }
        return slot
    }

    /// Forgets a flow that was not looked up since the hand passed it last; returns its number.
    private mutating func evict() -> Int {
        let flow = chances.next()
        forgotten.insert(Self.hash(keys[flow]))
        evictedCount += 1
        removeSlot(of: flow)
        return flow
    }

    /// Empties a flow's slot, and moves the ones behind it that a search would no longer reach.
    private mutating func removeSlot(of flow: Int) {
        var hole = Self.hash(keys[flow]) & mask
        while slots[hole] != UInt32(flow + 1) { hole = (hole + 1) & mask }
        var slot = (hole + 1) & mask
        while slots[slot] != 0 {
            let home = Self.hash(keys[Int(slots[slot] - 1)]) & mask
            // It may move where its search begins at the hole or before.
            if (slot - home) & mask >= (slot - hole) & mask {
                slots[hole] = slots[slot]
                hole = slot
            }
            slot = (slot + 1) & mask
        }
        slots[hole] = 0
    }

    private mutating func grow() {
        slots = [UInt32](repeating: 0, count: slots.count * 2)
        mask = slots.count - 1
        for (flow, key) in keys.enumerated() {
            var slot = Self.hash(key) & mask
            while slots[slot] != 0 { slot = (slot + 1) & mask }
            slots[slot] = UInt32(flow + 1)
        }
    }

    private static func hash(_ key: Key) -> Int {
        var value = key.low.low ^ key.low.high &* 0x9e37_79b9_7f4a_7c15
        value = (value ^ value >> 32) &* 0xff51_afd7_ed55_8ccd
        value ^= key.high.low &+ key.high.high &* 0xc2b2_ae3d_27d4_eb4f
        value = (value ^ value >> 29) &* 0xbf58_476d_1ce4_e5b9
        value ^= key.ports
        value = (value ^ value >> 32) &* 0x94d0_49bb_1331_11eb
        return Int(truncatingIfNeeded: value ^ value >> 31)
    }
}

/// Remembers roughly which flows were forgotten: it may take another flow for one of them, seldom.
private struct ForgottenFlows {
    private static let bitCount = 1 << 23
    /// Flows beyond which too many others would be taken for them: then all are forgotten for good.
    private static let limit = 1 << 20

    private var bits: [UInt64] = []
    private var count = 0

    var byteCount: Int { bits.storageByteCount }

    mutating func insert(_ hash: Int) {
        if bits.isEmpty || count >= Self.limit {
            bits = [UInt64](repeating: 0, count: Self.bitCount / 64)
            count = 0
        }
        count += 1
        let (first, second) = Self.pair(hash)
        bits[first / 64] |= 1 << UInt64(first % 64)
        bits[second / 64] |= 1 << UInt64(second % 64)
    }

    func contains(_ hash: Int) -> Bool {
        guard !bits.isEmpty else { return false }
        let (first, second) = Self.pair(hash)
        return bits[first / 64] >> UInt64(first % 64) & 1 != 0 && bits[second / 64] >> UInt64(second % 64) & 1 != 0
    }

    private static func pair(_ hash: Int) -> (Int, Int) { (hash & (bitCount - 1), (hash >> 32) & (bitCount - 1)) }
}
