import ArgumentParser

@main
struct Wirelark: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "wirelark",
        abstract: "A packet analyzer for the terminal.",
        version: "0.1.0",
        subcommands: [Read.self])
}
