import Analysis
import Dissection
import Presentation
import Wire

/// Writes a conversation to standard output while the frames of a run go by.
struct FollowWriter: ~Copyable {
    /// Text that waits to be written, at least.
    private static let writtenByteCount = 64 * 1024

    private var follower: Follower
    private var printer: FollowPrinter
    private var text = TextBuffer()
    private var hasBegun = false

    init(_ follower: Follower, _ format: FollowFormat) {
        self.follower = follower
        printer = FollowPrinter(format, proto: follower.target.proto.rawValue, filter: follower.target.filter)
    }

    var wantedFields: Set<FieldID> { follower.wantedFields }

    mutating func take(_ frame: borrowing DissectedFrame) throws(CommandError) {
        var printer = printer
        var text = TextBuffer(capacity: 0)
        follower.take(frame) { printer.print(FollowedBytes($0), &text) }
        self.printer = printer
        try write(text.bytes)
    }

    /// The capture ended.
    mutating func finish() throws(CommandError) {
        var printer = printer
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
        try Output.write(text.bytes)
        text.truncate()
    }

    private mutating func begin(_ first: FollowEndpoint, _ second: FollowEndpoint) {
        hasBegun = true
        printer.begin((first.address, first.port), (second.address, second.port), &text)
    }
}

extension FollowedBytes {
    init(_ chunk: FollowChunk) {
        self.init(side: chunk.side, frame: chunk.frame, time: chunk.time, isGap: chunk.isGap, bytes: chunk.bytes)
    }
}
