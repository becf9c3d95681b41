/// What a program says over a TCP connection: turns, each of which one side sends whole before the next begins.
protocol TCPApplication {
    /// The next turn, or none when the program closes the connection.
    mutating func nextTurn(using random: inout SplitMix64) -> Turn?
}

enum Side {
    case client, server

    var other: Side { self == .client ? .server : .client }
}

struct Turn {
    var sender: Side
    var payload: [UInt8]
    /// How long the sender thinks before its first byte.
    var delay: Microseconds
}

/// A TCP connection (RFC 9293) as a tap between the two ends sees it: handshake, turns in bursts of a congestion
/// window, and a close, with the losses and stalls that networks have.
struct TCPConversation: Conversation {
    /// What one end knows, sends and how far away it is.
    struct Peer {
        let endpoint: Endpoint
        /// The next sequence number that it sends.
        var sequence: UInt32
        var identification: UInt16
        /// The window field of its segments, before scaling (RFC 7323 section 2.2).
        var window: UInt16
        let windowShift: UInt8
        let timestampBase: UInt32
        /// How long a segment takes from the tap to this end.
        let distance: Microseconds
        /// Segments in a burst.
        var congestionWindow = 10
    }

    private enum Phase { case opening, transferring, over }

    /// The largest burst stays below 64 KB, the smallest window that a peer advertises.
    private static let largestCongestionWindow = 40
    /// A silence after which keep-alives are sent.
    private static let keepAliveInterval: Microseconds = 5_000_000
    /// In ten thousand bursts that leave something to send.
    private static let stallRate = 300

    var client: Peer
    var server: Peer
    let options: TCPOptions
    /// Payload bytes in a full segment.
    let segmentByteCount: Int
    /// Between two segments of a burst.
    let segmentGap: Microseconds
    var random: SplitMix64
    /// No segment is sent before this; later than everything sent so far.
    var clock: Microseconds
    var batch: [TimedSegment] = []

    private var application: any TCPApplication
    private var phase = Phase.opening
    private var turn: Turn?
    private var upcoming: Turn?
    private var sentByteCount = 0

    init(
        between clientEnd: Endpoint, and serverEnd: Endpoint, at start: Microseconds, random source: SplitMix64,
        application: some TCPApplication
    ) {
        var random = source
        options = TCPOptions(random: &random)
        let isLocal = clientEnd.mac != routerMAC && serverEnd.mac != routerMAC
        client = Peer(
            endpoint: clientEnd, random: &random, distance: Microseconds(random.logUniform(40...1_200)),
            hasWindowScale: options.hasWindowScale)
        server = Peer(
            endpoint: serverEnd, random: &random,
            distance: Microseconds(random.logUniform(isLocal ? 40...400 : 1_500...40_000)),
            hasWindowScale: options.hasWindowScale)
        segmentByteCount = TCPOptions.maximumSegmentByteCount(isIPv6: clientEnd.isIPv6)
            - (options.hasTimestamps ? 12 : 0)
        segmentGap = Microseconds(random.logUniform(12...160))
        clock = start
        self.random = random
        self.application = application
    }

    subscript(side: Side) -> Peer {
        get { side == .client ? client : server }
        set { if side == .client { client = newValue } else { server = newValue } }
    }

    mutating func nextBatch() -> [TimedFrame] {
        batch.removeAll(keepingCapacity: true)
        while batch.isEmpty {
            switch phase {
            case .opening:
                open()
                phase = .transferring
            case .transferring:
                transfer()
            case .over:
                return []
            }
        }
        batch.sort { ($0.time, $0.order) < ($1.time, $1.order) }
        clock = max(clock, batch.last.map { $0.time + 1 } ?? clock)
        return batch.map { render($0) }
    }

    // MARK: Opening and closing

    private mutating func open() {
        let roundTrip = 2 * server.distance
        if random.chance(perTenThousand: 60) {
            // The first SYN is lost on its way and sent again after a second (RFC 6298 section 2.1).
            plan(.client, at: clock, flags: .syn)
            clock += 1_000_000
        }
        plan(.client, at: clock, flags: .syn)
        client.sequence &+= 1
        plan(.server, at: clock + roundTrip, flags: [.syn, .ack])
        server.sequence &+= 1
        plan(.client, at: clock + roundTrip + 2 * client.distance, flags: .ack)
    }

    private mutating func close() {
        let first: Side = random.chance(perTenThousand: 6_500) ? .client : .server
        let roundTrip = 2 * self[first.other].distance
        if random.chance(perTenThousand: 600) {
            plan(first, at: clock, flags: [.reset, .ack])
            return
        }
        plan(first, at: clock, flags: [.fin, .ack])
        self[first].sequence &+= 1
        if random.chance(perTenThousand: 4_000) {
            plan(first.other, at: clock + roundTrip, flags: .ack)
            clock += Microseconds(random.logUniform(100...20_000))
        }
        plan(first.other, at: clock + roundTrip, flags: [.fin, .ack])
        self[first.other].sequence &+= 1
        plan(first, at: clock + roundTrip + 2 * self[first].distance, flags: .ack)
    }

