import CaptureFile
import Wire

/// capinfos' long report: a line for each fact.
public struct SummaryText {
    private let summary: CaptureSummary
    private let style: SummaryStyle
    private var lines: [String] = []

    public static func lines(_ summary: CaptureSummary, _ style: SummaryStyle) -> [String] {
        var text = SummaryText(summary: summary, style: style)
        text.write()
        return text.lines
    }

    private init(summary: CaptureSummary, style: SummaryStyle) {
        self.summary = summary
        self.style = style
    }

    private static let labelWidth = 21

    private mutating func add(_ fact: SummaryFacts, _ label: String, _ value: String) {
        guard style.facts.contains(fact) else { return }
        let padding = String(repeating: " ", count: max(Self.labelWidth - label.utf8.count - 1, 1))
        lines.append("\(label):\(padding)\(value)")
    }

    private mutating func write() {
        lines.append("File name:           \(summary.name)")
        writeKind()
        writeSizes()
        writeTimes()
        add(.hashes, "SHA256", summary.hashes?.sha256 ?? "<unknown>")
        add(.hashes, "RIPEMD160", summary.hashes?.ripemd160 ?? "<unknown>")
        add(.hashes, "SHA1", summary.hashes?.sha1 ?? "<unknown>")
        add(.order, "Strict time order", summary.order.rawValue)
        writeSections()
        writeCounts()
    }

    private mutating func writeKind() {
        add(.type, "File type", summary.typeText(isMachineReadable: style.isMachineReadable))
        let encapsulation = summary.encapsulation
        add(.encapsulation, "File encapsulation", style.isMachineReadable ? encapsulation.name : encapsulation.title)
        if encapsulation == .perPacket, style.facts.contains(.encapsulation) {
            lines.append("Encapsulation in use by packets (# of pkts):")
            for (kind, count) in summary.encapsulationCounts {
                indent("\(kind.title) (\(count))")
            }
        }
        add(.origin, "File timestamp precision", " \(summary.timePrecision.name) (\(summary.timePrecision.number))")
        let limit = summary.snapLength.map { "\($0) bytes" } ?? "(not set)"
        add(.snapLength, "Packet size limit", "file hdr: \(limit)")
        if let cut = summary.cutByteCounts {
            let text = cut.count == 1 ? "\(cut.lowerBound) bytes" : "\(cut.lowerBound) bytes - \(cut.upperBound) bytes (range)"
            add(.snapLength, "Packet size limit", "inferred: \(text)")
        }
    }

    private mutating func writeSizes() {
        add(.packetCount, "Number of packets", style.size(summary.packetCount, "", short: ""))
        add(.fileSize, "File size", style.size(UInt64(summary.fileByteCount ?? 0), "bytes", short: "B"))
        add(.dataSize, "Data size", style.size(summary.dataByteCount, "bytes", short: "B"))
    }

    private mutating func writeTimes() {
        if summary.hasTimes {
            add(.duration, "Capture duration", summary.duration.map { "\(style.secondsText($0)) \($0.isOneSecond ? "second" : "seconds")" } ?? "n/a")
            add(.firstTime, "First packet time", summary.firstTime.map(style.text) ?? "n/a")
            add(.lastTime, "Last packet time", summary.lastTime.map(style.text) ?? "n/a")
            add(.byteRate, "Data byte rate", rate(summary.byteRate, "bytes/s", short: "Bps", exact: "bytes/sec"))
            add(.bitRate, "Data bit rate", rate(summary.bitRate, "bits/s", short: "bps", exact: "bits/sec"))
        }
        add(.averageSize, "Average packet size", "\(style.fixed(summary.averagePacketByteCount)) bytes")
        if summary.hasTimes {
            add(.packetRate, "Average packet rate", rate(summary.packetRate, "packets/s", short: "packets/s", exact: "packets/sec"))
        }
    }

    private func rate(_ value: Double, _ unit: String, short: String, exact: String) -> String {
        if style.isMachineReadable { return value > 0 ? "\(style.fixed(value)) \(exact)" : "n/a" }
        return style.size(UInt64(exactly: value.rounded(.down)) ?? .max, unit, short: short)
    }

    private mutating func writeSections() {
        let sections = summary.metadata.sections
        for (index, section) in sections.enumerated() {
            if sections.count > 1 { lines += ["Section \(index):", ""] }
            if let hardware = section.hardware { add(.origin, "Capture hardware", hardware.onOneLine) }
            if let system = section.operatingSystem { add(.origin, "Capture oper-sys", system.onOneLine) }
            if let application = section.application { add(.origin, "Capture application", application.onOneLine) }
            for comment in section.comments { add(.comments, "Capture comment", comment.onOneLine) }
            if style.facts.contains(.interfaces) { writeInterfaces(UInt32(index + 1)) }
        }
    }

