import Foundation
import TestSupport
import Testing

/// `-R` with `-2`.
@Suite struct ReadFilterTests {
    private let file: String

    init() throws {
        var segments = Segments()
        segments.open()
        segments.add(.first, 101, 501, "PA", "GET / HTTP/1.1\r\n\r\n")
        segments.add(.second, 501, 119, "A")
        segments.add(.second, 501, 119, "PA", "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nabc")
        segments.add(.second, 542, 119, "PA", "def")
        file = try Captures.write("read-filter-\(UUID().uuidString).pcap", segments.capture)
    }

    /// Frames that do not pass have no number, but what they did to the conversation stays.
    @Test func framesThatPassAreCounted() throws {
        func lines(_ arguments: String...) throws -> [String] {
            let outcome = try Command.run(["read", "-n", file, "-2", "-T", "fields", "-e", "frame.number", "-e", "tcp.seq", "-e", "tcp.len"] + arguments)
            #expect(outcome.exitCode == 0)
            return outcome.output.split(separator: "\n").map(String.init)
        }
        #expect(try lines("-R", "tcp.len > 0") == ["1\t1\t18", "2\t1\t41", "3\t42\t3"])
        #expect(try lines("-R", "tcp.len > 0", "-Y", "tcp.len < 10") == ["3\t42\t3"])
        #expect(try lines("-R", "tcp.len > 0", "-c", "6") == ["1\t1\t18", "2\t1\t41"])
        #expect(try lines("-R", "http", "-e", "http.file_data") == ["1\t1\t18\t", "2\t42\t3\tabcdef"])
        #expect(try lines("-R", "udp") == [])
    }

    @Test(.enabled(if: Tshark.isInstalled), arguments: ["tcp.len > 0", "http", "tcp.flags.syn == 0"]) func tsharkShowsTheSame(_ filter: String) throws {
        let options = ["-2", "-R", filter, "-T", "fields", "-e", "frame.number", "-e", "frame.time_relative", "-e", "tcp.seq", "-e", "http.response.code"]
        #expect(try Command.run(["read", "-n", file] + options).output == Tshark.output(of: file, options))
    }

    /// What a shell asks the program for: the option, the word that is completed, and the words of the line.
    @Test func theShellGetsCompletions() throws {
        func completions(_ command: String, _ option: String, _ words: String...) throws -> [String] {
            let outcome = try Command.run(
                ["---completion", command, "--", option, "\(words.count - 1)", "\(words.last?.count ?? 0)"] + words, environment: ["SAP_SHELL": "bash"])
            #expect(outcome.exitCode == 0)
            return outcome.output.split(separator: "\n").map(String.init)
        }
        #expect(try completions("read", "--display-filter", "wirelark", "read", "-Y", "tcp.srcp") == ["tcp.srcport"])
        #expect(try completions("read", "--display-filter", "wirelark", "read", "-Y", "'tcp and http.hos") == ["'tcp and http.host"])
        #expect(try completions("read", "-e", "wirelark", "read", "-e", "frame.num").contains("frame.number"))
        #expect(try completions("filter", "positional@0", "wirelark", "filter", "tcp.flags.sy").contains("tcp.flags.syn"))
    }

    @Test func whatIsNotValidIsSaid() throws {
        for (arguments, code) in [(["-R", "tcp"], 1), (["-2", "-R", "nonsense"], 2)] {
            let outcome = try Command.run(["read", file] + arguments)
            #expect(outcome.exitCode == Int32(code) && outcome.output == "" && outcome.errors.hasPrefix("wirelark: "))
        }
    }
}
