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
        ["-o", "uat:80211_keys:\"wpa-pwd\",\"secret12\""], ["-X", "foo", "-P"],
        ["-x", "-S", "next"], ["-V", "-S", "next"], ["-V", "-x", "-S", "next"], ["-S", "next"], ["--hexdump", "frames"], ["--hexdump", "all", "-P"],
        ["--hexdump", "delimit", "-V"], ["--hexdump", "noascii"], ["-x", "--hexdump", "noascii", "--hexdump", "ascii"], ["-W", "n"], ["-C", "Default"],
        ["--enable-heuristic", "http_tcp"],
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
            ["-a", "filesize:1"], ["--hexdump", "nonsense"], ["-T", "fields", "-e", "ip.src", "--hexdump", "all"], ["-T", "ps"], ["-W", "z"], ["-H", "/dev/null"],
            ["-M", "100"], ["-C", "nonsense"], ["-C", "../.."], ["--disable-heuristic", "nonsense"], ["--enable-heuristic", "nonsense"],
            ["-d", ""], ["-d", "tcp.port"], ["-d", "tcp.port==80"], ["-d", "tcp.port==80,"], ["-d", "tcp.port==80,nonsense"], ["-d", "nonsense==80,http"],
            ["-d", "tcp.port==80-70,http"], ["-d", "tcp.port==80:0,http"], ["-d", "tcp.port==80x,http"],
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

    @Test func aRuleMayHaveOneSignForEquality() throws {
        let outcome = try Command.read("-n", Self.file, "-d", "tcp.port=80,data")
        #expect(outcome.exitCode == 0 && outcome.errors.hasPrefix("wirelark: \"-d tcp.port=80,data\" is taken"))
        #expect(try outcome.output == Command.read("-n", Self.file, "-d", "tcp.port==80,data").output)
    }

    /// A profile's macros are there in place of the user's own.
    @Test func aProfileHasMacrosOfItsOwn() throws {
        let home = Captures.directory.appendingPathComponent("profiles-\(UUID().uuidString)")
        let profile = home.appendingPathComponent("wireshark/profiles/mine")
        try FileManager.default.createDirectory(at: profile, withIntermediateDirectories: true)
        try Data("\"long\",\"frame.len > $1\"\n".utf8).write(to: profile.appendingPathComponent("dfilter_macros"))
        let arguments = ["read", "-n", Self.file, "-Y", "${long:80}", "-T", "fields", "-e", "frame.number"]
        let environment = ["XDG_CONFIG_HOME": home.path, "TZ": "UTC"]
        #expect(try Command.run(arguments + ["-C", "mine"], environment: environment).output == "4\n6\n")
        #expect(try Command.run(arguments, environment: environment).exitCode == 2)
    }
}

/// `-e` with more than the name of a field.
@Suite struct ChosenExpressionTests {
    private static let file: String = {
        var segments = Segments()
        segments.open()
        segments.add(.first, 101, 501, "PA", "GET / HTTP/1.1\r\nHost: a.example\r\n\r\n")
        return (try? Captures.write("expressions-\(UUID().uuidString).pcap", segments.capture)) ?? ""
    }()

    private func shown(_ expressions: String...) throws -> String {
        let outcome = try Command.run(["read", "-n", Self.file, "-Y", "frame.number == 4", "-T", "fields"] + expressions.flatMap { ["-e", $0] })
        #expect(outcome.exitCode == 0 && outcome.errors.isEmpty)
        return outcome.output
    }

    @Test(arguments: [
        ("tcp.dstport + 1", "81"), ("tcp.port * 2 - 1", "1999,159"), ("tcp.flags & 0x10", "16"), ("tcp.flags#1", "0x0018"), ("len(tcp.payload)", "35"),
        ("tcp.payload[0:3]", "474554"), ("http.host[0:3]", "612e65"), ("upper(http.host)", "A.EXAMPLE"), ("@tcp.dstport", "0050"), ("ip.src#1", "10.0.0.1"),
        ("count(tcp.port)", "2"), ("max(tcp.port)", "1000"), ("-tcp.len", "-35"), ("vals(ip.proto)", "TCP"), ("string(ip.ttl) matches \"^6\"", "1"),
        ("tcp.port == 80", "1"), ("tcp.port == 81", ""), ("!udp", "1"), ("udp.length + 1", ""), ("frame.time + 86400", "Apr 23, 2019 15:23:21.500000000 UTC"),
        ("tcp.time_delta * 2", "2.000000000"), ("_ws.col.info contains \"GET\"", "1"), ("double(tcp.len)", "35"), ("ip.addr == 10.0.0.0/8", "1"),
    ]) func anExpressionShowsItsValues(_ expression: String, _ values: String) throws {
        #expect(try shown(expression) == values + "\n")
    }

    @Test func expressionsStandBesideFields() throws {
        #expect(try shown("ip.src", "tcp.port - 1", "_ws.col.Protocol") == "10.0.0.1\t999,79\tHTTP\n")
    }

    @Test func eachFormatHasThem() throws {
        func output(_ format: String) throws -> String {
            try Command.read("-n", Self.file, "-Y", "frame.number == 4", "-T", format, "-e", "http.host contains \"a\"", "-e", "tcp.port + 1").output
        }
        let json = try #require(JSONSerialization.jsonObject(with: Data(try output("json").utf8)) as? [[String: Any]])
        let layers = try #require((json.first?["_source"] as? [String: Any])?["layers"] as? [String: [String]])
        #expect(layers == ["http.host contains \"a\"": ["1"], "tcp.port + 1": ["1001", "81"]])
        #expect(try output("ek").contains("\"layers\":{\"http_host contains \\\"a\\\"\":[\"1\"],\"tcp_port + 1\":[\"1001\",\"81\"]}"))
        #expect(try output("pdml").contains("<field name=\"http.host contains &quot;a&quot;\" value=\"1\"/>\n  <field name=\"tcp.port + 1\" value=\"1001\"/>"))
    }

    @Test func whatIsWrongIsMarked() throws {
        let outcome = try Command.read(Self.file, "-T", "fields", "-e", "tcp.port + nonsense")
        #expect(outcome.exitCode == 1 && outcome.output == "" && outcome.errors.contains("\n    tcp.port + nonsense\n               ^~~~~~~~\n"))
        #expect(try Command.read(Self.file, "-T", "fields", "-e", "nonsense").errors.contains("Some fields aren't valid:\n\tnonsense"))
    }
}
