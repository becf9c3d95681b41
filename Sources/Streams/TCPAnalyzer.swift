import Wire

/// Sequence numbers compare modulo 2³² (RFC 9293, section 3.4).
@inline(__always) func precedes(_ a: UInt32, _ b: UInt32) -> Bool { Int32(bitPattern: a &- b) < 0 }

/// What a TCP segment says of itself, as the analyzer needs it.
public struct TCPSegment: Sendable {
    public struct Flags: OptionSet, Sendable {
        public let rawValue: UInt16
        @inlinable public init(rawValue: UInt16) { self.rawValue = rawValue }
        @inlinable public static var fin: Flags { Flags(rawValue: 0x01) }
        @inlinable public static var syn: Flags { Flags(rawValue: 0x02) }
        @inlinable public static var rst: Flags { Flags(rawValue: 0x04) }
        @inlinable public static var psh: Flags { Flags(rawValue: 0x08) }
        @inlinable public static var ack: Flags { Flags(rawValue: 0x10) }
        @inlinable public static var urg: Flags { Flags(rawValue: 0x20) }
    }

    public var frame: UInt32
    public var time: Timestamp
    public var sequence: UInt32
    public var acknowledgment: UInt32
    public var flags: Flags
    public var window: UInt16
    /// Bytes of payload, as the packet reports them.
    public var byteCount: UInt32
    /// The shift of a window scale option, if there is one.
    public var windowScale: UInt8?

    public init(
        frame: UInt32, time: Timestamp, sequence: UInt32, acknowledgment: UInt32, flags: Flags, window: UInt16, byteCount: UInt32, windowScale: UInt8?
    ) {
        self.frame = frame
        self.time = time
        self.sequence = sequence
        self.acknowledgment = acknowledgment
        self.flags = flags
        self.window = window
        self.byteCount = byteCount
        self.windowScale = windowScale
    }
}

/// How complete a conversation was seen: the bits of `tcp.completeness`.
public struct TCPCompleteness: OptionSet, Sendable {
    public let rawValue: UInt8
    @inlinable public init(rawValue: UInt8) { self.rawValue = rawValue }
    @inlinable public static var syn: TCPCompleteness { TCPCompleteness(rawValue: 1) }
    @inlinable public static var synAck: TCPCompleteness { TCPCompleteness(rawValue: 2) }
    @inlinable public static var ack: TCPCompleteness { TCPCompleteness(rawValue: 4) }
    @inlinable public static var data: TCPCompleteness { TCPCompleteness(rawValue: 8) }
    @inlinable public static var fin: TCPCompleteness { TCPCompleteness(rawValue: 16) }
    @inlinable public static var rst: TCPCompleteness { TCPCompleteness(rawValue: 32) }
}

/// What the analyzer makes of one segment.
public struct TCPAnalysis: Sendable {
    public struct Flags: OptionSet, Sendable {
        public let rawValue: UInt32
        @inlinable public init(rawValue: UInt32) { self.rawValue = rawValue }
        @inlinable public static var retransmission: Flags { Flags(rawValue: 1) }
        @inlinable public static var lostSegment: Flags { Flags(rawValue: 2) }
        @inlinable public static var ackLostSegment: Flags { Flags(rawValue: 4) }
        @inlinable public static var keepAlive: Flags { Flags(rawValue: 8) }
        @inlinable public static var duplicateAck: Flags { Flags(rawValue: 16) }
        @inlinable public static var zeroWindow: Flags { Flags(rawValue: 32) }
        @inlinable public static var zeroWindowProbe: Flags { Flags(rawValue: 64) }
        @inlinable public static var zeroWindowProbeAck: Flags { Flags(rawValue: 128) }
        @inlinable public static var keepAliveAck: Flags { Flags(rawValue: 256) }
        @inlinable public static var outOfOrder: Flags { Flags(rawValue: 512) }
        @inlinable public static var fastRetransmission: Flags { Flags(rawValue: 1024) }
        @inlinable public static var windowUpdate: Flags { Flags(rawValue: 2048) }
        @inlinable public static var windowFull: Flags { Flags(rawValue: 4096) }
        @inlinable public static var reusedPorts: Flags { Flags(rawValue: 8192) }
        @inlinable public static var spuriousRetransmission: Flags { Flags(rawValue: 16384) }
    }

