import CPcap

/// Why something cannot be captured on, or not any longer.
public struct CaptureError: Error, Hashable, Sendable, CustomStringConvertible {
    public enum Kind: Hashable, Sendable {
        case noSuchDevice
        /// The process lacks the right to capture.
        case notPermitted
        /// The device is there and does not do what is asked for.
        case refused
        /// It worked, and does not any more.
        case ended
    }

    public var kind: Kind
    /// A sentence for the user, with its full stop.
    public var description: String

    public init(_ kind: Kind, _ description: String) {
        self.kind = kind
        self.description = description
    }

    /// What libpcap's `status` means for the device `name`, of which `detail` says more.
    init(status: Int32, device name: String, detail: String) {
        switch status {
        case PCAP_ERROR_NO_SUCH_DEVICE:
            self.init(.noSuchDevice, "There is no device named \"\(name)\"; \"wirelark capture -D\" lists those that there are.")
        case PCAP_ERROR_PERM_DENIED, PCAP_ERROR_PROMISC_PERM_DENIED:
            self.init(.notPermitted, "You don't have permission to capture on \"\(name)\".")
        case PCAP_ERROR_IFACE_NOT_UP:
            self.init(.refused, "The device \"\(name)\" isn't up.")
        case PCAP_ERROR_RFMON_NOTSUP:
            self.init(.refused, "The device \"\(name)\" has no monitor mode.")
        default:
            let reason = detail.isEmpty ? String(cString: pcap_statustostr(status)) : detail
            self.init(.refused, "The device \"\(name)\" can't be captured on: \(reason).")
        }
    }
}
