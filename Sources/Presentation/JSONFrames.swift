import Dissection
import Wire

/// The array of frames, and what stands around the layers of each.
struct JSONFrames {
    private let formats: FieldFormats
    private var isFirst = true

    init(_ formats: FieldFormats) { self.formats = formats }

    func begin(_ out: inout TextBuffer) { out.append("[") }
    func end(_ out: inout TextBuffer) { out.append(isFirst ? "]\n" : "\n]\n") }

    mutating func open(_ frame: borrowing DissectedFrame, _ out: inout TextBuffer) {
        out.append(isFirst ? "\n" : ",\n")
        isFirst = false
        out.append("  {\n    \"_index\": \"packets-")
        let time = frame.info.timestamp
        out.append(isoDate: CivilTime(time.seconds &+ Int64(formats.timeZone(time.seconds).secondsEast)))
        out.append("\",\n    \"_type\": \"doc\",\n    \"_score\": null,\n    \"_source\": {\n      \"layers\": ")
    }

    func close(_ out: inout TextBuffer) { out.append("\n    }\n  }") }
}
