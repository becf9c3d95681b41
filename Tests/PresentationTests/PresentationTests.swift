import Dissection
import Testing
import Wire

@testable import Presentation

/// Shows the bytes of a frame in every way that a dissector has of showing them.
private struct EveryTextWay: Dissector {
    private let proto: ProtocolID
    private let node, text, asciiText, terminated, arenaText, labelled, valued, appended, bytes: FieldID
    private let expert: ExpertID

    init(registering r: inout Registrar) {
        proto = r.proto("t", "Test", short: "T")
        node = r.node(of: proto)
        text = r.field("t.text", "Text", .string)
        asciiText = r.field("t.ascii", "Text", .string)
        terminated = r.field("t.terminated", "Text", .stringZero)
        arenaText = r.field("t.arena", "Text", .string)
        labelled = r.field("t.labelled", "Labelled", .uint8, .decimal)
        valued = r.field("t.valued", "Valued", .uint8, .decimal)
        appended = r.field("t.appended", "Appended", .uint8, .decimal)
        bytes = r.field("t.bytes", "Bytes", .bytes)
        expert = r.expert("t.expert", .proto, .warning, "Strange")
        r.dissector(self, proto)
    }

    func dissect(_ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        let view = reader.bytes
        let copyBytes: (inout TextBuffer) -> Void = { $0.append(view) }
        context.columns.proto.append(view)
        context.columns.info.append(view)
        let top = context.begin(node, reader)
        context.appendLabel(top, copyBytes)
        context.add(text, reader, 0, view.count)
        context.add(asciiText, reader, 0, view.count, flags: .ascii)
        context.add(terminated, reader, 0, view.count)
        _ = context.addText(arenaText, reader, 0, view.count, copyBytes)
        context.add(bytes, reader, 0, view.count)
        context.label(context.add(labelled, reader, 0, 1), copyBytes)
        context.valueLabel(context.add(valued, reader, 0, 1), copyBytes)
        context.appendLabel(context.add(appended, reader, 0, 1), copyBytes)
        context.expert(expert, copyBytes)
        context.heading(reader, 0, view.count, copyBytes)
        context.open()
        context.add(text, reader, 0, 4)
        context.close()
        context.close()
    }
}

@Suite struct TerminalSafetyTests {
    /// Each byte alone among letters, all bytes in a row, the C1 controls and the direction marks as UTF-8, and a sequence that
    /// would set a terminal's title.
    static let payloads: [[UInt8]] =
        (0...255).map { [0x61, $0, 0x62] } + [Array(0...255), Array((0...255).reversed())]
        + (0x80...0x9f).map { [0xc2, $0, 0x63] } + [Array("\u{202E}abc\u{2066}\u{200F}".utf8), Array("\u{1B}]0;title\u{7}".utf8), [0xc2], [0xe2, 0x80]]

    private static func registry() throws -> Registry {
        var registrar = Registrar()
        _ = EveryTextWay(registering: &registrar)
        return try registrar.freeze()
    }

    /// What a printer makes of each payload.
    private static func printed(_ registry: Registry, _ printer: some PacketPrinter) -> [String] {
        var context = Context(registry, plan: .everything(registry, columns: true))
        return payloads.map { payload in
            var printer = printer
            var out = TextBuffer(capacity: 4096)
            payload.withUnsafeBytes { bytes in
                let view = ByteView(bytes)
                context.begin(view)
                context.run(registry.dissector(named: "t") ?? DissectorID(rawValue: 0), Reader(bytes: view, source: 0, start: 0, reportedEnd: view.count))
                printer.begin(&out)
                printer.print(context.dissected, &out)
                printer.end(isEmpty: false, &out)
            }
            return out.string
        }
    }

    private static func expectSafe(_ registry: Registry, _ printer: some PacketPrinter, allowsTab: Bool = false, _ location: SourceLocation = #_sourceLocation) {
        for (payload, text) in zip(payloads, printed(registry, printer)) {
            let controls = text.unicodeScalars.filter { scalar in
                switch scalar.value {
                case 10: false
                case 9: !allowsTab
                case 0..<0x20, 0x7f..<0xa0: true
                default: false
                }
            }
            #expect(controls.isEmpty, "\(payload) gave \(controls.map(\.value)) in \(text.debugDescription)", sourceLocation: location)
            #expect(text.count > 3, sourceLocation: location)
        }
    }

