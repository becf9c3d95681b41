import CPcap

/// Counts what arrives at a device, without keeping any of it.
///
/// ## Safety
/// The meter owns `handle`, and closes it in `deinit`.
public final class DeviceMeter {
    public let name: String
    private let handle: OpaquePointer

    public init(_ device: CaptureDevice) throws(CaptureError) {
        name = device.name
        var options = DeviceOptions()
        options.bufferMebibytes = 1
        options.isPromiscuous = false
        handle = try PcapHandle.open(device.name, options)
    }

    deinit { pcap_close(handle) }

    /// Packets so far.
    public func read() -> (received: Int, dropped: Int) {
        var statistics = pcap_stat()
        guard pcap_stats(handle, &statistics) == 0 else { return (0, 0) }
        return (Int(statistics.ps_recv), Int(statistics.ps_drop))
    }
}
