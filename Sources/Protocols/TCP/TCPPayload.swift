import Dissection
import Streams
import Wire

/// The payload of a segment on its way to the dissector of what runs over TCP: put in order, cut into PDUs, and each PDU
/// handed on once it is complete.
struct TCPPayload: Sendable {
    private let payload, segmentData, pduByteCount: FieldID
    private let assemblies: AssemblyFields
    private let ports, heuristics: TableID
    private let data: DissectorID?
    private let desegments, triesHeuristicsFirst: Bool
    private let state: StateKey<TCPStreams>
    private let facts: FactKey<TCPPayloadFacts>

    init(registering r: inout Registrar) {
        payload = r.field("tcp.payload", "TCP payload", .bytes)
        segmentData = r.field("tcp.segment_data", "TCP segment data", .bytes, needs: .reassembly)
        pduByteCount = r.field("tcp.pdu.size", "PDU Size", .uint32, .decimal, needs: .reassembly)
        assemblies = AssemblyFields(
            AssemblyFields.Names(
                group: "tcp.segment", reassembledIn: "tcp.reassembled_in", length: "tcp.reassembled.length", data: "tcp.reassembled.data",
                piece: "TCP Segment", all: "Reassembled TCP Segments", allType: .none, unit: "Segment", error: "Reassembling error",
                reassembledInTitle: "Reassembled PDU in frame", lengthTitle: "Reassembled TCP length", dataTitle: "Reassembled TCP Data",
                heading: "Reassembled TCP Segments", source: "Reassembled TCP"), &r)
        desegments = r.preference("tcp.desegment_tcp_streams", "Allow subdissector to reassemble TCP streams", default: true)
        triesHeuristicsFirst = r.preference("tcp.try_heuristic_first", "Try heuristic sub-dissectors first", default: false)
        ports = r.table("tcp.port", title: "TCP port")
        heuristics = r.table("tcp", title: "TCP heuristic")
        data = r.dissector(named: "data")
        state = r.state { TCPStreams() }
        facts = r.facts(TCPPayloadFacts.self)
    }

    /// Shows the payload and hands it on.
    /// - Parameter top: the node of the TCP header, which the payload's own items stand under.
    func handOn(_ header: TCP.Header, _ known: TCPSegmentFacts?, _ body: Reader, _ layer: Reader, _ top: ItemRef, _ context: inout Context) {
        if body.capturedRemaining > 0, context.wants(payload) {
            context.open()
            context.label(context.add(payload, body, body.start, body.capturedRemaining)) { Self.appendCount("TCP payload", body.capturedRemaining, &$0) }
            context.close()
        }
        let segment = Segment(header: header, body: body, layer: layer, top: top)
        guard let known else {
            if body.remaining > 0 { handOnWhole(segment, choose(segment, &context), &context) }
            return
        }
        if context.pass == .second {
            replay(context.fact(facts) ?? TCPPayloadFacts(), segment, &context)
        } else {
            track(segment, known, &context)
        }
    }

    /// One segment, as the steps below pass it on.
    private struct Segment {
        let header: TCP.Header
        let body: Reader
        let layer: Reader
        let top: ItemRef
    }

    private static func appendCount(_ what: StaticString, _ count: Int, _ text: inout TextBuffer) {
        text.append(what)
        text.append(" (")
        text.append(decimal: count)
        text.append(count == 1 ? " byte)" : " bytes)")
    }

    // MARK: Which dissector

    private func choose(_ segment: Segment, _ context: inout Context) -> DissectorID? {
        let (source, destination) = (UInt32(segment.header.sourcePort), UInt32(segment.header.destinationPort))
        if triesHeuristicsFirst, let found = context.recognizer(heuristics, segment.body) { return found }
        return context.lookUp(ports, min(source, destination)) ?? context.lookUp(ports, max(source, destination))
            ?? (triesHeuristicsFirst ? nil : context.recognizer(heuristics, segment.body))
    }

    private func handOnWhole(_ segment: Segment, _ dissector: DissectorID?, _ context: inout Context) {
        if let chosen = dissector ?? data, segment.body.remaining > 0 { context.run(chosen, segment.body) }
    }

    // MARK: First pass

