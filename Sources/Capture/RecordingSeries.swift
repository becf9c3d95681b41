import CaptureFile
import Wire

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// The file that packets are recorded in, or the files one after the other.
public final class RecordingSeries {
    private let path: String
    private let type: CaptureFileType
    private let limits: RecordingLimits
    private let description: CaptureDescription
    private let interfaces: CaptureInterfaces
    private let isGroupReadable: Bool
    /// Told of each file that is begun.
    private let announce: (String) -> Void
    /// Told of each file that is finished.
    private let noteFinished: (String) -> Void
    /// What is known of the interfaces, asked for at the end of each file.
    public var statistics: () -> [InterfaceStatistics] = { [] }

    private var file: RecordingFile
    private var head: StreamHead
    private var number = 1
    private var kept: [String]
    private var filePacketCount = 0
    private var fileEnd = Double.infinity
    private var nextInterval = Int64.max
    /// Whether the number of files that there may be is used up.
    public private(set) var isComplete = false
    public private(set) var packetCount = 0

    public var byteCount: Int { file.byteCount }
    public var currentPath: String { file.path }

    /// Makes the first file.
    public init(
        _ path: String, _ type: CaptureFileType, _ limits: RecordingLimits, _ description: CaptureDescription, _ interfaces: CaptureInterfaces,
        isGroupReadable: Bool = false, announce: @escaping (String) -> Void, noteFinished: @escaping (String) -> Void = { _ in }
    ) throws(CaptureError) {
        self.path = path
        self.type = type
        self.limits = limits
        self.description = description
        self.interfaces = interfaces
        self.isGroupReadable = isGroupReadable
        self.announce = announce
        self.noteFinished = noteFinished
        file = try RecordingFile(limits.isSeries ? SeriesNames(path).name(1, CaptureClock.now) : path, isGroupReadable: isGroupReadable)
        head = StreamHead(type, description)
        kept = [file.path]
        try begin()
    }

    /// Leaves the first file to the user whom this process goes on as, who makes the others.
    public func handOver(user: UInt32, group: UInt32) { file.handOver(user: user, group: group) }

    /// A file is readable from its beginning on, without packets too.
    private func begin() throws(CaptureError) {
        filePacketCount = 0
        let now = CaptureClock.now.seconds
        if let seconds = limits.fileSeconds { fileEnd = CaptureClock.seconds + seconds }
        if let seconds = limits.intervalSeconds.map(Int64.init) { nextInterval = (now / seconds + 1) * seconds }
        try writeHead(interfaces.all.count)
        // Whoever is told of the file may read it at once.
        announce(file.path)
    }

    private func writeHead(_ interfaceCount: Int) throws(CaptureError) {
        let bytes = try head.missing(interfaces.all, upTo: interfaceCount)
        guard !bytes.isEmpty else { return }
        let failure = bytes.withUnsafeBytes { file.write(ByteView($0)) }
        if let failure { throw failure.error }
    }

    /// Writes the batch's packets, some into this file, some into the next; stops where the series is complete.
    public func write(_ batch: PacketBatch) throws(CaptureError) {
        var start = 0
        while start < batch.packetCount, !isComplete {
            try writeHead(batch.interfaceCount)
            let end = start + packetsThatFit(batch, from: start)
            try write(batch, start..<end)
            start = end
            if isFileFull { try next() }
        }
    }

    private func write(_ batch: PacketBatch, _ packets: Range<Int>) throws(CaptureError) {
        let origin = batch.offset(ofPacket: packets.lowerBound)
        let ends = batch.ends
        let failure = file.write(batch.bytes(packets)) { written in
            packets.last { ends[$0] - origin <= written }.map { ends[$0] - origin } ?? 0
        }
        let count = failure.map { failure in packets.count { ends[$0] - origin <= failure.byteCount } } ?? packets.count
        packetCount += count
        filePacketCount += count
        if let failure { throw failure.error }
    }

    /// How many packets belong into this file: at least one.
    private func packetsThatFit(_ batch: PacketBatch, from start: Int) -> Int {
        var count = batch.packetCount - start
        if let limit = limits.filePackets { count = min(count, limit - filePacketCount) }
        if let limit = limits.fileKilobytes {
            // The packet with which the file gets that long is the last.
            let origin = batch.offset(ofPacket: start) - file.byteCount
            let last = batch.ends[start..<start + max(count, 1)].firstIndex { ($0 - origin) / 1000 >= limit }
            if let last { count = min(count, last + 1 - start) }
        }
        return max(count, 1)
    }

    private var isFileFull: Bool {
        if let limit = limits.filePackets, filePacketCount >= limit { return true }
        if let limit = limits.fileKilobytes, file.byteCount / 1000 >= limit { return true }
        return false
    }

    /// Goes on in the next file if the time has come.
    public func checkTime() throws(CaptureError) {
        guard limits.isSeries, CaptureClock.seconds >= fileEnd || CaptureClock.now.seconds >= nextInterval else { return }
        try next()
    }

    private func next() throws(CaptureError) {
        if !limits.isSeries || limits.files.map({ number >= $0 }) ?? false {
            isComplete = true
            return
        }
        finishFile()
        number += 1
        file = try RecordingFile(SeriesNames(path).name(number, CaptureClock.now), isGroupReadable: isGroupReadable)
        head = StreamHead(type, description)
        if let limit = limits.keptFiles, limit > 0 {
            kept.append(file.path)
            if kept.count > limit { unlink(kept.removeFirst()) }
        }
        try begin()
    }

    /// Adds what is known of the interfaces, without which the file is whole too.
    public func finishFile() {
        if type == .pcapng { write(statistics()) }
        noteFinished(file.path)
    }

    private func write(_ statistics: [InterfaceStatistics]) {
        let known = interfaces.all
        var bytes: [UInt8] = []
        var writer = CaptureWriter(type, name: file.path) { bytes += $0.copy() }
        for statistics in statistics {
            if let index = statistics.interfaceIndex, index < known.count { writer.write(statistics, known[index]) }
        }
        try? writer.flush()
        _ = bytes.withUnsafeBytes { file.write(ByteView($0)) }
    }
}
