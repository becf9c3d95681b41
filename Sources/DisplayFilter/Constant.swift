/// A literal as the type of the field that it is compared with has it.
enum Constant: Equatable {
    case unsigned(UInt64)
    case signed(Int64)
    /// An IPv4 address; values are compared under the mask.
    case masked(UInt64, mask: UInt64)
    case float(Double)
    /// Texts, byte strings, and IPv6 addresses.
    case bytes([UInt8])
    /// The first bits of an IPv6 address.
    case prefix([UInt8], bitCount: Int)
}
