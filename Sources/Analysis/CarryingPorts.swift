import Dissection
import Wire

/// The ports of UDP and TCP over which the packets of some protocols are carried within others: tunnels.
struct CarryingPorts: Sendable {
    private let ports: [UInt16]
    /// Whether such packets may come over ports of TCP, or of UDP, that no table names.
    let mayBeAnyOfTCP, mayBeAnyOfUDP: Bool

    /// - Parameter protocols: those carried, by their abbreviations.
    init(of protocols: Set<String>, _ registry: Registry) {
        ports = ["udp.port", "tcp.port"].flatMap { registry.numbers(in: $0, leadingTo: protocols).map(UInt16.init(truncatingIfNeeded:)) }
        let fields = Set(protocols.compactMap { registry.field(named: $0)?.id })
        mayBeAnyOfTCP = registry.canLead(from: "tcp", to: fields, besides: ["tcp.port"])
        mayBeAnyOfUDP = registry.canLead(from: "udp", to: fields, besides: ["udp.port"])
    }

    /// Whether one of the two ports of the header at `offset` is one of them.
    @inline(__always)
    func areThere(_ bytes: ByteView, at offset: Int) -> Bool {
        guard bytes.count >= offset + 4 else { return false }
        return ports.contains(bytes.uint16(offset)) || ports.contains(bytes.uint16(offset + 2))
    }
}
