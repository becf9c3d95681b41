/// Finds which of some byte strings is equal to given bytes.
public struct ByteKeys: Sendable {
    /// 1 + the index of a key for each hash, 0 for none: open addressing, at most half full.
    private let slots: [UInt32]
    private let keys: [[UInt8]]

    /// - Parameter keys: of two equal ones the first counts.
    public init(_ keys: [[UInt8]]) {
        self.keys = keys
        var capacity = 2
        while capacity < keys.count * 2 { capacity *= 2 }
        var slots = [UInt32](repeating: 0, count: capacity)
        for (index, key) in keys.enumerated() {
            var slot = Int(truncatingIfNeeded: key.reduce(Self.emptyHash) { Self.hash($0, $1) }) & (capacity - 1)
            while slots[slot] != 0 { slot = (slot + 1) & (capacity - 1) }
            slots[slot] = UInt32(index + 1)
        }
        self.slots = slots
    }

    /// The hash of no bytes.
    public static let emptyHash: UInt64 = 0xcbf2_9ce4_8422_2325

    /// The hash of the bytes that have `hash` with one more behind them.
    public static func hash(_ hash: UInt64, _ byte: UInt8) -> UInt64 {
        let mixed = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3
        return mixed ^ mixed >> 29
    }

    /// - Parameter hash: the hash of the bytes, where it is known.
    public func index(of bytes: ByteView, hash: UInt64? = nil) -> Int? {
        var value = hash ?? Self.emptyHash
        if hash == nil {
            for offset in 0..<bytes.count { value = Self.hash(value, bytes[offset]) }
        }
        var slot = Int(truncatingIfNeeded: value) & (slots.count - 1)
        while slots[slot] != 0 {
            let index = Int(slots[slot]) - 1
            if keys[index].withUnsafeBytes({ ByteView($0).equals(bytes) }) { return index }
            slot = (slot + 1) & (slots.count - 1)
        }
        return nil
    }
}
