import Dissection
import Wire

/// The summary as PSML, the XML form that Wireshark defines.
public struct PSMLPrinter: PacketPrinter {
    private let summary: SummaryPrinter
    private let scratch = Scratch()

    public init(_ summary: SummaryPrinter) { self.summary = summary }

    public var readsBytes: Bool { summary.readsBytes }

    public func begin(_ out: inout TextBuffer) {
        out.append("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<psml version=\"0\" creator=\"wirelark\">\n<structure>\n")
        for column in summary.columns {
            out.append("<section>")
            scratch.xml(column.title, &out)
            out.append("</section>\n")
        }
        out.append("</structure>\n\n")
    }

    public func print(_ frame: borrowing DissectedFrame, _ out: inout TextBuffer) {
        out.openXMLPacket(frame.info.colors)
        for index in summary.columns.indices {
            scratch.text.truncate()
            summary.append(index, frame, isPrintable: false, &scratch.text)
            out.append("<section>")
            out.append(xml: scratch.text.bytes)
            out.append("</section>\n")
        }
        out.append("</packet>\n\n")
    }

    public func end(isEmpty: Bool, _ out: inout TextBuffer) { out.append("</psml>\n") }
}

extension TextBuffer {
    /// `<packet>`, with the colours that a frame is shown in.
    mutating func openXMLPacket(_ colors: FrameColors?) {
        guard let colors else { return append("<packet>\n") }
        append("<packet foreground='#")
        append(hex: UInt64(colors.foreground), width: 6)
        append("' background='#")
        append(hex: UInt64(colors.background), width: 6)
        append("'>\n")
    }
}
