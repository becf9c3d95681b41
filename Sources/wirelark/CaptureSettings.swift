import ArgumentParser
import Capture
import CaptureFile
import Dissection

/// What a capture is asked for, checked.
struct CaptureSettings {
    /// Names as the user gave them, and how to capture there.
    var interfaces: [(name: String, options: DeviceOptions)] = []
    var limits: RecordingLimits
    /// Where packets are written to; nil for nowhere.
    var path: String?
    var type = CaptureFileType.pcapng
    /// Of `wirelark read`, which prints the packets; nil if nobody does.
    var printerArguments: [String]?
    var user: String?
    /// Of packets that wait to be written and printed.
    var queueByteCount = StateBudget.usualMegabytes / queueShare << 20
    /// Whether there is no line that says how the capture goes.
    var isQuiet = false
    /// Whether nothing at all is said but what goes wrong.
    var isSilent = false
    /// Whether the group of the files' owner may read them.
    var isGroupReadable = false
    /// Where the name of each file of a series is printed once it is finished.
    var printName: String?
    /// On the whole capture, for pcapng files.
    var comments: [String] = []
    var style = CaptureReport.Style.own

    /// Of the memory that a capture has, what part packets take that wait: the rest is for what is remembered of them.
    static let queueShare = 8

    /// - Parameter filter: the capture filter for interfaces that have none of their own.
    init(_ arguments: CaptureArguments, _ limits: RecordingLimits, filter: String? = nil) throws(CommandError) {
        self.limits = limits
        var interfaces = arguments.interfaces
        if interfaces.isEmpty {
            do { interfaces = [(try CaptureDevice.preferred().name, [])] } catch { throw CommandError(error) }
        }
        for (name, options) in interfaces {
            self.interfaces.append((name, try Self.options(arguments.shared + options, filter)))
        }
    }

    private static func options(_ arguments: [String], _ filter: String?) throws(CommandError) -> DeviceOptions {
        let given: InterfaceOptions
        do { given = try InterfaceOptions.parse(arguments) } catch { throw .usage(InterfaceOptions.message(for: error)) }
        var options = DeviceOptions()
        options.filter = given.filter ?? filter ?? ""
        if let length = given.snapLength {
            guard (0...262_144).contains(length) else { throw .usage("\"-s \(length)\" isn't valid: it is a number of bytes up to 262144.") }
            options.snapLength = length == 0 ? 262_144 : length
        }
        if let size = given.bufferMebibytes {
            guard (1...2047).contains(size) else { throw .usage("\"-B \(size)\" isn't valid: it is a number of MiB from 1 to 2047.") }
            options.bufferMebibytes = size
        }
        options.isPromiscuous = !given.isModest
        options.isMonitor = given.isMonitor
        options.linkType = given.linkType
        options.timestampType = given.timestampType
        options.isImmediate = given.isImmediate
        options.shownName = given.shownName
        options.description = given.description
        return options
    }

    /// Checks how files, series and types go together.
    func check() throws(CommandError) {
        guard limits.isSeries else { return }
        guard let path else { throw .usage("-b needs -w: there are no files without.") }
        if path == "-" { throw .usage("-b writes several files, and standard output is one: name a file with -w.") }
    }
}
