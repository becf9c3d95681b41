import Dissection
import Wire

/// The fields of JPEG's segments (ITU-T T.81, annex B).
final class JFIFSegmentFields: Sendable {
    private let marker, segment, length, frame, scan, commentHeader, comment, rest, data, fill: FieldID
    private let precision, lines, samplesPerLine, componentCount, component, horizontal, vertical, table: FieldID
    private let scanCount, selector, dcSelector, acSelector, spectralStart, spectralEnd, bitHigh, bitLow: FieldID

    init(registering r: inout Registrar) {
        marker = r.field("image-jfif.marker", "Marker", .uint16, .hex, strings: JFIFMarker.names)
        segment = r.field("image-jfif.marker_segment", "Marker segment", .none)
        length = r.field("image-jfif.length", "Length", .uint16, .decimal)
        func byte(_ name: String, _ title: String, mask: UInt64 = 0) -> FieldID { r.field("image-jfif.\(name)", title, .uint8, .decimal, mask: mask) }
        frame = r.field("image-jfif.sof", "Start of Frame header", .none)
        precision = byte("sof.precision", "Sample Precision (bits)")
        lines = r.field("image-jfif.sof.lines", "Lines", .uint16, .decimal)
        samplesPerLine = r.field("image-jfif.sof.samples_per_line", "Samples per line", .uint16, .decimal)
        componentCount = byte("sof.nf", "Number of image components in frame")
        component = byte("sof.c_i", "Component identifier")
        horizontal = byte("sof.h_i", "Horizontal sampling factor", mask: 0xf0)
        vertical = byte("sof.v_i", "Vertical sampling factor", mask: 0x0f)
        table = byte("sof.tq_i", "Quantization table destination selector")
        scan = r.field("image-jfif.header.sos", "Start of Segment header", .none)
        scanCount = byte("sos.ns", "Number of image components in scan")
        selector = byte("sos.component_selector", "Scan component selector")
        dcSelector = byte("sos.dc_entropy_selector", "DC entropy coding table destination selector", mask: 0xf0)
        acSelector = byte("sos.ac_entropy_selector", "AC entropy coding table destination selector", mask: 0x0f)
        spectralStart = byte("sos.ss", "Start of spectral or predictor selection")
        spectralEnd = byte("sos.se", "End of spectral selection")
        bitHigh = byte("sos.ah", "Successive approximation bit position high", mask: 0xf0)
        bitLow = byte("sos.al", "Successive approximation bit position low or point transform", mask: 0x0f)
        commentHeader = r.field("image-jfif.header.comment", "Comment header", .none)
        comment = r.field("image-jfif.comment", "Comment", .string)
        rest = r.field("image-jfif.remain_seg_data", "Remaining segment data", .bytes)
        data = r.field("image-jfif.entropy_coded_segment", "Entropy-coded segment (dissection is not yet implemented)", .bytes)
        fill = r.field("image-jfif.fill_bytes", "Fill bytes", .bytes)
    }

    func addData(_ reader: Reader, _ context: inout Context) { context.add(data, reader, reader.offset, reader.capturedRemaining) }
    func addFill(_ reader: Reader, _ context: inout Context) { context.add(fill, reader, reader.offset, reader.capturedRemaining) }

    func addMarker(_ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        let code = try reader.uint16()
        let item = context.add(marker, reader, reader.offset - 2, 2, value: UInt64(code))
        if JFIFMarker.names.name(of: UInt64(code)) == nil { context.appendLabel(item) { $0.append(" (Reserved)") } }
    }

    /// Adds a segment's node with marker and length, and leaves it open. Returns what is left of the segment.
    func open(_ kind: JFIFMarker.Kind, _ reader: inout Reader, _ context: inout Context) throws(DissectionError) -> Reader {
        let begin = reader.offset
        let code = try reader.peekUInt16()
        let item = context.add(field(of: kind), reader, begin, 2)
        context.appendLabel(item) {
            $0.append(": ")
            $0.append(JFIFMarker.names.name(of: UInt64(code)) ?? "Unknown")
            $0.append(" (0x")
            $0.append(hex: UInt64(code), width: 4, upperCase: true)
            $0.append(")")
        }
        context.open()
        try addMarker(&reader, &context)
        let byteCount = Int(try reader.peekUInt16())
        guard byteCount >= 2 else { throw DissectionError(.malformed, offset: reader.offset, byteCount: 2) }
        try reader.require(byteCount)
        context.setByteCount(item, byteCount + 2)
        var segment = reader.next(byteCount)
        try context.uint16(length, &segment)
        return segment
    }

    private func field(of kind: JFIFMarker.Kind) -> FieldID {
        switch kind {
        case .frame: frame
        case .scan: scan
        case .comment: commentHeader
        case .segment, .application, .alone, .unknown: segment
        }
    }

    func addRest(_ reader: Reader, _ context: inout Context) {
        guard reader.remaining > 0 else { return }
        let item = context.add(rest, reader, reader.offset, reader.remaining)
        context.label(item) {
            $0.append("Remaining segment data: ")
            $0.append(decimal: reader.remaining)
            $0.append(" bytes")
        }
    }

    func addComment(_ reader: Reader, _ context: inout Context) { context.string(comment, reader, reader.offset, reader.remaining) }

    /// Frame header (section B.2.2).
    func addFrame(_ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        try context.uint8(precision, &reader)
        try context.uint16(lines, &reader)
        try context.uint16(samplesPerLine, &reader)
        for _ in 0..<(try context.uint8(componentCount, &reader)) {
            try context.uint8(component, &reader)
            try addHalves(horizontal, vertical, &reader, &context)
            try context.uint8(table, &reader)
        }
    }

