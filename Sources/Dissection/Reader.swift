import Wire

/// A layer's bytes: where they stand in their source, how many the packet says there are and how many were captured.
///
/// The reader alone decides what a shortfall is: past what was captured but within what was reported is *truncated*;
/// past what was reported is *malformed* (or *unreassembled*, in a fragment that stands alone).
@frozen
public struct Reader {
    /// The whole captured source that the layer stands in.
    public let bytes: ByteView
    public let source: UInt16
    /// Whether the layer is the start of a datagram whose rest is missing.
    public var isFragment: Bool
    /// Where the layer begins, from the start of the source.
    public let start: Int
    /// The next byte to read, from the start of the source.
    public var offset: Int
    /// Where the layer's captured bytes end, from the start of the source.
    public let capturedEnd: Int
    /// Where the layer ends as the packet reports it, from the start of the source.
    public let reportedEnd: Int

    @inlinable
    public init(bytes: ByteView, source: UInt16, start: Int, reportedEnd: Int, isFragment: Bool = false) {
        self.bytes = bytes
        self.source = source
        self.isFragment = isFragment
        self.start = start
        self.offset = start
        self.capturedEnd = max(start, min(bytes.count, reportedEnd))
        self.reportedEnd = max(start, reportedEnd)
    }

    /// Bytes read so far in this layer.
    @inlinable public var position: Int { offset &- start }
    /// Bytes left as the packet reports them.
    @inlinable public var remaining: Int { max(0, reportedEnd &- offset) }
    /// Bytes left that were captured.
    @inlinable public var capturedRemaining: Int { max(0, capturedEnd &- offset) }
    @inlinable public var isAtEnd: Bool { offset >= reportedEnd }

    /// The error for reading `count` bytes at `offset` that are not there.
    @inline(never)
    public func shortfall(_ count: Int, at offset: Int) -> DissectionError {
        if count >= 0, offset >= start, count <= reportedEnd - offset {
            return DissectionError(.truncated, offset: offset, byteCount: count)
        }
        return DissectionError(isFragment ? .unreassembled : .malformed, offset: offset, byteCount: count)
    }

    /// Throws unless `count` more bytes are captured.
    @inlinable @inline(__always)
    public func require(_ count: Int) throws(DissectionError) {
        guard count >= 0, count <= capturedEnd &- offset else { throw shortfall(count, at: offset) }
    }

    /// Whether `count` more bytes are captured.
    @inlinable @inline(__always)
    public func has(_ count: Int) -> Bool { count >= 0 && count <= capturedEnd &- offset }

    @inlinable @inline(__always)
    public mutating func skip(_ count: Int) throws(DissectionError) {
        try require(count)
        offset &+= count
    }

    // MARK: Big-endian reads that advance

    @inlinable @inline(__always)
    public mutating func uint8() throws(DissectionError) -> UInt8 {
        try require(1)
        defer { offset &+= 1 }
        return bytes[offset]
    }

    @inlinable @inline(__always)
    public mutating func uint16() throws(DissectionError) -> UInt16 {
        try require(2)
        defer { offset &+= 2 }
        return bytes.uint16(offset)
    }

    @inlinable @inline(__always)
    public mutating func uint24() throws(DissectionError) -> UInt32 {
        try require(3)
        defer { offset &+= 3 }
        return bytes.uint24(offset)
    }

    @inlinable @inline(__always)
    public mutating func uint32() throws(DissectionError) -> UInt32 {
        try require(4)
        defer { offset &+= 4 }
        return bytes.uint32(offset)
    }

    @inlinable @inline(__always)
    public mutating func uint48() throws(DissectionError) -> UInt64 {
        let value = try peek48()
        offset &+= 6
        return value
    }

    @inlinable @inline(__always)
    public mutating func uint64() throws(DissectionError) -> UInt64 {
        try require(8)
        defer { offset &+= 8 }
        return bytes.uint64(offset)
    }

    /// The next byte, without advancing.
    @inlinable
    public func peekUInt8() throws(DissectionError) -> UInt8 {
        try require(1)
        return bytes[offset]
    }

    /// The next 16-bit number, without advancing.
    @inlinable
    public func peekUInt16() throws(DissectionError) -> UInt16 {
        try require(2)
        return bytes.uint16(offset)
    }

    /// The next 48-bit number, without advancing.
    @inlinable @inline(__always)
    public func peek48() throws(DissectionError) -> UInt64 {
        try require(6)
        return UInt64(bytes.uint16(offset)) << 32 | UInt64(bytes.uint32(offset &+ 2))
    }

    // MARK: Reads at a distance from the layer's start

    /// The byte `position` bytes after the layer's start, if it was captured.
    @inlinable
    public func peek(_ position: Int) -> UInt8? {
        let at = start &+ position
        return position >= 0 && at < capturedEnd ? bytes[at] : nil
    }

    /// The 16-bit number `position` bytes after the layer's start, if it was captured.
    @inlinable
    public func peek16(_ position: Int) -> UInt16? {
        let at = start &+ position
        return position >= 0 && at &+ 2 <= capturedEnd ? bytes.uint16(at) : nil
    }

    /// The 32-bit number `position` bytes after the layer's start, if it was captured.
    @inlinable
    public func peek32(_ position: Int) -> UInt32? {
        let at = start &+ position
        return position >= 0 && at &+ 4 <= capturedEnd ? bytes.uint32(at) : nil
    }

    // MARK: Parts

    /// What is left, as a layer of its own.
    @inlinable
    public var rest: Reader { Reader(bytes: bytes, source: source, start: offset, reportedEnd: reportedEnd, capturedEnd: capturedEnd, isFragment: isFragment) }

    /// The next `count` bytes as a layer of their own (fewer if the packet reports fewer); the reader does not advance.
    @inlinable
    public func next(_ count: Int) -> Reader {
        let end = min(reportedEnd, offset &+ max(0, count))
        return Reader(bytes: bytes, source: source, start: offset, reportedEnd: end, capturedEnd: min(end, capturedEnd), isFragment: isFragment)
    }

    /// The same layer, said by a length field to be `byteCount` long from its start.
    @inlinable
    public func narrowed(toByteCount byteCount: Int) -> Reader {
        let end = max(offset, min(reportedEnd, start &+ max(0, byteCount)))
        var reader = Reader(bytes: bytes, source: source, start: start, reportedEnd: end, capturedEnd: min(end, capturedEnd), isFragment: isFragment)
        reader.offset = offset
        return reader
    }

    @inlinable
    init(bytes: ByteView, source: UInt16, start: Int, reportedEnd: Int, capturedEnd: Int, isFragment: Bool) {
        self.bytes = bytes
        self.source = source
        self.isFragment = isFragment
        self.start = start
        self.offset = start
        self.reportedEnd = max(start, reportedEnd)
        self.capturedEnd = max(start, capturedEnd)
    }

    /// The captured bytes that are left.
    @inlinable public var capturedBytes: ByteView { bytes[offset..<capturedEnd] }

    /// `count` bytes from `offset`, as far as they were captured.
    @inlinable public func captured(_ offset: Int, _ count: Int) -> ByteView {
        let start = min(offset, capturedEnd)
        return bytes[start..<max(start, min(capturedEnd, offset &+ max(0, count)))]
    }
}
