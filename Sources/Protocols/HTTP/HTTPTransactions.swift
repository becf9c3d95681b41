import Dissection
import Wire

/// What is known of a direction before its next message begins.
struct HTTPExpectation: Sendable {
    /// A message was seen in the conversation: what is none continues one.
    var isHTTP = false
    /// The latest request's method is one whose answer has no body.
    var answersHead = false
    var answersConnect = false

    /// Whether a response has a body (RFC 9112, section 6.3).
    func hasBody(status: Int?) -> Bool {
        guard !answersHead, let status else { return !answersHead }
        if answersConnect, (200...299).contains(status) { return false }
        return !(100...199).contains(status) && status != 204 && status != 304
    }
}

/// How many exchanges a conversation has: as many as were seen when it is printed, so that the second pass shows all.
///
/// ## Safety
/// Written by the first pass alone, which runs on one thread and ends before the second begins.
final class HTTPExchangeCount: @unchecked Sendable {
    fileprivate(set) var value: UInt32 = 0
}

/// What a conversation carries once it is no longer HTTP.
enum HTTPTunnel: Sendable {
    /// By CONNECT (RFC 9110, section 9.3.6).
    case connect(host: [UInt8], port: UInt16)
    /// By Upgrade (RFC 9110, section 7.8).
    case upgrade
}

/// What pass 1 leaves of a message.
struct HTTPMessageFacts: Sendable {
    var expectation = HTTPExpectation()
    var tunnel: HTTPTunnel?
    /// The exchange's number in its conversation, from 1; 0 for what is part of none.
    var number: UInt32 = 0
    var count: HTTPExchangeCount?
    var requestIn: UInt32?
    var responseIn: UInt32?
    var previousRequestIn: UInt32?
    var previousResponseIn: UInt32?
    var nextRequestIn: UInt32?
    var nextResponseIn: UInt32?
    /// Nanoseconds since the request.
    var time: Int64?
    /// The URI that a response is for.
    var requestURI: [UInt8] = []
}

/// One conversation: its latest exchanges and what they lead to.
struct HTTPConversation: Sendable {
    /// Bytes of a URI that are kept for the response, at most; servers allow 8 KB or so.
    private static let uriByteLimit = 1 << 16

    private struct Exchange {
        var number: UInt32
        var requestFrame: UInt32?
        var requestTime = Timestamp.zero
        var responseFrame: UInt32?
    }

    var expectation = HTTPExpectation()
    var tunnel: HTTPTunnel?
    private var previous: Exchange?
    private var current: Exchange?
    private let count = HTTPExchangeCount()
    private var uri: [UInt8] = []
    private var connectTarget: (host: [UInt8], port: UInt16)?

    /// Of what lies apart from the value.
    var byteCount: Int { uri.storageByteCount + (connectTarget?.host.storageByteCount ?? 0) + MemoryLayout<HTTPExchangeCount>.size }

    /// Notes that a message begins, and says what it belongs to. Facts of earlier frames learn of it through `amend`.
    mutating func begin(
        _ kind: HTTPStartLine, frame: UInt32, time: Timestamp, amend: (UInt32, (inout HTTPMessageFacts) -> Void) -> Void
    ) -> HTTPMessageFacts {
        var facts = HTTPMessageFacts(expectation: expectation, tunnel: tunnel)
        guard tunnel == nil, kind.isMessage else { return facts }
        expectation.isHTTP = true
        facts.requestURI = uri
        switch kind {
        case .request:
            open()
            current?.requestFrame = frame
            current?.requestTime = time
        case .response:
            if current == nil || current?.responseFrame != nil { open() }
            current?.responseFrame = frame
        case .notification, .other: return facts
        }
        guard let current else { return facts }
        link(frame, isRequest: kind == .request, amend)
        facts.number = current.number
        facts.count = count
        facts.previousRequestIn = previous?.requestFrame
        facts.previousResponseIn = kind == .response ? previous?.responseFrame : nil
        if kind == .response, let requestFrame = current.requestFrame {
            facts.requestIn = requestFrame
            facts.time = (time - current.requestTime).totalNanoseconds
        }
        return facts
    }

