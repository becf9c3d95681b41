import Dissection
import Wire

/// Reads the text of a fixture, line by line.
struct FixtureParser {
    /// The time of a fixture's first frame, unless it says otherwise: 2001-09-09 01:46:40 UTC.
    static let epochSeconds: Int64 = 1_000_000_000
    /// Between frames that say no time.
    static let defaultGapNanoseconds: Int64 = 1_000_000

    private let name: String
    private var fixture: Fixture
    private var lineNumber = 0
    private var captured: Int?
    private var original: Int?

    init(name: String) {
        self.name = name
        fixture = Fixture(name: name, title: "")
    }

    mutating func parse(_ text: String) throws -> Fixture {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard let first = lines.first, first.hasPrefix("# ") else {
            throw problem("the first line is a comment that says what the fixture shows and where it comes from")
        }
        fixture = Fixture(name: name, title: String(first.dropFirst(2)))
        for line in lines {
            lineNumber += 1
            try parseLine(line)
        }
        try finishFrame()
        if let stream = fixture.stream { fixture.frames = stream.frames() }
        guard !fixture.frames.isEmpty else { throw problem("there is no frame") }
        if !fixture.interfaces.isEmpty, fixture.linkType == .noPacket { throw problem("a pcapng capture needs a link type") }
        return fixture
    }

    private func problem(_ text: String) -> FixtureError { FixtureError(fixture: name, line: lineNumber, problem: text) }

    private mutating func parseLine(_ line: Substring) throws {
        let line = line.trimming { $0 == " " || $0 == "\t" }
        if line.isEmpty || line.hasPrefix("#") { return }
        if line == "frame" || line.hasPrefix("frame ") { return try beginFrame(line.dropFirst(5)) }
        if line == "client" || line == "server" { return try beginTurn(isReverse: line == "server") }
        if let match = line.wholeMatch(of: /([a-z][a-z-]+):\s*(.*)/) { return try parseDirective(match.1, String(match.2)) }
        let bytes = try HexLine(line).bytes(orProblem: problem)
        if fixture.stream != nil {
            guard fixture.stream?.append(bytes) == true else { throw problem("bytes before the first \"client\" or \"server\" line") }
        } else {
            guard !fixture.frames.isEmpty else { throw problem("bytes before the first \"frame\" line") }
            fixture.frames[fixture.frames.count - 1].bytes += bytes
        }
    }

    // MARK: Directives

    private mutating func parseDirective(_ key: Substring, _ value: String) throws {
        if !fixture.frames.isEmpty { return try parseFrameDirective(key, value) }
        switch key {
        case "link-type": fixture.linkType = LinkType(rawValue: try number(value))
        case "preference":
            let parts = value.split(separator: " ", maxSplits: 1)
            guard parts.count == 2 else { throw problem("a preference is a name and a value: \"\(value)\"") }
            fixture.preferences.append((String(parts[0]), String(parts[1])))
        case "decode-as": fixture.decodeAs.append(value)
        case "interface":
            let parts = value.split(separator: ";", maxSplits: 1).map { $0.trimming { $0 == " " } }
            fixture.interfaces.append((parts.first.map(String.init) ?? "", parts.count > 1 ? String(parts[1]) : nil))
        case "stream":
            guard let match = value.wholeMatch(of: /tcp (\d+) (\d+)/), let client = UInt16(match.1), let server = UInt16(match.2) else {
                throw problem("a stream is \"tcp\", the client's port and the server's port: \"\(value)\"")
            }
            fixture.linkType = .ipv4
            fixture.stream = StreamFixture(clientPort: client, serverPort: server)
        default: throw problem("unknown directive \"\(key)\" before the first frame")
        }
    }

    private mutating func parseFrameDirective(_ key: Substring, _ value: String) throws {
        let index = fixture.frames.count - 1
        switch key {
        case "comment": fixture.frames[index].info.comments.append(value)
        case "interface-id":
            let number = try Int(number(value))
            guard number < fixture.interfaces.count else { throw problem("there is no interface \(number)") }
            fixture.frames[index].info.interfaceID = UInt32(number)
            fixture.frames[index].info.interfaceName = fixture.interfaces[number].name
            fixture.frames[index].info.interfaceDescription = fixture.interfaces[number].description
        case "packet-flags": fixture.frames[index].info.packetFlags = try number(value)
        case "packet-id": fixture.frames[index].info.packetID = UInt64(try number(value))
        case "drop-count": fixture.frames[index].info.dropCount = UInt64(try number(value))
        case "queue": fixture.frames[index].info.queue = try number(value)
        case "custom-block":
            guard let match = value.wholeMatch(of: /(\d+) (copied|not-copied)/), let enterprise = UInt32(match.1) else {
                throw problem("a custom block is an enterprise number and \"copied\" or \"not-copied\": \"\(value)\"")
            }
            fixture.frames[index].info.customEnterprise = enterprise
            fixture.frames[index].info.mayCopyCustom = match.2 == "copied"
            fixture.frames[index].info.hasTimestamp = false
            fixture.frames[index].info.interfaceID = nil
        default: throw problem("unknown directive \"\(key)\" in a frame")
        }
    }

    private func number(_ text: some StringProtocol) throws -> UInt32 {
        let value = text.hasPrefix("0x") ? UInt32(text.dropFirst(2), radix: 16) : UInt32(text)
        guard let value else { throw problem("\"\(text)\" is no number from 0 to 4294967295") }
        return value
    }

    // MARK: Frames

