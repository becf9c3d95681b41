import Wire

/// The frame that is being dissected: takes items, texts, sources and columns, and hands layers on.
///
/// One context serves a whole run: `begin` resets it for the next frame without giving memory back. It is passed
/// `inout` down the chain and never stored.
///
/// ## Safety
/// `layers` is owned here, made larger by `noteLayer` alone, and indexed below `layerCount`. Items are indexed below the frame's
/// count of them. `wanted` and `needed` belong to `plan`, `boxes` to `registry`, both of which the context holds.
public struct Context: ~Copyable {
    /// Items of one frame, at most: a packet that makes more is hostile, and printing it would not end soon.
    public static let itemLimit = 1_000_000
    /// Layers of one frame, at most: deeper nesting is hostile, and each takes stack.
    public static let layerLimit = 100
    /// Bytes of the text that stands for an item, as many as Wireshark's have.
    public static let labelByteLimit = 239
    /// Bytes of all derived sources of one frame, at most.
    public static let derivedByteLimit = 64 << 20

    public let registry: Registry
    public let plan: Plan
    @usableFromInline let wanted: UnsafeMutablePointer<UInt8>
    @usableFromInline let needed: UnsafeMutablePointer<UInt8>
    let boxes: UnsafeMutablePointer<Unmanaged<DissectorBox>>
    /// Where the frame at hand is; may be exchanged between two frames.
    public var slot = FrameSlot()
    /// The depth at which items are added now.
    public var depth: UInt16 = 0
    /// The depth of the node of each layer handed on: 0 but inside a quoted packet.
    public var baseDepth: UInt16 = 0
    @usableFromInline var layer: UInt16 = 0
    public internal(set) var reachedLimit = false
    /// Whether a layer needed bytes of the frame that were not captured.
    public internal(set) var wasTruncated = false
    /// Layers of the frame that could not be read to their end, and were marked.
    public internal(set) var markCount = 0

    public var packet = PacketInfo()
    /// The layers of the frame, by dissector, for `frame.protocols`.
    var layers: UnsafeMutablePointer<DissectorID>
    var layerCapacity = 128
    public internal(set) var layerCount = 0
    /// How names stand in for addresses; the session sets it.
    public var resolution = NameResolution()
    /// Dissectors that took a conversation over.
    var bindings: [StreamKey: DissectorID] = [:]
    var layerDepth = 0
    /// The ends of the layers that the plan wants them of, the outermost first.
    public var endpoints: [LayerEndpoints] = []
    /// Items of top layers within the items of a quoted packet, which are to stand behind it.
    var floating: [Range<Int>] = []
    private var derivedByteCount = 0
    /// Where the marks of malformed layers stand: the start of what the outermost layer that goes on after an error handed
    /// on. What the capture cut is marked at the frame's start.
    public var markPlace: (source: UInt16, offset: Int) = (0, 0)

    /// Items that were added before; none where only some fields are wanted, which are cheaper to add.
    let keptItems: KeptItems

    /// What the trackers of stateful layers remember from frame to frame.
    public let state: SessionState
    public let pass: Pass
    let facts: FactStore?
    private var factOrdinals: [Int]
    /// Whether the second pass may lack some of the frames, so that facts must hold what stands in them; set by the session.
    public var mayLackFrames = false
    /// The only TCP conversation of which more is asked than its number; nil for all.
    public var onlyStream: UInt32?
    /// Chooses the colours of frames, if anybody shows them.
    public var coloring: (any FrameColoring)?
    /// Bytes of frames dissected earlier, for the second pass; set by the session.
    public var earlierFrames: (any EarlierFrames)?

    public init(_ registry: Registry, plan: Plan, pass: Pass = .only, facts: FactStore? = nil) {
        self.registry = registry
        self.plan = plan
        wanted = plan.wanted
        needed = plan.needed
        boxes = registry.boxes
        layers = .allocate(capacity: layerCapacity)
        keptItems = KeptItems(isEmpty: !plan.wantsAll)
        state = SessionState(registry)
        self.pass = pass
        self.facts = facts
        factOrdinals = [Int](repeating: 0, count: registry.factMakers.count)
    }

    deinit { layers.deallocate() }

    // MARK: The frame at hand

