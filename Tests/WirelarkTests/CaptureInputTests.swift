import Foundation
import Testing

/// Captures of streams, and what needs no network.
@Suite struct CaptureInputTests {
    /// Three frames as a pcap stream: two of UDP.
    private let three = Captures.three

    @Test func aStreamIsPrintedLikeAFile() throws {
        let file = try Captures.write("stream.pcap", three)
        let outcome = try Command.run(["capture", "-i", "-", "-T", "fields", "-e", "frame.time_epoch", "-e", "frame.protocols"], input: three)
        #expect(outcome.exitCode == 0, "\(outcome.errors)")
        #expect(try outcome.output == Command.read(file, "-T", "fields", "-e", "frame.time_epoch", "-e", "frame.protocols").output)
        #expect(outcome.output.split(separator: "\n").count == 3)
    }

    @Test func whatAFilterRefusesIsCounted() throws {
        let file = Captures.directory.appendingPathComponent("filtered.pcapng").path
        let outcome = try Command.run(["capture", "-i", "-", "-w", file, "udp", "port", "2000"], input: three)
        #expect(outcome.exitCode == 0, "\(outcome.errors)")
        #expect(outcome.counts.prefix(4) == [3, 1, 2, 0])
        #expect(try Command.read(file, "-T", "fields", "-e", "udp.dstport").output == "2000\n")
    }

    @Test func aPcapngStreamKeepsItsInterfaces() throws {
        let first = Captures.directory.appendingPathComponent("first.pcapng").path
        let second = Captures.directory.appendingPathComponent("second.pcapng").path
        _ = try Command.run(["capture", "-i", "-", "-w", first], input: three)
        let outcome = try Command.run(["capture", "-i", "-", "-w", second], input: Data(contentsOf: URL(fileURLWithPath: first)))
        #expect(outcome.exitCode == 0, "\(outcome.errors)")
        let fields = ["-T", "fields", "-e", "frame.interface_name", "-e", "frame.time_epoch", "-e", "frame.len"]
        let (before, after) = (try Command.run(["read", first] + fields), try Command.run(["read", second] + fields))
        #expect(before.output == after.output)
    }

    @Test func aNamedPipeIsRead() throws {
        let pipe = Captures.directory.appendingPathComponent("fifo").path
        #expect(mkfifo(pipe, 0o600) == 0)
        let capture = try LiveCapture(["-i", pipe, "-T", "fields", "-e", "frame.number"])
        let writer = try #require(FileHandle(forWritingAtPath: pipe))
        try writer.write(contentsOf: three)
        // Packets show while the pipe stays open.
        try capture.wait { capture.output == "1\n2\n3\n" }
        try writer.close()
        #expect(capture.end(nil).exitCode == 0)
    }

    /// Ten thousand conversations, of which the budget has room for fewer.
    @Test func whatIsRememberedHasABudget() throws {
        let frames = (0..<10_000).map { Captures.datagram(UInt16(1000 + $0), 4000, [1, 2, 3]) }
        let arguments = ["capture", "-i", "-", "-Y", "udp.stream == 9999", "-T", "fields", "-e", "udp.stream"]
        let small = try Command.run(arguments + ["--memory", "8"], input: Captures.capture(frames))
        #expect(small.exitCode == 0 && small.output == "9999\n")
        // An eighth is for packets that wait; conversations over UDP have a 32nd of the rest, 128 bytes each.
        #expect(small.errors.contains("Forgotten to stay within the memory (--memory): UDP conversations: \(10_000 - (7 << 20) / 32 / 128)\n"))
        let usual = try Command.run(arguments, input: Captures.capture(frames))
        #expect(usual.output == "9999\n" && !usual.errors.contains("Forgotten"))
        #expect(try Command.run(["capture", "-i", "-", "--memory", "3"], input: three).errors.contains("\"--memory 3\" isn't valid"))
    }

    @Test func damageComesAfterThePacketsBeforeIt() throws {
        let outcome = try Command.run(["capture", "-i", "-", "-T", "fields", "-e", "frame.number"], input: three.dropLast(3))
        #expect(outcome.exitCode == 2)
        #expect(outcome.output == "1\n2\n")
        #expect(outcome.errors.contains("The standard input"))
    }

