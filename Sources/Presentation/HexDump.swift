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
            let line = bytes[offset..<offset + 16]
            append(hex: UInt64(offset), width: width)
            append("  ")
            append(hexOf: line, separator: 32)
            append(repeating: 32, count: 3 * (16 - line.count) + 3)
            append(asciiOf: line)
            append(10)
            offset += 16
        }
    }

    /// Each byte as its ASCII character, or as a point where that is none to print.
    private mutating func append(asciiOf bytes: ByteView) {
        for index in 0..<bytes.count {
            let byte = bytes[index]
            append(byte &- 0x20 < 0x5f ? byte : 46)
        }
    }
}
