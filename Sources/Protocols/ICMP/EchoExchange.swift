import Dissection
import Wire

/// The fields that tie an echo reply to its request, and the tracker behind them; ICMP and ICMPv6 have one each.
struct EchoExchange: Sendable {
    /// What becomes known of an echo message.
    struct Facts: Sendable {
        /// Of the message's counterpart; 0 while there is none.
        var counterpart: UInt32
        /// From request to reply, in nanoseconds.
        var responseTime: Int64
    }

    private let responseIn, noResponse, responseTo, responseTime: FieldID
    private let notFound: ExpertID
    private let noReplyText: StaticString
    private let namesFrame: Bool
    private let state: StateKey<PendingEchoes>
    private let facts: FactKey<Facts>

    /// - Parameters:
    ///   - name: `icmp`
    ///   - noReplyText: of the expert item under a request without reply.
    ///   - namesFrame: whether that text is followed by the request's frame.
    init(
        _ name: String, responseIn: String, responseTo: String, responseTime: String, noReplyText: StaticString,
        namesFrame: Bool, _ r: inout Registrar
    ) {
        self.noReplyText = noReplyText
        self.namesFrame = namesFrame
        self.responseIn = r.field(name + ".resp_in", responseIn, .frameNumber, needs: [.conversation, .laterFrames])
        noResponse = r.field(name + ".no_resp", "No response seen", .none, needs: [.conversation, .laterFrames])
        self.responseTo = r.field(name + ".resp_to", responseTo, .frameNumber, needs: .conversation)
        self.responseTime = r.field(name + ".resptime", responseTime, .double, needs: .conversation)
        notFound = r.expert(name + ".resp_not_found", .sequence, .warning, "Response not found")
        state = r.state("echoes", budget: 6, { PendingEchoes(byteLimit: $0) }, measure: { ($0.count, $0.byteCount) }, evicted: { $0.evictedCount })
        facts = r.facts(Facts.self)
    }

    /// Remembers a request. On the second pass, says which reply came.
    func addRequest(_ echo: PendingEchoes.Echo, _ layer: Reader, _ context: inout Context) {
        guard context.needs(.conversation), !context.packet.isInError else { return }
        guard context.pass == .second else {
            context.keep(facts, Facts(counterpart: 0, responseTime: 0))
            context.state.ref(state).value.note(echo, of: context.packet, frame: context.frame.number, at: context.frame.timestamp)
            return
        }
        guard let found = context.fact(facts) else { return }
        if found.counterpart != 0 {
            context.generated(responseIn, layer, layer.start, value: UInt64(found.counterpart))
            context.columns.appendNote(" (reply in ", found.counterpart)
        } else if context.packet.destination.isMulticast {
            context.columns.appendInfo(" (multicast)")
        } else if context.packet.destination.isBroadcast {
            context.columns.appendInfo(" (broadcast)")
        } else {
            noteNoReply(context.generated(noResponse, layer, layer.start, value: 0), &context)
            context.columns.appendInfo(" (no response found!)")
        }
    }

    private func noteNoReply(_ item: ItemRef, _ context: inout Context) {
        let (text, frame) = (noReplyText, namesFrame ? context.frame.number : nil)
        context.expert(under: item, notFound) {
            $0.append(text)
            guard let frame else { return }
            $0.append(" in frame ")
            $0.append(decimal: frame)
        }
    }

    /// Ties a reply to the request that it answers, if that was seen.
    func addReply(_ echo: PendingEchoes.Echo, _ layer: Reader, _ context: inout Context) {
        guard context.needs(.conversation), !context.packet.isInError else { return }
        let found = context.pass == .second ? context.fact(facts) : track(echo, &context)
        guard let found, found.counterpart != 0 else { return }
        context.generated(responseTo, layer, layer.start, value: UInt64(found.counterpart))
        let milliseconds = Double(found.responseTime) / 1_000_000
        let item = context.generated(responseTime, layer, layer.start, value: milliseconds.bitPattern)
        context.valueLabel(item) {
            $0.append(thousandths: found.responseTime, per: 1000)
            $0.append(" ms")
        }
        context.columns.appendNote(" (request in ", found.counterpart)
    }

    private func track(_ echo: PendingEchoes.Echo, _ context: inout Context) -> Facts {
        let request = context.state.ref(state).value.takeRequest(answeredBy: echo, of: context.packet)
        let found = Facts(
            counterpart: request?.frame ?? 0,
            responseTime: request.map { (context.frame.timestamp - $0.time).totalNanoseconds } ?? 0)
        context.keep(facts, found)
        if let request {
            let reply = context.frame.number
            context.amend(facts, frame: request.frame) { $0.counterpart = reply }
        }
        return found
    }
}

/// The echo requests that wait for their reply.
struct PendingEchoes: ~Copyable {
    /// An echo message.
    struct Echo: Hashable, Sendable {
        var identifier: UInt16
        var sequenceNumber: UInt16
        /// The checksum of the reply: it holds the same bytes as the request, but for the type.
        var replyChecksum: UInt16
    }

    struct Request: Remembered, Sendable {
        var frame: UInt32
        var time: Timestamp
    }

    private struct Key: Hashable {
        var asking: Address
        var asked: Address
        var echo: Echo
    }

    private var requests: Generations<Key, Request>

    init(byteLimit: Int) { requests = Generations(byteLimit: byteLimit) }

    var count: Int { requests.count }
    var byteCount: Int { requests.byteCount }
    var evictedCount: Int { requests.evictedCount }

    mutating func note(_ echo: Echo, of packet: PacketInfo, frame: UInt32, at time: Timestamp) {
        requests.remember(Key(asking: packet.source, asked: packet.destination, echo: echo), Request(frame: frame, time: time))
    }

    mutating func takeRequest(answeredBy echo: Echo, of packet: PacketInfo) -> Request? {
        requests.remove(Key(asking: packet.destination, asked: packet.source, echo: echo))
    }
}

extension Address {
    /// Whether the address names a group (RFC 1112, section 4; RFC 4291, section 2.7).
    var isMulticast: Bool {
        switch kind {
        case .ipv4: low >> 28 == 0xe
        case .ipv6: high >> 56 == 0xff
        default: false
        }
    }

    /// Whether the address is that of every host on the link (RFC 919, section 7).
    var isBroadcast: Bool { kind == .ipv4 && low == 0xffff_ffff }
}

extension Columns {
    /// Appends ` (reply in 2)`.
    fileprivate mutating func appendNote(_ text: StaticString, _ frame: UInt32) {
        guard accepts else { return }
        info.append(text)
        info.append(decimal: frame)
        info.append(")")
    }
}

extension TextBuffer {
    /// A number with three decimals, rounded to the nearest.
    /// - Parameter divisor: how many of the number's units make a thousandth.
    fileprivate mutating func append(thousandths number: Int64, per divisor: UInt64) {
        let rounded = (number.magnitude + divisor / 2) / divisor
        if number < 0 { append(45) }
        append(decimal: rounded / 1000)
        append(46)
        append(decimal: rounded % 1000, width: 3)
    }
}
