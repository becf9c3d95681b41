import Dissection
import Wire

/// Chosen fields in the form that Elasticsearch takes in bulk: `-T ek -e …`. Each field is an array of all its values.
public struct EKFieldsPrinter: PacketPrinter {
    private let formats: FieldFormats
    private let frames: EKFrames
    private let names: [String]
    private let columns: [FieldsPrinter.Column]
    private let summary: SummaryPrinter
    private let scratch = Scratch()
    private var occurrences: Occurrences

    public init(_ formats: FieldFormats, names: [String], columns: [FieldsPrinter.Column], summary: SummaryPrinter) {
        self.formats = formats
        self.names = names.map { String($0.map { $0 == "." ? "_" : $0 }) }
        self.columns = columns
        self.summary = summary
        frames = EKFrames(formats: formats)
        occurrences = Occurrences(columns, fieldCount: formats.registry.fields.count)
    }

    public mutating func print(_ frame: borrowing DissectedFrame, _ out: inout TextBuffer) {
        occurrences.collect(frame)
        frames.open(frame.info, &out)
        var isFirst = true
        for (position, column) in columns.enumerated() {
            scratch.text.truncate()
            if case .summary(let column) = column { summary.append(column, frame, isPrintable: false, &scratch.text) }
            var entry = occurrences.first(position)
            guard entry != nil || scratch.text.count > 0 else { continue }
            out.append(isFirst ? "\"" : ",\"")
            isFirst = false
            out.append(names[position])
            out.append("\":[")
            if scratch.text.count > 0 { appendElement("", &out) }
            var separator: StaticString = ""
            while let current = entry {
                scratch.text.truncate()
                formats.appendFieldValue(frame.item(occurrences.item(current)), frame, to: &scratch.text)
                appendElement(separator, &out)
                separator = ","
                entry = occurrences.next(current)
            }
            out.append("]")
        }
        frames.close(&out)
    }

    private func appendElement(_ separator: StaticString, _ out: inout TextBuffer) {
        out.append(separator)
        out.append("\"")
        out.append(json: scratch.text.bytes)
        out.append("\"")
    }
}
