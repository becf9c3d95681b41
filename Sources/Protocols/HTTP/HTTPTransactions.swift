import Dissection
import Wire

/// What is known of a conversation before its next message begins.
struct HTTPExpectation: Sendable {
    /// A message was seen in the conversation: what is none continues one.
    var isHTTP = false
    /// The request that the next response is for has a method whose answer has no body.
    var answersHead = false
    var answersConnect = false
    /// Whether the requests behind that one are of its kind, so that several responses can be told apart alike.
    var isUniform = true

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
    /// By CONNECT (RFC 9110, section 9.3.6), and what takes the bytes in it once that is found out.
    case connect(host: [UInt8], port: UInt16, DissectorID? = nil)
    /// By Upgrade (RFC 9110, section 7.8), to what a dissector knows or nothing does.
    case upgrade(DissectorID?)
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

/// A request and its response.
private struct HTTPExchange: Sendable {
    enum Method { case head, connect, other }

    let number: UInt32
    /// Nil where only the response was seen.
    var requestFrame: UInt32?
    var requestTime = Timestamp.zero
    var responseFrame: UInt32?
    var method = Method.other
    var uri: [UInt8] = []
    var connectTarget: (host: [UInt8], port: UInt16)?

    var byteCount: Int { uri.storageByteCount + (connectTarget?.host.storageByteCount ?? 0) }
}

/// One conversation: its latest exchanges and what they lead to. Responses come in the order of their requests (RFC 9112,
/// section 9.3.2).
struct HTTPConversation: Remembered, Sendable {
    /// Bytes of a URI that are kept for the response, at most; servers allow 8 KB or so.
    private static let uriByteLimit = 1 << 16
    /// Requests that wait for their responses, at most: clients that pipeline send a few dozen. The oldest go first.
    private static let pendingLimit = 100

    var tunnel: HTTPTunnel?
    private var isHTTP = false
    private var pending: [HTTPExchange] = []
    private var answered: HTTPExchange?
    private let count = HTTPExchangeCount()
    /// Whether bytes came since the last request that may be the rest of a response whose beginning was not seen.
    private var missedResponse = false

    /// Of what lies apart from the value.
    var byteCount: Int {
        pending.storageByteCount + pending.reduce(answered?.byteCount ?? 0) { $0 + $1.byteCount } + MemoryLayout<HTTPExchangeCount>.size
    }

    var expectation: HTTPExpectation {
        let method = pending.first?.method
        return HTTPExpectation(
            isHTTP: isHTTP, answersHead: method == .head, answersConnect: method == .connect, isUniform: pending.allSatisfy { $0.method == method })
    }

    /// Notes that a message begins, and says what it belongs to. Facts of earlier frames learn of it through `amend`.
    /// - Parameter status: a response's.
    mutating func begin(
        _ kind: HTTPStartLine, status: Int?, frame: UInt32, time: Timestamp, amend: (UInt32, (inout HTTPMessageFacts) -> Void) -> Void
    ) -> HTTPMessageFacts {
        var facts = HTTPMessageFacts(expectation: expectation, tunnel: tunnel)
        guard tunnel == nil, kind.isMessage else {
            missedResponse = missedResponse || tunnel == nil
            return facts
        }
        isHTTP = true
        facts.count = count
        switch kind {
        case .request: beginRequest(frame, time, &facts, amend)
        case .response: beginResponse(status ?? 0, frame, time, &facts, amend)
        case .notification, .other: break
        }
        return facts
    }

