import Dissection
import Testing
import Wire

/// Items that are copied, and the runs that say which they are.
@Suite struct ItemRunTests {
    private let registry: Registry
    private let outer, inner, name: FieldID
    private let odd: ExpertID

    init() throws {
        var r = Registrar()
        let proto = r.proto("test", "Test Protocol", short: "Test")
        outer = r.field("test.outer", "Outer", .uint8, .decimal)
        inner = r.field("test.inner", "Inner", .uint8, .decimal)
        name = r.field("test.name", "Name", .string)
        odd = r.expert("test.odd", .proto, .note, "Odd")
        registry = try r.freeze()
        _ = proto
    }

    /// An item with one under it that has a text and a label; how often it was worked out.
    private func add(_ byte: Int, _ reader: Reader, _ count: inout Int, _ context: inout Context) {
        context.kept(outer, reader, byte, 1) {
            count += 1
            $0.add(outer, reader, byte, 1, value: UInt64(reader.bytes[byte]))
            $0.open()
            let item = $0.addText(name, reader, byte, 1) { $0.append("text \(reader.bytes[byte])") }
            $0.label(item) { $0.append("label \(reader.bytes[byte])") }
            $0.close()
        }
    }

    /// Frames in which the item stands behind another text and label, which are longer each time.
    private func frames(_ count: Int, _ body: (Int, inout Context, Reader) -> Void) {
        withContext(registry) { context, reader in
            for number in 0..<count {
                context.begin(reader.bytes)
                context.label(context.add(inner, reader, 0, 1)) { $0.append(String(repeating: "x", count: number)) }
                body(number, &context, reader)
            }
        }
    }

    @Test func whatWasMetTwiceIsCopied() {
        var worked = 0
        frames(5) { number, context, reader in
            add(3, reader, &worked, &context)
            #expect(context.outline == ["test.inner", "test.outer", ".test.name"])
            #expect(context.ownText(2) == "label 3")
            #expect(context.dissected.valueBytes(of: context.item(2)).withUnsafeBytes { String(decoding: $0, as: UTF8.self) } == "text 3")
            #expect(context.dissected.runCount == (number == 0 ? 0 : 1))
        }
        #expect(worked == 2)
    }

    @Test func otherPlacesAndBytesAreOthers() {
        var worked = 0
        frames(3) { _, context, reader in
            for byte in [3, 4] { add(byte, reader, &worked, &context) }
            context.open()
            add(3, reader, &worked, &context)
            context.close()
            #expect((0..<context.itemCount).map { context.item($0) }.filter { $0.field == outer }.map(\.value) == [3, 4, 3])
        }
        #expect(worked == 6)
    }

    @Test func runsHaveTheSameNumberForTheSameItems() {
        var numbers: [UInt64] = []
        frames(4) { number, context, reader in
            var worked = 0
            add(3, reader, &worked, &context)
            guard number > 0 else { return }
            let run = context.dissected.run(0)
            #expect(run.start == 1)
            #expect(run.end == 3)
            numbers.append(run.number)
        }
        #expect(Set(numbers).count == 1)
    }

    @Test func aChangedItemEndsItsRun() {
        frames(4) { number, context, reader in
            var worked = 0
            for byte in [3, 4] { add(byte, reader, &worked, &context) }
            guard number > 0 else { return }
            #expect(context.dissected.runCount == 2)
            context.setFlags(ItemRef(index: 2), .generated)
            #expect(context.dissected.runCount == 1)
            #expect(context.dissected.run(0).start == 3)
            context.appendLabel(ItemRef(index: 3)) { $0.append("more") }
            #expect(context.dissected.runCount == 0)
        }
    }

    @Test func runsMoveWithTheirItems() {
        frames(4) { number, context, reader in
            var worked = 0
            for byte in [3, 4, 5] { add(byte, reader, &worked, &context) }
            guard number > 0 else { return }
            // The last one comes before the second.
            context.moveItems(from: 5, before: 3)
            let places = (0..<context.dissected.runCount).map { context.dissected.run($0) }
            #expect(places.map(\.start) == [1, 3, 5])
            #expect(places.map { context.item($0.start).value } == [3, 5, 4])
        }
    }

    @Test func whatIsPutIntoARunEndsIt() {
        frames(4) { number, context, reader in
            var worked = 0
            for byte in [3, 4] { add(byte, reader, &worked, &context) }
            guard number > 0 else { return }
            context.expert(under: ItemRef(index: 2), odd)
            // Under the last item of the first run: behind that run, and before the second.
            #expect(context.dissected.runCount == 2)
            #expect(context.item(context.dissected.run(1).start).value == 4)
            context.expert(under: ItemRef(index: 1), odd)
            #expect((0..<context.dissected.runCount).allSatisfy { context.item(context.dissected.run($0).start).field == outer })
        }
    }

    @Test func aRunMayHoldAnother() {
        frames(4) { number, context, reader in
            var worked = 0
            context.kept(inner, reader, 3, 1) { add(3, reader, &worked, &$0) }
            #expect(context.outline == ["test.inner", "test.outer", ".test.name"])
            if number > 1 { #expect(context.dissected.runCount == 2) }
        }
    }
}
