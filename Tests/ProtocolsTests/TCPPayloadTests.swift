import Dissection
import Streams
import TestSupport
import Testing
import Wire

/// A protocol that cuts its stream into PDUs, and shows each as it was handed on. Its first byte tells how: a length of 1 to 32,
/// or that the second byte tells a length of 2 to 65, or that the PDU goes on to the end of the stream.
private struct Parcel: StreamDissector {
    static let port: UInt16 = 7000
    private let node, whole: FieldID

    init(registering r: inout Registrar) {
        let proto = r.proto("parcel", "Parcel", short: "Parcel")
        node = r.node(of: proto)
        whole = r.field("parcel.bytes", "Bytes", .bytes)
        r.add(r.dissector(self, proto), to: "tcp.port", UInt32(Self.port))
    }

    /// How many bytes a PDU has; nil where too few are there to tell, `Int.max` where it ends with the stream.
    static func byteCount(_ first: UInt8, _ second: UInt8?) -> Int? {
        switch first {
        case ..<0xe0: 1 + Int(first & 0x1f)
        case ..<0xfc: second.map { 2 + Int($0 & 0x3f) }
        default: .max
        }
    }

    func pduEnd(_ reader: Reader, _ stream: StreamPosition, _ context: inout Context) -> PDUEnd {
        guard let first = reader.peek(0), let count = Self.byteCount(first, reader.peek(1)) else { return .needsMore(1) }
        return count == .max ? .atClose : .at(count)
    }

    func dissect(_ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        context.begin(node, reader)
        context.add(whole, reader, reader.offset, reader.remaining)
        context.close()
    }
}

/// What of one direction is to be handed on, from a map of the bytes that came.
private struct ParcelOracle {
    private let stream: SegmentSchedule.Direction
    private var isSeen: [Bool]
    /// Where the next PDU begins.
    private var start: Int?
    private var hasFinish = false

    init(_ stream: SegmentSchedule.Direction) {
        self.stream = stream
        isSeen = [Bool](repeating: false, count: stream.bytes.count)
        start = stream.hasSynchronization ? 0 : nil
    }

    /// The PDUs that a segment makes complete.
    mutating func take(_ segment: SegmentSchedule.Segment) -> [[UInt8]] {
        if segment.hasFinish { hasFinish = true }
        for offset in segment.range { isSeen[offset] = true }
        if start == nil, !segment.range.isEmpty { start = segment.range.lowerBound }
        guard var begin = start else { return [] }
        let end = isSeen[begin...].firstIndex(of: false) ?? isSeen.count
        let isClosed = hasFinish && end == isSeen.count
        var parcels: [[UInt8]] = []
        while begin < end, let count = Parcel.byteCount(stream.bytes[begin], begin + 1 < end ? stream.bytes[begin + 1] : nil) {
            let parcelEnd = count == .max && isClosed ? end : begin.addingReportingOverflow(count).overflow ? .max : begin + count
            if parcelEnd > end { break }
            parcels.append(Array(stream.bytes[begin..<parcelEnd]))
            begin = parcelEnd
        }
        start = begin
        return parcels
    }
}

@Suite struct TCPPayloadTests {
    private let bed: TestBed
    private let whole: FieldID

    init() throws {
        bed = try TestBed { _ = Parcel(registering: &$0) }
        whole = try #require(bed.registry.field(named: "parcel.bytes")?.id)
    }

    /// - Parameter other: the direction that the packet acknowledges nothing of.
    private func packet(_ direction: SegmentSchedule.Direction, acknowledging other: SegmentSchedule.Direction, isReverse: Bool) -> SegmentPacket {
        var packet = SegmentPacket()
        packet.sourcePort = isReverse ? Parcel.port : 40_000
        packet.destinationPort = isReverse ? 40_000 : Parcel.port
        if isReverse { swap(&packet.source, &packet.destination) }
        packet.sequence = direction.firstSequence
        packet.acknowledgment = other.firstSequence
        return packet
    }

