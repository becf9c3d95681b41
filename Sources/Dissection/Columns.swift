import Wire

/// The summary's columns: slots that any layer may set, append to, prepend to, clear or fence.
public struct Columns: ~Copyable {
    /// Whether anyone looks: a layer asks before it works for them.
    public internal(set) var isWanted = false
    /// While an inner packet is decoded (quoted by ICMP, say), the columns stay as they are.
    public var isWritable = true
    /// The Protocol column.
    public var proto = TextBuffer(capacity: 64)
    /// The Info column.
    public var info = TextBuffer(capacity: 256)
    /// Bytes at the start of Info that setting and clearing leave in place.
    @usableFromInline var fence = 0
    /// The Source and Destination columns: the addresses of the innermost layer that has any.
    public var source = Address.none
    public var destination = Address.none
    /// The addresses of the innermost link layer, and of the innermost network layer.
    public var linkSource = Address.none, linkDestination = Address.none
    public var networkSource = Address.none, networkDestination = Address.none
    /// The ports of the innermost transport layer; 0 for none.
    public var sourcePort: UInt32 = 0, destinationPort: UInt32 = 0

    /// Whether to work for the columns now.
    @inlinable public var accepts: Bool { isWanted && isWritable }

    mutating func reset(wanted: Bool) {
        isWanted = wanted
        isWritable = true
        guard wanted else { return }
        proto.truncate()
        info.truncate()
        fence = 0
        (source, destination) = (.none, .none)
        (linkSource, linkDestination) = (.none, .none)
        (networkSource, networkDestination) = (.none, .none)
        (sourcePort, destinationPort) = (0, 0)
    }

    @inlinable @inline(__always)
    public mutating func setProtocol(_ text: StaticString) {
        guard accepts else { return }
        proto.truncate()
        proto.append(text)
    }

    /// Empties Info up to the fence.
    @inlinable @inline(__always)
    public mutating func clearInfo() {
        guard accepts else { return }
        info.truncate(to: fence)
    }

    @inlinable @inline(__always)
    public mutating func setInfo(_ text: StaticString) {
        guard accepts else { return }
        info.truncate(to: fence)
        info.append(text)
    }

    @inlinable @inline(__always)
    public mutating func appendInfo(_ text: StaticString) {
        guard accepts else { return }
        info.append(text)
    }

    /// Appends `separator` unless Info is empty beyond the fence.
    @inlinable @inline(__always)
    public mutating func separateInfo(_ separator: StaticString = ", ") {
        guard accepts, info.count > fence else { return }
        info.append(separator)
    }

    /// Keeps what Info holds now in front of whatever a later layer sets.
    @inlinable @inline(__always)
    public mutating func fenceInfo() {
        guard accepts else { return }
        fence = info.count
    }

    /// Puts a number before everything in Info, and keeps it there.
    public mutating func prependInfo(decimal value: UInt32) {
        guard accepts else { return }
        let end = info.count
        info.append(decimal: value)
        fence += info.count - end
        info.moveTail(from: end, to: 0)
    }

    /// Puts a text before everything in Info, and keeps it there.
    public mutating func prependInfo(_ text: StaticString) {
        guard accepts else { return }
        let end = info.count
        info.append(text)
        info.moveTail(from: end, to: 0)
        fence += text.utf8CodeUnitCount
    }
}
