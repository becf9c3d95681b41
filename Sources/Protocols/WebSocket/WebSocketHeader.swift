import Dissection
import Wire

/// The header of a frame (RFC 6455, section 5.2).
public struct WebSocketHeader: Equatable, Sendable {
    /// FIN, three reserved bits, and the opcode.
    public var flagsAndOpcode: UInt8
    /// As it is written: 126 and 127 stand for a longer number behind it.
    public var shortLength: UInt8
    public var payloadByteCount: UInt64
    /// The four bytes that the payload is masked with (section 5.3).
    public var maskingKey: UInt32?

    public var isFinal: Bool { flagsAndOpcode & 0x80 != 0 }
    /// The first reserved bit: the message is compressed (RFC 7692, section 6).
    public var isReserved1: Bool { flagsAndOpcode & 0x40 != 0 }
    public var opcode: UInt8 { flagsAndOpcode & 0x0f }
    public var isContinuation: Bool { opcode == 0 }
    public var isText: Bool { opcode == 1 }
    /// Control frames stand between those of a message and are whole by themselves (section 5.5).
    public var isControl: Bool { opcode >= 8 }

    /// Bytes of the extended length.
    public var extendedByteCount: Int { shortLength == 126 ? 2 : shortLength == 127 ? 8 : 0 }
    public var byteCount: Int { 2 + extendedByteCount + (maskingKey == nil ? 0 : 4) }

    public init(parsing reader: inout Reader) throws(DissectionError) {
        flagsAndOpcode = try reader.uint8()
        let second = try reader.uint8()
        shortLength = second & 0x7f
        payloadByteCount = UInt64(shortLength)
        if shortLength == 126 { payloadByteCount = UInt64(try reader.uint16()) }
        if shortLength == 127 { payloadByteCount = try reader.uint64() }
        maskingKey = second & 0x80 != 0 ? try reader.uint32() : nil
    }

    public func write(to bytes: inout [UInt8]) {
        bytes.append(flagsAndOpcode)
        bytes.append(shortLength | (maskingKey == nil ? 0 : 0x80))
        if shortLength == 126 { bytes.append(bigEndian: UInt16(truncatingIfNeeded: payloadByteCount)) }
        if shortLength == 127 { bytes.append(bigEndian: payloadByteCount) }
        if let maskingKey { bytes.append(bigEndian: maskingKey) }
    }
}
