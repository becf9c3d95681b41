import Wire

/// Puts one direction of a TCP stream in order: says what of a segment is new, holds what came early, and keeps the bytes
/// of a PDU that is not complete (RFC 9293, section 3.10.7.4, as an observer).
///
/// Bytes that were handed on once are not handed on again; where a late segment differs from an earlier one, the bytes that
/// were there first count.
public struct StreamAssembler: Sendable {
    /// Bytes that came early and wait for a gap to close, at most: beyond it the gap is given up.
    private static let earlyByteLimit = 1 << 20
    /// Bytes of one incomplete PDU, at most: beyond it what there is goes on as it is.
    public static let pendingByteLimit = 16 << 20

    /// A run of bytes in order, and the frames that they come from.
    public struct Run: Sendable {
        public private(set) var pieces: [Piece] = []
        public private(set) var bytes: [UInt8] = []
        private var isInFrames = true

        public init() {}

        public var isEmpty: Bool { bytes.isEmpty }
        public var count: Int { bytes.count }
        fileprivate var storageByteCount: Int { bytes.storageByteCount + pieces.storageByteCount }

        /// Adds bytes of a frame at the end.
        public mutating func append(_ part: ByteView, frame: UInt32, frameOffset: Int?) {
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
            let count = min(max(count, 0), bytes.count)
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
    }

    private struct Early: Sendable {
        var sequence: UInt32
        var frame: UInt32
        var frameOffset: Int?
        var bytes: [UInt8]
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
    /// The bytes of the PDU that is not complete.
    public var pending = Run()
    public var need = Need.more
    /// Whether the pending PDU is known not to be complete.
    public var isWaiting: Bool {
        switch need {
        case .more: false
        case .exactly(let byteCount): pending.count < byteCount
        case .untilClose: true
        }
    }
    /// Whether a byte that was there before is part of the PDU that is not complete.
    public func isPending(_ sequence: UInt32) -> Bool {
        guard let expected, !pending.isEmpty else { return false }
        return !precedes(sequence, expected &- UInt32(truncatingIfNeeded: pending.count))
    }

    /// Bytes of memory apart from the value.
    public var byteCount: Int { pending.storageByteCount + early.storageByteCount + earlyByteCount }

    private var early: [Early] = []
    private var earlyByteCount = 0
    /// Gaps that were given up.
    public private(set) var skippedGapCount = 0

    public init() {}

    /// Notes where the stream begins: a SYN takes one sequence number.
    public mutating func begin(at sequence: UInt32) {
        if expected == nil { expected = sequence }
    }

    /// Where a segment stands; one behind a gap is kept.
    public mutating func place(_ sequence: UInt32, _ bytes: ByteView, frame: UInt32, frameOffset: Int?) -> Placement {
        guard let expected else {
            self.expected = sequence
            return .inOrder(skipping: 0)
        }
        let ahead = Int(Int32(bitPattern: sequence &- expected))
        if ahead > 0 {
            guard earlyByteCount + bytes.count <= Self.earlyByteLimit else {
                skipGap(to: sequence)
                return .inOrder(skipping: 0)
            }
            hold(Early(sequence: sequence, frame: frame, frameOffset: frameOffset, bytes: bytes.copy()))
            return .early
        }
        if -ahead >= bytes.count { return .repeated }
        return .inOrder(skipping: -ahead)
    }

    private mutating func hold(_ segment: Early) {
        let place = early.firstIndex { precedes(segment.sequence, $0.sequence) } ?? early.count
        early.insert(segment, at: place)
        earlyByteCount += segment.bytes.count
    }

    /// Gives up the bytes before `sequence`.
    private mutating func skipGap(to sequence: UInt32) {
        skippedGapCount += 1
        pending = Run()
        need = .more
        early.removeAll()
        earlyByteCount = 0
        expected = sequence
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

    /// Adds what came early and follows in order now to what is pending.
    public mutating func takeEarly() {
        while let first = early.first, let expected, !precedes(expected, first.sequence) {
            early.removeFirst()
            earlyByteCount -= first.bytes.count
            let known = Int(expected &- first.sequence)
            guard known < first.bytes.count else { continue }
            first.bytes.withUnsafeBytes { buffer in
                pending.append(
                    ByteView(UnsafeRawBufferPointer(rebasing: buffer[known...])), frame: first.frame, frameOffset: first.frameOffset.map { $0 + known })
            }
            advance(first.bytes.count - known)
        }
    }
}
