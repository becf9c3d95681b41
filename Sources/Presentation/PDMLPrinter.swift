import Dissection
import Wire

/// The tree as PDML, the XML form that Wireshark defines.
public struct PDMLPrinter: PacketPrinter {
    private let formats: FieldFormats
    private let captureFile: String
    private let data: FieldID?
    private let expert: FieldID
    private let scratch = Scratch()
    private let rendered: RenderedItems
    private let renderedRuns = RenderedRuns()
    private let filter: LayerFilter?

    public init(_ formats: FieldFormats, captureFile: String, filter: LayerFilter? = nil) {
        self.filter = filter
        self.formats = formats
        rendered = RenderedItems(formats.registry)
        self.captureFile = captureFile
        data = formats.registry.protocols.first { $0.abbreviation == "data" }?.field
        expert = formats.registry.core.expert
    }

    public func begin(_ out: inout TextBuffer) {
        out.append("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<pdml version=\"0\" creator=\"wirelark\" capture_file=\"")
        scratch.xml(captureFile, &out)
        out.append("\">\n")
    }

    public func end(isEmpty: Bool, _ out: inout TextBuffer) { out.append("</pdml>\n") }

    public func print(_ frame: borrowing DissectedFrame, _ out: inout TextBuffer) {
        openPacket(frame.info, &out)
        var elements: [Element] = []
        elements.reserveCapacity(16)
        let count = frame.itemCount
        var runs = RunCursor()
        var next = 0
        // Up to here everything is shown, whatever the filter says.
        var shownEnd = 0
        while next < count {
            out.drainIfLong()
            let index = next
            if let run = runs.run(at: index, frame) {
                close(&elements, downTo: frame.item(index).depth, &out)
                if isWhole(run, in: elements, frame) {
                    renderedRuns.append(run, to: &out) { print(run, in: &elements, frame, &$0) }
                    next = run.end
                    continue
                }
            }
            next += 1
            let item = frame.item(index)
            let hasChildren = printItem(index, in: &elements, frame, &out)
            guard hasChildren, let filter, index >= shownEnd else { continue }
            let end = frame.endOfSubtree(at: index)
            if !filter.shows(item, formats.registry) {
                printFiltered(item, elements.count, &out)
                next = end
            } else if filter.below == nil {
                shownEnd = end
            }
        }
        close(&elements, downTo: 0, &out)
        closePacket(&out)
    }

    /// Starts an item's element where those before it that it does not stand in are ended; returns whether anything stands in it.
    @inline(__always)
    private func printItem(_ index: Int, in elements: inout [Element], _ frame: borrowing DissectedFrame, _ out: inout TextBuffer) -> Bool {
        let item = frame.item(index)
        close(&elements, downTo: item.depth, &out)
        let hasChildren = index + 1 < frame.itemCount && frame.item(index + 1).depth > item.depth
        if let element = open(item, hasChildren: hasChildren, in: elements.last, frame, &out) { elements.append(element) }
        return hasChildren
    }

    @inline(__always)
    private func close(_ elements: inout [Element], downTo depth: UInt16, _ out: inout TextBuffer) {
        while elements.count > Int(depth) { close(elements.removeLast(), elements.count, &out) }
    }

    /// Whether the run is printed the same wherever it stands: it is no part of a larger element, nor does what it stands in change it.
    private func isWhole(_ run: ItemRun, in elements: [Element], _ frame: borrowing DissectedFrame) -> Bool {
        let first = frame.item(run.start)
        guard filter == nil, let parent = elements.last, elements.count == Int(first.depth), !parent.isWrapped, first.offset >= parent.offset else { return false }
        return run.end == frame.itemCount || frame.item(run.end).depth <= first.depth
    }

    private func print(_ run: ItemRun, in elements: inout [Element], _ frame: borrowing DissectedFrame, _ out: inout TextBuffer) {
        for index in run.start..<run.end { _ = printItem(index, in: &elements, frame, &out) }
        close(&elements, downTo: frame.item(run.start).depth, &out)
    }

    /// An element that is not ended yet.
    private struct Element {
        var offset: UInt32
        var isProtocol: Bool
        var isWrapped: Bool
    }

    /// Starts an item's element, and ends it where nothing stands under it; otherwise returns it.
    @inline(__always)
    private func open(
        _ item: Item, hasChildren: Bool, in parent: Element?, _ frame: borrowing DissectedFrame, _ out: inout TextBuffer
    ) -> Element? {
        let isData = item.field == data
        // What is no protocol cannot stand at the top.
        let isWrapped = item.depth == 0 && (isData || !isProtocol(item) && item.field != expert)
        if isWrapped { out.append("  <proto name=\"fake-field-wrapper\">\n  ") }
        if let parent, parent.isWrapped { out.append("  ") }
        if isData {
            out.append(repeating: 32, count: 2 * Int(item.depth) + 2)
            out.append("<field name=\"data\" value=\"")
            out.append(hexOf: frame.bytes(of: item))
        } else {
            printAttributes(item, parent?.offset ?? 0, frame, &out)
        }
        guard hasChildren || isData else {
            out.append(isWrapped ? "\"/>\n  </proto>\n" : "\"/>\n")
            return nil
        }
        out.append("\">\n")
        return Element(offset: item.offset, isProtocol: isProtocol(item) && !isData, isWrapped: isWrapped)
    }

