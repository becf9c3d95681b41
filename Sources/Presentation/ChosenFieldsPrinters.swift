import Dissection
import Wire

/// Chosen fields as JSON: `-T json -e …`. Each field is an array of all its values.
public struct JSONFieldsPrinter: PacketPrinter {
    private let formats: FieldFormats
    private let names: [String]
    private let columns: [FieldsPrinter.Column]
    private let summary: SummaryPrinter
    private let scratch = Scratch()
    private var occurrences: Occurrences
    private let frames: JSONFrames

    public init(_ formats: FieldFormats, names: [String], columns: [FieldsPrinter.Column], summary: SummaryPrinter) {
        self.formats = formats
        self.names = names
        self.columns = columns
        self.summary = summary
        occurrences = Occurrences(columns, fieldCount: formats.registry.fields.count)
        frames = JSONFrames(formats: formats)
    }

    public func begin(_ out: inout TextBuffer) { frames.begin(&out) }
    public func separate(isFirst: Bool, _ out: inout TextBuffer) { frames.separate(isFirst: isFirst, &out) }
    public func end(isEmpty: Bool, _ out: inout TextBuffer) { frames.end(isEmpty: isEmpty, &out) }

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
            if scratch.text.count > 0 { appendElement("", &out) } else { printValues(position, frame, &out) }
            out.append("\n        ]")
        }
        out.append(isFirst ? "}" : "\n      }")
        frames.close(&out)
    }

    private func printValues(_ position: Int, _ frame: borrowing DissectedFrame, _ out: inout TextBuffer) {
        var entry = occurrences.first(position)
        var separator: StaticString = ""
        while let current = entry {
            scratch.text.truncate()
            formats.appendFieldValue(frame.item(occurrences.item(current)), frame, to: &scratch.text)
            appendElement(separator, &out)
            separator = ","
            entry = occurrences.next(current)
        }
    }

    private func appendElement(_ separator: StaticString, _ out: inout TextBuffer) {
        out.append(separator)
        out.append("\n          \"")
        out.append(json: scratch.text.bytes)
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
        self.names = names
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
                appendField(position, &out)
            }
            var entry = occurrences.first(position)
            while let current = entry {
                scratch.text.truncate()
                formats.appendFieldValue(frame.item(occurrences.item(current)), frame, to: &scratch.text)
                appendField(position, &out)
                entry = occurrences.next(current)
            }
        }
        document.closePacket(&out)
    }

    private func appendField(_ position: Int, _ out: inout TextBuffer) {
        out.append("  <field name=\"")
        out.append(names[position])
        out.append("\" value=\"")
        out.append(xml: scratch.text.bytes)
        out.append("\"/>\n")
    }
}
