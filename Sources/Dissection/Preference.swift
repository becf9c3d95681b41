/// A registered preference: `tcp.relative_sequence_numbers`.
public struct Preference: Sendable {
    public enum Kind: Equatable, Sendable {
        case boolean(Bool)
        case unsigned(UInt32)
        case text(String)
        case choice(String, of: [String])
        case portRange(String)
    }

    /// Module and name with a full stop between: as `-o` takes it.
    public let name: String
    public let defaultValue: Kind
    public let value: Kind
    public let title: String
}

/// What was wrong with what a user asked of the registry, in one sentence.
public struct RegistryError: Error, Equatable, CustomStringConvertible, Sendable {
    public let description: String
    public init(_ description: String) { self.description = description }
}
