import Dissection
import Wire

/// The directories of an Exif segment (JEITA CP-3451, section 4.6.2; TIFF, revision 6.0).
///
///     byte order (2)   42 (2)   offset of the first directory (4)
///     directory:  count (2)   entries   offset of the next directory (4)
///     entry:      tag (2)   type (2)   count (4)   value, or where it stands (4)
///
/// Offsets are from the byte order on.
final class ExifDirectory: Sendable {
    /// Entries of one segment, at most: a segment of 64 KB has room for 5000, but directories may stand in each other.
    private static let entryLimit = 10_000

    private let endianness, firstOffset, nextOffset, count, type, valueCount, valueOffset: FieldID
    private let tags: [Kind: FieldID]
    private let byteValue, text, shortValue, longValue, signedValue, undefined: FieldID
    private let rational, signedRational: Rational
    private let badFirst, badNext, badValue: ExpertID

    private struct Rational: Sendable {
        let whole, numerator, denominator: FieldID
    }

    /// What a directory is about.
    private enum Kind {
        case image, exif, gps, interoperability

        var title: StaticString {
            switch self {
            case .image: "Image File Directory #"
            case .exif: "Exif IFD #"
            case .gps: "GPS IFD #"
            case .interoperability: "Interoperability IFD #"
            }
        }

        /// What an entry's tag points to.
        func pointed(by tag: UInt16) -> Kind? {
            switch (self, tag) {
            case (.image, 34665): .exif
            case (.image, 34853): .gps
            case (.image, 40965), (.exif, 40965): .interoperability
            default: nil
            }
        }
    }

    init(registering r: inout Registrar) {
        endianness = r.field("image-jfif.endianness", "Endianness", .uint16, .hex)
        firstOffset = r.field("image-jfif.start_ifd_offset", "Start offset of IFD starting from the TIFF header start", .uint32, .decimal, unit: " bytes")
        nextOffset = r.field("image-jfif.next_ifd_offset", "Offset to next IFD from start of TIFF header", .uint32, .decimal, unit: " bytes")
        count = r.field("image-jfif.ifd.num_fields", "Number of fields in this IFD", .uint16, .decimal)
        func tag(_ name: String, _ strings: ValueStrings) -> FieldID { r.field("image-jfif.ifd.\(name)", "Tag", .uint16, .decimal, strings: strings) }
        tags = [
            .image: tag("tag", ExifTags.image), .exif: tag("tag_exif", ExifTags.exif), .gps: tag("tag_gps", ExifTags.gps),
            .interoperability: tag("tag_interop", ExifTags.interoperability),
        ]
        type = r.field("image-jfif.ifd.type", "Type", .uint16, .decimal, strings: Self.typeNames)
        valueCount = r.field("image-jfif.ifd.count", "Count", .uint32, .decimal)
        valueOffset = r.field("image-jfif.ifd.offset", "Value offset from start of TIFF header", .uint32, .decimal)
        byteValue = r.field("image-jfif.ifd.value_byte", "Value", .uint8, .decimal)
        text = r.field("image-jfif.ifd.value_ascii", "Value", .string)
        shortValue = r.field("image-jfif.ifd.value_short", "Value", .uint16, .decimal)
        longValue = r.field("image-jfif.ifd.value_long", "Value", .uint32, .decimal)
        signedValue = r.field("image-jfif.ifd.value_slong", "Value", .int32, .decimal)
        undefined = r.field("image-jfif.ifd.value_undefined", "Value (raw)", .bytes)
        func fraction(_ name: String, _ type: FieldType) -> Rational {
            Rational(
                whole: r.field("image-jfif.ifd.\(name)", "Value", .none),
                numerator: r.field("image-jfif.ifd.\(name).numerator", "Numerator", type, .decimal),
                denominator: r.field("image-jfif.ifd.\(name).denominator", "Denominator", type, .decimal))
        }
        rational = fraction("value_rational", .uint32)
        signedRational = fraction("value_srational", .int32)
        badFirst = r.expert("image-jfif.start_ifd_offset.invalid", .proto, .warning, "Invalid value")
        badNext = r.expert("image-jfif.next_ifd_offset.invalid", .proto, .warning, "Invalid value")
        badValue = r.expert("image-jfif.ifd_value_offset.invalid", .proto, .warning, "Invalid value")
    }

    /// The segment from the byte order on.
    private struct Body {
        let reader: Reader
        let isLittleEndian: Bool
        var entryCount = 0

        init(_ reader: Reader, isLittleEndian: Bool) {
            self.reader = reader
            self.isLittleEndian = isLittleEndian
        }

