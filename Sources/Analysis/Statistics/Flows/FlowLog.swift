import Dissection
import Wire

/// One packet of the diagram.
struct FlowEvent: Sendable {
    var time: Timestamp
    /// Digits behind the point in which the file keeps its times.
    var timeDigits: Int
    /// The numbers of its ends in the order in which they were met; nil beyond the limit.
    var source: Int?
    var destination: Int?
    var sourcePort: UInt32
    var destinationPort: UInt32
    var conversation: UInt32 = 0
    /// What stands above the arrow, and behind the diagram: both in the log's text.
    var label = 0..<0
    var comment = 0..<0

    fileprivate var texts: Range<Int> { min(label.lowerBound, comment.lowerBound)..<max(label.upperBound, comment.upperBound) }

    fileprivate func moved(by distance: Int) -> FlowEvent {
        var event = self
        event.label = label.lowerBound + distance..<label.upperBound + distance
        event.comment = comment.lowerBound + distance..<comment.upperBound + distance
        return event
    }
}

/// The packets of the diagram, their texts in one run of bytes.
struct FlowLog: ~Copyable {
    /// Endpoints that have a column, at most.
    static let nodeLimit = 40

    private(set) var nodes: [Address] = []
    private var numbers: [Address: Int] = [:]
    private(set) var events: [FlowEvent] = []
    private var text = TextBuffer(capacity: 4096)
    private var byteLimit = Int.max
    private(set) var forgottenCount = 0

    mutating func limit(byteCount: Int) { byteLimit = byteCount }

    /// Both may have twice the room that they need, and the text is copied for a report.
    private var byteCount: Int { 2 * events.count * MemoryLayout<FlowEvent>.stride + 3 * text.count }

    private mutating func forgetOlderHalf() {
        let count = events.count / 2
        let begin = events[count].texts.lowerBound
        let rest = text.bytes[begin..<text.count].copy()
        text = TextBuffer(capacity: rest.count)
        text.append(rest)
        events = events[count...].map { $0.moved(by: -begin) }
        forgottenCount += count
    }

    /// The column of an endpoint; nil if there are too many before it.
    private mutating func node(_ address: Address) -> Int? {
        if let known = numbers[address] { return known }
        guard nodes.count < Self.nodeLimit else { return nil }
        numbers[address] = nodes.count
        nodes.append(address)
        return nodes.count - 1
    }

    private mutating func placed(_ event: FlowEvent, _ ends: (source: Address, destination: Address)) -> FlowEvent {
        if byteCount >= byteLimit, !events.isEmpty { forgetOlderHalf() }
        var event = event
        event.source = node(ends.source)
        event.destination = node(ends.destination)
        return event
    }

    /// Takes a packet that its columns describe.
    mutating func append(_ event: FlowEvent, _ ends: (source: Address, destination: Address), columns: borrowing Columns) {
        var event = placed(event, ends)
        let begin = text.count
        text.append(printable: columns.proto.bytes)
        text.append(": ")
        let label = text.count
        text.append(printable: columns.info.bytes)
        event.label = label..<text.count
        event.comment = begin..<text.count
        events.append(event)
    }

    /// Takes a TCP segment.
    mutating func append(_ event: FlowEvent, _ ends: (source: Address, destination: Address), _ segment: FlowSegment) {
        var event = placed(event, ends)
        var begin = text.count
        appendFlags(segment.flags)
        if segment.byteCount > 0 {
            text.append(" - Len: ")
            text.append(decimal: segment.byteCount)
        }
        event.label = begin..<text.count
        begin = text.count
        text.append("Seq = ")
        text.append(decimal: segment.sequence)
        if segment.isAcknowledgment {
            text.append(" Ack = ")
            text.append(decimal: segment.acknowledgment)
        }
        event.comment = begin..<text.count
        events.append(event)
    }

    private mutating func appendFlags(_ flags: UInt32) {
        let names: [StaticString] = ["FIN", "SYN", "RST", "PSH", "ACK", "URG", "ECN", "CWR", "NS"]
        var isFirst = true
        for (bit, name) in names.enumerated() where flags >> UInt32(bit) & 1 == 1 {
            if !isFirst { text.append(", ") }
            text.append(name)
            isFirst = false
        }
        if isFirst { text.append("<None>") }
    }

    /// What a report needs of it.
    func copy() -> FlowRecord { FlowRecord(nodes: nodes, events: events, text: text.bytes.copy()) }
}

/// A log that is complete.
struct FlowRecord: Sendable {
    let nodes: [Address]
    let events: [FlowEvent]
    let text: [UInt8]

    func string(_ range: Range<Int>) -> String { String(decoding: text[range], as: UTF8.self) }
}
