import Dissection
import Foundation
import Wire

/// Frames in annotated hex, as Fixtures/README.md describes the format.
public struct Fixture: Sendable {
    public struct Frame: Sendable {
        public var bytes: [UInt8]
        /// What the capture says of the frame: number, time, lengths, interface, comments.
        public var info: FrameInfo
    }

    /// `udp/good`
    public let name: String
    /// The first line: what it shows and where it comes from.
    public let title: String
    public var linkType = LinkType.ethernet
    /// Names and values, in order: `-o name:value`.
    public var preferences: [(name: String, value: String)] = []
    /// `udp.port==5300,dns`, as `-d` takes it.
    public var decodeAs: [String] = []
    /// Interfaces of a pcapng capture; none for pcap.
    public var interfaces: [(name: String, description: String?)] = []
    public var frames: [Frame] = []
    /// What was sent over one conversation, where the fixture gives that and not frames.
    public var stream: StreamFixture?

    /// The fixture in Fixtures/protocols/`name`.hex.
    public init(named name: String) throws {
        let url = PackageRoot.fixtures.appending(path: name + ".hex")
        try self.init(name: name, text: String(contentsOf: url, encoding: .utf8))
    }

    public init(name: String, text: String) throws {
        var parser = FixtureParser(name: name)
        self = try parser.parse(text)
    }

    init(name: String, title: String) {
        self.name = name
        self.title = title
    }

    /// The fixtures of a protocol, in the order of their names.
    public static func all(of abbreviation: String) throws -> [Fixture] {
        let files = PackageRoot.files(below: "Fixtures/protocols/" + abbreviation, suffix: ".hex")
        return try files.map { path in
            try Fixture(named: abbreviation + "/" + URL(filePath: path).deletingPathExtension().lastPathComponent)
        }
    }

    /// The settings that a registry needs for the fixture.
    public func settings() throws -> RegistrySettings {
        var settings = RegistrySettings()
        for (name, value) in preferences { settings.preferences[name] = value }
        settings.decodeAs = try decodeAs.map { rule in
            guard let match = rule.wholeMatch(of: /([^=]+)==([0-9]+),(.+)/), let number = UInt32(match.2) else {
                throw FixtureError(fixture: name, line: 0, problem: "decode-as takes table==number,protocol, not \"\(rule)\"")
            }
            return (String(match.1), number...number, String(match.3))
        }
        return settings
    }
}

/// What is wrong with a fixture, and where.
public struct FixtureError: Error, CustomStringConvertible {
    public let fixture: String
    public let line: Int
    public let problem: String
    public var description: String { "Fixtures/protocols/\(fixture).hex:\(line): \(problem)" }
}
