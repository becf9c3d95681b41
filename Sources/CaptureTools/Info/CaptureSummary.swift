import CaptureFile
import Wire

/// What can be said of a capture file as a whole, once it was read to its end or to where it is damaged.
public struct CaptureSummary: Sendable {
    /// How the user named the file.
    public let name: String
    /// Nil for an empty file.
    public private(set) var format: CaptureFormat?
    public private(set) var metadata = CaptureMetadata()
    /// As stored; nil for what can be read only once.
    public private(set) var fileByteCount: Int64?
    public private(set) var hashes: FileHashes?
    public private(set) var packetCount: UInt64 = 0
    /// As long as the packets were on the wire.
    public private(set) var dataByteCount: UInt64 = 0
    /// How many packets each of `metadata.interfaces` has.
    public private(set) var interfacePacketCounts: [UInt64] = []
    /// The captured lengths of packets that were cut.
    public private(set) var cutByteCounts: ClosedRange<Int>?
    public private(set) var order = TimeOrder.increasing
    /// What ended the reading before the file's end.
    public private(set) var damage: CaptureFileError?

    /// The earliest and the latest packet.
    private var times: (first: PacketTime, last: PacketTime)?
    private var previousTime: Timestamp?
    private var allHaveTimes = true

    public enum TimeOrder: String, Sendable {
        case increasing = "True"
        case notIncreasing = "False"
        /// Some packets have no time.
        case unknown = "Unknown"
    }

    public struct PacketTime: Sendable {
        public var timestamp: Timestamp
        /// How many digits after the second its interface counts.
        public var fractionDigits: Int
    }

    /// Reads a whole capture.
    public init(path: String, hashing: Bool, isStopped: @escaping @Sendable () -> Bool = { false }) throws(CaptureFileError) {
        name = path
        do throws(CaptureFileError) {
            var reader = try CaptureReader(path: path, isStopped: isStopped)
            fileByteCount = reader.storedByteCount
            try readAll(&reader, isStopped)
        } catch {
            guard error.kind == .empty else { throw error }
            fileByteCount = path == "-" ? nil : 0
        }
        if hashing, fileByteCount != nil, path != "-" { hashes = try FileHashes(path: path) }
    }

    private mutating func readAll(_ reader: inout CaptureReader, _ isStopped: () -> Bool) throws(CaptureFileError) {
        var record = FrameRecord()
        do throws(CaptureFileError) {
            while !isStopped(), let bytes = try reader.next(&record) {
                // Custom blocks and journal entries are no packets, and have no order.
                note(record, bytes.count, reader.metadata)
            }
        } catch {
            damage = error
        }
        format = reader.format
        metadata = reader.metadata
        interfacePacketCounts += [UInt64](repeating: 0, count: metadata.interfaces.count - interfacePacketCounts.count)
    }

    private mutating func note(_ record: FrameRecord, _ byteCount: Int, _ metadata: borrowing CaptureMetadata) {
        noteTime(record, metadata)
        guard record.kind == .packet else { return }
        packetCount += 1
        dataByteCount += UInt64(record.originalByteCount)
        if byteCount < record.originalByteCount {
            let range = cutByteCounts ?? byteCount...byteCount
            cutByteCounts = min(range.lowerBound, byteCount)...max(range.upperBound, byteCount)
        }
        while interfacePacketCounts.count <= record.interfaceIndex { interfacePacketCounts.append(0) }
        interfacePacketCounts[record.interfaceIndex] += 1
    }

    private mutating func noteTime(_ record: FrameRecord, _ metadata: borrowing CaptureMetadata) {
        guard record.hasTimestamp else {
            allHaveTimes = false
            if order == .increasing { order = .unknown }
            return
        }
        let time = record.timestamp
        if let previousTime, time < previousTime { order = .notIncreasing }
        previousTime = time
        if let times, times.first.timestamp <= time, time <= times.last.timestamp { return }
        let digits = record.kind == .packet ? metadata.interfaces[record.interfaceIndex].fractionDigits : 6
        let moment = PacketTime(timestamp: time, fractionDigits: digits)
        guard let known = times else {
            times = (moment, moment)
            return
        }
        times = time < known.first.timestamp ? (moment, known.last) : (known.first, moment)
    }

