import Dissection
import Wire

/// Hypertext Transfer Protocol, version 1 (RFC 9110, RFC 9112).
///
///     start line  CR LF          GET /path?query HTTP/1.1    or    HTTP/1.1 200 OK
///     name: value CR LF          any number of header fields
///     CR LF
///     body                       as long as Content-Length says, in chunks, or up to the end of the stream
///
/// A layer holds all whole messages of a segment. What a conversation carries after Upgrade is another dissector's; what it
/// carries after CONNECT is a stream inside it. Not decoded: what stands inside authentication fields but Basic and Citrix's,
/// and in HTTP2-Settings.
public struct HTTP: StreamDissector {
    private let proto: ProtocolID
    private var node: FieldID
    /// The Protocol column.
    private var columnName: StaticString
    private let startLine: HTTPStartLineFields
    private let header: HTTPHeaderFields
    private let body: HTTPBody
    private let exchange: HTTPExchangeFields
    private let proxyHost, proxyPort: FieldID
    private let leadingLineEnd: ExpertID
    private let ports, heuristics, upgrades: TableID
    private let data: DissectorID?
    private let state: StateKey<HTTPConversations>
    private let webSockets: StateKey<WebSocketConversations>
    private let facts: FactKey<HTTPMessageFacts>

    public init(registering r: inout Registrar) {
        proto = r.proto("http", "Hypertext Transfer Protocol", short: "HTTP")
        node = r.node(of: proto)
        columnName = "HTTP"
        exchange = HTTPExchangeFields(registering: &r)
        startLine = HTTPStartLineFields(registering: &r)
        header = HTTPHeaderFields(registering: &r)
        body = HTTPBody(registering: &r)
        proxyHost = r.field("http.proxy_connect_host", "Proxy-Connect-Hostname", .string, needs: .conversation)
        proxyPort = r.field("http.proxy_connect_port", "Proxy-Connect-Port", .uint16, .decimal, needs: .conversation)
        leadingLineEnd = r.expert(
            "http.leading_crlf", .malformed, .error, "Leading CRLF previous message in the stream may have extra CRLF")
        ports = r.table("tcp.port")
        heuristics = r.table("tcp")
        upgrades = r.table("http.upgrade", title: "HTTP Upgrade", .string)
        data = r.dissector(named: "data")
        state = r.state("conversations", budget: 48, { HTTPConversations(byteLimit: $0) }, measure: { ($0.count, $0.byteCount) }, evicted: { $0.evictedCount })
        webSockets = r.webSocketConversations()
        facts = r.facts(HTTPMessageFacts.self)
        let dissector = r.dissector(self, proto)
        r.add(dissector, to: "tcp.port", 80, 631, 1900, 2710, 2869, 3128, 3132, 3689, 5985, 8080, 8088, 11371)
        r.addHeuristic(dissector, to: "tcp")
        r.offer(dissector, in: "sctp.port")
        registerDiscovery(&r)
    }

    /// The same messages in datagrams (UPnP Device Architecture, section 1): Simple Service Discovery Protocol.
    private func registerDiscovery(_ r: inout Registrar) {
        let ownProto = r.proto("ssdp", "Simple Service Discovery Protocol", short: "SSDP")
        // The fields are HTTP's: who wants those needs this as well.
        _ = r.table("tcp.port")
        var discovery = self
        discovery.node = r.node(of: ownProto)
        discovery.columnName = "SSDP"
        r.add(r.dissector(discovery, ownProto), to: "udp.port", 1900)
    }

    // MARK: Framing

    public func pduEnd(_ reader: Reader, _ stream: StreamPosition, _ context: inout Context) -> PDUEnd {
        let conversations = context.state.ref(state)
        if let tunnel = conversations.value.tunnel(stream) { return pduEnd(inside: tunnel, reader, stream, &context) }
        let expectation = conversations.value.expectation(stream)
        let end = HTTPFraming.end(reader.capturedBytes, expectation)
        // What was recognized by its bytes is HTTP from then on, whatever comes.
        if !expectation.isHTTP, end != .notRecognized, let own = context.registry.dissector(named: "http") { context.bindConversation(own) }
        return end
    }

