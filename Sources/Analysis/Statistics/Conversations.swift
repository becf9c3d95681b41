import Dissection
import DisplayFilter
import Wire

/// `conv,tcp` and its like: the conversations of one layer, the busiest first.
final class Conversations: MergeableStatistic {
    static var kinds: [StatisticKind] {
        EndpointLayer.allCases.map { layer in
            StatisticKind("conv,\(layer.abbreviation)") { request throws(StatisticError) in try Conversations(layer, request) }
        }
    }

    let wants: PlanWants
    private let filter: DisplayFilter?
    private var counter: FlowCounter
    private let layer: EndpointLayer
    private let settings: StatisticSettings

    convenience init(_ layer: EndpointLayer, _ request: StatisticRequest) throws(StatisticError) {
        self.init(layer, try request.filter(request.arguments), request.settings)
    }

    private init(_ layer: EndpointLayer, _ filter: DisplayFilter?, _ settings: StatisticSettings) {
        self.layer = layer
        self.settings = settings
        self.filter = filter
        wants = (filter?.wants ?? PlanWants()).union(PlanWants(endpoints: EndpointLayers(layer)))
        counter = FlowCounter(layer)
    }

    var requirement: String? { layer.abbreviation }

    func take(_ context: borrowing Context) {
        guard filter?.matches(context.dissected) ?? true else { return }
        let frame = CountedFrame(context)
        for endpoints in context.endpoints where endpoints.layer == layer { counter.add(endpoints, frame) }
    }

    func report() -> any StatisticReport {
        ConversationReport(
            layer: layer, filter: filter?.text, flows: counter.flows.sorted(by: FlowCount.leads), settings: settings)
    }

    func limit(byteCount: Int) { counter.limit(byteCount: byteCount) }
    var forgottenCount: Int { counter.forgottenCount }

    func another() -> Conversations { Conversations(layer, filter, settings) }
    func merge(_ other: Conversations) { counter.merge(other.counter) }
}

/// The table of conversations.
struct ConversationReport: StatisticReport {
    let layer: EndpointLayer
    let filter: String?
    let flows: [FlowCount]
    let settings: StatisticSettings

    private var names: EndpointNames { EndpointNames(resolution: settings.resolution, layer: layer) }
    private var endpointWidth: Int { layer.hasPorts ? 26 : 20 }

    func write(_ out: inout TextBuffer) {
        writeHeader(&out)
        for flow in flows {
            out.drainIfLong()
            write(flow, &out)
        }
        out.append(StatisticRule.double)
    }

    private func writeHeader(_ out: inout TextBuffer) {
        out.append(StatisticRule.double)
        out.append(layer.title)
        out.append(" Conversations\nFilter:")
        out.append(filter ?? "<No Filter>")
        out.append(10)
        let blanks = 2 * endpointWidth + 7
        out.append(repeating: 32, count: blanks)
        let (first, second) = timeHeadings
        out.append("|       <-      | |       ->      | |     Total     |")
        out.append(first)
        out.append("|   Duration   |\n")
        out.append(repeating: 32, count: blanks)
        out.append(showsDates ? "| Frames  Size  | | Frames  Size  | | Frames  Size  |" : "| Frames  Bytes | | Frames  Bytes | | Frames  Bytes |")
        out.append(second)
        out.append("|              |\n")
    }

    private var showsDates: Bool {
        switch settings.timeStyle {
        case .relative, .epoch: false
        case .time, .date, .dayOfYear: true
        }
    }

    private var timeHeadings: (StaticString, StaticString) {
        switch settings.timeStyle {
        case .relative: ("    Relative    ", "      Start     ")
        case .epoch: ("       Relative       ", "         Start        ")
        case .time: (" Absolute Time  ", "      Start     ")
        case .date, .dayOfYear: (" Absolute Date  ", "     Start      ")
        }
    }

    private func write(_ flow: FlowCount, _ out: inout TextBuffer) {
        var begin = out.count
        names.write(flow.endpoints.source, port: flow.endpoints.sourcePort, &out)
        out.pad(from: begin, width: endpointWidth)
        out.append(" <-> ")
        begin = out.count
        names.write(flow.endpoints.destination, port: flow.endpoints.destinationPort, &out)
        out.pad(from: begin, width: endpointWidth)
        out.append("  ")
        write(flow.backward.frameCount, flow.backward.byteCount, &out)
        write(flow.forward.frameCount, flow.forward.byteCount, &out)
        write(flow.frameCount, flow.byteCount, &out)
        writeStart(flow, &out)
        out.append("   ")
        // As tshark subtracts: in floating point.
        out.append(fixed: flow.last.inSeconds - flow.first.inSeconds, decimals: 4, width: 12)
        out.append(10)
    }

    private func write(_ frameCount: UInt64, _ byteCount: UInt64, _ out: inout TextBuffer) {
        out.append(frameCount, width: 6)
        out.append(32)
        let begin = out.count
        out.append(size: byteCount)
        out.pad(from: begin, width: 9)
        out.append("  ")
    }

    private func writeStart(_ flow: FlowCount, _ out: inout TextBuffer) {
        switch settings.timeStyle {
        case .relative: out.append(fixed: flow.first.inSeconds, decimals: 9, width: 14)
        case .epoch: out.append(fixed: flow.start.inSeconds, decimals: 9, width: 20)
        case .time, .date, .dayOfYear: out.append(date: flow.start, settings)
        }
    }

    var members: [(name: String, value: JSONValue)] {
        [
            ("filter", filter.map { .string($0) } ?? .null),
            ("conversations", .list(flows) { flow in
                .object([
                    ("a", .object(names.members(flow.endpoints.source, flow.endpoints.sourcePort))),
                    ("b", .object(names.members(flow.endpoints.destination, flow.endpoints.destinationPort))),
                    ("framesAToB", JSONValue(flow.forward.frameCount)), ("bytesAToB", JSONValue(flow.forward.byteCount)),
                    ("framesBToA", JSONValue(flow.backward.frameCount)), ("bytesBToA", JSONValue(flow.backward.byteCount)),
                    ("frames", JSONValue(flow.frameCount)), ("bytes", JSONValue(flow.byteCount)),
                    ("start", flow.first.json), ("duration", (flow.last - flow.first).json),
                ])
            }),
        ]
    }
}
