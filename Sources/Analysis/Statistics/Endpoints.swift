import Dissection
import DisplayFilter
import Wire

/// `endpoints,tcp` and its like: what each end of one layer sent and received, the busiest first.
final class Endpoints: MergeableStatistic {
    static var kinds: [StatisticKind] {
        EndpointLayer.allCases.map { layer in
            StatisticKind("endpoints,\(layer.abbreviation)") { request throws(StatisticError) in try Endpoints(layer, request) }
        }
    }

    let wants: PlanWants
    private let filter: DisplayFilter?
    private var counter = EndpointCounter()
    private let layer: EndpointLayer
    private let names: EndpointNames

    convenience init(_ layer: EndpointLayer, _ request: StatisticRequest) throws(StatisticError) {
        self.init(layer, try request.filter(request.arguments), EndpointNames(resolution: request.settings.resolution, layer: layer))
    }

    private init(_ layer: EndpointLayer, _ filter: DisplayFilter?, _ names: EndpointNames) {
        self.layer = layer
        self.filter = filter
        self.names = names
        wants = (filter?.wants ?? PlanWants()).union(PlanWants(endpoints: EndpointLayers(layer)))
    }

    var requirement: String? { layer.abbreviation }

    func take(_ context: borrowing Context) {
        guard filter?.matches(context.dissected) ?? true else { return }
        let frame = CountedFrame(context)
        for endpoints in context.endpoints where endpoints.layer == layer { counter.add(endpoints, frame) }
    }

    func report() -> any StatisticReport {
        EndpointReport(
            layer: layer, filter: filter?.text, endpoints: counter.endpoints.sorted(by: EndpointCount.leads), names: names)
    }

    func limit(byteCount: Int) { counter.limit(byteCount: byteCount) }
    var forgottenCount: Int { counter.forgottenCount }

    func another() -> Endpoints { Endpoints(layer, filter, names) }
    func merge(_ other: Endpoints) { counter.merge(other.counter) }
}

/// The table of endpoints.
struct EndpointReport: StatisticReport {
    let layer: EndpointLayer
    let filter: String?
    let endpoints: [EndpointCount]
    let names: EndpointNames

    func write(_ out: inout TextBuffer) {
        out.append(StatisticRule.double)
        out.append(layer.title)
        out.append(" Endpoints\nFilter:")
        out.append(filter ?? "<No Filter>")
        out.append(10)
        out.append(repeating: 32, count: 23)
        out.append(layer.hasPorts ? "|  Port  ||" : "|")
        out.append("  Packets  | |  Bytes  | | Tx Packets | | Tx Bytes | | Rx Packets | | Rx Bytes |\n")
        for endpoint in endpoints {
            out.drainIfLong()
            write(endpoint, &out)
        }
        out.append(StatisticRule.double)
    }

    private func write(_ endpoint: EndpointCount, _ out: inout TextBuffer) {
        var begin = out.count
        names.write(endpoint.address, &out)
        out.pad(from: begin, width: 20)
        if layer.hasPorts {
            out.append(repeating: 32, count: 6)
            begin = out.count
            names.write(port: endpoint.port, &out)
            out.rightAlign(from: begin, width: 5)
        }
        for (value, gap, width) in [
            (endpoint.frameCount, layer.hasPorts ? 5 : 6, 6), (endpoint.byteCount, 5, 9), (endpoint.sent.frameCount, 5, 6),
            (endpoint.sent.byteCount, 7, 9), (endpoint.received.frameCount, 6, 6), (endpoint.received.byteCount, 7, 9),
        ] {
            out.append(repeating: 32, count: gap)
            out.append(value, width: width)
        }
        out.append("   \n")
    }

    var members: [(name: String, value: JSONValue)] {
        [
            ("filter", filter.map { .string($0) } ?? .null),
            ("endpoints", .list(endpoints) { endpoint in
                .object(names.members(endpoint.address, endpoint.port) + [
                    ("frames", JSONValue(endpoint.frameCount)), ("bytes", JSONValue(endpoint.byteCount)),
                    ("framesSent", JSONValue(endpoint.sent.frameCount)), ("bytesSent", JSONValue(endpoint.sent.byteCount)),
                    ("framesReceived", JSONValue(endpoint.received.frameCount)), ("bytesReceived", JSONValue(endpoint.received.byteCount)),
                ])
            }),
        ]
    }
}