    public func describeIncomplete(_ reader: Reader, _ context: inout Context) {
        let bytes = reader.capturedBytes
        guard let line = HTTPLine(bytes, from: 0), HTTPStartLine(bytes[0..<line.textEnd]).isMessage else { return }
        context.columns.clearInfo()
        describe(bytes[0..<line.textEnd], &context)
    }

    /// A whole first line of version 1.
    public func recognizes(_ reader: Reader, _ context: borrowing Context) -> Bool {
        let bytes = reader.capturedBytes
        // Most bytes that are tried are none: their first ones tell, without a search for the line's end.
        guard bytes.count > 8, HTTPStartLine(bytes[0..<HTTPStartLine.methodByteLimit]).isMessage, let line = HTTPLine(bytes, from: 0) else { return false }
        let text = bytes[0..<line.textEnd]
        if text.hasPrefix("HTTP/1.") { return true }
        return text.count > 9 && text[(text.count - 9)..<text.count].hasPrefix(ignoringCase: " http/1.") && HTTPStartLine(text) == .request
    }

    // MARK: Messages

    public func dissect(_ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        try reader.require(1)
        let base = reader.offset
        var messageCount = 0
        while reader.capturedRemaining > 0, messageCount < HTTPFraming.messageLimit {
            messageCount += 1
            try dissectMessage(&reader, base, &context)
            // What a message puts into Info stays in front of the next one's.
            context.columns.fenceInfo()
        }
    }

    private func dissectMessage(_ reader: inout Reader, _ base: Int, _ context: inout Context) throws(DissectionError) {
        let bytes = reader.bytes[0..<reader.capturedEnd]
        let leading = HTTPFraming.leadingByteCount(bytes, from: reader.offset)
        reader.offset += leading
        let line = HTTPLine(whole: bytes, from: reader.offset)
        let kind = HTTPStartLine(bytes[line.begin..<line.textEnd])
        let status = kind == .response ? HTTPStatusLine(bytes, line).code : nil
        let known = begin(header.isCut(behind: line, reader) ? .other : kind, status: status, &context)
        if let tunnel = known.tunnel { return dissectTunnel(tunnel, &reader, &context) }
        guard kind.isMessage || line.isField(bytes) else { return try dissectRest(line, known, &reader, &context) }
        describe(line.isCut(reader) ? .other : kind, bytes[line.begin..<line.textEnd], known, &context)
        let top = context.begin(node, reader)
        if leading > 0 { addLeadingLineEnd(base, reader, &context) }
        var start = HTTPStartLineFields.Parts()
        if kind.isMessage {
            start = startLine.dissect(line, kind, reader, &context)
            reader.offset = line.end
        }
        let fields = kind.isMessage && line.isCut(reader) ? HTTPHeader() : try header.dissect(&reader, kind, base: base, &context)
        exchange.add(kind, start, fields, known, base, reader, &context)
        if kind.isMessage { note(start, fields, reader, &context) }
        if line.isCut(reader) { throw reader.shortfall(reader.remaining, at: reader.offset) }
        let content = try dissectBody(start, fields, known, top, &reader, &context)
        context.close()
        if let content { body.handOn(content, &context) }
        // A body can be shown in part though the capture cut it.
        if reader.offset > reader.capturedEnd { throw reader.shortfall(reader.offset - reader.capturedEnd, at: reader.capturedEnd) }
    }

    /// What the message belongs to: found out on the first pass, looked up on the second.
    private func begin(_ kind: HTTPStartLine, status: Int?, _ context: inout Context) -> HTTPMessageFacts {
        if context.pass == .second { return context.fact(facts) ?? HTTPMessageFacts() }
        guard let stream = context.packet.stream, !context.packet.isInError else { return HTTPMessageFacts() }
        let found = context.state.ref(state).value.begin(kind, status: status, stream, frame: context.frame.number, time: context.frame.timestamp) { frame, change in
            context.amend(facts, frame: frame, change)
        }
        context.keep(facts, found)
        return found
    }

