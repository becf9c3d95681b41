import Foundation
import TestSupport
import Testing

/// The formats and options of `read` beside tshark's, byte by byte.
@Suite struct OutputFormatTests {
    private static let file: String = {
        var segments = Segments()
        segments.open()
        segments.add(.first, 101, 501, "PA", "GET / HTTP/1.1\r\nHost: a.example\r\n\r\n")
        segments.add(.second, 501, 136, "A")
        segments.add(.second, 501, 136, "PA", "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nabcdef")
        return (try? Captures.write("formats-\(UUID().uuidString).pcap", segments.capture)) ?? ""
    }()

    private static let columns = """
        gui.column.format:"n","%m","t","%t","r","%Rt","d","%Tt","a","%At","y","%Yt","z","%YDOYut","s","%us","d","%ud","d","%und","s","%uns",\
        "h","%uhs","g","%uhd","p","%uS","q","%uD","L","%L","B","%B","a","%a","c","%Cus:tcp.flags.syn:0:R","u","%Cus:tcp.port:0:U",\
        "l","%Cus:tcp.port:-1:R","x","%Cus:ip.proto:0:R","y","%Cus:ip.proto:0:U","i","%i"
        """

    static let options: [[String]] = [
        ["-T", "ek"], ["-T", "ek", "-x"], ["-T", "ek", "-e", "tcp.port", "-e", "_ws.col.Info", "-e", "tcp.flags.syn"],
        ["-T", "ek", "-j", "ip tcp"], ["-T", "ek", "-J", "ip http"], ["-T", "json", "--no-duplicate-keys", "-x"],
        ["-T", "json", "--no-duplicate-keys", "-j", "ip tcp ip.flags"], ["-T", "json", "--no-duplicate-keys", "-J", "ip http"],
        ["-o", columns], ["-T", "tabs", "-o", columns], ["-T", "fields", "-o", "gui.column.format:\"My column\",\"%i\"", "-e", "_ws.col.My column"],
        ["-u", "hms"], ["-u", "hms", "-t", "d"], ["-u", "s", "-t", "dd"], ["-t", "a"], ["-t", "ad"], ["-t", "adoy"], ["-t", "e"], ["-t", "u"], ["-t", "ud"],
        ["-t", "udoy"], ["-a", "packets:2"], ["--disable-protocol", "http"], ["--disable-protocol", "tcp"],
        ["--disable-protocol", "http", "--enable-protocol", "http"], ["--disable-protocol", "rtp"],
        ["-o", "tls.keylog_file:/nowhere", "-o", "ssl.keylog_file:/nowhere", "-o", "tcp.reassemble_out_of_order:TRUE", "-o", "nameres.mac_name:FALSE"],
        ["-o", "uat:80211_keys:\"wpa-pwd\",\"secret12\""], ["-X", "read_format:none", "-K", "/nowhere", "-P"],
    ]

    @Test(.enabled(if: Tshark.isInstalled), arguments: options) func tsharkPrintsTheSame(_ options: [String]) throws {
        let outcome = try Command.run(["read", "-n", Self.file] + options)
        #expect(outcome.exitCode == 0 && outcome.errors.isEmpty && !outcome.output.isEmpty)
        #expect(try outcome.output == Tshark.output(of: Self.file, options))
    }

    @Test(.enabled(if: Tshark.isInstalled), arguments: [["-T", "psml"], ["-T", "pdml", "-j", "ip tcp ip.flags"], ["-T", "pdml", "-J", "ip tcp"]])
    func tsharkPrintsTheSameXML(_ options: [String]) throws {
        func packets(_ text: String) -> Substring { text[(text.firstRange(of: "<packet>")?.lowerBound ?? text.endIndex)...] }
        let output = try Command.run(["read", "-n", Self.file] + options).output
        #expect(output.hasPrefix("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<p"))
        #expect(try packets(output) == packets(Tshark.output(of: Self.file, options)))
    }

    /// Raw JSON differs in fields that tshark puts in no buffer at all.
    @Test func rawJSONHasBytesPlaceAndType() throws {
        let output = try Command.read("-n", Self.file, "-T", "jsonraw", "-Y", "frame.number == 4").output
        let frames = try #require(JSONSerialization.jsonObject(with: Data(output.utf8)) as? [[String: Any]])
        let layers = try #require((frames.first?["_source"] as? [String: Any])?["layers"] as? [String: Any])
        let ip = try #require(layers["ip"] as? [String: Any])
        #expect(ip["ip.version_raw"] as? NSArray == ["45", 14, 1, 0, 4] as NSArray)
        #expect(ip["ip.flags_raw"] as? NSArray == ["0", 20, 1, 0xe0, 4] as NSArray)
        #expect(ip["ip.version"] == nil)
        let flags = try #require((layers["tcp"] as? [String: Any])?["tcp.flags_tree"] as? [String: Any])
        #expect(flags["tcp.flags.ack_raw"] as? NSArray == ["1", 47, 1, 16, 2] as NSArray)
    }

    @Test func whatIsNotValidIsSaid() throws {
        for arguments in [
            ["-u", "x"], ["-a", "duration:1"], ["-a", "nonsense:1"], ["-a", "packets:0"], ["-o", "gui.column.format:\"a\""], ["-o", "tcp.nonsense:1"],
            ["-o", "nonsense"], ["-T", "psml", "-x"], ["-T", "psml", "-e", "ip.src"], ["-j", "ip"], ["-G", "nonsense"], ["-i", "eth0"],
        ] {
            let outcome = try Command.run(["read", Self.file] + arguments)
            #expect(outcome.exitCode == 1 && outcome.output == "" && outcome.errors.hasPrefix("wirelark: "), "\(arguments): \(outcome)")
        }
    }

    @Test func aHeuristicCanBeSwitchedOff() throws {
        var segments = Segments()
        segments.open()
        segments.add(.first, 101, 501, "PA", "GET / HTTP/1.1\r\n\r\n")
        let file = try Captures.write("heuristic-\(UUID().uuidString).pcap", segments.capture)
        func protocols(_ arguments: String...) throws -> String {
            try Command.run(["read", file, "-d", "tcp.port==80,data", "-Y", "frame.number == 4", "-T", "fields", "-e", "_ws.col.Protocol"] + arguments).output
        }
        #expect(try protocols("--disable-heuristic", "http_tcp") == "TCP\n")
    }
}
