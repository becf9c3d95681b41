import CPcap
import Wire

/// Opening devices with libpcap.
enum PcapHandle {
    /// After so long the kernel delivers packets of which there are few.
    static let deliveryMilliseconds: Int32 = 100

    /// A handle that receives packets; the caller closes it.
    static func open(_ name: String, _ options: DeviceOptions) throws(CaptureError) -> OpaquePointer {
        let handle = try create(name)
        do throws(CaptureError) {
            try configure(handle, name, options)
            return handle
        } catch {
            pcap_close(handle)
            throw error
        }
    }

    /// Runs `body` with a handle that was asked nothing yet.
    static func withUnopened<Result>(_ name: String, _ body: (OpaquePointer) throws(CaptureError) -> Result) throws(CaptureError) -> Result {
        let handle = try create(name)
        defer { pcap_close(handle) }
        return try body(handle)
    }

    private static func create(_ name: String) throws(CaptureError) -> OpaquePointer {
        var text = [CChar](repeating: 0, count: Int(PCAP_ERRBUF_SIZE))
        guard let handle = pcap_create(name, &text) else {
            throw CaptureError(.refused, "The device \"\(name)\" can't be captured on: \(CaptureDevice.string(text)).")
        }
        return handle
    }

    static func activate(_ handle: OpaquePointer, _ name: String) throws(CaptureError) {
        let status = pcap_activate(handle)
        // Warnings, which are positive, are about what does not matter.
        if status < 0 { throw CaptureError(status: status, device: name, detail: String(cString: pcap_geterr(handle))) }
    }

    private static func configure(_ handle: OpaquePointer, _ name: String, _ options: DeviceOptions) throws(CaptureError) {
        pcap_set_snaplen(handle, Int32(clamping: options.snapLength))
        pcap_set_promisc(handle, options.isPromiscuous ? 1 : 0)
        pcap_set_timeout(handle, deliveryMilliseconds)
        pcap_set_buffer_size(handle, Int32(clamping: options.bufferMebibytes << 20))
        if options.isImmediate { pcap_set_immediate_mode(handle, 1) }
        if options.isMonitor { pcap_set_rfmon(handle, 1) }
        // Refused where the device has microseconds alone, which then stay.
        pcap_set_tstamp_precision(handle, PCAP_TSTAMP_PRECISION_NANO)
        if let type = options.timestampType { try setTimestampType(handle, name, type) }
        try activate(handle, name)
        if let type = options.linkType { try setLinkType(handle, name, type) }
        if !options.filter.isEmpty { try setFilter(handle, options.filter) }
        var text = [CChar](repeating: 0, count: Int(PCAP_ERRBUF_SIZE))
        guard pcap_setnonblock(handle, 1, &text) == 0 else {
            throw CaptureError(.refused, "The device \"\(name)\" can't be captured on: \(CaptureDevice.string(text)).")
        }
    }

    private static func setTimestampType(_ handle: OpaquePointer, _ name: String, _ type: String) throws(CaptureError) {
        let number = pcap_tstamp_type_name_to_val(type)
        guard number >= 0 else { throw CaptureError(.refused, "There is no time stamp type \"\(type)\".") }
        guard pcap_set_tstamp_type(handle, number) == 0 else {
            throw CaptureError(.refused, "The device \"\(name)\" has no time stamps of type \"\(type)\"; --list-time-stamp-types lists its types.")
        }
    }

    private static func setLinkType(_ handle: OpaquePointer, _ name: String, _ type: String) throws(CaptureError) {
        let number = pcap_datalink_name_to_val(type)
        guard number >= 0 else { throw CaptureError(.refused, "There is no link type \"\(type)\".") }
        guard pcap_set_datalink(handle, number) == 0 else {
            throw CaptureError(.refused, "The device \"\(name)\" has no link type \"\(type)\"; -L lists its types.")
        }
    }

    private static func setFilter(_ handle: OpaquePointer, _ expression: String) throws(CaptureError) {
        var program = bpf_program()
        guard pcap_compile(handle, &program, expression, 1, .max) == 0 else {
            throw CaptureError(.refused, BPFError(expression, refusedBy: handle).description)
        }
        defer { pcap_freecode(&program) }
        guard pcap_setfilter(handle, &program) == 0 else {
            throw CaptureError(.refused, BPFError(expression: expression, message: String(cString: pcap_geterr(handle))).description)
        }
    }
}
