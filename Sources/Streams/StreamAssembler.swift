import Wire

/// Puts one direction of a TCP stream in order: says what of a segment is new, holds what came early, and keeps the bytes
/// of a PDU that is not complete (RFC 9293, section 3.10.7.4, as an observer).
///
/// Bytes that were handed on once are not handed on again. Where a late segment differs from an earlier one `overlapPolicy`
/// says which bytes count; `conflicts` tells that they differ.
public struct StreamAssembler: Sendable {
    /// What counts where two segments have different bytes for one place: receivers differ in this, so none can be right for all.
    public enum OverlapPolicy: Sendable {
        /// The bytes that were captured first, as in most receivers for what they have handed on.
        case firstCaptured
    }
    public static let overlapPolicy = OverlapPolicy.firstCaptured

    /// Bytes that came early and wait for a gap to close, at most: beyond it the gap is given up.
    public static let earlyByteLimit = 1 << 20
    /// What a segment that waits counts for beyond its bytes: very many small ones take room too.
    public static let earlySegmentByteCount = 128
    /// Bytes of one incomplete PDU, at most: beyond it what there is goes on as it is.
    public static let pendingByteLimit = 16 << 20

    /// A run of bytes in order, and the frames that they come from.
    public struct Run: Sendable {
        public private(set) var pieces: [Piece] = []
        public private(set) var bytes: [UInt8] = []
        private var isInFrames = true
        private static let reservedByteLimit = 32 * 1024

        public init() {}

        public var isEmpty: Bool { bytes.isEmpty }
        public var count: Int { bytes.count }
        /// Bytes of memory.
        public var storageByteCount: Int { bytes.storageByteCount + pieces.storageByteCount }

        /// Adds bytes of a frame at the end.
        /// - Parameter wholeByteCount: how many bytes the run is to have in the end, as far as that is known.
        public mutating func append(_ part: ByteView, frame: UInt32, frameOffset: Int?, of wholeByteCount: Int = 0) {
            // What a packet says is not believed so far as to take much memory for it.
            if bytes.isEmpty, wholeByteCount > part.count { bytes.reserveCapacity(min(wholeByteCount, Self.reservedByteLimit)) }
            pieces.append(Piece(
                frame: frame, frameOffset: UInt32(truncatingIfNeeded: frameOffset ?? 0), position: UInt32(truncatingIfNeeded: bytes.count),
                byteCount: UInt32(truncatingIfNeeded: part.count)))
            if frameOffset == nil { isInFrames = false }
            part.withUnsafeBytes { bytes.append(contentsOf: $0) }
        }

        /// The whole run, of which the first `consumed` bytes hold PDUs.
        public func assembly(consumed: Int) -> Assembly {
            Assembly(pieces: pieces, byteCount: bytes.count, consumedByteCount: consumed, bytes: bytes, isInFrames: isInFrames)
        }

        /// Leaves out the first `count` bytes.
        public mutating func drop(_ count: Int) {
            // Most runs are used up, and many streams have none for long: the memory is given back.
            guard count < bytes.count else { return self = Run() }
            let count = max(count, 0)
            bytes.removeFirst(count)
            var kept: [Piece] = []
            for piece in pieces {
                let skipped = max(0, count - Int(piece.position))
                guard skipped < Int(piece.byteCount) else { continue }
                var rest = piece
                rest.frameOffset &+= UInt32(skipped)
                rest.position = UInt32(max(0, Int(piece.position) - count))
                rest.byteCount -= UInt32(skipped)
                kept.append(rest)
            }
            pieces = kept
        }
    }

    /// What a segment is to the stream.
    public enum Placement: Equatable, Sendable {
        /// Next in order, but for the first bytes, which were there before.
        case inOrder(skipping: Int)
        /// Nothing new.
        case repeated
        /// Behind a gap: held.
        case early
        /// Behind a gap, and more than may wait there: the gap is given up, and what waited behind it is pending.
        case pastGap
    }

    private struct Early: Sendable {
        var sequence: UInt32
        var frame: UInt32
        var frameOffset: Int?
        var bytes: [UInt8]

        var end: UInt32 { sequence &+ UInt32(truncatingIfNeeded: bytes.count) }
        var cost: Int { bytes.count + earlySegmentByteCount }
    }

