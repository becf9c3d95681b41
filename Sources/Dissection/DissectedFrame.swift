import Wire

/// What dissecting one frame gave: its tree, texts, sources and columns. Printers and filters read it.
///
/// A frame is filled by a `Context` and then only read, on whatever thread; it can be filled again without giving memory back.
///
/// ## Safety
/// `items` and `labels` are owned here, grown only by `growItems` and `addLabel`, and indexed below their counts; `runs` has a fixed
/// size and is indexed below `runCount`.
public struct DissectedFrame: ~Copyable {
    /// What the capture file says of the frame.
    public var info = FrameInfo()
    public var sources = Sources()
    public var columns = Columns()
    /// Texts of the frame: own labels, and values that are no range of a source.
    public var text = TextBuffer(capacity: 512)
    @usableFromInline var count = 0
    @inlinable public var itemCount: Int { count }
    @usableFromInline var items: UnsafeMutablePointer<Item>
    @usableFromInline var itemCapacity = 64
    @usableFromInline var labels: UnsafeMutablePointer<ArenaRange>
    private var labelCapacity = 32
    @usableFromInline var labelCount = 0
    /// Items that printers may have printed before as a whole, in order.
    private let runs: UnsafeMutablePointer<ItemRun>
    private static let runLimit = 48
    public private(set) var runCount = 0
    /// Behind the last item of the last run.
    @usableFromInline var runsEnd = 0
    /// A copy of the frame's bytes, where the frame outlives the buffer that it was read into.
    private var ownBytes: UnsafeMutableRawBufferPointer?

    public init() {
        items = .allocate(capacity: itemCapacity)
        labels = .allocate(capacity: labelCapacity)
        runs = .allocate(capacity: Self.runLimit)
    }

    deinit {
        items.deallocate()
        labels.deallocate()
        runs.deallocate()
        ownBytes?.deallocate()
    }

    /// Forgets everything but `info`, for a frame with these bytes.
    mutating func reset(_ bytes: ByteView, wantsColumns: Bool) {
        count = 0
        labelCount = 0
        forgetRuns()
        text.truncate()
        sources.reset(frame: bytes)
        columns.reset(wanted: wantsColumns)
    }

    /// Forgets the frame, and gives back the memory that only few frames need.
    public mutating func release() {
        reset(.empty, wantsColumns: false)
        if text.capacity > Self.keptTextByteCount { text = TextBuffer(capacity: 512) }
        if let bytes = ownBytes, bytes.count > Self.keptByteCount {
            bytes.deallocate()
            ownBytes = nil
        }
        guard itemCapacity > Self.keptItemCount else { return }
        items.deallocate()
        itemCapacity = Self.keptItemCount
        items = .allocate(capacity: itemCapacity)
    }

    private static let keptItemCount = 512
    private static let keptTextByteCount = 16 * 1024
    private static let keptByteCount = 4096

    /// Takes the frame's bytes into memory of its own, so that they outlive the reader's buffer.
    public mutating func keepBytes() {
        let bytes = sources[0].bytes
        if ownBytes.map({ $0.count < bytes.count }) ?? true {
            ownBytes?.deallocate()
            ownBytes = .allocate(byteCount: max(2048, bytes.count), alignment: 16)
        }
        guard let ownBytes else { return }
        bytes.withUnsafeBytes { ownBytes.copyMemory(from: $0) }
        sources.replaceFrame(ByteView(UnsafeRawBufferPointer(rebasing: ownBytes[..<bytes.count])))
    }

    // MARK: Items

    @inlinable @inline(__always)
    public func item(_ index: Int) -> Item {
        precondition(index >= 0 && index < itemCount, "item outside the frame's tree")
        return items[index]
    }

    /// The index behind the last item under the item at `index`.
    @inlinable
    public func endOfSubtree(at index: Int) -> Int {
        let depth = item(index).depth
        var end = index + 1
        while end < itemCount, items[end].depth > depth { end += 1 }
        return end
    }

    /// Makes room for more items, up to `limit`.
    @usableFromInline
    mutating func growItems(limit: Int) -> Bool {
        guard itemCapacity < limit else { return false }
        items.makeRoom(&itemCapacity, keeping: itemCount)
        return true
    }

    /// Whether this many items fit without more room being made.
    @inline(__always)
    func hasRoom(_ extra: Int) -> Bool { extra <= itemCapacity &- count }

    // MARK: Runs

    /// A run of items, by its place among the runs of the frame.
    @inline(__always)
    public func run(_ index: Int) -> ItemRun {
        precondition(index >= 0 && index < runCount, "run that the frame does not have")
        return runs[index]
    }

    /// Notes a run behind those before it, while there is room. A run may hold others, which follow it.
    @inline(__always)
    mutating func noteRun(_ run: ItemRun) {
        guard runCount < Self.runLimit else { return }
        runs[runCount] = run
        runCount &+= 1
        runsEnd = max(runsEnd, run.end)
    }

