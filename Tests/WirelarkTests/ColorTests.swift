import Foundation
import TestSupport
import Testing

@Suite struct ColorTests {
    private static let rules = """
        # Three rules, one of them off.
        !@Everything@frame@[0,0,0][65535,65535,65535]
        @Long@udp.length > 20@[4626,10023,11822][65535,0,257]
        @UDP@udp@[58596,65535,51143][4626,10023,11822]

        """

    private let file: String
    private let directory: URL

    init() throws {
        file = try Captures.write("colors-\(UUID().uuidString).pcap", Captures.three)
        directory = Captures.directory.appendingPathComponent("config-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        try Data(Self.rules.utf8).write(to: directory.appendingPathComponent("colorfilters"))
    }

    private var environment: [String: String] { ["WIRESHARK_CONFIG_DIR": directory.path] }

    private func read(_ arguments: String...) throws -> Outcome {
        try Command.run(["read", "-n", file] + arguments, environment: environment)
    }

    @Test func theFirstRuleThatHoldsCounts() throws {
        let rule = ["-T", "fields", "-e", "frame.coloring_rule.name", "-e", "frame.coloring_rule.string"]
        let outcome = try Command.run(["read", file, "--color"] + rule, environment: environment)
        #expect(outcome.output == "UDP\tudp\nLong\tudp.length > 20\n\t\n")
        #expect(try Command.run(["read", file] + rule, environment: environment).output == "\t\n\t\n\t\n")
        #expect(try read("--color", "-Y", "frame.coloring_rule.name == \"Long\"", "-T", "fields", "-e", "frame.number").output == "2\n")
    }

    @Test func packetsInXMLHaveTheirColors() throws {
        for format in ["psml", "pdml"] {
            let lines = try read("--color", "-T", format).output.split(separator: "\n").filter { $0.hasPrefix("<packet") }
            #expect(lines == ["<packet foreground='#12272e' background='#e4ffc7'>", "<packet foreground='#ff0001' background='#12272e'>", "<packet>"])
        }
    }

    /// A file that is no terminal gets no colours.
    @Test func textInAFileHasNone() throws {
        let plain = try read()
        #expect(try read("--color") .output == plain.output && !plain.output.contains("\u{1b}"))
    }

    @Test func rulesMayBeNamed() throws {
        let path = try Captures.write("rules-\(UUID().uuidString)", Data("@Mine@eth@[0,0,0][65535,65535,65535]\n".utf8))
        #expect(try read("--color-rules", path, "-T", "fields", "-e", "frame.coloring_rule.name").output == "Mine\nMine\nMine\n")
        let bad = try Captures.write("rules-\(UUID().uuidString)", Data("@Mine@nonsense@[0,0,0][65535,65535,65535]\n".utf8))
        let outcome = try read("--color-rules", bad)
        #expect(outcome.exitCode == 2 && outcome.errors.contains("Line 1"))
        #expect(try read("--color-rules", "/nowhere").exitCode == 2)
    }

    @Test(.enabled(if: Tshark.isInstalled)) func tsharkColorsTheSame() throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["WIRESHARK_CONFIG_DIR=\(directory.path)", "TZ=UTC", "tshark", "-n", "-r", file, "--color", "-V"]
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = FileHandle.nullDevice
        try process.run()
        let theirs = String(decoding: try pipe.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
        process.waitUntilExit()
        let ours = try read("--color", "-V").output
        func lines(_ text: String) -> [Substring] { text.split(separator: "\n").filter { $0.contains("Color") || $0.contains("Protocols in frame") } }
        #expect(lines(ours) == lines(theirs) && lines(ours).count == 7)
    }
}
