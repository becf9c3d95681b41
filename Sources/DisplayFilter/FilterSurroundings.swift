import Wire

/// What filters take from where their user is.
public struct FilterSurroundings: Sendable {
    /// Seconds since 1970-01-01 00:00:00 UTC for those of a clock on the user's wall.
    public var universalSeconds: @Sendable (_ local: Int64) -> Int64
    /// The address that a host has by its name, of the kind that is asked for; nil where it has none, or none is looked up.
    public var hostAddress: @Sendable (_ name: String, Address.Kind) -> Address?

    public init(
        universalSeconds: @escaping @Sendable (_ local: Int64) -> Int64 = { $0 },
        hostAddress: @escaping @Sendable (_ name: String, Address.Kind) -> Address? = { _, _ in nil }
    ) {
        self.universalSeconds = universalSeconds
        self.hostAddress = hostAddress
    }
}
