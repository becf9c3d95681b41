import Foundation
import TestSupport
import Testing

/// What happens to a conversation, and what is to be followed of it.
private struct FollowCase: Sendable, CustomTestStringConvertible {
    var testDescription: String
    let segments: Segments
    /// The chunks: the second side's begin with a blank.
    let chunks: [String]
    /// Whether tshark shows the same.
    var isTshark = true

    init(_ name: String, isTshark: Bool = true, _ chunks: [String], _ fill: (inout Segments) -> Void) {
        testDescription = name
        self.chunks = chunks
        self.isTshark = isTshark
        var segments = Segments()
        fill(&segments)
        self.segments = segments
    }

    static let all = [
        FollowCase("in order", ["hello", " hi", "more"]) {
            $0.open()
            $0.add(.first, 101, 501, "PA", "hello")
            $0.add(.second, 501, 106, "PA", "hi")
            $0.add(.first, 106, 503, "PA", "more")
        },
        FollowCase("out of order", ["hello", "world", " answer"]) {
            $0.open()
            $0.add(.first, 106, 501, "PA", "world")
            $0.add(.first, 101, 501, "PA", "hello")
            $0.add(.second, 501, 111, "PA", "answer")
        },
        FollowCase("sent again with more, and otherwise", ["hello", "xyz"]) {
            $0.open()
            $0.add(.first, 101, 501, "PA", "hello")
            $0.add(.first, 101, 501, "PA", "HELLOxyz")
            $0.add(.first, 101, 501, "PA", "HELLO")
        },
        FollowCase("early segments that overlap: the first that came counts", ["hello", "worldly", " answer"]) {
            $0.open()
            $0.add(.first, 106, 501, "PA", "worldly")
            $0.add(.first, 104, 501, "PA", "LOWORLD")
            $0.add(.first, 101, 501, "PA", "hello")
            $0.add(.second, 501, 113, "PA", "answer")
        },
        FollowCase("a gap whose bytes the other side has", ["hello", "[10 bytes missing in capture file].", "world", " answer", "more"]) {
            $0.open()
            $0.add(.first, 101, 501, "PA", "hello")
            $0.add(.first, 116, 501, "PA", "world")
            $0.add(.second, 501, 121, "PA", "answer")
            $0.add(.first, 121, 507, "PA", "more")
        },
        FollowCase("a gap that nobody closes", isTshark: false, ["hello", "[10 bytes missing in capture file].", "world", "more"]) {
            $0.open()
            $0.add(.first, 101, 501, "PA", "hello")
            $0.add(.first, 116, 501, "PA", "world")
            $0.add(.first, 121, 501, "PA", "more")
        },
        FollowCase("a segment that the capture cut, sent again", isTshark: false, ["hello ", "this is long", "world", " answer"]) {
            $0.open()
            $0.add(.first, 101, 501, "PA", "hello this is long", capturing: 6)
            $0.add(.first, 119, 501, "PA", "world")
            $0.add(.first, 101, 501, "PA", "hello this is long")
            $0.add(.second, 501, 124, "PA", "answer")
        },
        FollowCase("a segment that the capture cut", isTshark: false, ["hello ", "[12 bytes missing in capture file].", "world", " answer"]) {
            $0.open()
            $0.add(.first, 101, 501, "PA", "hello this is long", capturing: 6)
            $0.add(.first, 119, 501, "PA", "world")
            $0.add(.second, 501, 124, "PA", "answer")
        },
        FollowCase("begun in the middle", ["server first", " client", "next"]) {
            $0.add(.second, 900, 111, "PA", "server first")
            $0.add(.first, 111, 912, "PA", "client")
            $0.add(.second, 890, 111, "PA", "0123456789ABC")
            $0.add(.second, 912, 117, "PA", "next")
        },
        FollowCase("numbers that pass zero", ["0123456789", "xyz", " ok"]) {
            $0.add(.first, .max, 0, "S")
            $0.add(.second, 500, 0, "SA")
            $0.add(.first, 10, 501, "PA", "xyz")
            $0.add(.first, 0, 501, "PA", "0123456789")
            $0.add(.second, 501, 13, "PA", "ok")
        },
        FollowCase("half closed", ["hello", " world", " more"]) {
            $0.open()
            $0.add(.first, 101, 501, "PFA", "hello")
            $0.add(.second, 501, 107, "PA", "world")
            $0.add(.second, 506, 107, "PA", "more")
            $0.add(.second, 510, 107, "FA")
            $0.add(.first, 107, 511, "A")
        },
        FollowCase("ports used again", ["hello"]) {
            $0.open()
            $0.add(.first, 101, 501, "PA", "hello")
            $0.add(.first, 70000, 0, "S")
            $0.add(.second, 80000, 70001, "SA")
            $0.add(.first, 70001, 80001, "PA", "second")
        },
        FollowCase("data with the SYN, lines and control characters", ["early", "a\nb\r.[31m"]) {
            $0.add(.first, 100, 0, "S", "early")
            $0.add(.second, 500, 106, "SA")
            $0.add(.first, 106, 501, "PA", "a\nb\r\u{1b}[31m")
        },
    ]