    /// Lets the conversation remember what the next message depends on.
    private func note(_ start: HTTPStartLineFields.Parts, _ fields: HTTPHeader, _ reader: Reader, _ context: inout Context) {
        let bytes = reader.bytes
        guard context.pass != .second, let stream = context.packet.stream, !context.packet.isInError else { return }
        let uri = start.isRequest ? HTTPExchangeFields.fullURI(start, fields, bytes, &context) ?? ArenaRange(offset: 0, byteCount: 0) : nil
        let text = uri.map { context.text.bytes($0.range) } ?? .empty
        let upgrade = start.status == 101 ? noteUpgrade(fields, stream, reader, &context) : nil
        context.state.ref(state).value.change(stream) { conversation in
            if start.isRequest {
                conversation.noteRequest(method: bytes[start.method], uri: text.isEmpty ? bytes[start.uri] : text)
            } else {
                conversation.noteResponse(status: start.status ?? 0, upgrade: upgrade)
            }
        }
    }

    /// Lets the dissector of what a response upgrades to take the conversation over.
    private func noteUpgrade(_ fields: HTTPHeader, _ stream: StreamPosition, _ reader: Reader, _ context: inout Context) -> HTTPTunnel? {
        guard let name = fields.upgrade else { return nil }
        let bytes = reader.bytes
        let next = context.lookUp(upgrades, text: bytes[name].trimmingBlanksAfter.string.lowercased(), for: reader.rest)
        guard let next else { return .upgrade(nil) }
        let settings = WebSocketSettings(
            extensions: fields.webSocketExtensions.map { bytes[$0] }, subprotocol: fields.webSocketProtocol.map { bytes[$0] } ?? .empty)
        context.state.ref(webSockets).value.open(stream, settings)
        context.bindConversation(next)
        return .upgrade(next)
    }

    private func addLeadingLineEnd(_ base: Int, _ reader: Reader, _ context: inout Context) {
        context.heading(reader, base, 2) { $0.append("Leading CRLF previous message in the stream may have extra CRLF") }
        context.open()
        context.expert(leadingLineEnd)
        context.close()
    }

    /// Adds the body, and moves `reader` behind it.
    private func dissectBody(
        _ start: HTTPStartLineFields.Parts, _ fields: HTTPHeader, _ known: HTTPMessageFacts, _ top: ItemRef, _ reader: inout Reader,
        _ context: inout Context
    ) throws(DissectionError) -> HTTPBody.Content? {
        var byteCount = min(fields.contentByteCount ?? .max, reader.remaining)
        if fields.isChunked { byteCount = reader.remaining }
        if let status = start.status {
            if !known.expectation.hasBody(status: status) { byteCount = 0 }
        } else if start.isRequest, fields.contentByteCount == nil, !fields.hasTransferEncoding {
            byteCount = 0
        }
        guard byteCount > 0 else { return nil }
        let begin = reader.offset
        let found = try body.dissect(reader.next(byteCount), fields, &context)
        if found.content?.dissector != nil { context.extend(top, to: begin) }
        reader.offset += min(found.byteCount, byteCount)
        return found.content
    }

    /// Bytes that begin no message: a part of one whose beginning was not seen. Where none was seen yet they are no HTTP.
    private func dissectRest(_ line: HTTPLine, _ known: HTTPMessageFacts, _ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        let rest = reader.rest
        let isBinary = line.isBinary(rest.bytes)
        reader.offset = reader.reportedEnd
        guard known.expectation.isHTTP else {
            if !isBinary { try rest.require(rest.remaining) }
            return
        }
        context.columns.setProtocol(columnName)
        context.columns.setInfo("Continuation")
        var shown = rest
        if line.isEmpty, line.byteCount == 2, line.end < rest.reportedEnd { shown.offset = line.end }
        context.begin(node, shown)
        if !line.isEmpty, !isBinary { body.addFileData(rest, &context) }
        body.handOnData(rest, &context)
        context.close()
        if !isBinary { try rest.require(rest.remaining) }
    }