    @inlinable public var dissected: DissectedFrame {
        @inline(__always) unsafeAddress { UnsafePointer(slot.place) }
        @inline(__always) unsafeMutableAddress { slot.place }
    }

    /// What the capture file says of the frame.
    @inlinable public var frame: FrameInfo {
        _read { yield dissected.info }
        _modify { yield &dissected.info }
    }

    @inlinable public var columns: Columns {
        _read { yield dissected.columns }
        _modify { yield &dissected.columns }
    }

    @inlinable public var text: TextBuffer {
        _read { yield dissected.text }
        _modify { yield &dissected.text }
    }

    @inlinable public var sources: Sources {
        _read { yield dissected.sources }
    }

    @inlinable public var itemCount: Int { dissected.itemCount }
    @inlinable var items: UnsafeMutablePointer<Item> { dissected.items }

    /// Makes the context ready for a frame whose bytes stay in place until it is printed.
    public mutating func begin(_ bytes: ByteView) {
        depth = 0
        baseDepth = 0
        layer = 0
        layerDepth = 0
        reachedLimit = false
        wasTruncated = false
        markCount = 0
        if !endpoints.isEmpty { endpoints.removeAll(keepingCapacity: true) }
        if !floating.isEmpty { floating.removeAll(keepingCapacity: true) }
        markPlace = (0, 0)
        derivedByteCount = 0
        packet = PacketInfo()
        dissected.reset(bytes, wantsColumns: plan.wantsColumns)
        layerCount = 0
        if pass == .second {
            for index in factOrdinals.indices { factOrdinals[index] = 0 }
        }
    }

    // MARK: Wants

    @inlinable @inline(__always)
    public func wants(_ field: FieldID) -> Bool { wanted[Int(field.rawValue)] != 0 }

    /// Whether any field of a protocol is wanted: a dissector asks before it adds a block of them.
    @inlinable @inline(__always)
    public func wantsFields(of proto: ProtocolID) -> Bool { plan.wantsFields(of: proto) }

    @inlinable @inline(__always)
    public var wantsAll: Bool { plan.wantsAll }

    /// Whether the texts of items are made; ask before making one.
    @inlinable @inline(__always)
    public var wantsLabels: Bool { plan.wantsLabels }

    /// Whether any of some fields is wanted.
    @inlinable @inline(__always)
    public func wantsAny(_ fields: FieldRange) -> Bool { plan.wantsAny(fields) }

    /// Whether a protocol hands on to any dissector that must run.
    @inlinable
    public func leadsOn(_ proto: ProtocolID) -> Bool { plan.leading[Int(proto.rawValue)] != 0 }

    @inlinable
    public func needs(_ needs: FieldNeeds) -> Bool { !plan.needs.isDisjoint(with: needs) }

    // MARK: Adding items

    /// Adds an item if it is wanted.
    @inlinable @inline(__always) @discardableResult
    public mutating func add(
        _ field: FieldID, _ reader: Reader, _ offset: Int, _ byteCount: Int, value: UInt64 = 0, flags: Item.Flags = []
    ) -> ItemRef {
        guard wants(field) else { return .none }
        return append(field, source: reader.source, offset: offset, byteCount: byteCount, value: value, flags: flags)
    }

    @inlinable
    public mutating func append(_ field: FieldID, source: UInt16, offset: Int, byteCount: Int, value: UInt64, flags: Item.Flags) -> ItemRef {
        let index = dissected.count
        if index == dissected.itemCapacity, !growItems() { return .none }
        items[index] = Item(
            value: value, offset: UInt32(truncatingIfNeeded: offset), byteCount: UInt32(truncatingIfNeeded: max(0, byteCount)),
            field: field, label: 0, flags: flags, source: source, depth: depth, layer: layer)
        dissected.count = index &+ 1
        return ItemRef(index: Int32(truncatingIfNeeded: index))
    }

    @usableFromInline
    mutating func growItems() -> Bool {
        if dissected.growItems(limit: Self.itemLimit) { return true }
        reachedLimit = true
        return false
    }

    /// Reads an 8-bit number and adds it.
    @inlinable @inline(__always) @discardableResult
    public mutating func uint8(_ field: FieldID, _ reader: inout Reader) throws(DissectionError) -> UInt8 {
        let value = try reader.uint8()
        add(field, reader, reader.offset &- 1, 1, value: UInt64(value))
        return value
    }