    public var flags: Flags = []
    /// The count of this duplicate, and the frame with the first such acknowledgment.
    public var duplicateAckNumber: UInt32 = 0
    public var duplicateAckFrame: UInt32 = 0
    /// The frame that this one acknowledges, and after how long; 0 for none.
    public var acknowledgedFrame: UInt32 = 0
    public var roundTrip: Int64 = 0
    /// The time that passed before a retransmission, and the frame that it counts from.
    public var retransmissionTimeout: Int64 = 0
    public var retransmissionFrame: UInt32 = 0
    public var bytesInFlight: UInt32 = 0
    public var bytesSincePush: UInt32 = 0

    /// Whether there is anything to show.
    public var isEmpty: Bool {
        flags.isEmpty && acknowledgedFrame == 0 && bytesInFlight == 0 && bytesSincePush == 0
    }
}

/// What pass 1 leaves for each segment.
public struct TCPSegmentFacts: Sendable {
    public var stream: UInt32 = 0
    /// Where the conversation is remembered, for what else is remembered of it: a place that others have after it.
    public var slot: UInt32 = 0
    public var isReverse = false
    /// Whether the conversation was known before, and forgotten to make room for others.
    public var wasForgotten = false
    /// Whether the segment is the first of its conversation.
    public var isFirst = false
    /// The completeness before this segment.
    public var completeness: TCPCompleteness = []
    /// What relative numbers count from in this direction and the other.
    public var sequenceBase: UInt32 = 0
    public var acknowledgmentBase: UInt32 = 0
    /// The shift of the window: -1 unknown, -2 not used.
    public var windowShift: Int8 = -1
    /// Nanoseconds since the stream's first frame, and since the one before.
    public var timeRelative: Int64 = 0
    public var timeDelta: Int64 = 0
    /// Nanoseconds from the SYN to the acknowledgment that ends the handshake; 0 while unknown.
    public var initialRoundTrip: Int64 = 0
    /// Whether the segment closes its direction, and whether that direction was the first to close.
    public var closing = Closing.none
    public var analysis = TCPAnalysis()

    public enum Closing: UInt8, Sendable { case none, initiates, undergoes }
}

/// What pass 1 leaves for each conversation: known in full only at its end.
public struct TCPConversationFacts: Sendable, Equatable {
    public var completeness: TCPCompleteness
    public var initialRoundTrip: Int64
}

/// Follows every TCP conversation: numbers it, keeps what relative numbers and windows need, and finds what went wrong on
/// the way, by the rules that Wireshark documents for its `tcp.analysis` fields ("TCP Analysis", User's Guide 7.5).
public struct TCPAnalyzer: ~Copyable {
    /// Segments of one direction that wait for an acknowledgment, at most: beyond it newer ones are not timed.
    private static let unacknowledgedLimit = 10_000

    fileprivate struct Unacknowledged {
        var frame: UInt32
        var sequence: UInt32
        var nextSequence: UInt32
        var time: Timestamp
    }

    /// One direction of a conversation. Zero stands for "not seen yet" in the numbers, as in the rules.
    fileprivate struct Direction {
        var base: UInt32 = 0
        var hasBase = false
        var windowShift: Int8 = -1
        var isBytesInFlightValid = true
        var endedWithPush = false
        var initiatesClosing = false
        var nextSequence: UInt32 = 0
        var nextSequenceFrame: UInt32 = 0
        var nextSequenceTime = Timestamp.zero
        var maxToBeAcknowledged: UInt32 = 0
        var lastAcknowledgment: UInt32 = 0
        var lastAcknowledgmentTime = Timestamp.zero
        /// As good as endless before the first segment.
        var window: UInt32 = .max
        var lastFlags: TCPAnalysis.Flags = []
        var duplicateAckCount: UInt32 = 0
        var lastNonDuplicateAck: UInt32 = 0
        var bytesSincePush: UInt32 = 0
        var isFirstAcknowledgment = true
        var unacknowledged: [Unacknowledged] = []
    }