    /// How much of the pending PDU is known.
    public enum Need: Equatable, Sendable {
        /// Its bytes so far do not tell its length: it takes whatever comes next.
        case more
        /// It has this many bytes.
        case exactly(Int)
        /// It ends where the stream does.
        case untilClose
    }

    /// The sequence number after the last byte in order; nil before the first segment.
    public private(set) var expected: UInt32?
    /// Where a SYN said that the stream begins.
    private var beginning: UInt32?
    /// The sequence number after the stream's last byte, once a FIN has told it.
    private var end: UInt32?
    /// The bytes of the PDU that is not complete.
    public var pending = Run()
    public var need = Need.more
    /// Whether the pending PDU is known not to be complete, and may grow.
    public var isWaiting: Bool {
        if pending.count > Self.pendingByteLimit { return false }
        switch need {
        case .more: return false
        case .exactly(let byteCount): return pending.count < byteCount
        case .untilClose: return true
        }
    }
    /// Whether a byte that was there before is part of the PDU that is not complete.
    public func isPending(_ sequence: UInt32) -> Bool {
        guard let expected, !pending.isEmpty else { return false }
        return !precedes(sequence, expected &- UInt32(truncatingIfNeeded: pending.count))
    }

    /// Whether nothing of the stream but what is pending came since its SYN.
    public var isAtBeginning: Bool { beginning.map { $0 &+ UInt32(truncatingIfNeeded: pending.count) == expected } ?? false }

    /// Bytes of memory apart from the value.
    public var byteCount: Int { pending.storageByteCount + early.storageByteCount + earlyByteCount }

    private let earlyByteLimit: Int
    /// A number behind bytes that wait, which the other side acknowledged: it has what is missing before them.
    private var acknowledged: UInt32?
    /// Whether bytes that waited were given up, since that was asked last.
    private var wasGivenUp = false
    /// In the order of the stream, and where several begin at one place, as they came.
    private var early: [Early] = []
    private var earlyByteCount = 0
    /// Gaps that were given up.
    public private(set) var skippedGapCount = 0

    public init(earlyByteLimit: Int = Self.earlyByteLimit) { self.earlyByteLimit = earlyByteLimit }

    /// Notes where the stream begins, unless that is known.
    public mutating func begin(at sequence: UInt32) {
        if expected == nil { expected = sequence }
    }

    /// Notes where a SYN says that the stream begins. One that is sent again with another number counts where nothing of the stream
    /// came since the first.
    public mutating func synchronize(at sequence: UInt32) {
        guard expected == nil || expected == beginning && early.isEmpty else { return }
        expected = sequence
        beginning = sequence
    }

    /// Notes where the stream ends, even if bytes before it are still to come.
    public mutating func finish(at sequence: UInt32) {
        if end == nil { end = sequence }
    }

    /// Whether the stream ends `count` bytes after what came in order.
    public func ends(after count: Int) -> Bool {
        guard let end, let expected else { return false }
        return expected &+ UInt32(truncatingIfNeeded: count) == end
    }

    /// Where a segment stands; one behind a gap is kept.
    public mutating func place(_ sequence: UInt32, _ bytes: ByteView, frame: UInt32, frameOffset: Int?) -> Placement {
        guard let expected else {
            self.expected = sequence
            return .inOrder(skipping: 0)
        }
        let ahead = Int(Int32(bitPattern: sequence &- expected))
        if ahead > 0 {
            hold(Early(sequence: sequence, frame: frame, frameOffset: frameOffset, bytes: bytes.copy()))
            if passesAcknowledgedGap() { return .pastGap }
            if earlyByteCount <= earlyByteLimit { return .early }
            skipGap()
            return .pastGap
        }
        if -ahead >= bytes.count { return .repeated }
        return .inOrder(skipping: -ahead)
    }

    /// Keeps a segment unless the one before it has its bytes.
    private mutating func hold(_ segment: Early) {
        let before = early.lastIndex { !precedes(segment.sequence, $0.sequence) }
        if let before, !precedes(early[before].end, segment.end) { return }
        early.insert(segment, at: before.map { $0 + 1 } ?? 0)
        earlyByteCount += segment.cost
    }

    /// Notes what the other side acknowledged.
    @inline(__always)
    public mutating func noteAcknowledgment(_ number: UInt32) {
        if !early.isEmpty { noteAcknowledgmentBehindGap(number) }
    }

    private mutating func noteAcknowledgmentBehindGap(_ number: UInt32) {
        guard let first = early.first, let last = early.last else { return }
        if precedes(first.sequence, number), !precedes(last.end, number) { acknowledged = number }
    }

