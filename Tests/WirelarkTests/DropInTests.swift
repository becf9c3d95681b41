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
        #expect(try run("-r", file, "-i", "lo").output == summary)
        #expect(try run("-r", file, "-s", "many").exitCode == 1)
        #expect(try run("-i", "-", "-r", file).output == summary)
    }

    /// Devices are listed whatever else is asked for, but not where -D is the value of another option.
    @Test func devicesAreListedBesideAFile() throws {
        let listing = try run("-D")
        #expect(listing.exitCode == 0)
        #expect(try run("-r", "not-there.pcap", "-D").output == listing.output)
        #expect(try run("-r", file, "-V", "-c1", "-S", "-D").output.hasSuffix("\n-D\n"))
    }

    /// A rule about TCP names the dissector that reads streams.
    @Test func decodeAsKnowsTheTransport() throws {
        var segments = Segments()
        segments.open()
        segments.add(.first, 101, 501, "PA", "\0\u{1d}\0\u{1}\u{1}\0\0\u{1}\0\0\0\0\0\0\u{7}example\u{3}org\0\0\u{1}\0\u{1}")
        let file = try Captures.write("decode-as-\(UUID().uuidString).pcap", segments.capture)
        #expect(try run("-r", file, "-d", "tcp.port==80,dns", "-T", "fields", "-e", "dns.qry.name", "-Y", "dns").output == "example.org\n")
        for ports in ["80", "53,70-90", "0x50", "-100", "80-", "90-70"] {
            #expect(try run("-r", file, "-o", "dns.tcp.port:\(ports)", "-T", "fields", "-e", "dns.qry.name", "-Y", "dns").output == "example.org\n")
        }
        #expect(try run("-r", file, "-o", "dns.tcp.port:80", "-d", "tcp.port==80,data", "-Y", "dns").output == "")
        // What has no numbers any more is still found by its bytes, and others' numbers are not ours to know.
        #expect(try run("-r", file, "-o", "dns.tcp.port:", "-o", "diameter.tcp.port:80", "-o", "http.tcp.port:8888").exitCode == 0)
        for setting in ["dns.tcp.port:x", "dns.tcp.port:80-90-100", "dns.tcp.port:80,65536", "tls.udp.port:80", "dns.port:80"] {
            #expect(try run("-r", file, "-o", setting).exitCode == 1)
        }
    }

    /// The usual ports are taken from a protocol by a preference that names others.
    @Test func portsOfAProtocolAreReplaced() throws {
        let query = [UInt8]("\0\u{1}\u{1}\0\0\u{1}\0\0\0\0\0\0\u{1}a\0\0\u{1}\0\u{1}".utf8)
        let file = try Captures.write("ports-\(UUID().uuidString).pcap", Captures.capture([Captures.datagram(1000, 53, query), Captures.datagram(1000, 5300, query)]))
        func numbers(_ arguments: String...) throws -> String {
            try Command.run(["-r", file, "-T", "fields", "-e", "frame.number", "-Y", "dns", "--disable-heuristic", "dns_udp"] + arguments, executable: tshark).output
        }
        #expect(try numbers() == "1\n")
        #expect(try numbers("-o", "dns.udp.port:5300") == "2\n")
        #expect(try numbers("-o", "dns.udp.port:53,5300") == "1\n2\n")
        #expect(try numbers("-o", "dns.udp.port:") == "")
    }

    @Test func portsHaveNames() throws {
        let file = try Captures.write("names-\(UUID().uuidString).pcap", Captures.capture([Captures.datagram(7, 33333, [0])]))
        func text(_ arguments: String...) throws -> String { try Command.run(["-r", file] + arguments, executable: tshark).output }
        #expect(try text("-N", "t").contains(" UDP 43 echo(7) \u{2192} 33333 Len=1\n"))
        #expect(try text("-o", "nameres.transport_name:TRUE").contains(" echo(7) \u{2192} 33333 "))
        #expect(try text("-N", "t", "-V").contains("User Datagram Protocol, Src Port: echo (7), Dst Port: 33333 (33333)\n    Source Port: echo (7)\n"))
        #expect(try text("-N", "t", "-T", "fields", "-e", "udp.srcport") == "7\n")
        #expect(try text("-V").contains("Src Port: 7, Dst Port: 33333\n    Source Port: 7\n"))
    }

    /// A format that is named prints beside a file and in spite of -q, but not into the capture.
    @Test func whatIsPrintedBesideAFile() throws {
        let output = Captures.directory.appendingPathComponent("beside-\(UUID().uuidString).pcapng").path
        #expect(try run("-r", file, "-w", output).output == "")
        #expect(try run("-r", file, "-w", output, "-T", "fields", "-e", "frame.number").output == "1\n2\n3\n")
        #expect(try run("-r", file, "-w", output, "-P").output == Command.read(file).output)
        #expect(try run("-r", file, "-q", "-T", "text").output == Command.read(file).output)
        #expect(try run("-r", file, "-q").output == "")
        for printing in [["-P"], ["-V"], ["-x"], ["-T", "json"]] {
            let outcome = try Command.run(["-r", file, "-w", "-"] + printing, executable: tshark)
            #expect(outcome.exitCode == 1 && outcome.output == "" && outcome.errors.contains("Standard output"))
        }
        #expect(try run("-r", file, "-w", "-", "-q", "-F", "pcap").exitCode == 0)
    }

    @Test func commentsOfACaptureAreWritten() throws {
        func written(_ input: String, _ arguments: String...) throws -> String {
            let output = Captures.directory.appendingPathComponent("commented-\(UUID().uuidString).pcapng").path
            let outcome = try Command.run(["-r", input, "-w", output] + arguments, executable: tshark)
            #expect(outcome.exitCode == 0 && outcome.errors == "")
            return output
        }
        func comments(_ file: String) throws -> [String] {
            let report = try JSONSerialization.jsonObject(with: Data(Command.run(["info", "--format", "json", file]).output.utf8))
            let sections = ((report as? [[String: Any]])?.first?["sections"] as? [[String: Any]]) ?? []
            return sections.flatMap { $0["comments"] as? [String] ?? [] }
        }
        let one = try written(file, "--capture-comment", "first")
        #expect(try comments(one) == ["first"])
        #expect(try comments(written(one, "--capture-comment", "second", "--capture-comment=third")) == ["first", "second", "third"])
        #expect(try run("-r", file, "--capture-comment", "nowhere").exitCode == 1)
        let refused = try run("-r", file, "--capture-comment", "nowhere", "-F", "pcap", "-w", Captures.directory.appendingPathComponent("none.pcap").path)
        #expect(refused.exitCode == 1 && refused.errors.contains("pcapng"))
    }

    /// What tshark writes of a key log, each line once: those of handshakes behind those of sessions, and none of TLS 1.3.
    @Test func masterSecretsAreWritten() throws {
        let random = String(repeating: "1f", count: 32), secret = String(repeating: "ab", count: 48)
        let log = try Captures.write("keys-\(UUID().uuidString).log", Data("""
            # a remark
            CLIENT_RANDOM \(random.uppercased()) \(secret)
            CLIENT_TRAFFIC_SECRET_0 \(random) \(random)
            CLIENT_RANDOM \(random) \(secret)ab
            CLIENT_RANDOM \(random) \(secret)
            RSA Session-ID:\(random) Master-Key:\(secret)

            """.utf8))
        let file = Captures.directory.appendingPathComponent("keys-\(UUID().uuidString).pcapng").path, keys = file + ".keys"
        #expect(try Command.run(["edit", "--inject-secrets", "tls,\(log)", self.file, file]).exitCode == 0)
        let summary = try run("-r", file).output
        #expect(try run("-r", file, "--export-tls-session-keys", keys).output == summary)
        #expect(try String(contentsOfFile: keys, encoding: .utf8) == "RSA Session-ID:\(random) Master-Key:\(secret)\nCLIENT_RANDOM \(random) \(secret)\n")
        #expect(try run("-r", self.file, "-q", "--export-tls-session-keys", keys).exitCode == 0)
        #expect(try String(contentsOfFile: keys, encoding: .utf8) == "")
        let refused = try run("-r", file, "--export-tls-session-keys", file)
        #expect(refused.exitCode == 2 && refused.errors.contains("is the file that is read"))
    }

    @Test(arguments: [
        ["--log-level", "loud"], ["--log-level", ""], ["--log-fatal", "never"], ["--log-domains", ""], ["--temp-dir", "/not-there"],
        ["-X", "read_format:unknown"], ["-o", "console.log.level:x"], ["-o", "uat:"], ["-o", "uat:user_dlts"], ["-o", "uat:user_dlts:none"],
    ])
    func whatIsPassedOverIsCheckedAllTheSame(_ arguments: [String]) throws {
        let outcome = try Command.run(["-r", file] + arguments, executable: tshark)
        #expect(outcome.exitCode == 1 && outcome.output == "" && outcome.errors.split(separator: "\n").count == 1)
    }

    @Test(arguments: [
        ["--log-level", "info"], ["--log-fatal=warning"], ["--log-domains", "any"], ["--temp-dir", "/tmp"], ["-X", "lua_script:none.lua"], ["-o", "console.log.level:7"],
        ["-X", "read_format:Wireshark/tcpdump/... - pcap"], ["-o", "uat:user_dlts:\"User 0 (DLT=147)\",\"http\",\"0\",\"\",\"0\",\"\""],
    ])
    func whatMeansNothingHereIsPassedOver(_ arguments: [String]) throws {
        #expect(try Command.run(["-r", file] + arguments, executable: tshark).output == Command.read(file).output)
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