    fileprivate struct Conversation {
        /// From 0, in the order of first appearance.
        let number: UInt32
        var forward = Direction()
        var backward = Direction()
        var first: Timestamp
        var last: Timestamp
        var lastSyn: Timestamp?
        var initialRoundTrip: Int64 = 0
        var completeness: TCPCompleteness = []

        /// Bytes of the lists of segments that wait for an acknowledgment.
        var listByteCount: Int { forward.unacknowledged.storageByteCount + backward.unacknowledged.storageByteCount }

        /// Segments that waited are not timed, and bytes in flight not counted until the next acknowledgment.
        mutating func giveUpLists() {
            (forward.unacknowledged, backward.unacknowledged) = ([], [])
            (forward.isBytesInFlightValid, backward.isBytesInFlightValid) = (false, false)
        }
    }

    /// What a conversation takes, with twice the room that it needs in lists, and with some segments that wait for an acknowledgment.
    private static let conversationByteCount = 1536
    private static let fixedByteCount = 2 * MemoryLayout<Conversation>.stride + FlowTable.byteCountOfFlow

    private var flows: FlowTable
    /// The conversation of each flow now: another one once its ports are used again.
    private var conversations: [Conversation] = []
    private var nextNumber: UInt32 = 0
    /// The conversation that was forgotten for the sake of the last segment's.
    public private(set) var lastEvicted: UInt32?
    /// Bytes of all lists of segments that wait for an acknowledgment, and what they may take.
    private var listByteCount = 0
    private let listByteLimit: Int
    /// Of the conversations that have lists.
    private var chances = SecondChances()
    private var listEvictedCount = 0

    /// - Parameter byteLimit: bytes for conversations and what is remembered of their segments.
    public init(byteLimit: Int) {
        let limit = byteLimit / Self.conversationByteCount
        flows = FlowTable(limit: limit)
        listByteLimit = byteLimit - limit * Self.fixedByteCount
    }

    /// How many conversations are remembered.
    public var conversationCount: Int { conversations.count }
    /// How many were forgotten to make room for others, or lost their segments that waited for an acknowledgment.
    public var evictedCount: Int { flows.evictedCount + listEvictedCount }
    /// Bytes of memory.
    public var byteCount: Int { flows.byteCount + chances.byteCount + conversations.storageByteCount + listByteCount }

    /// Takes the next segment in the order of the capture.
    /// - Parameter analyzes: whether to look for what went wrong, beyond numbers and windows.
    public mutating func track(
        _ segment: TCPSegment, source: Address, destination: Address, sourcePort: UInt32, destinationPort: UInt32, analyzes: Bool
    ) -> TCPSegmentFacts {
        let match = flows.find(source: source, destination: destination, sourcePort: sourcePort, destinationPort: destinationPort)
        var reused = false
        let slot = Int(match.flow)
        var isFirst = match.isNew
        lastEvicted = nil
        let byteCountBefore = slot < conversations.count ? conversations[slot].listByteCount : 0
        if match.isNew {
            if slot < conversations.count { lastEvicted = conversations[slot].number }
            begin(at: slot, segment.time)
        } else if startsAnew(segment, conversations[slot], match.isReverse) {
            begin(at: slot, segment.time)
            reused = true
            isFirst = true
        }
        var facts = TCPSegmentFacts()
        facts.stream = conversations[slot].number
        facts.slot = match.flow
        facts.isReverse = match.isReverse
        facts.isFirst = isFirst
        facts.wasForgotten = match.wasForgotten && !segment.flags.contains(.syn)
        if match.isReverse { conversations[slot].swapDirections() }
        Self.follow(segment, &conversations[slot], reused, analyzes, &facts)
        if match.isReverse { conversations[slot].swapDirections() }
        chances.note(slot)
        listByteCount += conversations[slot].listByteCount - byteCountBefore
        if listByteCount > listByteLimit { giveUpLists(but: slot) }
        return facts
    }

