import CPcap

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Something that this machine can capture on.
public struct CaptureDevice: Hashable, Sendable {
    public enum Medium: Hashable, Sendable { case network, loopback, wireless, bluetooth, usb, other }

    public var name: String
    public var description: String?
    /// As text, IPv4 ones first.
    public var addresses: [String] = []
    public var medium = Medium.network
    public var isUp = false

    /// "Loopback: lo", or the name alone.
    public var title: String { description.map { "\($0): \(name)" } ?? name }

    /// All of them, in libpcap's order: those that are up and running first, loopback ones later.
    public static func all() throws(CaptureError) -> [CaptureDevice] {
        var text = [CChar](repeating: 0, count: Int(PCAP_ERRBUF_SIZE))
        var first: UnsafeMutablePointer<pcap_if_t>?
        guard pcap_findalldevs(&first, &text) == 0 else {
            throw CaptureError(.refused, "The devices can't be listed: \(Self.string(text)).")
        }
        defer { pcap_freealldevs(first) }
        return sequence(first: first, next: { $0?.pointee.next }).compactMap { $0.map { CaptureDevice($0.pointee) } }
    }

    /// The device that `text` names, by its name or its number in the list, from 1. A name that is not in the list is taken as it is:
    /// libpcap knows devices that it does not list.
    public static func named(_ text: String) throws(CaptureError) -> CaptureDevice {
        let devices = (try? all()) ?? []
        if let device = devices.first(where: { $0.name == text }) { return device }
        if let number = Int(text) {
            guard devices.indices.contains(number - 1) else {
                throw CaptureError(.noSuchDevice, "There is no device number \(number); \"wirelark capture -D\" lists those that there are.")
            }
            return devices[number - 1]
        }
        return CaptureDevice(name: text)
    }

    /// What is captured on if nobody says: the first that is no loopback.
    public static func preferred() throws(CaptureError) -> CaptureDevice {
        let devices = try all()
        guard let device = devices.first(where: { $0.medium != .loopback }) ?? devices.first else {
            throw CaptureError(.notPermitted, "There is no device that you may capture on.")
        }
        return device
    }

    init(name: String) { self.name = name }

    private init(_ device: pcap_if_t) {
        name = String(cString: device.name)
        medium = Self.medium(device)
        isUp = device.flags & UInt32(PCAP_IF_UP) != 0
        description = medium == .loopback ? "Loopback" : device.description.map { String(cString: $0) }
        // What libpcap says of devices that have no name of their own in the system is no more than what they are.
        if name == "any" || [.bluetooth, .usb, .other].contains(medium) { description = nil }
        let numbers = sequence(first: device.addresses, next: { $0?.pointee.next }).compactMap { $0?.pointee.addr }
        addresses = [AF_INET, AF_INET6].flatMap { family in numbers.filter { Int32($0.pointee.sa_family) == family }.compactMap(Self.text) }
    }

    private static func medium(_ device: pcap_if_t) -> Medium {
        if device.flags & UInt32(PCAP_IF_LOOPBACK) != 0 { return .loopback }
        let name = String(cString: device.name)
        if name.hasPrefix("bluetooth") { return .bluetooth }
        if name.hasPrefix("usbmon") { return .usb }
        if ["nflog", "nfqueue", "dbus"].contains(where: name.hasPrefix) { return .other }
        return device.flags & UInt32(PCAP_IF_WIRELESS) != 0 ? .wireless : .network
    }

    private static func text(_ address: UnsafeMutablePointer<sockaddr>) -> String? {
        var text = [CChar](repeating: 0, count: Int(NI_MAXHOST))
        let isLong = Int32(address.pointee.sa_family) == AF_INET6
        let byteCount = isLong ? MemoryLayout<sockaddr_in6>.size : MemoryLayout<sockaddr_in>.size
        guard getnameinfo(address, socklen_t(byteCount), &text, socklen_t(text.count), nil, 0, NI_NUMERICHOST) == 0 else { return nil }
        // Without the scope: "fe80::1%eth0".
        return string(text).split(separator: "%").first.map(String.init)
    }

    static func string(_ text: [CChar]) -> String {
        String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
