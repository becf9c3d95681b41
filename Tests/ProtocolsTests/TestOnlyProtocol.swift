import Dissection
import Presentation
import TestSupport
import Testing
import Wire

/// A protocol that exists for this test alone: one file, and nothing elsewhere knows of it.
///
///     +--------+--------+---------------------+
///     | "Wl"   | count  | count bytes, each   |
///     |        |        | XOR 0x20            |
///     +--------+--------+---------------------+
struct Scramble: Dissector {
    private let node, count, text: FieldID
    private let empty: ExpertID
    private let key: UInt32

    init(registering r: inout Registrar) {
        let proto = r.proto("scramble", "Scrambled Text", short: "Scramble")
        node = r.node(of: proto)
        count = r.field("scramble.count", "Count", .uint8, .decimal, unit: " bytes")
        text = r.field("scramble.text", "Text", .string)
        empty = r.expert("scramble.empty", .proto, .note, "Nothing was scrambled")
        key = r.preference("scramble.key", "What each byte is combined with", default: 0x20)
        r.addHeuristic(r.dissector(self, proto), to: "udp")
    }

    func recognizes(_ reader: Reader, _ context: borrowing Context) -> Bool { reader.capturedBytes.hasPrefix("Wl") }

    func dissect(_ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        let top = context.begin(node, reader)
        context.columns.setProtocol("Scramble")
        if let own = context.registry.dissector(named: "scramble") { context.bindConversation(own) }
        try reader.skip(2)
        let byteCount = Int(try context.uint8(count, &reader))
        context.label(top) {
            $0.append("Scrambled Text of ")
            $0.append(decimal: byteCount)
        }
        if byteCount == 0 { context.expert(empty) }
        try reader.require(byteCount)
        let (scrambled, key) = (reader.captured(reader.offset, byteCount), UInt8(truncatingIfNeeded: key))
        let plain = context.derive("Unscrambled", from: reader, byteCount: byteCount) { room in
            for index in 0..<byteCount { room[index] = scrambled[index] ^ key }
            return byteCount
        }
        if let plain { context.add(text, plain, 0, byteCount) }
        context.close()
    }
}

@Suite struct TestOnlyProtocolTests {
    /// The trees of datagrams of one conversation, with payloads of `byteCount` bytes in the fixtures' hex.
    private func tree(_ payloads: String..., byteCount: Int, key: String? = nil) throws -> String {
        let frames = payloads.map { payload in
            """
            frame
              45 00 00 \(Self.hex(28 + byteCount)) 00 01 00 00 40 11 00 00 c0 00 02 01 c6 33 64 02
              c0 00 27 0f 00 \(Self.hex(8 + byteCount)) 00 00
              \(payload)

            """
        }
        let fixture = try Fixture(
            name: "scramble/test", text: "# Scrambled text over UDP. Provenance: made by hand.\nlink-type: 228\n" + frames.joined())
        var settings = RegistrySettings()
        if let key { settings.preferences["scramble.key"] = key }
        let bed = try TestBed(settings: settings) { _ = Scramble(registering: &$0) }
        return bed.text(of: fixture)
    }

    private static func hex(_ value: Int) -> String { (value < 16 ? "0" : "") + String(value, radix: 16) }

    @Test func heuristicFindsItAndItsLabelIsShown() throws {
        let text = try tree("\"Wl\" 05 \"HELLO\"", byteCount: 8)
        #expect(text.contains("Protocols in frame: ip:udp:scramble"))
        #expect(text.contains("scramble 28+8 | Scrambled Text of 5"))
        #expect(text.contains("scramble.count [5] 30+1 | Count: 5 bytes"))
        #expect(text.contains("Protocol: Scramble"))
    }

    @Test func derivedSourceIsShown() throws {
        let text = try tree("\"Wl\" 05 \"HELLO\"", byteCount: 8)
        #expect(text.contains("scramble.text [hello] 0+5@1 | Text: hello"))
        #expect(text.contains("source 1 from 0: Unscrambled, 5 bytes\n    68656c6c6f\n"))
    }

    @Test func preferenceCounts() throws {
        #expect(try tree("\"Wl\" 01 \"B\"", byteCount: 4, key: "3").contains("scramble.text [A] 0+1@1"))
        #expect(throws: RegistryError("The preference scramble.key is a number from 0 to 4294967295, not \"many\".")) {
            try tree("\"Wl\" 01 \"B\"", byteCount: 4, key: "many")
        }
    }

    @Test func expertItemIsShown() throws {
        let text = try tree("\"Wl\" 00", byteCount: 3)
        #expect(text.contains("_ws.expert 0+0 g | Expert Info (Note/Protocol): Nothing was scrambled"))
        #expect(text.contains("scramble.empty 0+0 g | Nothing was scrambled"))
    }

    @Test func conversationStaysWithIt() throws {
        let text = try tree("\"Wl\" 01 \"A\"", "\"no\" 01 \"B\"", byteCount: 4)
        #expect(text.contains("scramble.text [a]"))
        #expect(text.contains("scramble.text [b]"))
    }

    @Test func othersAreLeftAlone() throws {
        #expect(try tree("\"no\" 00", byteCount: 3).contains("Protocols in frame: ip:udp:data"))
    }

    @Test func shortfallsAreMarked() throws {
        #expect(try tree("\"Wl\" 05 \"HEL\"", byteCount: 6).contains("| [Malformed Packet: Scramble]"))
    }
}
