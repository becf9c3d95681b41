import Wire

/// Layers of a packet that have two ends.
public enum EndpointLayer: UInt8, CaseIterable, Sendable {
    case ethernet, ipv4, ipv6, tcp, udp

    /// The abbreviation of the layer's protocol.
    public var abbreviation: String {
        switch self {
        case .ethernet: "eth"
        case .ipv4: "ip"
        case .ipv6: "ipv6"
        case .tcp: "tcp"
        case .udp: "udp"
        }
    }

    var needs: FieldNeeds { self == .tcp ? .conversation : [] }
}

/// Some of them.
public struct EndpointLayers: OptionSet, Sendable {
    public let rawValue: UInt8
    @inlinable public init(rawValue: UInt8) { self.rawValue = rawValue }
    @inlinable public init(_ layer: EndpointLayer) { rawValue = 1 << layer.rawValue }
}

/// The ends of one layer of a packet.
public struct LayerEndpoints: Sendable {
    public var layer: EndpointLayer
    public var source: Address
    public var destination: Address
    public var sourcePort: UInt32
    public var destinationPort: UInt32
    /// The number of TCP's conversation.
    public var stream: UInt32

    public init(layer: EndpointLayer, source: Address, destination: Address, sourcePort: UInt32, destinationPort: UInt32, stream: UInt32) {
        self.layer = layer
        self.source = source
        self.destination = destination
        self.sourcePort = sourcePort
        self.destinationPort = destinationPort
        self.stream = stream
    }
}

extension Context {
    /// Notes the ends of a layer for those who count them. Packets that error messages quote do not count.
    @inlinable @inline(__always)
    public mutating func noteEndpoints(
        _ layer: EndpointLayer, _ source: Address, _ destination: Address, ports: (source: UInt32, destination: UInt32) = (0, 0), stream: UInt32 = 0
    ) {
        guard plan.endpointLayers.contains(EndpointLayers(layer)), !packet.isInError else { return }
        keepEndpoints(layer, source, destination, ports, stream)
    }

    @usableFromInline
    mutating func keepEndpoints(
        _ layer: EndpointLayer, _ source: Address, _ destination: Address, _ ports: (source: UInt32, destination: UInt32), _ stream: UInt32
    ) {
        endpoints.append(LayerEndpoints(
            layer: layer, source: source, destination: destination, sourcePort: ports.source, destinationPort: ports.destination,
            stream: stream))
    }
}
