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

/// Finds the endpoints of each layer of one kind in a frame. Packets that error messages quote do not count, nor do IPv6
/// fragments whose packet is not complete with this frame.
struct EndpointReader {
    /// What an item tells.
    private enum Role: UInt8 {
        case none, source, destination, sourceV6, destinationV6, sourcePort, destinationPort, stream
        case fragmentOffset, moreFragments, reassembled
    }

    let wants: PlanWants
    private let layer: EndpointLayer
    private let roles: [Role]

    init(_ layer: EndpointLayer, _ registry: Registry) {
        var names: [(String, Role)] = []
        switch layer {
        case .ethernet: names = [("eth.src", .source), ("eth.dst", .destination)]
        case .ipv4: names = [("ip.src", .source), ("ip.dst", .destination)]
        case .ipv6:
            names = [
                ("ipv6.src", .sourceV6), ("ipv6.dst", .destinationV6), ("ipv6.fraghdr.offset", .fragmentOffset),
                ("ipv6.fraghdr.more", .moreFragments), ("ipv6.fragments", .reassembled),
            ]
        case .tcp, .udp:
            let name = layer.rawValue
            names = [
                ("ip.src", .source), ("ip.dst", .destination), ("ipv6.src", .sourceV6), ("ipv6.dst", .destinationV6),
                ("\(name).srcport", .sourcePort), ("\(name).dstport", .destinationPort), ("\(name).stream", .stream),
            ]
        }
        var roles = [Role](repeating: .none, count: registry.fields.count)
        var fields: Set<FieldID> = []
        for (name, role) in names {
            for field in registry.fields(named: name) {
                roles[Int(field.id.rawValue)] = role
                fields.insert(field.id)
            }
        }
        self.layer = layer
        self.roles = roles
        wants = PlanWants(fields: fields)
    }

    /// Hands the endpoints of each such layer to `body`, the outermost first.
    @inline(__always)
    func forEach(_ frame: borrowing DissectedFrame, _ body: (LayerEndpoints) -> Void) {
        var found = LayerEndpoints()
        var isWaiting = false
        var isFragment = false
        for index in 0..<frame.itemCount {
            let item = frame.item(index)
            let role = roles[Int(item.field.rawValue)]
            // Fields of a packet that is quoted stand deeper; those of a fragment header stand within the header's node.
            guard role != .none, item.depth == 1 || item.depth == 2 && role.rawValue >= Role.fragmentOffset.rawValue else { continue }
            switch role {
            case .none: continue
            case .source:
                found.source = layer == .ethernet ? .ethernet(item.value) : .ipv4(UInt32(truncatingIfNeeded: item.value))
                // An Ethernet header begins with its destination.
                if layer == .ethernet { body(found) }
            case .destination:
                found.destination = layer == .ethernet ? .ethernet(item.value) : .ipv4(UInt32(truncatingIfNeeded: item.value))
                if layer == .ipv4 { body(found) }
            case .sourceV6:
                if isWaiting, !isFragment { body(found) }
                (isWaiting, isFragment) = (false, false)
                found.source = address(item, frame)
            case .destinationV6:
                found.destination = address(item, frame)
                isWaiting = layer == .ipv6
            case .fragmentOffset, .moreFragments: isFragment = isFragment || item.value != 0
            case .reassembled: isFragment = false
            case .sourcePort: found.sourcePort = UInt32(truncatingIfNeeded: item.value)
            case .destinationPort: found.destinationPort = UInt32(truncatingIfNeeded: item.value)
            case .stream:
                found.stream = UInt32(truncatingIfNeeded: item.value)
                body(found)
            }
        }
        if isWaiting, !isFragment { body(found) }
    }

    private func address(_ item: Item, _ frame: borrowing DissectedFrame) -> Address {
        let bytes = frame.bytes(of: item)
        return bytes.count == 16 ? .ipv6(high: bytes.uint64(0), low: bytes.uint64(8)) : .none
    }
}