    /// Gives up the lists of conversations that were quiet, while all lists take too much.
    private mutating func giveUpLists(but slot: Int) {
        // So many tries meet each of them once at least.
        var tries = 2 * conversations.count
        while listByteCount > listByteLimit, tries > 0 {
            tries -= 1
            let quiet = chances.next()
            guard quiet != slot, conversations[quiet].listByteCount > 0 else { continue }
            listByteCount -= conversations[quiet].listByteCount
            listEvictedCount += 1
            conversations[quiet].giveUpLists()
        }
    }

    private mutating func begin(at slot: Int, _ time: Timestamp) {
        let conversation = Conversation(number: nextNumber, first: time, last: time)
        nextNumber &+= 1
        if slot < conversations.count { return conversations[slot] = conversation }
        conversations.append(conversation)
        chances.append()
    }

    /// What is known of the conversation in a place so far.
    public func facts(at slot: UInt32) -> TCPConversationFacts {
        let conversation = conversations[Int(slot)]
        return TCPConversationFacts(completeness: conversation.completeness, initialRoundTrip: conversation.initialRoundTrip)
    }

    /// A SYN with another initial sequence number opens a new conversation between the same ports.
    private func startsAnew(_ segment: TCPSegment, _ conversation: Conversation, _ isReverse: Bool) -> Bool {
        guard segment.flags.intersection([.syn, .ack]) == .syn else { return false }
        let own = isReverse ? conversation.backward : conversation.forward
        return own.hasBase && own.base != segment.sequence
    }

    /// `conversation.forward` is the direction of the segment.
    private static func follow(
        _ segment: TCPSegment, _ conversation: inout Conversation, _ reused: Bool, _ analyzes: Bool, _ facts: inout TCPSegmentFacts
    ) {
        facts.timeRelative = (segment.time - conversation.first).totalNanoseconds
        facts.timeDelta = (segment.time - conversation.last).totalNanoseconds
        conversation.last = segment.time
        facts.completeness = reused ? .syn : conversation.completeness
        let answersAnew = answersAnew(segment, conversation.forward)
        setBases(segment, answersAnew: answersAnew, &conversation)
        noteCompleteness(segment, facts.isFirst, &conversation)
        noteHandshake(segment, &conversation)
        noteWindowScale(segment, &conversation)
        facts.sequenceBase = conversation.forward.base
        facts.acknowledgmentBase = conversation.backward.base
        facts.windowShift = conversation.forward.windowShift
        facts.initialRoundTrip = conversation.initialRoundTrip
        if segment.flags.contains(.fin) {
            if !conversation.backward.initiatesClosing { conversation.forward.initiatesClosing = true }
            facts.closing = conversation.forward.initiatesClosing ? .initiates : .undergoes
        }
        if reused || answersAnew { facts.analysis.flags.insert(.reusedPorts) }
        if analyzes { analyze(segment, &conversation, &facts.analysis) }
    }

    /// A second answer to a SYN with another initial sequence number: the first one did not arrive, and counts no more.
    private static func answersAnew(_ segment: TCPSegment, _ forward: Direction) -> Bool {
        segment.flags.isSuperset(of: [.syn, .ack]) && forward.hasBase && forward.base != segment.sequence
    }

    /// Relative numbers start at 1 after a SYN, seen or not.
    private static func setBases(_ segment: TCPSegment, answersAnew: Bool, _ conversation: inout Conversation) {
        if !conversation.forward.hasBase || answersAnew {
            conversation.forward.base = segment.flags.contains(.syn) ? segment.sequence : segment.sequence &- 1
            conversation.forward.hasBase = true
        }
        if !conversation.backward.hasBase, segment.flags.contains(.ack) {
            conversation.backward.base = segment.acknowledgment &- 1
            conversation.backward.hasBase = true
        }
    }

    /// The first segment counts only if it is a SYN; an acknowledgment only without data.
    private static func noteCompleteness(_ segment: TCPSegment, _ isFirst: Bool, _ conversation: inout Conversation) {
        let flags = segment.flags
        if flags.contains(.syn) {
            if !flags.contains(.ack) {
                conversation.completeness.insert(.syn)
            } else if !isFirst {
                conversation.completeness.insert(.synAck)
            }
            return
        }
        if isFirst { return }
        if segment.byteCount > 0 { conversation.completeness.insert(.data) }
        if flags.contains(.ack), segment.byteCount == 0 { conversation.completeness.insert(.ack) }
        if flags.isSuperset(of: [.fin, .ack]) { conversation.completeness.insert(.fin) }
        if flags.contains(.rst) { conversation.completeness.insert(.rst) }
    }

