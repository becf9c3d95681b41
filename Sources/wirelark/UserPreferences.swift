/// The values of `-o`: some are for the command itself, the others for dissectors.
struct UserPreferences {
    /// `gui.column.format`
    private(set) var columnFormat: String?
    /// By name.
    private(set) var values: [String: String] = [:]

    init(_ settings: [String]) throws(CommandError) {
        for text in settings {
            guard let colon = text.firstIndex(of: ":"), colon != text.startIndex else { throw .usage("\"-o \(text)\" doesn't follow the template \"-o name:value\".") }
            let value = String(text[text.index(after: colon)...].drop { $0 == " " })
            switch text[..<colon] {
            case "gui.column.format": columnFormat = value
            // A line of a table: "uat:80211_keys:...". No dissector here has one.
            case "uat": guard Self.isTableLine(value) else { throw .usage("\"-o \(text)\" doesn't follow the template \"-o uat:table:\"value\",\"value\"\".") }
            // How much tshark used to say of itself.
            case "console.log.level": guard UInt32(value) != nil else { throw .usage("\"-o \(text)\" isn't valid: the level is a number.") }
            // What the keys of TLS are in used to have another name.
            case let name where name.hasPrefix("ssl."): values["tls." + name.dropFirst(4)] = value
            case let name: values[String(name)] = value
            }
        }
    }

    /// Whether the text names a table, and has values in quotes or in hexadecimal digits.
    private static func isTableLine(_ text: String) -> Bool {
        guard let colon = text.firstIndex(of: ":"), colon != text.startIndex else { return false }
        return text[text.index(after: colon)...].split(separator: ",").allSatisfy { value in
            let value = value.drop { $0 == " " }
            return value.hasPrefix("\"") || value.hasSuffix("\"") || value.allSatisfy(\.isHexDigit)
        }
    }

    /// What is shown by name unless -n or -N says otherwise, in the letters of -N.
    var namedKinds: String {
        let kinds = [("m", "nameres.mac_name", true), ("n", "nameres.network_name", false), ("t", "nameres.transport_name", false)]
        return kinds.filter { values[$0.1].map { $0.lowercased() == "true" } ?? $0.2 }.map(\.0).joined()
    }
}
