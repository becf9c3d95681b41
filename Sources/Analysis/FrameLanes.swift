import CaptureFile
import Dissection
import Wire

/// Deals the frames of a capture out to several sessions, each of which reads the whole file and dissects its own lane of it.
///
/// All packets between two addresses are in one lane, in both directions, and with them all that trackers know of their conversations:
/// what a session finds in its lane is what it would find if it dissected everything, but for what `FieldNeeds.wholeCapture` stands for.
/// Frames without addresses are in the first lane. Where a packet could stand within another one, the addresses outside say nothing of
/// the conversations inside: such a frame fits in no lane.
public struct FrameLanes: Sendable {
    public let count: Int
    /// Numbers by which a packet is announced within a frame or another packet.
    private let packetEtherTypes: Set<UInt32>
    private let packetProtocols: NumberSet
    private let carrying: CarryingPorts

    /// - Parameter count: of lanes.
    public init(count: Int, _ registry: Registry) {
        self.count = count
        let packets = registry.protocols(leadingTo: ["ip", "ipv6"])
        packetEtherTypes = registry.numbers(in: "ethertype", of: packets)
        // An ICMP error quotes a packet, which counts for no conversation.
        packetProtocols = NumberSet(registry.numbers(in: "ip.proto", of: packets).subtracting([1, 58]).union([43]))
        carrying = CarryingPorts(of: packets, registry)
    }

    /// A number for the two addresses of a frame, the same in both directions, and for few others; 0 for a frame without addresses, nil for
    /// one that fits in no lane.
    func pair(of bytes: ByteView, _ record: borrowing FrameRecord) -> UInt32? {
        guard record.linkType == .ethernet, !carrying.mayBeAnyOfTCP, !carrying.mayBeAnyOfUDP else { return nil }
        var position = 12
        while bytes.count >= position + 2 {
            let type = bytes.uint16(position)
            position += 2
            switch type {
            case 0x0800: return pairOfIPv4(bytes, position)
            case 0x86dd: return pairOfIPv6(bytes, position)
            // Tags of VLANs: another type follows.
            case 0x8100, 0x88a8: position += 2
            // A length, and IEEE 802.2: SNAP (0xaa) and IP (0x06) may announce packets.
            case 0..<0x0600: return bytes.count > position && (bytes[position] == 0xaa || bytes[position] == 0x06) ? nil : 0
            default: return packetEtherTypes.contains(UInt32(type)) ? nil : 0
            }
        }
        return 0
    }

    private func pairOfIPv4(_ bytes: ByteView, _ start: Int) -> UInt32? {
        guard bytes.count >= start + 20 else { return 0 }
        guard bytes[start] >> 4 == 4 else { return nil }
        let headerByteCount = 4 * Int(bytes[start] & 15)
        // With a source route (RFC 791, section 3.1), the destination is another one.
        for position in start + 20..<max(start + 20, min(start + headerByteCount, bytes.count)) where [131, 137].contains(bytes[position]) { return nil }
        guard canFollow(bytes[start + 9], bytes, start + headerByteCount) else { return nil }
        return Self.pair(ofPacketAt: start, isIPv4: true, bytes)
    }

    private func pairOfIPv6(_ bytes: ByteView, _ start: Int) -> UInt32? {
        guard bytes.count >= start + 40 else { return 0 }
        guard bytes[start] >> 4 == 6, canFollow(bytes[start + 6], bytes, start + 40) else { return nil }
        return Self.pair(ofPacketAt: start, isIPv4: false, bytes)
    }

    /// Of the addresses of a packet whose header is there: all their words, bit by bit.
    @inline(__always)
    static func pair(ofPacketAt start: Int, isIPv4: Bool, _ bytes: ByteView) -> UInt32 {
        if isIPv4 { return bytes.uint32(start + 12) ^ bytes.uint32(start + 16) }
        let sum = bytes.uint64(start + 8) ^ bytes.uint64(start + 16) ^ bytes.uint64(start + 24) ^ bytes.uint64(start + 32)
        return UInt32(truncatingIfNeeded: sum ^ sum >> 32)
    }

    /// Whether no packet comes after the header at `start`, which has the number given, nor after extension headers there.
    private func canFollow(_ number: UInt8, _ bytes: ByteView, _ start: Int) -> Bool {
        var (number, position) = (number, start)
        while true {
            switch number {
            case 6, 17: return !carrying.areThere(bytes, at: position)
            // Hop-by-hop and destination options, fragment, authentication: a header whose first byte says what comes next.
            case 0, 60, 44, 51:
                guard bytes.count >= position + 2 else { return true }
                let length = Int(bytes[position + 1])
                (number, position) = (bytes[position], position + (number == 44 ? 8 : number == 51 ? 4 * (length + 2) : 8 * (length + 1)))
            default: return !packetProtocols.contains(number)
            }
        }
    }

    /// The lane of all frames between two addresses.
    func lane(of pair: UInt32) -> Int {
        let mixed = UInt64(pair &* 0x9e37_79b9)
        return Int((mixed * UInt64(count)) >> 32)
    }
}

/// A set of numbers of one byte.
private struct NumberSet: Sendable {
    private var bits = SIMD4<UInt64>()

    init(_ numbers: Set<UInt32>) {
        for number in numbers where number < 256 { bits[Int(number >> 6)] |= 1 << UInt64(number & 63) }
    }

    func contains(_ number: UInt8) -> Bool { bits[Int(number >> 6)] >> UInt64(number & 63) & 1 != 0 }
}