    private static func noteHandshake(_ segment: TCPSegment, _ conversation: inout Conversation) {
        if segment.flags.intersection([.syn, .ack]) == .syn {
            conversation.lastSyn = segment.time
        } else if segment.flags.intersection([.syn, .ack]) == .ack, conversation.initialRoundTrip == 0, let syn = conversation.lastSyn {
            conversation.initialRoundTrip = (segment.time - syn).totalNanoseconds
        }
    }

    /// Windows are scaled only if both ends say so in their SYNs (RFC 7323, section 2.2).
    private static func noteWindowScale(_ segment: TCPSegment, _ conversation: inout Conversation) {
        guard segment.flags.contains(.syn) else { return }
        conversation.forward.windowShift = segment.windowScale.map { Int8(min($0, 14)) } ?? -2
        guard segment.flags.contains(.ack) else { return }
        if conversation.forward.windowShift < 0 || conversation.backward.windowShift == -2 {
            conversation.forward.windowShift = -2
            conversation.backward.windowShift = -2
        }
    }
}

// MARK: - The rules

extension TCPAnalyzer {
    private static let noPayloadChange: TCPSegment.Flags = [.syn, .fin, .rst]

    private static func analyze(_ segment: TCPSegment, _ conversation: inout Conversation, _ analysis: inout TCPAnalysis) {
        if segment.flags.contains(.ack) { conversation.backward.isBytesInFlightValid = true }
        classifyForward(segment, &conversation, &analysis)
        if segment.acknowledgment != conversation.forward.lastAcknowledgment {
            conversation.forward.lastNonDuplicateAck = segment.frame
            conversation.forward.duplicateAckCount = 0
        }
        checkAcknowledgment(segment, &conversation, &analysis)
        classifyRetransmission(segment, &conversation, &analysis)
        advance(segment, &conversation, analysis)
        acknowledge(segment, &conversation, &analysis)
        countBytesInFlight(segment, &conversation, &analysis)
    }

    /// Probes, windows, gaps, keep-alives and duplicate acknowledgments, in the order of their precedence.
    private static func classifyForward(_ segment: TCPSegment, _ conversation: inout Conversation, _ analysis: inout TCPAnalysis) {
        let forward = conversation.forward
        let backward = conversation.backward
        let changesNothing = segment.flags.isDisjoint(with: noPayloadChange)
        let window = UInt32(segment.window)
        if segment.byteCount == 1, segment.sequence == forward.nextSequence, backward.window == 0 {
            analysis.flags.insert(.zeroWindowProbe)
            return
        }
        if window == 0, changesNothing { analysis.flags.insert(.zeroWindow) }
        if forward.nextSequence != 0, precedes(forward.nextSequence, segment.sequence), !segment.flags.contains(.rst) {
            analysis.flags.insert(.lostSegment)
            conversation.forward.isBytesInFlightValid = false
        }
        if segment.byteCount <= 1, segment.sequence == forward.nextSequence &- 1, changesNothing { analysis.flags.insert(.keepAlive) }
        let repeatsPlace = segment.byteCount == 0 && segment.sequence == forward.nextSequence && changesNothing
        let repeatsAck = segment.acknowledgment == forward.lastAcknowledgment
        if repeatsPlace, repeatsAck, window != 0, window != forward.window { analysis.flags.insert(.windowUpdate) }
        if fillsWindow(segment, backward), changesNothing { analysis.flags.insert(.windowFull) }
        let repeatsAll = repeatsPlace && repeatsAck && window != 0 && window == forward.window
        if repeatsAll, backward.lastFlags.contains(.keepAlive) {
            analysis.flags.insert(.keepAliveAck)
            return
        }
        if repeatsPlace, window == 0, forward.window == 0, backward.lastFlags.contains(.zeroWindowProbe),
            repeatsAck || segment.acknowledgment == forward.lastAcknowledgment &+ 1 {
            analysis.flags.insert(.zeroWindowProbeAck)
            if !repeatsAck {
                // The receiver took the probe's byte after all.
                conversation.backward.nextSequence = segment.acknowledgment
                conversation.backward.maxToBeAcknowledged = segment.acknowledgment
            }
            return
        }
        if repeatsAll {
            conversation.forward.duplicateAckCount += 1
            analysis.flags.insert(.duplicateAck)
            analysis.duplicateAckNumber = conversation.forward.duplicateAckCount
            analysis.duplicateAckFrame = forward.lastNonDuplicateAck
        }
    }

