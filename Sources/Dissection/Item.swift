import Wire

/// A place in the tree of the frame at hand, for changing an item after it was added.
@frozen
public struct ItemRef: Equatable, Sendable {
    public let index: Int32
    @inlinable public init(index: Int32) { self.index = index }
    /// The item was not wanted: there is nothing to change.
    @inlinable public static var none: ItemRef { ItemRef(index: -1) }
    @inlinable public var exists: Bool { index >= 0 }
}

/// One node of a dissection. Trivial; the tree is a flat array of these in preorder.
@frozen
public struct Item {
    @frozen
    public struct Flags: OptionSet, Sendable {
        public let rawValue: UInt16
        @inlinable public init(rawValue: UInt16) { self.rawValue = rawValue }

        /// Worked out, not read: shown in brackets.
        @inlinable public static var generated: Flags { Flags(rawValue: 1) }
        /// Not shown in text, but there for filters.
        @inlinable public static var hidden: Flags { Flags(rawValue: 2) }
        /// The value is a range of the text arena, not of a source.
        @inlinable public static var inArena: Flags { Flags(rawValue: 4) }
        /// `label` names a text of the item's own, in place of name and value.
        @inlinable public static var ownLabel: Flags { Flags(rawValue: 8) }
        /// `label` names a text that follows name and value.
        @inlinable public static var appended: Flags { Flags(rawValue: 16) }
        /// `label` names a text that stands for the value, after the name.
        @inlinable public static var valueLabel: Flags { Flags(rawValue: 32) }
        /// The field's note follows the label.
        @inlinable public static var noted: Flags { Flags(rawValue: 512) }
        /// The item's bytes are read with the low byte first.
        @inlinable public static var littleEndian: Flags { Flags(rawValue: 64) }
        /// The text is ASCII: other bytes are shown as U+FFFD.
        @inlinable public static var ascii: Flags { Flags(rawValue: 128) }
        /// The value is a range of the source other than the item's own: `value` holds offset and count.
        @inlinable public static var ownRange: Flags { Flags(rawValue: 256) }
        /// The time is in seconds, as it may be too far away for nanoseconds.
        @inlinable public static var wholeSeconds: Flags { Flags(rawValue: 1024) }
        /// An expert item about a packet that an error message quotes.
        @inlinable public static var quoted: Flags { Flags(rawValue: 2048) }
    }

    /// The number; for a protocol where its layer's captured bytes end in the source; for a range value with `inArena` or `ownRange` its offset (high half) and byte count (low half).
    public var value: UInt64
    /// Where the item stands, from the start of its source.
    public var offset: UInt32
    public var byteCount: UInt32
    public var field: FieldID
    /// 1 + the index of the item's text in the frame's labels; 0 for none.
    public var label: UInt32
    public var flags: Flags
    public var source: UInt16
    public var depth: UInt16
    /// The number of the layer that added the item, from 0 for the frame.
    public var layer: UInt16

    @inlinable
    public init(value: UInt64, offset: UInt32, byteCount: UInt32, field: FieldID, label: UInt32, flags: Flags, source: UInt16, depth: UInt16, layer: UInt16) {
        self.value = value
        self.offset = offset
        self.byteCount = byteCount
        self.field = field
        self.label = label
        self.flags = flags
        self.source = source
        self.depth = depth
        self.layer = layer
    }

    /// The moment that a time stands for.
    public var time: Timestamp {
        let number = Int64(bitPattern: value)
        return flags.contains(.wholeSeconds) ? Timestamp(seconds: number, nanoseconds: 0) : Timestamp(totalNanoseconds: number)
    }

    /// A number with a sign, or a time in nanoseconds.
    public var signedValue: Int64 { flags.contains(.wholeSeconds) ? time.totalNanoseconds : Int64(bitPattern: value) }
}