    /// The chunks as `ascii` has them.
    var text: String {
        chunks.map { chunk in
            let body = chunk.hasPrefix(" ") ? chunk.dropFirst() : chunk[...]
            return "\(chunk.hasPrefix(" ") ? "\t" : "")\(body.utf8.count)\n\(body)\n"
        }.joined()
    }
}

private let rule = "===================================================================\n"

@Suite struct FollowTests {
    @Test(arguments: FollowCase.all) private func bytesInOrder(_ followed: FollowCase) throws {
        let file = try Captures.write("follow-\(UUID().uuidString).pcap", followed.segments.capture)
        let outcome = try Command.run(["follow", file, "--tcp", "0"])
        #expect(outcome.exitCode == 0 && outcome.errors == "")
        #expect(outcome.output.hasPrefix("\n\(rule)Follow: tcp,ascii\nFilter: tcp.stream eq 0\nNode 0: 10.0.0."))
        #expect(outcome.output.hasSuffix(":\(outcome.output.contains("Node 1: 10.0.0.2") ? 80 : 1000)\n\(followed.text)\(rule)"), "\(outcome.output)")
    }

    @Test(.enabled(if: Tshark.isInstalled), arguments: FollowCase.all.filter(\.isTshark), ["ascii", "hex", "raw", "yaml"])
    private func tsharkShowsTheSame(_ followed: FollowCase, _ format: String) throws {
        let file = try Captures.write("follow-\(UUID().uuidString).pcap", followed.segments.capture)
        let theirs = try Tshark.output(of: file, ["-q", "-z", "follow,tcp,\(format),0"])
        #expect(try Command.run(["follow", file, "--tcp", "0", "--as", format]).output == theirs)
        #expect(try Command.read(file, "-q", "-z", "follow,tcp,\(format),0").output == theirs)
    }

    /// A part of a conversation, and more than one at once.
    @Test(.enabled(if: Tshark.isInstalled), arguments: [
        ["follow,tcp,ascii,0,2"], ["follow,tcp,hex,0,2-3"], ["follow,tcp,raw,10.0.0.2:80,10.0.0.1:1000"], ["follow,tcp,yaml,7"], ["follow,tls,ascii,0"],
        ["follow,tcp,hex,0", "follow,udp,ascii,0"],
    ])
    func tsharkShowsTheSamePart(_ arguments: [String]) throws {
        let file = try Captures.write("follow-\(UUID().uuidString).pcap", FollowCase.all[0].segments.capture)
        let options = ["-q"] + arguments.flatMap { ["-z", $0] }
        #expect(try Command.run(["read", file] + options).output == Tshark.output(of: file, options))
    }

    @Test func oneSideAndRanges() throws {
        let file = try Captures.write("follow-\(UUID().uuidString).pcap", FollowCase.all[0].segments.capture)
        func tail(_ arguments: String...) throws -> String {
            let outcome = try Command.run(["follow", file, "--tcp", "10.0.0.1:1000,10.0.0.2:80"] + arguments)
            #expect(outcome.exitCode == 0)
            return outcome.output.components(separatedBy: "Node 1: 10.0.0.2:80\n").last ?? ""
        }
        #expect(try tail("--side", "1") == "\t2\nhi\n" + rule)
        #expect(try tail("--side", "0", "--range", "2-3") == "4\nmore\n" + rule)
        #expect(try tail("--as", "utf-8", "--range", "1") == "5\nhello\n" + rule)
    }

