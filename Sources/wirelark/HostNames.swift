#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import Dissection
import DisplayFilter
import Wire

extension FilterSurroundings {
    /// Where the user is who calls this command. Names of hosts are looked up only where that was asked for: the question leaves the machine.
    init(_ resolution: NameResolution) {
        self.init(universalSeconds: LocalTime.universalSeconds)
        if resolution.networkAddresses, resolution.asksSystem { hostAddress = HostNames.address }
    }
}

/// Names of hosts, as the system knows them.
private enum HostNames {
    /// The first address of the kind that the name has.
    @Sendable static func address(_ name: String, _ kind: Address.Kind) -> Address? {
        var hints = addrinfo()
        hints.ai_family = kind == .ipv4 ? AF_INET : AF_INET6
        var first: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(name, nil, &hints, &first) == 0, let first else { return nil }
        defer { freeaddrinfo(first) }
        var text = [CChar](repeating: 0, count: Int(NI_MAXHOST))
        guard getnameinfo(first.pointee.ai_addr, first.pointee.ai_addrlen, &text, socklen_t(text.count), nil, 0, NI_NUMERICHOST) == 0 else { return nil }
        let digits = String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)[...]
        return kind == .ipv4 ? Address(ipv4: digits) : Address(ipv6: digits)
    }
}
