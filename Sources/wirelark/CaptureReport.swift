import Capture

/// What is said about a capture: in one line while it goes on, and at its end.
struct CaptureReport {
    enum Style {
        case own
        /// The lines of dumpcap, which programs look for.
        case dumpcap
        case tshark
        /// Messages for a program of Wireshark's that has started this one as dumpcap.
        case parent
    }

    let counts: CaptureCounts

    /// Everything, as lines.
    func lines(_ style: Style) -> String {
        switch style {
        case .own: return ownLines
        case .dumpcap: return dumpcapLines
        case .tshark: return tsharkLines
        case .parent: return ""
        }
    }

    private var ownLines: String {
        var text = """
            \(counts.received) packet\(counts.received == 1 ? "" : "s") received: \(counts.written) \(counts.isRecorded ? "written" : "printed"), \
            \(counts.filtered) filtered, \(counts.dropped) dropped (\(counts.droppedByKernel) by the kernel, \(counts.droppedHere) by wirelark); \
            \(counts.droppedByInterface) dropped by the interface before

            """
        if counts.sources.count > 1 {
            for (title, counts) in counts.sources {
                text += "  \(title): \(counts.received) received, \(counts.filtered) filtered, \(counts.droppedByKernel) dropped by the kernel, \(counts.droppedByInterface) by the interface\n"
            }
        }
        if counts.isRecorded, counts.notPrinted > 0 { text += "\(counts.notPrinted) packets were written and not printed: printing was too slow\n" }
        return text
    }

    private var dumpcapLines: String {
        var text = "Packets captured: \(counts.recorded)\n"
        for (title, source) in counts.sources {
            // What came after the last packet that was wanted was never received.
            let received = counts.sources.count == 1 ? max(0, source.queued - counts.unwanted) : source.queued
            let dropped = source.droppedByKernel + source.droppedByInterface
            let all = received + dropped
            let tenths = all == 0 ? 1000 : Int((Double(received) * 1000 / Double(all)).rounded())
            text += "Packets received/dropped on interface '\(title)': \(received)/\(dropped) "
            text += "(pcap:\(source.droppedByKernel)/dumpcap:0/flushed:0/ps_ifdrop:\(source.droppedByInterface)) (\(tenths / 10).\(tenths % 10)%)\n"
        }
        return text
    }

    private var tsharkLines: String {
        var text = "\(counts.recorded) packet\(counts.recorded == 1 ? "" : "s") captured\n"
        if counts.dropped > 0 { text += "\(counts.dropped) packet\(counts.dropped == 1 ? "" : "s") dropped\n" }
        if counts.notPrinted > 0 { text += "\(counts.notPrinted) packet\(counts.notPrinted == 1 ? "" : "s") not printed: printing was too slow\n" }
        return text
    }

    /// For a terminal.
    func statusLine(rate: Int) -> String {
        let megabytes = counts.fileByteCount / 100_000
        return "\(counts.recorded) packets, \(rate)/s, \(megabytes / 10).\(megabytes % 10) MB, \(counts.dropped) dropped, \(Int(counts.seconds)) s"
    }
}

/// The line that shows on a terminal how a capture goes, drawn anew in place.
final class StatusLine {
    private static let stepSeconds = 0.5

    private var next = 0.0
    private var last = (seconds: 0.0, count: 0)
    private var isDrawn = false

    /// Draws it, if it is time to.
    func update(_ counts: @autoclosure () -> CaptureCounts) {
        let now = CaptureClock.seconds
        guard now >= next else { return }
        next = now + Self.stepSeconds
        let counts = counts()
        let elapsed = counts.seconds - last.seconds
        let rate = elapsed > 0 ? Int(Double(counts.recorded - last.count) / elapsed) : 0
        last = (counts.seconds, counts.recorded)
        isDrawn = true
        StandardError.write("\r\(CaptureReport(counts: counts).statusLine(rate: rate))\u{1b}[K")
    }

    func wipe() {
        if isDrawn { StandardError.write("\r\u{1b}[K") }
        isDrawn = false
    }
}
