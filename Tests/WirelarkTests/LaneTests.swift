import CaptureFile
import Foundation
import TestSupport
import Testing
import Wire

/// Large captures are read in several lanes at once. With a count of packets they are not: the output must be the same.
@Suite struct LaneTests {
    private static let frames: [[UInt8]] = {
        var frames: [[UInt8]] = []
        for name in ["http"] {
            let path = PackageRoot.url.appending(path: "Fixtures/captures/\(name).pcap").path
            guard var reader = try? CaptureReader(path: path) else { continue }
            var record = FrameRecord()
            while let bytes = try? reader.next(&record) { frames.append(bytes.withUnsafeBytes { Array($0) }) }
        }
        return frames
    }()

    /// The same conversations again and again, of other addresses each time; among them datagrams that make the capture large.
    private static let many: [[UInt8]] = {
        var many: [[UInt8]] = []
        for copy in 0..<UInt8(40) {
            for var frame in frames {
                if frame.count > 34, frame[12] == 8, frame[13] == 0 { (frame[28], frame[32]) = (frame[28] ^ copy, frame[32] ^ (copy &* 7)) }
                many.append(frame)
            }
            for _ in 0..<2 { many.append(Captures.datagram(40_000, 40_001, [UInt8](repeating: copy, count: 60_000))) }
        }
        return many
    }()

    private static let views: [[String]] = [
        [], ["-T", "fields", "-e", "frame.number", "-e", "ip.src", "-e", "tcp.port", "-e", "http.request.uri", "-e", "tcp.analysis.flags"],
        // Some of these are looked ahead for: after the last frame that may pass, none is dissected.
        ["-Y", "http.request or dns"], ["-Y", "frame contains \"GET\""], ["-T", "json", "-e", "dns.qry.name", "-e", "http.host", "-Y", "dns or http"], ["-t", "dd", "-Y", "tcp.flags.syn == 1"],
        ["-Y", "tcp.flags.fin == 1 and http.response"], ["-Y", "tcp.flags.reset == 1 or ip.src == 10.9.0.0/16 and tcp.srcport == 80"],
        ["-Y", "http"], ["-Y", "not tcp"], ["-Y", "frame contains \"no such text\""], ["-Y", "frame.len > 60000 and udp"],
        // Not what a screen takes for ordinary.
        ["--disable-protocol", "tcp", "-Y", "not tcp"], ["-d", "ip.proto==6,udp", "-Y", "udp.port == 80"], ["--disable-protocol", "udp", "-Y", "udp"],
        ["-Y", "tcp.stream == 3"], ["-Y", "tcp.stream == 3 and http", "-T", "fields", "-e", "tcp.stream", "-e", "frame.time_delta_displayed"], ["-Y", "frame.number < 0"], ["-T", "json", "-e", "ip.src", "-Y", "frame.number < 0"], ["-x", "-Y", "tcp.len > 0"],
    ]

    @Test(arguments: views) func theOutputIsTheSame(_ view: [String]) throws {
        #expect(Self.many.count > 1000)
        try expectTheSame("lanes", Captures.capture(Self.many), view)
    }

    private static let statistics: [[String]] = [
        ["-z", "conv,tcp"], ["-z", "conv,eth", "-z", "endpoints,ip"], ["-z", "conv,udp,udp.port == 53", "-z", "endpoints,tcp"],
        ["-z", "follow,tcp,ascii,2"], ["-z", "follow,http,ascii,3"], ["-z", "follow,udp,hex,1"], ["-z", "conv,ip", "-Y", "dns"], ["-z", "endpoints,eth", "-z", "io,phs"],
    ]

    @Test(arguments: statistics) func theStatisticsAreTheSame(_ view: [String]) throws {
        try expectTheSame("lanes-statistics", Captures.capture(Self.many), ["-q"] + view)
    }

    /// A packet within a packet belongs to conversations that other lanes may have.
    @Test(arguments: views.prefix(5) + statistics.prefix(2).map { ["-q"] + $0 }) func aTunnelEndsTheLanes(_ view: [String]) throws {
        var frames = Self.many
        let inner = Self.many[0]
        var outer = inner[..<34]
        outer[23] = 4
        frames.insert(Array(outer) + Array(inner[14...]), at: frames.count * 2 / 3)
        try expectTheSame("lanes-tunnel", Captures.capture(frames), view)
    }

    @Test(arguments: views.prefix(5) + statistics.prefix(2).map { ["-q"] + $0 }) func whatIsWrongWithTheFileIsSaidOnce(_ view: [String]) throws {
        try expectTheSame("lanes-cut", Captures.capture(Self.many).dropLast(7), view, exitCode: 2)
    }

    private func expectTheSame(_ name: String, _ capture: Data, _ view: [String], exitCode: Int32 = 0) throws {
        let file = try Captures.write("\(name)-\(UUID().uuidString).pcap", capture)
        defer { try? FileManager.default.removeItem(atPath: file) }
        let whole = try Command.run(["read", "-n", file, "-c", "2000000000"] + view)
        let lanes = try Command.run(["read", "-n", file] + view)
        #expect(lanes.exitCode == exitCode && whole.exitCode == exitCode)
        #expect(lanes.errors == whole.errors && lanes.errors.isEmpty == (exitCode == 0))
        #expect(lanes.output == whole.output, "the outputs have \(lanes.output.utf8.count) and \(whole.output.utf8.count) bytes")
    }
}
