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

extension TextBuffer {
    /// Sixteen bytes a line: offset, hexadecimal, ASCII.
    mutating func append(dumpOf bytes: ByteView) {
        let width = bytes.count > 0xffff ? 8 : 4
        var offset = 0
        while offset < bytes.count {
            append(hex: UInt64(offset), width: width)
            append("  ")
            for column in 0..<16 {
                if offset + column < bytes.count {
                    append(hex: UInt64(bytes[offset + column]), width: 2)
                    append(32)
                } else {
                    append("   ")
                }
            }
            append("  ")
            for column in 0..<min(16, bytes.count - offset) {
                let byte = bytes[offset + column]
                append(byte >= 0x20 && byte < 0x7f ? byte : 46)
            }
            append(10)
            offset += 16
        }
    }
}
