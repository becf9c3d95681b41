import Dissection
import Streams
import Wire

/// The payload of a segment on its way to the dissector of what runs over TCP: put in order, cut into PDUs, and each PDU
/// handed on once it is complete.
final class TCPPayload: Sendable {
    private let payload, segmentData, pduByteCount, resetCause: FieldID
    private let assemblies: AssemblyFields
    private let ports, heuristics: TableID
    private let data: DissectorID?
    private let conflictExpert, givenUp: ExpertID
    private let proto: ProtocolID
    private let desegments, triesHeuristicsFirst: Bool
    private let state: StateKey<TCPStreams>
    private let facts: FactKey<TCPPayloadFacts>

    init(registering r: inout Registrar) {
        proto = r.currentProtocol
        payload = r.field("tcp.payload", "TCP payload", .bytes)
        // Which protocol takes the bytes may depend on what the ones before led to, and where its PDUs end on that.
        let needs: FieldNeeds = [.reassembly, .upperLayers]
        segmentData = r.field("tcp.segment_data", "TCP segment data", .bytes, needs: needs)
        pduByteCount = r.field("tcp.pdu.size", "PDU Size", .uint32, .decimal, needs: needs)
        resetCause = r.field("tcp.reset_cause", "Reset cause", .string)
        assemblies = AssemblyFields(
            AssemblyFields.Names(
                group: "tcp.segment", reassembledIn: "tcp.reassembled_in", length: "tcp.reassembled.length", data: "tcp.reassembled.data",
                piece: "TCP Segment", all: "Reassembled TCP Segments", allType: .none, unit: "Segment", error: "Reassembling error",
                reassembledInTitle: "Reassembled PDU in frame", lengthTitle: "Reassembled TCP length", dataTitle: "Reassembled TCP Data",
                heading: "Reassembled TCP Segments", source: "Reassembled TCP", needs: needs), &r)
        desegments = r.preference("tcp.desegment_tcp_streams", "Allow subdissector to reassemble TCP streams", default: true)
        triesHeuristicsFirst = r.preference("tcp.try_heuristic_first", "Try heuristic sub-dissectors first", default: false)
        ports = r.table("tcp.port", title: "TCP port")
        heuristics = r.table("tcp", title: "TCP heuristic")
        data = r.dissector(named: "data")
        state = r.state("streams", budget: 64, { TCPStreams(byteLimit: $0) }, measure: { ($0.count, $0.byteCount) }, evicted: { $0.evictedCount })
        conflictExpert = r.expert("tcp.segment.conflict", .sequence, .warning, "Bytes that were sent before have other values here; the first ones count")
        givenUp = r.expert("tcp.reassembly.given_up", .reassemble, .warning, "Bytes of this stream that waited for others were given up: too many waited")
        facts = r.facts(TCPPayloadFacts.self)
    }

