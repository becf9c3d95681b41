import Wire

/// How a layer hands its payload on, and what becomes of a layer that cannot be read to its end.
extension Context {
    // MARK: Handing on

    /// The dissector that a table names for a number, if one does.
    @inlinable
    public func lookUp(_ table: TableID, _ number: UInt32) -> DissectorID? {
        registry.dissector(in: table, for: number)
    }

    /// The dissector that a table names for a text, if one does and takes these bytes.
    public func lookUp(_ table: TableID, text: String, for reader: Reader) -> DissectorID? {
        let table = registry.tables[Int(table.rawValue)]
        guard let dissector = table.dissector(for: text), takes(dissector, of: table, reader) else { return nil }
        return dissector
    }

    /// Whether the dissector that a table lists for a text does not take these bytes.
    public func isRefused(_ table: TableID, text: String, _ reader: Reader) -> Bool {
        let table = registry.tables[Int(table.rawValue)]
        return table.texts[text].map { !takes($0, of: table, reader) } ?? false
    }

    private func takes(_ dissector: DissectorID, of table: DissectorTable, _ reader: Reader) -> Bool {
        !table.checked.contains(dissector) || recognizes(dissector, reader)
    }

    /// The dissector that a table names for a text, if one does.
    public func lookUp(_ table: TableID, text: ByteView) -> DissectorID? { registry.dissector(in: table, for: text) }

    /// Whether a dissector has anything to do under the plan.
    @inlinable @inline(__always)
    public func isNeeded(_ dissector: DissectorID) -> Bool { needed[Int(dissector.rawValue)] != 0 }

    /// Hands a layer to the dissector that a table names. Returns whether there was one.
    @inlinable @discardableResult
    public mutating func dispatch(_ table: TableID, _ number: UInt32, _ reader: Reader) -> Bool {
        guard let dissector = lookUp(table, number) else { return false }
        run(dissector, reader)
        return true
    }

    /// The first of a table's heuristic dissectors that recognizes a layer.
    /// - Parameter amongAll: whether also those count that have nothing to do under the plan.
    public func recognizer(_ table: TableID, _ reader: Reader, amongAll: Bool = false) -> DissectorID? {
        registry.tables[Int(table.rawValue)].heuristics.first { (amongAll || isNeeded($0)) && recognizes($0, reader) }
    }

    private func recognizes(_ dissector: DissectorID, _ reader: Reader) -> Bool {
        boxes[Int(dissector.rawValue)]._withUnsafeGuaranteedRef { $0.recognizes(reader, self) }
    }

    /// Whether one of a table's heuristic dissectors may recognize a layer once there is more of it.
    public func mayRecognize(_ table: TableID, _ reader: Reader) -> Bool {
        registry.tables[Int(table.rawValue)].heuristics.contains { dissector in
            isNeeded(dissector) && boxes[Int(dissector.rawValue)]._withUnsafeGuaranteedRef { $0.mayRecognize(reader) }
        }
    }

    /// Hands a layer to the first of a table's heuristic dissectors that recognizes it.
    public mutating func dispatchHeuristics(_ table: TableID, _ reader: Reader) -> Bool {
        guard let dissector = recognizer(table, reader) else { return false }
        run(dissector, reader)
        return true
    }

    // MARK: Conversations

    /// Lets a dissector take the rest of the conversation that the layer at hand runs over, whatever its ports.
    public mutating func bindConversation(_ dissector: DissectorID) {
        guard pass != .second, let stream = packet.stream else { return }
        bindings[stream.key] = dissector
    }

    /// Nothing is remembered of a conversation any more.
    public mutating func forgetConversation(_ stream: StreamPosition) {
        if !bindings.isEmpty { bindings[stream.key] = nil }
    }

    /// The dissector that took a conversation over.
    public func boundDissector(_ stream: StreamPosition) -> DissectorID? {
        bindings.isEmpty ? nil : bindings[stream.key]
    }

    // MARK: Streams

    /// Where the PDU at the start of `reader` ends, as a dissector cuts its stream.
    public mutating func pduEnd(_ dissector: DissectorID, _ reader: Reader, _ stream: StreamPosition) -> PDUEnd {
        boxes[Int(dissector.rawValue)]._withUnsafeGuaranteedRef { $0.pduEnd(reader, stream, &self) }
    }