    private func track(_ segment: Segment, _ known: TCPSegmentFacts, _ context: inout Context) {
        let key = TCPStreams.key(known.stream, isReverse: known.isReverse)
        let streams = context.state.ref(state)
        var found = TCPPayloadFacts()
        defer { context.keep(facts, found) }
        if segment.header.has(.syn) { streams.value.begin(key, at: segment.header.sequenceNumber &+ 1) }
        guard segment.body.remaining > 0 else {
            if segment.header.has(.fin) { close(key, segment, known, &found, &context) }
            return
        }
        let dissector = context.packet.stream.flatMap { context.boundDissector($0) } ?? choose(segment, &context)
        found.dissector = dissector
        guard desegments, context.needs(.reassembly), let dissector, context.registry.dissectors[Int(dissector.rawValue)].stream != nil,
            segment.body.capturedEnd == segment.body.reportedEnd
        else {
            found.isWhole = true
            handOnWhole(segment, dissector, &context)
            return
        }
        deliver(segment, key, dissector, known, &found, &context)
        if segment.header.has(.fin) { close(key, segment, known, &found, &context) }
    }

    private func deliver(
        _ segment: Segment, _ key: UInt64, _ dissector: DissectorID, _ known: TCPSegmentFacts, _ found: inout TCPPayloadFacts, _ context: inout Context
    ) {
        let streams = context.state.ref(state)
        let frameOffset: Int? = segment.body.source == 0 ? segment.body.start : nil
        let frame = context.frame.number
        let placement = streams.value[key].place(segment.header.sequenceNumber, segment.body.capturedBytes, frame: frame, frameOffset: frameOffset)
        switch placement {
        case .early: hold(segment, from: 0, .early, &found, &context)
        case .repeated:
            if streams.value[key].wasReassembled(segment.header.sequenceNumber) {
                hold(segment, from: 0, .retransmitted, &found, &context)
            } else {
                found.isWhole = true
                handOnWhole(segment, dissector, &context)
            }
        case .inOrder(let skipped):
            var fresh = segment.body
            fresh.offset += skipped
            let isAlone = streams.value[key].pending.isEmpty && !streams.value[key].hasEarly(within: fresh.remaining)
            if isAlone {
                handOnFromFrame(fresh.rest, segment, key, dissector, known, &found, &context)
            } else {
                streams.value[key].append(fresh.capturedBytes, frame: frame, frameOffset: frameOffset.map { $0 + skipped })
                handOnPending(segment, key, dissector, known, isClosed: false, &found, &context)
            }
        }
    }

    /// PDUs that begin in this segment with nothing pending: each that ends here too is read from the frame itself.
    private func handOnFromFrame(
        _ fresh: Reader, _ segment: Segment, _ key: UInt64, _ dissector: DissectorID, _ known: TCPSegmentFacts, _ found: inout TCPPayloadFacts,
        _ context: inout Context
    ) {
        var rest = fresh
        let streams = context.state.ref(state)
        while rest.remaining > 0 {
            let end = pduEnd(rest.rest, dissector, known, isClosed: segment.header.has(.fin), &context)
            guard case .at(let byteCount) = end, byteCount > 0, byteCount <= rest.remaining else {
                let offset = rest.offset - segment.body.start
                streams.value[key].neededByteCount = end.neededByteCount(after: rest.remaining)
                streams.value[key].append(
                    rest.capturedBytes, frame: context.frame.number, frameOffset: segment.body.source == 0 ? rest.offset : nil)
                if offset == 0 { describeIncomplete(rest.rest, dissector, &context) }
                hold(segment, from: offset, .pending, &found, &context)
                return
            }
            streams.value[key].advance(byteCount)
            found.pdus.append(TCPPayloadFacts.PDU(assembly: nil, offset: rest.offset - segment.body.start, byteCount: byteCount))
            show(found.pdus.count, rest.next(byteCount), dissector, &context)
            rest.offset += byteCount
        }
    }

    /// PDUs over several segments, now that the segment is added to what is pending.
    private func handOnPending(
        _ segment: Segment, _ key: UInt64, _ dissector: DissectorID, _ known: TCPSegmentFacts, isClosed: Bool, _ found: inout TCPPayloadFacts,
        _ context: inout Context
    ) {
        let streams = context.state.ref(state)
        var isFirst = true
        while !streams.value[key].pending.isEmpty {
            let pendingCount = streams.value[key].pending.bytes.count
            var end = PDUEnd.needsMore(1)
            if isClosed || pendingCount >= streams.value[key].neededByteCount {
                end = pendingEnd(key, dissector, known, isClosed: isClosed, segment.layer, &context)
            }
            if pendingCount > StreamAssembler.pendingByteLimit { end = .at(pendingCount) }
            guard case .at(let byteCount) = end, byteCount > 0, byteCount <= pendingCount else {
                if !isClosed {
                    streams.value[key].neededByteCount = end.neededByteCount(after: pendingCount)
                    hold(segment, from: isFirst ? 0 : max(0, segment.body.remaining - pendingCount), .pending, &found, &context)
                }
                return
            }
            let pending = streams.value[key].pending
            let assembly = pending.assembly(0..<byteCount)
            streams.value[key].pending = pending.dropping(byteCount)
            streams.value[key].neededByteCount = 0
            handOn(assembly, segment, key, dissector, &found, &context)
            isFirst = false
        }
    }