    /// Scan header (section B.2.3).
    func addScan(_ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        for _ in 0..<(try context.uint8(scanCount, &reader)) {
            try context.uint8(selector, &reader)
            try addHalves(dcSelector, acSelector, &reader, &context)
        }
        try context.uint8(spectralStart, &reader)
        try context.uint8(spectralEnd, &reader)
        try addHalves(bitHigh, bitLow, &reader, &context)
    }

    private func addHalves(_ high: FieldID, _ low: FieldID, _ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        let word = UInt64(try reader.uint8())
        context.bits(high, reader, reader.offset - 1, 1, word: word)
        context.bits(low, reader, reader.offset - 1, 1, word: word)
    }
}

/// The fields of the application segments that JFIF and Exif use.
final class JFIFApplicationFields: Sendable {
    private let identifier, version, major, minor, units, xDensity, yDensity, xThumbnail, yThumbnail, thumbnail, extensionCode: FieldID
    private let flashPix: FieldID
    private let notJFIF: ExpertID
    private let directory: ExifDirectory
    private let segments: JFIFSegmentFields

    init(_ segments: JFIFSegmentFields, registering r: inout Registrar) {
        identifier = r.field("image-jfif.identifier", "Identifier", .stringZero)
        version = r.field("image-jfif.version", "Version", .none)
        major = r.field("image-jfif.version.major", "Major Version", .uint8, .decimal)
        minor = r.field("image-jfif.version.minor", "Minor Version", .uint8, .decimal)
        units = r.field("image-jfif.units", "Units", .uint8, .decimal, strings: Self.unitNames)
        xDensity = r.field("image-jfif.Xdensity", "Xdensity", .uint16, .decimal)
        yDensity = r.field("image-jfif.Ydensity", "Ydensity", .uint16, .decimal)
        xThumbnail = r.field("image-jfif.Xthumbnail", "Xthumbnail", .uint8, .decimal)
        yThumbnail = r.field("image-jfif.Ythumbnail", "Ythumbnail", .uint8, .decimal)
        thumbnail = r.field("image-jfif.RGB", "RGB values of thumbnail pixels", .bytes)
        extensionCode = r.field("image-jfif.extension.code", "Extension code", .uint8, .hex, strings: Self.extensionNames)
        flashPix = r.field("image-jfif.exif_flashpix_marker", "Exif FlashPix APP2 application marker", .none)
        self.segments = segments
        notJFIF = r.expert("image-jfif.app0-identifier-not-jfif", .proto, .warning, "Initial App0 segment with \"JFIF\" Identifier not found")
        directory = ExifDirectory(registering: &r)
    }

    /// Adds an application segment, of which `reader` stands behind the length.
    /// - Parameter isFirst: whether the segment is the image's first, which is JFIF's.
    func add(_ code: UInt16, isFirst: Bool, _ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        let begin = reader.offset
        guard reader.remaining > 0 else { return }
        guard let zero = reader.capturedBytes.firstIndex(of: 0) else { throw reader.shortfall(reader.remaining + 1, at: begin) }
        let item = context.addRange(identifier, reader, begin, zero + 1, valueAt: begin, zero)
        let name = reader.captured(begin, zero)
        reader.offset += zero + 1
        switch code {
        case 0xffe0 where name.isEqual(to: "JFIF"): try addJFIF(&reader, &context)
        case 0xffe0 where name.isEqual(to: "JFXX"): try context.uint8(extensionCode, &reader)
        case 0xffe1 where name.isEqual(to: "Exif"):
            if isFirst { context.expert(under: item, notJFIF) }
            // The identifier has two zero bytes.
            try reader.skip(1)
            try directory.dissect(reader, &context)
        case 0xffe2 where name.isEqual(to: "FPXR"):
            context.close()
            context.add(flashPix, reader, begin - 4, reader.reportedEnd - begin + 4)
            context.open()
        default:
            context.appendLabel(item) { $0.append(code == 0xffe0 ? " (unknown identifier)" : " (Unknown identifier)") }
            segments.addRest(reader, &context)
        }
    }

    /// ITU-T T.871, section 10.1.
    private func addJFIF(_ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        let item = context.add(version, reader, reader.offset, 2)
        context.open()
        let (high, low) = (try context.uint8(major, &reader), try context.uint8(minor, &reader))
        context.close()
        context.appendLabel(item) {
            $0.append(": ")
            $0.append(decimal: high)
            $0.append(".")
            $0.append(decimal: low)
        }
        try context.uint8(units, &reader)
        try context.uint16(xDensity, &reader)
        try context.uint16(yDensity, &reader)
        let (width, height) = (try context.uint8(xThumbnail, &reader), try context.uint8(yThumbnail, &reader))
        let byteCount = 3 * Int(width) * Int(height)
        guard byteCount > 0 else { return }
        try context.addBytes(thumbnail, byteCount, &reader)
    }

    private static let unitNames = ValueStrings([
        (0, "No units; Xdensity and Ydensity specify the pixel aspect ratio"), (1, "Dots per inch"), (2, "Dots per centimeter"),
    ])
    private static let extensionNames = ValueStrings([
        (0x10, "Thumbnail encoded using JPEG"), (0x11, "Thumbnail encoded using 1 byte (8 bits) per pixel"),
        (0x13, "Thumbnail encoded using 3 bytes (24 bits) per pixel"),
    ])
}