        var byteCount: Int { reader.reportedEnd - reader.offset }

        func place(_ offset: Int) -> Int { reader.offset + offset }

        func number(_ offset: Int, byteCount: Int) throws(DissectionError) -> UInt32 {
            var reader = reader
            try reader.skip(offset)
            try reader.require(byteCount)
            let value = reader.bytes.unsigned(reader.offset, byteCount: byteCount)
            let word = UInt32(truncatingIfNeeded: value)
            return isLittleEndian ? word.byteSwapped >> UInt32(32 - 8 * byteCount) : word
        }
    }

    func dissect(_ reader: Reader, _ context: inout Context) throws(DissectionError) {
        let order = try reader.peekUInt16()
        let item = context.add(endianness, reader, reader.offset, 2, value: UInt64(order))
        context.valueLabel(item) { Self.append(order: order, &$0) }
        guard order == 0x4949 || order == 0x4d4d else { return }
        var body = Body(reader, isLittleEndian: order == 0x4949)
        let first = Int(try body.number(4, byteCount: 4))
        let offsetItem = add(firstOffset, 4, 4, UInt64(first), body, &context)
        guard first >= 8 else {
            return context.expert(under: offsetItem, badFirst) { $0.append(" (bogus, should be >= 8)") }
        }
        try dissectChain(.image, first, &body, &context)
    }

    private static func append(order: UInt16, _ text: inout TextBuffer) {
        switch order {
        case 0x4949: text.append("little endian")
        case 0x4d4d: text.append("big endian")
        default:
            text.append("Incorrect encoding 0x")
            text.append(hex: UInt64(order), width: 4)
            text.append("- skipping the remainder of this application marker")
        }
    }

    /// Adds a directory and those that follow it.
    private func dissectChain(_ kind: Kind, _ first: Int, _ body: inout Body, _ context: inout Context) throws(DissectionError) {
        var next: Int? = first
        var number = 0
        // Each stands behind the one before, so the chain ends with the segment.
        while let begin = next {
            next = try dissectDirectory(kind, number, begin, &body, &context)
            number += 1
        }
    }

    /// Adds a directory; returns where the next one begins.
    private func dissectDirectory(_ kind: Kind, _ number: Int, _ begin: Int, _ body: inout Body, _ context: inout Context) throws(DissectionError) -> Int? {
        let entryCount = Int(try body.number(begin, byteCount: 2))
        let end = begin + 2 + 12 * entryCount
        context.heading(body.reader, body.place(begin), end + 4 - begin) {
            $0.append(kind.title)
            $0.append(decimal: number)
        }
        body.entryCount += entryCount
        guard body.entryCount <= Self.entryLimit else { throw DissectionError(.limit, offset: body.place(begin), byteCount: end - begin) }
        context.open()
        add(count, begin, 2, UInt64(entryCount), body, &context)
        for index in 0..<entryCount { try addEntry(kind, begin + 2 + 12 * index, body, &context) }
        let next = try addNext(end, body, &context)
        context.close()
        // What does not fit its entry is shown behind the directory.
        for index in 0..<entryCount { try addDistant(kind, begin + 2 + 12 * index, &body, &context) }
        return next
    }

    private func addNext(_ offset: Int, _ body: Body, _ context: inout Context) throws(DissectionError) -> Int? {
        let next = Int(try body.number(offset, byteCount: 4))
        let item = add(nextOffset, offset, 4, UInt64(next), body, &context)
        guard next != 0 else { return nil }
        if next >= offset + 4 { return next }
        context.expert(under: item, badNext) {
            $0.append(" (bogus, should be >= ")
            $0.append(decimal: offset + 4)
            $0.append(")")
        }
        return nil
    }

    // MARK: Entries

    private struct Entry {
        let tag: UInt16
        let type: UInt16
        let count: Int
        /// Of the value; nil for a type that is not known.
        let byteCount: Int?

        var isInPlace: Bool { byteCount.map { $0 <= 4 } ?? false }
    }

    private func entry(_ offset: Int, _ body: Body) throws(DissectionError) -> Entry {
        let type = UInt16(truncatingIfNeeded: try body.number(offset + 2, byteCount: 2))
        let count = Int(try body.number(offset + 4, byteCount: 4))
        return Entry(
            tag: UInt16(truncatingIfNeeded: try body.number(offset, byteCount: 2)), type: type, count: count,
            byteCount: Self.byteCount(ofType: type).map { $0 * count })
    }

    private static func byteCount(ofType type: UInt16) -> Int? {
        switch type {
        case 1, 2, 7: 1
        case 3: 2
        case 4, 9: 4
        case 5, 10: 8
        default: nil
        }
    }

