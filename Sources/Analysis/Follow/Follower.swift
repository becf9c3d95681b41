import Dissection
import Wire

/// What one side of a conversation said to the other, found in the frames of a run.
public struct Follower {
    public let target: FollowTarget
    /// The side that was seen first, and the other; nil before the first frame of the conversation.
    public private(set) var peers: (first: FollowEndpoint, second: FollowEndpoint)?
    private var counter: Counter
    private let fields: FollowFields
    private let http: HTTPFollower?
    private var tcp = TCPFollower()
    private var stream: UInt32?

    /// - Parameters:
    ///   - side: the side to hand on alone; nil for both.
    ///   - chunks: the numbers of the chunks to hand on, from 1, both sides counted.
    public init(_ target: FollowTarget, _ registry: Registry, side: Int? = nil, chunks: ClosedRange<Int> = 1...Int.max) {
        self.target = target
        counter = Counter(chunks: chunks, side: side)
        fields = FollowFields(target.proto, registry)
        http = target.proto == .http ? HTTPFollower(registry) : nil
    }

    /// The fields that frames must be dissected for.
    public var wantedFields: Set<FieldID> { fields.all.union(http?.wantedFields ?? []) }

    /// Takes the next frame in the order of the capture. What it makes known is handed to `emit`.
    /// - Parameters:
    ///   - packet: what the layers said of the frame's innermost packet.
    ///   - isShown: whether the bytes that the frame brings are wanted. Those that are not count all the same.
    public mutating func take(_ frame: borrowing DissectedFrame, _ packet: PacketInfo, isShown: Bool = true, _ emit: (FollowChunk) -> Void) {
        guard target.proto != .tls else { return }
        var layers: [FollowedLayer] = []
        fields.forEachLayer(of: frame, packet) { if $0.stream != nil, target.matches($0) { layers.append($0) } }
        let followed = FollowedFrame(number: frame.info.number, time: frame.info.timestamp, isShown: isShown)
        for layer in layers { take(layer, frame, followed, emit) }
    }

    /// The capture ends.
    public mutating func finish(_ emit: (FollowChunk) -> Void) {
        var counter = counter
        tcp.finish { counter.count($0, emit) }
        self.counter = counter
    }

    private mutating func take(_ layer: FollowedLayer, _ frame: borrowing DissectedFrame, _ followed: FollowedFrame, _ emit: (FollowChunk) -> Void) {
        if target.proto == .http, layer.messages.isEmpty { return }
        if stream != layer.stream { begin(layer.stream, emit) }
        if peers == nil {
            if target.proto == .udp, layer.statedByteCount == Self.datagramHeaderByteCount { return }
            peers = (layer.source, layer.destination)
        }
        let side = layer.source == peers?.first ? 0 : 1
        var counter = counter
        switch target.proto {
        case .tcp: tcp.take(layer, side: side, of: followed) { counter.count($0, emit) }
        case .udp:
            let stated = layer.statedByteCount - Self.datagramHeaderByteCount
            let bytes = layer.statedByteCount == 0 ? layer.payload : layer.payload[0..<max(0, stated)]
            guard !bytes.isEmpty else { break }
            counter.count(FollowChunk(side: side, frame: followed, bytes: bytes), emit)
        case .http: for message in layer.messages { http?.take(message, frame, side: side, of: followed) { counter.count($0, emit) } }
        case .tls: break
        }
        self.counter = counter
    }

    private static let datagramHeaderByteCount = 8

    /// Ends of the same addresses and ports may have several conversations, one after the other.
    private mutating func begin(_ stream: UInt32?, _ emit: (FollowChunk) -> Void) {
        if self.stream != nil { finish(emit) }
        self.stream = stream
        tcp = TCPFollower()
    }

    /// Numbers chunks, and hands on those that are wanted.
    private struct Counter {
        let chunks: ClosedRange<Int>
        let side: Int?
        private var chunkCount = 0
        private var byteCounts = [0, 0]

        init(chunks: ClosedRange<Int>, side: Int?) {
            self.chunks = chunks
            self.side = side
        }

        mutating func count(_ chunk: FollowChunk, _ emit: (FollowChunk) -> Void) {
            chunkCount += 1
            var chunk = chunk
            chunk.offset = byteCounts[chunk.side]
            byteCounts[chunk.side] += chunk.bytes.count
            if chunk.isShown, chunks.contains(chunkCount), side == nil || side == chunk.side { emit(chunk) }
        }
    }
}
