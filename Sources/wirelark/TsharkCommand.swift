import ArgumentParser

/// What the executable is under the name tshark: `wirelark read`, and the few options that tshark has besides.
struct TsharkCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tshark", abstract: "Dissect a capture and print it, with tshark's options.", usage: "tshark [options] [display filter]")

    /// The release whose options and layouts these are: programs that call tshark decide by it what they can ask for.
    private static let release = "4.0.17"

    @Flag(name: [.customShort("v"), .customLong("version")], help: "Print the version.") var showsVersion = false
    @Flag(name: [.customShort("D"), .customLong("list-interfaces")], help: "List the interfaces that packets can be captured from.") var listsInterfaces = false
    @OptionGroup var read: ReadCommand

    func run() throws {
        if showsVersion {
            // No other word of the line begins with a digit: programs look for the last number.
            print("TShark (Wireshark) \(Self.release) (Wirelark v\(Wirelark.configuration.version)).")
            return
        }
        if listsInterfaces { throw CommandError.failure("Packets cannot be captured here, so there are no interfaces.") }
        try read.run()
    }

    /// Whether the executable was called by this name.
    static func isCalled(_ path: String) -> Bool { path.split(separator: "/").last == "tshark" }

    /// `-G` at the end stands for `-G fields`.
    static func completed(_ arguments: [String]) -> [String] { arguments.last == "-G" ? arguments + ["fields"] : arguments }
}
