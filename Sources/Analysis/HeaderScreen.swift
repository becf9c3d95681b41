import CaptureFile
import Dissection
import DisplayFilter
import Wire

/// Refuses frames by their headers, before they are dissected, where a display filter says that much. Frames that are anything out of
/// the ordinary are never refused.
///
/// A frame that cannot pass may still be needed: trackers remember it for others of its conversation. It is not where its whole
/// conversation is refused, by what is the same for all of its frames in both directions; and not where no later frame of the
/// conversation can pass, which only who has looked ahead knows.
public struct HeaderScreen: Sendable {
    /// What headers tell.
    private enum Slot: Int, CaseIterable {
        // The same for all frames of a conversation.
        case ethernet, ipv4, ipv6, tcp, udp
        case ipv4Address, ipv6Address, tcpPort, udpPort
        // Fields of a layer of which headers tell no more than whether the layer is there.
        case anyOfIPv4, anyOfIPv6, anyOfTCP, anyOfUDP
        // A frame's own.
        case frame, frameByteCount
        case ipv4Source, ipv4Destination, ipv6Source, ipv6Destination
        case tcpSourcePort, tcpDestinationPort, udpSourcePort, udpDestinationPort
        case tcpFlags, tcpFin, tcpSyn, tcpReset, tcpPush, tcpAck, tcpUrgent

        /// What all frames of a conversation tell of the same field.
        var ofConversation: Slot? {
            switch self {
            case .frame, .frameByteCount: nil
            case .ipv4Source, .ipv4Destination: .anyOfIPv4
            case .ipv6Source, .ipv6Destination: .anyOfIPv6
            case .udpSourcePort, .udpDestinationPort: .anyOfUDP
            case .tcpSourcePort, .tcpDestinationPort, .tcpFlags, .tcpFin, .tcpSyn, .tcpReset, .tcpPush, .tcpAck, .tcpUrgent: .anyOfTCP
            default: self
            }
        }

        /// Whether all frames with the layer tell the same.
        var isOfTransport: Bool { [.tcp, .udp, .anyOfTCP, .anyOfUDP].contains(self) }

