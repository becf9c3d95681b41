import Dissection

extension EndpointLayer {
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
