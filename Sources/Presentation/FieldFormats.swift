import Dissection
import Wire

/// What printing needs of a field, without strings and arrays: one row per field that is printed.
struct FieldFormat {
    var type: FieldType
    var base: FieldBase
    var mask: UInt64
    var shift: UInt64
    /// Bits of the word that a mask applies to.
    var wordBitCount: Int
    /// Hexadecimal digits of the value in filters, and in labels (where the mask counts).
    var valueDigits: Int
    var labelDigits: Int
    var strings: Unmanaged<ValueStrings>?
    var hasLabelFunction: Bool
    var hasWholeLabel: Bool
    /// Whether values repeat, so that it pays to keep what was written of them.
    var isRepetitive: Bool
    /// Whether the value is a run of bytes, not a number.
    var isByteValue: Bool
    var trueText: StaticString
    var falseText: StaticString
    var unit: StaticString
    var note: StaticString
    /// Whether the label is the name and a number, of which no output format needs to escape anything.
    var isPlain: Bool
    /// The name and what stands between it and a value.
    var prefix: Range<Int>
    /// Whether items have no value but what stands under them.
    var isBare: Bool
    /// Protocols and fields without a value show no bytes in PDML, but text-only nodes do.
    var showsBytesInPDML: Bool
    /// Ranges of the formats' blob: the name, the abbreviation, and each as XML and JSON need them.
    var name: Range<Int>
    var abbreviation: Range<Int>
    /// `<field name="tcp.srcport" showname="`
    var xmlOpen: Range<Int>
    /// `"tcp.srcport": "`
    var jsonOpen: Range<Int>
}

/// The rows of the fields of a registry that are printed, and the texts that they point into.
///
/// ## Safety
/// All allocations are made in `init`, never change, and live as long as the object; places are indexed by field numbers of
/// the same registry only, and hold places of rows. The value strings that rows point at are kept alive by the registry, which is held
/// here.
public final class FieldFormats: @unchecked Sendable {
    let registry: Registry
    /// The row of each field; for one that is not printed, that of text-only nodes, which is the first.
    private let places: UnsafeMutablePointer<UInt32>
    private let rows: UnsafeMutablePointer<FieldFormat>
    private let blob: UnsafeMutablePointer<UInt8>
    private let blobByteCount: Int
    /// Where and under what name local time differs from UTC.
    let timeZone: @Sendable (_ seconds: Int64) -> TimeZoneOffset

    /// Whether labels name MAC addresses.
    let namesMACAddresses: Bool

    /// - Parameter printed: the fields that printers are to find in frames; nil for all.
    public init(
        _ registry: Registry, of printed: Set<FieldID>? = nil, resolution: NameResolution = NameResolution(),
        timeZone: @escaping @Sendable (_ seconds: Int64) -> TimeZoneOffset = { _ in .utc }
    ) {
        self.registry = registry
        self.timeZone = timeZone
        namesMACAddresses = resolution.macAddresses
        let fields = printed.map { [.text] + $0.subtracting([.text]) } ?? registry.fields.map(\.id)
        places = .allocate(capacity: registry.fields.count)
        places.initialize(repeating: 0, count: registry.fields.count)
        rows = .allocate(capacity: fields.count)
        var text = TextBuffer(capacity: fields.count * 128)
        for (place, id) in fields.enumerated() {
            let field = registry[id]
            places[Int(id.rawValue)] = UInt32(place)
            (rows + place).initialize(to: Self.row(field, isPlain: Self.isPlain(field) && !(field.type == .ethernet && resolution.macAddresses), &text))
        }
        blobByteCount = text.count
        blob = .allocate(capacity: max(1, text.count))
        text.bytes.withUnsafeBytes { source in
            UnsafeMutableRawBufferPointer(start: blob, count: blobByteCount).copyMemory(from: source)
        }
    }

    deinit {
        places.deallocate()
        rows.deallocate()
        blob.deallocate()
    }

    @inline(__always)
    subscript(field: FieldID) -> UnsafePointer<FieldFormat> { UnsafePointer(rows + Int(places[Int(field.rawValue)])) }

    @inline(__always)
    func text(_ range: Range<Int>) -> ByteView {
        ByteView(unsafeBase: blob + range.lowerBound, count: range.count)
    }

    private static func isPlain(_ field: FieldInfo) -> Bool {
        let isNumber = field.type.isInteger || field.type == .relativeTime || field.type == .ethernet || field.type == .ipv4
        var name = field.name
        let isSafe = name.withUTF8 { bytes in
            let text = ByteView(UnsafeRawBufferPointer(bytes))
            return text.endOfXMLText(from: 0) == text.count && text.endOfJSONText(from: 0) == text.count && text.count < 128
        }
        return isNumber && isSafe && field.mask == 0 && field.strings == nil && field.label == nil
    }

    private static func row(_ field: FieldInfo, isPlain: Bool, _ text: inout TextBuffer) -> FieldFormat {
        func part(_ write: (inout TextBuffer) -> Void) -> Range<Int> {
            let begin = text.count
            write(&text)
            return begin..<text.count
        }
        let valueBits = field.type.bitCount
        let labelBits = field.mask == 0 ? valueBits : 64 - field.mask.leadingZeroBitCount - field.mask.trailingZeroBitCount
        let isNode = field.type == .proto
        return FieldFormat(
            type: field.type, base: field.base, mask: field.mask, shift: field.shift, wordBitCount: field.wordBitCount,
            // Wireshark pads what has more than 32 bits to 64.
            valueDigits: valueBits > 32 ? 16 : max(1, (valueBits + 3) / 4), labelDigits: max(1, (labelBits + 3) / 4),
            strings: field.strings.map { Unmanaged.passUnretained($0) }, hasLabelFunction: field.label != nil, hasWholeLabel: field.isWholeLabel, isRepetitive: field.type != .absoluteTime, isByteValue: field.type.isRange,
            trueText: field.trueText, falseText: field.falseText, unit: field.unit ?? "", note: field.note, isPlain: isPlain, prefix: part {
                $0.append(field.name)
                $0.append(": ")
            }, isBare: isNode || field.type == .none, showsBytesInPDML: field.id == .text || !isNode && field.type != .none,
            name: part { $0.append(field.name) },
            abbreviation: part { $0.append(field.abbreviation) },
            xmlOpen: part {
                $0.append(isNode ? "<proto name=\"" : "<field name=\"")
                $0.append(field.abbreviation)
                $0.append("\" showname=\"")
            },
            jsonOpen: part {
                $0.append("\"")
                $0.append(field.abbreviation)
                $0.append("\": \"")
            })
    }
}

/// How local time stands to UTC at some moment.
public struct TimeZoneOffset: Sendable {
    public var secondsEast: Int
    public var name: String
    public init(secondsEast: Int, name: String) {
        self.secondsEast = secondsEast
        self.name = name
    }
    public static let utc = TimeZoneOffset(secondsEast: 0, name: "UTC")
}
