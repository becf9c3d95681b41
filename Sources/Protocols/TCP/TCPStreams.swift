import Streams
import Wire

/// Both directions of all conversations that are remembered, by the conversation's place.
///
/// Bytes that wait in all of them together have a limit: beyond it streams that were quiet for long lose theirs, which is counted.
struct TCPStreams: ~Copyable {
    private var assemblers: [StreamAssembler] = []
    /// 1 for each stream that was used since the hand passed it.
    private var isRecent: [UInt8] = []
    private var hand = 0
    private var waitingByteCount = 0
    private var sent = SentSegments()
    private let byteLimit: Int
    /// Streams whose waiting bytes were given up.
    private(set) var evictedCount = 0

    /// - Parameter byteLimit: for all streams and their bytes that wait.
    init(byteLimit: Int) { self.byteLimit = byteLimit }

    var count: Int { assemblers.count }
    var byteCount: Int { heldByteCount + sent.byteCount }
    private var heldByteCount: Int { assemblers.storageByteCount + isRecent.storageByteCount + waitingByteCount }

    static func index(_ slot: UInt32, isReverse: Bool) -> Int { Int(slot) << 1 | (isReverse ? 1 : 0) }

    /// - Parameter isFirst: whether a new conversation begins at the stream's place.
    mutating func makeRoom(for index: Int, isFirst: Bool) {
        while assemblers.count <= index | 1 {
            assemblers.append(StreamAssembler())
            isRecent.append(0)
        }
        guard isFirst else { return }
        self[index] = StreamAssembler()
        self[index ^ 1] = StreamAssembler()
    }

    subscript(index: Int) -> StreamAssembler {
        _read { yield assemblers[index] }
        _modify {
            let before = assemblers[index].byteCount
            defer { waitingByteCount += assemblers[index].byteCount - before }
            yield &assemblers[index]
        }
    }

    /// Notes an acknowledgment of what a stream carries.
    mutating func noteAcknowledgment(_ number: UInt32, byReceiverOf index: Int) { assemblers[index].noteAcknowledgment(number) }

    /// Whether bytes differ from those that the stream had at the same place, as far as that is remembered. Remembers them.
    mutating func conflicts(_ index: Int, _ sequence: UInt32, _ bytes: ByteView) -> Bool {
        let differs = sent.differs(index, sequence, bytes)
        return differs || assemblers[index].conflicts(sequence, bytes)
    }

    /// Gives up what waits in streams that were quiet, while too much waits in all.
    mutating func evictExcess(but index: Int) {
        isRecent[index] = 1
        // Two turns of the hand meet every stream without its mark.
        var steps = 2 * assemblers.count
        while heldByteCount > byteLimit, waitingByteCount > 0, steps > 0 {
            steps -= 1
            if isRecent[hand] != 0 {
                isRecent[hand] = 0
            } else if hand != index, assemblers[hand].byteCount > 0 {
                self[hand].giveUp()
                evictedCount += 1
            }
            hand = hand + 1 == assemblers.count ? 0 : hand + 1
        }
    }
}

/// The segments that came last, over all streams: where they stood, and a sum of their bytes. Of a fixed size, so that a segment
/// that is sent again soon is compared, and one of long ago is not.
private struct SentSegments {
    private static let count = 1 << 12

    private struct Segment {
        var stream: UInt32 = .max
        var sequence: UInt32 = 0
        var byteCount: UInt32 = 0
        var sum: UInt32 = 0
    }

    private var segments = [Segment](repeating: Segment(), count: count)

    var byteCount: Int { segments.storageByteCount }

    /// Whether a segment of the same length at the same place had other bytes. The first one stays.
    mutating func differs(_ stream: Int, _ sequence: UInt32, _ bytes: ByteView) -> Bool {
        let new = Segment(
            stream: UInt32(truncatingIfNeeded: stream), sequence: sequence, byteCount: UInt32(truncatingIfNeeded: bytes.count), sum: bytes.digest)
        let place = Int((new.stream &* 0x9e37_79b1 ^ sequence &* 0x85eb_ca6b) >> 20)
        let old = segments[place]
        if old.stream == new.stream, old.sequence == sequence, old.byteCount == new.byteCount { return old.sum != new.sum }
        segments[place] = new
        return false
    }
}
