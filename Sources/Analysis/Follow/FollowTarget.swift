import Wire

/// What of a conversation is followed.
public enum FollowProtocol: String, CaseIterable, Sendable {
    case tcp, udp
    /// Messages, with their bodies as a reader of them sees them: chunks joined, codings undone.
    case http
    /// What TLS protects. Without keys there is nothing to see of it.
    case tls

    /// The transport whose conversations are numbered.
    public var transport: String { self == .udp ? "udp" : "tcp" }
}

/// One end of a conversation.
public struct FollowEndpoint: Equatable, Sendable {
    public static let none = FollowEndpoint(address: .none, port: 0)

    public var address: Address
    public var port: UInt32

    public init(address: Address, port: UInt32) {
        self.address = address
        self.port = port
    }
}

/// Which conversation is followed.
public struct FollowTarget: Sendable {
    public enum Selector: Sendable {
        /// By its number, from 0.
        case stream(UInt32)
        /// All conversations between two ends, in either direction.
        case endpoints(FollowEndpoint, FollowEndpoint)
    }

    public var proto: FollowProtocol
    public var selector: Selector

    public init(_ proto: FollowProtocol, _ selector: Selector) {
        self.proto = proto
        self.selector = selector
    }

    func matches(_ layer: FollowedLayer) -> Bool {
        switch selector {
        case .stream(let number): layer.stream == number
        case .endpoints(let first, let second):
            layer.source == first && layer.destination == second || layer.source == second && layer.destination == first
        }
    }

    /// The display filter that finds the conversation's frames.
    public var filter: String {
        let transport = proto.transport
        guard case .endpoints(let first, let second) = selector else {
            if case .stream(let number) = selector { return "\(transport).stream eq \(number)" }
            return ""
        }
        func part(_ end: FollowEndpoint, _ way: String, _ portName: String) -> String {
            var address = TextBuffer()
            address.append(end.address)
            return "(\(end.address.kind == .ipv6 ? "ipv6" : "ip").\(way) eq \(address.string) and \(transport).\(portName) eq \(end.port))"
        }
        func direction(_ source: FollowEndpoint, _ destination: FollowEndpoint) -> String {
            "(\(part(source, "src", "srcport")) and \(part(destination, "dst", "dstport")))"
        }
        return "\(direction(first, second)) or \(direction(second, first))"
    }
}

/// Bytes that one side said, in the order in which they are to be read.
public struct FollowChunk {
    /// 0 for the side that was seen first, 1 for the other.
    public var side: Int
    /// The frame that brought the bytes, or showed that some are missing.
    public var frame: UInt32
    /// When the bytes were captured; zero for what was not.
    public var time: Timestamp
    /// Whether the bytes say that others are missing.
    public var isGap: Bool
    /// Bytes of the side that come before these, whether they were handed on or not.
    public var offset = 0
    /// Good until the call that hands the chunk on returns.
    public var bytes: ByteView
    /// Whether the frame is among those whose bytes are wanted.
    var isShown: Bool

    init(side: Int, frame: FollowedFrame, isGap: Bool = false, bytes: ByteView) {
        self.side = side
        self.frame = frame.number
        time = frame.time
        isShown = frame.isShown
        self.isGap = isGap
        self.bytes = bytes
    }
}

/// A frame that brings bytes.
struct FollowedFrame {
    let number: UInt32
    let time: Timestamp
    let isShown: Bool
}