    /// Shows the payload and hands it on.
    /// - Parameter top: the node of the TCP header, which the payload's own items stand under.
    func handOn(_ header: TCP.Header, _ known: TCPSegmentFacts?, _ payload: Reader, _ layer: Reader, _ top: ItemRef, _ context: inout Context) {
        let body = header.has(.rst) ? takeResetCause(payload, &context) : payload
        if body.capturedRemaining > 0, context.wants(self.payload) {
            context.open()
            context.label(context.add(self.payload, body, body.start, body.capturedRemaining)) { $0.append("TCP payload", byteCount: body.remaining) }
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

    /// What a reset carries is no part of the stream: it may say why it was sent (RFC 9293, section 3.5.3). Returns what is left: nothing.
    private func takeResetCause(_ payload: Reader, _ context: inout Context) -> Reader {
        if payload.capturedRemaining > 0 {
            context.open()
            context.string(resetCause, payload, payload.start, payload.capturedRemaining, flags: .ascii)
            context.close()
        }
        return payload.next(0)
    }

    /// One segment, as the steps below pass it on.
    private struct Segment {
        let header: TCP.Header
        let body: Reader
        let layer: Reader
        let top: ItemRef

        /// The number of the first byte: a SYN takes the one before it (RFC 9293, section 3.4).
        var sequence: UInt32 { header.sequenceNumber &+ (header.has(.syn) ? 1 : 0) }
        /// The number after the last byte.
        var end: UInt32 { sequence &+ UInt32(truncatingIfNeeded: body.remaining) }

        /// Where the items of the TCP header end: others are moved there.
        func headerEnd(_ context: borrowing Context) -> Int { top.exists ? context.dissected.endOfSubtree(at: Int(top.index)) : 0 }

        /// A place in the payload's source as a place in the frame, where that is one.
        func frameOffset(_ offset: Int) -> Int? { body.source == 0 ? offset : nil }
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
        let stream = TCPStreams.index(known.slot, isReverse: known.isReverse)
        let streams = context.state.ref(state)
        streams.value.makeRoom(for: stream, isFirst: known.isFirst)
        let waitingByteCount = streams.value[stream].byteCount
        if segment.header.has(.ack) { streams.value[stream ^ 1].noteAcknowledgment(segment.header.acknowledgmentNumber) }
        if segment.header.has(.syn) { streams.value[stream].synchronize(at: segment.header.sequenceNumber &+ 1) }
        if segment.header.has(.fin) { streams.value[stream].finish(at: segment.end) }
        var found = TCPPayloadFacts()
        found.isAfterLoss = streams.value[stream].takeGivenUp()
        if segment.body.remaining > 0 {
            found.dissector = context.packet.stream.flatMap { context.boundDissector($0) } ?? choose(segment, &context)
            if !desegments || !context.needs(.reassembly) {
                handOnAlone(segment, &found, &context)
            } else if segment.body.capturedEnd < segment.body.reportedEnd {
                handOnCut(segment, stream, &found, &context)
            } else {
                // Only for those whom it is shown to.
                if context.pass == .first || context.wantsFields(of: proto) {
                    found.conflicts = streams.value.conflicts(stream, segment.sequence, segment.body.capturedBytes)
                }
                deliver(segment, stream, &found, &context)
            }
        }
        showFaults(found, segment, &context)
        if segment.header.has(.fin), streams.value[stream].ends(after: 0), streams.value[stream].need == .untilClose {
            close(stream, segment, &found, &context)
        }
        streams.value.noteChange(stream, from: waitingByteCount)
        streams.value.evictExcess(but: stream)
        if context.pass == .first { context.keep(facts, found) }
    }

    /// Says what of the stream's bytes cannot be trusted.
    private func showFaults(_ found: TCPPayloadFacts, _ segment: Segment, _ context: inout Context) {
        guard found.conflicts || found.isAfterLoss else { return }
        add(under: segment, &context) { context in
            if found.conflicts {
                if let field = assemblies.conflict { context.generated(field, segment.body, segment.body.start, value: 1) }
                context.expert(conflictExpert)
            }
            if found.isAfterLoss { context.expert(givenUp) }
        }
    }

    private func deliver(_ segment: Segment, _ stream: Int, _ found: inout TCPPayloadFacts, _ context: inout Context) {
        let streams = context.state.ref(state)
        let body = segment.body
        let placement = streams.value[stream].place(
            segment.sequence, body.capturedBytes, frame: context.frame.number, frameOffset: segment.frameOffset(body.start))
        switch placement {
        case .early: hold(segment, from: 0, &found, &context)
        case .pastGap: drain(stream, segment, &found, &context)
        case .repeated:
            found.repeatedByteCount = body.remaining
            found.repeatsPending = streams.value[stream].isPending(segment.sequence)
            showRepeated(found, segment, &context)
        case .inOrder(let skipped):
            found.repeatedByteCount = skipped
            showRepeated(found, segment, &context)
            var rest = body
            rest.offset += skipped
            while rest.remaining > 0 {
                if streams.value[stream].pending.isEmpty, !streams.value[stream].hasEarly(within: rest.remaining) {
                    handOnFromFrame(&rest, segment, stream, &found, &context)
                } else {
                    handOnPending(&rest, segment, stream, &found, &context)
                }
            }
        }
        holdPending(stream, segment, &found, &context)
    }

    /// Hands on the PDU that begins at `rest` with nothing pending, from the frame itself. What is no whole PDU becomes
    /// pending. What is no PDU at all is passed over.
    private func handOnFromFrame(_ rest: inout Reader, _ segment: Segment, _ stream: Int, _ found: inout TCPPayloadFacts, _ context: inout Context) {
        let streams = context.state.ref(state)
        let end = pduEnd(rest.rest, stream, &found, isClosed: streams.value[stream].ends(after: rest.remaining), &context)
        var byteCount = rest.remaining
        if case .at(let count) = end, end.isWithin(rest.remaining) {
            byteCount = count
            showInFrame(rest.next(takesIncomplete(found, context) ? rest.remaining : byteCount), segment, &found, &context)
        } else if end != .notRecognized {
            if takesIncomplete(found, context), !found.reaches(rest.reportedEnd - segment.body.start) {
                showInFrame(rest.rest, segment, &found, &context)
            }
            streams.value[stream].need = end.need
            var wholeByteCount = 0
            if case .exactly(let byteCount) = end.need { wholeByteCount = byteCount }
            streams.value[stream].pending.append(
                rest.capturedBytes, frame: context.frame.number, frameOffset: segment.frameOffset(rest.offset), of: wholeByteCount)
            describeIncomplete(rest.rest, found, &context)
        }
        streams.value[stream].advance(byteCount)
        rest.offset += byteCount
    }

    private func takesIncomplete(_ found: TCPPayloadFacts, _ context: borrowing Context) -> Bool {
        found.dissector.map { context.takesIncomplete($0) } ?? false
    }

    private func showInFrame(_ pdu: Reader, _ segment: Segment, _ found: inout TCPPayloadFacts, _ context: inout Context) {
        show(pdu, found.dissector, isFirst: found.last?.isInFrame != true, segment, &context)
        found.note(.inFrame(offset: pdu.start - segment.body.start, byteCount: pdu.remaining), context.pass)
    }

    /// Adds the bytes at `rest` to what is pending, as many as the PDU is known to need, and hands on the PDUs that are
    /// complete with them.
    private func handOnPending(_ rest: inout Reader, _ segment: Segment, _ stream: Int, _ found: inout TCPPayloadFacts, _ context: inout Context) {
        let streams = context.state.ref(state)
        var taken = rest.remaining
        if case .exactly(let byteCount) = streams.value[stream].need, byteCount > streams.value[stream].pending.count {
            taken = min(taken, byteCount - streams.value[stream].pending.count)
        }
        streams.value[stream].pending.append(
            rest.next(taken).capturedBytes, frame: context.frame.number, frameOffset: segment.frameOffset(rest.offset))
        streams.value[stream].advance(taken)
        rest.offset += taken
        if rest.remaining == 0 { streams.value[stream].takeEarly() }
        if !streams.value[stream].isWaiting || streams.value[stream].need == .untilClose && streams.value[stream].ends(after: 0) {
            drain(stream, segment, &found, &context)
        }
    }

    /// Hands on the whole PDUs among the pending bytes; what is left stays.
    private func drain(_ stream: Int, _ segment: Segment, _ found: inout TCPPayloadFacts, _ context: inout Context) {
        let streams = context.state.ref(state)
        let run = streams.value[stream].pending
        let isClosed = streams.value[stream].ends(after: 0)
        let isAtClose = isClosed && streams.value[stream].need == .untilClose && segment.header.has(.fin)
        var end = run.bytes.withUnsafeBytes { buffer in
            let pending = Reader(bytes: ByteView(buffer), source: segment.layer.source, start: 0, reportedEnd: buffer.count)
            let end = pduEnd(pending, stream, &found, isClosed: isClosed, &context)
            if !end.isWithin(buffer.count) { describeIncomplete(pending, found, &context) }
            return end
        }
        if run.count > StreamAssembler.pendingByteLimit || end == .notRecognized { end = .at(run.count) }
        guard end.isWithin(run.count), let source = assemblies.derive(run.assembly(consumed: run.count), from: segment.layer, &context) else {
            streams.value[stream].need = end.need
            return
        }
        let (firstItem, headerEnd) = (context.itemCount, segment.headerEnd(context))
        var rest = source
        var pdus: [Range<Int>] = []
        while case .at(let byteCount) = end, end.isWithin(rest.remaining) {
            let shown = rest.next(takesIncomplete(found, context) ? rest.remaining : byteCount)
            show(shown, found.dissector, isFirst: pdus.isEmpty, segment, &context)
            pdus.append(shown.offset..<shown.offset + shown.remaining)
            rest.offset += byteCount
            end = rest.remaining > 0 ? pduEnd(rest.rest, found.dissector, isClosed: isClosed, &context) : .needsMore(1)
        }
        let assembly = run.assembly(consumed: rest.offset)
        if !isAtClose { addOwnSegmentData(run.pieces, segment, &context) }
        showAssembly(assembly, source, before: firstItem + segment.headerEnd(context) - headerEnd, &context)
        found.note(.assembled(assembly.asFact(mayLackFrames: context.mayLackFrames), pdus: pdus, atClose: isAtClose), context.pass)
        noteCompletion(of: assembly, &context)
        streams.value[stream].pending.drop(rest.offset)
        streams.value[stream].need = end.need
        if rest.remaining > 0 { describeIncomplete(rest.rest, found, &context) }
    }

    /// Shows how much of the segment waits for the rest of a PDU.
    private func holdPending(_ stream: Int, _ segment: Segment, _ found: inout TCPPayloadFacts, _ context: inout Context) {
        let frame = context.frame.number
        guard let own = context.state.ref(state).value[stream].pending.pieces.last(where: { $0.frame == frame }) else { return }
        hold(segment, from: max(0, segment.body.remaining - Int(own.byteCount)), &found, &context)
    }

    /// Hands on what the capture cut: what follows in the stream begins anew behind it.
    private func handOnCut(_ segment: Segment, _ stream: Int, _ found: inout TCPPayloadFacts, _ context: inout Context) {
        handOnAlone(segment, &found, &context)
        let streams = context.state.ref(state)
        streams.value[stream].begin(at: segment.sequence)
        streams.value[stream].skip(to: segment.end)
        if !streams.value[stream].pending.isEmpty { drain(stream, segment, &found, &context) }
    }

    /// Hands on the PDUs of a segment by itself, the last one as far as it goes.
    private func handOnAlone(_ segment: Segment, _ found: inout TCPPayloadFacts, _ context: inout Context) {
        var rest = segment.body
        repeat {
            let offset = rest.offset - segment.body.start
            var byteCount = rest.remaining
            // What seems to end where the capture does may go on behind it.
            if !takesIncomplete(found, context), case .at(let count) = pduEnd(rest.rest, found.dissector, isClosed: false, &context), count > 0, count != rest.capturedRemaining {
                byteCount = min(byteCount, count)
            }
            show(rest.next(byteCount), found.dissector, isFirst: found.last == nil, segment, &context)
            found.note(.inFrame(offset: offset, byteCount: byteCount), context.pass)
            rest.offset += byteCount
        } while rest.capturedRemaining > 0
    }

    private func noteCompletion(of assembly: Assembly, _ context: inout Context) {
        let frame = context.frame.number
        for piece in assembly.pieces where piece.frame != frame && Int(piece.position) < assembly.consumedByteCount {
            context.amend(facts, frame: piece.frame) { if $0.completedIn.last != frame { $0.completedIn.append(frame) } }
        }
    }

    /// The stream ends: what is pending is all there will be.
    private func close(_ stream: Int, _ segment: Segment, _ found: inout TCPPayloadFacts, _ context: inout Context) {
        let streams = context.state.ref(state)
        guard !streams.value[stream].pending.isEmpty else { return }
        if found.dissector == nil { found.dissector = context.packet.stream.flatMap { context.boundDissector($0) } ?? choose(segment, &context) }
        streams.value[stream].pending.append(.empty, frame: context.frame.number, frameOffset: segment.frameOffset(segment.body.start))
        drain(stream, segment, &found, &context)
    }

    // MARK: Where a PDU ends

    private func pduEnd(_ reader: Reader, _ dissector: DissectorID?, isClosed: Bool, _ context: inout Context) -> PDUEnd {
        guard let dissector, var position = context.packet.stream else {
            return .at(reader.remaining)
        }
        position.isClosed = isClosed
        context.packet.stream = position
        switch context.pduEnd(dissector, reader, position) {
        case .atClose where isClosed: return .at(reader.remaining)
        case let end: return end
        }
    }

    /// Where the PDU ends with which the pending bytes of a stream begin. What nothing took may be recognized with more of a stream's
    /// beginning, and waits for that.
    private func pduEnd(_ reader: Reader, _ stream: Int, _ found: inout TCPPayloadFacts, isClosed: Bool, _ context: inout Context) -> PDUEnd {
        if found.dissector == nil, context.state.ref(state).value[stream].isAtBeginning {
            found.dissector = context.recognizer(heuristics, reader)
            if found.dissector == nil, !isClosed, context.mayRecognize(heuristics, reader) { return .needsMore(1) }
        }
        return pduEnd(reader, found.dissector, isClosed: isClosed, &context)
    }

    private func describeIncomplete(_ reader: Reader, _ found: TCPPayloadFacts, _ context: inout Context) {
        guard let dissector = found.dissector, context.columns.accepts, context.pass != .second else { return }
        context.describeIncomplete(dissector, reader)
    }

    // MARK: Second pass

    private func replay(_ found: TCPPayloadFacts, _ segment: Segment, _ context: inout Context) {
        showRepeated(found, segment, &context)
        for (index, delivery) in found.deliveries.enumerated() {
            switch delivery {
            case .inFrame(let offset, let byteCount):
                var rest = segment.body
                rest.offset = min(segment.body.start + offset, segment.body.reportedEnd)
                let isFirst = index == 0 || !found.deliveries[index - 1].isInFrame
                show(rest.next(byteCount), found.dissector, isFirst: isFirst, segment, &context)
            case .assembled(let assembly, let pdus, let isAtClose):
                replay(assembly, pdus, found.dissector, segment, &context)
                if !isAtClose { addOwnSegmentData(assembly.pieces, segment, &context) }
            }
        }
        if let offset = found.heldFrom { showHeld(from: offset, found, segment, &context) }
        showFaults(found, segment, &context)
    }

    private func replay(
        _ assembly: Assembly, _ pdus: [Range<Int>], _ dissector: DissectorID?, _ segment: Segment, _ context: inout Context
    ) {
        guard let source = assemblies.derive(assembly, from: segment.layer, &context) else { return }
        showAssembly(assembly, source, before: context.itemCount, &context)
        var rest = source
        for (index, pdu) in pdus.enumerated() {
            rest.offset = pdu.lowerBound
            show(rest.next(pdu.count), dissector, isFirst: index == 0, segment, &context)
        }
    }

    // MARK: Showing

    /// Hands a PDU on; several that stand together are one layer.
    private func show(_ pdu: Reader, _ dissector: DissectorID?, isFirst: Bool, _ segment: Segment, _ context: inout Context) {
        guard let chosen = dissector ?? data else { return }
        context.packet.isSizedPDU = context.showsPDUByteCount(chosen)
        context.run(chosen, pdu, isContinued: !isFirst)
        if context.packet.isSizedPDU {
            add(under: segment, &context) { $0.generated(pduByteCount, pdu, pdu.offset, pdu.remaining, value: UInt64(pdu.remaining)) }
        }
        if pdu.source != segment.body.source { context.columns.fenceInfo() }
    }

    private func showAssembly(_ assembly: Assembly, _ source: Reader, before item: Int, _ context: inout Context) {
        let (depth, first) = (context.depth, context.itemCount)
        context.depth = context.baseDepth
        assemblies.show(assembly, source, &context)
        context.depth = depth
        context.moveItems(from: first, before: item)
    }

    private func hold(_ segment: Segment, from offset: Int, _ found: inout TCPPayloadFacts, _ context: inout Context) {
        found.heldFrom = offset
        showHeld(from: offset, found, segment, &context)
    }

    private func showHeld(from offset: Int, _ found: TCPPayloadFacts, _ segment: Segment, _ context: inout Context) {
        if context.columns.accepts, offset == 0 {
            context.columns.setProtocol("TCP")
            context.columns.appendInfo(context.columns.info.isEmpty ? "[TCP segment of a reassembled PDU]" : " [TCP segment of a reassembled PDU]")
        }
        for frame in found.completedIn {
            add(under: segment, &context) { assemblies.showReassembledIn(frame, segment.layer, at: segment.layer.start, &$0) }
        }
        if found.showsRest(of: context.frame.number) { return }
        addSegmentData(segment, offset, segment.body.remaining - offset, "TCP segment data", &context)
    }

    private func showRepeated(_ found: TCPPayloadFacts, _ segment: Segment, _ context: inout Context) {
        if found.repeatsPending { context.columns.appendInfo(" [TCP segment of a reassembled PDU]") }
        addSegmentData(segment, 0, found.repeatedByteCount, "Retransmitted TCP segment data", &context)
    }

    /// The part of an assembly that this segment brought.
    private func addOwnSegmentData(_ pieces: [Piece], _ segment: Segment, _ context: inout Context) {
        let frame = context.frame.number
        guard let own = pieces.last(where: { $0.frame == frame }) else { return }
        let offset = segment.body.source == 0 ? Int(own.frameOffset) - segment.body.start : 0
        addSegmentData(segment, offset, Int(own.byteCount), "TCP segment data", &context)
    }

    private func addSegmentData(_ segment: Segment, _ offset: Int, _ byteCount: Int, _ name: StaticString, _ context: inout Context) {
        guard byteCount > 0 else { return }
        add(under: segment, &context) { context in
            let item = context.add(segmentData, segment.body, segment.body.start + offset, byteCount)
            context.label(item) { $0.append(name, byteCount: byteCount) }
        }
    }

    /// Adds items to the end of the TCP header's node, wherever the tree is by now.
    private func add(under segment: Segment, _ context: inout Context, _ body: (inout Context) -> Void) {
        let first = context.itemCount
        context.open()
        body(&context)
        context.close()
        context.moveItems(from: first, under: segment.top)
    }
}

/// What pass 1 leaves of a segment's payload.
struct TCPPayloadFacts: Sendable {
    enum Delivery: Sendable {
        /// A PDU that stands in the frame, from the payload's start.
        case inFrame(offset: Int, byteCount: Int)
        /// PDUs among bytes of several segments. What ends with the stream shows no part of it as this segment's own.
        case assembled(Assembly, pdus: [Range<Int>], atClose: Bool)

        var isInFrame: Bool {
            if case .inFrame = self { true } else { false }
        }
    }

    var dissector: DissectorID?
    /// Whether bytes of the segment differ from what was sent before at their place.
    var conflicts = false
    /// Whether bytes of the stream that waited were given up before the segment.
    var isAfterLoss = false
    /// Bytes at the start that were there before.
    var repeatedByteCount = 0
    /// Those bytes wait for the rest of their PDU.
    var repeatsPending = false
    /// What was handed on, for a second pass to hand it on again.
    private(set) var deliveries: [Delivery] = []
    private(set) var last: Delivery?
    /// Where what waits for more begins, from the payload's start; nil where nothing does.
    var heldFrom: Int?
    /// The frames in which what is held becomes part of a PDU: more than one where it ends one and begins another.
    var completedIn: [UInt32] = []

    mutating func note(_ delivery: Delivery, _ pass: Pass) {
        last = delivery
        if pass == .first { deliveries.append(delivery) }
    }

    /// Whether what was shown last reaches so far into the payload.
    func reaches(_ offset: Int) -> Bool {
        if case .inFrame(let begin, let byteCount) = last { begin + byteCount >= offset } else { false }
    }

    /// Whether what is held of a frame was shown with the end of the PDU before it.
    func showsRest(of frame: UInt32) -> Bool {
        guard case .assembled(let assembly, _, atClose: false) = last,
            let own = assembly.pieces.last(where: { $0.frame == frame })
        else { return false }
        return Int(own.position) + Int(own.byteCount) > assembly.consumedByteCount
    }
}

extension PDUEnd {
    func isWithin(_ count: Int) -> Bool {
        if case .at(let byteCount) = self { return byteCount > 0 && byteCount <= count }
        return false
    }

    /// What a PDU that is not complete waits for.
    fileprivate var need: StreamAssembler.Need {
        switch self {
        case .at(let byteCount): .exactly(byteCount)
        case .atClose: .untilClose
        case .needsMore, .notRecognized: .more
        }
    }
}
