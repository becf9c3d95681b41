import Dissection
import Wire

/// One transport layer of a dissected frame, as following it needs it.
struct FollowedLayer {
    var stream: UInt32?
    var source = FollowEndpoint.none
    var destination = FollowEndpoint.none
    /// Of TCP.
    var sequence: UInt32 = 0
    var acknowledgment: UInt32 = 0
    var flags: UInt16 = 0
    /// Of UDP: bytes of header and payload, as the header has them.
    var statedByteCount = 0
    /// What of the payload was captured.
    var payload = ByteView.empty
    /// Nodes of HTTP messages above, by their indices in the frame's tree.
    var messages: [Int] = []

    private static let (fin, syn, rst, ack): (UInt16, UInt16, UInt16, UInt16) = (0x01, 0x02, 0x04, 0x10)
    var hasFinish: Bool { flags & Self.fin != 0 }
    var hasSynchronization: Bool { flags & Self.syn != 0 }
    var hasReset: Bool { flags & Self.rst != 0 }
    var hasAcknowledgment: Bool { flags & Self.ack != 0 }
}

/// Finds the transport layers of a frame among its items.
struct FollowFields: Sendable {
    private let sources, destinations: [FieldID]
    private let node, stream, sourcePort, destinationPort: FieldID
    private let sequence, rawSequence, acknowledgment, rawAcknowledgment, flags, byteCount: FieldID?
    private let payload: FieldID
    private let message: FieldID?

    /// What must be dissected for this.
    var all: Set<FieldID> {
        var fields = Set(sources + destinations + [node, stream, sourcePort, destinationPort, payload])
        fields.formUnion([sequence, rawSequence, acknowledgment, rawAcknowledgment, flags, byteCount, message].compactMap(\.self))
        return fields
    }

    init(_ proto: FollowProtocol, _ registry: Registry) {
        func field(_ name: String) -> FieldID? { registry.field(named: name)?.id }
        let transport = proto.transport
        sources = ["ip.src", "ipv6.src"].compactMap(field)
        destinations = ["ip.dst", "ipv6.dst"].compactMap(field)
        node = field(transport) ?? .text
        stream = field("\(transport).stream") ?? .text
        sourcePort = field("\(transport).srcport") ?? .text
        destinationPort = field("\(transport).dstport") ?? .text
        payload = field("\(transport).payload") ?? .text
        let isTCP = proto.transport == "tcp"
        sequence = isTCP ? field("tcp.seq") : nil
        rawSequence = isTCP ? field("tcp.seq_raw") : nil
        acknowledgment = isTCP ? field("tcp.ack") : nil
        rawAcknowledgment = isTCP ? field("tcp.ack_raw") : nil
        flags = isTCP ? field("tcp.flags") : nil
        byteCount = isTCP ? nil : field("udp.length")
        message = proto == .http ? field("http") : nil
    }

    /// Hands each transport layer of the frame to `body`, the outermost first.
    /// - Parameter packet: knows the ends of the innermost packet, whatever headers they stand in.
    func forEachLayer(of frame: borrowing DissectedFrame, _ packet: PacketInfo, _ body: (FollowedLayer) -> Void) {
        var (source, destination) = (Address.none, Address.none)
        var layer: FollowedLayer?
        for index in 0..<frame.itemCount {
            let item = frame.item(index)
            if item.field == node {
                if let layer { body(layer) }
                layer = FollowedLayer()
                layer?.source.address = source
                layer?.destination.address = destination
            } else if sources.contains(item.field) {
                source = Address(of: item, frame)
            } else if destinations.contains(item.field) {
                destination = Address(of: item, frame)
            } else {
                note(item, at: index, frame, &layer)
            }
        }
        guard var layer else { return }
        if packet.sourcePort == layer.source.port, packet.destinationPort == layer.destination.port {
            layer.source.address = packet.source
            layer.destination.address = packet.destination
        }
        body(layer)
    }

    private func note(_ item: Item, at index: Int, _ frame: borrowing DissectedFrame, _ layer: inout FollowedLayer?) {
        switch item.field {
        case stream: layer?.stream = UInt32(truncatingIfNeeded: item.value)
        case sourcePort: layer?.source.port = UInt32(truncatingIfNeeded: item.value)
        case destinationPort: layer?.destination.port = UInt32(truncatingIfNeeded: item.value)
        // The raw number stands behind the relative one, where there are two.
        case sequence, rawSequence: layer?.sequence = UInt32(truncatingIfNeeded: item.value)
        case acknowledgment, rawAcknowledgment: layer?.acknowledgment = UInt32(truncatingIfNeeded: item.value)
        case flags: layer?.flags = UInt16(truncatingIfNeeded: item.value)
        case byteCount: layer?.statedByteCount = Int(truncatingIfNeeded: item.value)
        case payload: layer?.payload = frame.bytes(of: item)
        case message: layer?.messages.append(index)
        default: break
        }
    }
}

extension Address {
    /// The address that an item shows.
    fileprivate init(of item: Item, _ frame: borrowing DissectedFrame) {
        let bytes = frame.bytes(of: item)
        switch bytes.count {
        case 4: self = .ipv4(bytes.uint32(0))
        case 16: self = .ipv6(high: bytes.uint64(0), low: bytes.uint64(8))
        default: self = .none
        }
    }
}
