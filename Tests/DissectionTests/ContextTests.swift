import Dissection
import Testing
import Wire

@Suite struct ContextTests {
    private let registry: Registry
    private let node, number, bits, text: FieldID
    private let odd, broken: ExpertID
    private let inner: DissectorID

    init() throws {
        var r = Registrar()
        let proto = r.proto("test", "Test Protocol", short: "Test")
        node = r.node(of: proto)
        number = r.field("test.number", "Number", .uint16, .decimal)
        bits = r.field("test.bits", "Bits", .uint8, .decimal, mask: 0x38)
        text = r.field("test.text", "Text", .string)
        odd = r.expert("test.odd", .proto, .note, "Odd")
        broken = r.expert("test.broken", .malformed, .error, "Broken")
        let (node, number) = (node, number)
        inner = r.dissector(Closure { reader, context in
            context.begin(node, reader)
            return failure { () throws(DissectionError) in
                try context.uint16(number, &reader)
                try context.uint16(number, &reader)
                context.close()
            }
        }, proto)
        registry = try r.freeze()
    }

    private func context(_ body: (inout Context, Reader) throws -> Void) rethrows { try withContext(registry, body: body) }

    // MARK: Items

    @Test func itemsStandWhereTheyWereRead() {
        context { context, reader in
            var reader = reader
            let error = failure { () throws(DissectionError) in
                try reader.skip(1)
                try context.uint16(number, &reader)
            }
            #expect(error == nil)
            let item = context.item(0)
            #expect(item.offset == 1)
            #expect(item.byteCount == 2)
            #expect(item.value == 0x0102)
        }
    }

    @Test func masksShiftTheValue() {
        context { context, reader in
            let item = context.bits(bits, reader, 0, 1, word: 0xff)
            #expect(context[item].value == 7)
        }
    }

    @Test func nodesEndWithTheCapturedBytes() {
        context { context, reader in
            let top = context.begin(node, reader, byteCount: 100)
            #expect(context[top].byteCount == 8)
            context.extend(top, to: 3)
            #expect(context[top].byteCount == 3)
            context.extend(top, to: -3)
            #expect(context[top].byteCount == 0)
            #expect(context.depth == 1)
        }
    }

    @Test func changingNoItemDoesNothing() {
        context { context, reader in
            context.setByteCount(.none, 3)
            context.setValue(.none, 3)
            context.setFlags(.none, .hidden)
            context.label(.none) { $0.append("x") }
            context.appendLabel(.none) { $0.append("x") }
            context.moveItems(from: 0, under: .none)
            #expect(context.itemCount == 0)
        }
    }

    // MARK: Labels

    @Test func labelsAreReplacedAndAppendedTo() {
        context { context, reader in
            let item = context.add(number, reader, 0, 2, value: 1)
            context.appendLabel(item) { $0.append(" [first]") }
            #expect(context.ownText(0) == " [first]")
            #expect(context[item].flags.contains(.appended))
            let other = context.add(number, reader, 2, 2, value: 2)
            context.label(other) { $0.append("Own") }
            #expect(context[other].flags.contains(.ownLabel))
            context.appendLabel(item) { $0.append(" [second]") }
            context.appendLabel(other) { $0.append(", more") }
            #expect(context.ownText(0) == " [first] [second]")
            #expect(context.ownText(1) == "Own, more")
            context.label(other) { $0.append("New") }
            #expect(context.ownText(1) == "New")
        }
    }

    @Test func valueLabelsAreAppendedTo() {
        context { context, reader in
            let item = context.add(number, reader, 0, 2)
            context.valueLabel(item) { $0.append("two") }
            context.appendLabel(item) { $0.append(" (2)") }
            #expect(context.ownText(0) == "two (2)")
            #expect(context[item].flags.contains(.valueLabel))
            #expect(!context[item].flags.contains(.appended))
        }
    }

    // MARK: The tree's shape

    @Test func movedItemsStandBehindTheLastChild() {
        context { context, reader in
            let parent = context.add(number, reader, 0, 2)
            context.open()
            context.add(bits, reader, 0, 1)
            context.close()
            context.add(number, reader, 2, 2)
            let start = context.itemCount
            context.heading(reader, 4, 2) { $0.append("moved") }
            context.open()
            context.add(text, reader, 4, 1)
            context.close()
            context.moveItems(from: start, under: parent)
            #expect(context.outline == ["test.number", ".test.bits", ".(text)", "..test.text", "test.number"])
            #expect(context.ownText(2) == "moved")
        }
    }

