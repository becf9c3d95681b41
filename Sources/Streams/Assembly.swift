import Wire

/// Bytes of one frame that are part of something put together from several.
public struct Piece: Sendable, Equatable {
    public struct Flags: OptionSet, Sendable {
        public let rawValue: UInt8
        @inlinable public init(rawValue: UInt8) { self.rawValue = rawValue }
        /// Covers bytes that an earlier piece covers.
        @inlinable public static var overlap: Flags { Flags(rawValue: 1) }
        /// Covers bytes that an earlier piece covers, and says otherwise.
        @inlinable public static var conflict: Flags { Flags(rawValue: 2) }
        /// A last piece whose end is not where an earlier last piece ended.
        @inlinable public static var multipleTails: Flags { Flags(rawValue: 4) }
        /// Reaches past the end that the last piece names.
        @inlinable public static var tooLong: Flags { Flags(rawValue: 8) }
    }

    public var frame: UInt32
    /// Where the bytes stand in the frame; meaningful only where the assembly keeps no bytes of its own.
    public var frameOffset: UInt32
    /// Where the piece stands in what is put together.
    public var position: UInt32
    public var byteCount: UInt32
    public var flags: Flags

    public init(frame: UInt32, frameOffset: UInt32, position: UInt32, byteCount: UInt32, flags: Flags = []) {
        self.frame = frame
        self.frameOffset = frameOffset
        self.position = position
        self.byteCount = byteCount
        self.flags = flags
    }
}

/// Something put together from pieces of several frames: a datagram from fragments, a PDU from segments.
public struct Assembly: Sendable {
    /// In the order of their positions; where pieces overlap, the first in the list counts.
    public var pieces: [Piece]
    public var byteCount: Int
    /// Bytes from the start that were used; what lies behind them is put together again with what follows.
    public var consumedByteCount: Int
    /// The bytes themselves: while they are at hand, and for good where the frames alone do not give them again.
    public var bytes: [UInt8]
    /// Whether each piece stands in its frame as captured, so that the frames alone give the bytes again.
    public var isInFrames: Bool
    public var flags: Piece.Flags

    public init(pieces: [Piece], byteCount: Int, consumedByteCount: Int? = nil, bytes: [UInt8], isInFrames: Bool, flags: Piece.Flags = []) {
        self.pieces = pieces
        self.byteCount = byteCount
        self.consumedByteCount = consumedByteCount ?? byteCount
        self.bytes = bytes
        self.isInFrames = isInFrames
        self.flags = flags
    }

    /// The assembly as a fact for the second pass: without the bytes, where the frames give them again.
    public func asFact(mayLackFrames: Bool) -> Assembly {
        guard isInFrames, !mayLackFrames else { return self }
        var fact = self
        fact.bytes = []
        return fact
    }
}