    private mutating func beginFrame(_ options: Substring) throws {
        guard fixture.stream == nil else { throw problem("a stream has turns (\"client\", \"server\"), not frames") }
        try finishFrame()
        var info = FrameInfo()
        info.number = UInt32(fixture.frames.count + 1)
        info.linkType = fixture.linkType
        let previous = fixture.frames.last?.info.timestamp
        info.timestamp = Timestamp(totalNanoseconds: previous.map { $0.totalNanoseconds + Self.defaultGapNanoseconds } ?? Self.epochSeconds * 1_000_000_000)
        for option in options.matches(of: /([a-z]+): *([^ ]+)/) {
            switch option.1 {
            case "captured": captured = try Int(number(option.2))
            case "original": original = try Int(number(option.2))
            case "time": info.timestamp = try time(option.2)
            default: throw problem("unknown frame option \"\(option.1)\"")
            }
        }
        if let interface = fixture.interfaces.first {
            info.sectionNumber = 1
            info.interfaceID = 0
            (info.interfaceName, info.interfaceDescription) = interface
        }
        fixture.frames.append(Fixture.Frame(bytes: [], info: info))
    }

    /// Seconds since the fixture's epoch, to the nanosecond.
    private func time(_ text: Substring) throws -> Timestamp {
        guard let match = text.wholeMatch(of: /(\d{1,9})(?:\.(\d{1,9}))?/), let seconds = Int64(match.1) else {
            throw problem("a time is in seconds with at most nine decimals: \"\(text)\"")
        }
        let digits = (match.2 ?? "").padded(to: 9)
        return Timestamp(seconds: Self.epochSeconds + seconds, nanoseconds: Int32(digits) ?? 0)
    }

    private mutating func finishFrame() throws {
        guard let last = fixture.frames.indices.last, fixture.stream == nil else { return }
        let byteCount = fixture.frames[last].bytes.count
        if let captured {
            guard captured <= byteCount else { throw problem("only \(byteCount) of \(captured) captured bytes are given") }
            fixture.frames[last].bytes.removeLast(byteCount - captured)
        }
        fixture.frames[last].info.capturedByteCount = captured ?? byteCount
        fixture.frames[last].info.originalByteCount = original ?? byteCount
        captured = nil
        original = nil
    }

    private mutating func beginTurn(isReverse: Bool) throws {
        guard fixture.stream != nil else { throw problem("a turn needs a \"stream:\" line before it") }
        fixture.stream?.turns.append(StreamFixture.Turn(isReverse: isReverse, bytes: []))
    }
}

extension Substring {
    fileprivate func padded(to count: Int) -> String { String(self) + String(repeating: "0", count: Swift.max(0, count - self.count)) }
}

extension StringProtocol {
    func trimming(_ isTrimmed: (Character) -> Bool) -> SubSequence {
        var rest = self[...]
        while let first = rest.first, isTrimmed(first) { rest = rest.dropFirst() }
        while let last = rest.last, isTrimmed(last) { rest = rest.dropLast() }
        return rest
    }
}

/// One line of bytes: hex digits in pairs, `00*46` for repetition, `"GET /\r\n"` for text, `; a remark` at the end.
struct HexLine {
    private let line: Substring

    init(_ line: Substring) { self.line = line }

    func bytes(orProblem problem: (String) -> FixtureError) throws -> [UInt8] {
        var bytes: [UInt8] = []
        var rest = line
        while let first = rest.first, first != ";" {
            if first == " " || first == "\t" {
                rest = rest.dropFirst()
            } else if first == "\"" {
                guard let match = rest.prefixMatch(of: /"((?:[^"\\]|\\.)*)"/) else { throw problem("a text without an end: \(rest)") }
                bytes += try Self.unescape(match.1, orProblem: problem)
                rest = rest[match.range.upperBound...]
            } else {
                let token = rest.prefix { $0 != " " && $0 != "\t" && $0 != ";" }
                bytes += try Self.hex(token, orProblem: problem)
                rest = rest[token.endIndex...]
            }
        }
        return bytes
    }

    private static func hex(_ token: Substring, orProblem problem: (String) -> FixtureError) throws -> [UInt8] {
        guard let match = token.wholeMatch(of: /((?:[0-9a-fA-F]{2})+)(?:\*([0-9]{1,5}))?/) else {
            throw problem("\"\(token)\" is neither pairs of hex digits nor a directive")
        }
        var bytes: [UInt8] = []
        var digits = match.1
        while !digits.isEmpty {
            bytes.append(UInt8(digits.prefix(2), radix: 16) ?? 0)
            digits = digits.dropFirst(2)
        }
        let times = match.2.flatMap { Int($0) } ?? 1
        return Array(repeatElement(bytes, count: times).joined())
    }

    private static func unescape(_ text: Substring, orProblem problem: (String) -> FixtureError) throws -> [UInt8] {
        var bytes: [UInt8] = []
        var isEscaped = false
        for byte in text.utf8 {
            guard isEscaped || byte == UInt8(ascii: "\\") else {
                bytes.append(byte)
                continue
            }
            defer { isEscaped.toggle() }
            guard isEscaped else { continue }
            switch byte {
            case UInt8(ascii: "r"): bytes.append(13)
            case UInt8(ascii: "n"): bytes.append(10)
            case UInt8(ascii: "t"): bytes.append(9)
            case UInt8(ascii: "0"): bytes.append(0)
            case UInt8(ascii: "\\"), UInt8(ascii: "\""): bytes.append(byte)
            default: throw problem("unknown escape \\\(Character(UnicodeScalar(byte)))")
            }
        }
        return bytes
    }
}