    /// The schedule as frames, and of each frame the PDUs that it is to hand on.
    private func frames(_ schedule: SegmentSchedule) -> [(frame: Fixture.Frame, parcels: [[UInt8]])] {
        var frames: [(frame: Fixture.Frame, parcels: [[UInt8]])] = []
        for (index, direction) in schedule.directions.enumerated() where direction.hasSynchronization {
            var opening = packet(direction, acknowledging: schedule.directions[1 - index], isReverse: index == 1)
            opening.flags = .synchronize
            opening.sequence &-= 1
            frames.append((opening.frame(number: frames.count + 1), []))
        }
        var oracles = schedule.directions.map(ParcelOracle.init)
        for segment in schedule.segments {
            let direction = schedule.direction(of: segment)
            var carrier = packet(direction, acknowledging: schedule.directions[segment.isReverse ? 0 : 1], isReverse: segment.isReverse)
            carrier.sequence = direction.sequence(at: segment.range.lowerBound)
            carrier.payload = Array(schedule.bytes(of: segment))
            if segment.hasFinish { carrier.flags.insert(.finish) }
            frames.append((carrier.frame(number: frames.count + 1), oracles[segment.isReverse ? 1 : 0].take(segment)))
        }
        return frames
    }

    private func parcels(_ frame: borrowing DissectedFrame) -> [[UInt8]] {
        var found: [[UInt8]] = []
        for index in 0..<frame.itemCount where frame.item(index).field == whole { found.append(frame.valueBytes(of: frame.item(index)).copy()) }
        return found
    }

    /// The first frame of a schedule from which other PDUs came out than should, on the first pass or the second, which goes
    /// backwards.
    private func problem(_ schedule: SegmentSchedule, _ plan: Plan) -> String? {
        let frames = frames(schedule)
        let facts = FactStore(bed.registry)
        var first = Context(bed.registry, plan: plan, pass: .first, facts: facts)
        for (frame, expected) in frames {
            let found = bed.dissect(frame, &first) { parcels($0) }
            if found != expected { return "frame \(frame.info.number): \(found), not \(expected)" }
        }
        var second = Context(bed.registry, plan: plan, pass: .second, facts: facts)
        second.earlierFrames = FixtureFrames(frames: frames.map(\.frame))
        for (frame, expected) in frames.reversed() {
            let found = bed.dissect(frame, &second) { parcels($0) }
            if found != expected { return "frame \(frame.info.number), second pass: \(found), not \(expected)" }
        }
        return nil
    }

    @Test func everyPDUIsHandedOnOnce() {
        var random = SeededRandom(for: "PDUs over TCP")
        var occurrences = Occurrences<SegmentSchedule.Ingredient>()
        let count = Effort.randomCases(20_000, thorough: 1_000_000)
        let plan = Plan(bed.registry, fields: [whole], labels: false, columns: false)
        for number in 0..<count {
            let schedule = SegmentSchedule(&random)
            occurrences.note(schedule.ingredients)
            guard let problem = problem(schedule, plan) else { continue }
            Issue.record("seed \(random.seed), schedule \(number): \(problem)\n\(schedule)")
            return
        }
        print("\(count) schedules: \(occurrences.text)")
        #expect(occurrences.fewest >= 1000)
    }

    // MARK: Single cases

    /// The client's segments as frames, behind its SYN; the first byte has sequence number 1.
    private func frames(_ segments: (offset: Int, bytes: [UInt8])...) -> [Fixture.Frame] {
        var packet = SegmentPacket()
        (packet.sourcePort, packet.destinationPort, packet.flags) = (40_000, Parcel.port, .synchronize)
        var frames = [packet.frame(number: 1)]
        packet.flags = [.push, .acknowledge]
        for (offset, bytes) in segments {
            (packet.sequence, packet.payload) = (UInt32(offset + 1), bytes)
            frames.append(packet.frame(number: frames.count + 1))
        }
        return frames
    }

