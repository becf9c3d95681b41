/// Small datagrams at a steady pace in both directions, with the header of RTP (RFC 3550 section 5.1), on ports that
/// say nothing about it.
struct MediaStream: Conversation {
    private static let batchPacketCount = 32

    private let ends: [Endpoint]
    private let sources: [UInt32]
    private let interval: Int
    private let payloadByteCount: ClosedRange<Int>
    private var random: SplitMix64
    private var time: Microseconds
    private var packetIndex = 0
    private let packetCount: Int

    init(between client: Endpoint, and server: Endpoint, at start: Microseconds, random source: SplitMix64) {
        random = source
        ends = [client, server]
        sources = [random.uint32(), random.uint32()]
        let isVoice = random.chance(perTenThousand: 5_000)
        interval = isVoice ? 10_000 : 15_000
        payloadByteCount = isVoice ? 160...160 : 20...700
        packetCount = random.logUniform(30...500)
        time = start
    }

    mutating func nextBatch() -> [TimedFrame] {
        let end = min(packetCount, packetIndex + Self.batchPacketCount)
        return (packetIndex..<max(packetIndex, end)).map { index in
            let direction = index & 1
            var payload: [UInt8] = [0x80, 96]
            payload.append(uint16: UInt16(truncatingIfNeeded: index / 2))
            payload.append(uint32: UInt32(truncatingIfNeeded: index / 2 * 160))
            payload.append(uint32: sources[direction])
            payload += random.bytes(random.uniform(payloadByteCount))
            packetIndex = index + 1
            time += Microseconds(interval + random.below(400) - 200)
            let bytes = udpFrame(
                from: ends[direction], to: ends[1 - direction], identification: UInt16(truncatingIfNeeded: index),
                payload: payload)
            return TimedFrame(time: time, bytes: bytes)
        }
    }
}

/// Datagrams of several kilobytes, each in fragments, answered by small ones; now and then fragments arrive in the
/// wrong order, or one not at all.
struct LargeDatagrams: Conversation {
    private let client: Endpoint
    private let server: Endpoint
    private var random: SplitMix64
    private var time: Microseconds
    private var remainingCount: Int
    private var identification: UInt32

    init(from client: Endpoint, to server: Endpoint, at start: Microseconds, random source: SplitMix64) {
        random = source
        self.client = client
        self.server = server
        time = start
        remainingCount = random.logUniform(1...16)
        identification = random.uint32()
    }

    mutating func nextBatch() -> [TimedFrame] {
        guard remainingCount > 0 else { return [] }
        remainingCount -= 1
        identification &+= 1
        // The zero in front keeps heuristics from taking random bytes for a protocol.
        let payload = [0] + random.bytes(random.uniform(1_600...8_400))
        var pieces = ipFragments(
            from: client, to: server, protocolNumber: IPProtocol.udp, identification: identification,
            payload: udpDatagram(from: client, to: server, payload: payload))
        if random.chance(perTenThousand: 300) { pieces.swapAt(0, pieces.count - 1) }
        let isLost = random.chance(perTenThousand: 200)
        if isLost { pieces.remove(at: random.below(pieces.count)) }
        var frames: [TimedFrame] = []
        for piece in pieces {
            frames.append(TimedFrame(time: time, bytes: piece))
            time += 14
        }
        time += Microseconds(random.logUniform(2_000...40_000))
        if !isLost {
            let answer = udpFrame(
                from: server, to: client, identification: random.uint16(), payload: [0] + random.bytes(23))
            frames.append(TimedFrame(time: time, bytes: answer))
        }
        time += Microseconds(random.logUniform(1_000...200_000))
        return frames
    }
}
