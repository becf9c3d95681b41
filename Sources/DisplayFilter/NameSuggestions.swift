import Dissection

/// Registered names that are like one that is not known.
enum NameSuggestions {
    /// More than these do not help.
    private static let countLimit = 3
    /// Names longer than this are no misspelling of anything.
    private static let byteCountLimit = 64

    /// The nearest names, at most a third of the letters wrong.
    static func near(_ name: String, in registry: Registry) -> [String] {
        let wanted = Array(name.lowercased().utf8)
        guard wanted.count <= byteCountLimit else { return [] }
        let distanceLimit = max(1, wanted.count / 3)
        var found: [String: Int] = [:]
        for field in registry.fields where !field.abbreviation.isEmpty && found[field.abbreviation] == nil {
            let distance = distance(wanted, Array(field.abbreviation.utf8))
            if distance <= distanceLimit { found[field.abbreviation] = distance }
        }
        let sorted = found.sorted { ($0.value, $0.key) < ($1.value, $1.key) }
        return sorted.prefix(countLimit).map(\.key)
    }

    /// Insertions, deletions and substitutions that make one text the other (Levenshtein's distance).
    private static func distance(_ a: [UInt8], _ b: [UInt8]) -> Int {
        var row = Array(0...b.count)
        for (i, letter) in a.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for (j, other) in b.enumerated() {
                let substituted = diagonal + (letter == other ? 0 : 1)
                diagonal = row[j + 1]
                row[j + 1] = min(substituted, diagonal + 1, row[j] + 1)
            }
        }
        return row[b.count]
    }
}