    /// A PDU of `byteCount` bytes, which are 32 at most.
    private func parcel(_ byteCount: Int) -> [UInt8] { [UInt8](repeating: UInt8(byteCount - 1), count: byteCount) }

    /// The lengths of the PDUs that come out of each frame behind the first.
    private func lengths(_ frames: [Fixture.Frame]) -> [[Int]] {
        var context = Context(bed.registry, plan: Plan(bed.registry, fields: [whole], labels: false, columns: false))
        return frames.map { frame in bed.dissect(frame, &context) { parcels($0).map(\.count) } }.dropFirst().map { $0 }
    }

    /// How long a PDU was says nothing of the next one.
    @Test func everyPDUIsMeasuredByItself() {
        let (long, short) = (parcel(20), parcel(10))
        let frames = frames((0, Array(long[..<10])), (10, Array(long[10...])), (25, Array(short[5...])), (20, Array(short[..<5])))
        #expect(lengths(frames) == [[], [20], [], [10]])
    }

    /// A stream ends behind its last byte, even if its end was seen before.
    @Test func endBehindAGapIsNoEnd() {
        var frames = frames((0, [0xff, 1]), (4, []), (2, [2, 3]), (4, []))
        for index in [2, 4] { frames[index].bytes[33] |= SegmentPacket.Flags.finish.rawValue }
        #expect(lengths(frames) == [[], [], [4], []])
    }

    /// What follows a segment that the capture cut is found, whether it comes behind it or came before.
    @Test func whatTheCaptureCutHoldsNothingUp() {
        var frames = frames((0, Array(parcel(20)[..<10])), (10, parcel(20)), (30, parcel(10)), (60, parcel(10)), (40, parcel(20)), (70, parcel(5)))
        for index in [2, 5] { frames[index].bytes.removeLast() }
        for index in frames.indices { frames[index].info.capturedByteCount = frames[index].bytes.count }
        #expect(lengths(frames) == [[], [19], [10], [], [19, 10], [5]])
    }

    /// Of a segment that the capture cut, the PDUs before the cut are whole.
    @Test func cutSegmentHandsOnEachPDU() {
        var frames = frames((0, parcel(10) + parcel(20)), (30, parcel(5)))
        frames[1].bytes.removeLast()
        frames[1].info.capturedByteCount = frames[1].bytes.count
        #expect(lengths(frames) == [[10, 19], [5]])
    }

    /// Where too much waits behind a gap, the gap alone is given up.
    @Test func givenUpGapLosesNothingBehindIt() {
        let count = StreamAssembler.earlyByteLimit / (60_000 + StreamAssembler.earlySegmentByteCount) + 1
        let many = [UInt8](repeating: 31, count: 60_000)
        var packet = SegmentPacket()
        (packet.sourcePort, packet.destinationPort, packet.sequence, packet.payload) = (40_000, Parcel.port, 33, many)
        var frames = frames()
        for _ in 0...count {
            frames.append(packet.frame(number: frames.count + 1))
            packet.sequence += packet.advance
        }
        let parcels = lengths(frames).map(\.count)
        #expect(parcels == [Int](repeating: 0, count: count - 1) + [count * 60_000 / 32, 60_000 / 32])
    }

    /// A PDU that never ends is handed on once it has as many bytes as may wait.
    @Test func endlessPDUIsHandedOn() {
        let many = [UInt8](repeating: 0xff, count: 60_000)
        let count = StreamAssembler.pendingByteLimit / many.count + 1
        var packet = SegmentPacket()
        (packet.sourcePort, packet.destinationPort, packet.sequence, packet.payload) = (40_000, Parcel.port, 1, many)
        var frames = frames()
        for _ in 0..<count {
            frames.append(packet.frame(number: frames.count + 1))
            packet.sequence += packet.advance
        }
        #expect(lengths(frames).map(\.count) == [Int](repeating: 0, count: count - 1) + [1])
    }
}
