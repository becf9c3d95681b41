import CaptureFile
import Dissection
import DisplayFilter
import Protocols
import Wire

/// Refuses frames by the addresses and ports in their headers, before they are dissected, where a display filter says that much.
///
/// What is looked at is the same for all frames of a conversation, in both directions: a conversation is refused as a whole or not at
/// all, so that nothing is missing from what the trackers remember of the others. Frames that are anything out of the ordinary
/// (fragments, options, tunnels, cut headers, other link layers) are never refused.
public struct HeaderScreen {
    private enum Slot: Int, CaseIterable {
        case ethernet, ipv4, ipv6, tcp, udp, ipv4Address, ipv6Address, tcpPort, udpPort

        var name: String {
            switch self {
            case .ethernet: "eth"
            case .ipv4: "ip"
            case .ipv6: "ipv6"
            case .tcp: "tcp"
            case .udp: "udp"
            case .ipv4Address: "ip.addr"
            case .ipv6Address: "ipv6.addr"
            case .tcpPort: "tcp.port"
            case .udpPort: "udp.port"
            }
        }
    }

    private static let ethernetByteCount = 14
    private let filter: HeaderFilter
    /// Where what a segment or datagram carries may have some of the fields that the filter looks at.
    private let carrying: CarryingPorts
    private var values = HeaderFilter.Values(slotCount: Slot.allCases.count)

    /// nil where the filter needs more than headers, or what is shown depends on conversations that would be left out.
    /// - Parameter plan: what is wanted of the frames that pass.
    public init?(_ filter: DisplayFilter, plan: Plan, _ registry: Registry) {
        guard !filter.fields.isEmpty, !plan.needs.contains(.wholeCapture) else { return nil }
        var slots: [FieldID: Int] = [:]
        for slot in Slot.allCases {
            for field in registry.fields(named: slot.name) { slots[field.id] = slot.rawValue }
        }
        guard let headers = HeaderFilter(filter, slots: slots) else { return nil }
        self.filter = headers
        carrying = CarryingPorts(of: registry.protocols(leadingTo: ["eth", "ip", "ipv6", "tcp", "udp"]), registry)
    }

    /// Whether the frame cannot pass.
    mutating func refuses(_ bytes: ByteView, _ record: borrowing FrameRecord) -> Bool {
        guard record.linkType == .ethernet, bytes.count >= Self.ethernetByteCount + 20 else { return false }
        values.reset()
        values.notePresence(Slot.ethernet.rawValue)
        let isKnown = switch bytes.uint16(12) {
        case 0x0800: readIPv4(bytes)
        case 0x86dd: readIPv6(bytes)
        default: false
        }
        return isKnown && filter.refuses(values)
    }

    private mutating func readIPv4(_ bytes: ByteView) -> Bool {
        let start = Self.ethernetByteCount
        // Version 4 without options; no fragment.
        guard bytes[start] == 0x45, bytes.uint16(start + 6) & 0x3fff == 0 else { return false }
        values.notePresence(Slot.ipv4.rawValue)
        values.set(
            Slot.ipv4Address.rawValue, HeaderFilter.Value(low: UInt64(bytes.uint32(start + 12))), HeaderFilter.Value(low: UInt64(bytes.uint32(start + 16))))
        return readTransport(bytes[start + 9], bytes, start + 20, byteCount: Int(bytes.uint16(start + 2)) - 20)
    }

    private mutating func readIPv6(_ bytes: ByteView) -> Bool {
        let start = Self.ethernetByteCount
        guard bytes.count >= start + 40, bytes[start] >> 4 == 6 else { return false }
        values.notePresence(Slot.ipv6.rawValue)
        values.set(
            Slot.ipv6Address.rawValue, HeaderFilter.Value(high: bytes.uint64(start + 8), low: bytes.uint64(start + 16)),
            HeaderFilter.Value(high: bytes.uint64(start + 24), low: bytes.uint64(start + 32)))
        return readTransport(bytes[start + 6], bytes, start + 40, byteCount: Int(bytes.uint16(start + 4)))
    }

    /// - Parameter byteCount: how long the segment or datagram is, as the packet says.
    private mutating func readTransport(_ number: UInt8, _ bytes: ByteView, _ start: Int, byteCount: Int) -> Bool {
        let (node, port, headerByteCount, isKnown): (Slot, Slot, Int, Bool)
        switch number {
        case 6: (node, port, headerByteCount, isKnown) = (.tcp, .tcpPort, 20, !carrying.mayBeAnyOfTCP)
        case 17: (node, port, headerByteCount, isKnown) = (.udp, .udpPort, 8, !carrying.mayBeAnyOfUDP)
        default: return false
        }
        guard isKnown, byteCount >= headerByteCount, bytes.count >= start + headerByteCount, !carrying.areThere(bytes, at: start) else { return false }
        values.notePresence(node.rawValue)
        values.set(port.rawValue, HeaderFilter.Value(low: UInt64(bytes.uint16(start))), HeaderFilter.Value(low: UInt64(bytes.uint16(start + 2))))
        return true
    }
}
