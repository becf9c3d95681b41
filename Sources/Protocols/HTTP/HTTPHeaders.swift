import Dissection
import Wire

/// What the header section says of the message.
struct HTTPHeader {
    var contentByteCount: Int?
    var hasTransferEncoding = false
    var isChunked = false
    /// A transfer coding other than chunked, which is not undone.
    var otherTransferCoding = false
    /// The values of Content-Encoding, in the order in which the codings were applied.
    var contentEncodings: [Range<Int>] = []
    var contentType: Range<Int>?
    var host: Range<Int>?
    var upgrade: Range<Int>?
    var webSocketExtensions: [Range<Int>] = []
    var webSocketProtocol: Range<Int>?
}

/// The header fields (RFC 9110, section 5; RFC 9112, section 5).
final class HTTPHeaderFields: Sendable {
    private enum Kind: Sendable {
        case plain, authorization, challenge, contentType, contentLength, contentEncoding, transferEncoding, upgrade, host, cookie
        case webSocketExtensions, webSocketProtocol
    }

    private struct Known: Sendable {
        /// In lower case.
        let name: StaticString
        let field: FieldID
        let kind: Kind
    }

    /// By how many bytes their names have.
    private let known: [[Known]]
    private let requestLine, responseLine, unknownLine, contentLength, credentials, cookiePair: FieldID
    private let citrix: FieldID
    private let citrixParts: [(name: StaticString, field: FieldID)]
    private let badName, lengthAndCoding, unknownCoding: ExpertID
    private let ntlm: DissectorID?

    init(registering r: inout Registrar) {
        credentials = r.field("http.authbasic", "Credentials", .string)
        citrix = r.field("http.authcitrix", "Citrix AG Auth", .boolean)
        citrixParts = [
            ("username=", r.field("http.authcitrix.user", "Citrix AG Username", .string)),
            ("domain=", r.field("http.authcitrix.domain", "Citrix AG Domain", .string)),
            ("password=", r.field("http.authcitrix.password", "Citrix AG Password", .string)),
            ("AGESessionId=", r.field("http.authcitrix.session", "Citrix AG Session ID", .string)),
        ]
        responseLine = r.field("http.response.line", "Response line", .string)
        requestLine = r.field("http.request.line", "Request line", .string)
        unknownLine = r.field("http.unknown_header", "Unknown header", .string)
        contentLength = r.field("http.content_length", "Content length", .uint64, .decimal)
        cookiePair = r.field("http.cookie_pair", "Cookie pair", .string)
        let all = Self.register(&r)
        let longest = all.map(\.name.utf8CodeUnitCount).max() ?? 0
        known = (0...longest).map { byteCount in all.filter { $0.name.utf8CodeUnitCount == byteCount } }
        ntlm = r.dissector(named: "ntlmssp")
        badName = r.expert("http.bad_header_name", .proto, .warning, "Illegal characters found in header name")
        lengthAndCoding = r.expert(
            "http.te_and_length", .malformed, .warning, "The Content-Length and Transfer-Encoding header must not be set together")
        unknownCoding = r.expert("http.te_unknown", .undecoded, .warning, "Unknown transfer coding name in Transfer-Encoding header")
    }

    private static func register(_ r: inout Registrar) -> [Known] {
        func field(_ name: StaticString, _ abbreviation: String, _ title: String, _ kind: Kind = .plain) -> Known {
            Known(name: name, field: r.field("http.\(abbreviation)", title, .string), kind: kind)
        }
        return [
            field("authorization", "authorization", "Authorization", .authorization),
            field("proxy-authenticate", "proxy_authenticate", "Proxy-Authenticate", .challenge),
            field("proxy-authorization", "proxy_authorization", "Proxy-Authorization", .authorization),
            field("www-authenticate", "www_authenticate", "WWW-Authenticate", .challenge),
            field("content-type", "content_type", "Content-Type", .contentType),
            field("content-length", "content_length_header", "Content-Length", .contentLength),
            field("content-encoding", "content_encoding", "Content-Encoding", .contentEncoding),
            field("transfer-encoding", "transfer_encoding", "Transfer-Encoding", .transferEncoding),
            field("upgrade", "upgrade", "Upgrade", .upgrade),
            field("user-agent", "user_agent", "User-Agent"),
            field("host", "host", "Host", .host),
            field("connection", "connection", "Connection"),
            field("cookie", "cookie", "Cookie", .cookie),
            field("accept", "accept", "Accept"),
            field("referer", "referer", "Referer"),
            field("accept-language", "accept_language", "Accept-Language"),
            field("accept-encoding", "accept_encoding", "Accept Encoding"),
            field("date", "date", "Date"),
            field("cache-control", "cache_control", "Cache-Control"),
            field("server", "server", "Server"),
            field("location", "location", "Location"),
            field("sec-websocket-accept", "sec_websocket_accept", "Sec-WebSocket-Accept"),
            field("sec-websocket-extensions", "sec_websocket_extensions", "Sec-WebSocket-Extensions", .webSocketExtensions),
            field("sec-websocket-key", "sec_websocket_key", "Sec-WebSocket-Key"),
            field("sec-websocket-protocol", "sec_websocket_protocol", "Sec-WebSocket-Protocol", .webSocketProtocol),
            field("sec-websocket-version", "sec_websocket_version", "Sec-WebSocket-Version"),
            field("set-cookie", "set_cookie", "Set-Cookie"),
            field("last-modified", "last_modified", "Last-Modified"),
            field("x-forwarded-for", "x_forwarded_for", "X-Forwarded-For"),
            field("http2-settings", "http2_settings", "HTTP2-Settings"),
        ]
    }

