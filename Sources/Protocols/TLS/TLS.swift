import Dissection
import Wire

/// Transport Layer Security 1.0 to 1.3 (RFC 2246, RFC 4346, RFC 5246, RFC 8446), and SSL 3.0 (RFC 6101) and 2.0 before it.
///
///     struct {
///         ContentType type;                 1 byte: 20 change_cipher_spec, 21 alert, 22 handshake, 23 application_data
///         ProtocolVersion legacy_version;   2 bytes
///         uint16 length;
///         opaque fragment[length];          encrypted once the keys are agreed on
///     } TLSRecord;
///
/// A layer holds all records of a segment; one that goes on in the next segment is part of the layer and shown with its end. Not
/// decoded: what is encrypted.
public final class TLS: StreamDissector {
    private let node: FieldID
    private let records: TLSRecords
    private let oldRecords: SSL2Records
    private let data: DissectorID?
    private let state: StateKey<TLSConversations>
    private let facts: FactKey<TLSConversation>

    public init(registering r: inout Registrar) {
        let proto = r.proto("tls", "Transport Layer Security", short: "TLS")
        node = r.node(of: proto)
        records = TLSRecords(registering: &r)
        oldRecords = SSL2Records(registering: &r)
        data = r.dissector(named: "data")
        state = r.state("connections", budget: 32, { TLSConversations(byteLimit: $0) }, measure: { ($0.count, $0.byteCount) }, evicted: { $0.evictedCount })
        facts = r.facts(TLSConversation.self)
        let dissector = r.dissector(self, proto)
        r.offer(dissector, in: "sctp.port")
        let timestamps = r.partDissector(records.timestamps, proto)
        r.add(timestamps, to: "ber.oid", texts: ["1.3.6.1.4.1.11129.2.4.2", "1.3.6.1.4.1.11129.2.4.5"])
        r.add(
            dissector, to: "tcp.port", 324, 443, 465, 636, 802, 853, 993, 995, 1300, 2221, 2443, 3249, 3250, 3251, 3252, 3496, 5061, 5671,
            5684, 5868, 8883, 11207, 19999, 27017)
        r.addHeuristic(dissector, to: "tcp")
    }

    // MARK: Framing

    public var takesIncomplete: Bool { true }

    /// Where the whole records at the start end; the rest of the bytes where they are none.
    public func pduEnd(_ reader: Reader, _ stream: StreamPosition, _ context: inout Context) -> PDUEnd {
        let version = context.state.ref(state).value.version(stream)
        var rest = reader
        while rest.capturedRemaining > 0 {
            guard let byteCount = TLSFraming.recordByteCount(rest, version) else {
                return rest.offset > reader.offset ? .at(rest.offset - reader.offset) : .needsMore(1)
            }
            if byteCount > rest.remaining {
                return .at(rest.offset > reader.offset ? rest.offset - reader.offset : byteCount)
            }
            rest.offset += byteCount
        }
        return .at(rest.offset - reader.offset)
    }

    public func mayRecognize(_ reader: Reader) -> Bool { TLSFraming.mayBeHello(reader) }

    public func recognizes(_ reader: Reader, _ context: borrowing Context) -> Bool { TLSFraming.isHello(reader) }

    // MARK: Records

    public func dissect(_ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        // Text is none of this, whatever the port.
        if TLSFraming.isText(reader) {
            if let data { context.run(data, reader.rest) }
            return
        }
        var known = begin(&context)
        context.columns.setProtocol(TLSVersion.name(known.version) ?? "SSL")
        context.columns.clearInfo()
        context.begin(node, reader)
        defer { end(known, &context) }
        while reader.capturedRemaining > 0 {
            let form = TLSFraming.form(reader, known.version)
            if form != .unknown, isContinued(reader, known.version) { break }
            switch form {
            case .record: try records.dissect(&reader, &known, &context)
            case .old: try oldRecords.dissect(&reader, &known, &context)
            case .unknown:
                context.appendInfoPart("Continuation Data")
                reader.offset = reader.reportedEnd
            }
        }
        context.close()
        context.columns.fenceInfo()
    }

    /// Whether the record at hand goes on in the next segment.
    private func isContinued(_ reader: Reader, _ version: UInt16) -> Bool {
        guard reader.capturedEnd == reader.reportedEnd else { return false }
        guard let byteCount = TLSFraming.recordByteCount(reader, version) else { return true }
        return byteCount > reader.remaining
    }

    /// What is known before the first record: the tracker's on the first pass, what it left on the second.
    private func begin(_ context: inout Context) -> TLSConversation {
        if context.pass == .second { return context.fact(facts) ?? TLSConversation() }
        guard let stream = context.packet.stream, !context.packet.isInError else { return TLSConversation() }
        let known = context.state.ref(state).value[stream]
        context.keep(facts, known)
        return known
    }

    private func end(_ found: TLSConversation, _ context: inout Context) {
        guard context.pass != .second, let stream = context.packet.stream, !context.packet.isInError else { return }
        var known = found
        if !known.flags.contains(.isBound), let own = context.registry.dissector(named: "tls") {
            context.bindConversation(own)
            known.flags.insert(.isBound)
        }
        context.state.ref(state).value[stream] = known
    }
}

extension Context {
    /// Appends a part to Info, behind a comma where there is something before it.
    mutating func appendInfoPart(_ text: StaticString) {
        guard columns.accepts else { return }
        separateInfoPart()
        columns.info.append(text)
    }

    mutating func separateInfoPart() {
        if columns.accepts, !columns.info.isEmpty { columns.info.append(", ") }
    }
}
