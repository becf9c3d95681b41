import Dissection

/// Every prefix of a fixture's last frame, once as the cut of a capture and once as a whole shorter frame.
///
/// The items that end before the cut are those of the full frame. (But in a marked tree hidden ones may be missing, and those
/// that share bytes with an item across the cut: parts of a number, or of a header, that is read as a whole.) Where the full frame has an item across the cut, or in a
/// cut capture one behind it, and the tree of the prefix neither has that item's beginning nor is marked as truncated or
/// malformed, bytes went missing in silence.
struct PrefixCheck {
    enum Cut: String, CaseIterable {
        case ofCapture = "captured bytes of the frame"
        case ofFrame = "bytes as a whole frame"
    }

    let bed: TestBed
    let fixture: Fixture
    /// Names of fields that depend on how long the frame is.
    let lengthDependent: Set<String>
    /// Names of protocols that show nothing unless all of their header is there.
    let readAtOnce: Set<String>

    func run() -> String? {
        guard let last = fixture.frames.last else { return nil }
        let full = snapshot(of: last)
        var findings = Findings()
        for cut in Cut.allCases {
            for byteCount in Effort.spread(0..<last.bytes.count, cost: 2 * fixture.frames.count) {
                let part = snapshot(of: prefix(of: last, byteCount, cut))
                compare(part, full, byteCount, cut, &findings)
            }
        }
        return findings.report("\(fixture.name): prefixes of frame \(last.info.number)")
    }

    private func prefix(of frame: Fixture.Frame, _ byteCount: Int, _ cut: Cut) -> Fixture.Frame {
        var part = frame
        part.bytes.removeLast(frame.bytes.count - byteCount)
        part.info.capturedByteCount = byteCount
        part.info.originalByteCount = cut == .ofCapture ? max(frame.info.originalByteCount, frame.bytes.count) : byteCount
        return part
    }

    /// The tree of `frame` after all but the last of the fixture's frames.
    private func snapshot(of frame: Fixture.Frame) -> TreeSnapshot {
        var context = Context(bed.registry, plan: bed.plan)
        for earlier in fixture.frames.dropLast() { bed.dissect(earlier, &context) { _ in } }
        return bed.dissect(frame, &context) { TreeSnapshot(bed, $0) }
    }

    private func compare(_ part: TreeSnapshot, _ full: TreeSnapshot, _ byteCount: Int, _ cut: Cut, _ findings: inout Findings) {
        var left = Dictionary(grouping: part.items) { $0 }.mapValues(\.count)
        let partStarts = Set(part.items.map { Start($0) })
        let crossing = full.items.filter { (!$0.isNode || isReadAtOnce($0)) && $0.offset < byteCount && $0.end > byteCount }
        for item in full.items where !isLengthDependent(item) {
            if item.end <= byteCount {
                if let count = left[item], count > 0 {
                    left[item] = count - 1
                } else if !part.isMarked || !item.isHidden && !crossing.contains(where: { $0.offset < item.end }) {
                    findings.add("\(byteCount) \(cut.rawValue): \(describe(item)) is missing or differs")
                }
            } else if !part.isMarked, !partStarts.contains(Start(item)), item.offset < byteCount || cut == .ofCapture {
                findings.add("\(byteCount) \(cut.rawValue): \(describe(item)) was cut and nothing says so")
            }
        }
        // What was put together from the whole frame and is not from the prefix stands in the frame itself then.
        if part.sourceCount < full.sourceCount { return }
        let fullStarts = Set(full.items.filter { $0.end > byteCount }.map { Start($0) })
        for (item, count) in left where count > 0 && item.end <= byteCount && !isLengthDependent(item) {
            if item.end == byteCount, fullStarts.contains(Start(item)) { continue }
            findings.add("\(byteCount) \(cut.rawValue): \(describe(item)) is not in the full frame")
        }
    }

    /// An item as far as it is the same however many of its bytes there are.
    private struct Start: Hashable {
        let field: FieldID
        let offset: Int
        init(_ item: TreeItem) { (field, offset) = (item.field, item.offset) }
    }

    private func isReadAtOnce(_ node: TreeItem) -> Bool { readAtOnce.contains(bed.registry[node.field].abbreviation) }

    private func isLengthDependent(_ item: TreeItem) -> Bool { lengthDependent.contains(bed.registry[item.field].abbreviation) }

    private func describe(_ item: TreeItem) -> String {
        "\(item.field == .text ? "text" : bed.registry[item.field].abbreviation) \(item.offset)+\(item.byteCount)"
    }
}
