/// Writes a classic pcap with microseconds and Ethernet frames (draft-ietf-opsawg-pcap), in pieces handed to `output`.
struct CaptureWriter {
    private static let pieceByteCount = 1 << 20
    private static let snapByteCount: UInt32 = 262_144

    private var buffer: [UInt8] = []
    private(set) var byteCount = 0
    private let output: ([UInt8]) throws -> Void

    init(output: @escaping ([UInt8]) throws -> Void) {
        self.output = output
        buffer.reserveCapacity(Self.pieceByteCount + mtuByteCount + 64)
        let header: [UInt32] = [0xA1B2_C3D4, 4 << 16 | 2, 0, 0, Self.snapByteCount, 1]
        for value in header { buffer.append(littleEndian: value) }
        byteCount = buffer.count
    }

    mutating func write(_ frame: TimedFrame) throws {
        buffer.append(littleEndian: UInt32(frame.time / 1_000_000))
        buffer.append(littleEndian: UInt32(frame.time % 1_000_000))
        buffer.append(littleEndian: UInt32(frame.bytes.count))
        buffer.append(littleEndian: UInt32(frame.bytes.count))
        buffer += frame.bytes
        byteCount += 16 + frame.bytes.count
        if buffer.count >= Self.pieceByteCount { try flush() }
    }

    mutating func flush() throws {
        try output(buffer)
        buffer.removeAll(keepingCapacity: true)
    }
}
