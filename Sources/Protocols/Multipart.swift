import Codecs
import Dissection
import Wire

/// Multipart bodies (RFC 2046, section 5.1): parts with header fields of their own, each handed on by its media type.
///
///     preamble                        before the first boundary, for nobody
///     --boundary CR LF
///     name: value CR LF               any number of header fields
///     CR LF
///     body CR LF
///     --boundary-- CR LF              the last one; what follows is for nobody
///
/// Not decoded: transfer encodings of parts, and what is encrypted.
public final class Multipart: Dissector {
    private let node, type, firstBoundary, preamble, lastBoundary, boundary, trailer, part: FieldID
    private let headers: [(name: StaticString, field: FieldID, kind: HeaderKind)]
    private let noBoundary: ExpertID
    private let mediaTypes: MediaTypes
    private let data: DissectorID?

    private enum HeaderKind: Sendable { case plain, contentType, contentEncoding }

    /// Parts of one body, at most: each makes three items or more, of which a frame has a million.
    private static let partLimit = 10_000
    /// Header fields of one part, at most.
    private static let fieldLimit = 1000
    /// Bytes that a part decompresses to, at most.
    private static let decodedByteLimit = 16 << 20

    public init(registering r: inout Registrar) {
        let proto = r.proto("mime_multipart", "MIME Multipart Media Encapsulation", short: "MIME multipart")
        node = r.node(of: proto)
        type = r.field("mime_multipart.type", "Type", .string)
        preamble = r.field("mime_multipart.preamble", "Preamble", .bytes)
        firstBoundary = r.field("mime_multipart.first_boundary", "First boundary", .string)
        boundary = r.field("mime_multipart.boundary", "Boundary", .string)
        lastBoundary = r.field("mime_multipart.last_boundary", "Last boundary", .string)
        trailer = r.field("mime_multipart.trailer", "Trailer", .bytes)
        part = r.field("mime_multipart.part", "Encapsulated multipart part", .string)
        func header(_ name: StaticString, _ title: String, _ kind: HeaderKind = .plain) -> (name: StaticString, field: FieldID, kind: HeaderKind) {
            (name, r.field("mime_multipart.header.\(name)", title, .string), kind)
        }
        headers = [
            header("content-description", "Content-Description"), header("content-disposition", "Content-Disposition"),
            header("content-encoding", "Content-Encoding", .contentEncoding), header("content-id", "Content-Id"),
            header("content-language", "Content-Language"), header("content-length", "Content-Length"),
            header("content-transfer-encoding", "Content-Transfer-Encoding"), header("content-type", "Content-Type", .contentType),
            header("originalcontent", "OriginalContent"),
        ]
        noBoundary = r.expert(
            "mime_multipart.no_required_parameter", .proto, .error, "The multipart dissector could not find a required parameter.")
        mediaTypes = MediaTypes(registering: &r, heuristics: "media")
        data = r.dissector(named: "data")
        r.add(r.dissector(self, proto), to: "media_type", .prefix("multipart/"))
    }

    public func dissect(_ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        let body = reader.rest
        guard let mediaType = context.packet.mediaType else { return handOnData(body, &context) }
        let parameters = context.text.bytes(mediaType.parameters.range)
        guard let name = MultipartSyntax.boundary(inParameters: parameters)?.copy(), !name.isEmpty else {
            context.heading(body, body.offset, body.capturedRemaining) { $0.append("The multipart dissector could not find a required parameter.") }
            context.open()
            context.expert(noBoundary)
            context.close()
            return handOnData(body, &context)
        }
        let top = context.begin(node, body)
        describe(top, mediaType, name, &context)
        _ = context.addText(type, body, body.offset, 0) { $0.appendCopy(of: mediaType.name.range) }
        addParts(body, name, &context)
        context.close()
        reader.offset = reader.capturedEnd
        if reader.capturedEnd < reader.reportedEnd { throw reader.shortfall(reader.remaining, at: reader.offset) }
    }

    private func describe(_ top: ItemRef, _ type: MediaType, _ boundary: [UInt8], _ context: inout Context) {
        context.label(top) {
            $0.append("MIME Multipart Media Encapsulation, Type: ")
            $0.appendCopy(of: type.name.range)
            $0.append(", Boundary: \"")
            $0.append(boundary)
            $0.append("\"")
        }
    }

