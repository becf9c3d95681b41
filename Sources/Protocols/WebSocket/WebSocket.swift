import Codecs
import Dissection
import Streams
import Wire

/// The WebSocket protocol (RFC 6455), with messages that are compressed one by one (RFC 7692).
///
///      0                   1                   2                   3
///      0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
///     +-+-+-+-+-------+-+-------------+-------------------------------+
///     |F|R|R|R| opcode|M| payload     |  extended length, 16 or 64    |
///     |I|S|S|S|       |A| length      |  bits, where the length is    |
///     |N|V|V|V|       |S|             |  126 or 127                   |
///     | |1|2|3|       |K|             |                               |
///     +-+-+-+-+-------+-+-------------+-------------------------------+
///     |  masking key, 32 bits, where MASK is set                      |
///     +---------------------------------------------------------------+
///     |  payload                                                      |
///     +---------------------------------------------------------------+
///
/// Runs over what HTTP upgraded. Each frame is a PDU; a message in several is shown with its last one.
public final class WebSocket: StreamDissector {
    private let fields: WebSocketFields
    private let assemblies: AssemblyFields
    private let subprotocols: TableID
    private let textDissector, data: DissectorID?
    private let decompresses: Bool
    private let state: StateKey<WebSocketConversations>
    private let facts: FactKey<WebSocketFacts>

    public init(registering r: inout Registrar) {
        let proto = r.proto("websocket", "WebSocket", short: "WebSocket")
        fields = WebSocketFields(proto, registering: &r)
        assemblies = AssemblyFields(
            AssemblyFields.Names(
                group: "websocket.fragment", reassembledIn: nil, length: "websocket.reassembled.length", data: nil,
                piece: "Websocket Fragment", all: "Reassembled websocket Fragments", allType: .none, unit: "Fragment", error: "Defragmentation error",
                reassembledInTitle: "", lengthTitle: "Reassembled websocket Payload length", dataTitle: "",
                heading: "Reassembled websocket Fragments", source: "Reassembled Message"), &r)
        decompresses = r.preference("websocket.decompress", "Try to decompress permessage-deflate payload", default: true)
        let textType = r.preference(
            "websocket.text_type", "Dissect websocket text as", default: "No subdissection", choices: ["No subdissection", "Line based text", "As JSON"])
        textDissector = r.dissector(named: textType == "As JSON" ? "json" : "data-text-lines")
        subprotocols = r.table("ws.protocol", title: "Negotiated WebSocket protocol", .string)
        data = r.dissector(named: "data")
        state = r.webSocketConversations()
        facts = r.facts(WebSocketFacts.self)
        let dissector = r.dissector(self, proto)
        r.setCarrier(of: dissector, named: "http")
        r.add(dissector, to: "http.upgrade", texts: ["websocket"])
        r.offer(dissector, in: "tcp.port")
    }

    // MARK: Framing

    public var showsPDUByteCount: Bool { true }

    public func pduEnd(_ reader: Reader, _ stream: StreamPosition, _ context: inout Context) -> PDUEnd {
        var rest = reader
        guard let header = try? WebSocketHeader(parsing: &rest) else { return .needsMore(1) }
        return .at(Int(clamping: header.payloadByteCount.addingReportingOverflow(UInt64(header.byteCount)).partialValue))
    }

    // MARK: Frames

    public func dissect(_ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        var known = begin(&context)
        // Each frame leaves facts, whatever becomes of it, so that the next one finds its own.
        defer { context.keep(facts, known) }
        if context.columns.accepts {
            context.columns.setProtocol("WebSocket")
            context.columns.setInfo("WebSocket")
        }
        let header = try fields.addHeader(&reader, isCompressed: known.isCompressed, &context)
        defer { context.close() }
        fields.describe(header, &context)
        guard header.payloadByteCount > 0 else { return }
        let count = Int(clamping: header.payloadByteCount)
        try reader.require(count)
        let masked = reader.next(count)
        reader.offset += count
        fields.addMasked(masked, header, &context)
        guard let payload = unmasked(masked, header, &context) else { return }
        track(header, payload.capturedBytes, &known, &context)
        show(header, payload, known, &context)
    }

    private func unmasked(_ masked: Reader, _ header: WebSocketHeader, _ context: inout Context) -> Reader? {
        guard let key = header.maskingKey else { return masked }
        let bytes = masked.capturedBytes
        return context.derive("Unmasked data", from: masked, byteCount: bytes.count) { buffer in
            for offset in 0..<bytes.count {
                buffer[offset] = bytes[offset] ^ UInt8(truncatingIfNeeded: key >> UInt32(24 - 8 * (offset & 3)))
            }
            return bytes.count
        }
    }

    // MARK: Facts

    /// What the first pass leaves, or what is known before the payload is.
    private func begin(_ context: inout Context) -> WebSocketFacts {
        if context.pass == .second { return context.fact(facts) ?? WebSocketFacts() }
        guard let stream = context.packet.stream, let conversation = context.state.ref(state).value[stream] else { return WebSocketFacts() }
        return WebSocketFacts(isCompressed: conversation.settings.isCompressed && decompresses, subprotocol: conversation.settings.subprotocol)
    }

