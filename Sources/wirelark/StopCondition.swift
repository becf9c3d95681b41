/// The values of `-a`, as far as they mean something for a file that is read.
enum StopCondition {
    /// The numbers of packets after which to end.
    static func packetCounts(_ conditions: [String]) throws(CommandError) -> [String] {
        var counts: [String] = []
        for condition in conditions {
            let parts = condition.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            switch parts[0] {
            case "packets" where parts.count == 2: counts.append(String(parts[1]))
            case "duration", "files", "filesize": throw .usage("\"-a \(condition)\" ends a capture, but a file is read.")
            default: throw .usage("\"-a \(condition)\" isn't valid; it is packets: and a number.")
            }
        }
        return counts
    }
}
