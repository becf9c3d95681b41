import Wire

/// A range of the text arena.
@frozen
public struct ArenaRange: Sendable {
    public var offset: UInt32
    public var byteCount: UInt32
    @inlinable public init(offset: UInt32, byteCount: UInt32) {
        self.offset = offset
        self.byteCount = byteCount
    }
    /// Offset and byte count in one number, as an item holds them.
    @inlinable public var packed: UInt64 { UInt64(offset) << 32 | UInt64(byteCount) }
    @inlinable public init(packed: UInt64) {
        self.init(offset: UInt32(packed >> 32), byteCount: UInt32(truncatingIfNeeded: packed))
    }
    @inlinable public var range: Range<Int> { Int(offset)..<Int(offset) + Int(byteCount) }
}
