import Dissection
import Wire

/// A fixture with one field wanted at a time: it has the values that it has in the whole tree.
struct WantCheck {
    let bed: TestBed
    let fixture: Fixture

    /// One occurrence of a field.
    private struct Occurrence: Equatable, CustomStringConvertible {
        var frame: UInt32
        var value: UInt64
        var byteCount: UInt32

        var description: String { "frame \(frame): \(value) of \(byteCount) bytes" }
    }

    func run() -> String? {
        let whole = occurrences(bed.plan)
        var findings = Findings()
        let fields = whole.keys.sorted { $0.rawValue < $1.rawValue }
        for index in Effort.spread(0..<fields.count, cost: fixture.frames.count) {
            let field = fields[index]
            let plan = Plan(bed.registry, fields: [field], labels: false, columns: false)
            let (found, expected) = (occurrences(plan)[field, default: []], whole[field, default: []])
            if found != expected { findings.add("\(bed.registry[field].abbreviation): \(found), not \(expected)") }
        }
        return findings.report("\(fixture.name): one field alone")
    }

    /// Where each field occurs under a plan; texts without a field are none.
    private func occurrences(_ plan: Plan) -> [FieldID: [Occurrence]] {
        var found: [FieldID: [Occurrence]] = [:]
        var context = Context(bed.registry, plan: plan)
        for frame in fixture.frames {
            bed.dissect(frame, &context) { frame in
                for index in 0..<frame.itemCount where frame.item(index).field != .text {
                    let item = frame.item(index)
                    let value = TreeSnapshot.value(of: item, bed, frame)
                    found[item.field, default: []].append(Occurrence(frame: frame.info.number, value: value, byteCount: item.byteCount))
                }
            }
        }
        return found
    }
}
