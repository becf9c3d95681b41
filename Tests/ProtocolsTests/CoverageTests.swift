import Dissection
import TestSupport
import Testing

/// Every registered field and expert item is shown by some golden, but for those that uncovered-fields.txt lists with a reason.
@Suite struct CoverageTests {
    private static let listPath = "Tests/ProtocolsTests/uncovered-fields.txt"

    /// The names that begin the lines of the goldens' trees.
    private static func shownNames() throws -> Set<String> {
        var names: Set<String> = []
        for path in PackageRoot.files(below: "Fixtures/protocols", suffix: ".golden") {
            for match in try PackageRoot.text(path).matches(of: #/(?m)^ {2,}([A-Za-z_][^ ]*) .*? \| /#) { names.insert(String(match.1)) }
        }
        return names
    }

    /// Reasons by name, or by the start of names with a `*` behind it.
    private static func listed() throws -> [String: String] {
        var listed: [String: String] = [:]
        for line in try PackageRoot.text(listPath).split(separator: "\n") where !line.hasPrefix("#") {
            let match = try #require(line.wholeMatch(of: /([^ :]+): +(.+)/), "\(listPath) has lines \"field: reason\", not \"\(line)\"")
            listed[String(match.1)] = String(match.2)
        }
        return listed
    }

    private static func matches(_ entry: String, _ name: String) -> Bool {
        entry.hasSuffix("*") ? name.hasPrefix(entry.dropLast()) : name == entry
    }

    @Test func everyFieldIsShown() throws {
        let registered = Set(try TestBed().registry.fields.map(\.abbreviation)).subtracting([""])
        let missing = registered.subtracting(try Self.shownNames())
        let listed = try Self.listed()
        let unlisted = missing.filter { name in !listed.keys.contains { Self.matches($0, name) } }
        if !unlisted.isEmpty { Issue.record("No golden shows: \(unlisted.sorted().joined(separator: ", "))") }
        for entry in listed.keys.sorted() where !missing.contains(where: { Self.matches(entry, $0) }) {
            Issue.record("\(entry) is listed in \(Self.listPath), and is shown (or not registered)")
        }
    }
}
