import Dissection
import Wire

/// What the trees of one version of IP share: they count packets of that version, each with the endpoints of the innermost one.
struct PacketReader {
    private let layer: EndpointLayer
    private let transports: [FieldID: StaticString]
    let wants: PlanWants
    /// `IPv4`
    let version: String

    init(_ layer: EndpointLayer, _ request: StatisticRequest) {
        self.layer = layer
        version = "\(layer.title)"
        var transports: [FieldID: StaticString] = [:]
        for (name, title) in [("tcp.dstport", "TCP"), ("udp.dstport", "UDP"), ("sctp.dstport", "SCTP"), ("dccp.dstport", "DCCP")] as [(String, StaticString)] {
            for field in request.registry.fields(named: name) { transports[field.id] = title }
        }
        self.transports = transports
        wants = PlanWants(fields: Set(transports.keys), endpoints: EndpointLayers(layer))
    }

    /// How many packets of the version a frame holds, within each other.
    func count(_ context: borrowing Context) -> Int { context.endpoints.reduce(0) { $1.layer == layer ? $0 + 1 : $0 } }

    /// The transport of the innermost packet, and the port that it goes to: as with tshark that of a quoted packet, too.
    func transport(_ frame: borrowing DissectedFrame) -> (name: StaticString, port: UInt32) {
        for index in (0..<frame.itemCount).reversed() {
            let item = frame.item(index)
            if let name = transports[item.field] { return (name, UInt32(truncatingIfNeeded: item.value)) }
        }
        return ("NONE", 0)
    }
}

/// `ip_hosts,tree`, `ipv6_hosts,tree`: addresses at either end.
struct HostTree: TreeCounter, ~Copyable {
    static let kinds = [("ip_hosts,tree", EndpointLayer.ipv4), ("ipv6_hosts,tree", .ipv6)].map { name, layer in
        StatisticKind(name) { request throws(StatisticError) in try TreeStatistic(request, HostTree(layer, request)) }
    }

    let title: String
    var wants: PlanWants { reader.wants }
    private(set) var tree = CountedTree()
    private let reader: PacketReader
    private let all: CountedTree.NodeID

    init(_ layer: EndpointLayer, _ request: StatisticRequest) {
        reader = PacketReader(layer, request)
        title = "\(reader.version) Statistics/All Addresses"
        all = tree.root("All Addresses")
    }

    mutating func take(_ context: borrowing Context) {
        for _ in 0..<reader.count(context) {
            tree.begin(context.frame)
            tree.tick(all)
            tree.tick(all, context.packet.source)
            tree.tick(all, context.packet.destination)
        }
    }
}

/// `ip_srcdst,tree`, `ipv6_srcdst,tree`: addresses at each end.
struct SourceDestinationTree: TreeCounter, ~Copyable {
    static let kinds = [("ip_srcdst,tree", EndpointLayer.ipv4), ("ipv6_srcdst,tree", .ipv6)].map { name, layer in
        StatisticKind(name) { request throws(StatisticError) in try TreeStatistic(request, SourceDestinationTree(layer, request)) }
    }

    let title: String
    var wants: PlanWants { reader.wants }
    private(set) var tree = CountedTree()
    private let reader: PacketReader
    private let sources, destinations: CountedTree.NodeID

    init(_ layer: EndpointLayer, _ request: StatisticRequest) {
        reader = PacketReader(layer, request)
        title = "\(reader.version) Statistics/Source and Destination Addresses"
        sources = tree.root("Source \(reader.version) Addresses")
        destinations = tree.root("Destination \(reader.version) Addresses")
    }

    mutating func take(_ context: borrowing Context) {
        for _ in 0..<reader.count(context) {
            tree.begin(context.frame)
            tree.tick(sources)
            tree.tick(sources, context.packet.source)
            tree.tick(destinations)
            tree.tick(destinations, context.packet.destination)
        }
    }
}

/// `ptype,tree`, `ipv6_ptype,tree`: what packets carry.
struct TransportTree: TreeCounter, ~Copyable {
    static let kinds = [("ptype,tree", EndpointLayer.ipv4), ("ipv6_ptype,tree", .ipv6)].map { name, layer in
        StatisticKind(name) { request throws(StatisticError) in try TreeStatistic(request, TransportTree(layer, request)) }
    }

    let title: String
    var wants: PlanWants { reader.wants }
    private(set) var tree = CountedTree()
    private let reader: PacketReader
    private let all: CountedTree.NodeID

    init(_ layer: EndpointLayer, _ request: StatisticRequest) {
        reader = PacketReader(layer, request)
        title = "\(reader.version) Statistics/IP Protocol Types"
        all = tree.root("IP Protocol Types")
    }

    mutating func take(_ context: borrowing Context) {
        for _ in 0..<reader.count(context) {
            tree.begin(context.frame)
            tree.tick(all)
            tree.tick(all, text: "\(reader.transport(context.dissected).name)")
        }
    }
}

/// `dests,tree`, `ipv6_dests,tree`: destinations, and the ports there.
struct DestinationTree: TreeCounter, ~Copyable {
    static let kinds = [("dests,tree", EndpointLayer.ipv4), ("ipv6_dests,tree", .ipv6)].map { name, layer in
        StatisticKind(name) { request throws(StatisticError) in try TreeStatistic(request, DestinationTree(layer, request)) }
    }

    let title: String
    var wants: PlanWants { reader.wants }
    private(set) var tree = CountedTree()
    private let reader: PacketReader
    private let all: CountedTree.NodeID

    init(_ layer: EndpointLayer, _ request: StatisticRequest) {
        reader = PacketReader(layer, request)
        title = "\(reader.version) Statistics/Destinations and Ports"
        all = tree.root("Destinations and Ports")
    }

    mutating func take(_ context: borrowing Context) {
        for _ in 0..<reader.count(context) {
            let (name, port) = reader.transport(context.dissected)
            tree.begin(context.frame)
            tree.tick(all)
            let address = tree.tick(all, context.packet.destination)
            let transport = tree.tick(address, text: "\(name)")
            tree.tick(transport, for: .number(UInt64(port))) { "\(port)" }
        }
    }
}
