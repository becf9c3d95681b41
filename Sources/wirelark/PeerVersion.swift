/// What the peers' programs say of their version, for this one under their names.
enum PeerVersion {
    /// The release whose options and layouts these are: programs that call a peer decide by it what they can ask for.
    private static let release = "4.0.17"

    /// - Parameter name: as the peer writes its own.
    static func print(_ name: String) {
        // No other word of the line begins with a digit: programs look for the last number.
        Swift.print("\(name) (Wireshark) \(release) (Wirelark v\(Wirelark.configuration.version)).")
    }

    /// Whether arguments ask for the version.
    static func isAsked(_ arguments: [String]) -> Bool { arguments.contains("-v") || arguments.contains("--version") }
}
