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

    /// Whether a packet between these endpoints goes the other way than the first.
    func isBackward(_ other: LayerEndpoints) -> Bool {
        endpoints.sourcePort != other.sourcePort || endpoints.source != other.source
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
    private let isByStream: Bool

    init(_ layer: EndpointLayer) { isByStream = layer == .tcp }

    mutating func limit(byteCount: Int) { table = FlowTable(limit: byteCount / FlowTable.byteCount(with: FlowCount.self)) }

    var forgottenCount: Int { table.evictedCount }

    mutating func add(_ endpoints: LayerEndpoints, _ frame: CountedFrame) {
        let time = frame.timeRelative
        let match = find(endpoints)
        let place = Int(match.flow)
        if match.isNew {
            flows.place(FlowCount(endpoints: endpoints, firstFrame: frame.number, first: time, last: time, start: frame.timestamp), at: place)
        }
        if flows[place].isBackward(endpoints) {
            flows[place].backward.add(frame.byteCount)
        } else {
            flows[place].forward.add(frame.byteCount)
        }
        if time > flows[place].last { flows[place].last = time }
        if time < flows[place].first {
            flows[place].first = time
            flows[place].start = frame.timestamp
        }
    }

    private mutating func find(_ endpoints: LayerEndpoints) -> FlowTable.Match {
        if isByStream { return table.find(source: .none, destination: .none, sourcePort: endpoints.stream, destinationPort: endpoints.stream) }
        return table.find(
            source: endpoints.source, destination: endpoints.destination, sourcePort: endpoints.sourcePort,
            destinationPort: endpoints.destinationPort)
    }

    /// Takes over what was counted of other frames of the same capture, of which connections over TCP have none in common.
    mutating func merge(_ other: borrowing FlowCounter) {
        for flow in other.flows {
            let match = isByStream ? nil : find(flow.endpoints)
            guard let match, !match.isNew else {
                flows.append(flow)
                continue
            }
            let place = Int(match.flow)
            let isTurned = flows[place].isBackward(flow.endpoints)
            if flow.firstFrame < flows[place].firstFrame {
                var whole = flow
                whole.add(flows[place], isTurned: isTurned)
                flows[place] = whole
            } else {
                flows[place].add(flow, isTurned: isTurned)
            }
        }
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

    mutating func limit(byteCount: Int) { table = FlowTable(limit: byteCount / FlowTable.byteCount(with: EndpointCount.self)) }

    var forgottenCount: Int { table.evictedCount }

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
        if match.isNew { endpoints.place(endpoint, at: Int(match.flow)) }
        return Int(match.flow)
    }
}

extension Array {
    /// Appends an element, or puts it in the place of one that was forgotten.
    fileprivate mutating func place(_ element: Element, at index: Int) {
        if index < count { self[index] = element } else { append(element) }
    }
}

extension FlowTable {
    /// What a flow takes with what is counted of it: in a list that may have twice the room that it needs, and sorted for a report.
    fileprivate static func byteCount<Count>(with count: Count.Type) -> Int { byteCountOfFlow + 3 * MemoryLayout<Count>.stride }
}
