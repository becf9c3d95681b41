import Dissection
import Wire

/// A line and its end: CR LF, or either of them alone (RFC 9112, section 2.2).
struct HTTPLine {
    let begin: Int
    /// Where the text ends and the line's end begins.
    let textEnd: Int
    let end: Int

    var isEmpty: Bool { textEnd == begin }
    var byteCount: Int { end - begin }

    /// Whether the line has a colon, as header fields do, and begins like text.
    func isField(_ bytes: ByteView) -> Bool { !isBinary(bytes) && bytes[begin..<textEnd].firstIndex(of: 58) != nil }

    /// Whether the line begins with what no line of text does.
    func isBinary(_ bytes: ByteView) -> Bool { !isEmpty && !(0x20..<0x7f).contains(bytes[begin]) }

    /// Whether the capture cut the line.
    func isCut(_ reader: Reader) -> Bool { end == reader.capturedEnd && reader.capturedEnd < reader.reportedEnd && end - textEnd < 2 }

    /// The line at `begin`; nil without an end. A CR that is the last byte may be half of one.
    init?(_ bytes: ByteView, from begin: Int) {
        guard let offset = bytes.firstIndex(of: 10, or: 13, from: begin) else { return nil }
        let isCR = bytes[offset] == 13
        if isCR, offset + 1 == bytes.count { return nil }
        self.begin = begin
        textEnd = offset
        end = isCR && bytes[offset + 1] == 10 ? offset + 2 : offset + 1
    }

    /// The line that a reader stands at, which ends with the layer at the latest; cut where the capture is.
    init(_ reader: Reader) throws(DissectionError) {
        let line = HTTPLine(whole: reader.bytes[0..<reader.capturedEnd], from: reader.offset)
        if line.isCut(reader) { throw reader.shortfall(reader.remaining, at: reader.offset) }
        self = line
    }

    /// The line at `begin`, which ends with the bytes at the latest.
    init(whole bytes: ByteView, from begin: Int) {
        if let line = HTTPLine(bytes, from: begin) {
            self = line
            return
        }
        self.begin = begin
        end = bytes.count
        textEnd = end > begin && bytes[end - 1] == 13 ? end - 1 : end
    }
}

/// What the first line of a message makes of it (RFC 9112, section 2.1).
enum HTTPStartLine {
    case request, notification, response
    /// No start line: a part of something that began before.
    case other

    var isMessage: Bool { self != .other }

    /// As many bytes as the longest method has, and the blank behind it.
    static let methodByteLimit = 20

    init(_ text: ByteView) {
        // ICY is what Shoutcast servers answer with.
        if text.hasPrefix("HTTP/") || text.hasPrefix("ICY") {
            self = .response
        } else if Self.names(Self.notifications, begin: text) {
            self = .notification
        } else {
            self = Self.names(Self.methods, begin: text) ? .request : .other
        }
    }

    private static func names(_ names: [StaticString], begin text: ByteView) -> Bool {
        guard !text.isEmpty else { return false }
        let first = text[0]
        return names.contains { name in
            let count = name.utf8CodeUnitCount
            return name.utf8Start[0] == first && text.hasPrefix(name) && (text.count == count || text[count] == 32)
        }
    }

    /// Methods of RFC 9110, WebDAV and its kin, UPnP, and remote procedure calls over HTTP.
    private static let methods: [StaticString] = [
        "GET", "POST", "HEAD", "OPTIONS", "PUT", "DELETE", "TRACE", "CONNECT", "PATCH", "PROPFIND", "PROPPATCH", "MKCOL", "COPY", "MOVE",
        "LOCK", "UNLOCK", "SEARCH", "POLL", "BCOPY", "BMOVE", "BDELETE", "BPROPFIND", "BPROPPATCH", "LABEL", "MERGE", "REPORT", "UPDATE",
        "CHECKIN", "CHECKOUT", "UNCHECKOUT", "MKACTIVITY", "MKWORKSPACE", "VERSION-CONTROL", "BASELINE-CONTROL", "M-SEARCH", "RPC_CONNECT",
        "RPC_IN_DATA", "RPC_OUT_DATA", "CCM_POST", "SSTP_DUPLEX_POST",
    ]
    /// Methods of UPnP's events.
    private static let notifications: [StaticString] = ["NOTIFY", "SUBSCRIBE", "UNSUBSCRIBE"]
}