    /// Lets the conversation take a data frame in.
    private func track(_ header: WebSocketHeader, _ payload: ByteView, _ known: inout WebSocketFacts, _ context: inout Context) {
        guard context.pass != .second, !header.isControl, let stream = context.packet.stream else { return }
        let conversations = context.state.ref(state)
        guard conversations.value[stream] != nil else { return }
        var isCompressed = header.isReserved1
        if header.isContinuation || !header.isFinal {
            let frame = context.frame.number
            known.isPart = true
            known.message = conversations.value.change(stream) { $0.take(header, payload, frame: frame) }
            guard let message = known.message else { return }
            isCompressed = message.isCompressed
        }
        if isCompressed, known.isCompressed, known.message?.isLost != true {
            known.inflated = inflate(known.message, payload, stream, conversations)
        }
        // Without room for the second pass, both show that the message is not there.
        if context.pass == .first, !conversations.value.admit(known.keptByteCount) { known.lose() }
    }

    private func inflate(
        _ message: WebSocketMessage?, _ payload: ByteView, _ stream: StreamPosition, _ conversations: StateRef<WebSocketConversations>
    ) -> WebSocketFacts.Inflated {
        func inflate(_ bytes: ByteView) -> [UInt8]? {
            guard conversations.value[stream]?.keepsHistory(stream) == true else {
                var alone = WebSocketDirection()
                return alone.inflate(bytes)
            }
            return conversations.value.change(stream) { $0.inflate(bytes) }
        }
        let bytes = message.map { $0.bytes.withUnsafeBytes { inflate(ByteView($0)) } } ?? inflate(payload)
        return bytes.map { .bytes($0) } ?? .failed
    }

    // MARK: Payload

    private func show(_ header: WebSocketHeader, _ payload: Reader, _ known: WebSocketFacts, _ context: inout Context) {
        fields.addPayload(payload, &context)
        if header.isControl || !known.isPart, known.inflated == .none {
            fields.addContent(header.opcode, payload, &context)
            if !header.isControl { handOn(header.opcode, payload, known, &context) }
            return
        }
        guard known.isPart else { return showInflated(header.opcode, payload, known, &context) }
        guard let message = known.message else {
            // What begins a message is shown with its end.
            if header.isContinuation { atTop(&context) { fields.addContinuation(payload, &$0) } }
            return
        }
        let assembly = message.assembly
        guard !message.isLost, let whole = assemblies.derive(assembly, from: payload, &context) else {
            return context.expert(context.registry.core.limitExpert)
        }
        if known.inflated == .none { fields.addContent(message.opcode, whole, &context) }
        atTop(&context) { assemblies.show(assembly, whole, &$0) }
        if known.inflated == .none {
            handOn(message.opcode, whole, known, &context)
        } else {
            showInflated(message.opcode, whole, known, &context)
        }
    }

    private func showInflated(_ opcode: UInt8, _ compressed: Reader, _ known: WebSocketFacts, _ context: inout Context) {
        guard case .bytes(let bytes) = known.inflated else {
            if known.inflated == .lost { return context.expert(context.registry.core.limitExpert) }
            return atTop(&context) { fields.addFailure(compressed, &$0) }
        }
        let plain = context.derive("Decompressed payload", from: compressed, byteCount: bytes.count) {
            $0.copyBytes(from: bytes)
            return bytes.count
        }
        guard let plain else { return }
        fields.addContent(opcode, plain, &context)
        handOn(opcode, plain, known, &context)
    }

    /// Runs `body` where the frame's own layers stand.
    private func atTop(_ context: inout Context, _ body: (inout Context) -> Void) {
        let depth = context.depth
        context.depth = context.baseDepth
        body(&context)
        context.depth = depth
    }

    private func handOn(_ opcode: UInt8, _ message: Reader, _ known: WebSocketFacts, _ context: inout Context) {
        guard opcode == 1 || opcode == 2, message.remaining > 0 else { return }
        let negotiated = known.subprotocol.isEmpty ? nil : context.lookUp(subprotocols, text: known.subprotocol, for: message)
        if let next = negotiated ?? (opcode == 1 ? textDissector : nil) ?? data { context.run(next, message) }
    }
}

/// What pass 1 leaves of a frame.
struct WebSocketFacts: Sendable {
    enum Inflated: Sendable, Equatable {
        case none
        case bytes([UInt8])
        case failed
        /// There was no room to keep it.
        case lost
    }

    /// Whether the handshake agreed on compression.
    var isCompressed = false
    var subprotocol = ""
    /// Whether the frame is part of a message in several.
    var isPart = false
    /// The message that the frame ends.
    var message: WebSocketMessage?
    var inflated = Inflated.none

    /// Of what cannot be computed again.
    var keptByteCount: Int {
        var count = message?.bytes.count ?? 0
        if case .bytes(let bytes) = inflated { count += bytes.count }
        return count
    }

    mutating func lose() {
        message?.lose()
        if case .bytes = inflated { inflated = .lost }
    }
}

extension WebSocketMessage {
    /// The frames as pieces of one run of bytes.
    fileprivate var assembly: Assembly {
        var position = 0
        let parts = pieces.map { piece in
            defer { position += piece.byteCount }
            return Piece(frame: piece.frame, frameOffset: 0, position: UInt32(clamping: position), byteCount: UInt32(clamping: piece.byteCount))
        }
        return Assembly(pieces: parts, byteCount: bytes.count, bytes: bytes, isInFrames: false)
    }
}
