import CRegistryData
import Wire

/// The names of MAC addresses (48 bits in a `UInt64`, the first octet highest): manufacturers by IEEE's
/// MA-L (24 bits), MA-M (28) and MA-S (36) registries, and well-known group and virtual addresses.
///
/// The views that are returned lie in static storage and stay valid.
public enum VendorPrefixes {
    /// The long name of the manufacturer that IEEE assigned the first 24 bits to. As in Wireshark the group
    /// bit is not ignored, and an address in a smaller block has the name of the registration authority.
    public static func manufacturer(_ address: UInt64) -> ByteView? {
        prefixes.names(of: prefix(of: address))?.long
    }

    /// The name of a single well-known address, such as `Broadcast`.
    public static func wellKnown(_ address: UInt64) -> ByteView? {
        knownAddresses.names(of: address & addressMask)?.short
    }

    /// The name that stands for the first `matchedBits` bits of `address`.
    ///
    /// In this order: a well-known address (48 bits); a range of at most 24 free bits, the smallest; the
    /// manufacturer of the 24-bit prefix, with the group bit as it is or cleared; a larger range. A range is
    /// known by its base alone, so it also names what lies above it, as long as no other base is nearer:
    /// `matchedBits` is where address and base first differ, at most 47.
    public static func shortName(_ address: UInt64) -> (name: ByteView, matchedBits: Int)? {
        let address = address & addressMask
        if let name = wellKnown(address) { return (name, 48) }
        if let range = range(of: address, minimumBits: 24) { return range }
        if let names = prefixes.names(of: prefix(of: address)) { return (names.short, 24) }
        if address & groupBit != 0, let names = prefixes.names(of: prefix(of: address ^ groupBit)) {
            return (names.short, 24)
        }
        return range(of: address, minimumBits: 8)
    }

    // MARK: Look-up

    private static let addressMask: UInt64 = 0xFFFF_FFFF_FFFF
    private static let groupBit: UInt64 = 1 << 40

    private static func prefix(of address: UInt64) -> UInt32 { UInt32(truncatingIfNeeded: (address & addressMask) >> 24) }

    /// The nearest range whose base is `address` with its low bits cleared, `minimumBits` bits or more kept.
    private static func range(of address: UInt64, minimumBits: Int) -> (name: ByteView, matchedBits: Int)? {
        var candidate = address
        // Each round clears at least one more bit of the candidate: at most 48 rounds, one or two in practice.
        while true {
            let index = ranges.countUpTo(candidate) - 1
            guard index >= 0 else { return nil }
            let base = ranges.keys[index]
            let commonBits = (address ^ base).leadingZeroBitCount - 16
            // `base` is the highest one not above the candidate, so any base that this look-up seeks
            // shares no more bits with the address.
            guard commonBits >= minimumBits else { return nil }
            candidate = address & ~(addressMask >> UInt64(commonBits))
            if base == candidate { return (ranges.names(at: index).short, min(commonBits, 47)) }
        }
    }

    private static var prefixes: RegistryTable<UInt32> {
        RegistryTable(
            keys: registryVendorPrefixesStart(), nameOffsets: registryVendorNamesStart(),
            count: Int(registryVendorPrefixesCount))
    }

    private static var ranges: RegistryTable<UInt64> {
        RegistryTable(
            keys: registryRangeBasesStart(), nameOffsets: registryRangeNamesStart(), count: Int(registryRangeBasesCount))
    }

    private static var knownAddresses: RegistryTable<UInt64> {
        RegistryTable(
            keys: registryKnownAddressesStart(), nameOffsets: registryKnownAddressNamesStart(),
            count: Int(registryKnownAddressesCount))
    }
}