/// The size line of one chunk (RFC 9112, section 7.1).
struct HTTPChunk {
    let line: HTTPLine
    /// Nil where the size is no number that a body can have.
    let byteCount: Int?

    var dataBegin: Int { line.end }

    /// The chunk at `offset`; nil where its line is empty or not complete.
    init?(_ bytes: ByteView, from offset: Int) {
        guard let line = HTTPLine(bytes, from: offset), !line.isEmpty else { return nil }
        self.line = line
        byteCount = Self.size(bytes[line.begin..<line.textEnd])
    }

    /// A hexadecimal number up to an extension; 0 where there is none. 32 bits and signed, as receivers read it.
    private static func size(_ text: ByteView) -> Int? {
        var offset = 0
        while offset < text.count, text[offset] == 32 || text[offset] == 9 { offset += 1 }
        let isNegative = offset < text.count && text[offset] == 45
        if isNegative { offset += 1 }
        if text.hasPrefix("0x", at: offset) || text.hasPrefix("0X", at: offset) { offset += 2 }
        var value = 0
        while offset < text.count, let digit = text[offset].hexadecimalValue {
            value = min(value << 4 | Int(digit), Int(UInt32.max))
            offset += 1
        }
        return value > Int(Int32.max) || isNegative && value > 0 ? nil : value
    }
}

/// Where a message ends in the bytes of its stream (RFC 9112, section 6.3).
enum HTTPFraming {
    /// Bytes of one message's header section, at most; servers allow 8 to 64 KB. Longer ones are taken as they are.
    static let headerByteLimit = 1 << 20
    /// Messages in one run of bytes, at most: beyond it the rest is taken as it is.
    static let messageLimit = 10_000
    /// Header fields of one message, at most: servers allow a hundred or so.
    static let fieldLimit = 10_000
    /// Chunks of one body, at most: each makes four items, of which a frame has a million.
    static let chunkLimit = 200_000

    /// The end of the last whole message in `bytes` before the conversation leaves HTTP, or what the first one needs.
    static func end(_ bytes: ByteView, _ expectation: HTTPExpectation) -> PDUEnd {
        var expectation = expectation
        var offset = 0
        for _ in 0..<messageLimit {
            switch messageEnd(bytes, from: offset, expectation) {
            case .at(let end) where end <= bytes.count:
                let isLast = end == bytes.count || !expectation.isUniform || leavesHTTP(bytes, from: offset, expectation)
                offset = end
                expectation.isHTTP = true
                if isLast { return .at(offset) }
            case let end: return offset == 0 ? end : .at(offset)
            }
        }
        return .at(bytes.count)
    }

    /// Whether what follows the message at `start` is no HTTP: after an upgrade (RFC 9110, section 15.2.2) or CONNECT.
    private static func leavesHTTP(_ bytes: ByteView, from start: Int, _ expectation: HTTPExpectation) -> Bool {
        guard let line = HTTPLine(bytes, from: start + leadingByteCount(bytes, from: start)), bytes.hasPrefix("HTTP/", at: line.begin),
            let status = HTTPStatusLine(bytes, line).code
        else { return false }
        return status == 101 || expectation.answersConnect && (200...299).contains(status)
    }

