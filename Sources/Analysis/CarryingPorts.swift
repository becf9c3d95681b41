import Dissection
import Wire

/// The ports of UDP and TCP over which the packets of some protocols are carried within others: tunnels.
struct CarryingPorts: Sendable {
    private let ports: [UInt16]
    /// Whether such packets may come over ports of TCP, or of UDP, that no table names.
    let mayBeAnyOfTCP, mayBeAnyOfUDP: Bool

    /// - Parameter leading: those carried, and all that lead to them.
    init(of leading: Set<ProtocolID>, _ registry: Registry) {
        ports = ["udp.port", "tcp.port"].flatMap { registry.numbers(in: $0, of: leading).map(UInt16.init(truncatingIfNeeded:)) }
        mayBeAnyOfTCP = registry.handsOn(from: "tcp", to: leading, besides: "tcp.port")
        mayBeAnyOfUDP = registry.handsOn(from: "udp", to: leading, besides: "udp.port")
    }

    /// Whether one of the two ports of the header at `offset` is one of them.
    @inline(__always)
    func areThere(_ bytes: ByteView, at offset: Int) -> Bool {
        guard bytes.count >= offset + 4 else { return false }
        return ports.contains(bytes.uint16(offset)) || ports.contains(bytes.uint16(offset + 2))
    }
}
