import Codecs
import Dissection
import Wire

/// What a handshake agreed on (RFC 6455, section 4; RFC 7692, section 7).
struct WebSocketSettings: Sendable {
    /// Bytes of a subprotocol's name, at most; registered ones have a few dozen.
    private static let nameByteLimit = 256

    /// The extension permessage-deflate, or its forerunner.
    private(set) var isCompressed = false
    /// Whether each side's messages have the ones before them as their history.
    private(set) var clientKeepsHistory = true
    private(set) var serverKeepsHistory = true
    /// In lower case; empty for none.
    let subprotocol: String

    /// - Parameters:
    ///   - extensions: the values of the server's Sec-WebSocket-Extensions fields.
    ///   - subprotocol: the value of its Sec-WebSocket-Protocol field.
    init(extensions: [ByteView], subprotocol: ByteView) {
        self.subprotocol = subprotocol.trimmingBlanksAfter[0..<Self.nameByteLimit].string.lowercased()
        for value in extensions where value.contains("permessage-deflate") || value.contains("x-webkit-deflate-frame") {
            isCompressed = true
            if value.contains("client_no_context_takeover") { clientKeepsHistory = false }
            if value.contains("server_no_context_takeover") { serverKeepsHistory = false }
        }
    }
}

extension ByteView {
    fileprivate func contains(_ text: StaticString) -> Bool { firstRange(of: text) != nil }
}

/// A message in several frames, as far as they came.
struct WebSocketMessage: Sendable {
    let opcode: UInt8
    let isCompressed: Bool
    /// By frame of the capture, in order.
    fileprivate(set) var pieces: [(frame: UInt32, byteCount: Int)] = []
    /// The payloads, unmasked.
    fileprivate(set) var bytes: [UInt8] = []
    /// Whether they were too many to keep.
    fileprivate(set) var isLost = false

    init(opcode: UInt8, isCompressed: Bool) {
        self.opcode = opcode
        self.isCompressed = isCompressed
    }

    /// Leaves the bytes out.
    mutating func lose() {
        isLost = true
        bytes = []
    }
}

/// One direction: what its next frames depend on.
struct WebSocketDirection {
    /// Bytes of one message that are kept, at most.
    static let messageByteLimit = 16 << 20

    private var message: WebSocketMessage?
    private var inflater: MessageInflater?
    /// Whether a message could not be decompressed, so that none behind it can.
    private var isBroken = false

    /// Of what lies apart from the value; zlib needs the last for a window and its tables.
    fileprivate var byteCount: Int {
        (message?.bytes.storageByteCount ?? 0) + (message?.pieces.storageByteCount ?? 0) + (inflater == nil ? 0 : 48 << 10)
    }

    /// Takes a data frame of a message in several (RFC 6455, section 5.4). Returns the message that it ends, if it does.
    mutating func take(_ header: WebSocketHeader, _ payload: ByteView, frame: UInt32) -> WebSocketMessage? {
        if !header.isContinuation { message = WebSocketMessage(opcode: header.opcode, isCompressed: header.isReserved1) }
        guard var current = message else { return nil }
        message = nil
        current.pieces.append((frame, payload.count))
        if current.bytes.count + payload.count > Self.messageByteLimit { current.lose() }
        if !current.isLost { current.bytes += payload.copy() }
        if header.isFinal { return current }
        message = current
        return nil
    }

    /// Decompresses a message with those before it as its history; nil where it cannot be.
    mutating func inflate(_ message: ByteView) -> [UInt8]? {
        if inflater == nil { inflater = MessageInflater() }
        guard !isBroken, let result = inflater?.next(message, limit: Self.messageByteLimit), result.isComplete else {
            isBroken = true
            inflater = nil
            return nil
        }
        return result.bytes
    }
}

/// One conversation after its handshake.
struct WebSocketConversation: Remembered {
    let settings: WebSocketSettings
    /// Which direction is the server's.
    fileprivate let serverIsReverse: Bool
    fileprivate var forward = WebSocketDirection()
    fileprivate var reverse = WebSocketDirection()

    var byteCount: Int { forward.byteCount + reverse.byteCount }

    subscript(direction stream: StreamPosition) -> WebSocketDirection {
        _read { if stream.isReverse { yield reverse } else { yield forward } }
        _modify { if stream.isReverse { yield &reverse } else { yield &forward } }
    }

    func keepsHistory(_ stream: StreamPosition) -> Bool {
        stream.isReverse == serverIsReverse ? settings.serverKeepsHistory : settings.clientKeepsHistory
    }
}

/// The conversations that were upgraded, by stream; and how much of their messages is kept for the second pass.
struct WebSocketConversations: ~Copyable {
    private let keptByteLimit: Int
    private var conversations: Generations<StreamKey, WebSocketConversation>
    private var keptByteCount = 0

    /// - Parameters:
    ///   - byteLimit: bytes of what conversations need, at most: beyond it quiet ones are forgotten.
    ///   - keptByteLimit: bytes of messages that are kept for the second pass, at most: the frames alone do not give them again.
    init(byteLimit: Int, keptByteLimit: Int = 256 << 20) {
        conversations = Generations(byteLimit: byteLimit)
        self.keptByteLimit = keptByteLimit
    }

    var count: Int { conversations.count }
    var byteCount: Int { conversations.byteCount + keptByteCount }
    var evictedCount: Int { conversations.evictedCount }

    subscript(stream: StreamPosition) -> WebSocketConversation? { conversations[stream.key] }

    /// Changes the state of a direction; nil where the conversation is not known.
    mutating func change<Result>(_ stream: StreamPosition, _ body: (inout WebSocketDirection) -> Result?) -> Result? {
        conversations.changeKnown(stream.key) { body(&$0[direction: stream]) } ?? nil
    }

    /// - Parameter stream: the direction of the server's handshake.
    mutating func open(_ stream: StreamPosition, _ settings: WebSocketSettings) {
        conversations.remember(stream.key, WebSocketConversation(settings: settings, serverIsReverse: stream.isReverse))
    }

    /// Takes account of bytes that are to be kept. False where there is no more room for them.
    mutating func admit(_ byteCount: Int) -> Bool {
        guard byteCount <= keptByteLimit - keptByteCount else { return false }
        keptByteCount += byteCount
        return true
    }
}

extension Registrar {
    /// What HTTP notes of handshakes, and WebSocket of what follows them.
    mutating func webSocketConversations() -> StateKey<WebSocketConversations> {
        sharedState(
            "upgraded conversations", budget: 52, { WebSocketConversations(byteLimit: $0) }, measure: { ($0.count, $0.byteCount) },
            evicted: { $0.evictedCount })
    }
}