    /// The end of the message at `start`, from the start of `bytes`.
    private static func messageEnd(_ bytes: ByteView, from start: Int, _ expectation: HTTPExpectation) -> PDUEnd {
        let begin = start + leadingByteCount(bytes, from: start)
        if HTTPLine(whole: bytes, from: begin).isBinary(bytes) { return expectation.isHTTP ? .at(bytes.count) : .notRecognized }
        guard let first = HTTPLine(bytes, from: begin) else { return bytes.count - begin > headerByteLimit ? .at(bytes.count) : .needsMore(1) }
        let kind = HTTPStartLine(bytes[first.begin..<first.textEnd])
        guard kind.isMessage else {
            if first.isField(bytes) { return .at(fieldsAloneEnd(bytes, from: begin)) }
            return expectation.isHTTP ? .at(bytes.count) : .notRecognized
        }
        guard let header = Header(bytes, from: first.end) else { return bytes.count - begin > headerByteLimit ? .at(bytes.count) : .needsMore(1) }
        let hasBody = kind != .response || expectation.hasBody(status: HTTPStatusLine(bytes, first).code)
        var end = bodyEnd(bytes, header.whole, kind, hasBody)
        // The bodies of remote procedure calls are channels of up to 2 GB (MS-RPCH, section 2.1.2): each part is shown as it comes.
        if bytes.hasPrefix("RPC_", at: begin), case .at(let count) = end { end = .at(min(count, bytes.count)) }
        guard case .at(let count) = end, count <= bytes.count, let fields = header.fields else { return end }
        // A line without a colon ended the fields before the section did: what is shown as the message ends elsewhere.
        guard case .at(let shown) = bodyEnd(bytes, fields, kind, hasBody) else { return .at(bytes.count) }
        return .at(min(shown, bytes.count))
    }

    private static func bodyEnd(_ bytes: ByteView, _ header: Header.Section, _ kind: HTTPStartLine, _ hasBody: Bool) -> PDUEnd {
        if !hasBody { return .at(header.end) }
        if header.isChunked { return chunkedEnd(bytes, from: header.end) }
        if let byteCount = header.contentByteCount { return .at(byteCount > Int.max - header.end ? Int.max : header.end + byteCount) }
        return kind == .response ? .atClose : .at(header.end)
    }

    /// The bytes of an empty line before a message (RFC 9112, section 2.2).
    static func leadingByteCount(_ bytes: ByteView, from start: Int) -> Int {
        guard bytes.hasPrefix("\r\n", at: start), let next = HTTPLine(bytes, from: start + 2) else { return 0 }
        return HTTPStartLine(bytes[next.begin..<next.textEnd]).isMessage || next.isField(bytes) ? 2 : 0
    }

    /// The end of a message whose first lines were not seen: fields, and a body as long as they say or to the end.
    private static func fieldsAloneEnd(_ bytes: ByteView, from begin: Int) -> Int {
        let header = Header.fields(bytes, from: begin)
        if header.isChunked, case .at(let end) = chunkedEnd(bytes, from: header.end) { return min(end, bytes.count) }
        let rest = bytes.count - header.end
        return header.end + min(header.contentByteCount ?? rest, rest)
    }

    /// What of a header section tells the body's length.
    private struct Header {
        struct Section {
            var contentByteCount: Int?
            var isChunked = false
            var end = 0
        }

        /// Up to the empty line.
        var whole = Section()
        /// Up to the first line that is no field, where there is one.
        var fields: Section?

        /// Nil where the section's last line is not there.
        init?(_ bytes: ByteView, from begin: Int) {
            var offset = begin
            while let line = HTTPLine(bytes, from: offset) {
                whole.end = offset
                offset = line.end
                if line.isEmpty {
                    whole.end = offset
                    return
                }
                if fields == nil, !line.isField(bytes) { fields = whole }
                note(bytes[line.begin..<line.textEnd])
            }
            return nil
        }

        /// The fields from `begin` on, as far as there are any.
        static func fields(_ bytes: ByteView, from begin: Int) -> Section {
            var header = Header()
            header.whole.end = begin
            while header.whole.end < bytes.count {
                let line = HTTPLine(whole: bytes, from: header.whole.end)
                guard line.isEmpty || line.isField(bytes) else { break }
                header.whole.end = line.end
                if line.isEmpty { break }
                header.note(bytes[line.begin..<line.textEnd])
            }
            return header.whole
        }

        private init() {}

        private mutating func note(_ line: ByteView) {
            if line.hasPrefix(ignoringCase: "content-length:") {
                whole.contentByteCount = HTTPFraming.contentByteCount(line[15..<line.count].trimmingBlanksAfter, isExact: true)
            } else if line.hasPrefix(ignoringCase: "transfer-encoding:") {
                whole.isChunked = line[18..<line.count].trimmingBlanksBefore.hasPrefix(ignoringCase: "chunked")
            }
        }
    }

