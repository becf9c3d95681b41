import Dissection
import Wire

extension Fixture {
    /// The fixture as a capture file: pcap with nanoseconds, or pcapng where it has interfaces.
    public var captureBytes: [UInt8] { interfaces.isEmpty ? pcap : pcapng }

    private var pcap: [UInt8] {
        var bytes = littleEndian(0xa1b2_3c4d as UInt32) + littleEndian(2 as UInt16) + littleEndian(4 as UInt16)
        bytes += littleEndian(0 as UInt32) + littleEndian(0 as UInt32) + littleEndian(262_144 as UInt32) + littleEndian(linkType.rawValue)
        for frame in frames {
            bytes += littleEndian(UInt32(truncatingIfNeeded: frame.info.timestamp.seconds)) + littleEndian(UInt32(frame.info.timestamp.nanoseconds))
            bytes += littleEndian(UInt32(frame.bytes.count)) + littleEndian(UInt32(frame.info.originalByteCount)) + frame.bytes
        }
        return bytes
    }

    // MARK: pcapng (draft-ietf-opsawg-pcapng, section 4)

    private var pcapng: [UInt8] {
        var bytes = block(0x0a0d_0d0a, littleEndian(0x1a2b_3c4d as UInt32) + littleEndian(1 as UInt16) + littleEndian(0 as UInt16) + littleEndian(UInt64.max))
        for interface in interfaces {
            var body = littleEndian(UInt16(truncatingIfNeeded: linkType.rawValue)) + littleEndian(0 as UInt16) + littleEndian(262_144 as UInt32)
            body += option(2, Array(interface.name.utf8))
            if let description = interface.description { body += option(3, Array(description.utf8)) }
            body += option(9, [9])  // nanoseconds
            bytes += block(1, body + option(0, []))
        }
        for frame in frames {
            if let enterprise = frame.info.customEnterprise {
                bytes += block(frame.info.mayCopyCustom ? 0xbad : 0x4000_0bad, littleEndian(enterprise) + padded(frame.bytes))
            } else {
                bytes += enhancedPacket(frame)
            }
        }
        return bytes
    }

    private func enhancedPacket(_ frame: Frame) -> [UInt8] {
        let time = UInt64(bitPattern: frame.info.timestamp.totalNanoseconds)
        var body = littleEndian(frame.info.interfaceID ?? 0) + littleEndian(UInt32(truncatingIfNeeded: time >> 32)) + littleEndian(UInt32(truncatingIfNeeded: time))
        body += littleEndian(UInt32(frame.bytes.count)) + littleEndian(UInt32(frame.info.originalByteCount)) + padded(frame.bytes)
        for comment in frame.info.comments { body += option(1, Array(comment.utf8)) }
        if let flags = frame.info.packetFlags { body += option(2, littleEndian(flags)) }
        if let count = frame.info.dropCount { body += option(4, littleEndian(count)) }
        if let id = frame.info.packetID { body += option(5, littleEndian(id)) }
        if let queue = frame.info.queue { body += option(6, littleEndian(queue)) }
        return block(6, body + option(0, []))
    }

    private func block(_ type: UInt32, _ body: [UInt8]) -> [UInt8] {
        let byteCount = littleEndian(UInt32(body.count + 12))
        return littleEndian(type) + byteCount + body + byteCount
    }

    private func option(_ code: UInt16, _ value: [UInt8]) -> [UInt8] { littleEndian(code) + littleEndian(UInt16(value.count)) + padded(value) }

    /// To a multiple of four bytes.
    private func padded(_ bytes: [UInt8]) -> [UInt8] { bytes + [UInt8](repeating: 0, count: -bytes.count & 3) }

    private func littleEndian<T: FixedWidthInteger>(_ value: T) -> [UInt8] { Swift.withUnsafeBytes(of: value.littleEndian) { Array($0) } }
}
