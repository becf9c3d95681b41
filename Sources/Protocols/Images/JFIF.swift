import Dissection
import Wire

/// JPEG File Interchange Format (ITU-T T.871), and Exif's (JEITA CP-3451): the marker segments of JPEG (ITU-T T.81, annex B).
///
///     FF D8                          start of image
///     FF marker (1)   length (2)     a segment; the length counts itself
///     FF D9                          end of image
///
/// Not decoded: coded image data, tables, and thumbnails.
public final class JFIF: Dissector {
    /// Bytes that an image has at least: the start and its first segment up to the identifier.
    private static let leastByteCount = 20
    /// Segments of one image, at most: each makes a few items, of which a frame has a million.
    private static let segmentLimit = 100_000

    private let node: FieldID
    private let fields: JFIFSegmentFields
    private let application: JFIFApplicationFields

    public init(registering r: inout Registrar) {
        let proto = r.proto("image-jfif", "JPEG File Interchange Format", short: "JFIF (JPEG) image")
        node = r.node(of: proto)
        fields = JFIFSegmentFields(registering: &r)
        application = JFIFApplicationFields(fields, registering: &r)
        let dissector = r.dissector(self, proto)
        r.add(dissector, to: "media_type", texts: ["image/jpeg", "image/jpg", "image/jfif"], ifRecognized: true)
        r.addHeuristic(dissector, to: "http")
    }

    public func recognizes(_ reader: Reader, _ context: borrowing Context) -> Bool {
        let bytes = reader.capturedBytes
        guard bytes.count >= Self.leastByteCount, bytes.uint24(0) == 0xffd8ff else { return false }
        return bytes.hasPrefix("JFIF\0", at: 6) || bytes.hasPrefix("Exif\0", at: 6)
    }

    public func dissect(_ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        context.columns.appendInfo(" (JPEG JFIF image)")
        context.begin(node, reader)
        var count = 0
        while reader.remaining > 0 {
            count += 1
            guard count <= Self.segmentLimit else {
                context.expert(context.registry.core.limitExpert)
                break
            }
            guard try dissectNext(&reader, &context) else { break }
        }
        context.close()
    }

    /// Adds a segment, or the data before it. False where what follows a marker is not known.
    private func dissectNext(_ reader: inout Reader, _ context: inout Context) throws(DissectionError) -> Bool {
        try reader.require(1)
        let bytes = reader.bytes[0..<reader.capturedEnd]
        let marker = JFIFMarker.next(bytes, from: reader.offset)
        if marker.begin > reader.offset {
            fields.addData(reader.next(marker.begin - reader.offset), &context)
            reader.offset = marker.begin
            return true
        }
        if marker.fillByteCount > 0 {
            fields.addFill(reader.next(marker.fillByteCount), &context)
            reader.offset += marker.fillByteCount
        }
        let code = try reader.peekUInt16()
        switch JFIFMarker.kind(of: code) {
        case .alone: try fields.addMarker(&reader, &context)
        case .unknown:
            try fields.addMarker(&reader, &context)
            return false
        case let kind: try dissectSegment(kind, code, isFirst: reader.offset == reader.start + 2, &reader, &context)
        }
        return true
    }

    private func dissectSegment(
        _ kind: JFIFMarker.Kind, _ code: UInt16, isFirst: Bool, _ reader: inout Reader, _ context: inout Context
    ) throws(DissectionError) {
        var segment = try fields.open(kind, &reader, &context)
        reader.offset = segment.reportedEnd
        switch kind {
        case .application: try application.add(code, isFirst: isFirst, &segment, &context)
        case .frame: try fields.addFrame(&segment, &context)
        case .scan: try fields.addScan(&segment, &context)
        case .comment: fields.addComment(segment, &context)
        case .segment, .alone, .unknown: fields.addRest(segment, &context)
        }
        context.close()
    }
}

/// The markers of JPEG (ITU-T T.81, table B.1).
enum JFIFMarker {
    enum Kind { case alone, segment, application, frame, scan, comment, unknown }

    /// The next marker at or after `from`: what begins with FF and is no stuffed zero. FFs before it fill.
    static func next(_ bytes: ByteView, from: Int) -> (begin: Int, fillByteCount: Int) {
        var offset = from
        while let found = bytes.firstIndex(of: 0xff, from: offset) {
            var end = found + 1
            while end < bytes.count, bytes[end] == 0xff { end += 1 }
            if end < bytes.count, bytes[end] != 0 { return (found, end - found - 1) }
            offset = end
        }
        return (bytes.count, 0)
    }