    // MARK: Turns

    private mutating func transfer() {
        if let turn, sentByteCount < turn.payload.count {
            sendBurst(of: turn)
        } else if turn == nil, let first = application.nextTurn(using: &random) {
            begin(first)
        } else if let upcoming {
            begin(upcoming)
        } else {
            close()
            phase = .over
        }
    }

    private mutating func begin(_ next: Turn) {
        if turn?.sender == next.sender { clock += 2 * self[next.sender].distance }
        var silence = next.delay
        while silence > Self.keepAliveInterval {
            silence -= Self.keepAliveInterval
            clock += Self.keepAliveInterval
            keepAlive(from: next.sender)
        }
        clock += silence
        turn = next
        sentByteCount = 0
        // A window moves as programs read; within a burst it stays, so that repeated acknowledgments are duplicates.
        let receiver = next.sender.other
        self[receiver].window = UInt16(
            clamping: max(60_000 >> Int(self[receiver].windowShift), Int(self[receiver].window) + random.below(8) - 3))
    }

    /// RFC 9293 section 3.8.4.
    private mutating func keepAlive(from side: Side) {
        var segment = TimedSegment(time: clock, sender: side, flags: .ack)
        segment.sequence = self[side].sequence &- 1
        plan(segment)
        clock += 2 * self[side.other].distance
        plan(side.other, at: clock, flags: .ack)
        clock += 1
    }

    private mutating func sendBurst(of turn: Turn) {
        let sender = turn.sender, receiver = turn.sender.other
        let end = min(turn.payload.count, sentByteCount + self[sender].congestionWindow * segmentByteCount)
        let isTurnOver = end == turn.payload.count
        if isTurnOver { upcoming = application.nextTurn(using: &random) }
        let isAnsweredSoon = isTurnOver && upcoming?.sender == receiver
            && upcoming?.delay ?? .max < Burst.acknowledgmentDelay
        var burst = Burst(
            payload: turn.payload, range: sentByteCount..<end, isAnsweredSoon: isAnsweredSoon, sender: sender,
            at: clock)
        burst.play(on: &self)
        sentByteCount = end
        self[sender].congestionWindow = burst.hadLoss
            ? max(4, self[sender].congestionWindow / 2)
            : min(Self.largestCongestionWindow, self[sender].congestionWindow * 2)
        clock = burst.end
        guard !isTurnOver else { return }
        clock += 2 * self[sender].distance
        if random.chance(perTenThousand: Self.stallRate) {
            stall(sender: sender, nextByte: turn.payload[sentByteCount])
        }
    }

    /// The receiving program stops reading: zero window, probe, update (RFC 9293 section 3.8.6.1).
    private mutating func stall(sender: Side, nextByte: UInt8) {
        let receiver = sender.other
        let window = self[receiver].window
        self[receiver].window = 0
        plan(receiver, at: clock, flags: .ack)
        clock += Microseconds(random.uniform(200_000...400_000))
        var probe = TimedSegment(time: clock, sender: sender, flags: .ack)
        probe.payload = [nextByte]
        plan(probe)
        plan(receiver, at: clock + 2 * self[receiver].distance, flags: .ack)
        clock += Microseconds(random.uniform(100_000...300_000))
        self[receiver].window = window
        plan(receiver, at: clock, flags: .ack)
        clock += 2 * self[sender].distance
    }

    // MARK: Segments

    /// Plans a segment without payload.
    mutating func plan(_ sender: Side, at time: Microseconds, flags: TCPFlags) {
        plan(TimedSegment(time: time, sender: sender, flags: flags))
    }

    /// Fills in what the sender knows at this moment, where the plan does not say otherwise.
    mutating func plan(_ template: TimedSegment) {
        var segment = template
        let peer = self[segment.sender]
        segment.order = batch.count
        segment.sequence = segment.sequence ?? peer.sequence
        segment.acknowledgment = segment.acknowledgment ?? self[segment.sender.other].sequence
        segment.window = peer.window
        batch.append(segment)
    }

    private mutating func render(_ segment: TimedSegment) -> TimedFrame {
        let sender = self[segment.sender], receiver = self[segment.sender.other]
        self[segment.sender].identification &+= 1
        let bytes = options.segmentBytes(segment, from: sender, to: receiver)
        return TimedFrame(
            time: segment.time,
            bytes: ipFrame(
                from: sender.endpoint, to: receiver.endpoint, protocolNumber: IPProtocol.tcp,
                identification: sender.identification, payload: bytes))
    }
}

extension TCPConversation.Peer {
    init(endpoint: Endpoint, random: inout SplitMix64, distance: Microseconds, hasWindowScale: Bool) {
        self.endpoint = endpoint
        self.distance = distance
        sequence = random.uint32()
        identification = random.uint16()
        windowShift = hasWindowScale ? UInt8(random.element(of: [7, 7, 7, 8, 9])) : 0
        window = hasWindowScale ? UInt16(random.uniform(502...2_048)) : 64_240
        timestampBase = random.uint32()
    }
}
