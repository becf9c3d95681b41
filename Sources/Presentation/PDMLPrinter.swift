import Dissection
import Wire

/// The tree as PDML, the XML form that Wireshark defines.
public struct PDMLPrinter: PacketPrinter {
    private let formats: FieldFormats
    private let captureFile: String
    private let data: FieldID?
    private let expert: FieldID
    private var scratch = Scratch()

    public init(_ formats: FieldFormats, captureFile: String) {
        self.formats = formats
        self.captureFile = captureFile
        data = formats.registry.protocols.first { $0.abbreviation == "data" }?.field
        expert = formats.registry.core.expert
    }

    public mutating func begin(_ out: inout TextBuffer) {
        out.append("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<pdml version=\"0\" creator=\"wirelark\" capture_file=\"")
        scratch.xml(captureFile, &out)
        out.append("\">\n")
    }

    public mutating func end(_ out: inout TextBuffer) { out.append("</pdml>\n") }

    public mutating func print(_ context: borrowing Context, _ out: inout TextBuffer) {
        openPacket(context.frame, &out)
        var index = 0
        while index < context.itemCount { index = printItem(index, parentOffset: 0, context, &out) }
        closePacket(&out)
    }

    func openPacket(_ frame: FrameInfo, _ out: inout TextBuffer) {
        out.append("<packet>\n")
        printGeneral(frame, &out)
    }

    func closePacket(_ out: inout TextBuffer) { out.append("</packet>\n\n\n") }

    private func printGeneral(_ frame: FrameInfo, _ out: inout TextBuffer) {
        let size = UInt64(frame.capturedByteCount)
        out.append("  <proto name=\"geninfo\" pos=\"0\" showname=\"General information\" size=\"")
        out.append(decimal: size)
        out.append("\">\n")
        func number(_ name: StaticString, _ title: StaticString, _ value: UInt64, _ out: inout TextBuffer) {
            out.append("    <field name=\"")
            out.append(name)
            out.append("\" pos=\"0\" show=\"")
            out.append(decimal: value)
            out.append("\" showname=\"")
            out.append(title)
            out.append("\" value=\"")
            out.append(hex: value)
            out.append("\" size=\"")
            out.append(decimal: size)
            out.append("\"/>\n")
        }
        number("num", "Number", UInt64(frame.number), &out)
        number("len", "Frame Length", UInt64(frame.originalByteCount), &out)
        number("caplen", "Captured Length", size, &out)
        out.append("    <field name=\"timestamp\" pos=\"0\" show=\"")
        out.append(date: frame.timestamp, formats.timeZone(frame.timestamp.seconds))
        out.append("\" showname=\"Captured Time\" value=\"")
        out.append(signed: frame.timestamp.seconds)
        out.append(46)
        out.append(decimal: UInt64(frame.timestamp.nanoseconds), width: 9)
        out.append("\" size=\"")
        out.append(decimal: size)
        out.append("\"/>\n  </proto>\n")
    }

    /// Prints an item and what stands under it; returns the index behind them.
    private mutating func printItem(_ index: Int, parentOffset: UInt32, _ context: borrowing Context, _ out: inout TextBuffer) -> Int {
        let item = context.item(index)
        let isData = item.field == data
        let isWrapped = isData && item.depth == 0
        if isWrapped { out.append("  <proto name=\"fake-field-wrapper\">\n") }
        let indent = 2 * Int(item.depth) + (isWrapped ? 4 : 2)
        out.append(repeating: 32, count: indent)
        let isProto = formats[item.field].pointee.type == .proto && !isData && item.field != expert && item.field != .text
        if isData {
            out.append("<field name=\"data\" value=\"")
            out.append(hexOf: context.bytes(of: item))
        } else {
            printAttributes(item, parentOffset, context, &out)
        }
        var next = index + 1
        let hasChildren = next < context.itemCount && context.item(next).depth > item.depth
        guard hasChildren || isData else {
            out.append("\"/>\n")
            return next
        }
        out.append("\">\n")
        while next < context.itemCount, context.item(next).depth > item.depth {
            if isWrapped { out.append("  ") }
            next = printItem(next, parentOffset: item.offset, context, &out)
        }
        out.append(repeating: 32, count: indent)
        out.append(isProto ? "</proto>\n" : "</field>\n")
        if isWrapped { out.append("  </proto>\n") }
        return next
    }

    private mutating func printAttributes(_ item: Item, _ parentOffset: UInt32, _ context: borrowing Context, _ out: inout TextBuffer) {
        let format = formats[item.field]
        if item.field == .text {
            out.append("<field name=\"\" show=\"")
        } else if item.field == expert {
            out.append("<field name=\"_ws.expert\" showname=\"")
        } else {
            out.append(formats.text(format.pointee.xmlOpen))
        }
        scratch.text.truncate()
        formats.appendLabel(item, context, to: &scratch.text)
        out.append(xml: scratch.text.bytes)
        if item.flags.contains(.hidden) { out.append("\" hide=\"yes") }
        out.append("\" size=\"")
        out.append(decimal: UInt64(item.byteCount))
        out.append("\" pos=\"")
        // An item that stands before its parent (in another source, as a rule) is placed from its parent's start.
        out.append(decimal: item.offset < parentOffset ? item.offset &+ parentOffset : item.offset)
        switch format.pointee.type {
        case .proto where item.field == .text: printBytes(item, context, &out)
        case .proto: break
        case .none: out.append("\" show=\"\" value=\"")
        default:
            out.append("\" show=\"")
            if format.pointee.type.isString {
                scratch.text.truncate()
                formats.appendValue(item, context, to: &scratch.text)
                out.append(xml: scratch.text.bytes)
            } else {
                formats.appendValue(item, context, to: &out)
            }
            guard item.byteCount > 0 else { break }
            if format.pointee.mask != 0 {
                out.append("\" value=\"")
                out.append(hex: item.value, upperCase: true)
                out.append("\" unmaskedvalue=\"")
                out.append(hexOf: context.bytes(of: item))
            } else {
                printBytes(item, context, &out)
            }
        }
    }

    private func printBytes(_ item: Item, _ context: borrowing Context, _ out: inout TextBuffer) {
        guard item.byteCount > 0 else { return }
        out.append("\" value=\"")
        out.append(hexOf: context.bytes(of: item))
    }
}

/// A buffer that printers format into before they escape; boxed so that printers stay copyable values.
final class Scratch {
    var text = TextBuffer(capacity: 1024)

    func xml(_ string: String, _ out: inout TextBuffer) {
        text.truncate()
        text.append(string)
        out.append(xml: text.bytes)
    }

    func json(_ string: String, _ out: inout TextBuffer) {
        text.truncate()
        text.append(string)
        out.append(json: text.bytes)
    }
}