    /// Lets a dissector describe in the columns a PDU of which only the first bytes are there.
    public mutating func describeIncomplete(_ dissector: DissectorID, _ reader: Reader) {
        boxes[Int(dissector.rawValue)]._withUnsafeGuaranteedRef { $0.describeIncomplete(reader, &self) }
    }

    /// Whether the transport shows how long each PDU of a dissector's protocol is.
    public func showsPDUByteCount(_ dissector: DissectorID) -> Bool {
        boxes[Int(dissector.rawValue)]._withUnsafeGuaranteedRef { $0.showsPDUByteCount }
    }

    /// Whether a dissector takes the beginning of a PDU that goes on in the next segment.
    public func takesIncomplete(_ dissector: DissectorID) -> Bool {
        boxes[Int(dissector.rawValue)]._withUnsafeGuaranteedRef { $0.takesIncomplete }
    }

    // MARK: Running

    /// Runs a dissector over a layer. An error ends the layer: it is marked, and what was decoded stays.
    /// - Parameter isContinued: whether the layer goes on one that is named already.
    public mutating func run(_ dissector: DissectorID, _ reader: Reader, isContinued: Bool = false) {
        guard isNeeded(dissector), enterLayer(dissector, isContinued: isContinued) else { return }
        let (outerDepth, outerLayer) = (depth, layer)
        depth = baseDepth
        layer = UInt16(clamping: layerCount - 1)
        var inner = reader
        let failure = dissect(dissector, &inner)
        if !floating.isEmpty, !packet.isInError { settleFloating() }
        if let failure { mark(failure, in: dissector) }
        depth = outerDepth
        layer = outerLayer
        layerDepth -= 1
        if layerDepth == 0, reachedLimit { noteLimit() }
    }

    /// Says that the frame was cut short here, as its last item. Where there is no more room, items before it give theirs.
    private mutating func noteLimit() {
        let room = 8
        if dissected.count + room > dissected.itemCapacity, !growItems() {
            dissected.count -= room
            dissected.forgetRuns()
        }
        depth = 0
        expert(registry.core.limitExpert)
    }

    /// Runs the dissector that a table names as a part of the present layer: it is no layer of its own, and its errors are
    /// the caller's.
    public mutating func runWithin(_ table: TableID, _ number: UInt32, _ reader: inout Reader) throws(DissectionError) {
        guard let dissector = lookUp(table, number) else { return }
        if let error = dissect(dissector, &reader) { throw error }
    }

    /// Lets a dissector decode; returns the error that ended it, if one did.
    @inline(__always)
    private mutating func dissect(_ dissector: DissectorID, _ reader: inout Reader) -> DissectionError? {
        boxes[Int(dissector.rawValue)]._withUnsafeGuaranteedRef { $0.dissect(&reader, &self) }
    }

    private mutating func enterLayer(_ dissector: DissectorID, isContinued: Bool) -> Bool {
        guard layerDepth < Self.layerLimit, layerCount < Self.itemLimit else {
            reachedLimit = true
            return false
        }
        layerDepth += 1
        if !isContinued {
            let carrier = registry.carriers[Int(dissector.rawValue)]
            if carrier != dissector, layerCount == 0 || layers[layerCount - 1] != carrier { noteLayer(carrier) }
            noteLayer(dissector)
        }
        return true
    }

    /// Names a layer that is no more than a hand-over in `frame.protocols`.
    public mutating func noteLayer(_ dissector: DissectorID) {
        if layerCount == layerCapacity { layers.makeRoom(&layerCapacity, keeping: layerCount) }
        layers[layerCount] = dissector
        layerCount += 1
    }

    /// The protocol of a layer of the frame, by the number that items have of it.
    public func proto(ofLayer number: Int) -> ProtocolID? {
        number < layerCount ? registry.dissectors[Int(layers[number].rawValue)].proto : nil
    }

