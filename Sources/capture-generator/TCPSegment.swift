import Wire

/// The flags of RFC 9293 section 3.1.
struct TCPFlags: OptionSet {
    let rawValue: UInt8

    static let fin = TCPFlags(rawValue: 0x01)
    static let syn = TCPFlags(rawValue: 0x02)
    static let reset = TCPFlags(rawValue: 0x04)
    static let push = TCPFlags(rawValue: 0x08)
    static let ack = TCPFlags(rawValue: 0x10)
}

/// A segment planned for a moment at the tap; what is nil is filled in from the sender's state.
struct TimedSegment {
    var time: Microseconds
    var sender: Side
    var flags: TCPFlags
    var sequence: UInt32?
    var acknowledgment: UInt32?
    var window: UInt16 = 0
    /// Selectively acknowledged sequence numbers (RFC 2018), the second one excluded.
    var selective: [(UInt32, UInt32)] = []
    var payload: [UInt8] = []
    /// Keeps segments of the same moment in the order in which they were planned.
    var order = 0
}

/// The options that a connection has agreed on.
struct TCPOptions {
    let hasTimestamps: Bool
    let hasWindowScale: Bool
    let hasSelectiveAcknowledgments: Bool

    init(random: inout SplitMix64) {
        hasWindowScale = !random.chance(perTenThousand: 300)
        hasSelectiveAcknowledgments = hasWindowScale
        hasTimestamps = hasWindowScale && !random.chance(perTenThousand: 2_000)
    }

    /// The MSS option (RFC 9293 section 3.7.1) for an Ethernet.
    static func maximumSegmentByteCount(isIPv6: Bool) -> Int { mtuByteCount - (isIPv6 ? 60 : 40) }

    /// A TCP header with its options and payload.
    func segmentBytes(
        _ segment: TimedSegment, from sender: TCPConversation.Peer, to receiver: TCPConversation.Peer
    ) -> [UInt8] {
        let isSyn = segment.flags.contains(.syn)
        let hasAck = segment.flags.contains(.ack)
        let options = isSyn
            ? synOptions(segment, sender: sender, receiver: receiver)
            : laterOptions(segment, sender: sender, receiver: receiver)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(20 + options.count + segment.payload.count)
        bytes.append(uint16: sender.endpoint.port)
        bytes.append(uint16: receiver.endpoint.port)
        bytes.append(uint32: segment.sequence ?? 0)
        bytes.append(uint32: hasAck ? segment.acknowledgment ?? 0 : 0)
        bytes += [UInt8((20 + options.count) / 4) << 4, segment.flags.rawValue]
        // The window of a SYN is never scaled (RFC 7323 section 2.2).
        bytes.append(uint16: isSyn ? 64_240 : segment.window)
        bytes += [0, 0, 0, 0]
        bytes += options
        bytes += segment.payload
        let pseudoHeader = pseudoHeaderChecksum(
            from: sender.endpoint, to: receiver.endpoint, protocolNumber: IPProtocol.tcp, byteCount: bytes.count)
        bytes.set(uint16: bytes.internetChecksum(startingWith: pseudoHeader), at: 16)
        return bytes
    }

    private func synOptions(
        _ segment: TimedSegment, sender: TCPConversation.Peer, receiver: TCPConversation.Peer
    ) -> [UInt8] {
        var bytes: [UInt8] = [2, 4]
        bytes.append(uint16: UInt16(Self.maximumSegmentByteCount(isIPv6: sender.endpoint.isIPv6)))
        if hasTimestamps {
            bytes += [4, 2]
            append(timestampsOf: segment, sender: sender, receiver: receiver, to: &bytes)
            bytes += [1, 3, 3, sender.windowShift]
        } else if hasWindowScale {
            bytes += [1, 3, 3, sender.windowShift, 1, 1, 4, 2]
        }
        return bytes
    }

    private func laterOptions(
        _ segment: TimedSegment, sender: TCPConversation.Peer, receiver: TCPConversation.Peer
    ) -> [UInt8] {
        var bytes: [UInt8] = []
        if hasTimestamps {
            bytes += [1, 1]
            append(timestampsOf: segment, sender: sender, receiver: receiver, to: &bytes)
        }
        if hasSelectiveAcknowledgments, !segment.selective.isEmpty {
            bytes += [1, 1, 5, UInt8(2 + 8 * segment.selective.count)]
            for (start, end) in segment.selective {
                bytes.append(uint32: start)
                bytes.append(uint32: end)
            }
        }
        return bytes
    }

    /// The timestamps option (RFC 7323 section 3.2), counted in milliseconds: the sender's clock when it sent, and the
    /// other end's as it was when the segment that is answered left it.
    private func append(
        timestampsOf segment: TimedSegment, sender: TCPConversation.Peer, receiver: TCPConversation.Peer,
        to bytes: inout [UInt8]
    ) {
        bytes += [8, 10]
        bytes.append(uint32: sender.timestamp(at: segment.time - sender.distance))
        let echoTime = segment.time - 2 * sender.distance - receiver.distance
        bytes.append(uint32: segment.flags.contains(.ack) ? receiver.timestamp(at: echoTime) : 0)
    }
}

extension TCPConversation.Peer {
    func timestamp(at time: Microseconds) -> UInt32 {
        timestampBase &+ UInt32(truncatingIfNeeded: time / 1_000)
    }
}
