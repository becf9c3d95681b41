import ArgumentParser

/// What is captured on.
struct SourceOptions: ParsableArguments {
    @Option(name: [.customShort("i"), .customLong("interface")], parsing: .unconditionalSingleValue, help: ArgumentHelp("A device, by name or number; any for all; - or a named pipe for a stream. May be repeated.", valueName: "interface"))
    var interfaces: [String] = []
    @Flag(name: [.customShort("D"), .customLong("list-interfaces")], help: "List the devices.") var listsDevices = false
    @Flag(name: [.customShort("L"), .customLong("list-data-link-types")], help: "List the link types of the device.") var listsLinkTypes = false
    @Flag(name: .customLong("list-time-stamp-types"), help: "List the time stamp types of the device.") var listsTimestampTypes = false
}

/// How an interface is captured on: behind an `-i` for this one, before the first for all.
struct InterfaceOptions: ParsableArguments {
    @Option(name: .customShort("f"), parsing: .unconditional, help: ArgumentHelp("Take only the packets that a capture filter (pcap-filter(7)) finds.", valueName: "filter"))
    var filter: String?
    @Option(name: [.customShort("s"), .customLong("snapshot-length")], parsing: .unconditional, help: ArgumentHelp("Keep this many bytes of each packet.", valueName: "bytes"))
    var snapLength: Int?
    @Flag(name: [.customShort("p"), .customLong("no-promiscuous-mode")], help: "Take only what is meant for this machine.") var isModest = false
    @Flag(name: [.customShort("I"), .customLong("monitor-mode")], help: "Capture in monitor mode, if the device has it.") var isMonitor = false
    @Option(name: [.customShort("B"), .customLong("buffer-size")], parsing: .unconditional, help: ArgumentHelp("The kernel's buffer in MiB; 32 by default.", valueName: "MiB"))
    var bufferMebibytes: Int?
    @Option(name: [.customShort("y"), .customLong("linktype")], parsing: .unconditional, help: ArgumentHelp("The link type, as -L lists them.", valueName: "type"))
    var linkType: String?
    @Option(name: .customLong("time-stamp-type"), help: ArgumentHelp("Where time stamps are made, as --list-time-stamp-types lists it.", valueName: "type"))
    var timestampType: String?
    @Flag(name: .customLong("immediate"), help: "Take each packet as soon as it is there, which costs more.") var isImmediate = false
    @Option(name: .customLong("ifname"), parsing: .unconditional, help: ArgumentHelp("What the interface is called in the file.", valueName: "name"))
    var shownName: String?
    @Option(name: .customLong("ifdescr"), parsing: .unconditional, help: ArgumentHelp("What is said of the interface in the file.", valueName: "text"))
    var description: String?
}

/// When the capture stops, and when it goes on in another file.
struct StopOptions: ParsableArguments {
    @Option(name: .customShort("c"), parsing: .unconditional, help: ArgumentHelp("Stop after this many packets.", valueName: "count"))
    var count: String?
    @Option(name: [.customShort("a"), .customLong("autostop")], parsing: .unconditionalSingleValue, help: ArgumentHelp("Stop after duration:SECONDS, filesize:KB, files:COUNT or packets:COUNT.", valueName: "condition"))
    var conditions: [String] = []
    @Option(name: [.customShort("b"), .customLong("ring-buffer")], parsing: .unconditionalSingleValue, help: ArgumentHelp("Go on in another file after duration:SECONDS, filesize:KB, packets:COUNT or at each interval:SECONDS; keep files:COUNT; printname:FILE is told of finished ones.", valueName: "condition"))
    var files: [String] = []
}