    private mutating func open() {
        previous = current
        count.value &+= 1
        current = Exchange(number: count.value)
    }

    /// Lets the frames of this exchange and the one before know of the present one.
    private func link(_ frame: UInt32, isRequest: Bool, _ amend: (UInt32, (inout HTTPMessageFacts) -> Void) -> Void) {
        guard let current else { return }
        if !isRequest, let request = current.requestFrame {
            amend(request) { if $0.number == current.number, $0.requestIn == nil { $0.responseIn = frame } }
        }
        guard let previous else { return }
        if isRequest, let request = previous.requestFrame {
            amend(request) { if $0.number == previous.number { $0.nextRequestIn = frame } }
        }
        guard let response = previous.responseFrame, response != previous.requestFrame else { return }
        amend(response) {
            guard $0.number == previous.number else { return }
            if isRequest { $0.nextRequestIn = frame } else { $0.nextResponseIn = frame }
        }
    }

    /// Notes what a request asks for, once its header is read.
    mutating func noteRequest(method: ByteView, uri: ByteView) {
        self.uri = uri[0..<Self.uriByteLimit].copy()
        expectation.answersHead = method.isEqual(to: "HEAD")
        expectation.answersConnect = method.isEqual(to: "CONNECT")
        connectTarget = expectation.answersConnect ? Self.target(uri) : nil
    }

    /// Notes a response, once its header is read.
    mutating func noteResponse(status: Int, upgrades: Bool) {
        if expectation.answersConnect, (200...299).contains(status), let target = connectTarget {
            tunnel = .connect(host: target.host, port: target.port)
        } else if status == 101, upgrades {
            tunnel = .upgrade
        }
    }

    /// `host:port`
    private static func target(_ authority: ByteView) -> (host: [UInt8], port: UInt16) {
        let text = authority.copy()
        guard let colon = text.lastIndex(of: 58) else { return (text, 0) }
        return (Array(text[..<colon]), UInt16(String(decoding: text[(colon + 1)...], as: UTF8.self)) ?? 0)
    }
}

/// The conversations that carry HTTP, by stream.
struct HTTPConversations: ~Copyable {
    /// Conversations that are remembered, at most: beyond it all are forgotten, and count anew.
    private static let limit = 1 << 18

    private var conversations: [UInt64: HTTPConversation] = [:]
    private(set) var evictedCount = 0

    var count: Int { conversations.count }
    var byteCount: Int { conversations.storageByteCount + conversations.values.reduce(0) { $0 + $1.byteCount } }

    func expectation(_ stream: StreamPosition) -> HTTPExpectation { conversations[stream.key]?.expectation ?? HTTPExpectation() }
    func tunnel(_ stream: StreamPosition) -> HTTPTunnel? { conversations[stream.key]?.tunnel }

    mutating func begin(
        _ kind: HTTPStartLine, _ stream: StreamPosition, frame: UInt32, time: Timestamp, amend: (UInt32, (inout HTTPMessageFacts) -> Void) -> Void
    ) -> HTTPMessageFacts {
        if !kind.isMessage, conversations[stream.key] == nil { return HTTPMessageFacts() }
        if conversations.count >= Self.limit {
            evictedCount += conversations.count
            conversations.removeAll()
        }
        return conversations[stream.key, default: HTTPConversation()].begin(kind, frame: frame, time: time, amend: amend)
    }

    mutating func change(_ stream: StreamPosition, _ body: (inout HTTPConversation) -> Void) {
        body(&conversations[stream.key, default: HTTPConversation()])
    }
}

extension ByteView {
    func isEqual(to text: StaticString) -> Bool { count == text.utf8CodeUnitCount && hasPrefix(text) }
}

/// The fields that tie requests and responses together.
final class HTTPExchangeFields: Sendable {
    private let notification, response, request, responseNumber, requestNumber: FieldID
    private let fullURI, responseForURI, time: FieldID
    private let requestIn, responseIn, nextRequestIn, nextResponseIn, previousRequestIn, previousResponseIn: FieldID

