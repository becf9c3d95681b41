import Dissection
import Wire

/// A fixture in one pass, in the first of two, and in the second with the frames in another order: the same trees, but for the
/// fields that look forward.
struct PassCheck {
    let bed: TestBed
    let fixture: Fixture

    func run() -> String? {
        let facts = FactStore(bed.registry)
        let only = trees(.only, nil)
        let first = trees(.first, facts)
        let second = secondTrees(facts)
        var findings = Findings()
        for index in fixture.frames.indices {
            if first[index] != only[index] { findings.add("frame \(index + 1), first of two passes:\n" + lineDifference(from: only[index], to: first[index])) }
            if second[index] != first[index] { findings.add("frame \(index + 1), second pass:\n" + lineDifference(from: first[index], to: second[index])) }
        }
        return findings.report("\(fixture.name): passes differ")
    }

    private func trees(_ pass: Pass, _ facts: FactStore?) -> [String] {
        var texts: [String] = []
        bed.dissect(fixture.frames, pass: pass, facts: facts) { texts.append(text(of: $0)) }
        return texts
    }

    private func secondTrees(_ facts: FactStore) -> [String] {
        var texts = [String](repeating: "", count: fixture.frames.count)
        var context = Context(bed.registry, plan: bed.plan, pass: .second, facts: facts)
        context.earlierFrames = FixtureFrames(frames: fixture.frames)
        let timed = FixtureClock.timed(fixture.frames)
        for index in Self.shuffled(fixture.frames.count) {
            texts[index] = bed.dissect(timed[index], &context) { text(of: $0) }
        }
        return texts
    }

    private func text(of frame: borrowing DissectedFrame) -> String {
        var out = TextBuffer()
        var writer = GoldenWriter(bed, for: fixture)
        writer.leavesOut = .laterFrames
        writer.append(treeOf: frame, to: &out)
        writer.append(sourcesOf: frame, to: &out)
        return out.string
    }

    /// Last to first, then odd before even: an order that no tracker expects, the same on every run.
    private static func shuffled(_ count: Int) -> [Int] {
        let backwards = Array((0..<count).reversed())
        return backwards.filter { !$0.isMultiple(of: 2) } + backwards.filter { $0.isMultiple(of: 2) }
    }
}

/// The frames of a fixture for what a second pass puts together again.
public struct FixtureFrames: EarlierFrames {
    let frames: [Fixture.Frame]

    public init(frames: [Fixture.Frame]) { self.frames = frames }

    public func copy(frame: UInt32, offset: Int, into buffer: UnsafeMutableRawBufferPointer) -> Int {
        guard frame >= 1, frame <= frames.count else { return 0 }
        let part = frames[Int(frame) - 1].bytes.dropFirst(max(offset, 0)).prefix(buffer.count)
        buffer.copyBytes(from: part)
        return part.count
    }
}
