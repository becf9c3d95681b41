import Dissection
import Wire

/// Texts of items as one printer wrote them before: most items of a capture repeat. An item's text is found by all that it depends
/// on: field, depth, flags, value, place, and the bytes of its label and of its value. Items of fields whose texts seldom repeat are
/// looked up only now and then.
///
/// ## Safety
/// The slots are allocated and zeroed in `init` and freed in `deinit`. A slot number is always masked to the table, and what lies
/// in a slot behind its head never exceeds the room there. `credits` has one for each field of the registry whose items are looked up.
final class RenderedItems {
    /// What an item's text depends on.
    struct Key {
        fileprivate let head: Head
        fileprivate let label: ByteView
        fileprivate let bytes: ByteView
        fileprivate let slot: Int
        fileprivate let field: Int
    }

    fileprivate struct Head {
        /// Field, depth and flags.
        var kind: UInt64
        var value: UInt64
        /// Where the item stands, as far as its text says so.
        var place: UInt64
        /// Of the label in the low half, of the value in the high half.
        var byteCounts: UInt32
        var textByteCount: UInt16
        /// 0 for a free slot, 1 for one that was filled, 2 for one that was found since.
        var use: UInt16

        @inline(__always)
        func isAlike(_ other: Head) -> Bool {
            (kind ^ other.kind) | (value ^ other.value) | (place ^ other.place) | UInt64(byteCounts ^ other.byteCounts) == 0
        }
    }

    /// Enough for the distinct items of a few hundred packets; those in use stay in the processor's cache.
    private static let slotCount = 4096
    private static let slotByteCount = 448
    private static let room = slotByteCount - MemoryLayout<Head>.size
    /// Items with longer labels or values are not kept.
    private static let contentByteCount = 128

    /// What a text that was found is worth, and what a field may have at most; each that is kept costs one.
    private static let creditOfText: UInt8 = 2
    private static let creditLimit: UInt8 = 64
    /// Of items of a field without credit, one of so many is looked up.
    private static let trialDistance = 128

    private let slots: UnsafeMutableRawPointer
    /// How well it pays to look an item up, by the number of its field.
    private let credits: UnsafeMutablePointer<UInt8>
    /// In memory of its own, as each access to a variable property would be checked.
    private let untried: UnsafeMutablePointer<Int>

    init(_ registry: Registry) {
        credits = .allocate(capacity: max(1, registry.fields.count))
        credits.initialize(repeating: Self.creditLimit, count: max(1, registry.fields.count))
        untried = .allocate(capacity: 1)
        untried.initialize(to: 0)
        slots = .allocate(byteCount: Self.slotCount * Self.slotByteCount, alignment: 64)
        slots.initializeMemory(as: UInt8.self, repeating: 0, count: Self.slotCount * Self.slotByteCount)
    }

    deinit {
        slots.deallocate()
        credits.deallocate()
        untried.deallocate()
    }

    /// The key of an item, or nil for one whose text is not kept.
    /// - Parameter place: where the item stands, where its text says so.
    @inline(__always)
    func key(_ item: Item, place: UInt64 = 0, _ format: UnsafePointer<FieldFormat>, _ frame: borrowing DissectedFrame) -> Key? {
        guard format.pointee.isRepetitive, isTried(item.field) else { return nil }
        let kind = UInt64(item.field.rawValue) | UInt64(item.depth) << 32 | UInt64(item.flags.rawValue) << 48
        var mixed = (kind &* 0x9e37_79b9_7f4a_7c15) ^ (place &* 0x1656_67b1_9e37_79f9)
        var value = item.value
        var (label, bytes) = (ByteView.empty, ByteView.empty)
        if format.pointee.isByteValue {
            // The value of a text is no more than where it stands.
            value = 0
            bytes = frame.valueBytes(of: item)
            guard bytes.count <= Self.contentByteCount else { return nil }
            mixed ^= bytes.sample &* 0x94d0_49bb_1331_11eb
        }
        if format.pointee.type == .proto { value = 0 }
        if item.label != 0 {
            label = frame.labelText(item)
            guard label.count <= Self.contentByteCount else { return nil }
            mixed ^= label.sample &* 0xff51_afd7_ed55_8ccd
        }
        mixed ^= value &* 0xc2b2_ae3d_27d4_eb4f
        let byteCounts = UInt32(truncatingIfNeeded: label.count) | UInt32(truncatingIfNeeded: bytes.count) << 16
        return Key(
            head: Head(kind: kind, value: value, place: place, byteCounts: byteCounts, textByteCount: 0, use: 1), label: label, bytes: bytes,
            slot: Int(truncatingIfNeeded: ((mixed ^ mixed >> 32) &* 0x9e37_79b9_7f4a_7c15) >> 52) & (Self.slotCount - 1),
            field: Int(item.field.rawValue))
    }

