import Dissection
import Foundation
import Presentation
import Wire

/// The dissection of a fixture as text that is made for reading in a diff: of each frame the columns, the tree (one item a
/// line: name, value, place, flags, label) and the bytes of the sources that were derived.
struct GoldenWriter {
    let bed: TestBed
    /// Whether the items below the frame's own node are shown: they say of every fixture the same.
    let showsFrameFields: Bool
    /// Items of fields that need any of these are left out, with what stands under them.
    var leavesOut: FieldNeeds = []
    /// Whether items are placed from the start of their layer's node, so that they do not tell which source they are in.
    var placesFromLayer = false

    init(_ bed: TestBed, for fixture: Fixture) { self.init(bed, showsFrameFields: fixture.name.hasPrefix("frame/")) }

    init(_ bed: TestBed, showsFrameFields: Bool) {
        self.bed = bed
        self.showsFrameFields = showsFrameFields
    }

    func text(of fixture: Fixture) -> String {
        var out = TextBuffer()
        out.append("# \(fixture.title)\n")
        bed.dissect(fixture.frames) { frame in
            out.append("\nframe ")
            out.append(decimal: frame.info.number)
            out.append(10)
            append(columnsOf: frame, to: &out)
            append(treeOf: frame, to: &out)
            append(sourcesOf: frame, to: &out)
        }
        out.append(secondPass(of: fixture))
        return out.string
    }

    /// What only a second pass shows: the items that point forward, under the frames that have any.
    private func secondPass(of fixture: Fixture) -> String {
        var out = TextBuffer()
        bed.dissectTwice(fixture.frames) { frame in
            var isFirst = true
            var index = 0
            while index < frame.itemCount {
                let item = frame.item(index)
                index += 1
                guard bed.registry[item.field].needs.contains(.laterFrames) else { continue }
                if isFirst {
                    out.append("\nframe ")
                    out.append(decimal: frame.info.number)
                    out.append(", second pass\n")
                }
                isFirst = false
                append(item, frame, from: 0, to: &out)
                while index < frame.itemCount, frame.item(index).depth > item.depth {
                    append(frame.item(index), frame, from: 0, to: &out)
                    index += 1
                }
            }
        }
        return out.string
    }

    private func append(columnsOf frame: borrowing DissectedFrame, to out: inout TextBuffer) {
        append("Source", to: &out) { $0.append(frame.columns.source) }
        append("Destination", to: &out) { $0.append(frame.columns.destination) }
        append("Protocol", to: &out) { $0.append(printable: frame.columns.proto.bytes) }
        append("Info", to: &out) { $0.append(printable: frame.columns.info.bytes) }
    }

    private func append(_ title: StaticString, to out: inout TextBuffer, _ write: (inout TextBuffer) -> Void) {
        out.append("  ")
        out.append(title)
        out.append(": ")
        write(&out)
        out.append(10)
    }

    /// Appends the items from number `first` on.
    func append(treeOf frame: borrowing DissectedFrame, from first: Int = 0, to out: inout TextBuffer) {
        let frameNode = bed.registry.field(named: "frame")?.id
        var layerOffset = 0
        var layerSource: UInt16 = 0
        var index = first
        while index < frame.itemCount {
            let item = frame.item(index)
            if placesFromLayer, item.depth == 0 { (layerOffset, layerSource) = (Int(item.offset), item.source) }
            index += 1
            guard bed.registry[item.field].needs.isDisjoint(with: leavesOut) else {
                while index < frame.itemCount, frame.item(index).depth > item.depth { index += 1 }
                continue
            }
            append(item, frame, from: item.source == layerSource ? layerOffset : 0, to: &out)
            guard item.field == frameNode, !showsFrameFields else { continue }
            while index < frame.itemCount, frame.item(index).depth > item.depth {
                let part = frame.item(index)
                if bed.registry[part.field].abbreviation == "frame.protocols" { append(part, frame, from: 0, to: &out) }
                index += 1
            }
        }
    }

    /// `udp.srcport [53] 34+2 | Source Port: 53`; `g` marks generated items, `h` hidden ones.
    private func append(_ item: Item, _ frame: borrowing DissectedFrame, from layerOffset: Int, to out: inout TextBuffer) {
        let field = bed.registry[item.field]
        out.append(repeating: 32, count: 2 + 2 * Int(item.depth))
        out.append(item.field == .text ? "(text)" : field.abbreviation)
        append(valueOf: item, field, frame, to: &out)
        out.append(32)
        // An expert item stands nowhere, wherever its layer does.
        let isNowhere = item.offset == 0 && item.byteCount == 0
        out.append(decimal: isNowhere ? 0 : Int(item.offset) - layerOffset)
        out.append("+")
        out.append(decimal: item.byteCount)
        if item.source != 0, !placesFromLayer {
            out.append("@")
            out.append(decimal: item.source)
        }
        if item.flags.contains(.generated) { out.append(" g") }
        if item.flags.contains(.hidden) { out.append(" h") }
        out.append(" | ")
        bed.formats.appendLabel(item, frame, to: &out)
        out.append(10)
    }

    private func append(valueOf item: Item, _ field: FieldInfo, _ frame: borrowing DissectedFrame, to out: inout TextBuffer) {
        guard field.type != .proto, field.type != .none else { return }
        var value = TextBuffer(capacity: 256)
        bed.formats.appendValue(item, frame, to: &value)
        out.append(" [")
        out.append(printable: value.bytes)
        out.append("]")
    }

    func append(sourcesOf frame: borrowing DissectedFrame, to out: inout TextBuffer) {
        guard frame.sources.count > 1 else { return }
        for index in 1..<frame.sources.count {
            let source = frame.sources[index]
            out.append("  source \(index) from \(source.parent): \(source.name), \(source.bytes.count) bytes\n")
            var offset = 0
            while offset < source.bytes.count {
                out.append("    ")
                out.append(hexOf: source.bytes[offset..<offset + 32])
                out.append(10)
                offset += 32
            }
        }
    }
}

/// A saved text beside a fixture, and the comparison with it.
struct Golden {
    private let url: URL

    init(of fixture: String) { url = PackageRoot.fixtures.appending(path: fixture + ".golden") }

    static var isBlessing: Bool { ProcessInfo.processInfo.environment["WIRELARK_BLESS"] == "1" }

    /// How `text` differs from what was saved; saves it instead when goldens are being blessed.
    func problem(with text: String) throws -> String? {
        if Self.isBlessing {
            try text.write(to: url, atomically: true, encoding: .utf8)
            return nil
        }
        let name = url.deletingLastPathComponent().lastPathComponent + "/" + url.lastPathComponent
        guard let saved = try? String(contentsOf: url, encoding: .utf8) else {
            return "There is no golden \(name): read what WIRELARK_BLESS=1 swift test writes, then commit it."
        }
        return saved == text ? nil : "Not as in \(name):\n" + lineDifference(from: saved, to: text)
    }
}
