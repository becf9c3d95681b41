import Foundation
import Testing

/// `wirelark merge`, by itself and beside mergecap; and the names of the peers.
@Suite struct MergeTests {
    private static let first = try? Captures.write("merge-1.pcap", Captures.three)
    private static let second = try? Captures.write("merge-2.pcap", Captures.capture([Captures.ethernet(0x88b5, [1]), Captures.ethernet(0x88b5, [1, 2])]))

    private func merged(_ options: [String]) throws -> (path: String, lengths: [String]) {
        let output = FileTools.path()
        let outcome = try Command.run(["merge"] + options + ["-w", output, #require(Self.first), #require(Self.second)])
        #expect(outcome.exitCode == 0, "\(outcome.errors)")
        return (output, try Command.read(output, "-T", "fields", "-e", "frame.len").output.split(separator: "\n").map(String.init))
    }

    @Test func ordersByTimeOrFile() throws {
        #expect(try merged([]).lengths == ["15", "53", "16", "298", "17"])
        #expect(try merged(["-a"]).lengths == ["53", "298", "17", "15", "16"])
        #expect(try merged(["-s", "10"]).lengths == merged([]).lengths)
    }

    /// Each capture by itself.
    @Test func takesWhatADisplayFilterFinds() throws {
        #expect(try merged(["-Y", "udp"]).lengths == ["53", "298"])
        #expect(try merged(["-Y", "frame.number == 2"]).lengths == ["16", "298"])
        #expect(try merged(["-Y", "tcp"]).lengths == [])
        let first = try #require(Self.first)
        #expect(try Command.run(["merge", "-Y", "udp.prot", "-w", FileTools.path(), first]).exitCode == 2)
        #expect(try Command.run(["merge", "-Y", "udp", "-w", FileTools.path(), first, "-"], input: Data()).exitCode == 1)
    }

    @Test(arguments: [("all", 1), ("any", 1), ("none", 2)]) func mergesInterfaces(mode: String, count: Int) throws {
        let output = try merged(["-I", mode]).path
        #expect(try Command.run(["info", "-I", output]).output.contains("Number of interfaces in file: \(count)\n"))
    }

    @Test func keepsWhatCapturesSay() throws {
        let keys = try Captures.write("merge-keys.log", Data("CLIENT_RANDOM 00 11\n".utf8))
        let (noted, output) = (FileTools.path(), FileTools.path())
        _ = try Command.run(["edit", "-a", "1:noted", "--capture-comment", "of the first", "--inject-secrets", "tls,\(keys)", #require(Self.first), noted])
        _ = try Command.run(["merge", "-w", output, noted, #require(Self.second)])
        let about = try Command.run(["info", "-k", "-D", output]).output
        #expect(about.contains("of the first\n") && about.contains("Number of decryption secrets in file: 1\n"))
        #expect(try Command.read(output, "-Y", "frame.comment == \"noted\"").output.split(separator: "\n").count == 1)
    }

    @Test func refusesSeveralLinkTypesInPcap() throws {
        let (raw, output) = (FileTools.path(), FileTools.path())
        _ = try Command.run(["edit", "-T", "rawip", #require(Self.first), raw])
        let outcome = try Command.run(["merge", "-F", "pcap", "-w", output, raw, #require(Self.second)])
        #expect(outcome.exitCode == 2 && outcome.errors.contains("several link types"))
        #expect(!FileManager.default.fileExists(atPath: output))
        #expect(try Command.run(["merge", "-w", output, raw, #require(Self.second)]).exitCode == 0)
        #expect(try Command.run(["info", "-E", output]).output.contains("Per packet"))
    }

    @Test func mergesWhatPrecedesDamage() throws {
        let (cut, output) = (try Captures.write("merge-cut.pcap", Captures.three.dropLast(1)), FileTools.path())
        let outcome = try Command.run(["merge", "-w", output, cut, #require(Self.second)])
        #expect(outcome.exitCode == 2 && outcome.errors.contains("merge-cut.pcap\" was cut short"))
        #expect(try FileTools.frames(output).count == 4)
        #expect(try Command.run(["merge", "-w", output, "/nonexistent"]).exitCode == 2)
        #expect(try Command.run(["merge", cut]).exitCode == 1)
    }

    @Test(.enabled(if: FileTools.arePresent, FileTools.absence), arguments: [[], ["-a"], ["-s", "20"], ["-F", "pcap"], ["-I", "none"], ["-I", "any"]])
    func isMergecap(options: [String]) throws {
        let inputs = [try #require(Self.first), SampleCaptureTests.sample, try #require(Self.second)]
        let (ours, theirs) = (FileTools.path(), FileTools.path())
        _ = try Command.run(["merge"] + options + ["-w", ours] + inputs)
        _ = try FileTools.output("mergecap", options + ["-w", theirs] + inputs)
        #expect(try FileTools.contents(ours) == FileTools.contents(theirs))
        let interfaces = try [ours, theirs].map { path in try FileTools.output("capinfos", ["-I", path]).split(separator: "\n").dropFirst() }
        #expect(interfaces[0] == interfaces[1])
    }

    @Test func actsAsThePeersUnderTheirNames() throws {
        let link = Captures.directory.appending(path: "capinfos")
        try? FileManager.default.removeItem(at: link)
        try FileManager.default.createSymbolicLink(at: link, withDestinationURL: Command.executable)
        let process = Process()
        process.executableURL = link
        process.arguments = ["-Tc", try #require(Self.first)]
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let text = String(decoding: try pipe.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
        process.waitUntilExit()
        #expect(text.hasPrefix("File name\tNumber of packets\n") && text.hasSuffix("\t3\n"))
    }
}
