import Testing

/// What the tests of every protocol run over its fixtures: goldens, prefixes, single bits, passes, segmentation, and the comparison
/// with tshark. (The round trip of the header is `expectRoundTrip`.)
public struct Contract: Sendable {
    /// Fields that end where the frame does, whatever the protocol above is.
    private static let alwaysLengthDependent: Set<String> = [
        "data", "data.data", "eth.padding", "eth.trailer", "eth.fcs", "udp.payload", "tcp.payload", "tcp.segment_data",
    ]

    private let abbreviation: String
    private let lengthDependent: Set<String>

    /// - Parameters:
    ///   - abbreviation: the protocol's name in filters, and its folder in Fixtures/protocols.
    ///   - lengthDependent: fields whose presence, place or value depends on how long the frame is, so that a prefix of a
    ///     frame shows them differently.
    public init(_ abbreviation: String, lengthDependent: Set<String> = []) {
        self.abbreviation = abbreviation
        self.lengthDependent = lengthDependent.union(Self.alwaysLengthDependent)
    }

    /// Runs every check over every fixture of the protocol.
    public func run(sourceLocation: SourceLocation = #_sourceLocation) throws {
        let fixtures = try Fixture.all(of: abbreviation)
        try #require(!fixtures.isEmpty, "There is no fixture in Fixtures/protocols/\(abbreviation).", sourceLocation: sourceLocation)
        for fixture in fixtures {
            for problem in try problems(of: fixture) { Issue.record("\(problem)", sourceLocation: sourceLocation) }
        }
    }

    private func problems(of fixture: Fixture) throws -> [String] {
        let bed = try TestBed.shared(for: fixture)
        return [
            try Golden(of: fixture.name).problem(with: GoldenWriter(bed, for: fixture).text(of: fixture)),
            PrefixCheck(bed: bed, fixture: fixture, lengthDependent: lengthDependent).run(),
            BitFlipCheck(bed: bed, fixture: fixture).run(),
            PassCheck(bed: bed, fixture: fixture).run(),
            SplitCheck(bed: bed, fixture: fixture).run(),
            try TsharkCheck(bed: bed, fixture: fixture).run(),
        ].compactMap { $0 }
    }
}
