import Dissection
import Presentation
import Protocols
import Wire

/// Dissects and prints frames of any bytes; nothing is to trap.
///
/// An input is a byte that chooses the link type, then frames: two bytes of length, low byte first, and the frame.
private struct Harness: ~Copyable {
    private static let linkTypes: [LinkType] = [.ethernet, .rawIP, .null, .linuxSLL]

    private let registry: Registry
    private let root: DissectorID
    private let formats: FieldFormats
    private var text = TextBuffer()

    init() throws {
        var registrar = Registrar()
        registerAllProtocols(&registrar)
        registry = try registrar.freeze()
        root = registry.dissector(named: "frame") ?? DissectorID(rawValue: 0)
        formats = FieldFormats(registry, timeZone: { _ in .utc })
    }

    mutating func run(_ input: ByteView) {
        guard input.count > 0 else { return }
        var context = Context(registry, plan: .everything(registry, columns: true), pass: .only)
        var printers = (SummaryPrinter(formats, address: context.resolution.addressWriter), TreePrinter(formats), JSONPrinter(formats), PDMLPrinter(formats, captureFile: "fuzz"))
        var offset = 1
        var number: UInt32 = 0
        while offset + 2 <= input.count {
            let count = Int(input[offset]) | Int(input[offset + 1]) << 8
            let frame = input[offset + 2..<offset + 2 + count]
            offset += 2 + count
            number += 1
            context.frame.number = number
            context.frame.timestamp = Timestamp(seconds: Int64(number), nanoseconds: 0)
            context.frame.hasTimestamp = true
            context.frame.capturedByteCount = frame.count
            context.frame.originalByteCount = frame.count
            context.frame.linkType = Self.linkTypes[Int(input[0]) % Self.linkTypes.count]
            context.begin(frame)
            context.run(root, Reader(bytes: frame, source: 0, start: 0, reportedEnd: frame.count))
            text.truncate()
            printers.0.print(context.dissected, &text)
            printers.1.print(context.dissected, &text)
            printers.2.print(context.dissected, &text)
            printers.3.print(context.dissected, &text)
        }
    }
}

nonisolated(unsafe) private var harness = try? Harness()

@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    harness?.run(ByteView(UnsafeRawBufferPointer(start: start, count: count)))
    return 0
}
