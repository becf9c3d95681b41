import Streams
import TestSupport
import Testing
import Wire

/// One direction of a schedule, handed to an assembler segment by segment, and a map of its bytes that tells what is to come out.
private struct Direction {
    private let stream: SegmentSchedule.Direction
    private var assembler: StreamAssembler
    private let limit: Int
    /// The bytes that came so far.
    private var isSeen: [Bool]
    /// Where the next byte in order stands; nil while it is not known where the stream begins.
    private var next: Int?
    /// Where the bytes stand that the assembler keeps as pending.
    private var pendingStart = 0
    /// Bytes that came behind a gap, every time they came, since nothing waited.
    private var earlyByteCount = 0

    /// - Parameter limit: bytes that may wait behind a gap.
    init(_ stream: SegmentSchedule.Direction, limit: Int?) {
        self.stream = stream
        self.limit = limit ?? .max
        assembler = limit.map { StreamAssembler(earlyByteLimit: $0) } ?? StreamAssembler()
        isSeen = [Bool](repeating: false, count: stream.bytes.count)
        guard stream.hasSynchronization else { return }
        assembler.begin(at: stream.firstSequence)
        next = 0
    }

    var gapCount: Int { assembler.skippedGapCount }

    /// Hands on one segment; what comes out wrong is the answer. The segments are frames, one offset into its own frame.
    mutating func take(_ range: Range<Int>, frame: Int, _ segments: [SegmentSchedule.Segment], _ random: inout SeededRandom) -> String? {
        let start = next ?? range.lowerBound
        if next == nil { pendingStart = start }
        for offset in range { isSeen[offset] = true }
        let gapsBefore = assembler.skippedGapCount
        let placement = stream.bytes[range].withUnsafeBytes { bytes in
            place(ByteView(bytes), range, frame)
        }
        if placement == .pastGap { return passGap(from: start, range, gapsBefore) ?? checkPending(segments, &random) }
        if assembler.skippedGapCount != gapsBefore { return "a gap was given up in silence" }
        let expected: StreamAssembler.Placement =
            range.lowerBound > start ? .early : range.upperBound <= start ? .repeated : .inOrder(skipping: start - range.lowerBound)
        if placement != expected { return "\(placement), not \(expected)" }
        if placement == .early { noteEarly(range) }
        advance(from: start)
        if placement == .early, isSeen[start...].lazy.filter({ $0 }).count > limit { return "too many bytes wait" }
        return checkPending(segments, &random)
    }

    /// The call as the payload's way to its dissector makes it.
    private mutating func place(_ bytes: ByteView, _ range: Range<Int>, _ frame: Int) -> StreamAssembler.Placement {
        let placement = assembler.place(stream.sequence(at: range.lowerBound), bytes, frame: UInt32(frame), frameOffset: 1)
        if case .inOrder(let skipped) = placement {
            assembler.pending.append(bytes[skipped..<bytes.count], frame: UInt32(frame), frameOffset: 1 + skipped)
            assembler.advance(bytes.count - skipped)
            assembler.takeEarly()
        }
        return placement
    }

    /// The bytes before the first ones that wait are given up, and nothing behind them; but as many gaps as it takes.
    private mutating func passGap(from start: Int, _ range: Range<Int>, _ gapsBefore: Int) -> String? {
        let gapCount = assembler.skippedGapCount - gapsBefore
        if gapCount < 1 { return "a gap that is not counted" }
        noteEarly(range)
        if earlyByteCount <= limit { return "the gap at \(start) was given up for \(earlyByteCount) bytes" }
        next = start
        for _ in 0..<gapCount {
            guard let end = next, let first = isSeen[end...].firstIndex(of: true), first > end else { return "there is no gap at \(start)" }
            pendingStart = first
            advance(from: first)
        }
        return nil
    }

    private mutating func noteEarly(_ range: Range<Int>) { earlyByteCount += range.count + StreamAssembler.earlySegmentByteCount }

    private mutating func advance(from start: Int) {
        let end = isSeen[start...].firstIndex(of: false) ?? isSeen.count
        if end > start { earlyByteCount = isSeen[end...].contains(true) ? earlyByteCount : 0 }
        next = end
    }

    /// What is pending are the bytes in order, and its pieces say where they came from. Some of it is consumed.
    private mutating func checkPending(_ segments: [SegmentSchedule.Segment], _ random: inout SeededRandom) -> String? {
        guard let next else { return nil }
        if assembler.expected != stream.sequence(at: next) { return "not at byte \(next) of the stream" }
        let run = assembler.pending
        if !run.bytes.elementsEqual(stream.bytes[pendingStart..<next]) { return "bytes \(pendingStart)..<\(next) are not what is pending" }
        var position = 0
        for piece in run.pieces {
            if Int(piece.position) != position { return "a piece at \(piece.position), not \(position)" }
            let offset = segments[Int(piece.frame)].range.lowerBound + Int(piece.frameOffset) - 1
            if offset != pendingStart + position { return "a piece from byte \(offset), not \(pendingStart + position)" }
            position += Int(piece.byteCount)
            if offset + Int(piece.byteCount) > segments[Int(piece.frame)].range.upperBound { return "a piece longer than its segment" }
        }
        if position != run.count { return "pieces of \(position) bytes for \(run.count)" }
        let consumed = random.below(run.count + 1)
        assembler.pending.drop(consumed)
        pendingStart += consumed
        return nil
    }
}

@Suite struct StreamAssemblerTests {
    /// Schedules in which a direction may keep only this many bytes behind a gap are one in four.
    private static let smallLimits = [0, 200, 500]

