import CaptureFile

/// capinfos' table: a row for each file.
public struct SummaryTable: Sendable {
    public var style: SummaryStyle
    public var separator: String
    /// Around each value; empty for none.
    public var quote: String

    public init(style: SummaryStyle, separator: String, quote: String) {
        self.style = style
        self.separator = separator
        self.quote = quote
    }

    /// The columns of each fact, in order.
    private static let columns: [(fact: SummaryFacts, titles: [String])] = [
        (.type, ["File type"]), (.encapsulation, ["File encapsulation"]), (.origin, ["File time precision"]),
        (.snapLength, ["Packet size limit", "Packet size limit min (inferred)", "Packet size limit max (inferred)"]),
        (.packetCount, ["Number of packets"]), (.fileSize, ["File size (bytes)"]), (.dataSize, ["Data size (bytes)"]),
        (.duration, ["Capture duration (seconds)"]), (.firstTime, ["Start time"]), (.lastTime, ["End time"]),
        (.byteRate, ["Data byte rate (bytes/sec)"]), (.bitRate, ["Data bit rate (bits/sec)"]),
        (.averageSize, ["Average packet size (bytes)"]), (.packetRate, ["Average packet rate (packets/sec)"]),
        (.hashes, ["SHA256", "RIPEMD160", "SHA1"]), (.order, ["Strict time order"]),
        (.origin, ["Capture hardware", "Capture oper-sys", "Capture application"]), (.comments, ["Capture comment"]),
    ]

    public var header: String { row(["File name"] + shown.flatMap(\.titles)) }

    public func row(_ summary: CaptureSummary) -> String {
        row([summary.name] + shown.flatMap { values(of: $0.titles[0], summary) })
    }

    private var shown: [(fact: SummaryFacts, titles: [String])] { Self.columns.filter { style.facts.contains($0.fact) } }

    private func row(_ values: [String]) -> String { values.map { quote + $0 + quote }.joined(separator: separator) }

    private func values(of title: String, _ summary: CaptureSummary) -> [String] {
        switch title {
        case "File type": [summary.format?.name ?? "unknown"]
        case "File encapsulation": [summary.encapsulation.name]
        case "File time precision": [summary.timePrecision.name]
        case "Packet size limit":
            [summary.snapLength.map { "\($0)" } ?? "(not set)"]
                + [summary.cutByteCounts?.lowerBound, summary.cutByteCounts?.upperBound].map { $0.map { "\($0)" } ?? "n/a" }
        case "Number of packets": ["\(summary.packetCount)"]
        case "File size (bytes)": ["\(summary.fileByteCount ?? 0)"]
        case "Data size (bytes)": ["\(summary.dataByteCount)"]
        case "Capture duration (seconds)": [summary.duration.map(style.secondsText) ?? "n/a"]
        case "Start time": [summary.firstTime.map(style.text) ?? "n/a"]
        case "End time": [summary.lastTime.map(style.text) ?? "n/a"]
        case "Data byte rate (bytes/sec)": [rate(summary.byteRate, summary)]
        case "Data bit rate (bits/sec)": [rate(summary.bitRate, summary)]
        case "Average packet size (bytes)": [style.fixed(summary.averagePacketByteCount)]
        case "Average packet rate (packets/sec)": [rate(summary.packetRate, summary)]
        case "SHA256": [summary.hashes?.sha256, summary.hashes?.ripemd160, summary.hashes?.sha1].map { $0 ?? "<unknown>" }
        case "Strict time order": [summary.order.rawValue]
        case "Capture hardware": origin(summary)
        default: [summary.metadata.sections.flatMap(\.comments).joined(separator: separator)]
        }
    }

    private func rate(_ value: Double, _ summary: CaptureSummary) -> String { summary.hasTimes ? style.fixed(value) : "n/a" }

    private func origin(_ summary: CaptureSummary) -> [String] {
        let section = summary.metadata.sections.first
        return [section?.hardware, section?.operatingSystem, section?.application].map { $0 ?? "" }
    }
}