    /// Gives up the bytes before the first that wait, where the other side has them and the capture does not.
    private mutating func passesAcknowledgedGap() -> Bool {
        guard let acknowledged, let first = early.first, precedes(first.sequence, acknowledged) else { return false }
        resume(at: first.sequence)
        return true
    }

    /// Gives up everything that waits, to make room for other streams: what comes next is taken as it is.
    public mutating func giveUp() {
        if let last = early.last { expected = last.end }
        if !early.isEmpty { skippedGapCount += 1 }
        pending = Run()
        need = .more
        early = []
        earlyByteCount = 0
        acknowledged = nil
        wasGivenUp = true
    }

    /// Whether bytes that waited were given up since this was asked last.
    public mutating func takeGivenUp() -> Bool {
        defer { wasGivenUp = false }
        return wasGivenUp
    }

    /// Whether bytes that wait, of the PDU that is not complete or behind a gap, differ from those of a segment at the same place.
    public func conflicts(_ sequence: UInt32, _ bytes: ByteView) -> Bool {
        if let expected, !pending.isEmpty {
            let begin = expected &- UInt32(truncatingIfNeeded: pending.count)
            if pending.bytes.withUnsafeBytes({ Self.differ(ByteView($0), begin, bytes, sequence) }) { return true }
        }
        return early.contains { segment in segment.bytes.withUnsafeBytes { Self.differ(ByteView($0), segment.sequence, bytes, sequence) } }
    }

    private static func differ(_ first: ByteView, _ firstSequence: UInt32, _ second: ByteView, _ secondSequence: UInt32) -> Bool {
        let offset = Int(Int32(bitPattern: secondSequence &- firstSequence))
        let (begin, end) = (max(0, offset), min(first.count, offset + second.count))
        return begin < end && !first[begin..<end].equals(second[begin - offset..<end - offset])
    }

    /// Gives up the bytes before the first that wait; where too many wait even then, those and the next gap as well.
    private mutating func skipGap() {
        while earlyByteCount > earlyByteLimit, let first = early.first { resume(at: first.sequence) }
    }

    /// Gives up the bytes before `sequence` that did not come yet: what waits there is pending.
    public mutating func skip(to sequence: UInt32) {
        if let expected, precedes(expected, sequence) { resume(at: sequence) }
    }

    private mutating func resume(at sequence: UInt32) {
        skippedGapCount += 1
        pending = Run()
        need = .more
        expected = sequence
        takeEarly()
    }

    /// Whether segments wait that the next `count` bytes in order would reach.
    public func hasEarly(within count: Int) -> Bool {
        guard let first = early.first, let expected else { return false }
        return !precedes(expected &+ UInt32(truncatingIfNeeded: count), first.sequence)
    }

    /// Advances over bytes that were taken in order.
    public mutating func advance(_ count: Int) {
        expected = expected.map { $0 &+ UInt32(truncatingIfNeeded: count) }
    }

    /// Where the first bytes that wait behind a gap begin, and the frame that they came in.
    public var firstEarly: (sequence: UInt32, frame: UInt32)? { early.first.map { ($0.sequence, $0.frame) } }
    /// What the segments behind gaps count for.
    public var waitingByteCount: Int { earlyByteCount }

    /// Adds what came early and follows in order now to what is pending. Of several segments that could, the one that came
    /// first goes first.
    public mutating func takeEarly() {
        while let next = nextEarlyIndex {
            let segment = early.remove(at: next)
            earlyByteCount -= segment.cost
            let known = Int((expected ?? segment.sequence) &- segment.sequence)
            guard known < segment.bytes.count else { continue }
            segment.bytes.withUnsafeBytes { buffer in
                pending.append(
                    ByteView(UnsafeRawBufferPointer(rebasing: buffer[known...])), frame: segment.frame,
                    frameOffset: segment.frameOffset.map { $0 + known })
            }
            advance(segment.bytes.count - known)
        }
        // Most gaps close, and many streams have none for long: the memory is given back.
        if early.isEmpty { early = [] }
    }

    private var nextEarlyIndex: Int? {
        guard let expected else { return nil }
        var found: Int?
        for (index, segment) in early.enumerated() {
            if precedes(expected, segment.sequence) { break }
            if found.map({ segment.frame < early[$0].frame }) ?? true { found = index }
        }
        return found
    }
}