    @Test func streamsComeOutInOrder() {
        var random = SeededRandom(for: "TCP reassembly")
        var occurrences = Occurrences<SegmentSchedule.Ingredient>()
        var givenUpCount = 0
        let count = Effort.randomCases(20_000, thorough: 1_000_000)
        for number in 0..<count {
            let schedule = SegmentSchedule(&random)
            occurrences.note(schedule.ingredients)
            let limit = random.oneIn(4) ? Self.smallLimits[random.below(Self.smallLimits.count)] : nil
            var directions = schedule.directions.map { Direction($0, limit: limit) }
            for (frame, segment) in schedule.segments.enumerated() where !segment.range.isEmpty {
                guard let problem = directions[segment.isReverse ? 1 : 0].take(segment.range, frame: frame, schedule.segments, &random) else { continue }
                Issue.record("seed \(random.seed), schedule \(number), segment \(frame) of \(schedule.segments): \(problem)")
                return
            }
            if directions.contains(where: { $0.gapCount > 0 }) { givenUpCount += 1 }
        }
        print("\(count) schedules: \(occurrences.text), gap given up \(givenUpCount)")
        #expect(occurrences.fewest >= 1000)
        #expect(givenUpCount >= 1000)
    }

    // MARK: Single cases

    private func place(_ text: String, at sequence: UInt32, _ frame: UInt32, _ assembler: inout StreamAssembler) -> StreamAssembler.Placement {
        Array(text.utf8).withUnsafeBytes { buffer in
            let bytes = ByteView(buffer)
            let placement = assembler.place(sequence, bytes, frame: frame, frameOffset: 0)
            if case .inOrder(let skipped) = placement {
                assembler.pending.append(bytes[skipped..<bytes.count], frame: frame, frameOffset: skipped)
                assembler.advance(bytes.count - skipped)
                assembler.takeEarly()
            }
            return placement
        }
    }

    private func text(_ assembler: borrowing StreamAssembler) -> String { String(decoding: assembler.pending.bytes, as: UTF8.self) }

    /// Of early segments that could go next the one that came first goes first.
    @Test func earlySegmentsGoInTheOrderOfTheirArrival() {
        var assembler = StreamAssembler()
        assembler.begin(at: 1)
        #expect(place("worldly", at: 6, 1, &assembler) == .early)
        #expect(place("LOWORLD", at: 4, 2, &assembler) == .early)
        #expect(place("hello", at: 1, 3, &assembler) == .inOrder(skipping: 0))
        #expect(text(assembler) == "helloworldly" && assembler.pending.pieces.map(\.frame) == [3, 1])
    }

    /// What the other side acknowledged it has: nothing more comes for the gap before it.
    @Test func acknowledgedGapsAreGivenUp() {
        var assembler = StreamAssembler()
        assembler.begin(at: 1)
        #expect(place("behind", at: 100, 1, &assembler) == .early)
        for number: UInt32 in [0, 50, 100, 107] { assembler.noteAcknowledgment(number) }
        #expect(place("more", at: 106, 2, &assembler) == .early, "nothing behind the gap was acknowledged")
        assembler.noteAcknowledgment(110)
        #expect(place("last", at: 110, 3, &assembler) == .pastGap)
        #expect(text(assembler) == "behindmorelast" && assembler.skippedGapCount == 1 && assembler.expected == 114)
    }

    @Test func conflictsAreTold() {
        func conflicts(_ text: String, at sequence: UInt32, _ assembler: borrowing StreamAssembler) -> Bool {
            Array(text.utf8).withUnsafeBytes { assembler.conflicts(sequence, ByteView($0)) }
        }
        var assembler = StreamAssembler()
        assembler.begin(at: .max)
        _ = place("hello", at: .max, 1, &assembler)
        _ = place("early", at: 14, 2, &assembler)
        #expect(!conflicts("hello", at: .max, assembler) && !conflicts("lloXX", at: 1, assembler) && !conflicts("XX", at: 4, assembler))
        #expect(conflicts("hellO", at: .max, assembler) && conflicts("X", at: 3, assembler) && conflicts("XXe.", at: 12, assembler))
        #expect(!conflicts("XXea", at: 12, assembler) && !conflicts("", at: 0, assembler) && !conflicts("X", at: 19, assembler))
    }

    @Test func whatIsGivenUpIsSaidOnce() {
        var assembler = StreamAssembler()
        assembler.begin(at: 1)
        _ = place("abc", at: 1, 1, &assembler)
        _ = place("xyz", at: 10, 2, &assembler)
        assembler.giveUp()
        #expect(assembler.byteCount == 0 && assembler.expected == 13 && assembler.pending.isEmpty)
        #expect(assembler.takeGivenUp() && !assembler.takeGivenUp())
        #expect(place("next", at: 13, 3, &assembler) == .inOrder(skipping: 0) && text(assembler) == "next")
    }

    /// A SYN that is sent again with another number counts until something of the stream came.
    @Test func beginsWhereTheLastSYNSays() {
        func place(_ sequence: UInt32, _ assembler: inout StreamAssembler) -> StreamAssembler.Placement {
            [UInt8](repeating: 1, count: 10).withUnsafeBytes { assembler.place(sequence, ByteView($0), frame: 1, frameOffset: 0) }
        }
        var assembler = StreamAssembler()
        assembler.synchronize(at: 100)
        assembler.synchronize(at: 5000)
        #expect(place(5000, &assembler) == .inOrder(skipping: 0))
        assembler.advance(10)
        assembler.synchronize(at: 9000)
        #expect(place(5010, &assembler) == .inOrder(skipping: 0))
    }
}
