import CRegistryData
import Wire

/// IANA's service names of ports. The views that are returned lie in static storage and stay valid.
public enum ServiceNames {
    /// The service at a TCP port, such as `http` at 80.
    public static func tcp(_ port: UInt16) -> ByteView? { name(of: port, in: registryTCPNamesStart()) }

    /// The service at a UDP port, such as `domain` at 53.
    public static func udp(_ port: UInt16) -> ByteView? { name(of: port, in: registryUDPNamesStart()) }

    private static func name(of port: UInt16, in nameOffsets: UnsafePointer<UInt32>) -> ByteView? {
        let table = RegistryTable(keys: registryPortsStart(), nameOffsets: nameOffsets, count: Int(registryPortsCount))
        guard let name = table.names(of: port)?.short, !name.isEmpty else { return nil }
        return name
    }
}
