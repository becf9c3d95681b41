/// One congestion window's worth of segments and the receiver's answers, with at most one mishap.
struct Burst {
    private enum Mishap {
        /// Seen at the tap, lost behind it.
        case lostAfterTap
        /// Lost before the tap: a gap in the capture until it is sent again.
        case lostBeforeTap
        /// Overtaken by its successor.
        case reordered
        /// The acknowledgment was lost behind the tap, so that the last segment comes again.
        case acknowledgmentLost
    }

    /// One passage of a segment at the tap.
    private struct Passage {
        var time: Microseconds
        var index: Int
        var isSeen = true
        var arrives = true
    }

    /// In ten thousand segments.
    private static let mishapRate = 40
    /// RFC 6298 section 2.4 has a minimum of one second; implementations use 200 ms.
    private static let minimumRetransmissionTimeout: Microseconds = 200_000
    /// Acknowledgments of a single segment wait this long for company (RFC 9293 section 3.8.6.3 allows 500 ms).
    static let acknowledgmentDelay: Microseconds = 40_000
    /// Duplicate acknowledgments that make a sender repeat a segment at once (RFC 5681 section 3.2).
    private static let duplicateThreshold = 3

    private let payload: [UInt8]
    private let range: Range<Int>
    private let isAnsweredSoon: Bool
    private let sender: Side
    private let start: Microseconds
    private(set) var hadLoss = false
    /// When the receiver's next segment can follow.
    private(set) var end: Microseconds

    init(payload: [UInt8], range: Range<Int>, isAnsweredSoon: Bool, sender: Side, at start: Microseconds) {
        self.payload = payload
        self.range = range
        self.isAnsweredSoon = isAnsweredSoon
        self.sender = sender
        self.start = start
        end = start
    }

    /// Plans the segments and their acknowledgments, and moves the sender's sequence number past them.
    mutating func play(on connection: inout TCPConversation) {
        let size = connection.segmentByteCount
        let segmentCount = (range.count + size - 1) / size
        let passages = passages(segmentCount: segmentCount, on: &connection)
        let base = connection[sender].sequence
        let bounds = (0...segmentCount).map { base &+ UInt32(min($0 * size, range.count)) }
        for passage in passages where passage.isSeen {
            let lower = range.lowerBound + passage.index * size
            let upper = min(lower + size, range.upperBound)
            var segment = TimedSegment(time: passage.time, sender: sender, flags: .ack)
            segment.sequence = bounds[passage.index]
            segment.payload = Array(payload[lower..<upper])
            if upper == payload.count { segment.flags.insert(.push) }
            connection.plan(segment)
        }
        acknowledge(passages.filter(\.arrives), bounds: bounds, on: &connection)
        connection[sender].sequence = bounds[segmentCount]
        let lastArrival = passages.map(\.time).max() ?? start
        end = 1 + max(
            lastArrival + 2 * connection[sender.other].distance, connection.batch.map(\.time).max() ?? start)
    }

    private mutating func passages(segmentCount: Int, on connection: inout TCPConversation) -> [Passage] {
        var passages = (0..<segmentCount).map { index in
            Passage(time: start + Microseconds(index) * connection.segmentGap, index: index)
        }
        guard connection.random.chance(perTenThousand: Self.mishapRate * segmentCount) else { return passages }
        let index = connection.random.below(segmentCount)
        let roundTrip = 2 * (connection.client.distance + connection.server.distance)
        let timeout = max(Self.minimumRetransmissionTimeout, 2 * roundTrip)
        switch connection.random.element(of: [Mishap.lostAfterTap, .lostBeforeTap, .reordered, .acknowledgmentLost]) {
        case .reordered:
            guard index + 1 < segmentCount else { break }
            passages[index].index += 1
            passages[index + 1].index -= 1
        case .acknowledgmentLost:
            guard let last = passages.last else { break }
            passages.append(Passage(time: last.time + timeout, index: last.index))
            hadLoss = true
        case let loss:
            passages[index].arrives = false
            passages[index].isSeen = loss == .lostAfterTap
            let trigger = index + Self.duplicateThreshold
            let time = trigger < segmentCount
                ? passages[trigger].time + roundTrip + 20 : passages[index].time + timeout
            passages.append(Passage(time: time, index: index))
            passages.sort { $0.time < $1.time }
            hadLoss = true
        }
        return passages
    }

    /// The receiver: acknowledges every second segment in order, and at once what is out of order, fills a gap or came
    /// before (RFC 9293 section 3.8.6.3, RFC 5681 section 4.2).
    private func acknowledge(_ arrivals: [Passage], bounds: [UInt32], on connection: inout TCPConversation) {
        let receiver = sender.other
        let answerDelay = 2 * connection[receiver].distance + 15
        var expected = 0
        var held = Set<Int>()
        var waitingCount = 0
        for arrival in arrivals {
            var answer = TimedSegment(time: arrival.time + answerDelay, sender: receiver, flags: .ack)
            if arrival.index == expected {
                expected += 1
                waitingCount += 1
                if !held.isEmpty { waitingCount = 2 }
                while held.remove(expected) != nil { expected += 1 }
                guard waitingCount >= 2 else { continue }
            } else if arrival.index > expected {
                held.insert(arrival.index)
                answer.selective = Self.block(around: arrival.index, of: held, bounds: bounds)
            } else {
                // A duplicate, reported as such (RFC 2883).
                answer.selective = [(bounds[arrival.index], bounds[arrival.index + 1])]
            }
            waitingCount = 0
            answer.acknowledgment = bounds[expected]
            connection.plan(answer)
        }
        // An answer that follows soon carries the acknowledgment of the last segment.
        guard waitingCount > 0, let last = arrivals.last, !isAnsweredSoon else { return }
        var answer = TimedSegment(
            time: last.time + answerDelay + Self.acknowledgmentDelay, sender: receiver, flags: .ack)
        answer.acknowledgment = bounds[expected]
        connection.plan(answer)
    }

    /// The run of held segments that contains `index` (RFC 2018 section 4: the most recent block is reported first).
    private static func block(around index: Int, of held: Set<Int>, bounds: [UInt32]) -> [(UInt32, UInt32)] {
        var lower = index
        var upper = index + 1
        while held.contains(lower - 1) { lower -= 1 }
        while held.contains(upper) { upper += 1 }
        return [(bounds[lower], bounds[upper])]
    }
}
