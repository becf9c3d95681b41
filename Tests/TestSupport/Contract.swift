import Testing

/// What every protocol's tests run over its fixtures. See "The contract" in Fixtures/README.md.
public struct Contract: Sendable {
    public let abbreviation: String

    public init(_ abbreviation: String) { self.abbreviation = abbreviation }

    /// Runs every check over every fixture of the protocol.
    public func run() throws {
        let fixtures = try Fixture.all(of: abbreviation)
        try #require(!fixtures.isEmpty, "There is no fixture in Fixtures/protocols/\(abbreviation).")
        for fixture in fixtures { try run(fixture) }
    }

    func run(_ fixture: Fixture) throws {
        let bed = try TestBed.shared(for: fixture)
        try Golden(of: fixture.name).compare(GoldenWriter(bed, for: fixture).text(of: fixture))
    }
}
