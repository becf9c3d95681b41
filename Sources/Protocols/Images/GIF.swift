import Dissection
import Wire

/// Graphics Interchange Format (CompuServe, versions 87a and 89a).
///
///     signature (6)   width (2)   height (2)   flags (1)   background (1)   aspect ratio (1)   color map
///     then, each begun by a byte: extensions (0x21), images (0x2c), the end (0x3b)
///
/// Numbers have their low byte first. Not decoded: image data.
public final class GIF: Dissector {
    /// Bytes that an image has at least.
    private static let leastByteCount = 20
    /// Blocks of one image, at most: each makes an item or more, of which a frame has a million.
    private static let blockLimit = 200_000

    private let node, version, width, height: FieldID
    private let global, local: ColorFlags
    private let backgroundIndex, aspectRatio, globalMap, localMap: FieldID
    private let left, top, imageWidth, imageHeight, codeSize: FieldID
    private let extensionBlock, extensionLabel, image, end, dataBlock: FieldID
    private let unknownBlock: ExpertID

    /// The flags of a screen or an image.
    private struct ColorFlags: Sendable {
        let present, colorBits, ordered, pixelBits: FieldID
    }

    public init(registering r: inout Registrar) {
        let proto = r.proto("image-gif", "Compuserve GIF", short: "GIF image")
        node = r.node(of: proto)
        version = r.field("image-gif.version", "Version", .string)
        width = r.field("image-gif.screen.width", "Screen width", .uint16, .decimal)
        height = r.field("image-gif.screen.height", "Screen height", .uint16, .decimal)
        func flag(_ name: String, _ title: String, _ mask: UInt64) -> FieldID {
            r.field("image-gif.\(name)", title, .uint8, .decimal, strings: Self.truth, mask: mask)
        }
        func bits(_ name: String, _ title: String, _ mask: UInt64) -> FieldID { r.field("image-gif.\(name)", title, .uint8, .decimal, mask: mask) }
        let pixelBits = bits("global.bpp", "Image bits per pixel minus 1", 0x07)
        global = ColorFlags(
            present: flag("global.color_map.present", "Global color map is present", 0x80),
            colorBits: bits("global.color_bpp", "Bits per color minus 1", 0x70),
            ordered: flag("global.color_map.ordered", "Global color map is ordered", 0x08), pixelBits: pixelBits)
        backgroundIndex = r.field("image-gif.image_background_index", "Background color index", .uint8, .decimal)
        aspectRatio = r.field("image-gif.global.pixel_aspect_ratio", "Global pixel aspect ratio", .uint8, .decimal)
        globalMap = r.field("image-gif.global.color_map", "Global color map", .bytes)
        left = r.field("image-gif.image.left", "Image left position", .uint16, .decimal)
        top = r.field("image-gif.image.top", "Image top position", .uint16, .decimal)
        imageWidth = r.field("image-gif.image.width", "Image width", .uint16, .decimal)
        imageHeight = r.field("image-gif.image.height", "Image height", .uint16, .decimal)
        local = ColorFlags(
            present: flag("local.color_map.present", "Local color map is present", 0x80),
            colorBits: bits("local.color_bpp", "Bits per color minus 1", 0x70),
            ordered: flag("local.color_map.ordered", "Local color map is ordered", 0x08), pixelBits: pixelBits)
        localMap = r.field("image-gif.local.color_map", "Local color map", .bytes)
        extensionBlock = r.field("image-gif.extension", "Extension", .none)
        extensionLabel = r.field("image-gif.extension.label", "Extension label", .uint8, .hex, strings: Self.extensionNames)
        image = r.field("image-gif.image", "Image", .none)
        codeSize = r.field("image-gif.image.code_size", "LZW minimum code size", .uint8, .decimal)
        end = r.field("image-gif.end", "Trailer (End of the GIF stream)", .none)
        dataBlock = r.field("image-gif.data_block", "Data block", .bytes)
        unknownBlock = r.expert("gif.data_block_type.unknown", .proto, .warning, "Unknown GIF data block type")
        let dissector = r.dissector(self, proto)
        r.add(dissector, to: "media_type", texts: ["image/gif"], ifRecognized: true)
        r.addHeuristic(dissector, to: "http")
    }

