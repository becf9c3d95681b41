import Dissection
import Wire

/// Portable Network Graphics (W3C, PNG 2nd edition; ISO/IEC 15948): a signature and chunks.
///
///     length (4)   type (4)   data (length)   CRC (4)
///
/// Not decoded: image data, and what stands in palettes, profiles and compressed texts.
public final class PNG: Dissector {
    private static let signature: StaticString = "PNG\r\n\u{1a}\n"
    /// Bytes that an image has at least: its signature and a chunk without data.
    private static let leastByteCount = 20
    /// Chunks of one image, at most: each makes a dozen items, of which a frame has a million.
    private static let chunkLimit = 50_000

    private let node, signatureField: FieldID
    private let data, type, length, crc, ancillary, isPrivate, safeToCopy: FieldID
    private let chunks: PNGChunkFields

    public init(registering r: inout Registrar) {
        let proto = r.proto("png", "Portable Network Graphics", short: "PNG")
        node = r.node(of: proto)
        signatureField = r.field("png.signature", "PNG Signature", .bytes)
        data = r.field("png.chunk.data", "Data", .none)
        type = r.field("png.chunk.type", "Chunk", .string)
        length = r.field("png.chunk.len", "Len", .uint32, .decimal)
        crc = r.field("png.chunk.crc", "CRC", .uint32, .hex)
        ancillary = r.flag(
            "png.chunk.flag.ancillary", "Ancillary", wordBits: 32, mask: 0x2000_0000, "This is an ANCILLARY chunk", "This is a CRITICAL chunk")
        isPrivate = r.flag("png.chunk.flag.private", "Private", wordBits: 32, mask: 0x20_0000, "This is a PRIVATE chunk", "This is a PUBLIC chunk")
        safeToCopy = r.flag(
            "png.chunk.flag.stc", "Safe To Copy", wordBits: 32, mask: 0x20, "This chunk is SAFE TO COPY", "This chunk is NOT safe to copy")
        chunks = PNGChunkFields(registering: &r)
        let dissector = r.dissector(self, proto)
        r.add(dissector, to: "media_type", texts: ["image/png"], ifRecognized: true)
        r.addHeuristic(dissector, to: "http")
    }

    public func recognizes(_ reader: Reader, _ context: borrowing Context) -> Bool {
        let bytes = reader.capturedBytes
        return bytes.count >= Self.leastByteCount && bytes[0] == 0x89 && bytes.hasPrefix(Self.signature, at: 1)
    }

    public func dissect(_ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        context.columns.appendInfo(" (PNG)")
        context.begin(node, reader)
        try context.addBytes(signatureField, 8, &reader)
        var count = 0
        var colour: PNGChunkFields.Colour = .grey
        while reader.remaining > 0 {
            count += 1
            guard count <= Self.chunkLimit else {
                context.expert(context.registry.core.limitExpert)
                break
            }
            try dissectChunk(&reader, &colour, &context)
        }
        context.close()
    }

    private func dissectChunk(_ reader: inout Reader, _ colour: inout PNGChunkFields.Colour, _ context: inout Context) throws(DissectionError) {
        let begin = reader.offset
        var peek = reader
        let byteCount = Int(try peek.uint32())
        let word = try peek.uint32()
        try reader.require(byteCount + 12)
        context.heading(reader, begin, byteCount + 12) {
            $0.append(PNGChunkFields.name(of: word) ?? "unknown")
            $0.append(" (")
            $0.append(printable: reader.captured(begin + 4, 4))
            $0.append(")")
        }
        context.open()
        defer { context.close() }
        context.add(length, reader, begin, 4, value: UInt64(byteCount))
        context.string(type, reader, begin + 4, 4)
        for flag in [ancillary, isPrivate, safeToCopy] { context.bits(flag, reader, begin + 4, 4, word: UInt64(word)) }
        reader.offset = begin + 8
        var content = reader.next(byteCount)
        if byteCount > 0, try !chunks.add(word, &content, &colour, &context) {
            context.add(data, reader, begin + 8, byteCount)
        }
        reader.offset = begin + 8 + byteCount
        try context.uint32(crc, &reader)
    }
}
