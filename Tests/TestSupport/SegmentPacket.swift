import Dissection
import Wire

/// A TCP segment (RFC 9293) in an IPv4 packet (RFC 791) without a link layer.
public struct SegmentPacket: Sendable {
    public struct Flags: OptionSet, Sendable {
        public let rawValue: UInt8
        public init(rawValue: UInt8) { self.rawValue = rawValue }
        public static let finish = Flags(rawValue: 1)
        public static let synchronize = Flags(rawValue: 2)
        public static let push = Flags(rawValue: 8)
        public static let acknowledge = Flags(rawValue: 16)
    }

    public var source: UInt32 = 0xc000_0201
    public var destination: UInt32 = 0xc633_6402
    public var sourcePort: UInt16 = 0
    public var destinationPort: UInt16 = 0
    public var sequence: UInt32 = 0
    public var acknowledgment: UInt32 = 0
    public var flags: Flags = [.push, .acknowledge]
    public var payload: [UInt8] = []

    public init() {}

    /// The sequence numbers that the segment takes.
    public var advance: UInt32 { UInt32(payload.count) + (flags.isDisjoint(with: [.synchronize, .finish]) ? 0 : 1) }

    /// The packet as a frame of a capture, which begins with frame 1.
    public func frame(number: Int) -> Fixture.Frame {
        let bytes = packet(identification: UInt16(truncatingIfNeeded: number - 1))
        var info = FrameInfo()
        info.number = UInt32(number)
        info.linkType = .ipv4
        info.timestamp = Timestamp(
            totalNanoseconds: FixtureParser.epochSeconds * 1_000_000_000 + Int64(number - 1) * FixtureParser.defaultGapNanoseconds)
        info.capturedByteCount = bytes.count
        info.originalByteCount = bytes.count
        return Fixture.Frame(bytes: bytes, info: info)
    }

    private func packet(identification: UInt16) -> [UInt8] {
        var tcp = bigEndian(sourcePort, destinationPort)
        tcp += bigEndian(sequence, acknowledgment)
        tcp += [0x50, flags.rawValue] + bigEndian(UInt16(65535), 0, 0) + payload
        var sum = InternetChecksum()
        for word in [source, destination, 6, UInt32(tcp.count)] { sum.add(word) }
        sum.add(tcp)
        tcp.replaceSubrange(16..<18, with: bigEndian(sum.value))

        var packet: [UInt8] = [0x45, 0] + bigEndian(UInt16(20 + tcp.count), identification, 0x4000)
        packet += [64, 6, 0, 0] + bigEndian(source, destination)
        var headerSum = InternetChecksum()
        headerSum.add(packet)
        packet.replaceSubrange(10..<12, with: bigEndian(headerSum.value))
        return packet + tcp
    }

    private func bigEndian<T: FixedWidthInteger>(_ values: T...) -> [UInt8] {
        values.flatMap { value in Swift.withUnsafeBytes(of: value.bigEndian) { Array($0) } }
    }
}

extension InternetChecksum {
    fileprivate mutating func add(_ bytes: [UInt8]) { bytes.withUnsafeBytes { add(ByteView($0)) } }
}
