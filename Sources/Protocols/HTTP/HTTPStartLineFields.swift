import Dissection
import Wire

/// The fields of request line and status line (RFC 9112, sections 3 and 4).
final class HTTPStartLineFields: Sendable {
    private let method, uri, path, query, parameter, requestVersion: FieldID
    private let responseVersion, code, codeDescription, phrase: FieldID
    private let chat: ExpertID

    init(registering r: inout Registrar) {
        method = r.field("http.request.method", "Request Method", .string)
        uri = r.field("http.request.uri", "Request URI", .string)
        path = r.field("http.request.uri.path", "Request URI Path", .string)
        query = r.field("http.request.uri.query", "Request URI Query", .string)
        parameter = r.field("http.request.uri.query.parameter", "Request URI Query Parameter", .string)
        requestVersion = r.field("http.request.version", "Request Version", .string)
        responseVersion = r.field("http.response.version", "Response Version", .string)
        code = r.field("http.response.code", "Status Code", .uint16, .decimal)
        codeDescription = r.field("http.response.code.desc", "Status Code Description", .string)
        phrase = r.field("http.response.phrase", "Response Phrase", .string)
        chat = r.expert("http.chat", .sequence, .chat, "Formatted text")
    }

    /// What the rest of the message depends on.
    struct Parts {
        var isRequest = false
        var method = 0..<0
        var uri = 0..<0
        /// Nil for a request; 0 where a response has none.
        var status: Int?
    }

    func dissect(_ line: HTTPLine, _ kind: HTTPStartLine, _ reader: Reader, _ context: inout Context) -> Parts {
        let bytes = reader.bytes[0..<line.end]
        context.heading(reader, line.begin, line.byteCount) { $0.append(bytes[line.begin..<line.end]) }
        context.open()
        context.expert(chat) { $0.append(printable: bytes[line.begin..<line.end]) }
        let parts = kind == .response ? addStatusLine(line, bytes, reader, &context) : addRequestLine(line, bytes, reader, &context)
        context.close()
        return parts
    }

    private func addRequestLine(_ line: HTTPLine, _ bytes: ByteView, _ reader: Reader, _ context: inout Context) -> Parts {
        let text = bytes[0..<line.textEnd]
        let methodEnd = text.firstIndex(of: 32, from: line.begin) ?? line.textEnd
        let uriBegin = min(methodEnd + 1, line.textEnd)
        let uriEnd = text.firstIndex(of: 32, from: uriBegin) ?? line.textEnd
        let versionBegin = min(uriEnd + 1, line.textEnd)
        add(method, line.begin..<methodEnd, reader, &context)
        add(uri, uriBegin..<uriEnd, reader, &context)
        addParts(ofURI: uriBegin..<uriEnd, bytes, reader, &context)
        add(requestVersion, versionBegin..<line.textEnd, reader, &context)
        return Parts(isRequest: true, method: line.begin..<methodEnd, uri: uriBegin..<uriEnd, status: nil)
    }

    /// Path and query (RFC 3986, section 3).
    private func addParts(ofURI range: Range<Int>, _ bytes: ByteView, _ reader: Reader, _ context: inout Context) {
        guard let mark = bytes[0..<range.upperBound].firstIndex(of: 63, from: range.lowerBound), mark + 1 < range.upperBound else { return }
        context.open()
        add(path, range.lowerBound..<mark, reader, &context)
        add(query, mark + 1..<range.upperBound, reader, &context)
        context.open()
        var offset = mark + 1
        while offset < range.upperBound, context.wants(parameter) {
            let end = bytes[0..<range.upperBound].firstIndex(of: 38, from: offset) ?? range.upperBound
            if end > offset { add(parameter, offset..<end, reader, &context) }
            offset = end + 1
        }
        context.close()
        context.close()
    }

    private func addStatusLine(_ line: HTTPLine, _ bytes: ByteView, _ reader: Reader, _ context: inout Context) -> Parts {
        let status = HTTPStatusLine(bytes, line)
        add(responseVersion, status.version, reader, &context)
        guard let value = status.code, let offset = status.codeOffset else { return Parts(status: 0) }
        context.add(code, reader, offset, 3, value: UInt64(value))
        _ = context.addText(codeDescription, reader, offset, 3, flags: .generated) { text in
            if let name = Self.statusNames.name(of: UInt64(value)) {
                text.append(name)
            } else {
                text.append("Unknown (")
                text.append(decimal: value)
                text.append(")")
            }
        }
        if let phrase = status.phrase { add(self.phrase, phrase, reader, &context) }
        return Parts(status: value)
    }

    private func add(_ field: FieldID, _ range: Range<Int>, _ reader: Reader, _ context: inout Context) {
        context.addASCII(field, reader, range.lowerBound, range.count, value: range)
    }

    private static let statusNames = ValueStrings([
        (100, "Continue"), (101, "Switching Protocols"), (102, "Processing"), (103, "Early Hints"), (199, "Informational - Others"),
        (200, "OK"), (201, "Created"), (202, "Accepted"), (203, "Non-authoritative Information"), (204, "No Content"),
        (205, "Reset Content"), (206, "Partial Content"), (207, "Multi-Status"), (208, "Already Reported"), (226, "IM Used"),
        (299, "Success - Others"), (300, "Multiple Choices"), (301, "Moved Permanently"), (302, "Found"), (303, "See Other"),
        (304, "Not Modified"), (305, "Use Proxy"), (307, "Temporary Redirect"), (308, "Permanent Redirect"),
        (399, "Redirection - Others"), (400, "Bad Request"), (401, "Unauthorized"), (402, "Payment Required"), (403, "Forbidden"),
        (404, "Not Found"), (405, "Method Not Allowed"), (406, "Not Acceptable"), (407, "Proxy Authentication Required"),
        (408, "Request Time-out"), (409, "Conflict"), (410, "Gone"), (411, "Length Required"), (412, "Precondition Failed"),
        (413, "Request Entity Too Large"), (414, "Request-URI Too Long"), (415, "Unsupported Media Type"),
        (416, "Requested Range Not Satisfiable"), (417, "Expectation Failed"), (418, "I'm a teapot"), (421, "Misdirected Request"),
        (422, "Unprocessable Entity"), (423, "Locked"), (424, "Failed Dependency"), (425, "Too Early"), (426, "Upgrade Required"),
        (428, "Precondition Required"), (429, "Too Many Requests"), (431, "Request Header Fields Too Large"),
        (451, "Unavailable For Legal Reasons"), (499, "Client Error - Others"), (500, "Internal Server Error"), (501, "Not Implemented"),
        (502, "Bad Gateway"), (503, "Service Unavailable"), (504, "Gateway Time-out"), (505, "HTTP Version not supported"),
        (506, "Variant Also Negotiates"), (507, "Insufficient Storage"), (508, "Loop Detected"), (510, "Not Extended"),
        (511, "Network Authentication Required"), (599, "Server Error - Others"),
    ])
}