    private func addParts(_ body: Reader, _ name: [UInt8], _ context: inout Context) {
        let bytes = body.bytes[0..<body.capturedEnd]
        let found = name.withUnsafeBytes { MultipartSyntax.nextDelimiter(bytes, from: body.offset, start: body.offset, ByteView($0)) }
        guard var delimiter = found else { return handOnNested(body, &context) }
        if delimiter.line > body.offset { context.add(preamble, body, body.offset, delimiter.line - body.offset) }
        add(firstBoundary, delimiter.line..<delimiter.end, body, &context)
        for _ in 0..<Self.partLimit where !delimiter.isLast {
            let begin = delimiter.end
            let next = name.withUnsafeBytes { MultipartSyntax.nextDelimiter(bytes, from: begin, start: begin, ByteView($0)) }
            addPart(begin..<(next?.begin ?? bytes.count), body, &context)
            guard let next else { return }
            add(next.isLast ? lastBoundary : boundary, next.begin..<next.end, body, &context)
            delimiter = next
        }
        if delimiter.end < bytes.count { context.add(trailer, body, delimiter.end, bytes.count - delimiter.end) }
    }

    private func add(_ field: FieldID, _ range: Range<Int>, _ body: Reader, _ context: inout Context) {
        context.string(field, body, range.lowerBound, range.count)
    }

    // MARK: Parts

    private func addPart(_ range: Range<Int>, _ body: Reader, _ context: inout Context) {
        let item = context.addText(part, body, range.lowerBound, range.count) { _ in }
        context.open()
        let header = addHeaders(range, body, &context)
        if let type = header.type {
            let name = type[0..<(type.firstIndex(of: 59) ?? type.count)].trimmingBlanksAfter
            context.appendLabel(item) {
                $0.append(" (")
                for offset in 0..<name.count { $0.append(name[offset].lowercased) }
                $0.append(")")
            }
        }
        var content = body
        content.offset = header.end
        handOn(content.next(range.upperBound - header.end), header, &context)
        context.close()
    }

    /// What a part's header says of its body.
    private struct PartHeader {
        var type: ByteView?
        var isCompressed = false
        var end: Int
    }

    private func addHeaders(_ range: Range<Int>, _ body: Reader, _ context: inout Context) -> PartHeader {
        let bytes = body.bytes[0..<range.upperBound]
        guard let lines = MultipartSyntax.headerLines(bytes, from: range.lowerBound, limit: Self.fieldLimit) else { return PartHeader(end: range.lowerBound) }
        var header = PartHeader(end: lines.end)
        for (index, line) in lines.fields.enumerated() {
            // The empty line is shown with the last field.
            let end = index == lines.fields.count - 1 ? lines.end : line.end
            let known = headers.first { line.name.count == $0.name.utf8CodeUnitCount && line.name.hasPrefix(ignoringCase: $0.name) }
            guard let known else {
                context.heading(body, line.begin, end - line.begin) { $0.append(bytes[line.begin..<end]) }
                continue
            }
            let value = bytes[line.value]
            let item = context.addText(known.field, body, line.begin, end - line.begin) { MultipartSyntax.appendCompact(value, &$0) }
            context.label(item) { $0.append(bytes[line.begin..<end]) }
            switch known.kind {
            case .plain: break
            case .contentType: header.type = value.trimmingBlanksBefore.trimmingBlanksAfter
            case .contentEncoding: header.isCompressed = value.trimmingBlanksBefore.hasPrefix(ignoringCase: "gzip")
            }
        }
        return header
    }

    private func handOn(_ content: Reader, _ header: PartHeader, _ context: inout Context) {
        guard content.remaining > 0 else { return }
        var content = content
        if header.isCompressed, let plain = decompressed(content, &context) { content = plain }
        context.nested { context in
            guard let type = header.type else { return handOnData(content, &context) }
            let dissector = mediaTypes.dissector(for: type, content, context)
            mediaTypes.handOn(content, type, to: dissector, &context)
        }
    }

    private func decompressed(_ content: Reader, _ context: inout Context) -> Reader? {
        let result = decompress(content.capturedBytes, format: .gzip, limit: Self.decodedByteLimit)
        guard !result.bytes.isEmpty else { return nil }
        return context.derive("gunzipped data", from: content, byteCount: result.bytes.count) {
            $0.copyBytes(from: result.bytes)
            return result.bytes.count
        }
    }

    private func handOnNested(_ reader: Reader, _ context: inout Context) {
        context.nested { handOnData(reader, &$0) }
    }

    private func handOnData(_ reader: Reader, _ context: inout Context) {
        if let data { context.run(data, reader) }
    }
}

/// Where the parts of a multipart body and their fields stand (RFC 2046, section 5.1.1; RFC 5322, section 2.2).
enum MultipartSyntax {
    /// A line that ends a part, with the line end before it.
    struct Delimiter {
        let begin: Int
        /// Where its two hyphens stand.
        let line: Int
        let end: Int
        let isLast: Bool
    }

