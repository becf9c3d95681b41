/// When a capture goes on in another file, and when it stops: what `-a`, `-b` and `-c` say.
public struct RecordingLimits: Hashable, Sendable {
    /// Whether there are several files, each with a number and its time in its name.
    public var isSeries = false

    // Of a file of a series, or of the only one, which ends the capture.
    /// In thousands of bytes.
    public var fileKilobytes: Int?

    // Of a file of a series.
    public var filePackets: Int?
    public var fileSeconds: Double?
    /// A new file begins whenever the time of day is a multiple of so many seconds.
    public var intervalSeconds: Int?
    /// Files that are kept: older ones are removed.
    public var keptFiles: Int?

    // Of the capture.
    public var packets: Int?
    public var seconds: Double?
    public var files: Int?

    public init() {}

    /// Whether anything begins a new file.
    public var hasFileLimit: Bool { fileKilobytes != nil || filePackets != nil || fileSeconds != nil || intervalSeconds != nil }
}
