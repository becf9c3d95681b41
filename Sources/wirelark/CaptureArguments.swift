/// The command line of a capture, taken apart: which options stand behind which `-i`, and which are the reader's.
struct CaptureArguments {
    /// Whether each takes a value.
    private static let ofInterfaces = [
        "-f": true, "-s": true, "--snapshot-length": true, "-p": false, "--no-promiscuous-mode": false, "-I": false, "--monitor-mode": false,
        "-B": true, "--buffer-size": true, "-y": true, "--linktype": true, "--time-stamp-type": true, "--immediate": false,
        "--ifname": true, "--ifdescr": true,
    ]
    private static let ofCapture = [
        "-D": false, "--list-interfaces": false, "-L": false, "--list-data-link-types": false, "--list-time-stamp-types": false,
        "-c": true, "-a": true, "--autostop": true, "-b": true, "--ring-buffer": true, "-w": true, "-F": true, "-Z": true, "--memory": true,
        "--capture-comment": true,
    ]
    private static let interfaceNames: Set = ["-i", "--interface"]

    /// Options of interfaces before the first.
    private(set) var shared: [String] = []
    /// Each interface's name and its options.
    private(set) var interfaces: [(name: String, options: [String])] = []
    /// All that captures have no use for.
    private(set) var others: [String] = []

    /// - Parameter arguments: each option apart from its value, as `ShortOptions` leaves them.
    /// - Parameter othersTakeValue: whether an option that is none of a capture's takes a value, which may look like one that is.
    init(_ arguments: some Sequence<String>, othersTakeValue: (String) -> Bool) {
        var rest = arguments.flatMap(Self.parts)[...]
        while let argument = rest.popFirst() {
            if Self.interfaceNames.contains(argument) {
                if let name = rest.popFirst() { interfaces.append((name, [])) }
            } else if let hasValue = Self.ofInterfaces[argument] {
                var option = [argument]
                if hasValue, let value = rest.popFirst() { option.append(value) }
                if interfaces.isEmpty { shared += option } else { interfaces[interfaces.count - 1].options += option }
            } else if let hasValue = Self.ofCapture[argument] {
                if hasValue { _ = rest.popFirst() }
            } else {
                others.append(argument)
                if othersTakeValue(argument), let value = rest.popFirst() { others.append(value) }
            }
        }
    }

    /// "--name=value" as two.
    private static func parts(_ argument: String) -> [String] {
        guard argument.hasPrefix("--"), let equals = argument.firstIndex(of: "=") else { return [argument] }
        let name = String(argument[..<equals])
        guard ofInterfaces[name] ?? ofCapture[name] ?? interfaceNames.contains(name) else { return [argument] }
        return [name, String(argument[argument.index(after: equals)...])]
    }
}