    /// The next delimiter at or after `from`.
    /// - Parameter start: where a delimiter needs no line end before it.
    static func nextDelimiter(_ bytes: ByteView, from: Int, start: Int, _ boundary: ByteView) -> Delimiter? {
        var offset = from
        while let hyphen = bytes.firstIndex(of: 45, from: offset) {
            offset = hyphen + 1
            guard hyphen == start || bytes[hyphen - 1] == 10, bytes.hasPrefix("--", at: hyphen) else { continue }
            let nameEnd = hyphen + 2 + boundary.count
            guard nameEnd <= bytes.count, bytes[hyphen + 2..<nameEnd].equals(boundary) else { continue }
            let isLast = bytes.hasPrefix("--", at: nameEnd)
            let padding = bytes[nameEnd + (isLast ? 2 : 0)..<bytes.count]
            let blanks = padding.count - padding.trimmingBlanksBefore.count
            let lineEnd = lineEnd(padding, blanks)
            guard lineEnd != nil || isLast && blanks == padding.count else { continue }
            var begin = hyphen
            if begin > start {
                begin -= 1
                if begin > start, bytes[begin - 1] == 13 { begin -= 1 }
            }
            return Delimiter(begin: begin, line: hyphen, end: nameEnd + (isLast ? 2 : 0) + (lineEnd ?? padding.count), isLast: isLast)
        }
        return nil
    }

    private static func lineEnd(_ bytes: ByteView, _ offset: Int) -> Int? {
        if bytes.hasPrefix("\r\n", at: offset) { return offset + 2 }
        return bytes.hasPrefix("\n", at: offset) ? offset + 1 : nil
    }

    /// The boundary among the parameters of a media type.
    static func boundary(inParameters text: ByteView) -> ByteView? {
        var offset = 0
        while offset < text.count {
            let end = parameterEnd(text, offset)
            let parameter = text[offset..<end].trimmingBlanksBefore
            offset = end + 1
            guard parameter.hasPrefix(ignoringCase: "boundary"), let sign = parameter.firstIndex(of: 61),
                parameter[8..<sign].trimmingBlanksBefore.isEmpty
            else { continue }
            let value = parameter[sign + 1..<parameter.count].trimmingBlanksBefore
            if value.hasPrefix("\"") { return value[1..<(value.firstIndex(of: 34, from: 1) ?? value.count)] }
            return value.trimmingBlanksAfter
        }
        return nil
    }

    /// Where the parameter at `begin` ends: at a semicolon that stands in no quotes.
    private static func parameterEnd(_ text: ByteView, _ begin: Int) -> Int {
        var isQuoted = false
        var offset = begin
        while offset < text.count, isQuoted || text[offset] != 59 {
            if text[offset] == 34 { isQuoted.toggle() }
            offset += 1
        }
        return offset
    }

    struct Field {
        let begin: Int
        let end: Int
        let name: ByteView
        let value: Range<Int>
    }

    /// The header fields at `begin`, and where the body behind them begins; nil where these are none.
    static func headerLines(_ bytes: ByteView, from begin: Int, limit: Int) -> (fields: [Field], end: Int)? {
        var fields: [Field] = []
        var offset = begin
        while offset < bytes.count, fields.count < limit {
            var line = HTTPLine(whole: bytes, from: offset)
            if line.isEmpty { return (fields, line.end) }
            guard let colon = bytes[0..<line.textEnd].firstIndex(of: 58, from: offset) else { return nil }
            // A line that begins with a blank continues the one before it.
            while line.end < bytes.count, bytes[line.end] == 32 || bytes[line.end] == 9 { line = HTTPLine(whole: bytes, from: line.end) }
            fields.append(Field(begin: offset, end: line.end, name: bytes[offset..<colon].trimmingBlanksAfter, value: colon + 1..<line.textEnd))
            offset = line.end
        }
        return (fields, offset)
    }

    /// A field's value without the blanks that say nothing: around separators, and all but one elsewhere.
    static func appendCompact(_ value: ByteView, _ text: inout TextBuffer) {
        var isQuoted = false
        var hasBlank = false
        var last: UInt8?
        for offset in 0..<value.count {
            let byte = value[offset]
            if !isQuoted, byte == 32 || byte == 9 || byte == 13 || byte == 10 {
                hasBlank = true
                continue
            }
            if hasBlank, let last, !isSeparator(last), !isSeparator(byte) { text.append(32) }
            hasBlank = false
            if byte == 34 { isQuoted.toggle() }
            text.append(byte)
            last = byte
        }
    }

    private static func isSeparator(_ byte: UInt8) -> Bool { byte == 59 || byte == 44 || byte == 58 || byte == 61 }
}