    /// Adds the fields from `reader` on, up to and with the empty line that ends the section.
    /// - Parameter base: where what is worked out stands.
    func dissect(_ reader: inout Reader, _ kind: HTTPStartLine, base: Int, _ context: inout Context) throws(DissectionError) -> HTTPHeader {
        let bytes = reader.bytes[0..<reader.capturedEnd]
        var header = HTTPHeader()
        var fieldCount = 0
        while reader.offset < reader.reportedEnd, fieldCount < HTTPFraming.fieldLimit {
            fieldCount += 1
            // A field that stands at the very start is shown as far as it goes.
            let line = fieldCount == 1 && kind == .other ? HTTPLine(whole: bytes, from: reader.offset) : try HTTPLine(reader)
            if line.isEmpty {
                context.heading(reader, line.begin, line.byteCount) { $0.append(bytes[line.begin..<line.end]) }
                reader.offset = line.end
                return header
            }
            // What has no colon is no field: the section is over, without an empty line.
            guard let colon = bytes[0..<line.textEnd].firstIndex(of: 58, from: line.begin) else {
                if line.textEnd == line.end { throw reader.shortfall(1, at: reader.reportedEnd) }
                return header
            }
            add(HTTPFieldLine(bytes, line, colon: colon), reader, kind, base, &header, &context)
            reader.offset = line.end
        }
        if reader.offset < reader.reportedEnd { context.expert(context.registry.core.limitExpert) }
        return header
    }

    /// Whether the capture cut the section behind a start line.
    func isCut(behind line: HTTPLine, _ reader: Reader) -> Bool {
        guard reader.capturedEnd < reader.reportedEnd, !line.isCut(reader) else { return false }
        let bytes = reader.bytes[0..<reader.capturedEnd]
        var line = line
        repeat {
            line = HTTPLine(whole: bytes, from: line.end)
            if line.isCut(reader) { return true }
        } while !line.isEmpty && line.isField(bytes)
        return false
    }

    private func add(_ line: HTTPFieldLine, _ reader: Reader, _ kind: HTTPStartLine, _ base: Int, _ header: inout HTTPHeader, _ context: inout Context) {
        let match = line.name.count < known.count ? known[line.name.count].first { line.name.hasPrefix(ignoringCase: $0.name) } : nil
        if let match {
            let item = context.addASCII(match.field, reader, line.begin, line.byteCount, value: line.value)
            context.label(item) { $0.append(line.whole) }
            context.open()
            addParts(match.kind, line, item, reader, base, &header, &context)
            context.close()
        }
        if match != nil, kind != .request, kind != .response { return }
        let whole = addWhole(line, reader, kind, isHidden: match != nil, &context)
        context.label(whole) { $0.append(line.whole) }
        if match == nil, context.wants(badName), !line.hasValidName { context.expert(under: whole, badName) }
        let stray = context.registry.core.strayCharacters
        if context.wants(stray), line.whole.firstIndex(of: 0) != nil { context.expert(under: whole, stray) }
    }

