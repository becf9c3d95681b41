import Dissection
import Streams
import Wire

/// What the first pass leaves of a control packet.
struct OpenVPNFacts: Sendable {
    enum Part: Sendable {
        /// All of a message; part of one that goes on; the end of one in several packets; nothing that belongs to a message.
        case whole, waiting, message(Assembly), unknown

        var isWaiting: Bool { if case .waiting = self { true } else { false } }
    }

    /// The channel, in the direction of the packet, as a stream of its own.
    var channel: StreamPosition?
    var part = Part.unknown
    /// The frame in which the message ends that this packet is part of.
    var completedIn: UInt32?

    func asFact(mayLackFrames: Bool) -> OpenVPNFacts {
        guard case .message(let assembly) = part else { return self }
        return OpenVPNFacts(channel: channel, part: .message(assembly.asFact(mayLackFrames: mayLackFrames)))
    }
}

/// A packet's payload.
struct OpenVPNPart {
    let frame: UInt32
    /// Where it stands in the frame; nil where the frame alone does not give it.
    let frameOffset: Int?
    /// Nil where the capture cut it.
    let bytes: [UInt8]?
}

/// One direction of a channel: its packets in order, and those of them that end no message yet.
struct OpenVPNDirection {
    /// Packets that a sender may be ahead, at most: it waits for acknowledgments then.
    private static let window: UInt32 = 12
    /// Bytes that wait, at most: more than a few chains of certificates.
    private static let waitingByteLimit = 1 << 16

    /// The sender's; nil before its first packet.
    fileprivate(set) var session: UInt64?
    private var next: UInt32?
    private var early: [UInt32: OpenVPNPart] = [:]
    private var message = StreamAssembler.Run()

    private var earlyByteCount: Int { early.values.reduce(0) { $0 + ($1.bytes?.count ?? 0) } }

    fileprivate var byteCount: Int { early.storageByteCount + earlyByteCount + message.storageByteCount }

    /// Takes a packet; tells what it is part of.
    fileprivate mutating func add(_ part: OpenVPNPart, _ number: UInt32) -> OpenVPNFacts.Part {
        let ahead = number &- (next ?? number)
        if ahead > UInt32.max / 2 { return .unknown }
        if ahead > 0, ahead < Self.window {
            early[number] = part
            if message.count + earlyByteCount <= Self.waitingByteLimit { return .waiting }
            giveUp()
            return .unknown
        }
        // The packets between were lost on the way to the capture.
        if ahead > 0 { giveUp() }
        next = number &+ 1
        var isWhole = append(part)
        while let next, let part = early.removeValue(forKey: next) {
            self.next = next &+ 1
            if !append(part) { isWhole = false }
        }
        guard isWhole, message.count <= Self.waitingByteLimit, let isComplete = Self.endsRecord(message.bytes) else {
            message = StreamAssembler.Run()
            return .unknown
        }
        guard isComplete else { return .waiting }
        defer { message = StreamAssembler.Run() }
        return message.pieces.count == 1 ? .whole : .message(message.assembly(consumed: message.count))
    }

    private mutating func giveUp() {
        early = [:]
        message = StreamAssembler.Run()
    }

    /// Whether all of the part is there.
    private mutating func append(_ part: OpenVPNPart) -> Bool {
        guard let bytes = part.bytes else { return false }
        guard !bytes.isEmpty else { return true }
        bytes.withUnsafeBytes { message.append(ByteView($0), frame: part.frame, frameOffset: part.frameOffset) }
        return true
    }

    /// Whether the last of some TLS records is whole; nil where they are none.
    private static func endsRecord(_ bytes: [UInt8]) -> Bool? {
        bytes.withUnsafeBytes { buffer in
            let bytes = ByteView(buffer)
            var offset = 0
            while offset < bytes.count {
                guard TLSFraming.mayBeRecord(bytes[offset..<bytes.count]) else { return nil }
                guard bytes.count - offset >= TLSFraming.headerByteCount else { return false }
                offset += TLSFraming.headerByteCount + Int(bytes.uint16(offset + 3))
            }
            return offset == bytes.count
        }
    }
}

/// What two sides say under one key.
struct OpenVPNChannel {
    fileprivate let number: UInt32
    fileprivate let keyNumber: UInt8
    fileprivate var forward = OpenVPNDirection()
    fileprivate var reverse = OpenVPNDirection()

    fileprivate subscript(isReverse isReverse: Bool) -> OpenVPNDirection {
        _read { if isReverse { yield reverse } else { yield forward } }
        _modify { if isReverse { yield &reverse } else { yield &forward } }
    }
}

/// The channels of one conversation: each time keys are negotiated anew there is another.
struct OpenVPNConversation: Remembered {
    /// As many are in use at a time, and one more.
    private static let channelLimit = 3

    fileprivate var channels: [OpenVPNChannel] = []

    var byteCount: Int { channels.storageByteCount + channels.reduce(0) { $0 + $1.forward.byteCount + $1.reverse.byteCount } }

    /// The place of the channel that a packet belongs to; made if there is none.
    fileprivate mutating func channel(_ keyNumber: UInt8, _ session: UInt64, isReverse: Bool, nextNumber: inout UInt32) -> Int {
        func last(of sender: UInt64?) -> Int? { channels.lastIndex { $0.keyNumber == keyNumber && $0[isReverse: isReverse].session == sender } }
        if let known = last(of: session) { return known }
        let place = last(of: nil) ?? channels.endIndex
        if place == channels.endIndex {
            channels.append(OpenVPNChannel(number: nextNumber, keyNumber: keyNumber))
            nextNumber &+= 1
        }
        channels[place][isReverse: isReverse].session = session
        guard channels.count > Self.channelLimit else { return place }
        channels.removeFirst()
        return place - 1
    }
}

/// The conversations over which control channels run, by stream.
struct OpenVPNConversations: ~Copyable {
    private let transport: ProtocolID
    private var conversations: Generations<StreamKey, OpenVPNConversation>
    private var nextNumber: UInt32 = 0

    init(_ transport: ProtocolID, byteLimit: Int) {
        self.transport = transport
        conversations = Generations(byteLimit: byteLimit)
    }

    var count: Int { conversations.count }
    var byteCount: Int { conversations.byteCount }
    var evictedCount: Int { conversations.evictedCount }

    /// Takes a control packet's payload.
    /// - Parameters:
    ///   - session: the sender's.
    ///   - stream: what the packet came over.
    mutating func add(_ part: OpenVPNPart, _ number: UInt32, _ keyNumber: UInt8, _ session: UInt64, _ stream: StreamPosition) -> OpenVPNFacts {
        conversations.change(stream.key, default: OpenVPNConversation()) { conversation in
            let place = conversation.channel(keyNumber, session, isReverse: stream.isReverse, nextNumber: &nextNumber)
            let channel = StreamPosition(transport: transport, conversation: conversation.channels[place].number, isReverse: stream.isReverse)
            return OpenVPNFacts(channel: channel, part: conversation.channels[place][isReverse: stream.isReverse].add(part, number))
        }
    }
}