    private func handOn(
        _ assembly: Assembly, _ segment: Segment, _ key: UInt64, _ dissector: DissectorID, _ found: inout TCPPayloadFacts, _ context: inout Context
    ) {
        let frame = context.frame.number
        if assembly.pieces.count == 1, let piece = assembly.pieces.first, piece.frame == frame, segment.body.source == 0 {
            let offset = Int(piece.frameOffset) - segment.body.start
            var inFrame = segment.body
            inFrame.offset = Int(piece.frameOffset)
            found.pdus.append(TCPPayloadFacts.PDU(assembly: nil, offset: offset, byteCount: assembly.byteCount))
            show(found.pdus.count, inFrame.next(assembly.byteCount), dissector, &context)
            return
        }
        for piece in assembly.pieces where piece.frame != frame {
            context.amend(facts, frame: piece.frame) { if $0.completedIn == nil { $0.completedIn = frame } }
        }
        context.state.ref(state).value[key].noteReassembled(assembly.byteCount)
        found.pdus.append(TCPPayloadFacts.PDU(assembly: assembly.asFact, offset: 0, byteCount: assembly.byteCount))
        show(assembly, segment, dissector, &context)
    }

    /// The stream ends: what is pending is all there will be.
    private func close(_ key: UInt64, _ segment: Segment, _ known: TCPSegmentFacts, _ found: inout TCPPayloadFacts, _ context: inout Context) {
        let streams = context.state.ref(state)
        guard !streams.value[key].pending.isEmpty, let dissector = found.dissector ?? context.packet.stream.flatMap { context.boundDissector($0) } ?? choose(segment, &context),
            context.registry.dissectors[Int(dissector.rawValue)].stream != nil
        else { return }
        found.dissector = dissector
        handOnPending(segment, key, dissector, known, isClosed: true, &found, &context)
    }

    // MARK: Where a PDU ends

    private func pduEnd(_ reader: Reader, _ dissector: DissectorID, _ known: TCPSegmentFacts, isClosed: Bool, _ context: inout Context) -> PDUEnd {
        guard let stream = context.registry.dissectors[Int(dissector.rawValue)].stream else { return .at(reader.remaining) }
        guard var position = context.packet.stream else { return .at(reader.remaining) }
        position.isClosed = isClosed
        context.packet.stream = position
        let end = stream.pduEnd(reader, position, &context)
        switch end {
        case .atClose: return isClosed ? .at(reader.remaining) : .atClose
        case .notRecognized: return .at(reader.remaining)
        default: return end
        }
    }

    /// Asks over the pending bytes, which are in no source yet.
    private func pendingEnd(
        _ key: UInt64, _ dissector: DissectorID, _ known: TCPSegmentFacts, isClosed: Bool, _ layer: Reader, _ context: inout Context
    ) -> PDUEnd {
        let bytes = context.state.ref(state).value[key].pending.bytes
        return bytes.withUnsafeBytes { buffer in
            let reader = Reader(bytes: ByteView(buffer), source: layer.source, start: 0, reportedEnd: buffer.count)
            return pduEnd(reader, dissector, known, isClosed: isClosed, &context)
        }
    }

    private func describeIncomplete(_ reader: Reader, _ dissector: DissectorID, _ context: inout Context) {
        guard context.columns.accepts, context.pass != .second else { return }
        context.registry.dissectors[Int(dissector.rawValue)].stream?.describeIncomplete(reader, &context)
    }

    // MARK: Second pass

    private func replay(_ found: TCPPayloadFacts, _ segment: Segment, _ context: inout Context) {
        if found.isWhole {
            handOnWhole(segment, found.dissector, &context)
            return
        }
        guard let dissector = found.dissector else { return }
        for (index, pdu) in found.pdus.enumerated() {
            if let assembly = pdu.assembly {
                show(assembly, segment, dissector, &context)
            } else {
                var inFrame = segment.body
                inFrame.offset = min(segment.body.start + pdu.offset, segment.body.reportedEnd)
                show(index + 1, inFrame.next(pdu.byteCount), dissector, &context)
            }
        }
        if let held = found.held { showHeld(held, completedIn: found.completedIn, segment, &context) }
    }