    /// Reads a 16-bit number and adds it.
    @inlinable @inline(__always) @discardableResult
    public mutating func uint16(_ field: FieldID, _ reader: inout Reader) throws(DissectionError) -> UInt16 {
        let value = try reader.uint16()
        add(field, reader, reader.offset &- 2, 2, value: UInt64(value))
        return value
    }

    /// Reads a 24-bit number and adds it.
    @inlinable @discardableResult
    public mutating func uint24(_ field: FieldID, _ reader: inout Reader) throws(DissectionError) -> UInt32 {
        let value = try reader.uint24()
        add(field, reader, reader.offset &- 3, 3, value: UInt64(value))
        return value
    }

    /// Reads a 32-bit number and adds it.
    @inlinable @inline(__always) @discardableResult
    public mutating func uint32(_ field: FieldID, _ reader: inout Reader) throws(DissectionError) -> UInt32 {
        let value = try reader.uint32()
        add(field, reader, reader.offset &- 4, 4, value: UInt64(value))
        return value
    }

    /// Reads a 64-bit number and adds it.
    @inlinable @discardableResult
    public mutating func uint64(_ field: FieldID, _ reader: inout Reader) throws(DissectionError) -> UInt64 {
        let value = try reader.uint64()
        add(field, reader, reader.offset &- 8, 8, value: value)
        return value
    }

    /// Adds a field of bits within a word that was read already: the value is what the field's mask leaves.
    @inlinable @discardableResult
    public mutating func bits(_ field: FieldID, _ reader: Reader, _ offset: Int, _ byteCount: Int, word: UInt64, flags: Item.Flags = []) -> ItemRef {
        guard wants(field) else { return .none }
        return append(field, source: reader.source, offset: offset, byteCount: byteCount, value: maskedValue(field, word), flags: flags)
    }

    @usableFromInline
    func maskedValue(_ field: FieldID, _ word: UInt64) -> UInt64 {
        let mask = registry.mask(of: field)
        return mask == 0 ? word : (word & mask) >> UInt64(mask.trailingZeroBitCount)
    }

    /// Adds a number that was worked out and stands at no bytes of its own.
    @inlinable @discardableResult
    public mutating func generated(_ field: FieldID, _ reader: Reader, _ offset: Int, _ byteCount: Int = 0, value: UInt64, flags: Item.Flags = []) -> ItemRef {
        add(field, reader, offset, byteCount, value: value, flags: flags.union(.generated))
    }

    /// Adds a text or byte value that is no range of a source.
    public mutating func addText(
        _ field: FieldID, _ reader: Reader, _ offset: Int, _ byteCount: Int, flags: Item.Flags = [], _ write: (inout TextBuffer) -> Void
    ) -> ItemRef {
        guard wants(field) else { return .none }
        let begin = text.count
        write(&text)
        let range = ArenaRange(offset: UInt32(begin), byteCount: UInt32(text.count - begin))
        return append(field, source: reader.source, offset: offset, byteCount: byteCount, value: range.packed, flags: flags.union(.inArena))
    }

    /// Adds a text or byte value that is a part of the item's bytes, or other bytes of the same source.
    @discardableResult
    public mutating func addRange(
        _ field: FieldID, _ reader: Reader, _ offset: Int, _ byteCount: Int, valueAt valueOffset: Int, _ valueByteCount: Int, flags: Item.Flags = []
    ) -> ItemRef {
        guard wants(field) else { return .none }
        let range = ArenaRange(offset: UInt32(truncatingIfNeeded: valueOffset), byteCount: UInt32(truncatingIfNeeded: max(0, valueByteCount)))
        return append(field, source: reader.source, offset: offset, byteCount: byteCount, value: range.packed, flags: flags.union(.ownRange))
    }