    @Test(arguments: [
        (["-i", "-", "-b", "packets:3"], "-b needs -w"), (["-i", "-", "-w", "x", "-b", "files:3"], "-b needs to know when a file is full"),
        (["-i", "-", "-a", "duration:x"], "isn't a number of seconds"), (["-i", "-", "-a", "weight:3"], "\"-a weight:3\" isn't valid"),
        (["-i", "-", "-c", "0"], "isn't a number from 1"), (["-i", "-", "-w", "x", "-Y", "tcp"], "-Y chooses what is printed"),
        (["-i", "-", "-2"], "-2 reads a capture twice"), (["-i", "-", "-Y", "tcp.nothing"], "tcp.nothing"), (["-i", "-", "-s", "-1"], "\"-s -1\" isn't valid"),
        (["-i", "-", "-f", "udp", "tcp"], "both with -f"),
    ]) func mistakesAreSaid(arguments: [String], sentence: String) throws {
        let outcome = try Command.run(["capture"] + arguments, input: three)
        #expect(outcome.exitCode != 0)
        #expect(outcome.errors.contains(sentence), "\(outcome.errors)")
    }

    @Test(arguments: [([], true), (["-q"], true), (["-Q"], false)])
    func countsAreSaidUnlessSilenceIsAskedFor(arguments: [String], areSaid: Bool) throws {
        let file = Captures.directory.appendingPathComponent("quiet-\(UUID().uuidString).pcapng").path
        let outcome = try Command.run(["capture", "-i", "-", "-w", file] + arguments, input: three)
        #expect(outcome.exitCode == 0 && outcome.output.isEmpty)
        #expect(outcome.errors.contains("3 packets received: 3 written") == areSaid)
        #expect(outcome.errors.isEmpty != areSaid)
    }

    @Test func aFilterIsMarkedWhereItMakesNoSense() throws {
        let outcome = try Command.run(["capture", "-i", "-", "-f", "tcp port and udp"], input: three)
        #expect(outcome.exitCode != 0)
        #expect(outcome.errors.contains("    tcp port and udp\n             ^\n"))
    }

    @Test func aDeviceThatThereIsNotIsSaid() throws {
        let outcome = try Command.run(["capture", "-i", "nothing0"])
        #expect(outcome.exitCode == 1)
        #expect(outcome.errors.contains("nothing0"))
    }

    @Test(.enabled(if: geteuid() == 0, "Only root can become somebody without rights"))
    func whoMayNotCaptureLearnsHow() throws {
        let program = Captures.directory.appendingPathComponent("wirelark").path
        try Network.shell("cp \(Command.executable.path) \(program); chmod 755 \(program) \(Captures.directory.path)")
        let text = try Network.shell("setpriv --reuid 65534 --regid 65534 --clear-groups \(program) capture -i lo 2>&1 || true")
        #expect(text.contains("You don't have permission to capture on \"lo\"."))
        #expect(text.contains("sudo setcap cap_net_raw,cap_net_admin=eip \(program)"))
    }

    /// What a process that dissects can do no more, tried by one that gives up the same.
    @Test(.enabled(if: FileManager.default.fileExists(atPath: "/proc/sys/kernel/seccomp"), "Only Linux confines processes"))
    func theConfinedOpenNothing() throws {
        let probe = Command.executable.deletingLastPathComponent().appendingPathComponent("confinement-probe").path
        let file = try Captures.write("readable", Data("x".utf8))
        let lines = Set(try Network.shell("\(probe) \(file)").split(separator: "\n").map(String.init))
        #expect(lines.isSuperset(of: ["reading before works", "a socket before works", "privileges 0", "calls 0"]))
        #expect(lines.isSuperset(of: ["reading is refused", "writing is refused", "a socket is refused", "a local socket is refused", "a program is refused"]))
    }

    @Test(.enabled(if: FileManager.default.fileExists(atPath: "/proc/sys/kernel/seccomp"), "Only Linux confines processes"))
    func theConfinedWriteWhereTheyAreLet() throws {
        let probe = Command.executable.deletingLastPathComponent().appendingPathComponent("confinement-probe").path
        let file = try Captures.write("readable-too", Data("x".utf8))
        let directory = Captures.directory.appendingPathComponent("writable").path
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        let lines = Set(try Network.shell("\(probe) \(file) \(directory)").split(separator: "\n").map(String.init))
        // Kernels without Landlock let the others through.
        guard lines.contains("files 0") else { return }
        #expect(lines.isSuperset(of: ["writing there works", "reading is refused", "writing is refused", "a socket is refused"]))
    }
}

/// Under the name dumpcap.
@Suite struct DumpcapTests {
    private func dumpcap(_ arguments: [String], input: Data? = nil) throws -> Outcome { try Command.run(["dumpcap"] + arguments, input: input) }

