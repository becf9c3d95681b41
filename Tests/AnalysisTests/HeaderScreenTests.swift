import Analysis
import CaptureFile
import Dissection
import DisplayFilter
import TestSupport
import Testing

/// What a filter refuses by headers alone: fewer frames are dissected, and what is shown is the same.
@Suite struct HeaderScreenTests {
    private static let capture = PackageRoot.url.appending(path: "Fixtures/captures/http.pcap").path
    private let bed: TestBed

    init() throws { bed = try TestBed() }

    @Test(arguments: [
        ("tcp.port == 1", true), ("udp.port == 53", true), ("tcp.port == 80", true), ("tcp.port in {1..79}", true), ("ip.addr == 192.0.2.0/24", true), ("not ip", true),
        ("ip.addr == 10.9.0.1 and tcp.port == 80 and http", true), ("not tcp", true), ("tcp and not tcp.port == 80", true), ("tcp xor ip", true), ("tcp.port != 80", true),
        ("ipv6.addr == fe80::/10", true), ("udp and frame contains \"a\"", true), ("tcp.port == 1 or udp", true), ("tcp or frame.len > 100", false),
        // Nothing that the frames of a conversation have in common, but its protocols.
        ("ip.src == 192.0.2.1", false), ("frame contains \"GET\"", false), ("frame.len > 100", false),
        ("tcp.srcport == 1", true), ("tcp.flags.syn == 1", true), ("http", true), ("arp", true), ("tcp.flags.syn == 1 or udp", false),
        // Numbers of streams count all conversations, but no other protocol.
        ("tcp.stream == 0 and tcp.port == 80", true), ("tcp.stream >= 0", true), ("udp.stream == 1", true), ("ip.src == 10.9.0.1 and udp.stream == 1 or tcp.stream == 1", false),
    ])
    func showsTheSameWithFewerFramesDissected(_ text: String, _ refusesSome: Bool) throws {
        let filter = try DisplayFilter(text, registry: bed.registry)
        let whole = try shown(filter, screened: false)
        let screened = try shown(filter, screened: true)
        #expect(screened.lines == whole.lines)
        #expect((screened.dissectedCount < whole.dissectedCount) == refusesSome, "\(screened.dissectedCount) of \(whole.dissectedCount) are dissected")
        #expect(screened.frameCount == whole.frameCount)
    }

    @Test func nothingIsRefusedWhereStreamsAreNumbered() throws {
        let filter = try DisplayFilter("tcp.port == 80", registry: bed.registry)
        #expect(HeaderScreen(filter, plan: Plan.everything(bed.registry), bed.registry) == nil)
        #expect(HeaderScreen(filter, plan: Plan(bed.registry, filter.wants), bed.registry) != nil)
    }

    private func shown(_ filter: DisplayFilter, screened: Bool) throws -> (lines: [String], dissectedCount: Int, frameCount: UInt32) {
        let plan = Plan(bed.registry, filter.wants.union(PlanWants(columns: true)))
        var session = try Session(bed.registry, reader: CaptureReader(path: Self.capture), plan: plan, resolution: NameResolution())
        if screened { session.screen(by: filter) }
        var (lines, dissectedCount): ([String], Int) = ([], 0)
        while try session.next() {
            dissectedCount += 1
            guard filter.matches(session.context.dissected) else { continue }
            let info = session.context.columns.info.string
            lines.append("\(session.context.frame.number) \(session.context.frame.timeDelta ?? .zero) \(session.context.frame.timeRelative ?? .zero) \(info)")
        }
        return (lines, dissectedCount, session.frameCount)
    }
}
