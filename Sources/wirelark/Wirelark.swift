import ArgumentParser
import CaptureFile

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// The command without a subcommand: says what there is.
struct Wirelark: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "wirelark",
        abstract: "A packet analyzer for the terminal.",
        version: "0.1.0",
        subcommands: [
            ReadCommand.self, CaptureCommand.self, FollowCommand.self, FilterCommand.self, InfoCommand.self, EditCommand.self, MergeCommand.self,
            DumpcapCommand.self,
        ])

    func run() {
        print("""
            Wirelark \(Self.configuration.version) shows what is in network captures: pcap and pcapng files, compressed or not.

            Four things to start with:
              wirelark capture -i eth0                         packets as they arrive
              wirelark read capture.pcap                       a line for each packet
              wirelark read capture.pcap -V -Y "udp.port == 53"  everything about the packets that a filter finds
              wirelark read capture.pcap -T fields -e ip.src -e ip.dst
                                                               some fields, for another program

            The options are tshark's. "wirelark read --help" lists them, "wirelark --help" the commands.
            """)
    }
}

@main
enum Main {
    static func main() {
        // A reader that went away is an error of the write, not a signal.
        signal(SIGPIPE, SIG_IGN)
        do {
            let arguments = ShortOptions.separated(InvokedName.arguments(CommandLine.arguments))
            if TsharkCommand.isCalled(CommandLine.arguments[0]) {
                try TsharkCommand.run(arguments)
            } else {
                var command = try Wirelark.parseAsRoot(arguments)
                try command.run()
            }
        } catch let error as CommandError {
            if !error.message.isEmpty { Complaint.print(error.message) }
            exit(error.exitCode)
        } catch {
            stop(error)
        }
    }

    /// Ends the process for help and version texts, and for arguments that do not parse.
    private static func stop(_ error: any Error) -> Never {
        guard Wirelark.exitCode(for: error) != .success else {
            print(Wirelark.fullMessage(for: error))
            exit(0)
        }
        let message = Wirelark.message(for: error)
        Complaint.print("\(message)\(message.hasSuffix(".") ? "" : ".") See \"\(calledCommand) --help\".")
        exit(CommandError.usageExitCode)
    }

    /// Whose help text tells about the options that were given.
    private static var calledCommand: String {
        if TsharkCommand.isCalled(CommandLine.arguments[0]) { return "tshark" }
        let name = InvokedName.arguments(CommandLine.arguments).first
        guard let command = Wirelark.configuration.subcommands.first(where: { $0.configuration.commandName == name }) else { return "wirelark" }
        return "wirelark \(command.configuration.commandName ?? "")"
    }
}
