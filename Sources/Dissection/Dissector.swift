import Wire

/// Decodes one layer: header to fields, then the payload to a table.
///
/// A dissector is a value whose stored properties are its field numbers and preferences; its `init(registering:)` is its
/// registration. `dissect` is a function of the bytes, the context's registry and (for stateful layers) the facts of the
/// frame: it keeps nothing itself.
public protocol Dissector: Sendable {
    /// Decodes the layer that `reader` stands at the start of. What was added before an error stays in the tree.
    func dissect(_ reader: inout Reader, _ context: inout Context) throws(DissectionError)

    /// Whether the bytes look like this protocol, for tables that try dissectors in turn. Adds nothing.
    func recognizes(_ reader: Reader, _ context: borrowing Context) -> Bool
}

extension Dissector {
    public func recognizes(_ reader: Reader, _ context: borrowing Context) -> Bool { false }
}

/// Where a stream protocol's PDU ends.
public enum PDUEnd: Equatable, Sendable {
    /// The PDU ends after this many bytes from its start.
    case at(Int)
    /// More bytes are needed to tell, or to complete it: at least this many more.
    case needsMore(Int)
    /// The PDU ends where the stream does.
    case atClose
    /// The bytes are not this protocol's.
    case notRecognized
}

/// A dissector of a protocol that runs over a byte stream.
public protocol StreamDissector: Dissector {
    /// Where the PDU at the start of `reader` ends. `stream` identifies the direction of the conversation.
    func pduEnd(_ reader: Reader, _ stream: StreamPosition, _ context: inout Context) -> PDUEnd

    /// Whether the transport shows how long each PDU is.
    var showsPDUByteCount: Bool { get }

    /// Whether the dissector takes all that a segment has, the beginning of a PDU that goes on in the next segment as well: the
    /// layer covers it, and what it holds is shown with its end.
    var takesIncomplete: Bool { get }

    /// Whether bytes that nothing takes may be recognized once more of a stream's beginning are there.
    func mayRecognize(_ reader: Reader) -> Bool

    /// Describes in the columns a PDU of which only the first bytes are there.
    func describeIncomplete(_ reader: Reader, _ context: inout Context)
}

extension StreamDissector {
    public var showsPDUByteCount: Bool { false }
    public var takesIncomplete: Bool { false }
    public func mayRecognize(_ reader: Reader) -> Bool { false }
    public func describeIncomplete(_ reader: Reader, _ context: inout Context) {}
}

/// Which direction of which conversation a PDU stands in.
public struct StreamPosition: Sendable {
    /// The transport protocol that numbers the conversation.
    public var transport: ProtocolID
    /// The conversation's number, from 0.
    public var conversation: UInt32
    /// Whether the bytes flow from the conversation's second endpoint to its first.
    public var isReverse: Bool
    /// Whether no more bytes will follow in this direction.
    public var isClosed: Bool

    public init(transport: ProtocolID, conversation: UInt32, isReverse: Bool, isClosed: Bool = false) {
        self.transport = transport
        self.conversation = conversation
        self.isReverse = isReverse
        self.isClosed = isClosed
    }

    /// The conversation, in both directions.
    public var key: StreamKey { StreamKey(transport: transport, conversation: conversation) }
}

/// A conversation, for what is remembered of it. Its number was given to it here: nobody can choose numbers that collide, and one
/// multiplication hashes them well enough.
public struct StreamKey: Hashable, Sendable {
    private let number: UInt64

    init(transport: ProtocolID, conversation: UInt32) { number = UInt64(transport.rawValue) << 32 | UInt64(conversation) }

    public func hash(into hasher: inout Hasher) { hasher.combine(number) }

    public func _rawHashValue(seed: Int) -> Int {
        let product = (number ^ UInt64(truncatingIfNeeded: seed)).multipliedFullWidth(by: 0x9e37_79b9_7f4a_7c15)
        return Int(truncatingIfNeeded: product.high ^ product.low)
    }
}

/// The number of a registered dissector within one registry.
@frozen
public struct DissectorID: RawRepresentable, Hashable, Sendable {
    public let rawValue: UInt16
    @inlinable public init(rawValue: UInt16) { self.rawValue = rawValue }
}

/// A dissector as it is registered.
public struct DissectorHandle: Sendable {
    let box: DissectorBox
    public let proto: ProtocolID
    /// The name in `frame.protocols` and in decode-as.
    public let name: String
    /// Whether the protocol cuts a byte stream into PDUs.
    public var runsOverStream: Bool { box.runsOverStream }
    /// Whether the protocol's layers cover what segments carry, whole PDUs or not.
    public var takesIncomplete: Bool { box.takesIncomplete }
}
