import Wire

/// How what two sides said is written.
public enum FollowFormat: String, CaseIterable, Sendable {
    case ascii, utf8 = "utf-8", ebcdic, hex, raw, yaml
}

/// Bytes that one side said, as printers take them.
public struct FollowedBytes {
    /// 0 for the side that was seen first, 1 for the other.
    public var side: Int
    public var frame: UInt32
    public var time: Timestamp
    /// Whether the bytes are ours, and say that others are missing.
    public var isGap: Bool
    /// Bytes of the side before these: where the lines of a dump count from.
    public var offset: Int
    public var bytes: ByteView

    public init(side: Int, frame: UInt32, time: Timestamp, isGap: Bool, offset: Int, bytes: ByteView) {
        self.side = side
        self.frame = frame
        self.time = time
        self.isGap = isGap
        self.offset = offset
        self.bytes = bytes
    }
}

/// Writes a followed conversation as tshark's `-z follow` does: heads, then each chunk as it is known.
public struct FollowPrinter: Sendable {
    private static let rule: StaticString = "===================================================================\n"

    private let proto: String
    private let filter: String
    private let format: FollowFormat

    public init(_ format: FollowFormat, proto: String, filter: String) {
        self.format = format
        self.proto = proto
        self.filter = filter
    }

    /// What comes before the first chunk. Sides that nobody saw have no addresses.
    public func begin(_ first: (address: Address, port: UInt32), _ second: (address: Address, port: UInt32), _ out: inout TextBuffer) {
        guard format != .yaml else {
            out.append("peers:\n")
            appendPeer(0, first, &out)
            appendPeer(1, second, &out)
            out.append("packets:\n")
            return
        }
        out.append(10)
        out.append(Self.rule)
        out.append("Follow: \(proto),\(format.rawValue)\nFilter: \(filter)\n" as String)
        appendNode(0, first, &out)
        appendNode(1, second, &out)
    }

    public func end(_ out: inout TextBuffer) {
        if format != .yaml { out.append(Self.rule) }
    }

    public func print(_ chunk: FollowedBytes, _ out: inout TextBuffer) {
        switch format {
        case .ascii, .utf8, .ebcdic:
            if chunk.side == 1 { out.append(9) }
            out.append(decimal: chunk.bytes.count)
            out.append(10)
            appendText(chunk, &out)
            out.append(10)
        case .hex:
            out.append(followDumpOf: chunk.bytes, from: chunk.offset, isIndented: chunk.side == 1)
        case .raw:
            if chunk.side == 1 { out.append(9) }
            out.append(hexOf: chunk.bytes)
            out.append(10)
        case .yaml: appendPacket(chunk, &out)
        }
    }

    private func appendText(_ chunk: FollowedBytes, _ out: inout TextBuffer) {
        switch format {
        case .utf8: out.append(followUTF8: chunk.bytes)
        case .ebcdic where !chunk.isGap: out.append(followEBCDIC: chunk.bytes)
        default: out.append(followASCII: chunk.bytes)
        }
    }

    private func appendNode(_ side: Int, _ peer: (address: Address, port: UInt32), _ out: inout TextBuffer) {
        out.append("Node ")
        out.append(decimal: side)
        out.append(": ")
        if peer.address.kind == .ipv6 { out.append(UInt8(ascii: "[")) }
        out.append(peer.address)
        if peer.address.kind == .ipv6 { out.append(UInt8(ascii: "]")) }
        out.append(UInt8(ascii: ":"))
        out.append(decimal: peer.port)
        out.append(10)
    }

    private func appendPeer(_ side: Int, _ peer: (address: Address, port: UInt32), _ out: inout TextBuffer) {
        out.append("  - peer: ")
        out.append(decimal: side)
        out.append("\n    host: ")
        out.append(peer.address)
        out.append("\n    port: ")
        out.append(decimal: peer.port)
        out.append(10)
    }

    private func appendPacket(_ chunk: FollowedBytes, _ out: inout TextBuffer) {
        out.append("  - packet: ")
        out.append(decimal: chunk.frame)
        out.append("\n    peer: ")
        out.append(decimal: chunk.side)
        out.append("\n    timestamp: ")
        out.append(signed: chunk.time.seconds)
        out.append(UInt8(ascii: "."))
        out.append(decimal: UInt64(max(0, chunk.time.nanoseconds)), width: 9)
        out.append("\n    data: !!binary |\n")
        out.append(base64LinesOf: chunk.bytes, indentedBy: 6)
    }
}
