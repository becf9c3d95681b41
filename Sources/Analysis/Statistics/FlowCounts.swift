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

    mutating func add(_ other: DirectionCount) {
        frameCount &+= other.frameCount
        byteCount &+= other.byteCount
    }
}

/// What counts of a frame.
struct CountedFrame {
    let number: UInt32
    let byteCount: Int
    let timestamp: Timestamp
    /// From the first frame of the capture.
    let timeRelative: Timestamp
}

extension CountedFrame {
    init(_ context: borrowing Context) {
        self.init(
            number: context.frame.number, byteCount: context.frame.originalByteCount, timestamp: context.frame.timestamp,
            timeRelative: context.frame.timeRelative ?? .zero)
    }
}

/// A conversation and what was counted of it.
struct FlowCount: Sendable {
    /// Source and destination of the first packet.
    var endpoints: LayerEndpoints
    let firstFrame: UInt32
    var forward = DirectionCount()
    var backward = DirectionCount()
    /// Times of the earliest and the latest packet, from the first frame of the capture.
    var first: Timestamp
    var last: Timestamp
    /// The time of the earliest packet.
    var start: Timestamp

    var frameCount: UInt64 { forward.frameCount &+ backward.frameCount }
    var byteCount: UInt64 { forward.byteCount &+ backward.byteCount }

    /// The busier one first, and of two equal ones the older.
    static func leads(_ a: FlowCount, _ b: FlowCount) -> Bool {
        a.frameCount != b.frameCount ? a.frameCount > b.frameCount : a.firstFrame < b.firstFrame
    }

    /// - Parameter isTurned: whether the other one's packets forward are this one's backward.
    mutating func add(_ other: FlowCount, isTurned: Bool) {
        forward.add(isTurned ? other.backward : other.forward)
        backward.add(isTurned ? other.forward : other.backward)
        last = max(last, other.last)
        if other.first < first { (first, start) = (other.first, other.start) }
    }
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

    mutating func add(_ endpoints: LayerEndpoints, _ frame: CountedFrame) {
        let (flow, isBackward) = isByStream ? findStream(endpoints, frame) : find(endpoints, frame)
        let time = frame.timeRelative
        if isBackward { flows[flow].backward.add(frame.byteCount) } else { flows[flow].forward.add(frame.byteCount) }
        if time > flows[flow].last { flows[flow].last = time }
        if time < flows[flow].first {
            flows[flow].first = time
            flows[flow].start = frame.timestamp
        }
    }

    private mutating func findStream(_ endpoints: LayerEndpoints, _ frame: CountedFrame) -> (flow: Int, isBackward: Bool) {
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

    private mutating func find(_ endpoints: LayerEndpoints, _ frame: CountedFrame) -> (flow: Int, isBackward: Bool) {
        let match = table.find(
            source: endpoints.source, destination: endpoints.destination, sourcePort: endpoints.sourcePort,
            destinationPort: endpoints.destinationPort)
        if match.isNew {
            append(endpoints, frame)
            beganReverse.append(match.isReverse)
        }
        return (Int(match.flow), match.isReverse != beganReverse[Int(match.flow)])
    }

    /// Takes over what was counted of other frames of the same capture, of which connections over TCP have none in common.
    mutating func merge(_ other: borrowing FlowCounter) {
        for flow in other.flows {
            let ends = flow.endpoints
            let match = isByStream ? nil : table.find(
                source: ends.source, destination: ends.destination, sourcePort: ends.sourcePort, destinationPort: ends.destinationPort)
            guard let match, !match.isNew else {
                flows.append(flow)
                if let match { beganReverse.append(match.isReverse) }
                continue
            }
            let place = Int(match.flow)
            let isTurned = match.isReverse != beganReverse[place]
            if flow.firstFrame < flows[place].firstFrame {
                var whole = flow
                whole.add(flows[place], isTurned: isTurned)
                flows[place] = whole
                beganReverse[place] = match.isReverse
            } else {
                flows[place].add(flow, isTurned: isTurned)
            }
        }
    }

    private mutating func append(_ endpoints: LayerEndpoints, _ frame: CountedFrame) {
        let time = frame.timeRelative
        flows.append(FlowCount(endpoints: endpoints, firstFrame: frame.number, first: time, last: time, start: frame.timestamp))
    }
}

/// An endpoint and what was counted of it.
struct EndpointCount: Sendable {
    var address: Address
    var port: UInt32
    var firstFrame: UInt32
    /// Whether its first packet came from it.
    var sentFirst: Bool
    var sent = DirectionCount()
    var received = DirectionCount()

    var frameCount: UInt64 { sent.frameCount &+ received.frameCount }
    var byteCount: UInt64 { sent.byteCount &+ received.byteCount }

    private var order: (UInt32, Int) { (firstFrame, sentFirst ? 0 : 1) }

    /// The busier one first, and of two equal ones the older.
    static func leads(_ a: EndpointCount, _ b: EndpointCount) -> Bool {
        a.frameCount != b.frameCount ? a.frameCount > b.frameCount : a.order < b.order
    }

    mutating func add(_ other: EndpointCount) {
        if other.order < order { (firstFrame, sentFirst) = (other.firstFrame, other.sentFirst) }
        sent.add(other.sent)
        received.add(other.received)
    }
}

/// Counts frames and bytes that each endpoint sent and received.
struct EndpointCounter: ~Copyable {
    private(set) var endpoints: [EndpointCount] = []
    /// Each endpoint as a conversation with itself.
    private var table = FlowTable()

    mutating func add(_ found: LayerEndpoints, _ frame: CountedFrame) {
        let number = frame.number
        let source = index(EndpointCount(address: found.source, port: found.sourcePort, firstFrame: number, sentFirst: true))
        endpoints[source].sent.add(frame.byteCount)
        let destination = index(EndpointCount(address: found.destination, port: found.destinationPort, firstFrame: number, sentFirst: false))
        endpoints[destination].received.add(frame.byteCount)
    }

    /// Takes over what was counted of other frames of the same capture.
    mutating func merge(_ other: borrowing EndpointCounter) {
        for endpoint in other.endpoints {
            var new = endpoint
            (new.sent, new.received) = (DirectionCount(), DirectionCount())
            endpoints[index(new)].add(endpoint)
        }
    }

    /// Where an endpoint is counted, which is added if it is new.
    private mutating func index(_ endpoint: EndpointCount) -> Int {
        let match = table.find(source: endpoint.address, destination: endpoint.address, sourcePort: endpoint.port, destinationPort: endpoint.port)
        if match.isNew { endpoints.append(endpoint) }
        return Int(match.flow)
    }
}
