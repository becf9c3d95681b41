import Dissection
import Wire

/// The bytes of a frame's sources in hexadecimal and ASCII: `-x`, with the settings of `--hexdump`.
public struct HexDumpPrinter: PacketPrinter, Sendable {
    private let showsFrameAlone: Bool
    private let text: TextBuffer.DumpText

    /// - Parameter showsFrameAlone: leaves out what was put together from several frames, or decoded.
    public init(showsFrameAlone: Bool = false, text: TextBuffer.DumpText = .plain) {
        self.showsFrameAlone = showsFrameAlone
        self.text = text
    }

    public mutating func print(_ frame: borrowing DissectedFrame, _ out: inout TextBuffer) {
        let count = showsFrameAlone ? min(1, frame.sources.count) : frame.sources.count
        for number in 0..<count {
            let source = frame.sources[number]
            if count > 1 {
                out.append(source.name)
                out.append(" (")
                out.append(decimal: source.bytes.count)
                out.append(source.bytes.count == 1 ? " byte):\n" : " bytes):\n")
            }
            out.append(dumpOf: source.bytes, text: text)
            out.drainIfLong()
        }
    }
}
