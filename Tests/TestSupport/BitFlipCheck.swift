import Dissection
import Wire

/// Every frame of a fixture with every single bit turned: nothing traps, in dissecting or in printing, the tree is well formed,
/// its ranges lie inside their sources, and it has no more items than its bytes justify.
///
/// The frames go through one session, so that its state has to bear them as well.
struct BitFlipCheck {
    /// Items for each byte of the frame's sources, at most: flags have a few for each bit.
    private static let itemsPerByte = 40
    /// Items of a frame without bytes, at most.
    private static let itemBase = 400

    let bed: TestBed
    let fixture: Fixture

    func run() -> String? {
        var findings = Findings()
        var context = Context(bed.registry, plan: bed.plan)
        var text = TextBuffer()
        let writer = GoldenWriter(bed, for: fixture)
        for frame in fixture.frames {
            for bit in Effort.spread(0..<frame.bytes.count * 8, cost: fixture.frames.count) {
                var flipped = frame
                flipped.bytes[bit / 8] ^= 0x80 >> UInt8(bit % 8)
                let problem = bed.dissect(flipped, &context) { frame in
                    text.truncate()
                    let problem = Self.problem(frame, bed.registry)
                    if problem == nil, bit % 4 == 0 { writer.append(treeOf: frame, to: &text) }
                    return problem
                }
                if let problem { findings.add("frame \(frame.info.number), byte \(bit / 8), bit \(bit % 8): \(problem)") }
            }
            if let problem = bed.dissect(frame, &context, { Self.problem($0, bed.registry) }) { findings.add("frame \(frame.info.number): \(problem)") }
        }
        return findings.report("\(fixture.name): single bits turned")
    }

    /// What is wrong with the tree, whatever the bytes were.
    static func problem(_ frame: borrowing DissectedFrame, _ registry: Registry) -> String? {
        var byteCount = 0
        for index in 0..<frame.sources.count { byteCount += frame.sources[index].bytes.count }
        if frame.itemCount > itemBase + itemsPerByte * byteCount { return "\(frame.itemCount) items from \(byteCount) bytes" }
        var depth = -1
        for index in 0..<frame.itemCount {
            let item = frame.item(index)
            if let problem = problem(item, frame) { return "item \(index) (\(registry[item.field].abbreviation)): \(problem)" }
            if Int(item.depth) > depth + 1 { return "item \(index) (\(registry[item.field].abbreviation)) is \(item.depth) deep after \(depth)" }
            depth = Int(item.depth)
        }
        return nil
    }

    private static func problem(_ item: Item, _ frame: borrowing DissectedFrame) -> String? {
        guard Int(item.source) < frame.sources.count else { return "source \(item.source) of \(frame.sources.count)" }
        let byteCount = frame.sources[Int(item.source)].bytes.count
        if Int(item.offset) + Int(item.byteCount) > byteCount { return "range \(item.offset)+\(item.byteCount) in a source of \(byteCount) bytes" }
        if frame.labelText(item).count > frame.text.count { return "label outside the texts" }
        let value = ArenaRange(packed: item.value).range
        if item.flags.contains(.inArena), value.upperBound > frame.text.count { return "value outside the texts" }
        if item.flags.contains(.ownRange), value.upperBound > byteCount { return "value outside its source" }
        return nil
    }
}
