import Wire

extension Context {
    /// The bytes that an item covers, as far as they were captured.
    public func bytes(of item: Item) -> ByteView {
        guard Int(item.source) < sources.count else { return .empty }
        let offset = Int(item.offset)
        return sources[Int(item.source)].bytes[offset..<offset + Int(item.byteCount)]
    }

    /// The bytes of a text or byte value.
    public func valueBytes(of item: Item) -> ByteView {
        if item.flags.contains(.inArena) { return text.bytes(ArenaRange(packed: item.value).range) }
        if item.flags.contains(.ownRange), Int(item.source) < sources.count {
            return sources[Int(item.source)].bytes[ArenaRange(packed: item.value).range]
        }
        return bytes(of: item)
    }
}
