import Synchronization
import Wire

/// Items that depend on a few bytes and where they stand, and on nothing else, as they were added before: most headers of a capture
/// have parts that repeat. Those that were met twice are copied from then on, instead of being worked out again.
///
/// ## Safety
/// The slots, if there are any, are allocated and zeroed in `init` and freed in `deinit`. A slot number is always masked to the table;
/// what lies in a slot behind its head never exceeds the room for it, as `keep` checks.
@usableFromInline
struct KeptItems: ~Copyable {
    /// What the items depend on.
    struct Key: Equatable {
        /// The field that names who adds them, and the offset in the source.
        var site: UInt64
        /// Source, depth, layer, and whether an error message quotes the packet.
        var place: UInt64
        var first: UInt64
        var second: UInt64
        var other: UInt64

        @inline(__always)
        static func == (one: Key, other: Key) -> Bool {
            let differences = (one.site ^ other.site) | (one.place ^ other.place) | (one.other ^ other.other)
            return differences | (one.first ^ other.first) | (one.second ^ other.second) == 0
        }

        @inline(__always)
        fileprivate var slot: Int {
            let bytes = (first &* 0xc2b2_ae3d_27d4_eb4f) ^ (second &* 0x1656_67b1_9e37_79f9)
            let mixed = bytes ^ (site &* 0x9e37_79b9_7f4a_7c15) ^ (other &* 0xff51_afd7_ed55_8ccd) ^ place
            return Int(truncatingIfNeeded: ((mixed ^ mixed >> 32) &* 0x9e37_79b9_7f4a_7c15) >> 54) & (KeptItems.slotCount - 1)
        }
    }

    /// Items with their labels and texts. Their numbers count from the first label and the first byte of text here.
    @usableFromInline
    struct Slot {
        var key: Key
        /// 0 while the key was met only once; otherwise no two of the process have the same.
        var number: UInt64 = 0
        var itemCount: UInt8 = 0
        var labelCount: UInt8 = 0
        /// Whether the items were copied since another key would have had the slot.
        var wasUsed = false
        var textByteCount: UInt16 = 0
        /// Items with a label, and those whose value is in the text: a bit each.
        var labelled: UInt16 = 0
        var inText: UInt16 = 0
        /// Counts the keys that had the slot.
        var meeting: UInt32 = 0
        /// The first of the items that are a run within this one, if any are, and how many there are.
        var innerStart: UInt8 = 0
        var innerCount: UInt8 = 0
        var innerNumber: UInt64 = 0

        fileprivate init(key: Key, meeting: UInt32) {
            self.key = key
            self.meeting = meeting
        }

        static let itemRoom = 16
        static let labelRoom = 8
        static let textRoom = 256
        fileprivate static let itemsAt = 128
        fileprivate static let labelsAt = itemsAt + itemRoom * 32
        fileprivate static let textAt = labelsAt + labelRoom * 8
        fileprivate static let byteCount = textAt + textRoom
    }

    private static let slotCount = 1024
    private static let lastNumber = Atomic<UInt64>(0)
    private let slots: UnsafeMutableRawPointer?

    /// - Parameter isEmpty: whether nothing is to be kept.
    init(isEmpty: Bool) {
        slots = isEmpty ? nil : .allocate(byteCount: Self.slotCount * Slot.byteCount, alignment: 64)
        slots?.initializeMemory(as: UInt8.self, repeating: 0, count: Self.slotCount * Slot.byteCount)
    }

    deinit { slots?.deallocate() }

    /// The slot that a key has, if anything is kept.
    @inline(__always)
    fileprivate func slot(of key: Key) -> UnsafeMutablePointer<Slot>? {
        slots.map { ($0 + key.slot &* Slot.byteCount).assumingMemoryBound(to: Slot.self) }
    }

