import CaptureFile
import Dissection
import DisplayFilter
import Presentation
import Protocols
import Registries

/// What `wirelark read` is asked for, checked.
struct ReadSettings {
    let file: String
    let countLimit: UInt32?
    let captureFilter: String?
    /// Of the first pass of two.
    let readFilter: DisplayFilter?
    let displayFilter: DisplayFilter
    /// nil where no colours are shown.
    let colors: ColorRules?
    let readsTwice: Bool
    let resolution: NameResolution
    let registry: Registry
    /// Of all filters and expressions.
    let surroundings: FilterSurroundings
    let summary: SummaryView
    let view: PacketView
    let flushesEachPacket: Bool
    let showsState: Bool
    /// Whether the packets are a capture's that goes on: what is forgotten of it is said.
    let isLive: Bool
    /// What statistics may remember; nil where they are to be complete.
    let statisticBudget: StateBudget?
    let written: WrittenCapture?
    var laneSettings = LaneSettings()

    /// Checks in tshark's order: the options one by one, then how they go together, then names, then the display filter.
    init(_ command: ReadCommand) throws(CommandError) {
        countLimit = try Self.count(command.input)
        captureFilter = command.input.captureFilter
        readsTwice = command.processing.readsTwice
        if command.input.readFilter != nil, !readsTwice {
            throw .usage("-R needs -2: it filters what the first of two passes reads. For one pass there is -Y.")
        }
        flushesEachPacket = command.output.flushesEachPacket
        showsState = command.output.showsState
        isLive = command.isConfined
        let budget = try command.dissection.budget
        // Only a capture has no end. What is counted of it and what is remembered to dissect it get half of the memory each.
        statisticBudget = isLive && !command.output.statistics.isEmpty ? budget.half : nil
        written = try Self.written(command.output)
        let preferences = try UserPreferences(command.dissection.preferences)
        resolution = try Self.resolution(command.processing, preferences)
        registry = try Self.registry(command.dissection, preferences, statisticBudget ?? budget, namesPorts: resolution.ports)
        surroundings = FilterSurroundings(resolution)
        summary = try SummaryView(command.output, preference: preferences.columnFormat, registry, surroundings)
        view = try PacketView(command.output, summary, registry, surroundings)
        if written?.path == "-", view.printsPackets { throw .usage("Standard output can't take both a capture, with \"-w -\", and what is printed of it.") }
        let (file, filterText) = try Self.fileAndFilter(command)
        self.file = file
        if let text = command.input.readFilter { readFilter = try Self.filter(text, registry, surroundings) } else { readFilter = nil }
        displayFilter = try Self.filter(filterText, registry, surroundings)
        let (registry, surroundings) = (registry, surroundings)
        colors = try ColorSettings.rules(command.output) { (text) throws(FilterError) in
            try DisplayFilter(text, registry: registry, in: surroundings)
        }
    }

    static func filter(_ text: String, _ registry: Registry, _ surroundings: FilterSurroundings) throws(CommandError) -> DisplayFilter {
        let text = try FilterMacroFile.expand(text)
        do {
            return try DisplayFilter(text, registry: registry, in: surroundings)
        } catch {
            throw .failure("\(error)\n\(error.marked(in: text))")
        }
    }

    private static func written(_ options: OutputOptions) throws(CommandError) -> WrittenCapture? {
        let type = try writtenType(options)
        guard options.comments.isEmpty || type == .pcapng else { throw .usage("A \(type.rawValue) file holds no comments: --capture-comment needs one of the type pcapng.") }
        guard let path = options.writtenFile else {
            guard options.comments.isEmpty else { throw .usage("--capture-comment needs -w: it is for the file that is written.") }
            return nil
        }
        return WrittenCapture(path: path, type: type, comments: options.comments)
    }

    static func writtenType(_ options: OutputOptions) throws(CommandError) -> CaptureFileType {
        try options.writtenType.map { (name) throws(CommandError) in try CaptureFileType(option: name) } ?? .pcapng
    }

    /// The smaller one of what `-c` and `-a packets:` say.
    private static func count(_ options: InputOptions) throws(CommandError) -> UInt32? {
        var counts: [UInt32] = []
        for text in [options.count].compactMap({ $0 }) + (try StopCondition.packetCounts(options.stops)) {
            guard let count = Int32(text), count > 0 else {
                throw .usage("The packet count \"\(text)\" isn't a number from 1 to \(Int32.max).")
            }
            counts.append(UInt32(count))
        }
        return counts.min()
    }

    private static func resolution(_ options: ProcessingOptions, _ preferences: UserPreferences) throws(CommandError) -> NameResolution {
        var resolution = NameResolution()
        for letter in options.names ?? (options.showsNoNames ? "" : preferences.namedKinds) {
            switch letter {
            case "m": resolution.macAddresses = true
            case "n": resolution.networkAddresses = true
            case "t": resolution.ports = true
            case "N": resolution.asksSystem = true
            // Names from DNS packets and for VLANs: sources that there are none of.
            case "d", "v": break
            default: throw .usage("There are no names for \"\(letter)\" in \"-N \(options.names ?? "")\"; the letters are m, n, t, N, d and v.")
            }
        }
        return resolution
    }

    /// Everything that can be dissected, with the user's preferences and rules.
    static func registry(_ options: DissectionOptions) throws(CommandError) -> Registry {
        try registry(options, UserPreferences(options.preferences), options.budget, namesPorts: false)
    }

    private static func registry(
        _ options: DissectionOptions, _ preferences: UserPreferences, _ budget: StateBudget, namesPorts: Bool
    ) throws(CommandError) -> Registry {
        var settings = RegistrySettings()
        settings.preferences = preferences.values
        settings.isKnownPreference = { PreferenceNames.contains($0) }
        settings.disabledProtocols = Set(options.disabledProtocols)
        settings.disabledHeuristics = Set(options.disabledHeuristics)
        settings.budget = budget
        settings.namesPorts = namesPorts
        settings.enabledHeuristics = Set(options.enabledHeuristics)
        for text in options.decodeAs {
            let rule = try DecodeAsRule(text)
            settings.decodeAs.append((rule.table, rule.numbers, rule.proto))
        }
        return try registry(settings)
    }

    /// Everything that can be dissected, as it is unless the user says otherwise.
    static func standardRegistry() throws(CommandError) -> Registry { try registry(RegistrySettings()) }

    private static func registry(_ settings: RegistrySettings) throws(CommandError) -> Registry {
        var registrar = Registrar(settings: settings)
        registerAllProtocols(&registrar)
        do {
            return try registrar.freeze()
        } catch {
            throw .usage(error.description)
        }
    }

    /// As with tshark, what is no option is the display filter; but without `-r` the first such argument is the file.
    private static func fileAndFilter(_ command: ReadCommand) throws(CommandError) -> (file: String, filter: String) {
        var arguments = command.arguments[...]
        // Beside -r an interface means nothing.
        let pipe = command.input.file == nil ? try command.input.pipe : nil
        guard let file = command.input.file ?? pipe ?? arguments.popFirst() ?? pipedInput else {
            throw .usage("Which capture? Name a file, or - for standard input: \"wirelark read capture.pcap\".")
        }
        guard !arguments.isEmpty else { return (file, command.input.displayFilter ?? "") }
        guard command.input.displayFilter == nil else { throw .usage("There is a display filter both with -Y and after the options.") }
        return (file, arguments.joined(separator: " "))
    }

    private static var pipedInput: String? { SpooledInput.isConnected ? "-" : nil }
}
