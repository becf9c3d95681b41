import CaptureFile
import Wire

/// A packet as its source has it.
struct RawPacket {
    /// In the output.
    var interfaceNumber: UInt32
    var seconds: Int64
    var nanoseconds: UInt32
    /// Units of the interface's time stamps, a million or a thousand million.
    var ticksPerSecond: UInt64
    var originalByteCount: Int
    var bytes: ByteView
}

/// Packets as they stand in a file, on their way from a source to the file and to the printer.
///
/// ## Safety
/// The batch owns `base`. It has one holder at a time, a thread or a queue, and is handed on under the queue's lock; appending makes
/// room first, and `byteCount <= capacity` holds throughout.
public final class PacketBatch: @unchecked Sendable {
    static let usualCapacity = 1 << 20
    private static let blockOverhead = 32
    private static let recordOverhead = 16

    private let type: CaptureFileType
    private var base: UnsafeMutableRawPointer
    private var capacity = usualCapacity
    private(set) var byteCount = 0
    /// Where each packet ends.
    private(set) var ends: [Int] = []
    /// Interfaces that must stand in the file before these packets.
    var interfaceCount = 0

    init(_ type: CaptureFileType) {
        self.type = type
        base = .allocate(byteCount: capacity, alignment: 16)
        ends.reserveCapacity(4096)
    }

    deinit { base.deallocate() }

    var packetCount: Int { ends.count }
    var isEmpty: Bool { ends.isEmpty }

    func removeAll() {
        byteCount = 0
        ends.removeAll(keepingCapacity: true)
        interfaceCount = 0
    }

    /// Keeps the first `count` packets.
    func truncate(to count: Int) {
        guard count < ends.count else { return }
        ends.removeSubrange(count...)
        byteCount = ends.last ?? 0
    }

    /// The bytes of some packets; valid until the batch changes.
    func bytes(_ packets: Range<Int>) -> ByteView {
        let start = offset(ofPacket: packets.lowerBound)
        return ByteView(UnsafeRawBufferPointer(start: base + start, count: offset(ofPacket: packets.upperBound) - start))
    }

    func offset(ofPacket index: Int) -> Int { index == 0 ? 0 : ends[index - 1] }

    /// Takes a packet; false where it has no room. An empty batch has room for any.
    @inline(__always)
    func append(_ packet: RawPacket) -> Bool {
        let needed = packet.bytes.count + Self.blockOverhead + 4
        if capacity - byteCount < needed {
            guard isEmpty else { return false }
            grow(to: needed)
        }
        if type == .pcapng { appendBlock(packet) } else { appendRecord(packet) }
        ends.append(byteCount)
        return true
    }

    /// Takes all packets of `other`; false where they have no room.
    func append(contentsOf other: PacketBatch) -> Bool {
        guard capacity - byteCount >= other.byteCount else { return false }
        (base + byteCount).copyMemory(from: other.base, byteCount: other.byteCount)
        for end in other.ends { ends.append(byteCount + end) }
        byteCount += other.byteCount
        interfaceCount = max(interfaceCount, other.interfaceCount)
        return true
    }

    private func grow(to byteCount: Int) {
        base.deallocate()
        base = .allocate(byteCount: byteCount, alignment: 16)
        capacity = byteCount
    }

    /// An enhanced packet block (draft-ietf-opsawg-pcapng, section 4.3).
    @inline(__always)
    private func appendBlock(_ packet: RawPacket) {
        let captured = packet.bytes.count
        let padded = (captured + 3) & ~3
        let total = UInt32(Self.blockOverhead + padded)
        let ticks = UInt64(bitPattern: packet.seconds) &* packet.ticksPerSecond &+ UInt64(packet.nanoseconds) / (1_000_000_000 / packet.ticksPerSecond)
        store(6, 0)
        store(total, 4)
        store(packet.interfaceNumber, 8)
        store(UInt32(truncatingIfNeeded: ticks >> 32), 12)
        store(UInt32(truncatingIfNeeded: ticks), 16)
        store(UInt32(truncatingIfNeeded: captured), 20)
        store(UInt32(truncatingIfNeeded: packet.originalByteCount), 24)
        // The padding's bytes, before the packet's overwrite the others.
        if padded > 0 { store(0, 28 + padded - 4) }
        copy(packet.bytes, 28)
        store(total, 28 + padded)
        byteCount += Int(total)
    }

    /// A record of a pcap file (draft-ietf-opsawg-pcap, section 5).
    @inline(__always)
    private func appendRecord(_ packet: RawPacket) {
        store(UInt32(truncatingIfNeeded: packet.seconds), 0)
        store(type == .nsecpcap ? packet.nanoseconds : packet.nanoseconds / 1000, 4)
        store(UInt32(truncatingIfNeeded: packet.bytes.count), 8)
        store(UInt32(truncatingIfNeeded: packet.originalByteCount), 12)
        copy(packet.bytes, Self.recordOverhead)
        byteCount += Self.recordOverhead + packet.bytes.count
    }

    @inline(__always)
    private func store(_ value: UInt32, _ offset: Int) {
        base.storeBytes(of: value.littleEndian, toByteOffset: byteCount + offset, as: UInt32.self)
    }

    @inline(__always)
    private func copy(_ bytes: ByteView, _ offset: Int) {
        bytes.withUnsafeBytes { source in
            if let start = source.baseAddress { (base + byteCount + offset).copyMemory(from: start, byteCount: source.count) }
        }
    }
}