    /// Keeps what was added to a frame, in the slot of a key that was met again; returns its number, or 0 where it does not fit.
    static func keep(
        in slot: UnsafeMutablePointer<Slot>, _ frame: borrowing DissectedFrame, items: Range<Int>, labels: Range<Int>, text: Range<Int>
    ) -> UInt64 {
        guard items.count <= Slot.itemRoom, labels.count <= Slot.labelRoom, text.count <= Slot.textRoom else { return 0 }
        let raw = UnsafeMutableRawPointer(slot)
        let (keptItems, keptLabels) = (raw.itemsOfSlot, raw.labelsOfSlot)
        var (labelled, inText): (UInt16, UInt16) = (0, 0)
        for (number, index) in items.enumerated() {
            var item = frame.item(index)
            if item.label != 0 {
                guard Int(item.label) > labels.lowerBound else { return 0 }
                item.label -= UInt32(labels.lowerBound)
                labelled |= 1 << UInt16(number)
            }
            if item.flags.contains(.inArena) {
                guard Int(item.value >> 32) >= text.lowerBound else { return 0 }
                item.value -= UInt64(text.lowerBound) << 32
                inText |= 1 << UInt16(number)
            }
            keptItems[number] = item
        }
        for (number, label) in labels.enumerated() {
            var range = frame.label(UInt32(label + 1))
            guard Int(range.offset) >= text.lowerBound else { return 0 }
            range.offset -= UInt32(text.lowerBound)
            keptLabels[number] = range
        }
        frame.text.bytes(text).withUnsafeBytes { UnsafeMutableRawBufferPointer(start: raw + Slot.textAt, count: text.count).copyMemory(from: $0) }
        if let inner = frame.firstRun(from: items.lowerBound), inner.end <= items.upperBound {
            slot.pointee.innerStart = UInt8(inner.start - items.lowerBound)
            slot.pointee.innerCount = UInt8(inner.end - inner.start)
            slot.pointee.innerNumber = inner.number
        }
        slot.pointee.itemCount = UInt8(items.count)
        slot.pointee.labelCount = UInt8(labels.count)
        slot.pointee.textByteCount = UInt16(text.count)
        slot.pointee.labelled = labelled
        slot.pointee.inText = inText
        slot.pointee.number = Self.lastNumber.add(1, ordering: .relaxed).newValue
        return slot.pointee.number
    }
}

extension UnsafeMutablePointer<KeptItems.Slot> {
    enum Found { case kept, metAgain, met }

    /// Whether the items of a key are kept here, or are to be kept now. Otherwise it is noted that the key was met, but not in the place of
    /// one that was used lately.
    @inline(__always)
    func find(_ key: KeptItems.Key) -> Found {
        if pointee.key == key {
            guard pointee.number > 0 else { return .metAgain }
            pointee.wasUsed = true
            return .kept
        }
        if pointee.wasUsed { pointee.wasUsed = false } else { pointee = KeptItems.Slot(key: key, meeting: pointee.meeting &+ 1) }
        return .met
    }
}

extension UnsafeMutableRawPointer {
    fileprivate var itemsOfSlot: UnsafeMutablePointer<Item> { (self + KeptItems.Slot.itemsAt).assumingMemoryBound(to: Item.self) }
    fileprivate var labelsOfSlot: UnsafeMutablePointer<ArenaRange> { (self + KeptItems.Slot.labelsAt).assumingMemoryBound(to: ArenaRange.self) }
}

extension DissectedFrame {
    /// Appends kept items; there is room for them.
    @inline(__always)
    mutating func append(_ slot: UnsafeMutablePointer<KeptItems.Slot>) {
        let raw = UnsafeMutableRawPointer(slot)
        let start = count
        let target = items + start
        let itemCount = Int(slot.pointee.itemCount)
        UnsafeMutableRawPointer(target).copyMemory(from: raw + KeptItems.Slot.itemsAt, byteCount: itemCount &* MemoryLayout<Item>.stride)
        count = start &+ itemCount
        noteRun(ItemRun(start: start, end: count, number: slot.pointee.number))
        if slot.pointee.innerCount > 0 {
            let innerStart = start &+ Int(slot.pointee.innerStart)
            noteRun(ItemRun(start: innerStart, end: innerStart &+ Int(slot.pointee.innerCount), number: slot.pointee.innerNumber))
        }
        guard slot.pointee.labelled | slot.pointee.inText != 0 else { return }
        let textStart = UInt32(truncatingIfNeeded: text.count)
        text.append(ByteView(UnsafeRawBufferPointer(start: raw + KeptItems.Slot.textAt, count: Int(slot.pointee.textByteCount))))
        let labelStart = UInt32(truncatingIfNeeded: labelCount)
        for number in 0..<Int(slot.pointee.labelCount) {
            let range = raw.labelsOfSlot[number]
            _ = addLabel(ArenaRange(offset: range.offset &+ textStart, byteCount: range.byteCount))
        }
        var (labelled, inText) = (slot.pointee.labelled, slot.pointee.inText)
        while labelled != 0 {
            target[labelled.trailingZeroBitCount].label &+= labelStart
            labelled &= labelled &- 1
        }
        while inText != 0 {
            target[inText.trailingZeroBitCount].value &+= UInt64(textStart) << 32
            inText &= inText &- 1
        }
    }
}