    /// What runs through a proxy or after an upgrade.
    private func dissectTunnel(_ tunnel: HTTPTunnel, _ reader: inout Reader, _ context: inout Context) {
        let rest = reader.rest
        reader.offset = reader.reportedEnd
        switch tunnel {
        case .upgrade(let next):
            if let next = next ?? data { run(next, rest, &context) }
        case .connect(let host, let port, let next):
            context.begin(node, rest)
            _ = context.addText(proxyHost, rest, rest.start, 0, flags: [.generated, .ascii]) { $0.append(host) }
            context.generated(proxyPort, rest, rest.start, value: UInt64(port))
            context.close()
            let outer = (context.packet.stream, context.packet.sourcePort, context.packet.destinationPort)
            context.packet.stream = outer.0.map(innerStream)
            // What runs inside leads to another port than the proxy's, which is the lower one.
            if outer.1 < outer.2 { context.packet.sourcePort = UInt32(port) } else { context.packet.destinationPort = UInt32(port) }
            if let next = next ?? data { run(next, rest, &context) }
            (context.packet.stream, context.packet.sourcePort, context.packet.destinationPort) = outer
        }
    }

    private func run(_ dissector: DissectorID, _ reader: Reader, _ context: inout Context) {
        context.packet.isSizedPDU = context.showsPDUByteCount(dissector)
        context.run(dissector, reader)
    }

    /// What runs through CONNECT's tunnel is a stream of its own: HTTP inside HTTP has a state apart.
    private func innerStream(_ outer: StreamPosition) -> StreamPosition {
        var inner = outer
        inner.transport = proto
        return inner
    }

    private func pduEnd(inside tunnel: HTTPTunnel, _ reader: Reader, _ stream: StreamPosition, _ context: inout Context) -> PDUEnd {
        switch tunnel {
        case .upgrade(let next): return next.map { context.pduEnd($0, reader, stream) } ?? .at(reader.remaining)
        case .connect(let host, let port, var next):
            if next == nil {
                next = dissector(insideConnectTo: port, reader, stream, context)
                context.state.ref(state).value.change(stream) { $0.tunnel = .connect(host: host, port: port, next) }
            }
            return next.map { context.pduEnd($0, reader, innerStream(stream)) } ?? .at(reader.remaining)
        }
    }

    /// What runs through CONNECT's tunnel, by the port that it leads to or by its bytes. A tunnel inside a tunnel is bytes: each
    /// takes stack.
    private func dissector(insideConnectTo port: UInt16, _ reader: Reader, _ stream: StreamPosition, _ context: borrowing Context) -> DissectorID? {
        guard stream.transport != proto else { return nil }
        // A proxy that leads to its own port says nothing of what runs there.
        let isOther = port != context.packet.destinationPort && port != context.packet.sourcePort
        return (isOther ? context.lookUp(ports, UInt32(port)) : nil) ?? context.recognizer(heuristics, reader)
    }

    // MARK: Info

    private func describe(_ kind: HTTPStartLine, _ line: ByteView, _ known: HTTPMessageFacts, _ context: inout Context) {
        guard kind.isMessage || known.expectation.isHTTP else { return }
        context.columns.setProtocol(columnName)
        context.columns.clearInfo()
        if kind.isMessage {
            describe(line, &context)
        } else {
            context.columns.appendInfo("Continuation")
        }
    }

    private func describe(_ line: ByteView, _ context: inout Context) {
        guard context.columns.accepts else { return }
        context.columns.info.append(printable: line)
        context.columns.info.append(" ")
    }
}
