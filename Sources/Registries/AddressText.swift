import Wire

extension TextBuffer {
    /// A MAC address with what of it has a name: `Broadcast`, `IPv4mcast_7f:ff:fa`, or plain hexadecimal.
    public mutating func append(resolvedEthernet address: UInt64) {
        guard let (name, matchedBits) = VendorPrefixes.shortName(address) else {
            append(ethernet: address)
            return
        }
        append(name)
        let freeByteCount = (48 - matchedBits + 7) / 8
        guard freeByteCount > 0 else { return }
        append(95)
        let rest = address & ((1 << UInt64(48 - matchedBits)) - 1)
        for index in (0..<freeByteCount).reversed() {
            append(hex: rest >> UInt64(8 * index) & 0xff, width: 2)
            if index > 0 { append(58) }
        }
    }
}