    private mutating func beginRequest(
        _ frame: UInt32, _ time: Timestamp, _ facts: inout HTTPMessageFacts, _ amend: (UInt32, (inout HTTPMessageFacts) -> Void) -> Void
    ) {
        if missedResponse || pending.count >= Self.pendingLimit, !pending.isEmpty { answered = pending.removeFirst() }
        missedResponse = false
        let previous = pending.last ?? answered
        count.value &+= 1
        pending.append(HTTPExchange(number: count.value, requestFrame: frame, requestTime: time))
        facts.number = count.value
        facts.previousRequestIn = previous?.requestFrame
        guard let previous else { return }
        for earlier in [previous.requestFrame, previous.responseFrame == previous.requestFrame ? nil : previous.responseFrame] {
            if let earlier { amend(earlier) { if $0.number == previous.number { $0.nextRequestIn = frame } } }
        }
    }

    private mutating func beginResponse(
        _ status: Int, _ frame: UInt32, _ time: Timestamp, _ facts: inout HTTPMessageFacts,
        _ amend: (UInt32, (inout HTTPMessageFacts) -> Void) -> Void
    ) {
        missedResponse = false
        if pending.isEmpty {
            count.value &+= 1
            pending.append(HTTPExchange(number: count.value))
        }
        guard var current = pending.first else { return }
        facts.number = current.number
        facts.requestURI = current.uri
        facts.previousRequestIn = answered?.requestFrame
        facts.previousResponseIn = answered?.responseFrame
        facts.nextRequestIn = pending.count > 1 ? pending[1].requestFrame : nil
        if let request = current.requestFrame {
            facts.requestIn = request
            facts.time = (time - current.requestTime).totalNanoseconds
            amend(request) { if $0.number == current.number, $0.requestIn == nil { $0.responseIn = frame } }
        }
        if let previous = answered, let response = previous.responseFrame, response != previous.requestFrame {
            amend(response) { if $0.number == previous.number { $0.nextResponseIn = frame } }
        }
        // An interim response leaves its request open (RFC 9110, section 15.2).
        if (100...199).contains(status), status != 101 { return }
        current.responseFrame = frame
        answered = current
        pending.removeFirst()
    }

    /// Notes what the latest request asks for, once its header is read.
    mutating func noteRequest(method: ByteView, uri: ByteView) {
        guard !pending.isEmpty else { return }
        let last = pending.count - 1
        pending[last].uri = uri[0..<Self.uriByteLimit].copy()
        if method.isEqual(to: "HEAD") { pending[last].method = .head }
        if method.isEqual(to: "CONNECT") {
            pending[last].method = .connect
            pending[last].connectTarget = Self.target(uri)
        }
    }

    /// Notes the latest response, once its header is read.
    /// - Parameter upgrade: what the response upgrades to, if it says so.
    mutating func noteResponse(status: Int, upgrade: HTTPTunnel?) {
        if (200...299).contains(status), let target = answered?.connectTarget {
            tunnel = .connect(host: target.host, port: target.port)
        } else if status == 101, let upgrade {
            tunnel = upgrade
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
    private var conversations: Generations<StreamKey, HTTPConversation>

    init(byteLimit: Int) { conversations = Generations(byteLimit: byteLimit) }

    var count: Int { conversations.count }
    var byteCount: Int { conversations.byteCount }
    var evictedCount: Int { conversations.evictedCount }

    func expectation(_ stream: StreamPosition) -> HTTPExpectation { conversations[stream.key]?.expectation ?? HTTPExpectation() }
    func tunnel(_ stream: StreamPosition) -> HTTPTunnel? { conversations[stream.key]?.tunnel }

    mutating func begin(
        _ kind: HTTPStartLine, status: Int?, _ stream: StreamPosition, frame: UInt32, time: Timestamp,
        amend: (UInt32, (inout HTTPMessageFacts) -> Void) -> Void
    ) -> HTTPMessageFacts {
        if !kind.isMessage, conversations[stream.key] == nil { return HTTPMessageFacts() }
        return conversations.change(stream.key, default: HTTPConversation()) {
            $0.begin(kind, status: status, frame: frame, time: time, amend: amend)
        }
    }

    mutating func change(_ stream: StreamPosition, _ body: (inout HTTPConversation) -> Void) {
        conversations.change(stream.key, default: HTTPConversation(), body)
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
