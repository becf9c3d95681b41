/// Why a layer could not be read to its end. Trivial, thrown with typed throws, and stops one layer.
@frozen
public struct DissectionError: Error, Equatable, Sendable {
    public enum Kind: UInt8, Sendable {
        /// The capture was cut: the packet was longer than what was kept of it.
        case truncated
        /// The packet lies: it ends before what it announces.
        case malformed
        /// The packet is the first fragment of a datagram that was not put together.
        case unreassembled
        /// The frame reached the limit of items or layers.
        case limit
        /// A layer inside ended early, and was marked: nothing more can stand behind its mark.
        case marked
    }

    public let kind: Kind
    /// Where the read began, from the start of its source.
    public let offset: Int
    public let byteCount: Int

    @inlinable
    public init(_ kind: Kind, offset: Int, byteCount: Int) {
        self.kind = kind
        self.offset = offset
        self.byteCount = byteCount
    }
}