    /// Adds a text that stands in the packet. It ends at the first zero byte; an expert item tells of other bytes behind it.
    @discardableResult
    public mutating func string(_ field: FieldID, _ reader: Reader, _ offset: Int, _ byteCount: Int, flags: Item.Flags = []) -> ItemRef {
        guard wants(field) || wants(registry.core.strayCharacters) else { return .none }
        let bytes = reader.captured(offset, byteCount)
        guard let end = bytes.firstIndex(of: 0) else { return add(field, reader, offset, byteCount, flags: flags) }
        let item = addRange(field, reader, offset, byteCount, valueAt: offset, end, flags: flags)
        if (end..<bytes.count).contains(where: { bytes[$0] != 0 }) { expert(under: item, registry.core.strayCharacters) }
        return item
    }

    /// Adds a node with a text and no field.
    @inlinable @discardableResult
    public mutating func heading(
        _ reader: Reader, _ offset: Int, _ byteCount: Int, flags: Item.Flags = [], _ write: (inout TextBuffer) -> Void
    ) -> ItemRef {
        guard wants(.text) else { return .none }
        let ref = append(.text, source: reader.source, offset: offset, byteCount: byteCount, value: 0, flags: flags)
        label(ref, write)
        return ref
    }

    // MARK: Changing items

    public subscript(ref: ItemRef) -> Item {
        get { items[Int(ref.index)] }
    }

    @inlinable
    public func item(_ index: Int) -> Item { dissected.item(index) }

    /// Comes before each change of an item: what printers printed before is no longer what is to be printed.
    @usableFromInline @inline(__always)
    mutating func noteChange(of ref: ItemRef) {
        let index = Int(ref.index)
        if index < dissected.runsEnd { dissected.forgetRuns(holding: index..<index &+ 1) }
    }

    /// Changes an item, if it exists.
    private mutating func change(_ ref: ItemRef, _ body: (inout Item) -> Void) {
        guard ref.exists else { return }
        noteChange(of: ref)
        body(&items[Int(ref.index)])
    }

    public mutating func setByteCount(_ ref: ItemRef, _ byteCount: Int) {
        change(ref) { $0.byteCount = UInt32(truncatingIfNeeded: max(0, byteCount)) }
    }

    /// Lets the item reach up to `end`, from the start of its source.
    public mutating func extend(_ ref: ItemRef, to end: Int) {
        if ref.exists { setByteCount(ref, end - Int(items[Int(ref.index)].offset)) }
    }

    public mutating func setValue(_ ref: ItemRef, _ value: UInt64) { change(ref) { $0.value = value } }

    public mutating func setFlags(_ ref: ItemRef, _ flags: Item.Flags) { change(ref) { $0.flags.formUnion(flags) } }

    /// Gives the item a text of its own, in place of name and value.
    @inlinable @inline(__always)
    public mutating func label(_ ref: ItemRef, _ write: (inout TextBuffer) -> Void) {
        if ref.exists, wantsLabels { setLabel(ref, .ownLabel, write) }
    }

    /// Gives the item a text that stands for its value, after the name.
    @inlinable @inline(__always)
    public mutating func valueLabel(_ ref: ItemRef, _ write: (inout TextBuffer) -> Void) {
        if ref.exists, wantsLabels { setLabel(ref, .valueLabel, write) }
    }

    @usableFromInline
    mutating func setLabel(_ ref: ItemRef, _ flag: Item.Flags, _ write: (inout TextBuffer) -> Void) {
        noteChange(of: ref)
        let begin = text.count
        write(&text)
        items[Int(ref.index)].label = dissected.addLabel(ArenaRange(offset: UInt32(begin), byteCount: UInt32(text.count - begin)))
        items[Int(ref.index)].flags.formUnion(flag)
    }

    /// Appends to the text of an item. What does not fit the limit of a whole text is left out without a mark.
    @inlinable @inline(__always)
    public mutating func appendLabel(_ ref: ItemRef, _ write: (inout TextBuffer) -> Void) {
        if ref.exists, wantsLabels { extendLabel(ref, write) }
    }

