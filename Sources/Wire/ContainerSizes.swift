extension Array {
    /// Bytes of the array's storage, without what its elements refer to.
    @inlinable public var storageByteCount: Int { capacity * MemoryLayout<Element>.stride }
}

extension Dictionary {
    /// Bytes of the dictionary's storage, without what its keys and values refer to: it is filled to three quarters at most.
    @inlinable public var storageByteCount: Int { capacity * 4 / 3 * (MemoryLayout<Key>.stride + MemoryLayout<Value>.stride) }
}
