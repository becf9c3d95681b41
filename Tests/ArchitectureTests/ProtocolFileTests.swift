import TestSupport
import Testing

/// Protocols whose tests and fixtures are still to come: a name is taken out with them.
private let awaitingFixtures: Set<String> = []

/// One protocol: one file (or folder), one test file, one fixture folder, one line of registration.
@Suite struct ProtocolFileTests {
    /// Names of the types that `registerAllProtocols` registers.
    private static let registered: [String] = {
        let text = (try? PackageRoot.text("Sources/Protocols/AllProtocols.swift")) ?? ""
        return text.matches(of: /_ = (\w+)\(registering:/).map { String($0.1) }
    }()

    private static let sources: [(path: String, text: String)] = PackageRoot.files(below: "Sources/Protocols", suffix: ".swift").map {
        ($0, (try? PackageRoot.text($0)) ?? "")
    }

    @Test func thereAreProtocols() { #expect(Self.registered.count >= 4) }

    @Test func everyRegistrationIsALine() throws {
        let lines = try PackageRoot.text("Sources/Protocols/AllProtocols.swift").split(separator: "\n")
        #expect(lines.filter { $0.contains("(registering:") }.count == Self.registered.count)
    }

    @Test(arguments: registered) func hasATestFileAndFixtures(type: String) throws {
        if awaitingFixtures.contains(type) {
            withKnownIssue("\(type) has no fixtures yet") { try checkFiles(of: type) }
        } else {
            try checkFiles(of: type)
        }
    }

    private func checkFiles(of type: String) throws {
        let (path, text) = try #require(Self.sources.first { $0.text.contains("public struct \(type):") || $0.text.contains("public final class \(type):") }, "no file has \(type)")
        let parts = path.split(separator: "/")
        let name = parts.count > 3 ? String(parts[2]) : String(parts[2].dropLast(".swift".count))
        #expect(!PackageRoot.files(below: "Tests/ProtocolsTests", suffix: "\(name)Tests.swift").isEmpty, "\(path) has no \(name)Tests.swift")
        let abbreviations = text.matches(of: /\.proto\("([^"]+)"/).map { String($0.1) }
        let hasFixtures = abbreviations.contains { !PackageRoot.files(below: "Fixtures/protocols/\($0)", suffix: ".hex").isEmpty }
        #expect(hasFixtures, "\(path) has no fixture in Fixtures/protocols/\(abbreviations.last ?? name)")
    }
}

@Suite struct FixtureFileTests {
    private static let fixtures = PackageRoot.files(below: "Fixtures/protocols", suffix: ".hex")

    @Test(arguments: fixtures) func fixtureSaysWhereItComesFrom(path: String) throws {
        let first = try PackageRoot.text(path).prefix { $0 != "\n" }
        #expect(first.hasPrefix("# "))
        #expect(first.contains(/Provenance: \S/), "\(path) has no provenance on its first line")
    }

    @Test(arguments: [".golden", ".differences"]) func everythingElseBelongsToAFixture(suffix: String) {
        let names = Set(Self.fixtures.map { $0.dropLast(".hex".count) })
        for path in PackageRoot.files(below: "Fixtures/protocols", suffix: suffix) {
            #expect(names.contains(path.dropLast(suffix.count)), "\(path) has no fixture")
        }
    }
}
