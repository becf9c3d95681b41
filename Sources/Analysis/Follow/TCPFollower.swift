import Streams
import Wire

/// Puts both directions of a TCP conversation in order, as far as the capture has them.
///
/// Bytes are handed on as soon as it is known that nothing comes before them. Bytes behind a gap wait until the gap closes, or
/// until the other side acknowledges bytes behind it: then it had what the capture lacks, and the gap is shown. What came
/// before the first segment that was seen, and what was there before, is left out.
struct TCPFollower {
    /// Bytes of one direction that wait behind a gap, at most: beyond it the gap is given up.
    private static let waitingByteLimit = 16 << 20

    private struct Side {
        var assembler = StreamAssembler(earlyByteLimit: .max)
        /// Those whose bytes wait.
        var frames: [UInt32: FollowedFrame] = [:]
        /// The number that the FIN takes, until what comes before it is there.
        var finish: UInt32?
    }

    private var sides = [Side(), Side()]

    /// Takes the next segment of the conversation in the order of the capture.
    mutating func take(_ segment: FollowedLayer, side: Int, of frame: FollowedFrame, _ emit: (FollowChunk) -> Void) {
        if segment.hasAcknowledgment { passGaps(of: 1 - side, before: segment.acknowledgment, frame.number, emit) }
        // A SYN takes the number before the first byte (RFC 9293, section 3.4).
        let sequence = segment.sequence &+ (segment.hasSynchronization ? 1 : 0)
        // The number of a reset that answers a stray segment says nothing of the stream (section 3.10.7.1).
        if !segment.hasReset || !segment.payload.isEmpty { sides[side].assembler.begin(at: sequence) }
        if !segment.payload.isEmpty { place(segment.payload, at: sequence, side, frame, emit) }
        if segment.hasFinish, sides[side].finish == nil { sides[side].finish = sequence &+ UInt32(truncatingIfNeeded: segment.payload.count) }
        passFinish(of: side)
    }

    /// The capture ends: what waits is handed on, behind the gaps before it.
    mutating func finish(_ emit: (FollowChunk) -> Void) {
        while let side = sides.indices.filter({ sides[$0].assembler.firstEarly != nil })
            .min(by: { sides[$0].assembler.firstEarly?.frame ?? 0 < sides[$1].assembler.firstEarly?.frame ?? 0 }),
            let frame = sides[side].assembler.firstEarly?.frame {
            passGap(of: side, frame, emit)
        }
    }

    private mutating func place(_ bytes: ByteView, at sequence: UInt32, _ side: Int, _ frame: FollowedFrame, _ emit: (FollowChunk) -> Void) {
        switch sides[side].assembler.place(sequence, bytes, frame: frame.number, frameOffset: nil) {
        case .inOrder(let skipped):
            emit(FollowChunk(side: side, frame: frame, bytes: bytes[skipped..<bytes.count]))
            sides[side].assembler.advance(bytes.count - skipped)
            sides[side].assembler.takeEarly()
            handOnPending(of: side, emit)
        case .early, .pastGap:
            sides[side].frames[frame.number] = frame
            while sides[side].assembler.waitingByteCount > Self.waitingByteLimit { passGap(of: side, frame.number, emit) }
        case .repeated: break
        }
    }

    /// Shows the gaps behind which the other side acknowledged bytes.
    private mutating func passGaps(of side: Int, before acknowledgment: UInt32, _ frame: UInt32, _ emit: (FollowChunk) -> Void) {
        while let first = sides[side].assembler.firstEarly, Int32(bitPattern: acknowledgment &- first.sequence) > 0 { passGap(of: side, frame, emit) }
    }

    private mutating func passGap(of side: Int, _ frame: UInt32, _ emit: (FollowChunk) -> Void) {
        guard let first = sides[side].assembler.firstEarly, let expected = sides[side].assembler.expected else { return }
        Array("[\(first.sequence &- expected) bytes missing in capture file]\0".utf8).withUnsafeBytes {
            // Who sees the bytes behind a gap sees the gap.
            let isShown = sides[side].frames[first.frame]?.isShown ?? true
            emit(FollowChunk(side: side, frame: FollowedFrame(number: frame, time: .zero, isShown: isShown), isGap: true, bytes: ByteView($0)))
        }
        sides[side].assembler.skip(to: first.sequence)
        handOnPending(of: side, emit)
    }

    private mutating func handOnPending(of side: Int, _ emit: (FollowChunk) -> Void) {
        let run = sides[side].assembler.pending
        guard !run.isEmpty else { return }
        sides[side].assembler.pending = StreamAssembler.Run()
        run.bytes.withUnsafeBytes { buffer in
            let bytes = ByteView(buffer)
            for piece in run.pieces {
                let position = Int(piece.position)
                let frame = sides[side].frames[piece.frame] ?? FollowedFrame(number: piece.frame, time: .zero, isShown: true)
                emit(FollowChunk(side: side, frame: frame, bytes: bytes[position..<position + Int(piece.byteCount)]))
            }
        }
        if sides[side].assembler.firstEarly == nil { sides[side].frames = [:] }
        passFinish(of: side)
    }

    /// A FIN takes a number of its own behind the last byte.
    private mutating func passFinish(of side: Int) {
        guard let finish = sides[side].finish, finish == sides[side].assembler.expected else { return }
        sides[side].finish = nil
        sides[side].assembler.advance(1)
    }
}
