import Dissection
import Wire

/// The bytes of a frame's sources in hexadecimal and ASCII: `-x`.
public struct HexDumpPrinter: PacketPrinter {
    public init() {}

    public mutating func print(_ frame: borrowing DissectedFrame, _ out: inout TextBuffer) {
        for number in 0..<frame.sources.count {
            let source = frame.sources[number]
            if frame.sources.count > 1 {
                out.append(source.name)
                out.append(" (")
                out.append(decimal: source.bytes.count)
                out.append(source.bytes.count == 1 ? " byte):\n" : " bytes):\n")
            }
            out.append(dumpOf: source.bytes)
            out.append(10)
            out.drainIfLong()
        }
    }
}
