import Wire

/// Which numbers are shown as names: the letters of `-N`.
public struct NameResolution: Sendable {
    public var macAddresses = false
    public var networkAddresses = false
    public var ports = false
    /// Whether the system may be asked, and not only what is known here.
    public var asksSystem = false
    public init() {}
}

/// What the capture file says of a frame.
public struct FrameInfo: Sendable {
    public var number: UInt32 = 0
    public var timestamp = Timestamp.zero
    public var hasTimestamp = true
    public var capturedByteCount = 0
    public var originalByteCount = 0
    public var linkType = LinkType.ethernet
    /// From 1; nil for files without sections.
    public var sectionNumber: UInt32?
    public var interfaceID: UInt32?
    public var interfaceName: String?
    public var interfaceDescription: String?
    public var comments: [String] = []
    public var packetFlags: UInt32?
    public var dropCount: UInt64?
    public var packetID: UInt64?
    public var queue: UInt32?
    /// Each a type and its data.
    public var verdicts: [[UInt8]] = []
    /// Of a custom block, which is shown as a frame of its own.
    public var customEnterprise: UInt32?
    public var mayCopyCustom = false
    /// Since the frame before, since the frame displayed before, since the first.
    public var timeDelta: Timestamp?
    public var timeDeltaDisplayed: Timestamp?
    public var timeRelative: Timestamp?
    /// Digits behind the point in which the file keeps its times.
    public var timeDigits = 6
    /// Bytes of the frames displayed so far, and of this one.
    public var cumulativeByteCount: UInt64 = 0
    /// The colours that the frame is shown in, where it has any.
    public var colors: FrameColors?

    public init() {}
}

/// What lower layers tell upper ones of the packet at hand.
public struct PacketInfo: Sendable {
    /// The endpoints of the innermost network layer.
    public var source = Address.none
    public var destination = Address.none
    public var sourcePort: UInt32 = 0
    public var destinationPort: UInt32 = 0
    /// The network layer's protocol number, for pseudo-headers and IPv6's payload.
    public var ipProtocol: UInt8 = 0
    /// The innermost network layer's time to live, or hop limit.
    public var timeToLive: UInt8?
    /// Where the outermost network layer says that its packet ends, from the start of the frame.
    public var networkEnd: Int?
    /// VLAN tags read so far.
    public var tagCount: UInt8 = 0
    /// Whether the packet is quoted inside an error message.
    public var isInError = false
    /// Whether the packet is a fragment that stands alone.
    public var isFragment = false
    /// Which direction of which stream the layer stands in, for layers over a stream or datagram conversation.
    public var stream: StreamPosition?
    /// Whether the layer that a stream's bytes reached in the end shows how long each PDU is.
    public var isSizedPDU = false
    /// The media type of what the layer holds, where the layer below named one.
    public var mediaType: MediaType?

    public init() {}
}

/// The Internet media type of a layer (RFC 6838): both parts in the frame's text.
public struct MediaType: Sendable {
    /// `type/subtype`, in lower case.
    public var name: ArenaRange
    public var parameters: ArenaRange

    public init(name: ArenaRange, parameters: ArenaRange) {
        self.name = name
        self.parameters = parameters
    }
}
