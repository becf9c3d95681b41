import Foundation
import Testing

#if canImport(FoundationXML)
import FoundationXML
#endif

private final class PacketCounter: NSObject, XMLParserDelegate {
    var packetCount = 0

    func parser(
        _ parser: XMLParser, didStartElement elementName: String, namespaceURI: String?, qualifiedName: String?, attributes: [String: String]
    ) {
        if elementName == "packet" { packetCount += 1 }
    }
}

@Suite struct OverviewTests {
    @Test func aloneItSaysWhatThereIs() throws {
        let outcome = try Command.run([])
        #expect(outcome.exitCode == 0)
        #expect(outcome.output.components(separatedBy: "wirelark read capture.pcap").count == 4, "three examples")
    }

    @Test func versionAndHelp() throws {
        #expect(try Command.run(["--version"]).output.hasPrefix("0."))
        let help = try Command.run(["read", "--help"])
        #expect(help.exitCode == 0 && help.output.contains("-Y, --display-filter <filter>"))
        let unknown = try Command.run(["nonsense"])
        #expect(unknown.exitCode == 1 && unknown.errors.hasPrefix("wirelark: "))
    }
}

@Suite struct ReadOutputTests {
    let file: String

    init() throws { file = try Captures.write("three-\(UUID().uuidString).pcap", Captures.three) }

