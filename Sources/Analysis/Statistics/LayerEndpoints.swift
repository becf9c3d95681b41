import Dissection
import Wire

/// Which layer of packets conversations and endpoints are counted at.
enum EndpointLayer: String, CaseIterable, Sendable {
    case ethernet = "eth", ipv4 = "ip", ipv6, tcp, udp

    /// As tables are headed.
    var title: StaticString {
        switch self {
        case .ethernet: "Ethernet"
        case .ipv4: "IPv4"
        case .ipv6: "IPv6"
        case .tcp: "TCP"
        case .udp: "UDP"
        }
    }

    var hasPorts: Bool { self == .tcp || self == .udp }
}

/// The endpoints of one layer of a packet.
struct LayerEndpoints {
    var source = Address.none
    var destination = Address.none
    var sourcePort: UInt32 = 0
    var destinationPort: UInt32 = 0
    /// The number of the transport's conversation.
    var stream: UInt32 = 0
}

/// Finds the endpoints of each layer of one kind in a frame. Packets that error messages quote do not count.
struct EndpointReader {
    /// What an item tells.
    private enum Role: UInt8 { case none, source, destination, sourcePort, destinationPort, stream }

    let wants: PlanWants
    private let layer: EndpointLayer
    private var roles: [Role]
    private let ipv6: Set<FieldID>

    init(_ layer: EndpointLayer, _ registry: Registry) {
        var roles = [Role](repeating: .none, count: registry.fields.count)
        var fields: Set<FieldID> = []
        func add(_ name: String, _ role: Role) {
            for field in registry.fields(named: name) {
                roles[Int(field.id.rawValue)] = role
                fields.insert(field.id)
            }
        }
        for network in layer.hasPorts ? ["ip", "ipv6"] : [layer.rawValue] {
            add("\(network).src", .source)
            add("\(network).dst", .destination)
        }
        if layer.hasPorts {
            add("\(layer.rawValue).srcport", .sourcePort)
            add("\(layer.rawValue).dstport", .destinationPort)
            add("\(layer.rawValue).stream", .stream)
        }
        self.layer = layer
        self.roles = roles
        ipv6 = Set(registry.fields(named: "ipv6.src").map(\.id) + registry.fields(named: "ipv6.dst").map(\.id))
        wants = PlanWants(fields: fields)
    }

    /// Hands the endpoints of each such layer to `body`, the outermost first.
    @inline(__always)
    func forEach(_ frame: borrowing DissectedFrame, _ body: (LayerEndpoints) -> Void) {
        var found = LayerEndpoints()
        for index in 0..<frame.itemCount {
            let item = frame.item(index)
            // Fields of a packet that is quoted stand deeper.
            guard item.depth == 1 else { continue }
            switch roles[Int(item.field.rawValue)] {
            case .none: continue
            case .source:
                found.source = address(item, frame)
                // An Ethernet header begins with its destination.
                if layer == .ethernet { body(found) }
            case .destination:
                found.destination = address(item, frame)
                if layer == .ipv4 || layer == .ipv6 { body(found) }
            case .sourcePort: found.sourcePort = UInt32(truncatingIfNeeded: item.value)
            case .destinationPort: found.destinationPort = UInt32(truncatingIfNeeded: item.value)
            case .stream:
                found.stream = UInt32(truncatingIfNeeded: item.value)
                body(found)
            }
        }
    }

    @inline(__always)
    private func address(_ item: Item, _ frame: borrowing DissectedFrame) -> Address {
        if layer == .ethernet { return .ethernet(item.value) }
        guard ipv6.contains(item.field) else { return .ipv4(UInt32(truncatingIfNeeded: item.value)) }
        let bytes = frame.bytes(of: item)
        return bytes.count == 16 ? .ipv6(high: bytes.uint64(0), low: bytes.uint64(8)) : .none
    }
}