    @inline(__always)
    private func isTried(_ field: FieldID) -> Bool {
        if credits[Int(field.rawValue)] > 0 { return true }
        untried.pointee &+= 1
        return untried.pointee % Self.trialDistance == 0
    }

    /// Appends the text of an item: as it was written lately, or as `write` writes it, for the next time.
    /// - Parameter key: nil for an item whose text is not kept.
    @inline(__always)
    func append(_ key: Key?, to out: inout TextBuffer, _ write: (inout TextBuffer) -> Void) {
        guard let key else { return write(&out) }
        if let text = text(of: key, in: key.slot) ?? text(of: key, in: key.slot ^ 1) {
            credits[key.field] = min(credits[key.field] &+ Self.creditOfText, Self.creditLimit)
            return out.append(text)
        }
        if credits[key.field] > 0 { credits[key.field] &-= 1 }
        let begin = out.count
        write(&out)
        keep(key, out.bytes(begin..<out.count))
    }

    @inline(__always)
    private func text(of key: Key, in number: Int) -> ByteView? {
        let slot = slots + number &* Self.slotByteCount
        let head = slot.assumingMemoryBound(to: Head.self)
        guard head.pointee.isAlike(key.head), head.pointee.use > 0 else { return nil }
        var content = UnsafeRawPointer(slot + MemoryLayout<Head>.size)
        if key.head.byteCounts != 0 {
            guard ByteView(unsafeBase: content, count: key.label.count).equals(key.label) else { return nil }
            content += key.label.count
            guard ByteView(unsafeBase: content, count: key.bytes.count).equals(key.bytes) else { return nil }
            content += key.bytes.count
        }
        head.pointee.use = 2
        return ByteView(unsafeBase: content, count: Int(head.pointee.textByteCount))
    }

    /// Keeps the text of an item for the next time, in one of the two slots that it may be found in: not in the place of one that was
    /// found since it was filled, the first time.
    private func keep(_ key: Key, _ text: ByteView) {
        guard key.label.count + key.bytes.count + text.count <= Self.room else { return }
        let number = use(of: key.slot) < 2 ? key.slot : key.slot ^ 1
        if use(of: number) == 2 { for either in [number, number ^ 1] { demote(either) } }
        let slot = slots + number &* Self.slotByteCount
        var head = key.head
        head.textByteCount = UInt16(text.count)
        self.head(number).pointee = head
        let content = slot + MemoryLayout<Head>.size
        Self.copy(key.label, to: content)
        Self.copy(key.bytes, to: content + key.label.count)
        Self.copy(text, to: content + key.label.count + key.bytes.count)
    }

    private func use(of number: Int) -> UInt16 { head(number).pointee.use }

    private func demote(_ number: Int) { head(number).pointee.use = 1 }

    private func head(_ number: Int) -> UnsafeMutablePointer<Head> { (slots + number &* Self.slotByteCount).assumingMemoryBound(to: Head.self) }

    private static func copy(_ part: ByteView, to place: UnsafeMutableRawPointer) {
        part.withUnsafeBytes { UnsafeMutableRawBufferPointer(start: place, count: part.count).copyMemory(from: $0) }
    }
}
