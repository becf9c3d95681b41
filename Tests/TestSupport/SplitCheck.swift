import Dissection
import Presentation
import Wire

/// A conversation with each turn cut in two at every place, and with every byte in a segment of its own: the layers over TCP
/// are the same.
struct SplitCheck {
    let bed: TestBed
    let fixture: Fixture

    func run() -> String? {
        guard let stream = fixture.stream, isOfStreamProtocol else { return nil }
        let whole = layers(of: fixture.frames)
        var findings = Findings()
        func compare(_ frames: [Fixture.Frame], _ name: String) {
            let split = layers(of: frames)
            if split != whole { findings.add("\(name):\n" + lineDifference(from: whole, to: split)) }
        }
        for (index, turn) in stream.turns.enumerated() where turn.bytes.count > 1 {
            for offset in Effort.spread(1..<turn.bytes.count, cost: stream.turns.count * fixture.frames.count) {
                compare(stream.frames(splitting: index, at: [offset]), "turn \(index + 1) cut after \(offset) bytes")
            }
        }
        compare(stream.framesByteByByte(), "byte by byte")
        return findings.report("\(fixture.name): segmentation")
    }

    /// Whether the fixture is of a protocol that says where its PDUs end: what others get is cut as the segments are.
    private var isOfStreamProtocol: Bool {
        let abbreviation = fixture.name.prefix { $0 != "/" }
        return bed.registry.dissectors.contains { $0.name == abbreviation && $0.runsOverStream }
    }

    /// Whether a layer is what a segment carries, so that its PDUs alone are the same however the stream is cut.
    private var hasLayersOfSegments: Bool {
        let abbreviation = fixture.name.prefix { $0 != "/" }
        return bed.registry.dissectors.contains { $0.name == abbreviation && $0.takesIncomplete }
    }

    /// The PDUs of a tree without the layers that they stand in and the places that follow from those. What is none of the protocol's
    /// is handed on as the segments are cut, and left out.
    private func pdus(_ tree: String) -> String {
        tree.split(separator: "\n").filter { line in
            let name = line.drop { $0 == " " }
            return line.hasPrefix("    ") && !name.hasPrefix("data.")
        }.map { $0.replacing(/\ \d+\+\d+(@\d+)?/, with: "", maxReplacements: 1) }.joined(separator: "\n")
    }

    private func isEmptyLayer(_ frame: borrowing DissectedFrame, _ index: Int) -> Bool {
        guard index < frame.itemCount, frame.item(index).depth == 0, bed.registry[frame.item(index).field].type == .proto else { return false }
        return index + 1 == frame.itemCount || frame.item(index + 1).depth == 0
    }

    /// The trees of all that stands above TCP, in the order of the frames, without what tells where the segments were.
    private func layers(of frames: [Fixture.Frame]) -> String {
        var out = TextBuffer()
        let tcp = bed.registry.field(named: "tcp")?.id
        var writer = GoldenWriter(bed, for: fixture)
        writer.leavesOut = .everything
        writer.placesFromLayer = true
        bed.dissect(frames) { frame in
            var index = 0
            while index < frame.itemCount, frame.item(index).field != tcp { index += 1 }
            repeat { index += 1 } while index < frame.itemCount && frame.item(index).depth > 0
            // A layer that covers no more than the beginning of a PDU is empty.
            while isEmptyLayer(frame, index) { index += 1 }
            writer.append(treeOf: frame, from: index, to: &out)
        }
        return hasLayersOfSegments ? pdus(out.string) : out.string
    }
}
