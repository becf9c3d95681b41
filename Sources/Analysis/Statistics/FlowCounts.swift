import Dissection
import Streams
import Wire

/// What was counted in one direction.
struct DirectionCount: Sendable {
    var frameCount: UInt64 = 0
    var byteCount: UInt64 = 0

    mutating func add(_ frameByteCount: Int) {
        frameCount &+= 1
        byteCount &+= UInt64(frameByteCount)
    }
}

/// A conversation and what was counted of it.
struct FlowCount: Sendable {
    /// Source and destination of the first packet.
    var endpoints: LayerEndpoints
    var forward = DirectionCount()
    var backward = DirectionCount()
    /// Times of the earliest and the latest packet, from the first frame of the capture.
    var first: Timestamp
    var last: Timestamp
    /// The time of the earliest packet.
    var start: Timestamp

    var frameCount: UInt64 { forward.frameCount &+ backward.frameCount }
    var byteCount: UInt64 { forward.byteCount &+ backward.byteCount }
}

/// Counts frames and bytes of each conversation. A conversation is known by its endpoints, and over TCP by its number: a
/// second connection between the same ports is another one.
struct FlowCounter: ~Copyable {
    private(set) var flows: [FlowCount] = []
    private var table = FlowTable()
    /// Whether the first packet went from the second endpoint of the table's key to the first.
    private var beganReverse: [Bool] = []
    /// 1 + flow by stream number; 0 for none.
    private var flowOfStream: [UInt32] = []
    private let isByStream: Bool

    init(_ layer: EndpointLayer) { isByStream = layer == .tcp }

    mutating func add(_ endpoints: LayerEndpoints, _ frame: borrowing FrameInfo) {
        let (flow, isBackward) = isByStream ? findStream(endpoints, frame) : find(endpoints, frame)
        let time = frame.timeRelative ?? .zero
        if isBackward { flows[flow].backward.add(frame.originalByteCount) } else { flows[flow].forward.add(frame.originalByteCount) }
        if time > flows[flow].last { flows[flow].last = time }
        if time < flows[flow].first {
            flows[flow].first = time
            flows[flow].start = frame.timestamp
        }
    }

    private mutating func findStream(_ endpoints: LayerEndpoints, _ frame: borrowing FrameInfo) -> (flow: Int, isBackward: Bool) {
        let stream = Int(endpoints.stream)
        if stream < flowOfStream.count, flowOfStream[stream] > 0 {
            let flow = Int(flowOfStream[stream]) - 1
            let first = flows[flow].endpoints
            return (flow, first.sourcePort != endpoints.sourcePort || first.source != endpoints.source)
        }
        // Stream numbers follow each other, so that the table is as long as there are streams.
        while flowOfStream.count <= stream { flowOfStream.append(0) }
        append(endpoints, frame)
        flowOfStream[stream] = UInt32(flows.count)
        return (flows.count - 1, false)
    }

    private mutating func find(_ endpoints: LayerEndpoints, _ frame: borrowing FrameInfo) -> (flow: Int, isBackward: Bool) {
        let match = table.find(
            source: endpoints.source, destination: endpoints.destination, sourcePort: endpoints.sourcePort,
            destinationPort: endpoints.destinationPort)
        if match.isNew {
            append(endpoints, frame)
            beganReverse.append(match.isReverse)
        }
        return (Int(match.flow), match.isReverse != beganReverse[Int(match.flow)])
    }

    private mutating func append(_ endpoints: LayerEndpoints, _ frame: borrowing FrameInfo) {
        let time = frame.timeRelative ?? .zero
        flows.append(FlowCount(endpoints: endpoints, first: time, last: time, start: frame.timestamp))
    }
}

/// An endpoint and what was counted of it.
struct EndpointCount: Sendable {
    var address: Address
    var port: UInt32
    var sent = DirectionCount()
    var received = DirectionCount()

    var frameCount: UInt64 { sent.frameCount &+ received.frameCount }
    var byteCount: UInt64 { sent.byteCount &+ received.byteCount }
}

/// Counts frames and bytes that each endpoint sent and received.
struct EndpointCounter: ~Copyable {
    private(set) var endpoints: [EndpointCount] = []
    /// Each endpoint as a conversation with itself.
    private var table = FlowTable()

    mutating func add(_ found: LayerEndpoints, frameByteCount: Int) {
        endpoints[index(found.source, found.sourcePort)].sent.add(frameByteCount)
        endpoints[index(found.destination, found.destinationPort)].received.add(frameByteCount)
    }

    private mutating func index(_ address: Address, _ port: UInt32) -> Int {
        let match = table.find(source: address, destination: address, sourcePort: port, destinationPort: port)
        if match.isNew { endpoints.append(EndpointCount(address: address, port: port)) }
        return Int(match.flow)
    }
}
