import Dissection
import Streams
import Wire

/// What is known of a connection before its next record: what a record is shown as depends on it.
struct TLSConversation: Remembered, Sendable {
    struct Flags: OptionSet, Sendable {
        let rawValue: UInt8
        /// The client, the server changed its cipher specification (RFC 5246, section 7.1).
        static let clientChanged = Flags(rawValue: 1)
        static let serverChanged = Flags(rawValue: 2)
        /// The server said hello and not yet that it is done: a handshake that ends so resumes a session.
        static let mayResume = Flags(rawValue: 4)
        /// The client named a session, or had a ticket.
        static let hasSession = Flags(rawValue: 8)
        static let isBound = Flags(rawValue: 16)
        /// The client sends data before the server answers (RFC 8446, section 2.3).
        static let sendsEarly = Flags(rawValue: 128)
        /// The certificates that the client, the server sends are of another kind than X.509 (RFC 7250).
        static let hasRawClientKeys = Flags(rawValue: 32)
        static let hasRawServerKeys = Flags(rawValue: 64)
    }

    /// The protocol's version as agreed on; 0 until it is known.
    var version: UInt16 = 0
    var cipherSuite: UInt16 = 0
    var flags: Flags = []
    /// What the connection carries, as the endpoints agreed on: an entry of `TLSApplications`, 0 for none.
    var application: UInt8 = 0
    /// Of the server; 0 where no hello was seen.
    private(set) var serverPort: UInt32 = 0
    /// Whether the server is the conversation's second endpoint: both may have the same port.
    private var isServerSecond = false
    /// Handshake messages of which only a part was seen, from client and server; empty in most conversations.
    private var messages: [TLSPartialMessage] = []

    var isVersion13: Bool { version == TLSVersion.tls13 }

    /// Takes who sends a packet, or who receives it, for the server.
    mutating func noteServer(isSender: Bool, _ packet: PacketInfo) {
        serverPort = isSender ? packet.sourcePort : packet.destinationPort
        isServerSecond = packet.stream?.isReverse == isSender
    }

    /// Whether the server sends a packet: by the hellos, where one was seen; by the port otherwise.
    func isFromServer(_ packet: PacketInfo) -> Bool {
        if serverPort == 0 { return TLSApplications.isServerPort(packet.sourcePort) }
        return packet.stream.map { $0.isReverse == isServerSecond } ?? (packet.sourcePort == serverPort)
    }

    func hasChanged(isFromServer: Bool) -> Bool { flags.contains(isFromServer ? .serverChanged : .clientChanged) }

    var byteCount: Int { messages.storageByteCount + messages.reduce(0) { $0 + $1.byteCount } }

    func message(isFromServer: Bool) -> TLSPartialMessage { messages.isEmpty ? TLSPartialMessage() : messages[isFromServer ? 1 : 0] }

    mutating func set(_ message: TLSPartialMessage, isFromServer: Bool) {
        if messages.isEmpty {
            guard message.isOpen else { return }
            messages = [TLSPartialMessage(), TLSPartialMessage()]
        }
        messages[isFromServer ? 1 : 0] = message
        if !messages.contains(where: \.isOpen) { messages = [] }
    }
}

enum TLSVersion {
    static let ssl2: UInt16 = 0x0002
    static let ssl3: UInt16 = 0x0300
    static let tls10: UInt16 = 0x0301
    static let tls12: UInt16 = 0x0303
    static let tls13: UInt16 = 0x0304
    static let national: UInt16 = 0x0101

    /// What a record layer says that it is (RFC 8446, appendix D).
    static func isRecordVersion(_ version: UInt16) -> Bool { (ssl3...tls12).contains(version) || version == national }

    /// What the Protocol column shows.
    static func name(_ version: UInt16) -> StaticString? {
        switch version {
        case ssl2: "SSLv2"
        case ssl3: "SSLv3"
        case tls10: "TLSv1"
        case 0x0302: "TLSv1.1"
        case tls12: "TLSv1.2"
        case tls13: "TLSv1.3"
        case national: "GMTLSv1"
        default: nil
        }
    }

    /// Drafts of version 1.3 count as that version.
    static func settled(_ version: UInt16) -> UInt16 {
        (0x7f00...0x7fff).contains(version) || version == 0xfb17 || version == 0xfb1a ? tls13 : version
    }
}

/// A handshake message that goes on in the next record (RFC 8446, section 5.1).
struct TLSPartialMessage: Sendable {
    var type: UInt8 = 0
    /// Bytes of the whole message, header and all; 0 where none is open.
    var wholeByteCount = 0
    var pieces: [Piece] = []
    var bytes: [UInt8] = []

    var isOpen: Bool { wholeByteCount > 0 }
    var missingByteCount: Int { wholeByteCount - bytes.count }
    var byteCount: Int { pieces.storageByteCount + bytes.storageByteCount }

    init() {}

    /// A message that begins with such a byte.
    init(type: UInt8) {
        self.type = type
        wholeByteCount = TLSHandshakes.headerByteCount
    }

    /// Takes what a record has of the message, as far as it belongs to it; returns how many bytes that is.
    mutating func take(_ part: ByteView, frame: UInt32) -> Int {
        var taken = 0
        // A header of which only a part was seen says nothing of the length.
        while taken < part.count, missingByteCount > 0 {
            let end = min(part.count, taken + missingByteCount)
            bytes.append(contentsOf: part[taken..<end].copy())
            taken = end
            if bytes.count == TLSHandshakes.headerByteCount {
                wholeByteCount = TLSHandshakes.headerByteCount + (Int(bytes[1]) << 16 | Int(bytes[2]) << 8 | Int(bytes[3]))
            }
        }
        pieces.append(Piece(
            frame: frame, frameOffset: 0, position: UInt32(truncatingIfNeeded: bytes.count - taken), byteCount: UInt32(truncatingIfNeeded: taken)))
        return taken
    }

    /// The bytes so far, as what is put together.
    var assembly: Assembly { Assembly(pieces: pieces, byteCount: bytes.count, bytes: bytes, isInFrames: false) }
}

/// The connections that carry TLS, by stream.
struct TLSConversations: ~Copyable {
    private var conversations: Generations<StreamKey, TLSConversation>

    init(byteLimit: Int) { conversations = Generations(byteLimit: byteLimit) }

    var count: Int { conversations.count }
    var byteCount: Int { conversations.byteCount }
    var evictedCount: Int { conversations.evictedCount }

    subscript(stream: StreamPosition) -> TLSConversation {
        get { conversations[stream.key] ?? TLSConversation() }
        set { conversations.remember(stream.key, newValue) }
    }

    func version(_ stream: StreamPosition) -> UInt16 { conversations[stream.key]?.version ?? 0 }
}
