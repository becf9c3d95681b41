import Capture
import Wire

/// dumpcap's -S: how much arrives at each device, once a second.
enum DeviceStatistics {
    /// Prints until it is interrupted, or nobody reads.
    /// - Parameter isTerse: for programs: tabs, and no heading.
    static func print(isTerse: Bool) throws(CommandError) {
        Interruption.watch()
        do {
            let meters = try CaptureDevice.all().filter { [.network, .loopback, .wireless].contains($0.medium) }.compactMap { try? DeviceMeter($0) }
            while !Interruption.isRequested {
                if !isTerse { try write("\(padded("Interface", 15, fromLeft: true))\(padded("Received", 11, fromLeft: false))\(padded("Dropped", 12, fromLeft: false))\n") }
                for meter in meters {
                    let counts = meter.read()
                    try write(
                        isTerse
                            ? "\(meter.name)\t\(counts.received)\t\(counts.dropped)\n"
                            : "\(padded(meter.name, 15, fromLeft: true))\(padded("\(counts.received)", 12, fromLeft: false))\(padded("\(counts.dropped)", 12, fromLeft: false))\n")
                }
                CaptureClock.sleep(seconds: 1)
            }
        } catch {
            throw CommandError(error)
        }
    }

    private static func write(_ text: String) throws(CommandError) {
        var out = TextBuffer()
        out.append(text)
        try Output.write(out.bytes)
    }

    private static func padded(_ text: String, _ width: Int, fromLeft: Bool) -> String {
        let space = String(repeating: " ", count: max(0, width - text.count))
        return fromLeft ? text + space : space + text
    }
}