    /// The field as it stands; in what is neither request nor response, as people read it.
    private func addWhole(_ line: HTTPFieldLine, _ reader: Reader, _ kind: HTTPStartLine, isHidden: Bool, _ context: inout Context) -> ItemRef {
        let field = kind == .request ? requestLine : kind == .response ? responseLine : unknownLine
        if field == unknownLine, line.hasValidName {
            return context.addText(field, reader, line.begin, line.byteCount) { $0.append(printable: line.whole) }
        }
        return context.addASCII(field, reader, line.begin, line.byteCount, value: line.begin..<line.end, flags: isHidden ? .hidden : [])
    }

    private func addParts(
        _ kind: Kind, _ line: HTTPFieldLine, _ item: ItemRef, _ reader: Reader, _ base: Int, _ header: inout HTTPHeader, _ context: inout Context
    ) {
        switch kind {
        case .plain: break
        case .authorization: addCredentials(line, reader, base, &context)
        case .challenge: addToken(line.bytes[line.value], reader, &context)
        case .contentType: header.contentType = line.value
        case .contentEncoding: header.contentEncodings.append(line.value)
        case .upgrade: header.upgrade = line.value
        case .webSocketExtensions: header.webSocketExtensions.append(line.value)
        case .webSocketProtocol: header.webSocketProtocol = line.value
        case .host: header.host = line.value
        case .cookie: addCookies(line, reader, &context)
        case .contentLength:
            guard let byteCount = HTTPFraming.contentByteCount(line.bytes[line.value]) else { return }
            header.contentByteCount = byteCount
            context.generated(contentLength, reader, line.begin, line.byteCount, value: UInt64(byteCount))
            if header.hasTransferEncoding { context.expert(lengthAndCoding) }
        case .transferEncoding:
            let isKnown = note(codings: line.bytes[line.value], &header)
            header.hasTransferEncoding = true
            if !isKnown { context.expert(unknownCoding) }
            if header.contentByteCount != nil { context.expert(lengthAndCoding) }
        }
    }

    /// Notes the codings of a Transfer-Encoding field (RFC 9112, section 6.1). False where one is unknown.
    private func note(codings text: ByteView, _ header: inout HTTPHeader) -> Bool {
        var isKnown = true
        var offset = 0
        while offset < text.count {
            let end = text.firstIndex(of: 44, from: offset) ?? text.count
            let coding = text[offset..<end].trimmingBlanksBefore
            offset = end + 1
            if coding.hasPrefix("chunked") {
                header.isChunked = true
                isKnown = isKnown && coding.trimmingBlanksAfter.count == 7
            } else if Self.codings.contains(where: { coding.hasPrefix($0) }) {
                header.otherTransferCoding = true
            } else if !coding.hasPrefix("identity"), !coding.isEmpty {
                isKnown = false
            }
        }
        return isKnown
    }

    private static let codings: [StaticString] = ["gzip", "x-gzip", "deflate", "compress", "x-compress"]

    /// The pairs of a Cookie field (RFC 6265, section 4.2.1).
    private func addCookies(_ line: HTTPFieldLine, _ reader: Reader, _ context: inout Context) {
        guard context.wants(cookiePair) else { return }
        var offset = line.value.lowerBound
        while offset < line.value.upperBound {
            let end = line.bytes[0..<line.value.upperBound].firstIndex(of: 59, from: offset) ?? line.value.upperBound
            let begin = line.bytes.skipSpaces(from: offset, to: end)
            if begin < end { context.addASCII(cookiePair, reader, begin, end - begin, value: begin..<end) }
            offset = end + 1
        }
    }

    /// What a user says of himself: the Basic scheme (RFC 7617), and that of Citrix's gateways.
    private func addCredentials(_ line: HTTPFieldLine, _ reader: Reader, _ base: Int, _ context: inout Context) {
        let value = line.bytes[line.value]
        if value.hasPrefix("Basic ") {
            let decoded = Base64.decode(value[6..<value.count])
            _ = context.addText(credentials, reader, base, 0, flags: .ascii) { $0.append(Array(decoded.prefix { $0 != 0 })) }
        } else if value.hasPrefix("CitrixAGBasic ") {
            context.add(citrix, reader, base, 0, value: 1, flags: [.generated, .hidden])
            addCitrixParts(line, reader, &context)
        } else {
            addToken(value, reader, &context)
        }
    }

