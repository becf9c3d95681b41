import Testing

/// What the tests of every protocol run over its fixtures: goldens, prefixes, single bits, passes, segmentation, and the comparison
/// with tshark. (The round trip of the header is `expectRoundTrip`.)
public struct Contract: Sendable {
    /// Fields that end where the frame does, whatever the protocol above is.
    private static let alwaysLengthDependent: Set<String> = [
        "frame", "data", "data.data", "eth.padding", "eth.trailer", "eth.fcs", "udp.payload", "tcp.payload", "tcp.segment_data",
    ]

    /// Protocols of which nothing is shown unless their whole header is there, as in Wireshark.
    private static let alwaysReadAtOnce: Set<String> = ["eth", "tcp", "udp"]

    private let abbreviation: String
    private let lengthDependent: Set<String>
    private let readAtOnce: Set<String>

    /// - Parameters:
    ///   - abbreviation: the protocol's name in filters, and its folder in Fixtures/protocols.
    ///   - lengthDependent: fields whose presence, place or value depends on how long the frame is, so that a prefix of a
    ///     frame shows them differently.
    ///   - readAtOnce: protocols of which nothing is shown unless their whole header is there.
    public init(_ abbreviation: String, lengthDependent: Set<String> = [], readAtOnce: Set<String> = []) {
        self.abbreviation = abbreviation
        self.lengthDependent = lengthDependent.union(Self.alwaysLengthDependent)
        self.readAtOnce = readAtOnce.union(Self.alwaysReadAtOnce)
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
            try Golden(of: fixture.name).problem(with: bed.text(of: fixture)),
            PrefixCheck(bed: bed, fixture: fixture, lengthDependent: lengthDependent, readAtOnce: readAtOnce).run(),
            BitFlipCheck(bed: bed, fixture: fixture).run(),
            PassCheck(bed: bed, fixture: fixture).run(),
            WantCheck(bed: bed, fixture: fixture).run(),
            SplitCheck(bed: bed, fixture: fixture).run(),
            try TsharkCheck(bed: bed, fixture: fixture).run(),
        ].compactMap { $0 }
    }
}
