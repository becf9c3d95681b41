import Dissection
import Registries
import Wire

extension NameResolution {
    /// Writes addresses for the summary, with the names that are asked for.
    public var addressWriter: @Sendable (Address, inout TextBuffer) -> Void {
        guard macAddresses else { return { $1.append($0) } }
        return { address, out in
            if address.kind == .ethernet { out.append(resolvedEthernet: address.low) } else { out.append(address) }
        }
    }
}