    private func close(_ element: Element, _ depth: Int, _ out: inout TextBuffer) {
        out.append(repeating: 32, count: 2 * depth + (element.isWrapped ? 4 : 2))
        out.append(element.isProtocol ? "</proto>\n" : "</field>\n")
        if element.isWrapped { out.append("  </proto>\n") }
    }

    /// Stands for what an item has under it.
    private func printFiltered(_ item: Item, _ depth: Int, _ out: inout TextBuffer) {
        out.append(repeating: 32, count: 2 * depth + 2)
        out.append("<field name=\"filtered\" value=\"")
        if item.field == .text { out.append("text") } else { out.append(formats.text(formats[item.field].pointee.abbreviation)) }
        out.append("\" />\n")
    }

    func openPacket(_ frame: FrameInfo, _ out: inout TextBuffer) {
        out.openXMLPacket(frame.colors)
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

    private func isProtocol(_ item: Item) -> Bool {
        formats[item.field].pointee.type == .proto && item.field != expert && item.field != .text
    }

    /// Prints the start tag up to its last quotation mark.
    @inline(__always)
    private func printAttributes(_ item: Item, _ parentOffset: UInt32, _ frame: borrowing DissectedFrame, _ out: inout TextBuffer) {
        // An item that stands before its parent (in another source, as a rule) is placed from its parent's start.
        let position = item.offset < parentOffset ? item.offset &+ parentOffset : item.offset
        let format = formats[item.field]
        let key = rendered.key(item, place: UInt64(position) << 32 | UInt64(item.byteCount), format, frame)
        rendered.append(key, to: &out) { writeAttributes(item, position, format, frame, &$0) }
        if item.byteCount > 0, format.pointee.showsBytesInPDML { out.append(hexOf: frame.bytes(of: item)) }
    }

    private func writeAttributes(
        _ item: Item, _ position: UInt32, _ format: UnsafePointer<FieldFormat>, _ frame: borrowing DissectedFrame, _ out: inout TextBuffer
    ) {
        printName(item, format, frame, &out)
        out.append(decimal: UInt64(item.byteCount))
        out.append("\" pos=\"")
        out.append(decimal: UInt64(position))
        printValue(item, format, frame, &out)
    }

    /// Name, label and whether the item is hidden, up to the size.
    @inline(__always)
    private func printName(_ item: Item, _ format: UnsafePointer<FieldFormat>, _ frame: borrowing DissectedFrame, _ out: inout TextBuffer) {
        out.append(repeating: 32, count: 2 * Int(item.depth) + 2)
        if item.field == .text {
            out.append("<field name=\"\" show=\"")
        } else if item.field == expert {
            out.append("<field name=\"_ws.expert\" showname=\"")
        } else {
            out.append(formats.text(format.pointee.xmlOpen))
        }
        if formats.isPlain(item, format) {
            formats.appendPlainLabel(item, format, to: &out)
        } else {
            scratch.text.truncate()
            formats.appendLabel(item, frame, to: &scratch.text)
            out.append(xml: scratch.text.bytes)
        }
        out.append(item.flags.contains(.hidden) ? "\" hide=\"yes\" size=\"" : "\" size=\"")
    }

    /// The value, and the attribute that the item's bytes go into where it has any.
    @inline(__always)
    private func printValue(_ item: Item, _ format: UnsafePointer<FieldFormat>, _ frame: borrowing DissectedFrame, _ out: inout TextBuffer) {
        switch format.pointee.type {
        case .proto:
            if item.field == .text, item.byteCount > 0 { out.append("\" value=\"") }
            return
        case .none:
            out.append("\" show=\"\" value=\"")
            return
        case .string, .stringZero:
            out.append("\" show=\"")
            let bytes = frame.valueBytes(of: item)
            if bytes.isPlainASCII, bytes.endOfXMLText(from: 0) == bytes.count {
                out.append(bytes)
                break
            }
            scratch.text.truncate()
            formats.appendValue(item, frame, to: &scratch.text)
            out.append(xml: scratch.text.bytes)
        default:
            out.append("\" show=\"")
            formats.appendValue(item, frame, to: &out)
        }
        guard item.byteCount > 0 else { return }
        out.append("\" value=\"")
        guard format.pointee.mask != 0 else { return }
        out.append(hex: item.value, upperCase: true)
        out.append("\" unmaskedvalue=\"")
    }
}