    init(registering r: inout Registrar) {
        notification = r.field("http.notification", "Notification", .boolean)
        response = r.field("http.response", "Response", .boolean)
        request = r.field("http.request", "Request", .boolean)
        // Their labels tell how many there are in all.
        responseNumber = r.field("http.response_number", "Response number", .uint32, .decimal, needs: [.conversation, .laterFrames])
        requestNumber = r.field("http.request_number", "Request number", .uint32, .decimal, needs: [.conversation, .laterFrames])
        fullURI = r.field("http.request.full_uri", "Full request URI", .string)
        responseForURI = r.field("http.response_for.uri", "Request URI", .string, needs: .conversation)
        requestIn = r.field("http.request_in", "Request in frame", .frameNumber, needs: .conversation)
        responseIn = r.field("http.response_in", "Response in frame", .frameNumber, needs: [.conversation, .laterFrames])
        nextRequestIn = r.field("http.next_request_in", "Next request in frame", .frameNumber, needs: [.conversation, .laterFrames])
        nextResponseIn = r.field("http.next_response_in", "Next response in frame", .frameNumber, needs: [.conversation, .laterFrames])
        previousRequestIn = r.field("http.prev_request_in", "Prev request in frame", .frameNumber, needs: .conversation)
        previousResponseIn = r.field("http.prev_response_in", "Prev response in frame", .frameNumber, needs: .conversation)
        time = r.field("http.time", "Time since request", .relativeTime, needs: .conversation)
    }

    /// - Parameter base: where what is worked out stands.
    func add(
        _ kind: HTTPStartLine, _ start: HTTPStartLineFields.Parts, _ fields: HTTPHeader, _ known: HTTPMessageFacts, _ base: Int, _ reader: Reader,
        _ context: inout Context
    ) {
        if start.isRequest, context.wants(fullURI), let uri = Self.fullURI(start, fields, reader.bytes, &context) {
            _ = context.append(fullURI, source: reader.source, offset: base, byteCount: 0, value: uri.packed, flags: [.generated, .inArena, .ascii])
        }
        switch kind {
        case .request: context.generated(request, reader, base, value: 1, flags: .hidden)
        case .response: context.generated(response, reader, base, value: 1, flags: .hidden)
        case .notification: context.generated(notification, reader, base, value: 1, flags: .hidden)
        case .other: break
        }
        guard known.number > 0 else { return }
        let number = context.generated(kind == .response ? responseNumber : requestNumber, reader, base, value: UInt64(known.number))
        context.label(number) {
            $0.append(kind == .response ? "HTTP response " : "HTTP request ")
            $0.append(decimal: known.number)
            $0.append("/")
            $0.append(decimal: known.count?.value ?? known.number)
        }
        if let nanoseconds = known.time { context.generated(time, reader, base, value: UInt64(bitPattern: nanoseconds)) }
        for (field, frame) in [
            (previousRequestIn, known.previousRequestIn), (previousResponseIn, known.previousResponseIn), (requestIn, known.requestIn),
            (responseIn, known.responseIn), (nextRequestIn, known.nextRequestIn), (nextResponseIn, known.nextResponseIn),
        ] {
            if let frame { context.generated(field, reader, base, value: UInt64(frame)) }
        }
        if kind == .response, !known.requestURI.isEmpty {
            _ = context.addText(responseForURI, reader, base, 0, flags: [.generated, .ascii]) { $0.append(known.requestURI) }
        }
    }

    /// The URI that a request is for (RFC 9110, section 7.1), in the frame's text; nil where the host is not known.
    static func fullURI(_ start: HTTPStartLineFields.Parts, _ fields: HTTPHeader, _ bytes: ByteView, _ context: inout Context) -> ArenaRange? {
        let uri = bytes[start.uri].upToNUL
        let begin = context.text.count
        if bytes[start.method].isEqual(to: "CONNECT") || uri.hasPrefix(ignoringCase: "http://") || uri.hasPrefix(ignoringCase: "https://") {
            context.text.append(uri)
        } else if let host = fields.host {
            context.text.append("http://")
            context.text.append(bytes[host].upToNUL.trimmingBlanksAfter)
            context.text.append(uri)
        } else {
            return nil
        }
        return ArenaRange(offset: UInt32(begin), byteCount: UInt32(context.text.count - begin))
    }
}
