import Dissection
import Wire

/// The bytes of a frame's sources in hexadecimal and ASCII: `-x`.
public struct HexDumpPrinter: PacketPrinter {
    public init() {}

    public mutating func print(_ context: borrowing Context, _ out: inout TextBuffer) {
        for number in 0..<context.sources.count {
            let source = context.sources[number]
            if context.sources.count > 1 {
                out.append(source.name)
                out.append(" (")
                out.append(decimal: source.bytes.count)
                out.append(source.bytes.count == 1 ? " byte):\n" : " bytes):\n")
            }
            out.append(dumpOf: source.bytes)
            out.append(10)
        }
    }
}