    @usableFromInline
    mutating func extendLabel(_ ref: ItemRef, _ write: (inout TextBuffer) -> Void) {
        let label = items[Int(ref.index)].label
        guard label > 0 else {
            setLabel(ref, .appended, write)
            return
        }
        noteChange(of: ref)
        var range = dissected.label(label)
        if range.range.upperBound != text.count {
            let begin = text.count
            text.appendCopy(of: range.range)
            range = ArenaRange(offset: UInt32(begin), byteCount: range.byteCount)
        }
        let baseByteCount = range.byteCount
        write(&text)
        range.byteCount = UInt32(text.count) - range.offset
        if items[Int(ref.index)].flags.contains(.ownLabel) {
            range.byteCount = min(range.byteCount, max(baseByteCount, UInt32(Self.labelByteLimit)))
        }
        dissected.setLabel(label, range)
        if items[Int(ref.index)].flags.isDisjoint(with: [.ownLabel, .appended]) { items[Int(ref.index)].flags.formUnion(.valueLabel) }
    }

    /// Items added from here on stand under the one before; `close` ends it.
    @inlinable @inline(__always) public mutating func open() { depth &+= 1 }
    @inlinable @inline(__always) public mutating func close() { depth &-= 1 }

    /// Moves the items from `start` on to behind the last item under `parent`. References to items after it no longer hold.
    public mutating func moveItems(from start: Int, under parent: ItemRef) {
        guard parent.exists, start < itemCount else { return }
        var target = Int(parent.index) + 1
        let parentDepth = items[Int(parent.index)].depth
        while target < start, items[target].depth > parentDepth { target += 1 }
        let shift = Int(parentDepth) + 1 - Int(items[start].depth)
        if shift != 0 {
            dissected.forgetRuns(holding: start..<itemCount)
            for index in start..<itemCount { items[index].depth = UInt16(clamping: Int(items[index].depth) + shift) }
        }
        moveItems(from: start, before: target)
    }

    /// Moves the items from `start` on to before the item at `target`. References to items from there on no longer hold.
    public mutating func moveItems(from start: Int, before target: Int) {
        guard target >= 0, target < start, start < itemCount else { return }
        let moved = itemCount - start
        while dissected.itemCapacity < itemCount + moved {
            guard growItems() else { return }
        }
        if dissected.runsEnd > target { dissected.moveRuns(from: start, before: target) }
        (items + itemCount).update(from: items + start, count: moved)
        (items + target + moved).update(from: items + target, count: start - target)
        (items + target).update(from: items + itemCount, count: moved)
    }

    // MARK: Protocol nodes

    /// Adds a protocol's node over what is left of the layer, and opens it.
    @inlinable @discardableResult
    public mutating func begin(_ node: FieldID, _ reader: Reader, byteCount: Int? = nil) -> ItemRef {
        let ref = add(node, reader, reader.offset, min(byteCount ?? .max, reader.capturedRemaining), value: UInt64(truncatingIfNeeded: reader.capturedEnd))
        depth &+= 1
        return ref
    }

    // MARK: Expert items

    /// Adds an expert item at the present depth. It stands at no bytes of its own.
    public mutating func expert(_ expert: ExpertID, _ write: ((inout TextBuffer) -> Void)? = nil) {
        guard wants(expert) else { return }
        let info = registry.experts[Int(expert.rawValue)]
        let core = registry.core
        let begin = text.count
        if let write { write(&text) } else { text.append(info.summary) }
        let message = ArenaRange(offset: UInt32(begin), byteCount: UInt32(text.count - begin))
        label(placeless(core.expert, [.generated])) { text in
            text.append("Expert Info (")
            text.append(info.severity.name)
            text.append("/")
            text.append(info.group.name)
            text.append("): ")
            text.appendCopy(of: message.range)
        }
        open()
        let own = placeless(info.field, [.generated])
        if wantsLabels, own.exists {
            items[Int(own.index)].label = dissected.addLabel(message)
            items[Int(own.index)].flags.formUnion(.ownLabel)
        }
        _ = placeless(core.expertMessage, [.generated, .hidden, .inArena], value: message.packed)
        _ = placeless(core.expertSeverity, [.generated], value: UInt64(info.severity.rawValue))
        _ = placeless(core.expertGroup, [.generated], value: UInt64(info.group.rawValue))
        close()
        // A filter for malformed packets finds those that only an expert item calls so.
        if info.group == .malformed { _ = placeless(core.malformed, [.generated, .hidden]) }
    }

    /// Whether any part of an expert item is wanted.
    public func wants(_ expert: ExpertID) -> Bool {
        let info = registry.experts[Int(expert.rawValue)]
        let core = registry.core
        return wants(core.expert) || wants(info.field) || wants(core.expertMessage) || wants(core.expertSeverity) || wants(core.expertGroup)
            || info.group == .malformed && wants(core.malformed)
    }