    /// The number of a Content-Length field; nil where it is none that fits 63 bits. Behind a space anything goes, unless
    /// `isExact`.
    static func contentByteCount(_ text: ByteView, isExact: Bool = false) -> Int? {
        let text = text.trimmingBlanksBefore
        var offset = 0
        var value = 0
        while offset < text.count, (48...57).contains(text[offset]) {
            let (times, overflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, carry) = times.addingReportingOverflow(Int(text[offset] - 48))
            if overflow || carry { return nil }
            value = sum
            offset += 1
        }
        guard offset > 0, offset == text.count || !isExact && text[offset] == 32 else { return nil }
        return value
    }

    private static func chunkedEnd(_ bytes: ByteView, from begin: Int) -> PDUEnd {
        var offset = begin
        for _ in 0..<chunkLimit {
            guard let chunk = HTTPChunk(bytes, from: offset) else {
                // An empty line is no chunk: the body is over.
                return HTTPLine(bytes, from: offset) == nil ? .needsMore(1) : .at(offset == begin ? bytes.count : offset)
            }
            guard let byteCount = chunk.byteCount else { return .at(bytes.count) }
            if byteCount == 0 {
                return trailerEnd(bytes, from: chunk.dataBegin).map { .at($0) } ?? .needsMore(1)
            }
            offset = chunk.dataBegin + byteCount + 2
            if offset > bytes.count { return .needsMore(1) }
        }
        return .at(bytes.count)
    }

    /// Where the trailer section ends, behind an empty line; nil where that is not there.
    static func trailerEnd(_ bytes: ByteView, from begin: Int) -> Int? {
        var offset = begin
        while let line = HTTPLine(bytes, from: offset) {
            offset = line.end
            if line.isEmpty { return offset }
        }
        return nil
    }
}

/// The parts of a status line (RFC 9112, section 4).
struct HTTPStatusLine {
    let version: Range<Int>
    /// Where the three digits of the code stand, and what they say; nil where they are missing.
    var codeOffset: Int?
    var code: Int?
    var phrase: Range<Int>?

    init(_ bytes: ByteView, _ line: HTTPLine) {
        let versionEnd = bytes.firstIndex(of: 32, from: line.begin).map { min($0, line.textEnd) } ?? line.textEnd
        version = line.begin..<versionEnd
        let offset = bytes.skipSpaces(from: versionEnd, to: line.textEnd)
        guard offset + 3 <= line.textEnd else { return }
        codeOffset = offset
        var value = 0
        for byte in [bytes[offset], bytes[offset + 1], bytes[offset + 2]] {
            guard (48...57).contains(byte) else { break }
            value = value * 10 + Int(byte - 48)
        }
        code = value
        guard let space = bytes.firstIndex(of: 32, from: offset + 3), space < line.textEnd else { return }
        let begin = bytes.skipSpaces(from: space, to: line.textEnd)
        if begin < line.textEnd { phrase = begin..<line.textEnd }
    }
}

extension UInt8 {
    /// The value of a hexadecimal digit.
    var hexadecimalValue: UInt8? {
        switch self {
        case 48...57: self - 48
        case 65...70: self - 55
        case 97...102: self - 87
        default: nil
        }
    }

    var lowercased: UInt8 { (65...90).contains(self) ? self + 32 : self }
}

extension ByteView {
    /// Whether the bytes begin with `text`, which is in lower case, in either case.
    func hasPrefix(ignoringCase text: StaticString) -> Bool {
        let length = text.utf8CodeUnitCount
        guard count >= length else { return false }
        for index in 0..<length where self[index].lowercased != text.utf8Start[index] { return false }
        return true
    }

    /// The bytes behind leading spaces and tabs.
    var trimmingBlanksBefore: ByteView {
        var offset = 0
        while offset < count, self[offset] == 32 || self[offset] == 9 { offset += 1 }
        return self[offset..<count]
    }

    func skipSpaces(from begin: Int, to end: Int) -> Int {
        var offset = begin
        while offset < end, self[offset] == 32 { offset += 1 }
        return offset
    }
}
