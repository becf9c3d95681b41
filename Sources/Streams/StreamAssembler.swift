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
        public var pieces: [Piece] = []
        public var bytes: [UInt8] = []
        public var isInFrames = true

        public var isEmpty: Bool { bytes.isEmpty }

        /// Adds bytes of a frame at the end.
        mutating func append(_ part: ByteView, frame: UInt32, frameOffset: Int?) {
            pieces.append(Piece(
                frame: frame, frameOffset: UInt32(truncatingIfNeeded: frameOffset ?? 0), position: UInt32(truncatingIfNeeded: bytes.count),
                byteCount: UInt32(truncatingIfNeeded: part.count)))
            if frameOffset == nil { isInFrames = false }
            part.withUnsafeBytes { bytes.append(contentsOf: $0) }
        }

        /// The bytes `range` of the run as an assembly of their own.
        public func assembly(_ range: Range<Int>) -> Assembly {
            var parts: [Piece] = []
            for piece in pieces {
                let begin = max(Int(piece.position), range.lowerBound)
                let end = min(Int(piece.position) + Int(piece.byteCount), range.upperBound)
                guard begin < end else { continue }
                var part = piece
                part.frameOffset = piece.frameOffset &+ UInt32(begin - Int(piece.position))
                part.position = UInt32(begin - range.lowerBound)
                part.byteCount = UInt32(end - begin)
                parts.append(part)
            }
            return Assembly(pieces: parts, byteCount: range.count, bytes: Array(bytes[range]), isInFrames: isInFrames)
        }

        /// The run without its first `count` bytes.
        public func dropping(_ count: Int) -> Run {
            guard count < bytes.count else { return Run() }
            let rest = assembly(count..<bytes.count)
            return Run(pieces: rest.pieces, bytes: rest.bytes, isInFrames: isInFrames)
        }

        public init() {}
        private init(pieces: [Piece], bytes: [UInt8], isInFrames: Bool) {
            self.pieces = pieces
            self.bytes = bytes
            self.isInFrames = isInFrames
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

    /// The sequence number after the last byte in order; nil before the first segment.
    public private(set) var expected: UInt32?
    /// The bytes of the PDU that is not complete.
    public var pending = Run()
    /// Bytes of the stream that `pending` must hold before it is worth asking for the PDU's end again.
    public var neededByteCount = 0
    private var early: [Early] = []
    private var earlyByteCount = 0
    /// Sequence numbers of the latest PDUs that were put together from several segments: from their first byte up to the end.
    private var reassembled: [(first: UInt32, end: UInt32)] = []
    /// How many of those are kept.
    private static let reassembledLimit = 16

    /// Notes that the PDU which ended where `pending` begins now, `byteCount` bytes long, was put together.
    public mutating func noteReassembled(_ byteCount: Int) {
        guard let expected else { return }
        let end = expected &- UInt32(truncatingIfNeeded: pending.bytes.count)
        if reassembled.count == Self.reassembledLimit { reassembled.removeFirst() }
        reassembled.append((end &- UInt32(truncatingIfNeeded: byteCount), end))
    }

    /// Whether a byte was part of a PDU put together lately, or of the one that is pending.
    public func wasReassembled(_ sequence: UInt32) -> Bool {
        if let expected, !pending.isEmpty, !precedes(sequence, expected &- UInt32(truncatingIfNeeded: pending.bytes.count)) { return true }
        return reassembled.contains { !precedes(sequence, $0.first) && precedes(sequence, $0.end) }
    }

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
                skippedGapCount += 1
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
        pending = Run()
        neededByteCount = 0
        early.removeAll()
        earlyByteCount = 0
        expected = sequence
    }

    /// Whether segments wait that the next `count` bytes in order would reach.
    public func hasEarly(within count: Int) -> Bool {
        guard let first = early.first, let expected else { return false }
        return !precedes(expected &+ UInt32(truncatingIfNeeded: count), first.sequence)
    }

    /// Advances over bytes that were handed on from the frame itself.
    public mutating func advance(_ count: Int) {
        expected = expected.map { $0 &+ UInt32(truncatingIfNeeded: count) }
    }

    /// Adds new bytes behind those that are pending, and behind them what came early and fits now.
    public mutating func append(_ bytes: ByteView, frame: UInt32, frameOffset: Int?) {
        pending.append(bytes, frame: frame, frameOffset: frameOffset)
        advance(bytes.count)
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
