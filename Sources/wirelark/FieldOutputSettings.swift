import Presentation

extension FieldsPrinter.Options {
    /// Takes one value of `-E`: `separator=,`, `header=y`.
    mutating func apply(_ setting: String) throws(CommandError) {
        guard let equals = setting.firstIndex(of: "=") else { throw Self.invalid(setting) }
        let value = String(setting[setting.index(after: equals)...])
        switch setting[..<equals] {
        case "bom": hasByteOrderMark = try Self.isYes(value, setting)
        case "header": hasHeader = try Self.isYes(value, setting)
        case "separator": separator = try Self.character(value, setting)
        case "aggregator": aggregator = try Self.character(value, setting)
        case "occurrence":
            guard let chosen = Occurrence(rawValue: value) else { throw Self.invalid(setting) }
            occurrence = chosen
        case "quote":
            guard let chosen = ["d": UInt8(ascii: "\""), "s": UInt8(ascii: "'"), "n": 0][value] else { throw Self.invalid(setting) }
            quote = chosen
        // Control characters are always escaped: what is in a packet must not reach the terminal.
        case "escape": guard try Self.isYes(value, setting) else { throw .usage("\"-E escape=n\" isn't possible: control characters are always escaped.") }
        default: throw Self.invalid(setting)
        }
    }

    private static func isYes(_ value: String, _ setting: String) throws(CommandError) -> Bool {
        switch value.lowercased() {
        case "y": true
        case "n": false
        default: throw invalid(setting)
        }
    }

    private static func character(_ value: String, _ setting: String) throws(CommandError) -> UInt8 {
        switch value {
        case "/t": return 9
        case "/s": return 32
        default:
            guard value.utf8.count == 1, let byte = value.utf8.first, byte >= 0x20, byte < 0x7f else { throw invalid(setting) }
            return byte
        }
    }

    private static func invalid(_ setting: String) -> CommandError {
        .usage("""
            "-E \(setting)" isn't valid; it is one of bom=y|n, header=y|n, separator=/t|/s|<character>, occurrence=f|l|a, \
            aggregator=/s|<character>, quote=d|s|n, escape=y.
            """)
    }
}
