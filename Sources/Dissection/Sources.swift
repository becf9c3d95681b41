import Wire

/// The buffers that a frame's items lie in: the frame itself, and each one made by defragmentation, reassembly,
/// decompression or decryption.
///
/// ## Safety
/// A derived buffer is allocated here and freed only by `reset` (the next frame) or `deinit`, and its place never moves,
/// so readers over it stay valid while the frame is dissected and printed. The frame's own bytes are the caller's, who
/// keeps them for the same time.
public struct Sources: ~Copyable {
    public struct Source {
        public let bytes: ByteView
        /// "Frame (60 bytes)" without the count.
        public let name: StaticString
        public let parent: UInt16
        let owned: UnsafeMutableRawPointer?
    }

    @usableFromInline var frame = Source(bytes: .empty, name: "Frame", parent: 0, owned: nil)
    @usableFromInline var derived: [Source] = []

    init() {}

    deinit { freeDerived() }

    private func freeDerived() {
        for source in derived { source.owned?.deallocate() }
    }

    mutating func reset(frame bytes: ByteView) {
        replaceFrame(bytes)
        if derived.isEmpty { return }
        freeDerived()
        derived.removeAll(keepingCapacity: true)
    }

    /// Puts a copy of the frame's bytes in their place.
    mutating func replaceFrame(_ bytes: ByteView) { frame = Source(bytes: bytes, name: "Frame", parent: 0, owned: nil) }

    @inlinable public var count: Int { derived.count + 1 }
    @inlinable public subscript(index: Int) -> Source { index == 0 ? frame : derived[index - 1] }

    /// Room for a new source of `byteCount` bytes, filled by `fill`, which returns how many bytes it wrote.
    mutating func derive(name: StaticString, parent: UInt16, byteCount: Int, fill: (UnsafeMutableRawBufferPointer) -> Int) -> UInt16 {
        let room = UnsafeMutableRawPointer.allocate(byteCount: max(byteCount, 1), alignment: 16)
        let used = min(byteCount, fill(UnsafeMutableRawBufferPointer(start: room, count: byteCount)))
        derived.append(Source(bytes: ByteView(unsafeBase: room, count: used), name: name, parent: parent, owned: room))
        return UInt16(derived.count)
    }
}
