import Streams
import Wire

/// Both directions of all conversations that are remembered, by the conversation's place.
///
/// Bytes that wait in all of them together have a limit: beyond it streams that were quiet for long lose theirs, which is counted.
///
/// ## Safety
/// `assemblers` is owned here, made larger by `makeRoom` alone, with `count` initialized elements, which every index is checked against.
struct TCPStreams: ~Copyable {
    private var assemblers: UnsafeMutablePointer<StreamAssembler>
    private var capacity = 16
    private(set) var count = 0
    private var chances = SecondChances()
    private var waitingByteCount = 0
    private var sent = SentSegments()
    private let byteLimit: Int
    /// Streams whose waiting bytes were given up.
    private(set) var evictedCount = 0

    /// - Parameter byteLimit: for all streams and their bytes that wait.
    init(byteLimit: Int) {
        self.byteLimit = byteLimit
        assemblers = .allocate(capacity: capacity)
    }

    deinit {
        assemblers.deinitialize(count: count)
        assemblers.deallocate()
    }

    var byteCount: Int { heldByteCount + sent.byteCount }
    private var heldByteCount: Int { capacity * MemoryLayout<StreamAssembler>.stride + chances.byteCount + waitingByteCount }

    static func index(_ slot: UInt32, isReverse: Bool) -> Int { Int(slot) << 1 | (isReverse ? 1 : 0) }

    /// - Parameter isFirst: whether a new conversation begins at the stream's place.
    mutating func makeRoom(for index: Int, isFirst: Bool) {
        while count <= index | 1 {
            if count == capacity { grow() }
            (assemblers + count).initialize(to: StreamAssembler())
            count += 1
            chances.append()
        }
        guard isFirst else { return }
        for index in [index, index ^ 1] {
            waitingByteCount -= self[index].byteCount
            self[index] = StreamAssembler()
        }
    }

    private mutating func grow() {
        let larger = UnsafeMutablePointer<StreamAssembler>.allocate(capacity: capacity * 2)
        larger.moveInitialize(from: assemblers, count: count)
        assemblers.deallocate()
        assemblers = larger
        capacity *= 2
    }

    /// Who changes what waits in a stream says so with `noteChange`.
    subscript(index: Int) -> StreamAssembler {
        unsafeAddress { UnsafePointer(place(index)) }
        unsafeMutableAddress { place(index) }
    }

    private func place(_ index: Int) -> UnsafeMutablePointer<StreamAssembler> {
        precondition(index >= 0 && index < count, "a stream that nobody made room for")
        return assemblers + index
    }

    /// - Parameter before: the bytes that waited in the stream before.
    mutating func noteChange(_ index: Int, from before: Int) { waitingByteCount += self[index].byteCount - before }

    /// Whether bytes differ from those that the stream had at the same place, as far as that is remembered. Remembers them.
    mutating func conflicts(_ index: Int, _ sequence: UInt32, _ bytes: ByteView) -> Bool {
        let differs = sent.differs(index, sequence, bytes)
        return differs || self[index].conflicts(sequence, bytes)
    }

    /// Gives up what waits in streams that were quiet, while too much waits in all.
    mutating func evictExcess(but index: Int) {
        chances.note(index)
        // So many tries meet each stream once at least.
        var tries = 2 * count
        while heldByteCount > byteLimit, waitingByteCount > 0, tries > 0 {
            tries -= 1
            let quiet = chances.next()
            guard quiet != index, case let before = self[quiet].byteCount, before > 0 else { continue }
            self[quiet].giveUp()
            noteChange(quiet, from: before)
            evictedCount += 1
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
