import ArgumentParser

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// What the executable is under the name tshark: `wirelark read`, or without a file `wirelark capture`, and the few options that tshark has
/// besides.
struct TsharkCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tshark", abstract: "Dissect a capture and print it, with tshark's options.", usage: "tshark [options] [display filter]")

    @Flag(name: [.customShort("v"), .customLong("version")], help: "Print the version.") var showsVersion = false
    @OptionGroup var read: ReadCommand
    @OptionGroup(visibility: .hidden) var device: UnusedDeviceOptions

    /// termshark 2.4.0 relies on tshark being slow: what comes before it has set up its list of packets, or its view of a conversation, is lost or
    /// stops it, and so is what it has not read of statistics when the process ends.
    func run() throws {
        if showsVersion { return PeerVersion.print("TShark") }
        let isForProgram = Output.isPipe, givesStatistics = !read.output.statistics.isEmpty
        let mayBeEarly = read.output.format == "psml" || !read.output.flushesEachPacket && (read.output.format == "pdml" || givesStatistics)
        if isForProgram, mayBeEarly { usleep(Self.startPause) }
        defer { if isForProgram, givesStatistics { Output.closeWhenRead() } }
        try read.run()
    }

    /// Microseconds, as long as tshark takes to start.
    private static let startPause: UInt32 = 400_000

    /// Whether the executable was called by this name.
    static func isCalled(_ path: String) -> Bool { path.split(separator: "/").last == "tshark" }

    /// Reads or captures, whichever the arguments ask for.
    static func run(_ arguments: [String]) throws {
        let names = ShortOptions.names(arguments)
        if !names.isDisjoint(with: deviceListings) {
            // Whatever else is asked for.
            var command = try CaptureCommand.parseAsRoot(["-D"])
            try command.run()
        } else if asksForCapture(arguments, names) {
            var command = try CaptureCommand.parseAsRoot(arguments)
            try command.run()
        } else {
            var command = try TsharkCommand.parseAsRoot(completed(arguments))
            try command.run()
        }
    }

    /// What asks for a device without naming one, and what asks for none.
    private static let deviceListings: Set = ["-D", "--list-interfaces"]
    private static let listings: Set = ["-L", "--list-data-link-types", "--list-time-stamp-types"]
    private static let withoutDevice: Set = ["-G", "-v", "--version", "-h", "--help", "help"]
    private static let readings: Set = ["-r", "--read-file"]

    /// Whether a device is named, or neither a file nor anything else that needs none is. A stream from standard input is read like a file.
    private static func asksForCapture(_ arguments: [String], _ names: Set<String>) -> Bool {
        if !names.isDisjoint(with: readings) { return false }
        let parts = CaptureArguments(arguments, othersTakeValue: ShortOptions.takesValue)
        if !parts.interfaces.isEmpty { return parts.interfaces.contains { $0.name != "-" } }
        return !names.isDisjoint(with: listings) || names.isDisjoint(with: withoutDevice)
    }

    /// `-G` at the end stands for `-G fields`.
    static func completed(_ arguments: [String]) -> [String] { arguments.last == "-G" ? arguments + ["fields"] : arguments }
}

/// What tshark takes about a device, and what means nothing where a file is read.
struct UnusedDeviceOptions: ParsableArguments {
    @Option(name: [.customShort("s"), .customLong("snapshot-length")], parsing: .unconditional) var snapLength: Int?
    @Flag(name: [.customShort("p"), .customLong("no-promiscuous-mode")]) var isModest = false
    @Flag(name: [.customShort("I"), .customLong("monitor-mode")]) var isMonitor = false
    @Option(name: [.customShort("B"), .customLong("buffer-size")], parsing: .unconditional) var bufferSize: Int?
    @Option(name: [.customShort("y"), .customLong("linktype")], parsing: .unconditional) var linkType: String?
    @Option(name: .customLong("time-stamp-type"), parsing: .unconditional) var timestampType: String?
}