    /// Whether the segment reaches to the very edge of the window that the other side offered.
    private static func fillsWindow(_ segment: TCPSegment, _ backward: Direction) -> Bool {
        guard segment.byteCount > 0, backward.windowShift != -1 else { return false }
        let shift = backward.isFirstAcknowledgment || backward.windowShift < 0 ? 0 : UInt32(backward.windowShift)
        return segment.sequence &+ segment.byteCount == backward.lastAcknowledgment &+ backward.window << shift
    }

    /// An acknowledgment of bytes that the capture does not have.
    private static func checkAcknowledgment(_ segment: TCPSegment, _ conversation: inout Conversation, _ analysis: inout TCPAnalysis) {
        let seen = conversation.backward.maxToBeAcknowledged
        guard segment.flags.contains(.ack), seen != 0, precedes(seen, segment.acknowledgment) else { return }
        analysis.flags.insert(.ackLostSegment)
        // Said once: what was seen behind the gap may be acknowledged from now on, and anything until the other side goes on.
        let next = conversation.backward.nextSequence
        conversation.backward.maxToBeAcknowledged = precedes(next, segment.acknowledgment) ? 0 : next
    }

    /// Data that does not advance the sequence number was sent again, or came late.
    private static func classifyRetransmission(_ segment: TCPSegment, _ conversation: inout Conversation, _ analysis: inout TCPAnalysis) {
        guard segment.byteCount > 0 || !segment.flags.isDisjoint(with: [.syn, .fin]) else { return }
        let forward = conversation.forward
        let backward = conversation.backward
        var notAdvanced = forward.nextSequence != 0 && precedes(segment.sequence, forward.nextSequence)
        if notAdvanced, analysis.flags.contains(.keepAlive) { return }
        // New data behind a probe of one byte.
        if segment.byteCount > 1, forward.nextSequence &- 1 == segment.sequence { notAdvanced = false }
        let takesNumber = !segment.flags.isDisjoint(with: [.syn, .fin])
        let end = segment.sequence &+ segment.byteCount
        if segment.byteCount > 0, backward.lastAcknowledgment != 0, !precedes(backward.lastAcknowledgment, end) {
            analysis.flags.insert(.spuriousRetransmission)
            return
        }
        guard notAdvanced else { return }
        let sinceAck = (segment.time - backward.lastAcknowledgmentTime).totalNanoseconds
        if backward.duplicateAckCount >= 2, backward.lastAcknowledgment == segment.sequence, UInt64(bitPattern: sinceAck) < 20_000_000 {
            analysis.flags.insert(.fastRetransmission)
            return
        }
        let threshold = conversation.initialRoundTrip == 0 ? 3_000_000 : UInt64(bitPattern: conversation.initialRoundTrip)
        let sinceHighest = (segment.time - forward.nextSequenceTime).totalNanoseconds
        if UInt64(bitPattern: sinceHighest) < threshold, forward.nextSequence != end &+ (takesNumber ? 1 : 0) {
            analysis.flags.insert(.outOfOrder)
            return
        }
        analysis.flags.insert(.retransmission)
        analysis.retransmissionTimeout = sinceHighest
        analysis.retransmissionFrame = forward.nextSequenceFrame
        // Counted from the oldest segment that waits, whichever is sent again.
        if let oldest = forward.unacknowledged.first {
            analysis.retransmissionTimeout = (segment.time - oldest.time).totalNanoseconds
            analysis.retransmissionFrame = oldest.frame
        }
    }