    public func recognizes(_ reader: Reader, _ context: borrowing Context) -> Bool {
        let bytes = reader.capturedBytes
        return bytes.count >= Self.leastByteCount && (bytes.hasPrefix("GIF87a") || bytes.hasPrefix("GIF89a"))
    }

    public func dissect(_ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        let name = reader.captured(reader.offset, 6)
        if context.columns.accepts {
            context.columns.info.append(" (")
            context.columns.info.append(name)
            context.columns.info.append(")")
        }
        let node = context.begin(node, reader)
        context.label(node) {
            $0.append("Compuserve GIF, Version: ")
            $0.append(name)
        }
        let isNewer = name.hasPrefix("GIF89a")
        try dissectScreen(&reader, isNewer: isNewer, &context)
        var count = 0
        while reader.remaining > 0 {
            count += 1
            guard count <= Self.blockLimit else {
                context.expert(context.registry.core.limitExpert)
                break
            }
            if try dissectBlock(&reader, isNewer: isNewer, &context) { break }
        }
        context.close()
    }

    private func dissectScreen(_ reader: inout Reader, isNewer: Bool, _ context: inout Context) throws(DissectionError) {
        try context.addBytes(version, 6, &reader)
        try addNumber(width, &reader, &context)
        try addNumber(height, &reader, &context)
        let mapByteCount = try dissectFlags(global, "Global settings:", "Global", &reader, isNewer: isNewer, &context)
        try context.uint8(backgroundIndex, &reader)
        // Older ones have a zero here.
        let ratio = Int(try reader.uint8())
        if ratio != 0 {
            let item = context.add(aspectRatio, reader, reader.offset - 1, 1, value: UInt64(ratio))
            context.label(item) { Self.appendRatio(ratio, &$0) }
        }
        try addMap(globalMap, mapByteCount, &reader, &context)
    }

    /// `49, yields an aspect ratio of (15 + 49) / 64 = 1.00`
    private static func appendRatio(_ ratio: Int, _ text: inout TextBuffer) {
        text.append(decimal: ratio)
        text.append(", yields an aspect ratio of (15 + ")
        text.append(decimal: ratio)
        text.append(") / 64 = ")
        // Two decimals, of which the last is rounded.
        let hundredths = ((15 + ratio) * 100 + 32) / 64
        text.append(decimal: hundredths / 100)
        text.append(".")
        text.append(decimal: UInt64(hundredths % 100), width: 2)
    }

    private func addNumber(_ field: FieldID, _ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        try reader.skip(2)
        context.add(field, reader, reader.offset - 2, 2, value: UInt64(reader.bytes.uint16LE(reader.offset - 2)), flags: .littleEndian)
    }

    /// Adds the flags of a screen or an image; returns how many bytes its color map has.
    private func dissectFlags(
        _ fields: ColorFlags, _ title: StaticString, _ mapName: StaticString, _ reader: inout Reader, isNewer: Bool, _ context: inout Context
    ) throws(DissectionError) -> Int {
        let flags = try reader.uint8()
        let offset = reader.offset - 1
        context.heading(reader, offset, 1) {
            $0.append(title)
            if flags & 0x80 != 0 {
                $0.append(" (")
                $0.append(mapName)
                $0.append(" color table present)")
            }
            Self.appendBits(Int(flags >> 4 & 7) + 1, " per color)", &$0)
            Self.appendBits(Int(flags & 7) + 1, " per pixel)", &$0)
        }
        context.open()
        context.bits(fields.present, reader, offset, 1, word: UInt64(flags))
        context.bits(fields.colorBits, reader, offset, 1, word: UInt64(flags))
        if isNewer { context.bits(fields.ordered, reader, offset, 1, word: UInt64(flags)) }
        context.bits(fields.pixelBits, reader, offset, 1, word: UInt64(flags))
        context.close()
        return flags & 0x80 == 0 ? 0 : 3 << (Int(flags & 7) + 1)
    }

