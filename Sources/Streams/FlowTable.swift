import Wire

/// Numbers conversations by their two endpoints: open addressing over dense ids.
///
/// The same two endpoints in either order are one flow. A look-up allocates only when the table grows.
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
        /// The flow's number, from 0, in the order of first appearance.
        public var flow: UInt32
        /// Whether the packet goes from the second endpoint of the key to the first.
        public var isReverse: Bool
        public var isNew: Bool
    }

    private var keys: [Key] = []
    /// 1 + flow by slot; 0 for a free one.
    private var slots: [UInt32]
    private var mask: Int

    public init() {
        slots = [UInt32](repeating: 0, count: 1024)
        mask = 1023
    }

    /// Bytes of memory.
    public var byteCount: Int { keys.storageByteCount + slots.storageByteCount }

    /// How many flows were seen.
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
            if keys[Int(flow)] == key { return Match(flow: flow, isReverse: isReverse, isNew: false) }
            slot = (slot + 1) & mask
        }
        keys.append(key)
        slots[slot] = UInt32(keys.count)
        if keys.count * 2 > slots.count { grow() }
        return Match(flow: UInt32(keys.count - 1), isReverse: isReverse, isNew: true)
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
