import Foundation
import TestSupport
import Testing

/// What -z prints of a capture of ours, and of what it cannot print.
@Suite struct StatisticTests {
    private static let statistics = [
        "conv,eth", "conv,ip", "conv,ipv6", "conv,tcp", "conv,udp", "endpoints,eth", "endpoints,ip", "endpoints,ipv6", "endpoints,tcp",
        "endpoints,udp", "io,phs", "io,stat,0", "io,stat,0.01,tcp,FRAMES()udp,SUM(tcp.len)tcp.len,AVG(frame.time_delta)frame.time_delta",
        "http,tree", "http_req,tree", "http_srv,tree", "dns,tree", "plen,tree", "ip_hosts,tree", "ip_srcdst,tree", "ptype,tree", "dests,tree",
        "ipv6_hosts,tree", "ipv6_srcdst,tree", "ipv6_ptype,tree", "ipv6_dests,tree", "expert", "expert,note,tcp", "flow,tcp,standard",
        "flow,any,network", "flow,icmp,standard", "icmp,srt", "icmpv6,srt", "conv,tcp,tcp.port==80",
    ]

    private static let golden = PackageRoot.url.appending(path: "Fixtures/captures/http.statistics")

    @Test func reportsAreThoseOfTheGolden() throws {
        let text = try Self.statistics.map { "# \($0)\n" + (try Command.read("-n", "-q", "-z", $0, SampleCaptureTests.sample).output) }.joined()
        if ProcessInfo.processInfo.environment["WIRELARK_BLESS"] == "1" { try text.write(to: Self.golden, atomically: true, encoding: .utf8) }
        #expect(try text == String(contentsOf: Self.golden, encoding: .utf8))
    }

    @Test(.enabled(if: Tshark.isInstalled, "tshark is not installed"), arguments: statistics)
    func reportsAreTsharks(statistic: String) throws {
        let expected = try Tshark.output(of: SampleCaptureTests.sample, ["-q", "-z", statistic])
        #expect(try Command.read("-n", "-q", "-z", statistic, SampleCaptureTests.sample).output == expected)
    }

    @Test func whatWasAskedForLastComesFirst() throws {
        let both = try Command.read("-n", "-q", "-z", "plen,tree", "-z", "conv,tcp", SampleCaptureTests.sample).output
        let one = try Command.read("-n", "-q", "-z", "conv,tcp", SampleCaptureTests.sample).output
        #expect(both.hasPrefix(one) && both.contains("Packet Lengths:"))
    }

    @Test func twoPassesCountTheSame() throws {
        for statistic in ["conv,tcp", "expert", "dns,tree", "http,tree"] {
            let one = try Command.read("-n", "-q", "-z", statistic, SampleCaptureTests.sample).output
            #expect(try Command.read("-2", "-n", "-q", "-z", statistic, SampleCaptureTests.sample).output == one)
        }
    }

    @Test func jsonOfAllTogetherIsValid() throws {
        let options = Self.statistics.flatMap { ["-z", $0] }
        let outcome = try Command.run(["read", "-n", "-q", "--statistics-format", "json", SampleCaptureTests.sample] + options)
        let reports = try #require(JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [[String: Any]])
        #expect(reports.compactMap { $0["statistic"] as? String } == Self.statistics)
    }

    @Test(arguments: ["bogus", "conv", "flow,any", "flow,tcp,sideways", "io,stat", "io,stat,x", "conv,tcp,ip.", "io,stat,1,SUM(ip.src)ip.src"])
    func whatMakesNoSenseIsASentence(statistic: String) throws {
        let outcome = try Command.read("-q", "-z", statistic, SampleCaptureTests.sample)
        #expect(outcome.exitCode == 1 && outcome.output.isEmpty)
        #expect(outcome.errors.hasPrefix("wirelark: ") && outcome.errors.split(separator: "\n").count == 1)
    }

    /// Ten thousand datagrams, a second apart, each of a conversation of its own.
    private static let many = Captures.capture((0..<10_000).map { Captures.datagram(4000, UInt16(1000 + $0), Array("\($0)".utf8)) })

    @Test(arguments: ["conv,udp", "endpoints,udp", "dests,tree", "io,stat,1,udp", "flow,any,network"])
    func aCaptureForgetsWhatThereIsNoRoomFor(statistic: String) throws {
        let outcome = try Command.run(["capture", "-n", "-q", "-i", "-", "--memory", "4", "-z", statistic, "-z", "plen,tree"], input: Self.many)
        let lines = outcome.errors.split(separator: "\n").filter { $0.hasPrefix("Statistics are not complete") }
        let count = try #require(lines.first?.split(separator: " ").last.flatMap { Int($0) }, "\(outcome.errors)")
        #expect(lines.count == 1 && lines[0].hasSuffix(": \(statistic): \(count)") && count > 1000 && count < 10_000)
        // The last packet is still there.
        #expect(outcome.output.contains("10999") || outcome.output.contains("Dur"))
    }

    @Test func whatIsReadIsCountedWhole() throws {
        let file = try Captures.write("many.pcap", Self.many)
        for statistic in ["conv,udp", "flow,any,network"] {
            let usual = try Command.read("-n", "-q", "-z", statistic, file)
            let small = try Command.read("-n", "-q", "--memory", "4", "-z", statistic, file)
            let piped = try Command.read("-n", "-q", "--memory", "4", "-z", statistic, "-", input: Self.many)
            let captured = try Command.run(["capture", "-n", "-q", "-i", "-", "-z", statistic], input: Self.many)
            #expect(usual.output == small.output && usual.output == piped.output && usual.output == captured.output)
            #expect(![small, piped, captured].contains { $0.errors.contains("not complete") })
        }
    }

    @Test func helpListsEveryStatistic() throws {
        let outcome = try Command.read("-z", "help")
        #expect(outcome.exitCode == 0)
        for name in ["conv,tcp", "endpoints,udp", "io,phs", "flow,icmpv6", "ipv6_dests,tree"] { #expect(outcome.output.contains("     \(name)\n")) }
    }
}
