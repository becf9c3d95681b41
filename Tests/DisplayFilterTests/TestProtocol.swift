import Dissection
import Wire

@testable import DisplayFilter

/// A protocol with a field of each type, whose values are the same in each frame.
struct TestProtocol: Dissector {
    static let strings = ValueStrings([(1, "One"), (2, "Two"), (3, "Same"), (4, "Same"), (17, "UDP")])

    let node, byte, word, named, wide, number, flag, plainFlag, float, double, time, span, text, bytes, hardware, ipv4, ipv6, eui64: FieldID
    let objectIdentifier, farTime: FieldID
    let ambiguousText, ambiguousNumber, mark, frameNumber, mixed, alias: FieldID

    init(registering r: inout Registrar) {
        let proto = r.proto("t", "Test", short: "T")
        node = r.node(of: proto)
        byte = r.field("t.byte", "Byte", .uint8, .decimal)
        word = r.field("t.word", "Word", .uint16, .decimal)
        named = r.field("t.named", "Named", .uint8, .decimal, strings: Self.strings)
        wide = r.field("t.wide", "Wide", .uint64, .hex)
        number = r.field("t.number", "Number", .int16, .decimal)
        flag = r.field("t.flag", "Flag", .boolean, trueText: "Set", falseText: "Not set")
        plainFlag = r.field("t.plain_flag", "Flag", .boolean)
        float = r.field("t.float", "Float", .float)
        double = r.field("t.double", "Double", .double)
        time = r.field("t.time", "Time", .absoluteTime, .local)
        span = r.field("t.span", "Span", .relativeTime)
        text = r.field("t.text", "Text", .string)
        bytes = r.field("t.bytes", "Bytes", .bytes)
        hardware = r.field("t.mac", "MAC", .ethernet)
        ipv4 = r.field("t.ip", "IPv4", .ipv4)
        ipv6 = r.field("t.ip6", "IPv6", .ipv6)
        eui64 = r.field("t.eui", "EUI", .eui64)
        objectIdentifier = r.field("t.oid", "Object identifier", .objectIdentifier)
        farTime = r.field("t.far", "Far time", .absoluteTime, .local)
        ambiguousText = r.field("t.twice", "Twice", .string)
        ambiguousNumber = r.field("t.twice", "Twice", .uint32, .decimal)
        mark = r.field("t.mark", "Mark", .none)
        frameNumber = r.field("t.response_in", "Response", .frameNumber)
        mixed = r.field("t.several", "Several", .uint16, .decimal)
        alias = r.field("t.absent", "Absent", .uint16, .decimal)
        r.dissector(self, proto)
        _ = r.proto("u", "Unused", short: "U")
    }

    func dissect(_ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        context.begin(node, reader)
        context.add(byte, reader, 0, 1, value: 64)
        context.add(word, reader, 0, 2, value: 0xffff)
        context.add(named, reader, 0, 1, value: 2)
        context.add(wide, reader, 0, 8, value: .max)
        context.add(number, reader, 0, 2, value: UInt64(bitPattern: -5))
        context.add(flag, reader, 0, 1, value: 1)
        context.add(plainFlag, reader, 0, 1, value: 0)
        context.add(float, reader, 0, 4, value: UInt64(Float(1.5).bitPattern))
        context.add(double, reader, 0, 8, value: Double(-0.25).bitPattern)
        // 2019-04-22 15:23:18.5 UTC.
        context.add(time, reader, 0, 8, value: 1_555_946_598_500_000_000)
        context.add(span, reader, 0, 8, value: UInt64(bitPattern: -1_500_000_000))
        _ = context.addText(text, reader, 0, 0) { $0.append("GET /\n") }
        context.add(bytes, reader, 0, 3)
        context.add(hardware, reader, 0, 6, value: 0x0011_2233_4455)
        context.add(ipv4, reader, 0, 4, value: 0x0a00_0001)
        context.add(ipv4, reader, 0, 4, value: 0xc0a8_0102)
        context.add(ipv6, reader, 3, 16)
        context.add(eui64, reader, 0, 8, value: 0x0102_0304_0506_0708)
        _ = context.addText(objectIdentifier, reader, 0, 0) { $0.append([0x2a, 0x86, 0x48]) }
        // 9999-12-31 23:59:59 UTC.
        context.add(farTime, reader, 0, 8, value: 253_402_300_799, flags: .wholeSeconds)
        _ = context.addText(ambiguousText, reader, 0, 0) { $0.append("7") }
        context.add(ambiguousNumber, reader, 0, 4, value: 9)
        context.add(mark, reader, 0, 0, flags: .hidden)
        context.add(frameNumber, reader, 0, 0, value: 12)
        for value: UInt64 in [1000, 2000] { context.add(mixed, reader, 0, 2, value: value) }
        context.close()
    }

    /// `abc`, then 2001:db8::1.
    static let frame: [UInt8] = [0x61, 0x62, 0x63, 0x20, 0x01, 0x0d, 0xb8] + [UInt8](repeating: 0, count: 11) + [1]

    static func registry() throws -> Registry {
        var registrar = Registrar()
        _ = TestProtocol(registering: &registrar)
        return try registrar.freeze()
    }

    /// Two hours east of Greenwich, where two hosts have names.
    private static let surroundings = FilterSurroundings(universalSeconds: { $0 - 7200 }) { name, kind in
        switch (name, kind) {
        case ("lark", .ipv4): Address(ipv4: "192.168.1.2")
        case ("lark", .ipv6), ("tree", .ipv6): Address(ipv6: "2001:db8::1")
        default: nil
        }
    }

    /// Whether the filter passes the frame, dissected with a plan that wants what the filter needs and no more.
    static func passes(_ text: String) throws -> Bool {
        let registry = try registry()
        let filter = try DisplayFilter(text, registry: registry, in: surroundings)
        return withFrame(registry, Plan(registry, filter.wants)) { filter.matches($0.dissected) }
    }

    /// Hands the frame to `body`, dissected.
    static func withFrame<Result>(_ registry: Registry, _ plan: Plan, _ body: (borrowing Context) throws -> Result) rethrows -> Result {
        var context = Context(registry, plan: plan)
        return try frame.withUnsafeBytes { bytes in
            let view = ByteView(bytes)
            context.begin(view)
            if let dissector = registry.dissector(named: "t") {
                context.run(dissector, Reader(bytes: view, source: 0, start: 0, reportedEnd: view.count))
            }
            return try body(context)
        }
    }
}
