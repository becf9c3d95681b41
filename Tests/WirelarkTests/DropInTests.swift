import Foundation
import TestSupport
import Testing

/// The executable under the name tshark.
@Suite struct DropInTests {
    private let tshark: URL
    private let file: String

    init() throws {
        let directory = Captures.directory.appendingPathComponent("bin-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        tshark = directory.appendingPathComponent("tshark")
        try FileManager.default.createSymbolicLink(at: tshark, withDestinationURL: Command.executable)
        file = try Captures.write("drop-in-\(UUID().uuidString).pcap", Captures.three)
    }

    private func run(_ arguments: String..., input: Data? = nil) throws -> Outcome {
        try Command.run(arguments, input: input, executable: tshark)
    }

    /// termshark and pyshark look for three numbers behind a blank, pyshark for the last ones.
    @Test(arguments: ["-v", "--version"]) func theVersionIsFound(_ option: String) throws {
        let line = try #require(try run(option).output.split(separator: "\n").first)
        #expect(line.firstMatch(of: /^TShark .*?(\d+\.\d+\.\d+)/)?.output.1 == "4.0.17")
        #expect(line.firstMatch(of: /^.*\s(\d+\.\d+\.\d+)/)?.output.1 == "4.0.17")
    }

    @Test(arguments: ["capinfos", "editcap", "mergecap"]) func peersSayTheirVersion(_ name: String) throws {
        let link = tshark.deletingLastPathComponent().appendingPathComponent(name)
        try FileManager.default.createSymbolicLink(at: link, withDestinationURL: Command.executable)
        for option in ["-v", "--version"] {
            let outcome = try Command.run([option], executable: link)
            #expect(outcome.exitCode == 0 && outcome.output.hasPrefix("\(name.capitalized) (Wireshark) 4.0.17 ("))
        }
        #expect(try Command.run(["-h"], executable: link).exitCode == 0)
    }

    @Test func optionsAreThoseOfRead() throws {
        let summary = try Command.read(file).output
        #expect(try run("-r", file).output == summary)
        #expect(try run("-r", "-", input: Captures.three).output == summary)
        #expect(try run("-i", "-", "-l", input: Captures.three).output == summary)
        #expect(try run("--read-file", file, "--display-filter", "udp").output == Command.read(file, "-Y", "udp").output)
        #expect(try run("-r", file, "udp.port == 1000").output.split(separator: "\n").count == 1)
        #expect(try run("-r", file, "-Y", "nonsense").exitCode == 2)
        #expect(try run("-r", file, "--nonsense").exitCode == 1)
    }

    /// Statistics wait for who reads them, but not for who reads nothing.
    @Test func statisticsEndThoughNobodyReads() throws {
        let process = Process(), output = Pipe()
        process.executableURL = tshark
        process.arguments = ["-q", "-z", "conv,udp", "-r", file]
        process.standardOutput = output
        try process.run()
        process.waitUntilExit()
        try output.fileHandleForWriting.close()
        let text = try #require(String(data: output.fileHandleForReading.readDataToEndOfFile(), encoding: .utf8))
        #expect(text == (try Command.read("-q", "-z", "conv,udp", file).output) && text.hasPrefix("===="))
    }

    /// What is about devices means nothing where a file is read.
    @Test func whatATsharkUserWritesIsTaken() throws {
        let summary = try Command.read(file).output
        #expect(try run("-r", file, "-s", "10", "-p", "-I", "-B", "2", "-y", "EN10MB", "--time-stamp-type", "host").output == summary)
        #expect(try run("--hexdump", "help").output.hasPrefix("What --hexdump takes:"))
        #expect(try run("-r", file, "-V", "-S", "-----", "-c1").output.hasSuffix("\n-----\n"))
        #expect(try run("-r", file, "-S").exitCode == 1)
        #expect(try run("-r", file, "-i", "lo").errors.contains("captures from no interface"))
    }

    /// A rule about TCP names the dissector that reads streams.
    @Test func decodeAsKnowsTheTransport() throws {
        var segments = Segments()
        segments.open()
        segments.add(.first, 101, 501, "PA", "\0\u{1d}\0\u{1}\u{1}\0\0\u{1}\0\0\0\0\0\0\u{7}example\u{3}org\0\0\u{1}\0\u{1}")
        let file = try Captures.write("decode-as-\(UUID().uuidString).pcap", segments.capture)
        #expect(try run("-r", file, "-d", "tcp.port==80,dns", "-T", "fields", "-e", "dns.qry.name", "-Y", "dns").output == "example.org\n")
    }

    @Test func reportsNeedNoName() throws {
        let fields = try run("-G").output
        #expect(fields == (try run("-G", "fields").output) && fields.contains("\nF\tSource Port\ttcp.srcport\tFT_UINT16\ttcp\tBASE_DEC\t0x0\t\n"))
    }
}

/// The reports of `-G`.
@Suite struct ReportTests {
    private func report(_ name: String) throws -> [String] {
        let outcome = try Command.read("-G", name)
        #expect(outcome.exitCode == 0 && outcome.errors == "")
        return outcome.output.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }

    @Test func eachSaysWhatThereIs() throws {
        #expect(try report("protocols").contains("Transmission Control Protocol\tTCP\ttcp"))
        #expect(try report("values").contains("V\tip.proto\t6\tTCP"))
        #expect(try report("values").contains("T\ttcp.flags.syn\tSet\tNot set"))
        #expect(try report("decodes").contains("tcp.port\t80\thttp"))
        #expect(try report("heuristic-decodes").contains("tcp\thttp\tT"))
        #expect(try report("values").contains("V\teth.type\t0x800\tIPv4"))
        #expect(try report("dissector-tables").contains("ip.proto\tIP protocol\tFT_UINT8\tBASE_DEC\tIPv4\tDecode As supported"))
        #expect(try report("dissector-tables").contains("http.upgrade\tHTTP Upgrade\tFT_STRING\tHTTP\tDecode As not supported"))
        #expect(try report("ftypes").contains("FT_IPv4\tIPv4 address"))
        #expect(try report("fields").contains("P\tTCP Option - Maximum segment size\ttcp.options.mss"))
        #expect(try report("column-formats").contains("%Cus\tCustom"))
        #expect(try report("defaultprefs").contains("#tcp.check_checksum: FALSE"))
        #expect(try report("folders").contains { $0.hasPrefix("Personal configuration:\t") })
        #expect(try report("plugins") == [""])
        #expect(try report("help").count > 12)
    }

    @Test func preferencesThatAreSetStandOut() throws {
        #expect(try Command.read("-G", "currentprefs", "-o", "tcp.check_checksum:TRUE").output.contains("\ntcp.check_checksum: TRUE\n"))
    }

    @Test func theMappingIsJSON() throws {
        let output = try Command.read("-G", "elastic-mapping", "--elastic-mapping-filter", "ip").output
        let mapping = try #require(JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any])
        let properties = try #require(((mapping["mappings"] as? [String: Any])?["properties"] as? [String: Any])?["layers"] as? [String: Any])
        let layers = try #require(properties["properties"] as? [String: [String: [String: [String: String]]]])
        #expect(layers.keys.sorted() == ["ip"])
        #expect(layers["ip"]?["properties"]?["ip_ip_version"] == ["type": "short"])
        #expect(layers["ip"]?["properties"]?["ip_ip_src"] == ["type": "ip"])
    }
}