    /// Gives a text item the names of the layers run so far, from `first` on, with colons between.
    public mutating func setLayerNames(_ ref: ItemRef, from first: Int) {
        guard ref.exists else { return }
        let begin = text.count
        for index in first..<max(first, layerCount) {
            if index > first { text.append(58) }
            text.append(registry.dissectors[Int(layers[index].rawValue)].name)
        }
        let range = ArenaRange(offset: UInt32(begin), byteCount: UInt32(text.count - begin))
        noteChange(of: ref)
        items[Int(ref.index)].value = range.packed
        items[Int(ref.index)].flags.insert(.inArena)
    }

    /// Runs `body` with the nodes of the layers that it hands on standing under the present depth.
    public mutating func nested(_ body: (inout Context) -> Void) {
        let outer = baseDepth
        baseDepth = depth
        body(&self)
        baseDepth = outer
    }

    /// Runs a dissector over a value inside the present layer, at the present depth.
    /// - Parameter isContinued: whether the value is no layer of its own.
    /// - Throws: where the value could not be read to its end. It was marked, and nothing more can stand behind its mark.
    public mutating func runInside(_ dissector: DissectorID, _ reader: Reader, isContinued: Bool = false) throws(DissectionError) {
        let before = markCount
        nested { $0.run(dissector, reader, isContinued: isContinued) }
        if markCount > before { throw DissectionError(.marked, offset: reader.start, byteCount: reader.remaining) }
    }

    /// Runs `body` with the nodes of the layers that it hands on standing at the top, even inside a quoted packet. There they
    /// come to stand behind the layer that quotes it.
    public mutating func atTop(_ body: (inout Context) -> Void) {
        let outer = baseDepth
        let start = itemCount
        baseDepth = 0
        body(&self)
        baseDepth = outer
        if outer > 0, itemCount > start { floating.append(start..<itemCount) }
    }

    /// Moves the top layers out of a quoted packet behind all other items.
    private mutating func settleFloating() {
        dissected.forgetRuns()
        var moved: [Item] = []
        var target = floating[0].lowerBound
        for (index, range) in floating.enumerated() {
            for position in range { moved.append(items[position]) }
            let next = index + 1 < floating.count ? floating[index + 1].lowerBound : itemCount
            for position in range.upperBound..<next {
                items[target] = items[position]
                target += 1
            }
        }
        for item in moved {
            items[target] = item
            target += 1
        }
        floating.removeAll(keepingCapacity: true)
    }

    /// Marks a layer that could not be read to its end. What an error message quotes is seldom whole: that it ends early is
    /// no error.
    public mutating func mark(_ error: DissectionError, in dissector: DissectorID) {
        if error.kind == .marked { return }
        if packet.isInError, error.kind == .malformed || error.kind == .unreassembled { return }
        let place = error.kind == .truncated ? (source: 0, offset: 0) : markPlace
        let reader = Reader(bytes: .empty, source: place.source, start: place.offset, reportedEnd: place.offset)
        let proto = registry[registry.dissectors[Int(dissector.rawValue)].proto]
        let isWritable = columns.isWritable
        columns.isWritable = true
        depth = 0
        markCount += 1
        switch error.kind {
        case .marked: break
        case .truncated:
            wasTruncated = true
            mark(registry.core.short, reader, "[Packet size limited during capture: ", proto.shortName, " truncated]")
            columns.appendInfo("[Packet size limited during capture]")
        case .unreassembled:
            mark(registry.core.unreassembled, reader, "[Unreassembled Packet: ", proto.shortName, "]")
            columns.appendInfo("[Unreassembled Packet]")
        case .malformed, .limit:
            mark(registry.core.malformed, reader, "[Malformed Packet: ", proto.shortName, "]")
            columns.appendInfo("[Malformed Packet]")
            depth += 1
            expert(error.kind == .limit ? registry.core.limitExpert : registry.core.malformedExpert)
            depth -= 1
        }
        columns.isWritable = isWritable
    }

    private mutating func mark(_ field: FieldID, _ reader: Reader, _ before: StaticString, _ name: StaticString, _ after: StaticString) {
        label(add(field, reader, reader.start, 0)) { text in
            text.append(before)
            text.append(name)
            text.append(after)
        }
    }
}
