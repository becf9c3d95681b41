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

/// The trees of addresses, transports and ports, each for either version of IP.
struct AddressTree: TreeCounter, ~Copyable {
    /// What such a tree counts of each packet.
    private struct Subject: Sendable {
        /// The name of the tree for IPv4; for IPv6 it has `ipv6_` before it, in place of `ip_`.
        let name: String
        /// Behind `IPv4 Statistics/`.
        let title: String
        /// The topics at the top, of a version by its name.
        let roots: @Sendable (_ version: String) -> [String]
        let tick: @Sendable (_ tree: inout CountedTree, _ roots: [CountedTree.NodeID], _ context: borrowing Context, _ reader: PacketReader) -> Void

        var versionSixName: String { "ipv6_" + (name.hasPrefix("ip_") ? name.dropFirst(3) : name[...]) }
    }

    private static let subjects = [
        // Addresses at either end.
        Subject(name: "ip_hosts,tree", title: "All Addresses", roots: { _ in ["All Addresses"] }) { tree, roots, context, _ in
            tree.tick(roots[0])
            tree.tick(roots[0], context.packet.source)
            tree.tick(roots[0], context.packet.destination)
        },
        // Addresses at each end.
        Subject(
            name: "ip_srcdst,tree", title: "Source and Destination Addresses", roots: { ["Source \($0) Addresses", "Destination \($0) Addresses"] }
        ) { tree, roots, context, _ in
            tree.tick(roots[0])
            tree.tick(roots[0], context.packet.source)
            tree.tick(roots[1])
            tree.tick(roots[1], context.packet.destination)
        },
        // What packets carry.
        Subject(name: "ptype,tree", title: "IP Protocol Types", roots: { _ in ["IP Protocol Types"] }) { tree, roots, context, reader in
            tree.tick(roots[0])
            tree.tick(roots[0], text: "\(reader.transport(context.dissected).name)")
        },
        // Destinations, and the ports there.
        Subject(name: "dests,tree", title: "Destinations and Ports", roots: { _ in ["Destinations and Ports"] }) { tree, roots, context, reader in
            let (name, port) = reader.transport(context.dissected)
            tree.tick(roots[0])
            let address = tree.tick(roots[0], context.packet.destination)
            let transport = tree.tick(address, text: "\(name)")
            tree.tick(transport, for: .number(UInt64(port))) { "\(port)" }
        },
    ]

    static let kinds = subjects.flatMap { subject in
        [(subject.name, EndpointLayer.ipv4), (subject.versionSixName, .ipv6)].map { name, layer in
            StatisticKind(name) { request throws(StatisticError) in try TreeStatistic(request, AddressTree(subject, layer, request)) }
        }
    }

    let title: String
    var wants: PlanWants { reader.wants }
    var tree: CountedTree
    private let subject: Subject
    private let reader: PacketReader
    private let roots: [CountedTree.NodeID]

    private init(_ subject: Subject, _ layer: EndpointLayer, _ request: StatisticRequest) {
        self.subject = subject
        let reader = PacketReader(layer, request)
        self.reader = reader
        title = "\(reader.version) Statistics/\(subject.title)"
        var tree = CountedTree()
        roots = subject.roots(reader.version).map { tree.root($0) }
        self.tree = tree
    }

    mutating func take(_ context: borrowing Context) {
        for _ in 0..<reader.count(context) {
            tree.begin(context.frame)
            subject.tick(&tree, roots, context, reader)
        }
    }
}
