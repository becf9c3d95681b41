import Dissection
import Registries
import Wire

/// The diagram of a flow: a column for each endpoint, two lines a packet.
struct FlowReport: StatisticReport {
    let filter: String?
    let log: FlowRecord
    let resolution: NameResolution

    /// Bytes from one endpoint to the next.
    private static let cellWidth = 20
    /// Bytes of an arrow's end with its port.
    private static let portWidth = 9

    /// Whether there is more than one conversation, so that their numbers are shown.
    private var showsConversations: Bool { log.events.contains { $0.conversation > 0 } }

    func write(_ out: inout TextBuffer) {
        guard !log.events.isEmpty else { return }
        let showsConversations = self.showsConversations
        writeNames(showsConversations, &out)
        var conversation = log.events[0].conversation
        for event in log.events {
            out.drainIfLong()
            if event.conversation != conversation {
                out.append(repeating: 45, count: 17 + Self.cellWidth * log.nodes.count)
                out.append(10)
                conversation = event.conversation
            }
            write(event, showsConversations, &out)
        }
    }

    // MARK: Head

    private func writeNames(_ showsConversations: Bool, _ out: inout TextBuffer) {
        out.append(showsConversations ? "Conv.| Time    |" : "|Time     |")
        for index in stride(from: 0, to: log.nodes.count, by: 2) {
            let begin = out.count
            out.append(32)
            write(log.nodes[index], &out)
            out.pad(from: begin, width: 2 * Self.cellWidth - 1)
            out.append("|")
        }
        out.append(10)
        out.append(showsConversations ? "     |         |" : "|         |")
        let start = out.count
        for index in stride(from: 1, to: log.nodes.count, by: 2) {
            fill(from: start, toCell: index, &out)
            out.append(32)
            write(log.nodes[index], &out)
            close(from: start, &out)
        }
        // The last cell stays open.
        let end = Self.cellWidth * (2 * (log.nodes.count / 2) + 1)
        fill(from: start, toCell: end / Self.cellWidth - 1, &out)
        if out.count - start >= end { out.truncate(to: out.count - 1) } else { out.pad(from: start, width: end - 1) }
        out.append(10)
    }

    private func write(_ address: Address, _ out: inout TextBuffer) {
        if address.kind == .ethernet, resolution.macAddresses { out.append(resolvedEthernet: address.low) } else { out.append(address) }
    }

    // MARK: Cells

    /// Appends empty cells up to one.
    private func fill(from start: Int, toCell cell: Int, _ out: inout TextBuffer) {
        while out.count - start < cell * Self.cellWidth {
            out.append(repeating: 32, count: Self.cellWidth - 1 - (out.count - start) % Self.cellWidth)
            out.append("|")
        }
    }

    /// Ends the cell that was written to last. `surplus` bytes of what was written take no room.
    private func close(from start: Int, surplus: Int = 0, _ out: inout TextBuffer) {
        let used = (out.count - start - surplus) % Self.cellWidth
        out.append(repeating: 32, count: Self.cellWidth - 1 - used)
        out.append("|")
    }

    // MARK: Packets

    private func write(_ event: FlowEvent, _ showsConversations: Bool, _ out: inout TextBuffer) {
        guard let source = event.source, let destination = event.destination else { return }
        let left = min(source, destination)
        // What an endpoint sends to itself goes to the next column.
        let right = max(source, destination) + (source == destination ? 1 : 0)
        if showsConversations {
            let begin = out.count
            out.append(decimal: event.conversation)
            out.pad(from: begin, width: 5)
        }
        out.append("|")
        writeTime(event.time, event.timeDigits, &out)
        out.append("|")
        writeLabel(event, left, right, &out)
        out.append(log.string(event.comment))
        out.append(showsConversations ? "\n     |         |" : "\n|         |")
        writeArrow(event, left, right, isLeftward: source > destination, &out)
        out.append(10)
    }

    private func writeTime(_ time: Timestamp, _ digits: Int, _ out: inout TextBuffer) {
        let begin = out.count
        let magnitude = time.seconds < 0 ? Timestamp.zero - time : time
        if time.seconds < 0 { out.append(45) }
        out.append(signed: magnitude.seconds)
        if digits > 0 {
            out.append(46)
            let unit = (digits..<9).reduce(UInt64(1)) { value, _ in value * 10 }
            out.append(decimal: UInt64(magnitude.nanoseconds) / unit, width: digits)
        }
        out.pad(from: begin, width: 9)
    }

    private func writeLabel(_ event: FlowEvent, _ left: Int, _ right: Int, _ out: inout TextBuffer) {
        let start = out.count
        fill(from: start, toCell: left, &out)
        out.append(repeating: 32, count: Self.portWidth)
        let label = String(log.string(event.label).unicodeScalars.prefix(Self.cellWidth * (right - left)))
        out.append(label)
        let surplus = label.utf8.count - label.unicodeScalars.count
        if out.count - start - surplus >= Self.cellWidth * log.nodes.count {
            // A label that does not fit is followed by as much room as one that does at least.
            out.append("          |")
            return
        }
        close(from: start, surplus: surplus, &out)
        fill(from: start + surplus, toCell: log.nodes.count, &out)
    }

    private func writeArrow(_ event: FlowEvent, _ left: Int, _ right: Int, isLeftward: Bool, _ out: inout TextBuffer) {
        let start = out.count
        fill(from: start, toCell: left, &out)
        writePort(isLeftward ? event.destinationPort : event.sourcePort, &out)
        let shaft = Self.cellWidth * (right - left) - 2
        if isLeftward { out.append("<") }
        out.append(repeating: 45, count: shaft)
        if !isLeftward { out.append(">") }
        out.append("  ")
        writePort(isLeftward ? event.sourcePort : event.destinationPort, &out)
        // Behind the last column there is a byte less.
        if right == log.nodes.count { out.truncate(to: out.count - 1) }
        out.append("|")
        fill(from: start, toCell: log.nodes.count, &out)
    }

    private func writePort(_ port: UInt32, _ out: inout TextBuffer) {
        let begin = out.count
        out.append("(")
        out.append(decimal: port)
        out.append(")")
        out.pad(from: begin, width: Self.portWidth)
    }

    // MARK: JSON

    var members: [(name: String, value: JSONValue)] {
        let names = log.nodes.map { address in
            var text = TextBuffer(capacity: 64)
            write(address, &text)
            return text.string
        }
        return [
            ("filter", filter.map { .string($0) } ?? .null), ("endpoints", .array(names.map { .string($0) })),
            ("packets", .list(log.events) { event in
                .object([
                    ("time", .seconds(event.time)), ("conversation", JSONValue(event.conversation)),
                    ("source", event.source.map { .string(names[$0]) } ?? .null), ("destination", event.destination.map { .string(names[$0]) } ?? .null),
                    ("sourcePort", JSONValue(event.sourcePort)), ("destinationPort", JSONValue(event.destinationPort)),
                    ("label", .string(log.string(event.label))), ("comment", .string(log.string(event.comment))),
                ])
            }),
        ]
    }
}
