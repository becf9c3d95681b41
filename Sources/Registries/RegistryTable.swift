import CRegistryData
import Wire

/// A table of static storage: ascending keys, and for each key an offset in the blob of names.
///
/// Safety: both arrays are constant data of the executable, as long as `count` says (the script that makes
/// them writes the three together), so the pointers are valid for good, and every index below is in 0..<count.
struct RegistryTable<Key: FixedWidthInteger> {
    let keys: UnsafePointer<Key>
    let nameOffsets: UnsafePointer<UInt32>
    let count: Int

    /// How many keys are not above `key`.
    @inline(__always)
    func countUpTo(_ key: Key) -> Int {
        // Invariant: keys below `base` are not above `key`, keys from `base + remaining` on are. Without a branch
        // that depends on the key, so that the processor has nothing to predict.
        var base = 0
        var remaining = count
        while remaining > 0 {
            let half = (remaining &+ 1) / 2
            base = keys[base &+ half &- 1] <= key ? base &+ half : base
            remaining &-= half
        }
        return base
    }

    /// The names of `key`, when it is in the table.
    @inline(__always)
    func names(of key: Key) -> RegistryNames? {
        let index = countUpTo(key) &- 1
        guard index >= 0, keys[index] == key else { return nil }
        return names(at: index)
    }

    /// The names of the key at `index`, which must be in 0..<count.
    @inline(__always)
    func names(at index: Int) -> RegistryNames { RegistryNames(offset: Int(nameOffsets[index])) }
}

/// An entry of the blob of names.
///
/// Safety: offsets come from the tables only, which the script makes together with the blob; an entry
/// there is two names, each a byte of length and that many bytes.
struct RegistryNames {
    let offset: Int

    @inline(__always)
    private static func name(at offset: Int) -> ByteView {
        let start = registryNamesStart() + offset
        return ByteView(unsafeBase: start + 1, count: Int(start.pointee))
    }

    var short: ByteView { Self.name(at: offset) }
    var long: ByteView { Self.name(at: offset &+ 1 &+ short.count) }
}
