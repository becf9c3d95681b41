import Foundation
import Testing

/// `wirelark info`, by itself and beside capinfos.
@Suite struct InfoTests {
    private static let three = try? Captures.write("info.pcap", Captures.three)

    @Test func saysWhatAFileIs() throws {
        let path = try #require(Self.three)
        let outcome = try Command.run(["info", "-t", "-E", "-c", "-s", "-d", "-l", "-u", "-a", "-e", "-o", "-z", path])
        #expect(outcome.exitCode == 0 && outcome.errors.isEmpty)
        #expect(outcome.output == """
            File name:           \(path)
            File type:           Wireshark/tcpdump/... - pcap
            File encapsulation:  Ethernet
            Packet size limit:   file hdr: 65535 bytes
            Number of packets:   3
            File size:           440 bytes
            Data size:           368 bytes
            Capture duration:    2.000000 seconds
            First packet time:   2019-04-22 15:23:18.500000
            Last packet time:    2019-04-22 15:23:20.500000
            Average packet size: 122.67 bytes
            Strict time order:   True

            """)
    }

    @Test func isOneObjectAFile() throws {
        let path = try #require(Self.three)
        let outcome = try Command.run(["info", "--format", "json", path])
        let reports = try #require(try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [[String: Any]])
        #expect(reports.count == 1 && reports[0]["packets"] as? Int == 3 && reports[0]["duration"] as? Double == 2)
        let sections = try #require(reports[0]["sections"] as? [[String: Any]])
        #expect((sections[0]["interfaces"] as? [[String: Any]])?.first?["link_type"] as? Int == 1)
    }

    @Test func goesOnAfterWhatCannotBeRead() throws {
        let path = try Captures.write("info-cut.pcap", Captures.three.dropLast(1))
        let outcome = try Command.run(["info", "-c", "/nonexistent", path])
        #expect(outcome.output.hasSuffix("Number of packets:   2\n"))
        #expect(outcome.errors.contains("/nonexistent\" doesn't exist") && outcome.errors.contains("cut short"))
        #expect(outcome.exitCode == 1)
        #expect(try Command.run(["info", "-c", path, "/nonexistent"]).exitCode == 2)
        #expect(try Command.run(["info", "-C", "-c", "/nonexistent", path]).output.isEmpty)
        #expect(try Command.run(["info", "-Z", path]).exitCode == 1)
        #expect(try Command.run(["info"]).exitCode == 1)
    }

    @Test(.enabled(if: FileTools.arePresent, FileTools.absence), arguments: [
        "-A", "-M", "-MS", "-T", "-TmQ", "-Tbq", "-TrN", "-TtE", "-tEI", "-Fk", "-Hn", "-cMsd", "-lcyizx", "-uaeoS", "-AK", "-TcS",
    ])
    func isCapinfos(options: String) throws {
        let plain = try #require(Self.three)
        for path in [plain, SampleCaptureTests.sample] {
            let outcome = try Command.run(["info", options, path])
            #expect(try outcome.output == FileTools.output("capinfos", [options, path]))
        }
    }
}
