import Dissection
import Registries
import Wire

/// Writes addresses and ports with the names that the user asked for.
struct EndpointNames: Sendable {
    let resolution: NameResolution
    let layer: EndpointLayer

    func write(_ address: Address, _ out: inout TextBuffer) {
        if address.kind == .ethernet, resolution.macAddresses { out.append(resolvedEthernet: address.low) } else { out.append(address) }
    }

    func write(port: UInt32, _ out: inout TextBuffer) {
        let number = UInt16(truncatingIfNeeded: port)
        let name = resolution.ports ? (layer == .tcp ? ServiceNames.tcp(number) : ServiceNames.udp(number)) : nil
        if let name { out.append(name) } else { out.append(decimal: number) }
    }

    /// `address`, or `address:port`.
    func write(_ address: Address, port: UInt32, _ out: inout TextBuffer) {
        write(address, &out)
        guard layer.hasPorts else { return }
        out.append(58)
        write(port: port, &out)
    }

    /// The members of an endpoint's JSON object.
    func members(_ address: Address, _ port: UInt32) -> [(name: String, value: JSONValue)] {
        var text = TextBuffer(capacity: 64)
        text.append(address)
        var members: [(name: String, value: JSONValue)] = [("address", .string(text.string))]
        if layer.hasPorts { members.append(("port", JSONValue(port))) }
        text.truncate()
        write(address, &text)
        if layer == .ethernet { members.append(("name", .string(text.string))) }
        return members
    }
}
