import Analysis
import ArgumentParser
import CaptureFile
import Dissection
import Presentation
import Protocols

/// `wirelark read`: dissects a saved capture and prints it.
struct ReadCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "read", abstract: "Dissect a saved capture and print it.",
        usage: "wirelark read [options] FILE [display filter]")

    @OptionGroup(title: "Input") var input: InputOptions
    @OptionGroup(title: "Processing") var processing: ProcessingOptions
    @OptionGroup(title: "Dissection") var dissection: DissectionOptions
    @OptionGroup(title: "Output") var output: OutputOptions
    @OptionGroup(title: "Without effect here", visibility: .hidden) var ignored: IgnoredOptions

    @Flag(name: .customLong("confined"), help: .hidden) var isConfined = false

    @Argument(help: ArgumentHelp("The capture file, unless -r names it; what follows is a display filter.", valueName: "file")) var arguments: [String] = []

    func run() throws {
        try ignored.check()
        if let profile = processing.profile { try Environment.useProfile(profile) }
        if output.dumpSettings.contains("help") { return HexDumpPrinter.printHelp() }
        if output.statistics.contains("help") { return try StatisticOptions.printHelp() }
        if let report = output.report { return try Reports.print(report, self) }
        let settings = try ReadSettings(self)
        let statistics = try StatisticOptions(output, settings)
        if isConfined { Confinement.enterDissection(directories: statistics.directories, keepsText: statistics.keepsText) }
        try settings.run(statistics)
    }
}

/// Where the packets come from, and which.
struct InputOptions: ParsableArguments {
    @Option(name: [.customShort("r"), .customLong("read-file")], parsing: .unconditional, help: ArgumentHelp("The capture file; - is standard input.", valueName: "file"))
    var file: String?
    @Option(name: .customShort("c"), parsing: .unconditional, help: ArgumentHelp("Stop after this many packets.", valueName: "count"))
    var count: String?
    @Option(name: .customShort("f"), parsing: .unconditional, help: ArgumentHelp("Take only the packets that a capture filter (pcap-filter(7)) finds.", valueName: "filter"))
    var captureFilter: String?
    @Option(name: [.customShort("R"), .customLong("read-filter")], parsing: .unconditional, help: ArgumentHelp("With -2: read only the packets that a display filter finds in the first pass.", valueName: "filter"), completion: .displayFilter)
    var readFilter: String?
    @Option(name: [.customShort("Y"), .customLong("display-filter")], parsing: .unconditional, help: ArgumentHelp("Show only the packets that a display filter finds.", valueName: "filter"), completion: .displayFilter)
    var displayFilter: String?
    @Option(name: [.customShort("i"), .customLong("interface")], parsing: .unconditional, help: ArgumentHelp("Only \"-i -\": the capture comes through standard input. Passed over where a file is named.", valueName: "interface"))
    var interface: String?
    @Option(name: [.customShort("a"), .customLong("autostop")], parsing: .unconditionalSingleValue, help: ArgumentHelp("Stop when packets:10 are read.", valueName: "condition"))
    var stops: [String] = []

    /// Standard input, where `-i` asks for it. Asked only where no file is named.
    var pipe: String? {
        get throws(CommandError) {
            guard let interface else { return nil }
            guard interface == "-" else { throw .usage("\"read\" captures from no interface, \"\(interface)\": -i takes only -, standard input.") }
            return interface
        }
    }
}

/// How the capture is run through.
struct ProcessingOptions: ParsableArguments {
    @Flag(name: .customShort("2"), help: "Read the file twice, so that packets can point to later ones.") var readsTwice = false
    @Flag(name: .customShort("n"), help: "Show no names for addresses.") var showsNoNames = false
    @Option(name: .customShort("N"), parsing: .unconditional, help: ArgumentHelp("Show names for: m MAC addresses, t ports. With n and N, filters take names of hosts.", valueName: "letters"))
    var names: String?
    @Option(name: .customShort("C"), parsing: .unconditional, help: ArgumentHelp("Take colour rules and macros from one of Wireshark's configuration profiles.", valueName: "profile"))
    var profile: String?
}

/// How packets are dissected, whatever is then made of them.
struct DissectionOptions: ParsableArguments {
    @Option(name: .customShort("d"), parsing: .unconditionalSingleValue, help: ArgumentHelp("Decode as: tcp.port==8888,http; a range: udp.port==1000-1999,dns.", valueName: "rule"))
    var decodeAs: [String] = []
    @Option(name: .customShort("o"), parsing: .unconditionalSingleValue, help: ArgumentHelp("Set a preference.", valueName: "name:value"))
    var preferences: [String] = []
    @Option(name: .customLong("disable-protocol"), parsing: .unconditionalSingleValue, help: ArgumentHelp("Don't dissect a protocol.", valueName: "protocol"))
    var disabledProtocols: [String] = []
    @Option(name: .customLong("disable-heuristic"), parsing: .unconditionalSingleValue, help: ArgumentHelp("Don't look for a protocol in the bytes themselves: http_tcp.", valueName: "name"))
    var disabledHeuristics: [String] = []
    @Option(help: ArgumentHelp("MB that may be remembered of packets; then the oldest is forgotten, and counted. \(StateBudget.usualMegabytes) by default.", valueName: "MB"))
    var memory: Int?

    var budget: StateBudget {
        get throws(CommandError) {
            guard let memory else { return StateBudget() }
            guard (4...1_000_000).contains(memory) else { throw .usage("\"--memory \(memory)\" isn't valid: it is a number of MB from 4 to 1000000.") }
            return StateBudget(megabytes: memory)
        }
    }
    /// Everything is enabled that is not disabled, and what is disabled stays so.
    @Option(name: .customLong("enable-protocol"), parsing: .unconditionalSingleValue, help: .hidden) var enabledProtocols: [String] = []
    @Option(name: .customLong("enable-heuristic"), parsing: .unconditionalSingleValue, help: .hidden) var enabledHeuristics: [String] = []
}

