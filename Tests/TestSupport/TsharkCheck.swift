import Dissection
import Presentation
import Wire

/// A fixture as tshark dissects it: in every frame the same tree with the same values, places and labels, and the same
/// columns, but for what is listed as different.
struct TsharkCheck {
    let bed: TestBed
    let fixture: Fixture

    /// Segments are put in order, as they are here.
    private static let settings = ["-o", "tcp.reassemble_out_of_order:TRUE"]

    func run() throws -> String? {
        guard Tshark.isInstalled else {
            print("\(fixture.name): not compared with tshark, which is not installed")
            return nil
        }
        let differences = try KnownDifferences(of: fixture.name)
        var findings = Findings()
        var used: Set<String> = []
        func note(_ name: String, _ text: @autoclosure () -> String) {
            if let entry = differences.entry(for: name) { used.insert(entry) } else { findings.add(text()) }
        }
        for isTwice in looksForward ? [false, true] : [false] {
            let pass = isTwice ? "-2, " : ""
            let theirs = PDMLScanner.packets(try Tshark.output(of: fixture, ["-T", "pdml"] + (isTwice ? ["-2"] : []) + Self.settings))
            let ours = PDMLScanner.packets(pdml(isTwice: isTwice))
            if theirs.count != ours.count { findings.add("\(pass)\(ours.count) frames, tshark \(theirs.count)") }
            for (index, (our, their)) in zip(ours, theirs).enumerated() {
                for change in our.difference(from: their) {
                    let (sign, node) = change.signAndElement
                    note(node.name, "\(pass)frame \(index + 1) \(sign) \(node)")
                }
            }
        }
        for (index, (our, their)) in zip(ourColumns(), try theirColumns()).enumerated() where our != their {
            note("columns", "frame \(index + 1) + \(our)\n  frame \(index + 1) - \(their)")
        }
        for name in Set(differences.own.keys).subtracting(used) { findings.add("\(name) is listed as different, and is the same") }
        return findings.report("\(fixture.name): + ours, - tshark's")
    }

    /// Whether a second pass shows more.
    private var looksForward: Bool {
        var result = false
        bed.dissectTwice(fixture.frames) { context in
            for index in 0..<context.itemCount where bed.registry[context.item(index).field].needs.contains(.laterFrames) { result = true }
        }
        return result
    }

    private func pdml(isTwice: Bool) -> String {
        var out = TextBuffer()
        var printer = PDMLPrinter(bed.formats, captureFile: fixture.name)
        if isTwice {
            bed.dissectTwice(fixture.frames) { printer.print($0, &out) }
        } else {
            bed.dissect(fixture.frames) { printer.print($0, &out) }
        }
        return out.string
    }

    private func theirColumns() throws -> [String] {
        let fields = ["Source", "Destination", "Protocol", "Info"].flatMap { ["-e", "_ws.col." + $0] }
        return try Tshark.output(of: fixture, ["-T", "fields"] + fields + Self.settings).split(separator: "\n").map(String.init)
    }

    private func ourColumns() -> [String] {
        var lines: [String] = []
        bed.dissect(fixture.frames) { context in
            var out = TextBuffer(capacity: 256)
            out.append(context.columns.source)
            out.append("\t")
            out.append(context.columns.destination)
            out.append("\t")
            out.append(printable: context.columns.proto.bytes)
            out.append("\t")
            out.append(printable: context.columns.info.bytes)
            lines.append(out.string)
        }
        return lines
    }
}

extension CollectionDifference.Change {
    fileprivate var signAndElement: (sign: String, element: ChangeElement) {
        switch self {
        case .insert(_, let element, _): ("+", element)
        case .remove(_, let element, _): ("-", element)
        }
    }
}