    // MARK: What follows from it

    /// What the interfaces' frames are wrapped in.
    public var encapsulation: Encapsulation {
        let kinds = Set(metadata.interfaces.map { Encapsulation($0.linkType) })
        return kinds.count > 1 ? .perPacket : kinds.first ?? .unknown
    }

    /// How many packets each kind of wrapping has, by its number.
    public var encapsulationCounts: [(encapsulation: Encapsulation, packetCount: UInt64)] {
        var counts: [Encapsulation: UInt64] = [:]
        for (interface, count) in zip(metadata.interfaces, interfacePacketCounts) where count > 0 {
            counts[Encapsulation(interface.linkType), default: 0] += count
        }
        return counts.sorted { $0.key.number < $1.key.number }.map { ($0.key, $0.value) }
    }

    public var timePrecision: TimePrecision {
        let digits = Set(metadata.interfaces.map(\.fractionDigits))
        return digits.count > 1 ? .perPacket : digits.first.map { .digits($0) } ?? .unknown
    }

    /// The most bytes kept of a packet, as pcap's header says; nil where the file has no such limit.
    public var snapLength: UInt32? {
        guard case .pcap? = format?.container, let length = metadata.interfaces.first?.snapLength, length != 0 else { return nil }
        return length
    }

    /// Whether durations, rates and ends can be told.
    public var hasTimes: Bool { allHaveTimes }
    /// Nil without packets, or if any has no time.
    public var firstTime: PacketTime? { allHaveTimes ? times?.first : nil }
    public var lastTime: PacketTime? { allHaveTimes ? times?.last : nil }

    public var duration: PacketTime? {
        guard let firstTime, let lastTime else { return nil }
        return PacketTime(timestamp: lastTime.timestamp - firstTime.timestamp, fractionDigits: max(firstTime.fractionDigits, lastTime.fractionDigits))
    }

    /// Bytes and packets a second; 0 where no time passed.
    public var byteRate: Double { rate(dataByteCount) }
    public var bitRate: Double { byteRate * 8 }
    public var packetRate: Double { rate(packetCount) }

    /// capinfos' rounding: of the two moments, not of the span between them.
    private func rate(_ count: UInt64) -> Double {
        guard let firstTime, let lastTime, firstTime.timestamp < lastTime.timestamp else { return 0 }
        return Double(count) / (lastTime.timestamp.approximateSeconds - firstTime.timestamp.approximateSeconds)
    }

    public var averagePacketByteCount: Double { packetCount == 0 ? 0 : Double(dataByteCount) / Double(packetCount) }

    public func resolvedNameCount(addressByteCount: Int) -> Int {
        metadata.resolvedNames.count { $0.address.count == addressByteCount }
    }
}

/// How finely the times of a file are counted.
public enum TimePrecision: Hashable, Sendable {
    case digits(Int)
    case perPacket
    case unknown

    public var name: String {
        switch self {
        case .digits(0): "seconds"
        case .digits(1): "deciseconds"
        case .digits(2): "centiseconds"
        case .digits(3): "milliseconds"
        case .digits(6): "microseconds"
        case .digits: "nanoseconds"
        case .perPacket: "per-packet"
        case .unknown: "UNKNOWN"
        }
    }

    /// capinfos' number for it.
    public var number: Int {
        switch self {
        case .digits(let count): count
        case .perPacket: -1
        case .unknown: -2
        }
    }
}

extension CaptureInterface {
    /// Digits after the second that its units fill, of those that are told apart: 0 to 3, 6 and 9.
    var fractionDigits: Int {
        var (digits, units) = (0, ticksPerSecond)
        while units >= 10, digits < 9 {
            units /= 10
            digits += 1
        }
        return digits < 3 ? digits : digits / 3 * 3
    }
}

extension Timestamp {
    fileprivate var approximateSeconds: Double { Double(seconds) + Double(nanoseconds) / 1e9 }
}
