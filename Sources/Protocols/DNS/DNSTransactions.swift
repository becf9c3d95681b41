import Dissection
import Wire

/// Queries and their responses, by conversation and identifier (RFC 1035, section 4.1.1).
struct DNSTransactions: ~Copyable {
    /// What a message is to the ones before it.
    enum Role: Sendable {
        /// A query; the frame of its response, 0 for none so far.
        case query(responseFrame: UInt32)
        /// A query that was sent before in this frame and not yet answered.
        case repeatedQuery(of: UInt32)
        /// A response to the query in this frame, sent so many nanoseconds before.
        case response(to: UInt32, after: Int64)
        /// A response to a query that was answered in this frame.
        case repeatedResponse(of: UInt32)
        /// A response without a query.
        case unsolicited
    }

    /// The role of a message, and its transaction: a frame may hold several messages.
    struct Facts: Sendable {
        var transaction: UInt64
        var role: Role
    }

    private struct Transaction: Remembered {
        var queryFrame: UInt32
        var queryTime: Timestamp
        var responseFrame: UInt32
    }

    private var transactions: Generations<UInt64, Transaction>

    init(byteLimit: Int) { transactions = Generations(byteLimit: byteLimit) }

    var count: Int { transactions.count }
    var byteCount: Int { transactions.byteCount }
    var evictedCount: Int { transactions.evictedCount }

    /// Takes note of a query, which repeats an earlier one that is unanswered and no older than `interval` nanoseconds.
    mutating func noteQuery(_ transaction: UInt64, _ frame: FrameInfo, interval: Int64) -> Role {
        if let earlier = transactions[transaction], earlier.responseFrame == 0, (frame.timestamp - earlier.queryTime).totalNanoseconds <= interval {
            return .repeatedQuery(of: earlier.queryFrame)
        }
        transactions.remember(transaction, Transaction(queryFrame: frame.number, queryTime: frame.timestamp, responseFrame: 0))
        return .query(responseFrame: 0)
    }

    mutating func noteResponse(_ transaction: UInt64, _ frame: FrameInfo) -> Role {
        guard let query = transactions[transaction] else { return .unsolicited }
        if query.responseFrame != 0 { return .repeatedResponse(of: query.responseFrame) }
        transactions.changeKnown(transaction) { $0.responseFrame = frame.number }
        return .response(to: query.queryFrame, after: (frame.timestamp - query.queryTime).totalNanoseconds)
    }
}

/// The fields that relate a message to others, and the tracker that knows.
struct DNSTracking {
    private let responseIn, responseTo, time, repeated, repeatedQuery, repeatedResponse, unsolicited: FieldID
    private let queryAgain, responseAgain: ExpertID
    /// Nanoseconds within which a query counts as sent again.
    private let interval: Int64
    private let state: StateKey<DNSTransactions>
    private let facts: FactKey<DNSTransactions.Facts>

    init(registering r: inout Registrar) {
        responseIn = r.field("dns.response_in", "Response In", .frameNumber, needs: [.conversation, .laterFrames])
        responseTo = r.field("dns.response_to", "Request In", .frameNumber, needs: .conversation)
        time = r.field("dns.time", "Time", .relativeTime, needs: .conversation)
        repeated = r.field("dns.retransmission", "Retransmission", .boolean, needs: .conversation)
        repeatedQuery = r.field("dns.retransmit_request_in", "Retransmitted request. Original request in", .frameNumber, needs: .conversation)
        repeatedResponse = r.field("dns.retransmit_response_in", "Retransmitted response. Original response in", .frameNumber, needs: .conversation)
        unsolicited = r.field("dns.unsolicited", "Unsolicited", .boolean, needs: .conversation)
        queryAgain = r.expert("dns.retransmit_request", .proto, .warning, "DNS query retransmission")
        responseAgain = r.expert("dns.retransmit_response", .proto, .warning, "DNS response retransmission")
        interval = 1_000_000_000 * Int64(r.preference("dns.retransmission_timer", "Seconds within which a query counts as sent again", default: UInt32(5)))
        state = r.state("transactions", budget: 40, { DNSTransactions(byteLimit: $0) }, measure: { ($0.count, $0.byteCount) }, evicted: { $0.evictedCount })
        facts = r.facts(DNSTransactions.Facts.self)
    }

    /// The role of the message at hand, if the conversation it stands in is known.
    func role(of header: DNS.Header, isStream: Bool, _ context: inout Context) -> DNSTransactions.Role? {
        guard context.needs(.conversation), !context.packet.isInError else { return nil }
        if let kept = context.fact(facts) { return kept.role }
        guard context.pass != .second, let stream = context.packet.stream else { return nil }
        let transaction = UInt64(stream.conversation) << 17 | (isStream ? 1 << 16 : 0) | UInt64(header.identifier)
        let tracker = context.state.ref(state)
        let role = header.isResponse
            ? tracker.value.noteResponse(transaction, context.frame)
            : tracker.value.noteQuery(transaction, context.frame, interval: interval)
        if case .response(let queryFrame, _) = role {
            let number = context.frame.number
            context.amend(facts, frame: queryFrame) { if $0.transaction == transaction { $0.role = .query(responseFrame: number) } }
        }
        context.keep(facts, DNSTransactions.Facts(transaction: transaction, role: role))
        return role
    }

    /// Warns of a message that was sent before, under its identifier.
    func warn(_ role: DNSTransactions.Role?, under item: ItemRef, _ context: inout Context) {
        switch role {
        case .repeatedQuery(let frame):
            context.expert(under: item, queryAgain) {
                $0.append("DNS query retransmission. Original request in frame ")
                $0.append(decimal: frame)
            }
        case .repeatedResponse(let frame):
            context.expert(under: item, responseAgain) {
                $0.append("DNS response retransmission. Original response in frame ")
                $0.append(decimal: frame)
            }
        default: break
        }
    }

    /// Adds what relates the message to others, behind its sections.
    func add(_ role: DNSTransactions.Role?, _ reader: Reader, _ layerStart: Int, _ context: inout Context) {
        func add(_ field: FieldID, _ value: UInt64) { context.generated(field, reader, layerStart, value: value) }
        switch role {
        case nil: break
        case .query(let frame): if frame != 0 { add(responseIn, UInt64(frame)) }
        case .response(let frame, let nanoseconds):
            add(responseTo, UInt64(frame))
            add(time, UInt64(bitPattern: nanoseconds))
        case .repeatedQuery(let frame):
            add(repeatedQuery, UInt64(frame))
            add(repeated, 1)
        case .repeatedResponse(let frame):
            add(repeatedResponse, UInt64(frame))
            add(repeated, 1)
        case .unsolicited: add(unsolicited, 1)
        }
    }
}