    // MARK: Showing

    /// Hands on a PDU that stands in the frame; behind another one, its Info follows that one's.
    private func show(_ number: Int, _ pdu: Reader, _ dissector: DissectorID, _ context: inout Context) {
        if number > 1 { context.columns.fenceInfo() }
        context.run(dissector, pdu)
    }

    /// Hands on a PDU that was put together.
    private func show(_ assembly: Assembly, _ segment: Segment, _ dissector: DissectorID, _ context: inout Context) {
        guard let reader = assemblies.derive(assembly, from: segment.layer, &context) else { return }
        let frame = context.frame.number
        if let own = assembly.pieces.last(where: { $0.frame == frame }) {
            let offset = segment.body.source == 0 ? Int(own.frameOffset) : segment.body.start
            addSegmentData(segment, offset - segment.body.start, Int(own.byteCount), "TCP segment data", &context)
        }
        let depth = context.depth
        context.depth = context.baseDepth
        assemblies.show(assembly, reader, &context)
        context.depth = depth
        context.run(dissector, reader)
    }

    private func hold(
        _ segment: Segment, from offset: Int, _ kind: TCPPayloadFacts.Held.Kind, _ found: inout TCPPayloadFacts, _ context: inout Context
    ) {
        let held = TCPPayloadFacts.Held(offset: offset, kind: kind)
        found.held = held
        showHeld(held, completedIn: nil, segment, &context)
    }

    private func showHeld(_ held: TCPPayloadFacts.Held, completedIn: UInt32?, _ segment: Segment, _ context: inout Context) {
        if context.columns.accepts, held.kind != .retransmitted {
            if held.offset == 0 { context.columns.setProtocol("TCP") }
            context.columns.appendInfo(" [TCP segment of a reassembled PDU]")
        }
        if let completedIn {
            add(under: segment, &context) { assemblies.showReassembledIn(completedIn, segment.layer, &$0) }
        }
        addSegmentData(
            segment, held.offset, segment.body.remaining - held.offset,
            held.kind == .retransmitted ? "Retransmitted TCP segment data" : "TCP segment data", &context)
    }

    private func addSegmentData(_ segment: Segment, _ offset: Int, _ byteCount: Int, _ name: StaticString, _ context: inout Context) {
        guard byteCount > 0 else { return }
        add(under: segment, &context) { context in
            let item = context.add(segmentData, segment.body, segment.body.start + offset, byteCount)
            context.label(item) { Self.appendCount(name, byteCount, &$0) }
        }
    }

    /// Adds items to the end of the TCP header's node, wherever the tree is by now.
    private func add(under segment: Segment, _ context: inout Context, _ body: (inout Context) -> Void) {
        guard segment.top.exists else { return }
        let first = context.itemCount
        context.open()
        body(&context)
        context.close()
        context.moveItems(from: first, under: segment.top)
    }
}

/// What pass 1 leaves of a segment's payload.
struct TCPPayloadFacts: Sendable {
    struct PDU: Sendable {
        /// Nil where the PDU stands in the frame, at `offset` from the payload's start.
        var assembly: Assembly?
        var offset: Int
        var byteCount: Int
    }

    struct Held: Sendable {
        enum Kind: Sendable { case pending, early, retransmitted }
        /// Where what is held begins, from the payload's start.
        var offset: Int
        var kind: Kind
    }

    var dissector: DissectorID?
    /// The payload went to the dissector as it is.
    var isWhole = false
    var pdus: [PDU] = []
    var held: Held?
    /// The frame in which what is held becomes part of a PDU.
    var completedIn: UInt32?
}

/// The directions of all streams that carry PDUs.
struct TCPStreams: ~Copyable {
    private var assemblers: [UInt64: StreamAssembler] = [:]

    static func key(_ stream: UInt32, isReverse: Bool) -> UInt64 { UInt64(stream) << 1 | (isReverse ? 1 : 0) }

    mutating func begin(_ key: UInt64, at sequence: UInt32) { assemblers[key, default: StreamAssembler()].begin(at: sequence) }

    subscript(key: UInt64) -> StreamAssembler {
        _read { yield assemblers[key, default: StreamAssembler()] }
        _modify { yield &assemblers[key, default: StreamAssembler()] }
    }
}

extension PDUEnd {
    /// How many bytes must be there before it is worth asking again.
    fileprivate func neededByteCount(after count: Int) -> Int {
        switch self {
        case .needsMore(let more): count &+ max(1, more)
        case .at(let end): max(end, count &+ 1)
        case .atClose, .notRecognized: .max
        }
    }
}