    @Test func noControlCharacterReachesTheTerminal() throws {
        let registry = try Self.registry()
        let formats = FieldFormats(registry)
        let summary = SummaryPrinter(formats)
        Self.expectSafe(registry, summary)
        Self.expectSafe(registry, SummaryPrinter(formats, separator: .tab), allowsTab: true)
        Self.expectSafe(registry, TreePrinter(formats))
        Self.expectSafe(registry, HexDumpPrinter())
        Self.expectSafe(registry, TextPrinter(summary: summary, tree: TreePrinter(formats), hexDump: HexDumpPrinter()))
        Self.expectSafe(registry, JSONPrinter(formats))
        Self.expectSafe(registry, JSONPartsPrinter(formats, showsValues: true, showsBytes: true, filter: nil))
        Self.expectSafe(registry, EKPrinter(formats, showsBytes: true, filter: nil))
        Self.expectSafe(registry, PSMLPrinter(summary))
        Self.expectSafe(registry, PDMLPrinter(formats, captureFile: "a.pcap"))
        let names = registry.fields.map(\.abbreviation).filter { !$0.isEmpty }
        let columns = names.map { FieldsPrinter.Column.field(registry.fields(named: $0).map(\.id)) } + [.summary(6), .summary(4)]
        let allNames = names + ["_ws.col.Info", "_ws.col.Protocol"]
        Self.expectSafe(registry, FieldsPrinter(formats, names: allNames, columns: columns, options: .init(), summary: summary), allowsTab: true)
        Self.expectSafe(registry, JSONFieldsPrinter(formats, names: allNames, columns: columns, summary: summary))
        Self.expectSafe(registry, EKFieldsPrinter(formats, names: allNames, columns: columns, summary: summary))
        let everyField = SummaryColumn("Fields", .fields(CustomColumn(fields: Set(registry.fields.map(\.id)), occurrence: 0, isResolved: true)))
        Self.expectSafe(registry, SummaryPrinter(formats, columns: [everyField]))
        Self.expectSafe(registry, PDMLFieldsPrinter(formats, captureFile: "a.pcap", names: allNames, columns: columns, summary: summary))
    }

    @Test func controlsAreEscapedNotLost() {
        func text(_ write: (inout TextBuffer) -> Void) -> String {
            var out = TextBuffer(capacity: 64)
            write(&out)
            return out.string
        }
        let bytes: [UInt8] = [0x61, 0x1b, 0x0d, 0x0a, 0x09, 0x22, 0xc2, 0x85, 0xc2, 0xa9]
        bytes.withUnsafeBytes { buffer in
            let view = ByteView(buffer)
            #expect(text { $0.append(json: view) } == "a\\u001b\\r\\n\\t\\\"\\u0085©")
            #expect(text { $0.append(xml: view) } == "a\\x1b  &quot;&#x85;©")
            #expect(text { $0.append(printable: view) } == "a\\033\\r\\n\\t\"\\u0085©")
        }
    }
}

@Suite struct TextPrinterTests {
    @Test func dataIsDumpedUnderItsNodeUnlessEverythingIs() throws {
        var registrar = Registrar()
        let proto = registrar.proto("data", "Data", short: "Data")
        let node = registrar.node(of: proto)
        let registry = try registrar.freeze()
        let formats = FieldFormats(registry)
        var context = Context(registry, plan: .everything(registry))
        func text(_ printer: TextPrinter) -> String {
            var printer = printer
            var out = TextBuffer(capacity: 256)
            printer.print(context.dissected, &out)
            return out.string
        }
        let bytes: [UInt8] = Array("hello".utf8)
        bytes.withUnsafeBytes { buffer in
            let view = ByteView(buffer)
            context.begin(view)
            context.begin(node, Reader(bytes: view, source: 0, start: 0, reportedEnd: 5))
            let dump = "0000  68 65 6c 6c 6f                                    hello\n"
            #expect(text(TextPrinter(tree: TreePrinter(formats))) == "Data\n\n\(dump)\n")
            #expect(text(TextPrinter(tree: TreePrinter(formats, dumpsData: false), hexDump: HexDumpPrinter())) == "Data\n\n\(dump)\n")
            #expect(text(TextPrinter(tree: TreePrinter(formats, openedProtocols: ["t"]))) == "Data\n\n")
        }
    }
}
