import Dissection
import Presentation
import TestSupport
import Testing
import Wire

/// Items that are kept, and what printers wrote of them, are the same as those that are worked out anew each time.
@Suite struct KeptItemsTests {
    /// Each frame comes three times, so that all that can be kept is.
    @Test(arguments: ["arp", "dns", "eth", "geneve", "gre", "gtp", "http", "icmp", "icmpv6", "ip", "ipv6", "ppp", "sll", "tcp", "tls", "udp", "vlan", "vxlan"])
    func outputIsTheSame(proto: String) throws {
        var runCount = 0
        for fixture in try Fixture.all(of: proto) where !fixture.frames.isEmpty {
            let bed = try TestBed.shared(for: fixture)
            let frames = fixture.frames.flatMap { [$0, $0, $0] }
            let all = Plan(bed.registry, fields: Set(bed.registry.fields.map(\.id)), labels: true, columns: true, needs: .everything)
            let (anew, noRuns) = try output(frames, bed, all)
            let (kept, runs) = try output(frames, bed, Plan.everything(bed.registry, columns: true))
            #expect(noRuns == 0)
            #expect(kept.count == anew.count)
            for (number, (one, other)) in zip(kept, anew).enumerated() { #expect(one == other, "\(fixture.name), output \(number)") }
            runCount += runs
        }
        #expect(runCount > 0, "nothing of \(proto) was kept")
    }

    /// What each printer writes of each frame, and how many runs of items the frames have.
    private func output(_ frames: [Fixture.Frame], _ bed: TestBed, _ plan: Plan) throws -> (texts: [String], runCount: Int) {
        var tree = TreePrinter(bed.formats)
        let pdml = PDMLPrinter(bed.formats, captureFile: "")
        let json = JSONPrinter(bed.formats)
        var (texts, runCount): ([String], Int) = ([], 0)
        var context = Context(bed.registry, plan: plan)
        for frame in frames {
            bed.dissect(frame, &context) { dissected in
                var out = TextBuffer()
                tree.print(dissected, &out)
                texts.append(out.string)
                out.truncate()
                pdml.print(dissected, &out)
                texts.append(out.string)
                out.truncate()
                json.print(dissected, &out)
                texts.append(out.string)
                runCount += dissected.runCount
            }
        }
        return (texts, runCount)
    }
}