    private mutating func writeInterfaces(_ sectionNumber: UInt32) {
        let indices = summary.metadata.interfaces.indices.filter { summary.metadata.interfaces[$0].sectionNumber == sectionNumber }
        guard !indices.isEmpty else { return }
        lines.append("Number of interfaces in file: \(indices.count)")
        for index in indices {
            lines.append("Interface #\(index - indices[0]) info:")
            let statisticCount = summary.metadata.statistics.count { $0.interfaceIndex == index }
            write(summary.metadata.interfaces[index], statisticCount: statisticCount, packetCount: summary.interfacePacketCounts[index])
        }
    }

    private mutating func write(_ interface: CaptureInterface, statisticCount: Int, packetCount: UInt64) {
        let encapsulation = Encapsulation(interface.linkType)
        let precision = TimePrecision.digits(interface.fractionDigits)
        if let name = interface.name { indent("Name = \(name)") }
        if let description = interface.description { indent("Description = \(description)") }
        indent("Encapsulation = \(encapsulation.title) (\(encapsulation.number) - \(encapsulation.name))")
        if let hardware = interface.hardware { indent("Hardware = \(hardware)") }
        if let speed = interface.bitsPerSecond { indent("Speed = \(speed)") }
        indent("Capture length = \(interface.snapLength)")
        if let count = interface.frameCheckSequenceByteCount { indent("FCS length = \(count)") }
        indent("Time precision = \(precision.name) (\(precision.number))")
        indent("Time ticks per second = \(interface.ticksPerSecond)")
        if let resolution = interface.timeResolution { indent("Time resolution = 0x\(hexText([resolution]))") }
        if let offset = interface.timeOffset { indent("Timestamp offset = \(offset)") }
        if let filter = interface.filter { indent("Filter string = \(filter)") }
        if let system = interface.operatingSystem { indent("Operating system = \(system)") }
        for comment in interface.comments { indent("Comment = \(comment)") }
        indent("Number of stat entries = \(statisticCount)")
        indent("Number of packets = \(packetCount)")
    }

    private mutating func writeCounts() {
        if style.facts.contains(.nameCounts) {
            for (title, byteCount) in [("IPv4", 4), ("IPv6", 16)] {
                let count = summary.resolvedNameCount(addressByteCount: byteCount)
                if count > 0 { lines.append("Number of resolved \(title) addresses in file: \(count)") }
            }
        }
        let secretCount = summary.metadata.secrets.count
        if style.facts.contains(.secretCount), secretCount > 0 { lines.append("Number of decryption secrets in file: \(secretCount)") }
    }

    private mutating func indent(_ text: String) { lines.append(String(repeating: " ", count: Self.labelWidth) + text) }
}

extension CaptureSummary {
    /// `Wireshark/... - pcapng (gzip compressed)`, or `pcapng`.
    func typeText(isMachineReadable: Bool) -> String {
        guard let format else { return "Unknown" }
        return (isMachineReadable ? format.name : format.title) + (format.compression.map { " (\($0.rawValue) compressed)" } ?? "")
    }
}

extension CaptureSummary.PacketTime {
    fileprivate var isOneSecond: Bool { timestamp == Timestamp(seconds: 1, nanoseconds: 0) }
}

extension CaptureFormat {
    /// What `-F` of editcap takes.
    public var name: String { names.name }
    /// For people.
    public var title: String { names.title }

    private var names: (name: String, title: String) {
        switch container {
        case .pcapng: ("pcapng", "Wireshark/... - pcapng")
        case .pcap(.standard): fractionDigits == 9 ? ("nsecpcap", "Wireshark/tcpdump/... - nanosecond pcap") : ("pcap", "Wireshark/tcpdump/... - pcap")
        case .pcap(.modified): ("modpcap", "Modified tcpdump - pcap")
        case .pcap(.modifiedEarly): ("rh6_1pcap", "RedHat 6.1 tcpdump - pcap")
        case .pcap(.modifiedSuSE): ("suse6_3pcap", "SuSE 6.3 tcpdump - pcap")
        case .pcap(.nokia): ("nokiapcap", "Nokia tcpdump - pcap")
        case .pcap(.ixia): ("pcap", "Wireshark/tcpdump/... - pcap")
        }
    }
}

extension String {
    /// With a blank for each byte of a line end.
    fileprivate var onOneLine: String { String(decoding: utf8.map { $0 == 10 || $0 == 13 ? 32 : $0 }, as: UTF8.self) }
}
