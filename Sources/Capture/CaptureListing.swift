import CPcap

/// What a device has to choose from.
public struct CaptureListing: Hashable, Sendable {
    public struct Choice: Hashable, Sendable {
        /// libpcap's.
        public var number: Int32
        public var name: String
        public var description: String
    }

    public var linkTypes: [Choice]
    public var timestampTypes: [Choice]
    public var hasMonitorMode: Bool

    public init(of device: CaptureDevice, isMonitor: Bool) throws(CaptureError) {
        (linkTypes, timestampTypes, hasMonitorMode) = try PcapHandle.withUnopened(device.name) { handle throws(CaptureError) in
            let timestampTypes = Self.timestampTypes(handle)
            let hasMonitorMode = pcap_can_set_rfmon(handle) == 1
            if isMonitor { pcap_set_rfmon(handle, 1) }
            try PcapHandle.activate(handle, device.name)
            return (Self.linkTypes(handle), timestampTypes, hasMonitorMode)
        }
    }

    private static func linkTypes(_ handle: OpaquePointer) -> [Choice] {
        var numbers: UnsafeMutablePointer<Int32>?
        let count = pcap_list_datalinks(handle, &numbers)
        guard count > 0, let numbers else { return [] }
        defer { pcap_free_datalinks(numbers) }
        return UnsafeBufferPointer(start: numbers, count: Int(count)).map {
            Choice(number: $0, name: pcap_datalink_val_to_name($0).map { String(cString: $0) } ?? "\($0)",
                   description: pcap_datalink_val_to_description($0).map { String(cString: $0) } ?? "")
        }
    }

    private static func timestampTypes(_ handle: OpaquePointer) -> [Choice] {
        var numbers: UnsafeMutablePointer<Int32>?
        let count = pcap_list_tstamp_types(handle, &numbers)
        guard count > 0, let numbers else { return [] }
        defer { pcap_free_tstamp_types(numbers) }
        return UnsafeBufferPointer(start: numbers, count: Int(count)).compactMap { number in
            guard let name = pcap_tstamp_type_val_to_name(number), let text = pcap_tstamp_type_val_to_description(number) else { return nil }
            return Choice(number: number, name: String(cString: name), description: String(cString: text))
        }
    }
}
