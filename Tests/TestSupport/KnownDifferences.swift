import Foundation

/// Fields in which Wirelark and tshark differ on purpose: `<case>.differences` beside a fixture, and the table in
/// Fixtures/README.md for those that differ in every fixture.
struct KnownDifferences {
    /// Reasons by field name, of this fixture.
    let own: [String: String]
    private let common: Set<String>

    init(of fixture: String) throws {
        let url = PackageRoot.fixtures.appending(path: fixture + ".differences")
        var own: [String: String] = [:]
        for line in ((try? String(contentsOf: url, encoding: .utf8)) ?? "").split(separator: "\n") where !line.hasPrefix("#") {
            guard let match = line.wholeMatch(of: /([^ :]+): +(.+)/) else {
                throw FixtureError(fixture: fixture, line: 0, problem: "the differences have lines \"field: reason\", not \"\(line)\"")
            }
            own[String(match.1)] = String(match.2)
        }
        self.own = own
        let table = try PackageRoot.text("Fixtures/README.md")
        common = Set(table.matches(of: /(?m)^\| `([^`]+)` \|/).map { String($0.1) })
    }

    /// The entry that covers a field: its name, or one that ends in `*`.
    func entry(for name: String) -> String? {
        if own[name] != nil { return name }
        if let pattern = own.keys.first(where: { Self.matches($0, name) }) { return pattern }
        return common.first { Self.matches($0, name) }
    }

    private static func matches(_ pattern: String, _ name: String) -> Bool {
        pattern.hasSuffix("*") ? name.hasPrefix(pattern.dropLast()) : name == pattern
    }
}
