import CaptureFile
import Dissection
import Wire

/// The headers of a frame in which nothing is out of the ordinary: Ethernet II, one packet of IPv4 without options or of IPv6 without
/// extension headers, whole and no tunnel, TCP or UDP.
struct FrameHeaders {
    enum Transport { case tcp, udp }

    var source: Address
    var destination: Address
    /// Where the packet begins in the frame, and how long it is, as it says.
    var packetByteCount: Int
    static let packetOffset = 14
    var transport: Transport
    /// Where the segment or datagram begins in the frame.
    var transportOffset: Int
    var sourcePort: UInt16
    var destinationPort: UInt16

    /// The number of the transport protocol.
    var protocolNumber: UInt8 { transport == .tcp ? 6 : 17 }
    /// A number for the two addresses, as `FrameLanes` has it.
    var pair: UInt32 { FrameLanes.pair(source.high ^ source.low ^ destination.high ^ destination.low) }
    /// A number for the two ports, the same in both directions.
    var portPair: UInt32 { UInt32(sourcePort ^ destinationPort) << 16 | UInt32(sourcePort &+ destinationPort) }
}

/// Reads the headers of ordinary frames as the dissectors of a registry would.
struct FrameHeaderReader: Sendable {
    /// Whether the usual dissectors follow each other, and not what the user said.
    private let isUsual: Bool
    private let carrying: CarryingPorts

    init(_ registry: Registry) {
        // 1 stands for Ethernet among the link types.
        let steps = [("wtap_encap", 1, "eth"), ("ethertype", 0x0800, "ip"), ("ethertype", 0x86dd, "ipv6"), ("ip.proto", 6, "tcp"), ("ip.proto", 17, "udp")]
        isUsual = steps.allSatisfy { table, number, name in
            let dissector = registry.table(named: table)?.numbers[UInt32(number)]
            return dissector.map { registry[registry.dissectors[Int($0.rawValue)].proto].abbreviation } == name
        }
        carrying = CarryingPorts(of: registry.protocols(leadingTo: ["eth", "ip", "ipv6", "tcp", "udp"]), registry)
    }

    /// nil for a frame that may be anything out of the ordinary, and for one that was cut within its headers.
    func headers(of bytes: ByteView, _ record: borrowing FrameRecord) -> FrameHeaders? {
        let start = FrameHeaders.packetOffset
        guard isUsual, record.linkType == .ethernet, bytes.count >= start + 20 else { return nil }
        switch bytes.uint16(12) {
        case 0x0800:
            // Version 4 without options; no fragment.
            guard bytes[start] == 0x45, bytes.uint16(start + 6) & 0x3fff == 0 else { return nil }
            return headers(
                bytes[start + 9], .ipv4(bytes.uint32(start + 12)), .ipv4(bytes.uint32(start + 16)), headerByteCount: 20,
                packetByteCount: Int(bytes.uint16(start + 2)), bytes)
        case 0x86dd:
            guard bytes.count >= start + 40, bytes[start] >> 4 == 6 else { return nil }
            return headers(
                bytes[start + 6], .ipv6(high: bytes.uint64(start + 8), low: bytes.uint64(start + 16)),
                .ipv6(high: bytes.uint64(start + 24), low: bytes.uint64(start + 32)), headerByteCount: 40,
                packetByteCount: 40 + Int(bytes.uint16(start + 4)), bytes)
        default: return nil
        }
    }

    private func headers(
        _ protocolNumber: UInt8, _ source: Address, _ destination: Address, headerByteCount: Int, packetByteCount: Int, _ bytes: ByteView
    ) -> FrameHeaders? {
        let (transport, leastByteCount): (FrameHeaders.Transport, Int)
        switch protocolNumber {
        case 6 where !carrying.mayBeAnyOfTCP: (transport, leastByteCount) = (.tcp, 20)
        case 17 where !carrying.mayBeAnyOfUDP: (transport, leastByteCount) = (.udp, 8)
        default: return nil
        }
        let offset = FrameHeaders.packetOffset + headerByteCount
        guard packetByteCount >= headerByteCount + leastByteCount, bytes.count >= offset + leastByteCount, !carrying.areThere(bytes, at: offset)
        else { return nil }
        return FrameHeaders(
            source: source, destination: destination, packetByteCount: packetByteCount, transport: transport, transportOffset: offset,
            sourcePort: bytes.uint16(offset), destinationPort: bytes.uint16(offset + 2))
    }
}
