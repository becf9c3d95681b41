import ArgumentParser
import Capture
import CaptureFile

/// What dumpcap does, when this program is invoked under its name.
struct DumpcapCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dumpcap", abstract: "Capture packets to a file, with dumpcap's options.", usage: "dumpcap [options]", shouldDisplay: false)

    @OptionGroup(title: "What to capture") var sources: SourceOptions
    @OptionGroup(title: "How, for each -i before it or for all") var interface: InterfaceOptions
    @OptionGroup(title: "Until when") var stop: StopOptions

    @Option(name: .customShort("w"), parsing: .unconditional, help: ArgumentHelp("The file to write; - is standard output. A temporary one by default.", valueName: "file"))
    var path: String?
    @Flag(name: .customShort("P"), help: "Write pcap.") var writesPcap = false
    @Flag(name: .customShort("n"), help: "Write pcapng, as is done anyway.") var writesPcapng = false
    @Flag(name: .customShort("q"), help: "Don't show how many packets there are meanwhile.") var isQuiet = false
    @Flag(name: .customShort("t"), help: "A thread for each interface, which there is anyway.") var usesThreads = false
    @Flag(name: .customShort("d"), help: "Print the capture filter's code.") var printsCode = false
    @Flag(name: .customShort("S"), help: "Print each interface's counts once a second.") var printsStatistics = false
    @Flag(name: .customShort("M"), help: "Print -D, -L and -S for programs.") var isTerse = false
    @Option(name: .customShort("C"), parsing: .unconditional, help: ArgumentHelp("Bytes of packets that may wait to be written.", valueName: "bytes"))
    var queueByteCount: Int?
    @Option(name: .customShort("N"), parsing: .unconditional, help: ArgumentHelp("Packets that may wait to be written; here their bytes are limited, by -C.", valueName: "packets"))
    var queuePacketCount: Int?
    @Option(name: .customLong("capture-comment"), parsing: .unconditionalSingleValue, help: ArgumentHelp("A comment for the file.", valueName: "text"))
    var comments: [String] = []
    @Flag(name: .customShort("g"), help: "Let the group of the files' owner read them.") var isGroupReadable = false
    @Option(name: .customShort("k"), parsing: .unconditional, help: .hidden) var channel: String?
    @Option(name: .customShort("Z"), parsing: .unconditional, help: ArgumentHelp("none: write messages for Wireshark's programs to standard error.", valueName: "pipe"))
    var parentPipe: String?
    @Option(name: .customLong("temp-dir"), parsing: .unconditional, help: ArgumentHelp("Where a temporary file is made.", valueName: "directory"))
    var temporaryDirectory = Environment.temporaryDirectory
    @Flag(name: [.customShort("v"), .customLong("version")], help: "Print the version.") var showsVersion = false
    @OptionGroup(visibility: .hidden) var log: LogOptions

    /// Whether a program of Wireshark's has started this one and reads messages from it.
    private var hasParent: Bool { parentPipe != nil }

    func run() throws {
        do {
            try runByArguments()
        } catch where hasParent {
            let error = CommandError(error)
            if !error.message.isEmpty { ParentMessage.failure(error.message).send() }
            throw CommandError(message: "", exitCode: error.exitCode)
        }
    }

    private func runByArguments() throws {
        if showsVersion { return PeerVersion.print("Dumpcap") }
        if channel != nil { throw CommandError.usage("-k sets the channel of a wireless device, which wirelark doesn't do: \"iw dev\" does.") }
        if let parentPipe, parentPipe != "none" { throw CommandError.usage("\"-Z \(parentPipe)\" isn't valid: only \"-Z none\" is.") }
        let all = ShortOptions.separated(InvokedName.arguments(CommandLine.arguments)).dropFirst()
        let arguments = CaptureArguments(all) { _ in false }
        if try CaptureListings.print(sources, arguments, isTerse: isTerse || hasParent) {
            if hasParent { ParentMessage.success.send() }
            return
        }
        if printsStatistics { return try DeviceStatistics.print(isTerse: isTerse || hasParent) }
        var settings = try CaptureSettings(arguments, RecordingLimits(stop))
        if printsCode { return try printCode(settings) }
        settings.style = hasParent ? .parent : .dumpcap
        settings.isQuiet = isQuiet
        settings.type = writesPcap ? .pcap : .pcapng
        settings.comments = comments
        settings.isGroupReadable = isGroupReadable
        settings.printName = try stop.printName
        settings.path = path ?? temporaryPath(settings)
        if let queueByteCount, queueByteCount > 0 { settings.queueByteCount = queueByteCount }
        try settings.check()
        try CaptureRun(settings).run()
    }

    /// "/tmp/wirelark_eth0_20260131235959_4711.pcapng".
    private func temporaryPath(_ settings: CaptureSettings) -> String {
        let name = settings.interfaces[0].name.map { $0.isLetter || $0.isNumber ? $0 : "-" }
        return "\(temporaryDirectory)/wirelark_\(String(name))_\(CaptureClock.digits(CaptureClock.now))_\(UInt32.random(in: 0...9999)).\(settings.type.rawValue)"
    }

    private func printCode(_ settings: CaptureSettings) throws {
        do {
            for (name, options) in settings.interfaces {
                for line in try BPFListing.lines(device: CaptureDevice.named(name), options) { print(line) }
            }
        } catch {
            throw CommandError(error)
        }
    }
}
