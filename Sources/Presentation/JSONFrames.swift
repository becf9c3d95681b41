import Dissection
import Wire

/// The array of frames, and what stands around the layers of each.
struct JSONFrames {
    let formats: FieldFormats

    func begin(_ out: inout TextBuffer) { out.append("[") }
    func separate(isFirst: Bool, _ out: inout TextBuffer) { out.append(isFirst ? "\n" : ",\n") }
    func end(isEmpty: Bool, _ out: inout TextBuffer) { out.append(isEmpty ? "]\n" : "\n]\n") }

    func open(_ frame: borrowing DissectedFrame, _ out: inout TextBuffer) {
        out.append("  {\n    \"_index\": \"packets-")
        let time = frame.info.timestamp
        out.append(isoDate: CivilTime(time.seconds &+ Int64(formats.timeZone(time.seconds).secondsEast)))
        out.append("\",\n    \"_type\": \"doc\",\n    \"_score\": null,\n    \"_source\": {\n      \"layers\": ")
    }

    func close(_ out: inout TextBuffer) { out.append("\n    }\n  }") }
}
