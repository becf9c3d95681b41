import ArgumentParser
import Capture
import CaptureFile

/// `wirelark capture`: prints packets as they arrive, writes them to files, or both.
struct CaptureCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "capture", abstract: "Capture packets as they arrive: print them, write them to files, or both.",
        usage: "wirelark capture [options] [capture filter]")

    @OptionGroup(title: "What to capture") var sources: SourceOptions
    @OptionGroup(title: "How, for each -i before it or for all") var interface: InterfaceOptions
    @OptionGroup(title: "Until when") var stop: StopOptions
    @OptionGroup(title: "Processing") var processing: ProcessingOptions
    @OptionGroup(title: "Dissection") var dissection: DissectionOptions
    @OptionGroup(title: "Output") var output: OutputOptions
    @OptionGroup(title: "Without effect here", visibility: .hidden) var ignored: IgnoredOptions

    @Option(name: [.customShort("Y"), .customLong("display-filter")], parsing: .unconditional, help: ArgumentHelp("Print only the packets that a display filter finds.", valueName: "filter"), completion: .displayFilter)
    var displayFilter: String?
    @Option(name: .customShort("Z"), parsing: .unconditional, help: ArgumentHelp("The user that root goes on as once devices and files are open; whoever called sudo by default.", valueName: "user"))
    var user: String?
    @Argument(help: ArgumentHelp("A capture filter, unless there is -f.", valueName: "filter")) var filter: [String] = []

    func run() throws {
        try ignored.check()
        if output.statistics.contains("help") { return try StatisticOptions.printHelp() }
        let isTshark = TsharkCommand.isCalled(CommandLine.arguments[0])
        let all = ShortOptions.separated(InvokedName.arguments(CommandLine.arguments)).dropFirst(isTshark ? 0 : 1)
        let arguments = CaptureArguments(all.dropLast(filter.count), othersTakeValue: ShortOptions.takesValue)
        if try CaptureListings.print(sources, arguments, isTerse: false) { return }
        try CaptureRun(settings(arguments, isInOrder: Array(all.suffix(filter.count)) == filter, isTshark)).run()
    }

    private func settings(_ arguments: CaptureArguments, isInOrder: Bool, _ isTshark: Bool) throws -> CaptureSettings {
        guard isInOrder else { throw CommandError.usage("What is no option is the capture filter, and stands behind the options.") }
        if !filter.isEmpty, interface.filter != nil { throw CommandError.usage("There is a capture filter both with -f and after the options.") }
        if processing.readsTwice { throw CommandError.usage("-2 reads a capture twice, and one that goes on can't be.") }
        var settings = try CaptureSettings(arguments, RecordingLimits(stop), filter: filter.isEmpty ? nil : filter.joined(separator: " "))
        settings.path = output.writtenFile
        settings.user = user
        settings.isQuiet = output.isQuiet
        settings.isSilent = output.isSilent
        if isTshark { settings.style = .tshark }
        settings.comments = output.comments
        settings.isGroupReadable = ignored.groupReads
        settings.printName = try stop.printName
        let budget = try dissection.budget
        let queueMegabytes = budget.megabytes / CaptureSettings.queueShare
        settings.queueByteCount = queueMegabytes << 20
        try settings.check()
        try choosePrinter(&settings, arguments, memory: budget.megabytes - queueMegabytes)
        return settings
    }

    /// What is printed is the reader's to say and to check; here it is only known whether it prints at all.
    /// - Parameter memory: MB for what the reader remembers.
    private func choosePrinter(_ settings: inout CaptureSettings, _ arguments: CaptureArguments, memory: Int) throws {
        let reader = try ReadSettings(ReadCommand.parse(["-r", "-"] + arguments.others + writing))
        settings.type = try ReadSettings.writtenType(output)
        let hasStatistics = !output.statistics.isEmpty || !output.exportedObjects.isEmpty || output.keyFile != nil
        if reader.printsPackets || hasStatistics {
            settings.printerArguments = ["--memory", "\(memory)"] + arguments.others + (reader.printsPackets || output.isQuiet || output.isSilent ? [] : ["-q"])
        } else if displayFilter != nil {
            throw CommandError.usage("-Y chooses what is printed, and nothing is: add -P, or choose what is written with -f.")
        }
    }

    private var writing: [String] { output.writtenFile.map { ["-w", $0] } ?? [] }
}
