import Dissection
import Wire

/// Texts of items as one printer wrote them before, by field, value, depth and flags: most items of a capture repeat.
/// A text may have two parts, with bytes of the item at hand between them.
///
/// ## Safety
/// The slots and their texts are allocated in `init` and freed in `deinit`; a slot number is always masked to the table, and
/// the two lengths of a slot together never exceed the room it has.
final class RenderedItems {
    struct Parts {
        let first: ByteView
        let second: ByteView
    }

    private struct Slot {
        var key: UInt64 = .max
        var value: UInt64 = 0
        var firstByteCount: UInt16 = 0
        var secondByteCount: UInt16 = 0
    }

    /// Enough for the distinct items of a few hundred packets; a table that stays in the processor's cache.
    private static let slotCount = 4096
    /// Longer texts are not kept.
    private static let textByteCount = 224

    private let slots: UnsafeMutablePointer<Slot>
    private let texts: UnsafeMutablePointer<UInt8>

    init() {
        slots = .allocate(capacity: Self.slotCount)
        slots.initialize(repeating: Slot(), count: Self.slotCount)
        texts = .allocate(capacity: Self.slotCount * Self.textByteCount)
    }

    deinit {
        slots.deallocate()
        texts.deallocate()
    }

    /// What tells items apart besides their value.
    @inline(__always)
    static func key(_ item: Item) -> UInt64 {
        UInt64(item.field.rawValue) | UInt64(item.depth) << 32 | UInt64(item.flags.rawValue) << 48
    }

    @inline(__always)
    private static func slot(_ key: UInt64, _ value: UInt64) -> Int {
        let mixed = (key &* 0x9e37_79b9_7f4a_7c15) ^ (value &* 0xc2b2_ae3d_27d4_eb4f)
        return Int(truncatingIfNeeded: mixed >> 40) & (slotCount - 1)
    }

    /// The text of an item, if it was written lately; valid until the next `keep`.
    @inline(__always)
    func find(_ key: UInt64, _ value: UInt64) -> Parts? {
        let number = Self.slot(key, value)
        let slot = slots[number]
        guard slot.key == key, slot.value == value else { return nil }
        let text = texts + number * Self.textByteCount
        return Parts(
            first: ByteView(unsafeBase: text, count: Int(slot.firstByteCount)),
            second: ByteView(unsafeBase: text + Int(slot.firstByteCount), count: Int(slot.secondByteCount)))
    }

    /// Keeps the text of an item for the next time.
    func keep(_ key: UInt64, _ value: UInt64, _ first: ByteView, _ second: ByteView = .empty) {
        guard first.count + second.count <= Self.textByteCount else { return }
        let number = Self.slot(key, value)
        slots[number] = Slot(key: key, value: value, firstByteCount: UInt16(first.count), secondByteCount: UInt16(second.count))
        let text = UnsafeMutableRawPointer(texts + number * Self.textByteCount)
        first.withUnsafeBytes { text.copyMemory(from: $0.baseAddress ?? UnsafeRawPointer(text), byteCount: $0.count) }
        second.withUnsafeBytes { (text + first.count).copyMemory(from: $0.baseAddress ?? UnsafeRawPointer(text), byteCount: $0.count) }
    }
}