    @Test func summaryIsOneLineAPacket() throws {
        let outcome = try Command.read("-n", file)
        #expect(outcome.exitCode == 0)
        #expect(outcome.output == """
                1   0.000000     10.0.0.1 → 10.0.0.2     UDP 53 1000 → 2000 Len=11
                2   1.000000     10.0.0.1 → 10.0.0.2     UDP 298 53000 → 53001 Len=256
                3   2.000000 66:77:88:99:aa:bb → 00:11:22:33:44:55 0x88b5 17 Local Experimental Ethertype 1

            """)
    }

    @Test(arguments: [
        ["-nr", "FILE"], ["-n", "-rFILE"], ["FILE", "-n"], ["-c", "9", "-c3", "-nr", "FILE"], ["-ntr", "FILE"], ["-n", "-Ttext", "FILE"],
        ["-nlr", "FILE"], ["-n2", "FILE"], ["-r", "nosuch", "-nr", "FILE"], ["-nPr", "FILE"], ["-nqP", "FILE"], ["-n", "-N", "", "FILE"],
    ])
    func spellingsOfTheSame(_ arguments: [String]) throws {
        let outcome = try Command.run(["read"] + arguments.map { $0.replacingOccurrences(of: "FILE", with: file) })
        #expect(outcome.output.split(separator: "\n").count == 3, "\(outcome.errors)")
        #expect(outcome.output.hasPrefix("    1   0.000000     10.0.0.1 → 10.0.0.2     UDP 53 1000 → 2000 Len=11\n"))
    }

    @Test func whatIsPrintedOfAPacket() throws {
        func lines(_ arguments: String...) throws -> [Substring] {
            let outcome = try Command.run(["read", "-n", file, "-c1"] + arguments)
            #expect(outcome.exitCode == 0)
            return outcome.output.split(separator: "\n", omittingEmptySubsequences: false)
        }
        let tree = try lines("-V")
        #expect(tree.first == "Frame 1: 53 bytes on wire (424 bits), 53 bytes captured (424 bits)" && tree.contains("    Source Port: 1000"))
        let opened = try lines("-O", "udp")
        #expect(opened.contains("    Source Port: 1000") && !opened.contains("    Type: IPv4 (0x0800)"))
        let summaryAndTree = try lines("-PV")
        #expect(Array(summaryAndTree.dropFirst()) == tree)
        let dump = try lines("-x")
        #expect(dump.count == 6 && dump[0] == "0000  00 11 22 33 44 55 66 77 88 99 aa bb 08 00 45 00   .\u{2E}\"3DUfw......E.")
        #expect(try lines("-Px") == [summaryAndTree[0], ""] + dump)
        #expect(Array(try lines("-Vx").suffix(6)) == dump)
        #expect(try lines("-q") == [""])
        #expect(try lines("-Ttabs")[0] == "    1\t  0.000000\t    10.0.0.1\t→\t10.0.0.2    \tUDP\t53\t1000 → 2000 Len=11")
    }

    @Test func fields() throws {
        func text(_ arguments: String...) throws -> String {
            let outcome = try Command.run(["read", "-n", file, "-c1", "-Tfields", "-e", "udp.port", "-e", "ip.ttl", "-e", "_ws.col.Info", "-e", "tcp.port", "-e_ws.col.protocol"] + arguments)
            #expect(outcome.exitCode == 0, "\(outcome.errors)")
            return outcome.output
        }
        #expect(try text() == "1000,2000\t64\t1000 → 2000 Len=11\t\tUDP\n")
        #expect(try text("-E", "header=y", "-Eseparator=;") == "udp.port;ip.ttl;_ws.col.Info;tcp.port;_ws.col.protocol\n1000,2000;64;1000 → 2000 Len=11;;UDP\n")
        #expect(try text("-Eseparator=/s", "-Eaggregator=/s", "-Equote=d") == "\"1000 2000\" \"64\" \"1000 → 2000 Len=11\"  \"UDP\"\n")
        #expect(try text("-Eoccurrence=f", "-Equote=s") == "'1000'\t'64'\t'1000 → 2000 Len=11'\t\t'UDP'\n")
        #expect(try text("-Eoccurrence=l", "-Ebom=y").hasPrefix("\u{FEFF}2000\t"))
    }

    @Test func timeStyles() throws {
        func time(_ style: String) throws -> String {
            let outcome = try Command.read("-n", file, "-c2", "-t", style, "-Tfields", "-e", "_ws.col.Time", "-Y", "frame.number == 2", timeZone: "Europe/Berlin")
            return outcome.output.trimmingCharacters(in: .newlines)
        }
        #expect(try time("r") == "1.000000" && time("d") == "1.000000" && time("dd") == "0.000000" && time("e") == "1555946599.500000")
        #expect(try time("a") == "17:23:19.500000" && time("ad") == "2019-04-22 17:23:19.500000" && time("adoy") == "2019/112 17:23:19.500000")
        #expect(try time("u") == "15:23:19.500000" && time("ud") == "2019-04-22 15:23:19.500000" && time("udoy") == "2019/112 15:23:19.500000")
        let filtered = try Command.read("-n", file, "-Tfields", "-e", "frame.number", "-Y", "frame.time > \"2019-04-22 17:23:19\"", timeZone: "Europe/Berlin")
        #expect(filtered.output == "2\n3\n")
    }

    @Test func filters() throws {
        func numbers(_ arguments: String...) throws -> [Substring] {
            let outcome = try Command.run(["read", "-n", file, "-Tfields", "-eframe.number"] + arguments)
            #expect(outcome.exitCode == 0, "\(outcome.errors)")
            return outcome.output.split(separator: "\n")
        }
        #expect(try numbers("-Y", "udp") == ["1", "2"])
        #expect(try numbers("udp.port", "==", "1000") == ["1"])
        #expect(try numbers("-Y", "ip.addr == 10.0.0.2 and not udp.srcport == 1000") == ["2"])
        #expect(try numbers("-Y", "eth.type == 0x88b5") == ["3"])
        #expect(try numbers("-Y", "data.data == 61:62:63") == ["3"])
        #expect(try numbers("-Y", "frame.protocols == \"eth:ethertype:data\"") == ["3"])
        #expect(try numbers("-Y", "") == ["1", "2", "3"])
        #expect(try numbers("-f", "udp port 53001") == ["2"])
        #expect(try numbers("-2", "-f", "not udp") == ["3"])
        #expect(try numbers("-f", "udp", "-c1", "-Y", "udp") == ["1"])
    }

    @Test func jsonAndPDMLAreWellFormed() throws {
        let json = try Command.read("-T", "json", file)
        let frames = try #require(try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [[String: Any]])
        #expect(frames.count == 3)
        let chosen = try Command.read("-T", "json", "-e", "udp.port", "-e", "_ws.col.Info", "-c1", "-n", file)
        let frame = try #require(try (JSONSerialization.jsonObject(with: Data(chosen.output.utf8)) as? [[String: Any]])?.first)
        let layers = (frame["_source"] as? [String: Any])?["layers"] as? [String: [String]]
        #expect(layers == ["udp.port": ["1000", "2000"], "_ws.col.Info": ["1000 → 2000 Len=11"]])
        for arguments in [[], ["-e", "udp.port", "-e", "ip"]] {
            let pdml = try Command.run(["read", "-T", "pdml", file] + arguments)
            let counter = PacketCounter()
            let parser = XMLParser(data: Data(pdml.output.utf8))
            parser.delegate = counter
            #expect(parser.parse() && counter.packetCount == 3)
        }
    }

    @Test func decodeAsAndPreferences() throws {
        let asData = try Command.read("-n", file, "-c1", "-d", "udp.port==900-1000,data", "-Tfields", "-eframe.protocols")
        #expect(asData.output == "eth:ethertype:ip:udp:data\n")
        let checked = try Command.read("-n", file, "-c1", "-o", "udp.check_checksum:TRUE", "-V")
        #expect(checked.exitCode == 0)
    }

    @Test func addressesHaveNamesUnlessToldOtherwise() throws {
        func destination(_ arguments: String...) throws -> String {
            try Command.run(["read", file, "-Tfields", "-e_ws.col.Destination", "-Yframe.number==3"] + arguments).output
        }
        #expect(try destination() == "CIMSYS_33:44:55\n" && destination("-N", "m") == "CIMSYS_33:44:55\n" && destination("-nN", "m") == "CIMSYS_33:44:55\n")
        #expect(try destination("-n") == "00:11:22:33:44:55\n" && destination("-N", "nt") == "00:11:22:33:44:55\n")
    }
}

@Suite struct MistakeTests {
    let file: String

    init() throws { file = try Captures.write("mistakes-\(UUID().uuidString).pcap", Captures.three) }

    @Test(arguments: [
        ["-e", "frame.number"], ["-T", "nonsense"], ["-T", "fields"], ["-T", "fields", "-e", "no.such", "-e", "frame.number"],
        ["-d", "nonsense"], ["-d", "udp.port==x,data"], ["-d", "udp.port==2-1,data"], ["-d", "udp.port==1,nonsense"], ["-d", "no.table==1,data"],
        ["-d", "udp.port==0-4294967295,data"], ["-o", "nonsense"], ["-o", "no.such:1"], ["-t", "x"], ["-c", "0"], ["-c", "-1"], ["-c", "x"], ["-c", "99999999999"],
        ["-c"], ["-E", "nonsense"], ["-E", "header=x"], ["-E", "separator="], ["-E", "separator=→"], ["-E", "escape=n"], ["-N", "x"], ["-Z"], ["--nonsense"],
        ["-x", "-T", "pdml"], ["-x", "-Tfields", "-eframe.number"], ["-Y", "udp", "frame"], ["-f", "nonsense and"],
    ])
    func usage(_ arguments: [String]) throws {
        let outcome = try Command.run(["read", "-r", file] + arguments)
        #expect(outcome.exitCode == 1)
        #expect(outcome.output == "")
        #expect(outcome.errors.hasPrefix("wirelark: ") && outcome.errors.hasSuffix("\n"))
    }

    @Test func badDisplayFilterIsMarked() throws {
        let outcome = try Command.read(file, "-Y", "udp and ip.sorc == 1")
        #expect(outcome.exitCode == 2 && outcome.output == "")
        #expect(outcome.errors.hasPrefix("wirelark: ip.sorc is neither a field nor a protocol name. Did you mean ip.src"))
        #expect(outcome.errors.hasSuffix("\n    udp and ip.sorc == 1\n            ^~~~~~~\n"))
    }

    @Test func files() throws {
        let missing = try Command.read("no-such-file")
        #expect(missing.exitCode == 2 && missing.errors == "wirelark: The file \"no-such-file\" doesn't exist.\n")
        #expect(try Command.read("/").exitCode == 2)
        #expect(try Command.read(Captures.write("text.pcap", Data("This is no capture.\n".utf8))).exitCode == 2)
        let empty = try Captures.write("empty.pcap", Data())
        let outcome = try Command.read(empty)
        #expect(outcome.exitCode == 0 && outcome.output == "" && outcome.errors == "")
        #expect(try Command.read(empty, "-Tjson").output == "[]\n")
    }

    @Test(arguments: [["-Tjson"], ["-n"], ["-Tpdml"], ["-V"], ["-2"]])
    func whatPrecedesDamageIsShown(_ arguments: [String]) throws {
        let path = try Captures.write("cut-\(UUID().uuidString).pcap", Captures.three.dropLast(5))
        let outcome = try Command.run(["read", path] + arguments)
        #expect(outcome.exitCode == 2)
        #expect(outcome.errors.split(separator: "\n").count == 1 && outcome.errors.contains("cut short"))
        let whole = try Command.run(["read", "-c2", file] + arguments)
        #expect(outcome.output == whole.output.replacingOccurrences(of: file, with: path))
    }
}

@Suite struct EndingTests {
    private static let many = Captures.capture((0..<5000).map { Captures.datagram(1000, UInt16(2000 + $0 % 7), [UInt8](repeating: 65, count: $0 % 100)) })

    @Test func readerThatWentAwayEndsQuietly() throws {
        let path = try Captures.write("many-\(UUID().uuidString).pcap", Self.many)
        let process = Process()
        process.executableURL = Command.executable
        process.arguments = ["read", "-V", path]
        let (output, errors) = (Pipe(), Pipe())
        process.standardOutput = output
        process.standardError = errors
        try process.run()
        let first = try output.fileHandleForReading.read(upToCount: 10)
        try output.fileHandleForReading.close()
        try output.fileHandleForWriting.close()
        try errors.fileHandleForWriting.close()
        process.waitUntilExit()
        #expect(first?.count == 10)
        #expect(process.terminationReason == .exit && process.terminationStatus == 2)
        #expect(try errors.fileHandleForReading.readToEnd() ?? Data() == Data())
    }

    @Test(.enabled(if: FileManager.default.fileExists(atPath: "/dev/full"))) func fullDisk() throws {
        let path = try Captures.write("full-\(UUID().uuidString).pcap", Self.many)
        for arguments in [["-n"], ["-Tjson"], ["-l"], ["-c1"]] {
            let full = try #require(FileHandle(forWritingAtPath: "/dev/full"))
            let outcome = try Command.run(["read", path] + arguments, output: full)
            #expect(outcome.exitCode == 2)
            #expect(outcome.errors == "wirelark: The output could not be written: there is no space left.\n")
        }
    }

    @Test func standardInput() throws {
        for arguments in [["-"], ["-r", "-"], [], ["-2", "-"], ["-2"]] {
            let outcome = try Command.run(["read", "-n", "-Tfields", "-eframe.number"] + arguments, input: Captures.three)
            #expect(outcome.output == "1\n2\n3\n", "\(arguments) \(outcome.errors)")
            #expect(outcome.exitCode == 0)
        }
    }

    /// Packets from a pipe are shown as they come, and an interruption ends the output properly.
    @Test func interruption() throws {
        let process = Process()
        process.executableURL = Command.executable
        process.arguments = ["read", "-n", "-Tjson", "-"]
        let (input, output) = (Pipe(), Pipe())
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        try output.fileHandleForWriting.close()
        try input.fileHandleForWriting.write(contentsOf: Captures.three)
        var text = Data()
        while !String(decoding: text, as: UTF8.self).contains("\"frame.number\": \"3\"") {
            let piece = output.fileHandleForReading.availableData
            try #require(!piece.isEmpty)
            text += piece
        }
        process.interrupt()
        text += try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        try input.fileHandleForWriting.close()
        #expect(process.terminationReason == .exit && process.terminationStatus == 0)
        let frames = try JSONSerialization.jsonObject(with: text) as? [Any]
        #expect(frames?.count == 3)
    }
}