        var name: String? {
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
            case .anyOfIPv4, .anyOfIPv6, .anyOfTCP, .anyOfUDP: nil
            case .frame: "frame"
            case .frameByteCount: "frame.len"
            case .ipv4Source: "ip.src"
            case .ipv4Destination: "ip.dst"
            case .ipv6Source: "ipv6.src"
            case .ipv6Destination: "ipv6.dst"
            case .tcpSourcePort: "tcp.srcport"
            case .tcpDestinationPort: "tcp.dstport"
            case .udpSourcePort: "udp.srcport"
            case .udpDestinationPort: "udp.dstport"
            case .tcpFlags: "tcp.flags"
            case .tcpFin: "tcp.flags.fin"
            case .tcpSyn: "tcp.flags.syn"
            case .tcpReset: "tcp.flags.reset"
            case .tcpPush: "tcp.flags.push"
            case .tcpAck: "tcp.flags.ack"
            case .tcpUrgent: "tcp.flags.urg"
            }
        }
    }

    /// Where the protocols of the other fields may be that the filter looks at, by what their slots exceed those of headers.
    private let upper: [CarryingPorts]
    /// What the filter says of whole conversations.
    private let ofConversation: HeaderFilter?
    /// What it says of single frames.
    private let ofFrame: HeaderFilter
    /// Whether headers tell more of single frames than of whole conversations.
    let looksAhead: Bool

    /// nil where the filter needs more than headers, or what is shown depends on conversations that would be left out. Where these are
    /// numbered, all frames of a transport protocol are left out, or none.
    /// - Parameter plan: what is wanted of the frames that pass.
    public init?(_ filter: DisplayFilter, plan: Plan, _ registry: Registry) {
        guard !filter.fields.isEmpty else { return nil }
        let needsAll = plan.needs.contains(.wholeCapture)
        var upper: [CarryingPorts] = []
        var slots: [FieldID: Int] = [:]
        for field in filter.fields {
            if let slot = Self.slot(of: field, registry) {
                if !needsAll || slot.ofConversation?.isOfTransport ?? false { slots[field] = slot.rawValue }
            } else if !needsAll, let ports = Self.ports(of: field, registry) {
                slots[field] = Slot.allCases.count + upper.count
                upper.append(ports)
            }
        }
        /// The slot that all frames of a conversation fill with the same; nil for none.
        func ofConversation(_ number: Int) -> Int? { Slot(rawValue: number).map { $0.ofConversation?.rawValue } ?? number }
        guard let ofFrame = HeaderFilter(filter, slot: { slots[$0.id] }) else { return nil }
        self.ofFrame = ofFrame
        self.ofConversation = HeaderFilter(filter, slot: { slots[$0.id].flatMap(ofConversation) })
        looksAhead = !needsAll && ofFrame.slots.contains { ofConversation($0) != $0 }
        self.upper = upper
    }

    private static let slots = Dictionary(uniqueKeysWithValues: Slot.allCases.compactMap { slot in slot.name.map { ($0, slot) } })
    private static let layers: [String: Slot?] = [
        "frame": nil, "eth": nil, "ip": .anyOfIPv4, "ipv6": .anyOfIPv6, "tcp": .anyOfTCP, "udp": .anyOfUDP,
    ]

    private static func slot(of field: FieldID, _ registry: Registry) -> Slot? {
        if let slot = slots[registry[field].abbreviation] { return slot }
        return registry.isAboutEveryLayer(field) ? nil : layers[registry[registry[field].proto].abbreviation] ?? nil
    }

    /// Where a field may be that stands in no header; nil for anywhere.
    private static func ports(of field: FieldID, _ registry: Registry) -> CarryingPorts? {
        let proto = registry[registry[field].proto].abbreviation
        guard layers[proto] == nil, !registry.isAboutEveryLayer(field) else { return nil }
        // No other packet is carried within an ordinary frame's.
        return CarryingPorts(of: registry.protocols(leadingTo: [proto], barriers: ["eth", "ip", "ipv6", "tcp", "udp"]), registry)
    }

    /// Whether the frame cannot pass, and is not needed for others.
    /// - Parameter headers: of an ordinary frame.
    func refuses(_ headers: FrameHeaders?, _ bytes: ByteView, _ record: borrowing FrameRecord) -> Bool {
        guard headers != nil, let ofConversation else { return false }
        return refuses(headers, bytes, record, ofConversation)
    }

    /// Whether the frame cannot pass.
    func cannotPass(_ headers: FrameHeaders?, _ bytes: ByteView, _ record: borrowing FrameRecord) -> Bool {
        refuses(headers, bytes, record, ofFrame)
    }

    private func refuses(_ headers: FrameHeaders?, _ bytes: ByteView, _ record: borrowing FrameRecord, _ filter: borrowing HeaderFilter) -> Bool {
        let frameByteCount = record.originalByteCount
        return filter.refuses(bytes) { number in
            switch Slot(rawValue: number) {
            case .frame: .one(.zero)
            case .frameByteCount: .one(Self.value(frameByteCount))
            case let slot?: headers.map { Self.known(slot, $0, bytes) } ?? .unknown
            case nil: headers.map { upper[number - Slot.allCases.count].mayBe(in: $0) ? .unknown : .none } ?? .unknown
            }
        }
    }

    // MARK: What headers tell

    private static func known(_ slot: Slot, _ headers: FrameHeaders, _ bytes: ByteView) -> HeaderFilter.Known {
        let (isIPv4, isTCP) = (headers.isIPv4, headers.transport == .tcp)
        let ends = headers.ends(in: bytes)
        let (source, destination) = (value(ends.source), value(ends.destination))
        let (sourcePort, destinationPort) = (value(headers.sourcePort), value(headers.destinationPort))
        return switch slot {
        case .ethernet: .one(.zero)
        case .ipv4: isIPv4 ? .one(.zero) : .none
        case .ipv6: isIPv4 ? .none : .one(.zero)
        case .tcp: isTCP ? .one(.zero) : .none
        case .udp: isTCP ? .none : .one(.zero)
        case .anyOfIPv4: isIPv4 ? .unknown : .none
        case .anyOfIPv6: isIPv4 ? .none : .unknown
        case .anyOfTCP: isTCP ? .unknown : .none
        case .anyOfUDP: isTCP ? .none : .unknown
        case .ipv4Address: isIPv4 ? .two(source, destination) : .none
        case .ipv6Address: isIPv4 ? .none : .two(source, destination)
        case .tcpPort: isTCP ? .two(sourcePort, destinationPort) : .none
        case .udpPort: isTCP ? .none : .two(sourcePort, destinationPort)
        case .frame, .frameByteCount: .unknown
        case .ipv4Source: isIPv4 ? .one(source) : .none
        case .ipv4Destination: isIPv4 ? .one(destination) : .none
        case .ipv6Source: isIPv4 ? .none : .one(source)
        case .ipv6Destination: isIPv4 ? .none : .one(destination)
        case .tcpSourcePort: isTCP ? .one(sourcePort) : .none
        case .tcpDestinationPort: isTCP ? .one(destinationPort) : .none
        case .udpSourcePort: isTCP ? .none : .one(sourcePort)
        case .udpDestinationPort: isTCP ? .none : .one(destinationPort)
        case .tcpFlags: isTCP ? flags(headers, bytes) : .none
        case .tcpFin: isTCP ? flag(0, headers, bytes) : .none
        case .tcpSyn: isTCP ? flag(1, headers, bytes) : .none
        case .tcpReset: isTCP ? flag(2, headers, bytes) : .none
        case .tcpPush: isTCP ? flag(3, headers, bytes) : .none
        case .tcpAck: isTCP ? flag(4, headers, bytes) : .none
        case .tcpUrgent: isTCP ? flag(5, headers, bytes) : .none
        }
    }

    private static func value(_ address: Address) -> HeaderFilter.Value { HeaderFilter.Value(high: address.high, low: address.low) }
    private static func value(_ number: some BinaryInteger) -> HeaderFilter.Value { HeaderFilter.Value(low: UInt64(truncatingIfNeeded: number)) }

    /// The flags of a segment, one bit of them or all; unknown where the header is no good.
    private static func flags(_ headers: FrameHeaders, _ bytes: ByteView, shift: UInt16 = 0, mask: UInt16 = 0xfff) -> HeaderFilter.Known {
        let word = bytes.uint16(headers.transportOffset + 12)
        guard word >> 12 >= 5 else { return .unknown }
        return .one(value(word >> shift & mask))
    }

    private static func flag(_ bit: UInt16, _ headers: FrameHeaders, _ bytes: ByteView) -> HeaderFilter.Known {
        flags(headers, bytes, shift: bit, mask: 1)
    }
}

extension HeaderFilter.Value {
    fileprivate static var zero: HeaderFilter.Value { HeaderFilter.Value(low: 0) }
}
