import Dissection
import Wire

/// The fields of those chunks that are decoded (PNG, section 11).
final class PNGChunkFields: Sendable {
    /// How an image says its colours, as far as its background depends on it.
    enum Colour { case grey, direct, palette }

    private let header: [(field: FieldID, byteCount: Int)]
    private let time: [(field: FieldID, byteCount: Int)]
    private let resolution: [(field: FieldID, byteCount: Int)]
    private let chromaticities: [FieldID]
    private let intent, keyword, text, paletteIndex, greyscale, red, green, blue, gamma: FieldID

    init(registering r: inout Registrar) {
        header = [
            (r.field("png.ihdr.width", "Width", .uint32, .decimal), 4), (r.field("png.ihdr.height", "Height", .uint32, .decimal), 4),
            (r.field("png.ihdr.bitdepth", "Bit Depth", .uint8, .decimal), 1),
            (r.field("png.ihdr.colour_type", "Colour Type", .uint8, .decimal, strings: Self.colourTypes), 1),
            (r.field("png.ihdr.compression_method", "Compression Method", .uint8, .decimal, strings: ValueStrings([(0, "Deflate")])), 1),
            (r.field("png.ihdr.filter_method", "Filter Method", .uint8, .decimal, strings: ValueStrings([(0, "Adaptive")])), 1),
            (r.field("png.ihdr.interlace_method", "Interlace Method", .uint8, .decimal, strings: ValueStrings([(0, "No interlace"), (1, "Adam7")])), 1),
        ]
        intent = r.field("png.srgb.intent", "Intent", .uint8, .decimal, strings: Self.intents)
        keyword = r.field("png.text.keyword", "Keyword", .string)
        text = r.field("png.text.string", "String", .string)
        time = [
            (r.field("png.time.year", "Year", .uint16, .decimal), 2), (r.field("png.time.month", "Month", .uint8, .decimal), 1),
            (r.field("png.time.day", "Day", .uint8, .decimal), 1), (r.field("png.time.hour", "Hour", .uint8, .decimal), 1),
            (r.field("png.time.minute", "Minute", .uint8, .decimal), 1), (r.field("png.time.second", "Second", .uint8, .decimal), 1),
        ]
        resolution = [
            (r.field("png.phys.horiz", "Horizontal pixels per unit", .uint32, .decimal), 4),
            (r.field("png.phys.vert", "Vertical pixels per unit", .uint32, .decimal), 4),
            (r.field("png.phys.unit", "Unit", .uint8, .decimal, strings: ValueStrings([(0, "Unit is unknown"), (1, "Unit is METRE")])), 1),
        ]
        paletteIndex = r.field("png.bkgd.palette_index", "Palette Index", .uint8, .decimal)
        greyscale = r.field("png.bkgd.greyscale", "Greyscale", .uint16, .hex)
        red = r.field("png.bkgd.red", "Red", .uint16, .hex)
        green = r.field("png.bkgd.green", "Green", .uint16, .hex)
        blue = r.field("png.bkgd.blue", "Blue", .uint16, .hex)
        chromaticities = [
            r.field("png.chrm.white.x", "White X", .float), r.field("png.chrm.white.y", "White Y", .float),
            r.field("png.chrm.red.x", "Red X", .float), r.field("png.chrm.red.y", "Red Y", .float),
            r.field("png.chrm.green.x", "Green X", .float), r.field("png.chrm.green.y", "Green Y", .float),
            r.field("png.chrm.blue.x", "Blue X", .float), r.field("png.chrm.blue.y", "Blue Y", .float),
        ]
        gamma = r.field("png.gama.gamma", "Gamma", .float)
    }

    /// Adds what a chunk holds, and notes how the image says its colours. False for a chunk that is not decoded.
    func add(_ type: UInt32, _ content: inout Reader, _ colour: inout Colour, _ context: inout Context) throws(DissectionError) -> Bool {
        switch type {
        case Self.type("IHDR"):
            colour = Self.colour(of: content)
            try addNumbers(header, &content, &context)
        case Self.type("gAMA"): try addFraction(gamma, &content, &context)
        case Self.type("cHRM"): for field in chromaticities { try addFraction(field, &content, &context) }
        case Self.type("sRGB"): try context.uint8(intent, &content)
        case Self.type("tEXt"): addText(content, &context)
        case Self.type("tIME"): try addNumbers(time, &content, &context)
        case Self.type("pHYs"): try addNumbers(resolution, &content, &context)
        case Self.type("bKGD"): try addBackground(&content, colour, &context)
        default: return false
        }
        return true
    }

    private func addNumbers(_ fields: [(field: FieldID, byteCount: Int)], _ content: inout Reader, _ context: inout Context) throws(DissectionError) {
        for (field, byteCount) in fields {
            try content.skip(byteCount)
            let offset = content.offset - byteCount
            context.add(field, content, offset, byteCount, value: content.bytes.unsigned(offset, byteCount: byteCount))
        }
    }

    /// A number that is written 100,000 times as large.
    private func addFraction(_ field: FieldID, _ content: inout Reader, _ context: inout Context) throws(DissectionError) {
        let value = Float(try content.uint32()) / 100_000
        context.add(field, content, content.offset - 4, 4, value: UInt64(value.bitPattern))
    }

    /// A keyword, a zero byte, and what it stands before (section 11.3.4.3).
    private func addText(_ content: Reader, _ context: inout Context) {
        guard let zero = content.capturedBytes.firstIndex(of: 0) else { return }
        context.add(keyword, content, content.offset, zero)
        let begin = content.offset + zero + 1
        context.string(text, content, begin, content.capturedEnd - begin)
    }

    private func addBackground(_ content: inout Reader, _ colour: Colour, _ context: inout Context) throws(DissectionError) {
        switch colour {
        case .palette: try context.uint8(paletteIndex, &content)
        case .grey: try context.uint16(greyscale, &content)
        case .direct: for field in [red, green, blue] { try context.uint16(field, &content) }
        }
    }

    private static func colour(of header: Reader) -> Colour {
        switch header.has(10) ? header.bytes[header.offset + 9] : 0 {
        case 2, 6: .direct
        case 3: .palette
        default: .grey
        }
    }

    /// Four letters as a number.
    private static func type(_ name: StaticString) -> UInt32 {
        (0..<4).reduce(0) { $0 << 8 | UInt32(name.utf8Start[$1]) }
    }

    static func name(of type: UInt32) -> StaticString? { names.name(of: UInt64(type)) }

    private static let names = ValueStrings([
        ("IHDR", "Image Header"), ("PLTE", "Palette"), ("IDAT", "Image data chunk"), ("IEND", "Image Trailer"), ("tRNS", "Transparency"),
        ("cHRM", "Primary chromaticities and white point"), ("gAMA", "Image gamma"), ("iCCP", "Embedded ICC profile"), ("sBIT", "Significant bits"),
        ("sRGB", "Standard RGB colour space"), ("tEXt", "Textual data"), ("iTXt", "International textual data"), ("bKGD", "Background colour"),
        ("pHYs", "Physical pixel dimensions"), ("tIME", "Image last-modification time"),
    ].map { (UInt64(type($0.0)), $0.1) })

    private static let colourTypes = ValueStrings([
        (0, "Greyscale"), (2, "Truecolour"), (3, "Indexed-colour"), (4, "Greyscale with alpha"), (6, "Truecolour with alpha"),
    ])

    private static let intents = ValueStrings([(0, "Perceptual"), (1, "Relative colorimetric"), (2, "Saturation"), (3, "Absolute colorimetric")])
}