    private func addEntry(_ kind: Kind, _ offset: Int, _ body: Body, _ context: inout Context) throws(DissectionError) {
        let entry = try entry(offset, body)
        if let tag = tags[kind] { add(tag, offset, 2, UInt64(entry.tag), body, &context) }
        add(type, offset + 2, 2, UInt64(entry.type), body, &context)
        add(valueCount, offset + 4, 4, UInt64(entry.count), body, &context)
        if entry.isInPlace { return try addValues(entry, offset + 8, body, &context) }
        let place = Int(try body.number(offset + 8, byteCount: 4))
        let item = add(valueOffset, offset + 8, 4, UInt64(place), body, &context)
        guard place >= body.byteCount else { return }
        context.expert(under: item, badValue) {
            $0.append("bogus, should be < ")
            $0.append(decimal: body.byteCount)
        }
    }

    /// Adds what an entry points to.
    private func addDistant(_ kind: Kind, _ offset: Int, _ body: inout Body, _ context: inout Context) throws(DissectionError) {
        let entry = try entry(offset, body)
        let place = Int(try body.number(offset + 8, byteCount: 4))
        if let pointed = kind.pointed(by: entry.tag), entry.type == 4, entry.count == 1 {
            try dissectChain(pointed, place, &body, &context)
        } else if !entry.isInPlace, entry.byteCount != nil, place < body.byteCount {
            try addValues(entry, place, body, &context)
        }
    }

    private func addValues(_ entry: Entry, _ offset: Int, _ body: Body, _ context: inout Context) throws(DissectionError) {
        let byteCount = entry.byteCount ?? 0
        var reader = body.reader
        try reader.skip(offset)
        switch entry.type {
        case 2:
            try reader.require(byteCount)
            context.string(text, reader, reader.offset, byteCount)
        case 7:
            try reader.require(byteCount)
            context.add(undefined, reader, reader.offset, byteCount)
        case 1: try addNumbers(byteValue, 1, entry.count, offset, body, &context)
        case 3: try addNumbers(shortValue, 2, entry.count, offset, body, &context)
        case 4: try addNumbers(longValue, 4, entry.count, offset, body, &context)
        case 9: try addNumbers(signedValue, 4, entry.count, offset, body, &context)
        case 5: for index in 0..<entry.count { try add(rational, isSigned: false, offset + 8 * index, body, &context) }
        case 10: for index in 0..<entry.count { try add(signedRational, isSigned: true, offset + 8 * index, body, &context) }
        default: break
        }
    }

    private func addNumbers(
        _ field: FieldID, _ byteCount: Int, _ count: Int, _ offset: Int, _ body: Body, _ context: inout Context
    ) throws(DissectionError) {
        // The segment ends the loop, whatever the count says.
        for index in 0..<count {
            let place = offset + byteCount * index
            let value = try body.number(place, byteCount: byteCount)
            let isSigned = field == signedValue
            add(field, place, byteCount, isSigned ? UInt64(bitPattern: Int64(Int32(bitPattern: value))) : UInt64(value), body, &context)
        }
    }

    private func add(_ fields: Rational, isSigned: Bool, _ offset: Int, _ body: Body, _ context: inout Context) throws(DissectionError) {
        let (high, low) = (try body.number(offset, byteCount: 4), try body.number(offset + 4, byteCount: 4))
        func value(_ word: UInt32) -> Int64 { isSigned ? Int64(Int32(bitPattern: word)) : Int64(word) }
        let item = context.add(fields.whole, body.reader, body.place(offset), 8)
        context.appendLabel(item) {
            $0.append(": ")
            $0.append(signed: value(high))
            $0.append("/")
            $0.append(signed: value(low))
        }
        context.open()
        add(fields.numerator, offset, 4, UInt64(bitPattern: value(high)), body, &context)
        add(fields.denominator, offset + 4, 4, UInt64(bitPattern: value(low)), body, &context)
        context.close()
    }

    @discardableResult
    private func add(_ field: FieldID, _ offset: Int, _ byteCount: Int, _ value: UInt64, _ body: Body, _ context: inout Context) -> ItemRef {
        context.add(field, body.reader, body.place(offset), byteCount, value: value, flags: body.isLittleEndian ? .littleEndian : [])
    }

    private static let typeNames = ValueStrings([
        (1, "BYTE"), (2, "ASCII"), (3, "SHORT"), (4, "LONG"), (5, "RATIONAL"), (7, "UNDEFINED"), (9, "SLONG"), (10, "SRATIONAL"),
    ])
}