    /// Adds an item that belongs to no place in the packet.
    private mutating func placeless(_ field: FieldID, _ flags: Item.Flags, value: UInt64 = 0) -> ItemRef {
        guard wants(field) else { return .none }
        return append(field, source: 0, offset: 0, byteCount: 0, value: value, flags: packet.isInError ? flags.union(.quoted) : flags)
    }

    /// Adds an expert item behind the last item under `parent`.
    public mutating func expert(under parent: ItemRef, _ expert: ExpertID, _ write: ((inout TextBuffer) -> Void)? = nil) {
        let start = itemCount
        self.expert(expert, write)
        if parent.exists { moveItems(from: start, under: parent) }
    }

    // MARK: Derived sources

    /// Makes a new source of the frame and returns a reader over it, or nil when the frame's budget for them is spent.
    public mutating func derive(
        _ name: StaticString, from parent: Reader, byteCount: Int, _ fill: (UnsafeMutableRawBufferPointer) -> Int
    ) -> Reader? {
        guard byteCount >= 0, byteCount <= Self.derivedByteLimit - derivedByteCount, sources.count < Int(UInt16.max) else {
            reachedLimit = true
            return nil
        }
        derivedByteCount += byteCount
        let number = dissected.sources.derive(name: name, parent: parent.source, byteCount: byteCount, fill: fill)
        let bytes = sources[Int(number)].bytes
        return Reader(bytes: bytes, source: number, start: 0, reportedEnd: bytes.count)
    }

    // MARK: Addresses

    /// Sets the addresses of a link layer: what the columns show until a network layer has its own.
    public mutating func setLinkAddresses(source: Address, destination: Address) {
        guard columns.accepts else { return }
        columns.source = source
        columns.destination = destination
        columns.linkSource = source
        columns.linkDestination = destination
    }

    /// Sets the endpoints of a network layer. Where the destination was cut off, its column keeps what it shows.
    public mutating func setNetworkAddresses(source: Address, destination: Address) {
        packet.source = source
        packet.destination = destination
        guard columns.accepts else { return }
        columns.source = source
        columns.networkSource = source
        guard destination.kind != .none else { return }
        columns.destination = destination
        columns.networkDestination = destination
    }

    // MARK: Facts

    /// The next fact of this frame and key, on the second pass.
    public mutating func fact<Fact>(_ key: FactKey<Fact>) -> Fact? {
        guard pass == .second, let facts else { return nil }
        let ordinal = factOrdinals[key.index]
        factOrdinals[key.index] += 1
        return facts.fact(key, frame: frame.number, ordinal: ordinal)
    }

    /// Keeps what a tracker found, on the first pass of two.
    public func keep<Fact>(_ key: FactKey<Fact>, _ fact: @autoclosure () -> Fact) {
        if pass == .first { facts?.keep(key, fact(), frame: frame.number) }
    }

    /// The facts kept under a number that is no frame's: a conversation's, say.
    public func fact<Fact>(_ key: FactKey<Fact>, at number: UInt32) -> Fact? {
        pass == .second ? facts?.fact(key, frame: number, ordinal: 0) : nil
    }

    /// Keeps facts under a number that is no frame's; numbers must rise.
    public func keep<Fact>(_ key: FactKey<Fact>, _ fact: @autoclosure () -> Fact, at number: UInt32) {
        if pass == .first { facts?.keep(key, fact(), at: number) }
    }

    /// Forgets the facts of the frame at hand: the second pass will not have it.
    public func dropFacts() { facts?.drop(frame: frame.number) }

    /// Changes what a tracker left for an earlier frame, on the first pass of two.
    public func amend<Fact>(_ key: FactKey<Fact>, frame: UInt32, _ change: (inout Fact) -> Void) {
        if pass == .first { facts?.amend(key, frame: frame, change) }
    }
}

/// Bytes of frames by number, for what the second pass puts together again.
public protocol EarlierFrames {
    /// Copies part of a frame's captured bytes; returns how many there were.
    func copy(frame: UInt32, offset: Int, into buffer: UnsafeMutableRawBufferPointer) -> Int
}