    @Test func theNameChoosesTheCommand() throws {
        let link = Captures.directory.appendingPathComponent("dumpcap").path
        try? FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: Command.executable.path)
        let text = try Network.shell("\(link) -D")
        #expect(try text == dumpcap(["-D"]).output)
        #expect(text.contains("lo"))
    }

    @Test func packetsGoToStandardOutput() throws {
        let file = Captures.directory.appendingPathComponent("dumped").path
        try Data().write(to: URL(fileURLWithPath: file))
        let output = try FileHandle(forWritingTo: URL(fileURLWithPath: file))
        let outcome = try Command.run(["dumpcap", "-i", "-", "-w", "-", "-P", "-q"], input: Captures.three, output: output)
        #expect(outcome.exitCode == 0)
        #expect(outcome.errors.contains("Packets captured: 3"))
        // A pcap file with microseconds, and otherwise the same.
        let written = try Data(contentsOf: URL(fileURLWithPath: file))
        #expect(written.dropFirst(24) == Captures.three.dropFirst(24))
    }

    @Test func aFileSaysWhatItIsToldTo() throws {
        let file = Captures.directory.appendingPathComponent("told.pcapng").path
        let outcome = try dumpcap(
            ["-i", "-", "--ifname", "wire", "--ifdescr", "a lark's", "--capture-comment", "of birds", "-g", "-N", "100", "-w", file, "-q"],
            input: Captures.three)
        #expect(outcome.exitCode == 0, "\(outcome.errors)")
        #expect(try Network.shell("stat -c %a \(file)") == "640\n")
        let fields = try Command.read(file, "-c", "1", "-T", "fields", "-e", "frame.interface_name", "-e", "frame.interface_description")
        #expect(fields.output == "wire\ta lark's\n")
        #expect(try Command.run(["info", file]).output.contains("of birds"))
    }

    /// A letter, a length, a text that ends with a zero byte.
    @Test func wiresharksProgramsGetMessages() throws {
        let file = Captures.directory.appendingPathComponent("messages.pcapng").path
        let good = try dumpcap(["-i", "-", "-w", file, "-Z", "none"], input: Captures.three)
        #expect(good.exitCode == 0)
        let start = "F\0\0\(Character(Unicode.Scalar(UInt8(file.utf8.count + 1))))\(file)\0"
        #expect(good.errors.hasPrefix(start))
        let counts = good.errors.dropFirst(start.count).matches(of: /P\x00\x00\x02(\d)\x00/).compactMap { Int($0.1) }
        #expect(counts.reduce(0, +) == 3 && good.errors.count == start.count + 6 * counts.count, "\(good.errors)")
        let bad = try dumpcap(["-i", "nothing0", "-w", file, "-Z", "none"])
        #expect(bad.exitCode == 1 && bad.errors.hasPrefix("E\0\0") && bad.errors.contains("nothing0") && bad.errors.hasSuffix("E\0\0\u{1}\0"))
        let list = try dumpcap(["-D", "-Z", "none"])
        #expect(try list.errors == "S\0\0\0" && list.output == dumpcap(["-D", "-M"]).output)
    }

    @Test func finishedFilesArePrinted() throws {
        let file = Captures.directory.appendingPathComponent("finished.pcap").path
        let outcome = try dumpcap(["-i", "-", "-P", "-w", file, "-b", "packets:2", "-b", "printname:stdout"], input: Captures.three)
        let names = outcome.output.split(separator: "\n")
        #expect(names.count == 2 && names.allSatisfy { FileManager.default.fileExists(atPath: String($0)) })
    }

    @Test(arguments: [(["-k", "2412"], "-k sets the channel"), (["-Z", "4711"], "only \"-Z none\" is"), (["-b", "printname:x"], "-b needs to know")])
    func mistakesAreSaid(arguments: [String], sentence: String) throws {
        let outcome = try dumpcap(["-i", "-", "-w", "/dev/null"] + arguments, input: Captures.three)
        #expect(outcome.exitCode == 1 && outcome.errors.contains(sentence), "\(outcome.errors)")
    }

    @Test(.enabled(if: geteuid() == 0, "Devices are root's"))
    func aFiltersCodeIsPrinted() throws {
        let outcome = try dumpcap(["-i", "lo", "-d", "-f", "ip"])
        #expect(outcome.output.contains("(000) ldh      [12]"))
        #expect(outcome.output.contains("(001) jeq      #0x800"))
    }
}
