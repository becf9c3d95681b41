import Dissection
import Wire

/// What two endpoints say to each other over one TCP conversation, carried in segments that are made here: IPv4 without a
/// link layer, from 192.0.2.1 (the client) to 198.51.100.2.
public struct StreamFixture: Sendable {
    public struct Turn: Sendable {
        public var isReverse: Bool
        public var bytes: [UInt8]
    }

    public let clientPort: UInt16
    public let serverPort: UInt16
    public var turns: [Turn] = []

    /// Bytes of the stream in one segment, at most: what fits an Ethernet frame.
    private static let segmentByteLimit = 1460

    /// Whether there was a turn to take the bytes.
    mutating func append(_ bytes: [UInt8]) -> Bool {
        guard !turns.isEmpty else { return false }
        turns[turns.count - 1].bytes += bytes
        return true
    }

    /// The conversation: handshake, each turn in as few segments as it fits, the end by FIN from both sides.
    public func frames() -> [Fixture.Frame] {
        frames { _, turn in stride(from: Self.segmentByteLimit, to: turn.bytes.count, by: Self.segmentByteLimit).map { $0 } }
    }

    /// The conversation with turn `index` cut at the given offsets, the others in one segment each.
    func frames(splitting index: Int, at offsets: [Int]) -> [Fixture.Frame] {
        frames { $1.bytes.isEmpty || $0 != index ? [] : offsets }
    }

    /// The conversation with every byte in a segment of its own.
    func framesByteByByte() -> [Fixture.Frame] { frames { $1.bytes.isEmpty ? [] : Array(1..<$1.bytes.count) } }

    private func frames(cutting cuts: (Int, Turn) -> [Int]) -> [Fixture.Frame] {
        var builder = SegmentBuilder(clientPort: clientPort, serverPort: serverPort)
        builder.segment(isReverse: false, [.synchronize], [])
        builder.segment(isReverse: true, [.synchronize, .acknowledge], [])
        builder.segment(isReverse: false, [.acknowledge], [])
        for (index, turn) in turns.enumerated() {
            let bounds = [0] + cuts(index, turn) + [turn.bytes.count]
            for (start, end) in zip(bounds, bounds.dropFirst()) {
                builder.segment(isReverse: turn.isReverse, [.push, .acknowledge], Array(turn.bytes[start..<end]))
            }
        }
        builder.segment(isReverse: false, [.finish, .acknowledge], [])
        builder.segment(isReverse: true, [.finish, .acknowledge], [])
        builder.segment(isReverse: false, [.acknowledge], [])
        return builder.frames
    }
}

/// Makes the segments of one TCP conversation that goes well.
private struct SegmentBuilder {
    private struct Endpoint {
        let address: UInt32
        let port: UInt16
        var next: UInt32
    }

    private var client: Endpoint
    private var server: Endpoint
    private(set) var frames: [Fixture.Frame] = []

    init(clientPort: UInt16, serverPort: UInt16) {
        client = Endpoint(address: 0xc000_0201, port: clientPort, next: 1000)
        server = Endpoint(address: 0xc633_6402, port: serverPort, next: 5000)
    }

    mutating func segment(isReverse: Bool, _ flags: SegmentPacket.Flags, _ payload: [UInt8]) {
        let (from, to) = isReverse ? (server, client) : (client, server)
        var packet = SegmentPacket()
        (packet.source, packet.sourcePort, packet.sequence) = (from.address, from.port, from.next)
        (packet.destination, packet.destinationPort) = (to.address, to.port)
        packet.acknowledgment = flags.contains(.acknowledge) ? to.next : 0
        packet.flags = flags
        packet.payload = payload
        frames.append(packet.frame(number: frames.count + 1))
        if isReverse { server.next &+= packet.advance } else { client.next &+= packet.advance }
    }
}
