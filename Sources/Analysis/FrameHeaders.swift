import CaptureFile
import Dissection
import Wire

/// The headers of a frame in which nothing is out of the ordinary: Ethernet II, one packet of IPv4 without options or of IPv6 without
/// extension headers, whole and no tunnel, TCP or UDP.
struct FrameHeaders {
    enum Transport { case tcp, udp }

    /// A number for the two addresses, as `FrameLanes` has it.
    var pair: UInt32
    /// How long the packet is, as it says.
    var packetByteCount: UInt32
    var sourcePort: UInt16
    var destinationPort: UInt16
    var transport: Transport
    var isIPv4: Bool

    /// Where the packet begins in the frame.
    static let packetOffset = 14
    static func headerByteCount(isIPv4: Bool) -> Int { isIPv4 ? 20 : 40 }
    /// Where the segment or datagram begins in the frame.
    var transportOffset: Int { Self.packetOffset + Self.headerByteCount(isIPv4: isIPv4) }
    /// The number of the transport protocol.
    var protocolNumber: UInt8 { transport == .tcp ? 6 : 17 }
    /// A number for the two ports, the same in both directions.
    var portPair: UInt32 { UInt32(sourcePort ^ destinationPort) << 16 | UInt32(sourcePort &+ destinationPort) }

    /// The packet's two addresses.
    func ends(in frame: ByteView) -> (source: Address, destination: Address) {
        let start = Self.packetOffset
        if isIPv4 { return (.ipv4(frame.uint32(start + 12)), .ipv4(frame.uint32(start + 16))) }
        return (
            .ipv6(high: frame.uint64(start + 8), low: frame.uint64(start + 16)), .ipv6(high: frame.uint64(start + 24), low: frame.uint64(start + 32)))
    }
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
            return headers(bytes[start + 9], isIPv4: true, packetByteCount: UInt32(bytes.uint16(start + 2)), bytes)
        case 0x86dd:
            guard bytes.count >= start + 40, bytes[start] >> 4 == 6 else { return nil }
            return headers(bytes[start + 6], isIPv4: false, packetByteCount: 40 + UInt32(bytes.uint16(start + 4)), bytes)
        default: return nil
        }
    }

    @inline(__always)
    private func headers(_ protocolNumber: UInt8, isIPv4: Bool, packetByteCount: UInt32, _ bytes: ByteView) -> FrameHeaders? {
        let (transport, leastByteCount): (FrameHeaders.Transport, Int)
        switch protocolNumber {
        case 6 where !carrying.mayBeAnyOfTCP: (transport, leastByteCount) = (.tcp, 20)
        case 17 where !carrying.mayBeAnyOfUDP: (transport, leastByteCount) = (.udp, 8)
        default: return nil
        }
        let headerByteCount = FrameHeaders.headerByteCount(isIPv4: isIPv4)
        let offset = FrameHeaders.packetOffset + headerByteCount
        guard packetByteCount >= headerByteCount + leastByteCount, bytes.count >= offset + leastByteCount, !carrying.areThere(bytes, at: offset)
        else { return nil }
        return FrameHeaders(
            pair: FrameLanes.pair(ofPacketAt: FrameHeaders.packetOffset, isIPv4: isIPv4, bytes), packetByteCount: packetByteCount, sourcePort: bytes.uint16(offset),
            destinationPort: bytes.uint16(offset + 2), transport: transport, isIPv4: isIPv4)
    }
}