    /// Notes the segment's own bytes, window and acknowledgment.
    private static func advance(_ segment: TCPSegment, _ conversation: inout Conversation, _ analysis: TCPAnalysis) {
        let takesNumber = !segment.flags.isDisjoint(with: [.syn, .fin])
        let nextSequence = segment.sequence &+ segment.byteCount &+ (takesNumber ? 1 : 0)
        if segment.byteCount > 0 || takesNumber, conversation.forward.unacknowledged.count < unacknowledgedLimit {
            conversation.forward.unacknowledged.append(
                Unacknowledged(frame: segment.frame, sequence: segment.sequence, nextSequence: nextSequence, time: segment.time))
        }
        let isProbe = analysis.flags.contains(.zeroWindowProbe)
        let before = conversation.forward.nextSequence
        if !isProbe, conversation.forward.nextSequence == 0 || precedes(conversation.forward.nextSequence, nextSequence) {
            conversation.forward.nextSequence = nextSequence
            conversation.forward.nextSequenceFrame = segment.frame
            conversation.forward.nextSequenceTime = segment.time
        }
        if !isProbe, conversation.forward.maxToBeAcknowledged == 0 || segment.sequence == conversation.forward.maxToBeAcknowledged {
            conversation.forward.maxToBeAcknowledged = analysis.flags.contains(.lostSegment) ? before : conversation.forward.nextSequence
        }
        conversation.forward.window = UInt32(segment.window)
        conversation.forward.lastAcknowledgment = segment.acknowledgment
        conversation.forward.lastAcknowledgmentTime = segment.time
        conversation.forward.lastFlags = analysis.flags
        conversation.forward.isFirstAcknowledgment = segment.flags.contains(.syn)
    }

    /// Drops what the segment acknowledges, and times the one that it acknowledges to the byte.
    private static func acknowledge(_ segment: TCPSegment, _ conversation: inout Conversation, _ analysis: inout TCPAnalysis) {
        guard !conversation.backward.unacknowledged.isEmpty else { return }
        let ack = segment.acknowledgment
        var kept = 0
        let count = conversation.backward.unacknowledged.count
        for index in 0..<count {
            var waiting = conversation.backward.unacknowledged[index]
            if ack == waiting.nextSequence {
                // Of several with this end the one that came first counts.
                if analysis.acknowledgedFrame == 0 {
                    analysis.acknowledgedFrame = waiting.frame
                    analysis.roundTrip = (segment.time - waiting.time).totalNanoseconds
                }
                continue
            }
            guard precedes(ack, waiting.nextSequence) else { continue }
            if precedes(waiting.sequence, ack) { waiting.sequence = ack }
            conversation.backward.unacknowledged[kept] = waiting
            kept += 1
        }
        conversation.backward.unacknowledged.removeLast(count - kept)
        // A conversation that ends needs no room for more.
        if kept == 0, !conversation.completeness.isDisjoint(with: [.fin, .rst]) { conversation.backward.unacknowledged = [] }
    }

    private static func countBytesInFlight(_ segment: TCPSegment, _ conversation: inout Conversation, _ analysis: inout TCPAnalysis) {
        guard segment.byteCount > 0, conversation.forward.isBytesInFlightValid, let any = conversation.forward.unacknowledged.first else { return }
        let base = conversation.forward.base
        var first = any.sequence &- base
        var last = any.nextSequence &- base
        for waiting in conversation.forward.unacknowledged {
            first = min(first, waiting.sequence &- base)
            last = max(last, waiting.nextSequence &- base)
        }
        // The number that a SYN or a FIN takes is no byte.
        let inFlight = last &- first &- (segment.flags.isDisjoint(with: [.syn, .fin]) ? 0 : 1)
        if inFlight > 0, inFlight < 2_000_000_000 { analysis.bytesInFlight = inFlight }
        conversation.forward.bytesSincePush = (conversation.forward.endedWithPush ? 0 : conversation.forward.bytesSincePush) &+ segment.byteCount
        conversation.forward.endedWithPush = segment.flags.contains(.psh)
        analysis.bytesSincePush = conversation.forward.bytesSincePush
    }
}

extension TCPAnalyzer.Conversation {
    fileprivate mutating func swapDirections() { swap(&forward, &backward) }
}
