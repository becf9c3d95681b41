/// How a device is captured on.
public struct DeviceOptions: Hashable, Sendable {
    /// In pcap-filter(7) syntax; empty takes everything.
    public var filter = ""
    /// The most bytes kept of a packet.
    public var snapLength = 262_144
    /// Also packets that are not meant for this machine.
    public var isPromiscuous = true
    public var isMonitor = false
    /// MiB in which the kernel keeps packets until they are drained.
    public var bufferMebibytes = 32
    /// By name, "EN10MB"; nil for the device's first.
    public var linkType: String?
    /// By name, "host"; nil for the device's own choice.
    public var timestampType: String?
    /// Whether each packet is delivered at once, rather than with those that come soon after it.
    public var isImmediate = false
    /// What the interface is called in files, and what is said of it there; nil for what the system says.
    public var shownName: String?
    public var description: String?

    public init() {}
}