    @Test func expertItemsStandUnderTheirItem() {
        context { context, reader in
            let first = context.add(number, reader, 0, 2)
            context.add(number, reader, 2, 2)
            context.expert(under: first, odd) { $0.append("Odd: 1") }
            #expect(context.outline == [
                "test.number", "._ws.expert", "..test.odd", ".._ws.expert.message", ".._ws.expert.severity", ".._ws.expert.group", "test.number",
            ])
            #expect(context.ownText(1) == "Expert Info (Note/Protocol): Odd: 1")
            #expect(context.ownText(2) == "Odd: 1")
            #expect(context.item(4).value == UInt64(ExpertSeverity.note.rawValue))
        }
    }

    @Test func expertItemsOfMalformedPacketsMarkThem() {
        context { context, _ in
            context.expert(broken)
            #expect(context.outline.last == "_ws.malformed")
            #expect(context.item(context.itemCount - 1).flags == [.generated, .hidden])
        }
    }

    // MARK: Layers

    @Test func errorsMarkTheLayerAndKeepWhatWasDecoded() {
        withContext(registry, [1, 2, 3]) { context, reader in
            context.run(inner, reader)
            #expect(Array(context.outline.prefix(3)) == ["test", ".test.number", "_ws.malformed"])
            #expect(context.ownText(2) == "[Malformed Packet: Test]")
            #expect(context.columns.info.string == "[Malformed Packet]")
            #expect(context.depth == 0)
        }
    }

    @Test func cutCapturesMarkTheLayerAsShort() {
        withContext(registry, [1, 2, 3]) { context, reader in
            context.run(inner, Reader(bytes: reader.bytes, source: 0, start: 0, reportedEnd: 8))
            #expect(context.outline == ["test", ".test.number", "_ws.short"])
            #expect(context.ownText(2) == "[Packet size limited during capture: Test truncated]")
        }
    }

    @Test func nestedLayersStandUnderTheDepthAtHand() {
        context { context, reader in
            context.heading(reader, 0, 8) { $0.append("quoted") }
            context.open()
            context.nested { $0.run(inner, reader) }
            context.close()
            #expect(context.outline == ["(text)", ".test", "..test.number", "..test.number"])
        }
    }

    // MARK: Limits

    @Test func itemsHaveALimit() {
        context { context, reader in
            for _ in 0...Context.itemLimit { context.add(number, reader, 0, 2) }
            while context.add(number, reader, 0, 2).exists {}
            #expect(context.reachedLimit == true)
            #expect(context.itemCount >= Context.itemLimit)
            #expect(context.itemCount < 2 * Context.itemLimit)
        }
    }

    @Test func layersHaveALimit() throws {
        var r = Registrar()
        let proto = r.proto("deep", "Deep", short: "Deep")
        let table = r.table("deep")
        r.add(r.dissector(Closure { reader, context in
            context.dispatch(table, 1, reader)
            return nil
        }, proto), to: "deep", 1)
        let registry = try r.freeze()
        withContext(registry) { context, reader in
            context.dispatch(table, 1, reader)
            #expect(context.layerCount == Context.layerLimit)
            #expect(context.reachedLimit == true)
            #expect(context.outline.suffix(5).contains("._ws.wirelark.limit"))
        }
    }

    @Test func derivedSourcesHaveALimit() {
        context { context, reader in
            let sizes = [Context.derivedByteLimit, 1, -1]
            let made = sizes.map { size in context.derive("Derived", from: reader, byteCount: size) { _ in 0 } != nil }
            #expect(made == [true, false, false])
            #expect(context.reachedLimit == true)
            #expect(context.sources.count == 2)
        }
    }

    @Test func derivedSourcesHoldWhatWasFilledIn() throws {
        try context { context, reader in
            let made = context.derive("Derived", from: reader, byteCount: 4) { room in
                room.copyBytes(from: [9, 8, 7])
                return 3
            }
            let derived = try #require(made)
            #expect(derived.source == 1)
            #expect(derived.reportedEnd == 3)
            #expect(context.sources[1].bytes.copy() == [9, 8, 7])
            #expect(context.sources[1].parent == 0)
        }
    }

    @Test func beginForgetsTheFrameBefore() {
        context { context, reader in
            context.run(inner, reader)
            _ = context.derive("Derived", from: reader, byteCount: 4) { _ in 4 }
            context.open()
            context.begin(reader.bytes)
            #expect(context.itemCount == 0)
            #expect(context.depth == 0)
            #expect(context.layerCount == 0)
            #expect(context.sources.count == 1)
            #expect(context.columns.info.isEmpty == true)
        }
    }
}

@Suite struct ColumnsTests {
    @Test func fencesKeepWhatStandsBeforeThem() throws {
        try withContext(Registrar().freeze()) { context, _ in
            context.columns.setInfo("first")
            context.columns.fenceInfo()
            context.columns.separateInfo()
            context.columns.appendInfo("second")
            #expect(context.columns.info.string == "firstsecond")
            context.columns.separateInfo()
            context.columns.appendInfo("third")
            #expect(context.columns.info.string == "firstsecond, third")
            context.columns.setInfo("!")
            #expect(context.columns.info.string == "first!")
            context.columns.prependInfo("[note] ")
            context.columns.clearInfo()
            #expect(context.columns.info.string == "[note] first")
        }
    }

    @Test func quotedPacketsLeaveThemAlone() throws {
        try withContext(Registrar().freeze()) { context, _ in
            context.columns.setProtocol("ICMP")
            context.columns.setInfo("quote")
            context.columns.isWritable = false
            context.columns.setProtocol("UDP")
            context.columns.clearInfo()
            context.setLinkAddresses(source: .ipv4(1), destination: .ipv4(2))
            #expect(context.columns.proto.string == "ICMP")
            #expect(context.columns.info.string == "quote")
            #expect(context.columns.source == .none)
        }
    }
}
