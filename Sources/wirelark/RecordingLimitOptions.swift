import Capture

/// What `-a`, `-b` and `-c` say.
extension RecordingLimits {
    init(_ options: StopOptions) throws(CommandError) {
        self.init()
        if let text = options.count { packets = try Self.number(text, "-c \(text)") }
        for condition in options.conditions {
            let (name, value) = try Self.parts(condition, "-a")
            switch name {
            case "duration": seconds = try Self.duration(value, "-a \(condition)")
            case "filesize": fileKilobytes = try Self.number(value, "-a \(condition)")
            case "files": files = try Self.number(value, "-a \(condition)")
            case "packets": packets = min(packets ?? .max, try Self.number(value, "-a \(condition)"))
            default: throw .usage("\"-a \(condition)\" isn't valid; it is one of duration:, filesize:, files: and packets:, and a number.")
            }
        }
        isSeries = !options.files.isEmpty
        for condition in options.files {
            let (name, value) = try Self.parts(condition, "-b")
            switch name {
            case "duration": fileSeconds = try Self.duration(value, "-b \(condition)")
            case "filesize": fileKilobytes = try Self.number(value, "-b \(condition)")
            case "files": keptFiles = try Self.number(value, "-b \(condition)")
            case "packets": filePackets = try Self.number(value, "-b \(condition)")
            case "interval": intervalSeconds = try Self.number(value, "-b \(condition)")
            case "printname": continue
            default: throw .usage("\"-b \(condition)\" isn't valid; it is one of duration:, filesize:, files:, packets: and interval:, and a number, or printname: and a file.")
            }
        }
        if isSeries, !hasFileLimit {
            throw .usage("-b needs to know when a file is full: filesize:, duration:, packets: or interval:.")
        }
    }

    fileprivate static func parts(_ condition: String, _ option: String) throws(CommandError) -> (name: String, value: String) {
        let parts = condition.split(separator: ":", maxSplits: 1).map(String.init)
        guard parts.count == 2 else { throw .usage("\"\(option) \(condition)\" isn't valid; it is a condition, a colon and a number: duration:60.") }
        return (parts[0], parts[1])
    }

    private static func number(_ text: String, _ option: String) throws(CommandError) -> Int {
        guard let number = Int32(text), number > 0 else { throw .usage("\"\(option)\" isn't valid: \"\(text)\" isn't a number from 1 to \(Int32.max).") }
        return Int(number)
    }

    private static func duration(_ text: String, _ option: String) throws(CommandError) -> Double {
        guard let seconds = Double(text), seconds > 0, seconds.isFinite else { throw .usage("\"\(option)\" isn't valid: \"\(text)\" isn't a number of seconds.") }
        return seconds
    }
}

extension StopOptions {
    /// Where the names of finished files are printed, if that is asked for.
    var printName: String? {
        get throws(CommandError) {
            for condition in files {
                let (name, value) = try RecordingLimits.parts(condition, "-b")
                if name == "printname" { return value }
            }
            return nil
        }
    }
}