    private static func appendBits(_ count: Int, _ unit: StaticString, _ text: inout TextBuffer) {
        text.append(" (")
        text.append(decimal: count)
        text.append(count == 1 ? " bit" : " bits")
        text.append(unit)
    }

    private func addMap(_ field: FieldID, _ byteCount: Int, _ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        guard byteCount > 0 else { return }
        try context.addBytes(field, byteCount, &reader)
    }

    // MARK: Blocks

    /// Adds a block. True for the last.
    private func dissectBlock(_ reader: inout Reader, isNewer: Bool, _ context: inout Context) throws(DissectionError) -> Bool {
        let begin = reader.offset
        switch try reader.uint8() {
        case 0x21: try dissectExtension(begin, &reader, &context)
        case 0x2c: try dissectImage(begin, &reader, isNewer: isNewer, &context)
        case 0x3b:
            context.add(end, reader, begin, 1)
            return true
        default:
            context.heading(reader, begin, 1) { $0.append("Unknown GIF data block type") }
            context.open()
            context.expert(unknownBlock)
            context.close()
        }
        return false
    }

    private func dissectExtension(_ begin: Int, _ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        let item = context.add(extensionBlock, reader, begin, 1)
        context.open()
        defer { context.close() }
        let kind = try context.uint8(extensionLabel, &reader)
        context.label(item) {
            $0.append("Extension: ")
            if let name = Self.extensionNames.name(of: UInt64(kind)) { return $0.append(name) }
            $0.append("<Warning: Unknown extension 0x")
            $0.append(hex: UInt64(kind), width: 2)
            $0.append(">")
        }
        try dissectDataBlocks(&reader, &context)
        context.extend(item, to: reader.offset)
    }

    private func dissectImage(_ begin: Int, _ reader: inout Reader, isNewer: Bool, _ context: inout Context) throws(DissectionError) {
        let item = context.add(image, reader, begin, 1)
        context.open()
        defer { context.close() }
        for field in [left, top, imageWidth, imageHeight] { try addNumber(field, &reader, &context) }
        let mapByteCount = try dissectFlags(local, "Local settings:", "Local", &reader, isNewer: isNewer, &context)
        try addMap(localMap, mapByteCount, &reader, &context)
        try context.uint8(codeSize, &reader)
        try dissectDataBlocks(&reader, &context)
        context.extend(item, to: reader.offset)
    }

    /// Sub-blocks, each with its length before it, up to the one without data.
    private func dissectDataBlocks(_ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        var byteCount = 0
        repeat {
            let begin = reader.offset
            byteCount = Int(try reader.uint8())
            try reader.skip(byteCount)
            let item = context.addRange(dataBlock, reader, begin, byteCount + 1, valueAt: begin + 1, byteCount)
            context.label(item) { Self.appendBlock(reader.captured(begin + 1, byteCount), &$0) }
        } while byteCount > 0
    }

    private static func appendBlock(_ bytes: ByteView, _ text: inout TextBuffer) {
        text.append("Data block: ")
        if bytes.isEmpty { text.append("<none>") }
        text.append(hexOf: bytes[0..<36])
        if bytes.count > 36 { text.append("\u{2026}") }
        text.append(" (length = ")
        text.append(decimal: bytes.count)
        text.append(")")
    }

    private static let truth = ValueStrings([(0, "False"), (1, "True")])
    private static let extensionNames = ValueStrings([
        (0x01, "Plain Text"), (0xf9, "Graphics Control"), (0xfe, "Comment"), (0xff, "Application"),
    ])
}
