import Dissection
import Wire

/// The ports of UDP and TCP over which the packets of some protocols are carried within others: tunnels.
struct CarryingPorts: Sendable {
    /// A bit for each port.
    private let ports: [UInt64]
    /// Whether such packets may come over ports of TCP, or of UDP, that no table names.
    let mayBeAnyOfTCP, mayBeAnyOfUDP: Bool

    /// - Parameter leading: those carried, and all that lead to them.
    init(of leading: Set<ProtocolID>, _ registry: Registry) {
        var ports = [UInt64](repeating: 0, count: 65536 / 64)
        for table in ["udp.port", "tcp.port"] {
            for port in registry.numbers(in: table, of: leading) where port < 65536 { ports[Int(port >> 6)] |= 1 << UInt64(port & 63) }
        }
        self.ports = ports
        mayBeAnyOfTCP = registry.handsOn(from: "tcp", to: leading, besides: "tcp.port")
        mayBeAnyOfUDP = registry.handsOn(from: "udp", to: leading, besides: "udp.port")
    }

    /// Whether one of the two ports of the header at `offset` is one of them.
    @inline(__always)
    func areThere(_ bytes: ByteView, at offset: Int) -> Bool {
        guard bytes.count >= offset + 4 else { return false }
        return isThere(bytes.uint16(offset)) || isThere(bytes.uint16(offset + 2))
    }

    /// Whether the packet of an ordinary frame may hold one.
    func mayBe(in headers: FrameHeaders) -> Bool {
        let isAnywhere = headers.transport == .tcp ? mayBeAnyOfTCP : mayBeAnyOfUDP
        return isAnywhere || isThere(headers.sourcePort) || isThere(headers.destinationPort)
    }

    @inline(__always)
    private func isThere(_ port: UInt16) -> Bool { ports[Int(port >> 6)] >> UInt64(port & 63) & 1 != 0 }
}
