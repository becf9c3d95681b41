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
        self.names = names.map { String($0.escapedForJSON.map { $0 == "." ? "_" : $0 }) }
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
            guard occurrences.first(position) != nil || scratch.text.count > 0 else { continue }
            out.append(isFirst ? "\"" : ",\"")
            isFirst = false
            out.append(names[position])
            out.append("\":[")
            if scratch.text.count > 0 { appendElement(isFirst: true, scratch.text.bytes, &out) }
            occurrences.forEachValue(position, formats, frame, scratch) { appendElement(isFirst: $0, $1, &out) }
            out.append("]")
        }
        frames.close(&out)
    }

    private func appendElement(isFirst: Bool, _ text: ByteView, _ out: inout TextBuffer) {
        out.append(isFirst ? "\"" : ",\"")
        out.append(json: text)
        out.append("\"")
    }
}