    /// Bytes count where they stand in the conversation, shown or not, and a gap belongs to what comes behind it.
    @Test func aDisplayFilterChoosesWhatIsShown() throws {
        var segments = FollowCase.all[1].segments
        segments.add(.second, 507, 111, "PA", "more")
        segments.add(.second, 521, 111, "PA", "late")
        segments.add(.first, 111, 525, "A")
        let file = try Captures.write("follow-\(UUID().uuidString).pcap", segments.capture)
        func tail(_ arguments: String...) throws -> String {
            let outcome = try Command.run(["follow", file, "--tcp", "0"] + arguments)
            #expect(outcome.exitCode == 0)
            return outcome.output.components(separatedBy: "Node 1: 10.0.0.2:80\n").last ?? ""
        }
        #expect(try tail("-Y", "frame.number == 4 || frame.number == 6") == "5\nworld\n\t6\nanswer\n" + rule)
        #expect(try tail("-Y", "frame.number == 4", "--as", "hex") == "00000005  77 6f 72 6c 64                                    world\n" + rule)
        #expect(try tail("-Y", "tcp.seq_raw == 521") == "\t35\n[10 bytes missing in capture file].\n\t4\nlate\n" + rule)
        #expect(try tail("-Y", "tcp.srcport == 1000", "--range", "2") == "5\nworld\n" + rule)
        #expect(try tail("-Y", "udp") == rule)
        #expect(try Command.run(["follow", file, "--tcp", "0", "-Y", "udp.prot"]).exitCode == 2)
    }

    @Test func whatIsNotValidIsSaid() throws {
        let file = try Captures.write("follow-\(UUID().uuidString).pcap", FollowCase.all[0].segments.capture)
        for arguments in [
            [], ["--tcp", "x"], ["--tcp", "0", "--udp", "0"], ["--tcp", "0", "--as", "x"], ["--tcp", "0", "--side", "2"], ["--tcp", "0", "--range", "3-2"],
            ["--tcp", "1.2.3.4:5"], ["--tcp", "[::1]:5,1.2.3.4:5"], ["--tcp", "4294967296"],
        ] {
            let outcome = try Command.run(["follow", file] + arguments)
            #expect(outcome.exitCode == 1 && outcome.output == "" && outcome.errors.hasPrefix("wirelark: "), "\(arguments)")
        }
        for argument in ["follow", "follow,tcp", "follow,tcp,ascii", "follow,tcp,ascii,0,", "follow,tcp,ascii,0,0", "follow,tcp,x,0", "follow,x,ascii,0"] {
            let outcome = try Command.read(file, "-q", "-z", argument)
            #expect(outcome.exitCode == 1 && outcome.output == "", "\(argument)")
        }
    }

    /// Letters and digits, which tshark shows as points.
    @Test func ebcdicIsReadable() throws {
        var segments = Segments()
        segments.open()
        segments.add(.first, 101, 501, "PA", "@K")
        let file = try Captures.write("follow-\(UUID().uuidString).pcap", segments.capture)
        #expect(try Command.run(["follow", file, "--tcp", "0", "--as", "ebcdic"]).output.hasSuffix("2\n .\n" + rule))
    }
}

/// Conversations of other projects' captures, as tshark follows them.
@Suite(.enabled(if: Tshark.isInstalled && SharedCaptures.isPresent, SharedCaptures.absence))
struct FollowedCaptureTests {
    @Test(arguments: [
        ("zeek+zeek/testing/btest/Traces/mysql/query-attr.pcap", "tcp"), ("secdev+scapy/test/pcaps/http_chunk.pcap.gz", "tcp"),
        ("secdev+scapy/test/pcaps/http_chunk.pcap.gz", "http"), ("nfstream+nfstream/tests/pcaps/ssh.pcap", "tcp"),
        ("ITI+ICS-Security-Tools/pcaps/beckoff/addroute1.pcapng", "udp"), ("cisco+mercury/unit_tests/pcaps/imap2.pcap", "tcp"),
    ])
    func tsharkShowsTheSame(_ name: String, _ proto: String) throws {
        let file = SharedCaptures.directory.appending(path: "captures/\(name)").path
        for format in ["ascii", "hex", "raw"] {
            #expect(try Command.run(["follow", file, "--\(proto)", "0", "--as", format]).output == Tshark.output(of: file, ["-q", "-z", "follow,\(proto),\(format),0"]))
        }
    }
}