    /// Notes a run before those that begin with it or behind its start, which it holds.
    mutating func noteRun(around run: ItemRun) {
        guard runCount < Self.runLimit else { return }
        noteRun(run)
        var place = runCount - 1
        while place > 0, runs[place - 1].start >= run.start {
            runs[place] = runs[place - 1]
            place -= 1
        }
        runs[place] = run
    }

    /// The first run that begins with the item at `index`, or behind it.
    func firstRun(from index: Int) -> ItemRun? { (0..<runCount).first { runs[$0].start >= index }.map { runs[$0] } }

    /// These items are no longer as they were kept: runs that hold any of them end.
    @usableFromInline
    mutating func forgetRuns(holding items: Range<Int>) {
        var place = 0
        while place < runCount, runs[place].start < items.upperBound {
            if items.lowerBound < runs[place].end {
                for later in place..<runCount - 1 { runs[later] = runs[later + 1] }
                runCount -= 1
            } else {
                place &+= 1
            }
        }
    }

    mutating func forgetRuns() {
        runCount = 0
        runsEnd = 0
    }

    /// Items from `start` on were moved before `target`: runs move with their items, and those that were parted end.
    mutating func moveRuns(from start: Int, before target: Int) {
        let moved = count - start
        let before = Array(UnsafeBufferPointer(start: runs, count: runCount))
        forgetRuns()
        func keep(_ run: ItemRun, shiftedBy shift: Int) { noteRun(ItemRun(start: run.start + shift, end: run.end + shift, number: run.number)) }
        for run in before where run.end <= target { keep(run, shiftedBy: 0) }
        for run in before where run.start >= start { keep(run, shiftedBy: target - start) }
        for run in before where run.start >= target && run.end <= start { keep(run, shiftedBy: moved) }
    }

    // MARK: Values and labels

    /// The bytes that an item covers, as far as they were captured.
    @inlinable
    public func bytes(of item: Item) -> ByteView {
        guard Int(item.source) < sources.count else { return .empty }
        let offset = Int(item.offset)
        return sources[Int(item.source)].bytes[offset..<offset + Int(item.byteCount)]
    }

    /// The bytes of a text or byte value.
    @inlinable
    public func valueBytes(of item: Item) -> ByteView {
        if item.flags.contains(.inArena) { return text.bytes(ArenaRange(packed: item.value).range) }
        if item.flags.contains(.ownRange), Int(item.source) < sources.count {
            return sources[Int(item.source)].bytes[ArenaRange(packed: item.value).range]
        }
        return bytes(of: item)
    }

    /// The text that an item carries: whole, appended or for its value, as its flags say.
    @inlinable
    public func labelText(_ item: Item) -> ByteView {
        item.label == 0 ? .empty : text.bytes(label(item.label).range)
    }

    /// The label with a number that `addLabel` gave.
    @inlinable
    func label(_ number: UInt32) -> ArenaRange {
        precondition(number > 0 && Int(number) <= labelCount, "label that the frame does not have")
        return labels[Int(number) - 1]
    }

    mutating func setLabel(_ number: UInt32, _ range: ArenaRange) {
        precondition(number > 0 && Int(number) <= labelCount, "label that the frame does not have")
        labels[Int(number) - 1] = range
    }

    /// Keeps a range of `text` as a label; returns its number, from 1.
    mutating func addLabel(_ range: ArenaRange) -> UInt32 {
        if labelCount == labelCapacity { labels.makeRoom(&labelCapacity, keeping: labelCount) }
        labels[labelCount] = range
        labelCount += 1
        return UInt32(labelCount)
    }
}

/// Items in a row that are the same wherever the number is.
public struct ItemRun: Sendable {
    public var start: Int
    /// The index behind the last item.
    public var end: Int
    public var number: UInt64
}

/// A dissected frame in a place of its own: it changes hands without being moved.
///
/// ## Safety
/// The place is allocated and filled in `init`, and emptied in `deinit`; who has the slot has the frame alone.
public struct FrameSlot: ~Copyable {
    @usableFromInline let place: UnsafeMutablePointer<DissectedFrame>

    public init() {
        place = .allocate(capacity: 1)
        place.initialize(to: DissectedFrame())
    }

    deinit {
        place.deinitialize(count: 1)
        place.deallocate()
    }

    @inlinable public var frame: DissectedFrame {
        @inline(__always) unsafeAddress { UnsafePointer(place) }
        @inline(__always) unsafeMutableAddress { place }
    }
}

extension UnsafeMutablePointer {
    /// Moves the first `count` trivial elements to twice the room, and frees what they were in: for owners of what they point to.
    mutating func makeRoom(_ capacity: inout Int, keeping count: Int) {
        let larger = Self.allocate(capacity: capacity * 2)
        larger.update(from: self, count: count)
        deallocate()
        self = larger
        capacity *= 2
    }
}
