import Wire

/// Puts datagrams together from fragments (RFC 791, section 3.2; RFC 8200, section 4.5).
///
/// Of bytes that fragments give twice, those of the fragment that stands first count, and among fragments at one offset
/// those that came first; overlaps and conflicts are flagged. Fragments wait for at most `waitNanoseconds` of packet time
/// and while all that wait hold at most `byteLimit` bytes; then the oldest datagram is given up, and counted.
public struct Defragmenter: ~Copyable {
    public struct Key: Hashable, Sendable {
        public var source: Address
        public var destination: Address
        public var identification: UInt32
        public var protocolNumber: UInt8

        public init(source: Address, destination: Address, identification: UInt32, protocolNumber: UInt8) {
            self.source = source
            self.destination = destination
            self.identification = identification
            self.protocolNumber = protocolNumber
        }
    }

    /// Fragments of one datagram, at most: an IPv4 datagram has no more than 65,535 / 8.
    private static let fragmentLimit = 8192
    /// What a fragment counts for beyond its bytes: very many small ones take room too.
    private static let fragmentByteCount = 128
    /// What a datagram counts for: in the table and in the order, which may have twice the room that they need.
    private static let datagramByteCount =
        8 * (MemoryLayout<Key>.stride + MemoryLayout<Waiting>.stride) / 3 + 2 * MemoryLayout<(key: Key, started: Timestamp)>.stride
    /// The reassembly time of RFC 8200 is 60 s; captures are joined and slowed, so wait longer.
    private static let waitNanoseconds: Int64 = 300_000_000_000

    private struct Waiting {
        var pieces: [Piece] = []
        var contents: [[UInt8]] = []
        /// Where the datagram ends, once a last fragment was seen.
        var end: UInt32?
        var flags: Piece.Flags = []
        var byteCount = Defragmenter.datagramByteCount
        var isInFrames = true
        var started: Timestamp
    }

    private let byteLimit: Int
    private var waiting: [Key: Waiting] = [:]
    /// Keys in the order in which they began to wait, and when; some no longer do, or wait anew.
    private var order: [(key: Key, started: Timestamp)] = []
    private var orderStart = 0
    private var waitingByteCount = 0

    /// How many datagrams wait for fragments.
    public var count: Int { waiting.count }
    /// Bytes of memory.
    public var byteCount: Int { waitingByteCount }
    /// Datagrams given up for time or space.
    public private(set) var evictedCount = 0

    /// - Parameter byteLimit: bytes that wait, at most.
    public init(byteLimit: Int) { self.byteLimit = byteLimit }

    /// Takes a fragment; returns the datagram when it is complete.
    /// - Parameters:
    ///   - position: where the fragment's bytes stand in the datagram.
    ///   - frameOffset: where they stand in the frame, or nil where the frame alone does not give them.
    public mutating func add(
        _ key: Key, frame: UInt32, frameOffset: Int?, position: UInt32, hasMore: Bool, bytes: ByteView, time: Timestamp
    ) -> Assembly? {
        evict(before: time)
        if waiting[key] == nil {
            waiting[key] = Waiting(started: time)
            order.append((key, time))
            waitingByteCount += Self.datagramByteCount
        }
        guard var datagram = waiting.removeValue(forKey: key) else { return nil }
        guard datagram.pieces.count < Self.fragmentLimit else {
            noteEviction(of: datagram)
            return nil
        }
        var piece = Piece(
            frame: frame, frameOffset: UInt32(truncatingIfNeeded: frameOffset ?? 0), position: position, byteCount: UInt32(bytes.count))
        if frameOffset == nil { datagram.isInFrames = false }
        let pieceEnd = position &+ UInt32(bytes.count)
        if !hasMore {
            if let end = datagram.end, end != pieceEnd {
                piece.flags.insert(.multipleTails)
                datagram.flags.insert(.multipleTails)
            } else {
                datagram.end = pieceEnd
            }
        }
        let place = datagram.pieces.firstIndex { $0.position > position } ?? datagram.pieces.count
        datagram.pieces.insert(piece, at: place)
        datagram.contents.insert(bytes.copy(), at: place)
        datagram.byteCount += bytes.count + Self.fragmentByteCount
        waitingByteCount += bytes.count + Self.fragmentByteCount
        if let end = datagram.end, Self.covers(datagram.pieces, upTo: end) {
            waitingByteCount -= datagram.byteCount
            return Self.assemble(&datagram, byteCount: Int(end))
        }
        waiting[key] = datagram
        return nil
    }

    private static func covers(_ pieces: [Piece], upTo end: UInt32) -> Bool {
        var reached: UInt32 = 0
        for piece in pieces {
            if piece.position > reached { break }
            reached = max(reached, piece.position &+ piece.byteCount)
        }
        return reached >= end
    }

    private static func assemble(_ datagram: inout Waiting, byteCount: Int) -> Assembly {
        var bytes = [UInt8](repeating: 0, count: byteCount)
        var reached = 0
        for index in datagram.pieces.indices {
            let position = Int(datagram.pieces[index].position)
            let content = datagram.contents[index]
            var flags = datagram.pieces[index].flags
            if position + content.count > byteCount { flags.insert(.tooLong) }
            let shared = max(0, min(reached, position + content.count, byteCount) - position)
            if shared > 0 {
                flags.insert(.overlap)
                if content[..<shared] != bytes[position..<position + shared] { flags.insert(.conflict) }
            }
            let end = min(position + content.count, byteCount)
            if end > reached {
                bytes.replaceSubrange(reached..<end, with: content[(reached - position)..<(end - position)])
                reached = end
            }
            datagram.pieces[index].flags = flags
            datagram.flags.formUnion(flags)
        }
        return Assembly(pieces: datagram.pieces, byteCount: byteCount, bytes: bytes, isInFrames: datagram.isInFrames, flags: datagram.flags)
    }

    /// Gives up datagrams that waited too long, and the oldest while too much waits.
    private mutating func evict(before now: Timestamp) {
        while orderStart < order.count {
            let (key, started) = order[orderStart]
            if let oldest = waiting[key], oldest.started == started {
                let age = (now - started).totalNanoseconds
                guard age > Self.waitNanoseconds || waitingByteCount > byteLimit else { break }
                waiting[key] = nil
                noteEviction(of: oldest)
            }
            orderStart += 1
        }
        // Datagrams that came to be whole are still there.
        if order.count > 2 * waiting.count + 1024 {
            order = order[orderStart...].filter { waiting[$0.key]?.started == $0.started }
            orderStart = 0
        }
    }

    private mutating func noteEviction(of datagram: Waiting) {
        waitingByteCount -= datagram.byteCount
        evictedCount += 1
    }
}
