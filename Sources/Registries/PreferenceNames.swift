/// The names of Wireshark's preferences, most of which are about what is not here.
public enum PreferenceNames {
    /// Whether there is a preference of the name: `tcp.check_checksum`.
    public static func contains(_ name: String) -> Bool {
        guard let dot = name.firstIndex(of: ".") else { return false }
        let rest = name[name.index(after: dot)...]
        return preferenceModules.split(separator: "\n").contains { line in
            let words = line.split(separator: " ")
            return words.first == name[..<dot] && words.dropFirst().contains(rest)
        }
    }
}
