import Dissection
import Wire

/// Chosen fields as JSON: `-T json -e …`. Each field is an array of all its values.
public struct JSONFieldsPrinter: JSONArrayPrinter {
    private let formats: FieldFormats
    private let names: [String]
    private let columns: [FieldsPrinter.Column]
    private let summary: SummaryPrinter
    private let scratch = Scratch()
    private var occurrences: Occurrences
    private let frames: JSONFrames

    public init(_ formats: FieldFormats, names: [String], columns: [FieldsPrinter.Column], summary: SummaryPrinter) {
        self.formats = formats
        self.names = names.map(\.escapedForJSON)
        self.columns = columns
        self.summary = summary
        occurrences = Occurrences(columns, fieldCount: formats.registry.fields.count)
        frames = JSONFrames(formats: formats)
    }

    public mutating func print(_ frame: borrowing DissectedFrame, _ out: inout TextBuffer) {
        occurrences.collect(frame)
        frames.open(frame, &out)
        out.append("{")
        var isFirst = true
        for (position, column) in columns.enumerated() {
            scratch.text.truncate()
            if case .summary(let column) = column { summary.append(column, frame, isPrintable: false, &scratch.text) }
            guard occurrences.first(position) != nil || scratch.text.count > 0 else { continue }
            out.append(isFirst ? "\n        \"" : ",\n        \"")
            isFirst = false
            out.append(names[position])
            out.append("\": [")
            if scratch.text.count > 0 { appendElement(isFirst: true, scratch.text.bytes, &out) }
            occurrences.forEachValue(position, formats, frame, scratch) { appendElement(isFirst: $0, $1, &out) }
            out.append("\n        ]")
        }
        out.append(isFirst ? "}" : "\n      }")
        frames.close(&out)
    }

    private func appendElement(isFirst: Bool, _ text: ByteView, _ out: inout TextBuffer) {
        out.append(isFirst ? "\n          \"" : ",\n          \"")
        out.append(json: text)
        out.append("\"")
    }
}

/// Chosen fields as PDML: `-T pdml -e …`.
public struct PDMLFieldsPrinter: PacketPrinter {
    private let formats: FieldFormats
    private let names: [String]
    private let columns: [FieldsPrinter.Column]
    private let summary: SummaryPrinter
    private let scratch = Scratch()
    private let document: PDMLPrinter
    private var occurrences: Occurrences

    public init(_ formats: FieldFormats, captureFile: String, names: [String], columns: [FieldsPrinter.Column], summary: SummaryPrinter) {
        self.formats = formats
        self.names = names.map(\.escapedForXML)
        self.columns = columns
        self.summary = summary
        document = PDMLPrinter(formats, captureFile: captureFile)
        occurrences = Occurrences(columns, fieldCount: formats.registry.fields.count)
    }

    public func begin(_ out: inout TextBuffer) { document.begin(&out) }
    public func end(isEmpty: Bool, _ out: inout TextBuffer) { document.end(isEmpty: isEmpty, &out) }

    public mutating func print(_ frame: borrowing DissectedFrame, _ out: inout TextBuffer) {
        occurrences.collect(frame)
        document.openPacket(frame.info, &out)
        for (position, column) in columns.enumerated() {
            if case .summary(let column) = column {
                scratch.text.truncate()
                summary.append(column, frame, isPrintable: false, &scratch.text)
                appendField(position, scratch.text.bytes, &out)
            }
            occurrences.forEachValue(position, formats, frame, scratch) { appendField(position, $1, &out) }
        }
        document.closePacket(&out)
    }

    private func appendField(_ position: Int, _ text: ByteView, _ out: inout TextBuffer) {
        out.append("  <field name=\"")
        out.append(names[position])
        out.append("\" value=\"")
        out.append(xml: text)
        out.append("\"/>\n")
    }
}
