import Dissection
import Wire

/// A printer of one JSON array with an element for each frame.
protocol JSONArrayPrinter: PacketPrinter {}

extension JSONArrayPrinter {
    public func begin(_ out: inout TextBuffer) { out.append("[") }
    public func separate(isFirst: Bool, _ out: inout TextBuffer) { out.append(isFirst ? "\n" : ",\n") }
    public func end(isEmpty: Bool, _ out: inout TextBuffer) { out.append(isEmpty ? "]\n" : "\n]\n") }
}

/// What stands around the layers of a frame.
struct JSONFrames {
    let formats: FieldFormats

    func open(_ frame: borrowing DissectedFrame, _ out: inout TextBuffer) {
        out.append("  {\n    \"_index\": \"")
        formats.appendIndexName(frame.info.timestamp, to: &out)
        out.append("\",\n    \"_type\": \"doc\",\n    \"_score\": null,\n    \"_source\": {\n      \"layers\": ")
    }

    func close(_ out: inout TextBuffer) { out.append("\n    }\n  }") }
}

extension FieldFormats {
    /// The name of the index of a document database that frames of a day go into.
    func appendIndexName(_ time: Timestamp, to out: inout TextBuffer) {
        out.append("packets-")
        out.append(isoDate: CivilTime(time.seconds &+ Int64(timeZone(time.seconds).secondsEast)))
    }

    /// An item's key, without quotation marks: the field's name, or the text of a text-only node.
    func appendJSONKey(_ item: Item, _ frame: borrowing DissectedFrame, _ scratch: Scratch, to out: inout TextBuffer) {
        guard item.field == .text else { return out.append(text(self[item.field].pointee.abbreviation)) }
        appendJSONLabel(item, frame, scratch, to: &out)
    }

    /// An item's value as a string: of a protocol its label.
    func appendJSONValue(_ item: Item, _ frame: borrowing DissectedFrame, _ scratch: Scratch, to out: inout TextBuffer) {
        out.append("\"")
        appendJSONText(item, frame, scratch, to: &out)
        out.append("\"")
    }

    /// The same without quotation marks.
    @inline(__always)
    func appendJSONText(_ item: Item, _ frame: borrowing DissectedFrame, _ scratch: Scratch, to out: inout TextBuffer) {
        switch self[item.field].pointee.type {
        case .proto where item.field != .text: appendJSONLabel(item, frame, scratch, to: &out)
        case .string, .stringZero:
            let bytes = frame.valueBytes(of: item)
            if bytes.isPlainASCII, bytes.endOfJSONText(from: 0) == bytes.count {
                out.append(bytes)
                break
            }
            scratch.text.truncate()
            appendValue(item, frame, to: &scratch.text)
            out.append(json: scratch.text.bytes)
        default: appendValue(item, frame, to: &out)
        }
    }

    private func appendJSONLabel(_ item: Item, _ frame: borrowing DissectedFrame, _ scratch: Scratch, to out: inout TextBuffer) {
        scratch.text.truncate()
        appendLabel(item, frame, to: &scratch.text)
        out.append(json: scratch.text.bytes)
    }
}
