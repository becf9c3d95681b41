import Analysis
import Dissection
import Presentation
import Wire

/// Writes a conversation, to standard output or for later, while the frames of a run go by.
struct FollowWriter: ~Copyable {
    /// Text that waits to be written, at least.
    private static let writtenByteCount = 64 * 1024

    private var follower: Follower
    private let printer: FollowPrinter
    private var text = TextBuffer()
    private var hasBegun = false
    private let spool: Spool?

    /// - Parameter spool: takes the text; nil for standard output.
    init(_ follower: Follower, _ format: FollowFormat, to spool: Spool? = nil) {
        self.follower = follower
        self.spool = spool
        printer = FollowPrinter(format, proto: follower.target.proto.rawValue, filter: follower.target.filter)
    }

    var wantedFields: Set<FieldID> { follower.wantedFields }
    /// The display filter that finds the conversation's frames.
    var requirement: String { follower.target.filter }

    /// - Parameter isShown: whether the bytes that the frame brings are wanted.
    mutating func take(_ context: borrowing Context, isShown: Bool = true) throws(CommandError) {
        let printer = printer
        var text = TextBuffer(capacity: 0)
        follower.take(context.dissected, context.packet, isShown: isShown) { printer.print(FollowedBytes($0), &text) }
        try write(text.bytes)
    }

    /// The capture ended.
    mutating func finish() throws(CommandError) {
        let printer = printer
        var text = TextBuffer(capacity: 0)
        follower.finish { printer.print(FollowedBytes($0), &text) }
        if !hasBegun { begin(FollowEndpoint.none, FollowEndpoint.none) }
        printer.end(&text)
        try write(text.bytes, all: true)
    }

    private mutating func write(_ part: ByteView, all: Bool = false) throws(CommandError) {
        if !hasBegun, let peers = follower.peers { begin(peers.first, peers.second) }
        text.append(part)
        guard all || text.count >= Self.writtenByteCount else { return }
        if let spool { spool.append(text.bytes) } else { try Output.write(text.bytes) }
        text.truncate()
    }

    private mutating func begin(_ first: FollowEndpoint, _ second: FollowEndpoint) {
        hasBegun = true
        printer.begin((first.address, first.port), (second.address, second.port), &text)
    }
}

extension FollowedBytes {
    init(_ chunk: FollowChunk) {
        self.init(side: chunk.side, frame: chunk.frame, time: chunk.time, isGap: chunk.isGap, offset: chunk.offset, bytes: chunk.bytes)
    }
}
