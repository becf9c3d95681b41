import ArgumentParser

/// What tshark takes and what changes nothing here: there are no keys for Kerberos, and no scripts.
struct IgnoredOptions: ParsableArguments {
    @Option(name: .customShort("K"), parsing: .unconditional) var keyTable: String?
    @Option(name: .customShort("X"), parsing: .unconditionalSingleValue) var extensions: [String] = []
    @Option(name: .customShort("W"), parsing: .unconditional) var savedInformation: String?
    /// Those that would change something, and so are refused.
    @Option(name: .customShort("H"), parsing: .unconditional) var hosts: String?
    @Option(name: .customShort("M"), parsing: .unconditional) var resetCount: String?
    @Option(name: .customShort("U"), parsing: .unconditional) var exportedUnits: String?
    @Flag(name: .customShort("g")) var groupReads = false
    @OptionGroup var log: LogOptions
    /// No key stands twice in an object anyway.
    @Flag(name: .customLong("no-duplicate-keys")) var hasNoDuplicateKeys = false
    @Option(name: .customLong("temp-dir"), parsing: .unconditional) var temporaryDirectory: String?

    /// Names of file formats, as `-X read_format:` has them.
    private static let readFormats: Set = [
        "Wireshark/tcpdump/... - pcap", "Wireshark/... - pcapng", "Wireshark/tcpdump/... - nanosecond pcap", "Modified tcpdump - pcap",
    ]

    func check() throws(CommandError) {
        try log.check()
        if hosts != nil { throw .usage("-H isn't possible: network addresses are shown as numbers, without names.") }
        if resetCount != nil { throw .usage("-M isn't possible, and isn't needed: what is remembered of a capture has a bound.") }
        if exportedUnits != nil { throw .usage("-U isn't possible: there are no captures of protocol units. \"-T json\" or \"follow\" give what is in packets.") }
        if let savedInformation, savedInformation != "n" { throw .usage("\"-W \(savedInformation)\" isn't valid; it is n.") }
        if let temporaryDirectory, !Environment.isDirectory(temporaryDirectory) {
            throw .usage("\"--temp-dir \(temporaryDirectory)\" isn't possible: there is no such directory.")
        }
        for text in extensions {
            guard let format = text.suffix(after: "read_format:"), !Self.readFormats.contains(format) else { continue }
            throw .usage("\"-X \(text)\" isn't possible: the formats of files are \(Self.readFormats.sorted().joined(separator: ", ")).")
        }
    }
}

/// How much tshark and dumpcap say of themselves: there is no such log here.
struct LogOptions: ParsableArguments {
    @Option(name: .customLong("log-level"), parsing: .unconditional) var level: String?
    @Option(name: .customLong("log-fatal"), parsing: .unconditional) var fatal: String?
    @Option(name: [.customLong("log-domains"), .customLong("log-domain")], parsing: .unconditional) var domains: String?
    @Option(name: .customLong("log-debug"), parsing: .unconditional) var debug: String?
    @Option(name: .customLong("log-noisy"), parsing: .unconditional) var noisy: String?
    @Option(name: .customLong("log-file"), parsing: .unconditional) var file: String?

    private static let levels = ["noisy", "debug", "info", "message", "warning", "critical", "error"]

    func check() throws(CommandError) {
        for (name, value) in [("level", level), ("fatal", fatal), ("domains", domains), ("debug", debug), ("noisy", noisy), ("file", file)] where value == "" {
            throw .usage("\"--log-\(name)\" needs a value.")
        }
        for (name, value) in [("level", level), ("fatal", fatal)] {
            guard let value, !Self.levels.contains(value.lowercased()) else { continue }
            throw .usage("\"--log-\(name) \(value)\" isn't valid; it is one of \(Self.levels.joined(separator: ", ")).")
        }
    }
}

extension String {
    /// What follows a beginning; nil for a text that begins otherwise.
    fileprivate func suffix(after beginning: String) -> String? { hasPrefix(beginning) ? String(dropFirst(beginning.count)) : nil }
}