/// What is printed, and how.
struct OutputOptions: ParsableArguments {
    @Flag(name: .customShort("V"), help: "Print everything about each packet, as a tree.") var showsTree = false
    @Option(name: .customShort("O"), parsing: .unconditional, help: ArgumentHelp("The tree with only these protocols in full: ip,udp.", valueName: "protocols"))
    var openedProtocols: String?
    @Flag(name: [.customShort("P"), .customLong("print")], help: "Print the summary line too, with -V or -x.") var showsSummary = false
    @Flag(name: .customShort("x"), help: "Print the bytes of each packet.") var dumpsBytes = false
    @Option(name: .customLong("hexdump"), parsing: .unconditionalSingleValue, help: ArgumentHelp("-x in another form: frames, delimit or noascii; \"--hexdump help\" lists all.", valueName: "setting"))
    var dumpSettings: [String] = []
    @Option(name: .customShort("S"), parsing: .unconditional, help: ArgumentHelp("A line between packets, with -V, -O or -x.", valueName: "text"))
    var separator: String?
    @Option(name: .customShort("T"), parsing: .unconditional, help: ArgumentHelp("text, tabs, fields, json, jsonraw, ek, pdml or psml.", valueName: "format"))
    var givenFormat: String?
    @Option(name: .customShort("e"), parsing: .unconditionalSingleValue, help: ArgumentHelp("A field, or an expression of fields, to print with -T fields, json, ek or pdml; may be repeated.", valueName: "field"), completion: .displayFilter)
    var fields: [String] = []
    @Option(name: .customShort("E"), parsing: .unconditionalSingleValue, help: ArgumentHelp("How -T fields prints: header=y, separator=, and others.", valueName: "setting"))
    var fieldSettings: [String] = []
    @Option(name: .customShort("t"), parsing: .unconditional, help: ArgumentHelp("Times: a, ad, adoy, d, dd, e, r, u, ud or udoy.", valueName: "style"))
    var timeStyle = "r"
    @Option(name: .customShort("u"), parsing: .unconditional, help: ArgumentHelp("Spans of time: s in seconds, hms with hours and minutes.", valueName: "style"))
    var secondsStyle = "s"
    @Option(name: .customShort("j"), parsing: .unconditional, help: ArgumentHelp("With -T json, ek or pdml: only these fields and protocols, not what is in them.", valueName: "names"))
    var shownFields: String?
    @Option(name: .customShort("J"), parsing: .unconditional, help: ArgumentHelp("With -T json, ek or pdml: only these protocols, with all that is in them.", valueName: "protocols"))
    var shownProtocols: String?
    @Flag(name: .customLong("color"), help: "Show packets in the colours that rules give them.") var isColored = false
    @Option(name: .customLong("color-rules"), help: ArgumentHelp("The rules: a file as Wireshark writes them. Else those of the user, or built-in ones.", valueName: "file"))
    var colorRules: String?
    @Option(name: .customShort("G"), parsing: .unconditional, help: ArgumentHelp("Print a report of what there is; \"-G help\" lists them.", valueName: "report"))
    var report: String?
    @Option(name: .customLong("elastic-mapping-filter"), help: ArgumentHelp("With -G elastic-mapping: only these protocols.", valueName: "protocols"))
    var mappedProtocols: String?
    @Option(name: .customShort("w"), parsing: .unconditional, help: ArgumentHelp("Write the packets to a file, as they were captured; - is standard output.", valueName: "file"))
    var writtenFile: String?
    @Option(name: .customShort("F"), parsing: .unconditional, help: ArgumentHelp("What -w writes: pcapng, pcap or nsecpcap.", valueName: "type"))
    var writtenType: String?
    @Option(name: .customLong("capture-comment"), parsing: .unconditionalSingleValue, help: ArgumentHelp("A comment for the pcapng file that -w writes; may be repeated.", valueName: "text"))
    var comments: [String] = []
    @Option(name: .customLong("export-tls-session-keys"), parsing: .unconditional, help: ArgumentHelp("Write the TLS master secrets that the capture holds to a file.", valueName: "file"))
    var keyFile: String?
    @Flag(name: .customShort("l"), help: "Write each packet out at once.") var flushesEachPacket = false
    @Option(name: .customShort("z"), parsing: .unconditionalSingleValue, help: ArgumentHelp("Print a statistic at the end; may be repeated, \"-z help\" lists them.", valueName: "statistic"))
    var statistics: [String] = []
    @Option(name: .customLong("statistics-format"), help: ArgumentHelp("How -z prints: text or json.", valueName: "format"))
    var statisticsFormat = "text"
    @Option(name: .customLong("export-objects"), parsing: .unconditionalSingleValue, help: ArgumentHelp("Write what was fetched to files: http and a directory.", valueName: "protocol,directory"))
    var exportedObjects: [String] = []
    @Flag(name: .customLong("state"), help: "Say on standard error what was remembered of the capture, and how much memory that took.")
    var showsState = false
    @Flag(name: .customShort("q"), help: "Print no packets, unless -V, -O, -P, -x or -T asks for them.") var isQuiet = false
    @Flag(name: .customShort("Q"), help: "As with -q, and say nothing of a capture but what goes wrong.") var isSilent = false

    var format: String { givenFormat ?? "text" }

    var showsBytes: Bool { dumpsBytes || !dumpSettings.isEmpty }

    /// Whether packets are printed only where something else asks for them: who writes them to a file sees them only when asking for that.
    var hidesPackets: Bool { givenFormat == nil && (isQuiet || isSilent || writtenFile != nil) }
}
