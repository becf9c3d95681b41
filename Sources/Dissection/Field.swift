import Wire

/// The number of a registered field, protocol or expert item within one registry.
@frozen
public struct FieldID: RawRepresentable, Hashable, Sendable {
    public let rawValue: UInt32
    @inlinable public init(rawValue: UInt32) { self.rawValue = rawValue }

    /// A node with a text and no field: a heading in the tree.
    @inlinable public static var text: FieldID { FieldID(rawValue: 0) }
}

/// What a field's value is. The names of the cases follow the field types of the display-filter language.
public enum FieldType: UInt8, Sendable, CaseIterable {
    case none, proto, boolean
    case uint8, uint16, uint24, uint32, uint40, uint48, uint56, uint64
    case int8, int16, int24, int32, int64
    case float, double
    case absoluteTime, relativeTime
    case string, stringZero, bytes
    /// The contents octets of an object identifier (X.690, section 8.19).
    case objectIdentifier
    case ethernet, ipv4, ipv6, eui64
    case frameNumber

    public var isUnsigned: Bool { rawValue >= FieldType.uint8.rawValue && rawValue <= FieldType.uint64.rawValue || self == .frameNumber }
    public var isSigned: Bool { rawValue >= FieldType.int8.rawValue && rawValue <= FieldType.int64.rawValue }
    public var isInteger: Bool { isUnsigned || isSigned }
    public var isTime: Bool { self == .absoluteTime || self == .relativeTime }
    public var isString: Bool { self == .string || self == .stringZero }
    /// Whether the value is a run of bytes in a source or in the text arena, rather than a number in the item.
    public var isRange: Bool { isString || self == .bytes || self == .objectIdentifier || self == .ipv6 }

    /// Bits of the integer as it stands in a packet; 0 for what is no integer.
    public var bitCount: Int {
        switch self {
        case .boolean, .uint8, .int8: 8
        case .uint16, .int16: 16
        case .uint24, .int24: 24
        case .uint32, .int32, .frameNumber, .float: 32
        case .uint40: 40
        case .uint48: 48
        case .uint56: 56
        case .uint64, .int64, .double: 64
        default: 0
        }
    }
}

/// Fields that were registered one behind the other: a dissector asks for all of them before it works for any.
public struct FieldRange: Sendable {
    @usableFromInline let first: UInt32
    @usableFromInline let end: UInt32
}

/// How a field's number is written.
public enum FieldBase: UInt8, Sendable {
    case none, decimal, hex, octal, decimalHex, hexDecimal
    /// Absolute times.
    case local, utc
}

/// What a field's values depend on, beyond the bytes of its own layer. A dissection that wants none of the fields that
/// need a thing does not do the work for it.
public struct FieldNeeds: OptionSet, Sendable {
    public let rawValue: UInt8
    @inlinable public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// State of the conversation: stream number, relative sequence numbers.
    @inlinable public static var conversation: FieldNeeds { FieldNeeds(rawValue: 1) }
    /// Analysis of the conversation's course: retransmissions, round trips.
    @inlinable public static var analysis: FieldNeeds { FieldNeeds(rawValue: 2) }
    /// Data put together from several frames.
    @inlinable public static var reassembly: FieldNeeds { FieldNeeds(rawValue: 4) }
    /// Frames after this one: known only on a second pass.
    @inlinable public static var laterFrames: FieldNeeds { FieldNeeds(rawValue: 8) }
    /// What the layers above say of their length: a trailer is what they leave.
    @inlinable public static var upperLayers: FieldNeeds { FieldNeeds(rawValue: 16) }

    /// All frames before, of any conversation: the number of a conversation among the others, the time since the last frame shown.
    @inlinable public static var wholeCapture: FieldNeeds { FieldNeeds(rawValue: 32) }

    @inlinable public static var everything: FieldNeeds { [.conversation, .analysis, .reassembly, .laterFrames] }
}

/// Writes the text of a value where neither base nor value strings say it all.
public typealias ValueLabel = @Sendable (_ value: UInt64, _ out: inout TextBuffer) -> Void

/// A registered field.
public struct FieldInfo: Sendable {
    public let id: FieldID
    /// The name in filters: `tcp.srcport`.
    public let abbreviation: String
    /// The name for people: `Source Port`.
    public let name: String
    public let type: FieldType
    public let base: FieldBase
    /// The bits of the field within the bytes that it stands in; 0 for all.
    public let mask: UInt64
    /// Bits of the word that the mask applies to.
    public let wordBitCount: Int
    public let strings: ValueStrings?
    public let trueText: StaticString
    public let falseText: StaticString
    /// A unit written after the number: " bytes".
    public let unit: StaticString?
    /// What follows the label of items that say so: "    (relative sequence number)".
    public let note: StaticString
    public let label: ValueLabel?
    /// Whether `label` writes the whole text, name and all.
    public let isWholeLabel: Bool
    public let needs: FieldNeeds
    /// The fields that every instance of this one also is: `ip.addr` for `ip.src`.
    public internal(set) var aliases: [FieldID]
    public let proto: ProtocolID
    public let isExpert: Bool
    /// Whether Wireshark has the field for a protocol of its own, in name only.
    public var isOwnProtocol = false
    /// Whether the bytes of a protocol go on to the end of its layer where a filter takes them apart, though its node ends before.
    public var spansPayload = false

    /// How far the masked bits are shifted down.
    public var shift: UInt64 { mask == 0 ? 0 : UInt64(mask.trailingZeroBitCount) }
}

/// The number of a registered protocol within one registry.
@frozen
public struct ProtocolID: RawRepresentable, Hashable, Sendable {
    public let rawValue: UInt32
    @inlinable public init(rawValue: UInt32) { self.rawValue = rawValue }
}

/// A registered protocol.
public struct ProtocolInfo: Sendable {
    public let id: ProtocolID
    /// The protocol's own field: the node that its fields stand under.
    public let field: FieldID
    /// `tcp`
    public let abbreviation: String
    /// `Transmission Control Protocol`
    public let name: String
    /// `TCP`
    public let shortName: StaticString
}
