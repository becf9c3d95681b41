import ArgumentParser

/// What the executable is under the name tshark: `wirelark read`, or without a file `wirelark capture`, and the few options that tshark has
/// besides.
struct TsharkCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tshark", abstract: "Dissect a capture and print it, with tshark's options.", usage: "tshark [options] [display filter]")

    @Flag(name: [.customShort("v"), .customLong("version")], help: "Print the version.") var showsVersion = false
    @OptionGroup var read: ReadCommand

    func run() throws {
        if showsVersion { return PeerVersion.print("TShark") }
        try read.run()
    }

    /// Whether the executable was called by this name.
    static func isCalled(_ path: String) -> Bool { path.split(separator: "/").last == "tshark" }

    /// Reads or captures, whichever the arguments ask for.
    static func run(_ arguments: [String]) throws {
        if asksForCapture(arguments) {
            var command = try CaptureCommand.parseAsRoot(arguments)
            try command.run()
        } else {
            var command = try TsharkCommand.parseAsRoot(completed(arguments))
            try command.run()
        }
    }

    /// Whether a device is named, or what devices there are is to be listed. A stream from standard input is read like a file.
    private static func asksForCapture(_ arguments: [String]) -> Bool {
        if !Set(arguments).isDisjoint(with: ["-D", "--list-interfaces", "-L", "--list-data-link-types", "--list-time-stamp-types"]) { return true }
        let devices = CaptureArguments(arguments, othersTakeValue: ShortOptions.takesValue).interfaces.map(\.name)
        return devices.contains { $0 != "-" }
    }

    /// `-G` at the end stands for `-G fields`.
    static func completed(_ arguments: [String]) -> [String] { arguments.last == "-G" ? arguments + ["fields"] : arguments }
}
