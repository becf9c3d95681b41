import Dissection
import Wire

/// What follows the header: chunks put together, content codings undone, and the rest handed on by its media type.
final class HTTPBody: Sendable {
    private let fileData, chunkSize, chunkData, chunkBoundary, trailer: FieldID
    private let codings: HTTPContentCodings
    private let refused: ExpertID
    private let mediaTypes: MediaTypes
    private let data: DissectorID?

    init(registering r: inout Registrar) {
        trailer = r.field("http.chunked_trailer_part", "trailer-part", .string)
        chunkBoundary = r.field("http.chunk_boundary", "Chunk boundary", .bytes)
        chunkSize = r.field("http.chunk_size", "Chunk size", .uint32, .decimal) {
            $1.append(decimal: $0)
            $1.append($0 == 1 ? " octet" : " octets")
        }
        chunkData = r.field("http.chunk_data", "Chunk data", .bytes)
        fileData = r.field("http.file_data", "File Data", .string)
        refused = r.expert(
            "http.subdissector_failed", .malformed, .note, "HTTP body subdissector failed, trying heuristic subdissector")
        codings = HTTPContentCodings(registering: &r)
        mediaTypes = MediaTypes(registering: &r, heuristics: "http")
        data = r.dissector(named: "data")
    }

    /// What is left of a body to hand on.
    struct Content {
        var reader: Reader
        var mediaType: ByteView
        /// Nil for a media type that no dissector knows.
        var dissector: DissectorID?
    }

    /// Adds the body at `reader`; the message's node is open. Returns what goes on to another dissector, and how many bytes
    /// of the stream the body took.
    func dissect(
        _ body: Reader, _ header: HTTPHeader, _ context: inout Context
    ) throws(DissectionError) -> (content: Content?, byteCount: Int) {
        var content = body
        var byteCount = body.remaining
        if header.isChunked {
            byteCount = try addChunks(body, &content, &context)
        }
        if header.otherTransferCoding {
            handOnData(content, &context)
            return (nil, byteCount)
        }
        if !header.contentEncodings.isEmpty, !content.capturedBytes.isEmpty {
            let names = HTTPCodingList(header.contentEncodings, body.bytes)
            guard names.isIdentity || codings.undo(names, &content, &context) else {
                return (nil, byteCount)
            }
        }
        content = content.next(content.capturedRemaining)
        addFileData(content, &context)
        guard content.remaining > 0 else { return (nil, byteCount) }
        guard let type = header.contentType else {
            if let found = mediaTypes.recognizer(content, context) { return (Content(reader: content, mediaType: .empty, dissector: found), byteCount) }
            handOnData(content, &context)
            return (nil, byteCount)
        }
        let text = body.bytes[type]
        if context.wants(refused), mediaTypes.isRefused(text, content, context) { context.expert(refused) }
        return (Content(reader: content, mediaType: text, dissector: mediaTypes.dissector(for: text, content, context)), byteCount)
    }

    func addFileData(_ content: Reader, _ context: inout Context) {
        let count = content.capturedRemaining
        let item = context.addASCII(fileData, content, content.offset, count, value: content.offset..<content.offset + count)
        context.label(item) {
            $0.append("File Data: ")
            $0.append(decimal: count)
            $0.append(" bytes")
        }
    }

    // MARK: Handing on

    /// Shows bytes of no known kind under the message.
    func handOnData(_ reader: Reader, _ context: inout Context) {
        guard let data else { return }
        context.nested { $0.run(data, reader) }
    }

    /// Hands a body on by its media type, behind the message.
    func handOn(_ content: Content, _ context: inout Context) {
        mediaTypes.handOn(content.reader, content.mediaType, to: content.dissector, &context)
    }

    // MARK: Chunks

    /// Adds the chunks (RFC 9112, section 7.1), and makes one source of their data. Returns how many bytes they take.
    private func addChunks(_ body: Reader, _ content: inout Reader, _ context: inout Context) throws(DissectionError) -> Int {
        let bytes = body.bytes[0..<body.capturedEnd]
        let top = context.heading(body, body.offset, body.capturedRemaining) { $0.append("HTTP chunked response") }
        context.open()
        var parts: [Range<Int>] = []
        var offset = body.offset
        for _ in 0..<HTTPFraming.chunkLimit {
            guard let chunk = HTTPChunk(bytes, from: offset) else {
                if body.capturedEnd < body.reportedEnd, HTTPLine(bytes, from: offset) == nil { throw body.shortfall(1, at: body.capturedEnd) }
                break
            }
            guard let byteCount = chunk.byteCount else {
                throw DissectionError(.malformed, offset: offset, byteCount: chunk.line.byteCount)
            }
            if chunk.dataBegin + byteCount > bytes.count, body.capturedEnd < body.reportedEnd { throw body.shortfall(1, at: body.capturedEnd) }
            let end = min(chunk.dataBegin + byteCount, bytes.count)
            if byteCount == 0 {
                offset = addLastChunk(chunk, body, bytes, &context)
                break
            }
            offset = min(end + 2, bytes.count)
            add(chunk, dataEnd: end, end: offset, body, &context)
            parts.append(chunk.dataBegin..<end)
        }
        context.close()
        if offset == body.offset {
            content.offset = content.reportedEnd
            return body.remaining
        }
        context.setByteCount(top, offset - body.offset)
        guard let joined = join(parts, body, &context) else { return offset - body.offset }
        content = joined
        return offset - body.offset
    }

    private func add(_ chunk: HTTPChunk, dataEnd: Int, end: Int, _ body: Reader, _ context: inout Context) {
        let count = dataEnd - chunk.dataBegin
        context.heading(body, chunk.line.begin, end - chunk.line.begin) {
            $0.append("Data chunk (")
            $0.append(decimal: count)
            $0.append(" octets)")
        }
        context.open()
        context.add(chunkSize, body, chunk.line.begin, chunk.line.byteCount, value: UInt64(count))
        context.add(chunkData, body, chunk.dataBegin, count)
        context.add(chunkBoundary, body, dataEnd, end - dataEnd)
        context.close()
    }

    /// The chunk of no bytes that ends the body, and the trailer section (RFC 9112, section 7.1.2).
    private func addLastChunk(_ chunk: HTTPChunk, _ body: Reader, _ bytes: ByteView, _ context: inout Context) -> Int {
        context.heading(body, chunk.line.begin, chunk.line.byteCount + 2) { $0.append("End of chunked encoding") }
        context.open()
        context.add(chunkSize, body, chunk.line.begin, chunk.line.byteCount, value: 0)
        context.close()
        let end = HTTPFraming.trailerEnd(bytes, from: chunk.dataBegin) ?? bytes.count
        var offset = chunk.dataBegin
        while offset < end {
            let line = HTTPLine(whole: bytes, from: offset)
            if line.isEmpty { break }
            offset = line.end
        }
        if offset > chunk.dataBegin {
            context.addASCII(trailer, body, chunk.dataBegin, offset - chunk.dataBegin, value: chunk.dataBegin..<offset)
        }
        if offset < end { context.heading(body, offset, end - offset) { $0.append(bytes[offset..<end]) } }
        return end
    }

    private func join(_ parts: [Range<Int>], _ body: Reader, _ context: inout Context) -> Reader? {
        let count = parts.reduce(0) { $0 + $1.count }
        return context.derive("De-chunked entity body", from: body, byteCount: count) { buffer in
            var written = 0
            for part in parts {
                body.bytes[part].withUnsafeBytes { UnsafeMutableRawBufferPointer(rebasing: buffer[written...]).copyMemory(from: $0) }
                written += part.count
            }
            return written
        }
    }
}