extension Context {
    /// Adds the items that `add` adds: as they were added the last time, where those are kept.
    ///
    /// `add` does nothing but add items (as deep as now, or deeper) that stand in these bytes and depend on them, on where they stand, on
    /// `other` and on nothing else.
    /// - Parameters:
    ///   - site: a field of the protocol that tells this caller from all others.
    ///   - offset: where the bytes stand in the reader's source; they were captured.
    ///   - byteCount: how many there are, at most 16.
    /// - Returns: the first item.
    @inlinable @inline(__always) @discardableResult
    public mutating func kept(
        _ site: FieldID, _ reader: Reader, _ offset: Int, _ byteCount: Int, and other: UInt64 = 0, _ add: (inout Context) -> Void
    ) -> ItemRef {
        let start = itemCount
        var first = FirstItem()
        if !wantsAll || !copyKept(site, reader, offset, byteCount, other, &first) {
            // One call, so that it costs none where nothing is kept.
            add(&self)
            if first.slot != nil { keep(from: first) }
        }
        return itemCount > start ? ItemRef(index: Int32(truncatingIfNeeded: start)) : .none
    }

    /// Copies the items, if they were kept; otherwise says where they begin, if they are to be.
    @usableFromInline
    mutating func copyKept(
        _ site: FieldID, _ reader: Reader, _ offset: Int, _ byteCount: Int, _ other: UInt64, _ first: inout FirstItem
    ) -> Bool {
        let bytes = reader.bytes[offset..<offset &+ byteCount]
        let key = KeptItems.Key(
            site: UInt64(site.rawValue) << 32 | UInt64(UInt32(truncatingIfNeeded: offset)),
            place: UInt64(reader.source) | UInt64(depth) << 16 | UInt64(layer) << 32 | (packet.isInError ? 1 << 48 : 0),
            first: bytes.word(from: 0), second: bytes.word(from: 8), other: other)
        guard let slot = keptItems.slot(of: key) else { return false }
        switch slot.find(key) {
        case .kept where dissected.hasRoom(Int(slot.pointee.itemCount)):
            dissected.append(slot)
            return true
        case .metAgain: first = FirstItem(in: slot, item: itemCount, label: dissected.labelCount, text: text.count)
        default: break
        }
        return false
    }

    @usableFromInline
    mutating func keep(from first: FirstItem) {
        // Of what was added since, something may have taken the slot. What reached the limit of items may not be all.
        guard let slot = first.slot, slot.pointee.meeting == first.meeting, first.item < itemCount, !reachedLimit else { return }
        let number = KeptItems.keep(
            in: slot, dissected, items: first.item..<itemCount, labels: first.label..<dissected.labelCount, text: first.text..<text.count)
        if number > 0 { dissected.noteRun(around: ItemRun(start: first.item, end: itemCount, number: number)) }
    }
}

/// Where items begin that are to be kept, and the slot that is theirs as long as its key is the one that was met.
@usableFromInline
struct FirstItem {
    @usableFromInline var slot: UnsafeMutablePointer<KeptItems.Slot>?
    @usableFromInline var meeting: UInt32 = 0
    @usableFromInline var item = 0
    @usableFromInline var label = 0
    @usableFromInline var text = 0

    @inlinable init() {}

    init(in slot: UnsafeMutablePointer<KeptItems.Slot>, item: Int, label: Int, text: Int) {
        (self.slot, meeting) = (slot, slot.pointee.meeting)
        (self.item, self.label, self.text) = (item, label, text)
    }
}
