import Dissection

/// Registers every protocol that comes with Wirelark: one line each.
public func registerAllProtocols(_ r: inout Registrar) {
    _ = DataBytes(registering: &r)
    _ = Frame(registering: &r)
    _ = Ethernet(registering: &r)
    _ = RawIP(registering: &r)
    _ = NullLoopback(registering: &r)
    _ = LinuxCookedCapture(registering: &r)
    _ = VLAN(registering: &r)
    _ = ProviderBridge(registering: &r)
    _ = ARP(registering: &r)
    _ = IPv4(registering: &r)
    _ = IPv6(registering: &r)
    _ = UDP(registering: &r)
    _ = TCP(registering: &r)
    _ = ICMP(registering: &r)
    _ = ICMPv6(registering: &r)
    _ = DNS(registering: &r)
    _ = Media(registering: &r)
    _ = HTTP(registering: &r)
    _ = X509(registering: &r)
    _ = TLS(registering: &r)
    _ = DataTextLines(registering: &r)
    _ = JSON(registering: &r)
    _ = URLEncodedForm(registering: &r)
}
