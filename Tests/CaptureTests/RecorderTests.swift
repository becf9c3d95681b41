@testable import Capture
import CaptureFile
import Foundation
import Testing
import Wire

/// A source that gives numbered packets as fast as they are taken.
private final class CountingSource: PacketSource, @unchecked Sendable {
    let title = "counting"
    let interfaceIndex: Int? = 0
    let endsWhenStopped = true
    let packetsWait = true
    let total: Int
    private(set) var counts = SourceCounts()

    init(_ total: Int, _ interfaces: CaptureInterfaces) {
        self.total = total
        var interface = CaptureInterface(linkType: .ethernet, snapLength: 0)
        interface.ticksPerSecond = 1_000_000_000
        _ = interfaces.add(interface)
    }

    func stop() {}

    func run(into queue: PacketQueue) throws(CaptureError) {
        var batch = queue.blank()
        for number in 0..<total {
            let bytes = Packets.bytes(number)
            let isTaken = bytes.withUnsafeBytes { batch.append(Packets.packet(number, ByteView($0))) }
            if !isTaken || batch.packetCount == 100 {
                push(batch, queue)
                batch = queue.blank()
                if !isTaken { _ = bytes.withUnsafeBytes { batch.append(Packets.packet(number, ByteView($0))) } }
            }
        }
        push(batch, queue)
    }

    private func push(_ batch: PacketBatch, _ queue: PacketQueue) {
        batch.interfaceCount = 1
        counts.queued += batch.packetCount
        queue.push(batch)
    }
}

private enum Packets {
    static func bytes(_ number: Int) -> [UInt8] { [UInt8](repeating: UInt8(number & 0xff), count: 60 + number % 7) }

    static func packet(_ number: Int, _ bytes: ByteView) -> RawPacket {
        RawPacket(
            interfaceNumber: 0, seconds: 1_700_000_000 + Int64(number), nanoseconds: 123_456_789, ticksPerSecond: 1_000_000_000,
            originalByteCount: bytes.count + 5, bytes: bytes)
    }

    /// Reads a file, and expects so many of these packets from the `first` on.
    static func expect(_ count: Int, from first: Int = 0, in path: String, digits: Int32 = 123_456_789) throws {
        var reader = try CaptureReader(path: path)
        var record = FrameRecord()
        var number = first
        while let frame = try reader.next(&record) {
            #expect(frame.copy() == bytes(number))
            #expect(record.timestamp == Timestamp(seconds: 1_700_000_000 + Int64(number), nanoseconds: digits))
            #expect(record.originalByteCount == frame.count + 5)
            number += 1
        }
        #expect(number - first == count)
    }
}

@Suite final class RecorderTests {
    /// Of one test, and gone with it.
    private let directory = FileManager.default.temporaryDirectory.appending(path: "wirelark-recorder-\(UUID().uuidString)")

    init() throws { try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true) }
    deinit { try? FileManager.default.removeItem(at: directory) }

    private func path(_ name: String) -> String { directory.appending(path: name).path }

    /// Records so many packets; what became of them, and the paths of the files.
    private func record(
        _ total: Int, _ type: CaptureFileType, _ limits: RecordingLimits, _ path: String
    ) throws -> (counts: CaptureCounts, paths: [String]) {
        let interfaces = CaptureInterfaces()
        let queue = PacketQueue(type, byteCount: 4 << 20)
        let source = CountingSource(total, interfaces)
        var paths: [String] = []
        let series = try RecordingSeries(path, type, limits, CaptureDescription(application: "test"), interfaces) { paths.append($0) }
        let recorder = Recorder([source], queue, series, nil, limits)
        recorder.run(isStopped: { false }, whenStopped: {}, tick: { _ in }, complain: { _ in })
        #expect(recorder.failure == nil)
        return (recorder.counts, paths)
    }

    @Test(arguments: [(CaptureFileType.pcapng, 123_456_789 as Int32), (.nsecpcap, 123_456_789), (.pcap, 123_456_000)])
    func filesHoldWhatCame(type: CaptureFileType, digits: Int32) throws {
        let path = self.path("whole")
        let (counts, _) = try record(25_000, type, RecordingLimits(), path)
        try Packets.expect(25_000, in: path, digits: digits)
        #expect(counts.received == 25_000)
        #expect(counts.written == 25_000)
        #expect(counts.dropped == 0)
    }

    @Test func aLimitCutsABatch() throws {
        var limits = RecordingLimits()
        limits.packets = 150
        let path = self.path("limit")
        let (counts, _) = try record(1000, .pcapng, limits, path)
        try Packets.expect(150, in: path)
        #expect(counts.received == counts.written + counts.filtered + counts.dropped)
        #expect(counts.written == 150)
    }

    @Test func filesOfASeriesAreCutWithinBatches() throws {
        var limits = RecordingLimits()
        limits.isSeries = true
        limits.filePackets = 33
        limits.files = 4
        let (counts, paths) = try record(1000, .pcapng, limits, path("cut.pcapng"))
        #expect(paths.count == 4)
        for (index, path) in paths.enumerated() { try Packets.expect(33, from: index * 33, in: path) }
        #expect(counts.written == 132)
    }

    /// Packets that can wait where they come from are all printed, however slowly.
    @Test func aSlowPrinterIsWaitedFor() throws {
        let interfaces = CaptureInterfaces()
        let queue = PacketQueue(.pcapng, byteCount: 0)
        let pipe = Pipe()
        let path = self.path("printed")
        let printer = Process()
        printer.executableURL = URL(filePath: "/bin/sh")
        printer.arguments = ["-c", "sleep 0.3; cat > '\(path)'"]
        printer.standardInput = pipe
        try printer.run()
        let feed = PrinterFeed(.pcapng, CaptureDescription(application: "test"), queue, interfaces)
        feed.start(dup(pipe.fileHandleForWriting.fileDescriptor))
        try pipe.fileHandleForWriting.close()
        let recorder = Recorder([CountingSource(5_000, interfaces)], queue, nil, feed, RecordingLimits())
        recorder.run(isStopped: { false }, whenStopped: {}, tick: { _ in }, complain: { _ in })
        printer.waitUntilExit()
        #expect(recorder.counts.notPrinted == 0 && recorder.counts.written == 5_000)
        try Packets.expect(5_000, in: path)
    }

    @Test func onePacketMayBeLargerThanABatch() {
        let batch = PacketBatch(.pcapng)
        let bytes = [UInt8](repeating: 7, count: 3 << 20)
        bytes.withUnsafeBytes {
            #expect(batch.append(Packets.packet(0, ByteView($0))))
            #expect(!batch.append(Packets.packet(1, ByteView($0))))
        }
        #expect(batch.bytes(0..<1).count == 32 + 3 << 20)
    }
}

@Suite struct SeriesNamesTests {
    @Test(arguments: [
        ("x.pcapng", 1, "x_00001_"), ("dir.d/x", 2, "dir.d/x_00002_"), (".hidden", 3, ".hidden_00003_"), ("a.b.pcap", 100_002, "a.b_00002_"),
    ]) func numbersStandBeforeTheSuffix(path: String, number: Int, start: String) {
        let name = SeriesNames(path).name(number, Timestamp(seconds: 1_700_000_000, nanoseconds: 0))
        #expect(name.hasPrefix(start))
        let suffix = path.hasSuffix(".pcapng") ? ".pcapng" : path.hasSuffix(".pcap") ? ".pcap" : ""
        #expect(name.dropFirst(start.count).dropLast(suffix.count).count == 14)
        #expect(name.hasSuffix(suffix))
    }
}