    static func kind(of code: UInt16) -> Kind {
        switch code {
        case 0xff01, 0xffd0...0xffd9: .alone
        case 0xffe0...0xffe2: .application
        case 0xffc4, 0xffc8, 0xffcc: .segment
        case 0xffc0...0xffcf: .frame
        case 0xffda: .scan
        case 0xfffe: .comment
        case 0xffdb...0xffdf, 0xffe3...0xfffd: .segment
        default: .unknown
        }
    }

    static let names = ValueStrings([
        (0xff01, "Reserved - For temporary private use in arithmetic coding"),
        (0xffc0, "Start of Frame (non-differential, Huffman coding) - Baseline DCT"),
        (0xffc1, "Start of Frame (non-differential, Huffman coding) - Extended sequential DCT"),
        (0xffc2, "Start of Frame (non-differential, Huffman coding) - Progressive DCT"),
        (0xffc3, "Start of Frame (non-differential, Huffman coding) - Lossless (sequential)"),
        (0xffc4, "Define Huffman table(s)"),
        (0xffc5, "Start of Frame (differential, Huffman coding) - Differential sequential DCT"),
        (0xffc6, "Start of Frame (differential, Huffman coding) - Differential progressive DCT"),
        (0xffc7, "Start of Frame (differential, Huffman coding) - Differential lossless (sequential)"),
        (0xffc8, "Start of Frame (non-differential, arithmetic coding) - Reserved for JPEG extensions"),
        (0xffc9, "Start of Frame (non-differential, arithmetic coding) - Extended sequential DCT"),
        (0xffca, "Start of Frame (non-differential, arithmetic coding) - Progressive DCT"),
        (0xffcb, "Start of Frame (non-differential, arithmetic coding) - Lossless (sequential)"),
        (0xffcc, "Define arithmetic coding conditioning(s)"),
        (0xffcd, "Start of Frame (differential, arithmetic coding) - Differential sequential DCT"),
        (0xffce, "Start of Frame (differential, arithmetic coding) - Differential progressive DCT"),
        (0xffcf, "Start of Frame (differential, arithmetic coding) - Differential lossless (sequential)"),
        (0xffd0, "Restart interval termination - Restart with modulo 8 count 0"),
        (0xffd1, "Restart interval termination - Restart with modulo 8 count 1"),
        (0xffd2, "Restart interval termination - Restart with modulo 8 count 2"),
        (0xffd3, "Restart interval termination - Restart with modulo 8 count 3"),
        (0xffd4, "Restart interval termination - Restart with modulo 8 count 4"),
        (0xffd5, "Restart interval termination - Restart with modulo 8 count 5"),
        (0xffd6, "Restart interval termination - Restart with modulo 8 count 6"),
        (0xffd7, "Restart interval termination - Restart with modulo 8 count 7"),
        (0xffd8, "Start of Image"), (0xffd9, "End of Image"), (0xffda, "Start of Scan"), (0xffdb, "Define quantization table(s)"),
        (0xffdc, "Define number of lines"), (0xffdd, "Define restart interval"), (0xffde, "Define hierarchical progression"),
        (0xffdf, "Expand reference component(s)"), (0xffe0, "Reserved for application segments - 0"),
        (0xffe1, "Reserved for application segments - 1"), (0xffe2, "Reserved for application segments - 2"),
        (0xffe3, "Reserved for application segments - 3"), (0xffe4, "Reserved for application segments - 4"),
        (0xffe5, "Reserved for application segments - 5"), (0xffe6, "Reserved for application segments - 6"),
        (0xffe7, "Reserved for application segments - 7"), (0xffe8, "Reserved for application segments - 8"),
        (0xffe9, "Reserved for application segments - 9"), (0xffea, "Reserved for application segments - 10"),
        (0xffeb, "Reserved for application segments - 11"), (0xffec, "Reserved for application segments - 12"),
        (0xffed, "Reserved for application segments - 13"), (0xffee, "Reserved for application segments - 14"),
        (0xffef, "Reserved for application segments - 15"), (0xfff0, "Reserved for JPEG extensions - 0"),
        (0xfff1, "Reserved for JPEG extensions - 1"), (0xfff2, "Reserved for JPEG extensions - 2"),
        (0xfff3, "Reserved for JPEG extensions - 3"), (0xfff4, "Reserved for JPEG extensions - 4"),
        (0xfff5, "Reserved for JPEG extensions - 5"), (0xfff6, "Reserved for JPEG extensions - 6"),
        (0xfff7, "Reserved for JPEG extensions - 7"), (0xfff8, "Reserved for JPEG extensions - 8"),
        (0xfff9, "Reserved for JPEG extensions - 9"), (0xfffa, "Reserved for JPEG extensions - 10"),
        (0xfffb, "Reserved for JPEG extensions - 11"), (0xfffc, "Reserved for JPEG extensions - 12"),
        (0xfffd, "Reserved for JPEG extensions - 13"), (0xfffe, "Comment"),
    ])
}