    /// What Negotiate and NTLM hand over (RFC 4559, section 4): NTLM's messages are decoded.
    private func addToken(_ value: ByteView, _ reader: Reader, _ context: inout Context) {
        guard let scheme: StaticString = ["NTLM ", "Negotiate "].first(where: { value.hasPrefix($0) }), let ntlm, context.isNeeded(ntlm) else { return }
        let message = Base64.decode(value[scheme.utf8CodeUnitCount..<value.count])
        guard message.starts(with: NTLMSSP.Header.signature) else { return }
        let source = context.derive("NTLMSSP / GSSAPI Data", from: reader, byteCount: message.count) {
            $0.copyBytes(from: message)
            return message.count
        }
        if let source { context.nested { $0.run(ntlm, source) } }
    }

    private func addCitrixParts(_ line: HTTPFieldLine, _ reader: Reader, _ context: inout Context) {
        let bytes = line.bytes[0..<line.value.upperBound]
        for part in citrixParts {
            guard let name = bytes.firstRange(of: part.name, from: line.value.lowerBound),
                let open = bytes.firstIndex(of: 34, from: name.upperBound), let close = bytes.firstIndex(of: 34, from: open + 1)
            else { continue }
            let decoded = Base64.decode(bytes[(open + 1)..<close])
            _ = context.addText(part.field, reader, open + 1, close - open - 1, flags: .ascii) { $0.append(decoded) }
        }
    }
}

/// A header field: `name: value`.
struct HTTPFieldLine {
    let bytes: ByteView
    let begin: Int
    let end: Int
    let name: ByteView
    /// Without the blanks before it.
    let value: Range<Int>

    var byteCount: Int { end - begin }
    var whole: ByteView { bytes[begin..<end] }

    init(_ bytes: ByteView, _ line: HTTPLine, colon: Int) {
        self.bytes = bytes
        begin = line.begin
        end = line.end
        name = bytes[line.begin..<colon]
        var offset = colon + 1
        while offset < line.textEnd, bytes[offset] == 32 || bytes[offset] == 9 { offset += 1 }
        value = offset..<line.textEnd
    }

    /// Whether the name is a token (RFC 9110, section 5.6.2).
    var hasValidName: Bool {
        guard !name.isEmpty else { return false }
        for offset in 0..<name.count {
            switch name[offset] {
            case 48...57, 65...90, 94...122, 33, 35...38, 42, 43, 45, 46, 92, 124, 126: continue
            default: return false
            }
        }
        return true
    }
}

/// Base64 (RFC 4648, section 4), as far as it goes: what is no digit ends it.
enum Base64 {
    static func decode(_ text: ByteView) -> [UInt8] {
        var out: [UInt8] = []
        var bits: UInt32 = 0
        var bitCount = 0
        var offset = text.skipSpaces(from: 0, to: text.count)
        while offset < text.count, let digit = value(text[offset]) {
            bits = bits << 6 | UInt32(digit)
            bitCount += 6
            if bitCount >= 8 {
                bitCount -= 8
                out.append(UInt8(truncatingIfNeeded: bits >> UInt32(bitCount)))
            }
            offset += 1
        }
        return out
    }

    private static func value(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 65...90: byte - 65
        case 97...122: byte - 71
        case 48...57: byte + 4
        case 43: 62
        case 47: 63
        default: nil
        }
    }
}

extension Context {
    /// Adds ASCII text, up to its first NUL.
    @discardableResult
    mutating func addASCII(
        _ field: FieldID, _ reader: Reader, _ offset: Int, _ byteCount: Int, value: Range<Int>, flags: Item.Flags = []
    ) -> ItemRef {
        guard wants(field) else { return .none }
        let end = reader.bytes[value].firstIndex(of: 0).map { value.lowerBound + $0 } ?? value.upperBound
        return addRange(field, reader, offset, byteCount, valueAt: value.lowerBound, end - value.lowerBound, flags: flags.union(.ascii))
    }
}

extension ByteView {
    /// Up to the first NUL, as C programs read text.
    var upToNUL: ByteView { self[0..<(firstIndex(of: 0) ?? count)] }

    var trimmingBlanksAfter: ByteView {
        var end = count
        while end > 0, self[end - 1] == 32 || self[end - 1] == 9 { end -= 1 }
        return self[0..<end]
    }

    /// The first place at or after `start` that holds `text`.
    func firstRange(of text: StaticString, from start: Int = 0) -> Range<Int>? {
        let length = text.utf8CodeUnitCount
        var offset = max(start, 0)
        while offset + length <= count {
            if hasPrefix(text, at: offset) { return offset..<offset + length }
            offset += 1
        }
        return nil
    }
}
