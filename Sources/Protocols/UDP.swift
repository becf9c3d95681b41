import Dissection
import Registries
import Streams
import Wire

/// User Datagram Protocol (RFC 768; over IPv6 RFC 8200, section 8.1).
///
///      0      7 8     15 16    23 24    31
///     +--------+--------+--------+--------+
///     |     Source      |   Destination   |
///     |      Port       |      Port       |
///     +--------+--------+--------+--------+
///     |                 |                 |
///     |     Length      |    Checksum     |
///     +--------+--------+--------+--------+
public final class UDP: Dissector {
    /// The header as a value.
    public struct Header: Equatable, Sendable {
        public static let byteCount = 8
        public var sourcePort: UInt16
        public var destinationPort: UInt16
        /// Bytes of header and payload; 0 in a jumbogram (RFC 2675, section 4).
        public var byteCount: UInt16
        public var checksum: UInt16

        public init(sourcePort: UInt16, destinationPort: UInt16, byteCount: UInt16, checksum: UInt16) {
            self.sourcePort = sourcePort
            self.destinationPort = destinationPort
            self.byteCount = byteCount
            self.checksum = checksum
        }

        public init(parsing reader: inout Reader) throws(DissectionError) {
            sourcePort = try reader.uint16()
            destinationPort = try reader.uint16()
            byteCount = try reader.uint16()
            checksum = try reader.uint16()
        }

        public func write(to bytes: inout [UInt8]) {
            for value in [sourcePort, destinationPort, byteCount, checksum] { bytes.append(bigEndian: value) }
        }
    }

    /// The destination ports of traceroute's probes, three a hop, for the first ten hops.
    private static let traceroutePorts: ClosedRange<UInt16> = 33435...33464

    private let proto: ProtocolID
    private let node, sourcePort, destinationPort, port, length, stream, timeRelative, timeDelta, payload: FieldID
    private let checksum: ChecksumFields
    private let names: PortNames
    private let traceroute, badLength, badZeroLength: ExpertID
    private let ports, heuristics: TableID
    private let data: DissectorID?
    private let verifies, isSummarized, showsTimes: Bool
    private let triesHeuristicsFirst: Bool
    private let state: StateKey<UDPConversations>
    private let facts: FactKey<UDPConversations.Facts>

    public init(registering r: inout Registrar) {
        proto = r.proto("udp", "User Datagram Protocol", short: "UDP")
        node = r.node(of: proto)
        names = PortNames(r, ServiceNames.udp)
        sourcePort = r.field("udp.srcport", "Source Port", .uint16, .decimal, label: names.label)
        destinationPort = r.field("udp.dstport", "Destination Port", .uint16, .decimal, label: names.label)
        port = r.field("udp.port", "Source or Destination Port", .uint16, .decimal, label: names.label)
        length = r.field("udp.length", "Length", .uint16, .decimal)
        checksum = ChecksumFields("udp.checksum", bad: "udp.checksum.bad", hint: " (maybe caused by \"UDP checksum offload\"?)", &r)
        stream = r.field("udp.stream", "Stream index", .uint32, .decimal, needs: [.conversation, .wholeCapture])
        timeRelative = r.field("udp.time_relative", "Time since first frame", .relativeTime, needs: .conversation)
        timeDelta = r.field("udp.time_delta", "Time since previous frame", .relativeTime, needs: .conversation)
        payload = r.field("udp.payload", "Payload", .bytes)
        traceroute = r.expert("udp.possible_traceroute", .sequence, .chat, "Possible traceroute")
        badLength = r.expert("udp.length.bad", .malformed, .error, "Bad length value")
        badZeroLength = r.expert("udp.length.bad_zero", .proto, .warning, "Length is zero but payload < 65536")
        verifies = r.preference("udp.check_checksum", "Validate the UDP checksum if possible", default: false)
        isSummarized = r.preference("udp.summary_in_tree", "Show a summary of the datagram on its own line of the tree", default: true)
        showsTimes = r.preference("udp.calculate_timestamps", "Work out times within the conversation", default: true)
        triesHeuristicsFirst = r.preference("udp.try_heuristic_first", "Try heuristic sub-dissectors first", default: false)
        ports = r.table("udp.port", title: "UDP port")
        heuristics = r.table("udp", title: "UDP heuristic")
        data = r.dissector(named: "data")
        state = r.state("conversations", budget: 16, { UDPConversations(byteLimit: $0) }, measure: { ($0.count, $0.byteCount) }, evicted: { $0.evictedCount })
        facts = r.facts(UDPConversations.Facts.self)
        r.add(r.dissector(self, proto), to: "ip.proto", 17)
    }

    public func dissect(_ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        let layer = reader
        try reader.require(4)
        let top = context.begin(node, reader, byteCount: Header.byteCount)
        context.columns.setProtocol("UDP")
        context.columns.clearInfo()
        let source = try reader.uint16()
        let destination = try reader.uint16()
        addPorts(source, destination, layer, top, &context)
        let stated = Int(try reader.uint16())
        let lengthItem = context.add(length, reader, reader.offset - 2, 2, value: UInt64(stated))
        guard let byteCount = checkedByteCount(stated, layer, lengthItem, &context) else { return }
        let payloadByteCount = max(0, byteCount - Header.byteCount)
        context.appendInfo(" Len=", UInt64(payloadByteCount))
        if stated == 0 { context.columns.appendInfo(" [Jumbogram]") }
        let value = try reader.uint16()
        let body = layer.narrowed(toByteCount: byteCount)
        context.columns.appendInfo(addChecksum(value, body, byteCount, &context))
        let hasPayload = payloadByteCount > 0
        let bound = context.needs(.conversation) ? addConversation(source, destination, body, hasPayload: hasPayload, &context) : nil
        context.noteEndpoints(.udp, context.packet.source, context.packet.destination, ports: (UInt32(source), UInt32(destination)))
        guard hasPayload else { return context.close() }
        var rest = body
        rest.offset = reader.offset
        try rest.require(1)
        addPayload(rest, until: layer.capturedEnd, &context)
        context.close()
        let inner = rest.rest
        context.atTop { handOn(source, destination, bound, inner, &$0) }
    }

    /// The payload: as many bytes as the length field says in its text, all that the packet has in its place.
    private func addPayload(_ rest: Reader, until end: Int, _ context: inout Context) {
        let byteCount = rest.capturedRemaining
        guard byteCount > 0 else { return }
        context.label(context.add(payload, rest, rest.offset, end - rest.offset)) { $0.append("UDP payload", byteCount: byteCount) }
    }

    private func addPorts(_ source: UInt16, _ destination: UInt16, _ layer: Reader, _ top: ItemRef, _ context: inout Context) {
        context.packet.sourcePort = UInt32(source)
        context.packet.destinationPort = UInt32(destination)
        if context.columns.accepts { names.appendInfo(source, destination, &context.columns.info) }
        context.appendLabel(isSummarized ? top : .none) { names.appendLabel(source, destination, &$0) }
        let start = layer.start
        context.kept(sourcePort, layer, start, 4) {
            noteTraceroute(source, $0.add(sourcePort, layer, start, 2, value: UInt64(source)), &$0)
            noteTraceroute(destination, $0.add(destinationPort, layer, start + 2, 2, value: UInt64(destination)), &$0)
            $0.add(port, layer, start, 2, value: UInt64(source), flags: .hidden)
            $0.add(port, layer, start + 2, 2, value: UInt64(destination), flags: .hidden)
        }
    }

    private func noteTraceroute(_ port: UInt16, _ item: ItemRef, _ context: inout Context) {
        guard Self.traceroutePorts.contains(port) else { return }
        let probe = port - Self.traceroutePorts.lowerBound
        context.expert(under: item, traceroute) {
            $0.append("Possible traceroute: hop #")
            $0.append(decimal: probe / 3 + 1)
            $0.append(", attempt #")
            $0.append(decimal: probe % 3 + 1)
        }
    }

    /// Bytes of header and payload as the length field has them, or nil where it leaves no room for the header. A length of 0 is
    /// a jumbogram's, which only IPv6 has: all that there is.
    private func checkedByteCount(_ stated: Int, _ layer: Reader, _ item: ItemRef, _ context: inout Context) -> Int? {
        let available = layer.reportedEnd - layer.start
        if stated == 0, context.packet.source.kind == .ipv6 {
            if available < 65536 { context.expert(under: item, badZeroLength) }
            return available
        }
        let isPart = context.packet.isFragment || layer.isFragment || context.packet.isInError
        if stated >= Header.byteCount, stated <= available || isPart { return stated }
        let isTooShort = stated < Header.byteCount
        context.appendLabel(item) {
            $0.append(isTooShort ? " (bogus, must be >= 8)" : " (bogus, payload length ")
            if isTooShort { return }
            $0.append(decimal: available)
            $0.append(")")
        }
        context.expert(under: item, badLength) {
            $0.append("Bad length value ")
            $0.append(decimal: stated)
            $0.append(isTooShort ? " < 8" : " > IP payload length")
        }
        if context.columns.accepts {
            context.columns.appendInfo(" [BAD UDP LENGTH ")
            context.columns.info.append(decimal: stated)
            context.columns.appendInfo(isTooShort ? " < 8]" : " > IP PAYLOAD LENGTH]")
        }
        return isTooShort ? nil : stated
    }

    /// The checksum over pseudo-header, header and payload; 0 over IPv4 says that there is none. Returns what the Info column says
    /// of it.
    private func addChecksum(_ value: UInt16, _ body: Reader, _ byteCount: Int, _ context: inout Context) -> StaticString {
        let offset = body.start + 6
        if value == 0 {
            let isIllegal = context.packet.source.kind == .ipv6 && !context.packet.isInError
            checksum.addAbsent(body, offset, isIllegal: isIllegal, &context)
            return isIllegal ? " [ILLEGAL CHECKSUM (0)]" : ""
        }
        guard verifies, !context.packet.isFragment, body.capturedEnd - body.start == byteCount else {
            checksum.addUnverified(value, body, offset, &context)
            return ""
        }
        var sum = InternetChecksum()
        sum.addPseudoHeader(context.packet, protocolNumber: 17, byteCount: UInt32(truncatingIfNeeded: body.reportedEnd - body.start))
        sum.add(body.captured(body.start, body.reportedEnd - body.start))
        checksum.addVerified(value, sum, body, offset, &context)
        return sum.isGood ? "" : " [UDP CHECKSUM INCORRECT]"
    }

    /// Returns the dissector that took the conversation over, if one did.
    private func addConversation(
        _ source: UInt16, _ destination: UInt16, _ layer: Reader, hasPayload: Bool, _ context: inout Context
    ) -> DissectorID? {
        var found: UDPConversations.Facts
        if let kept = context.fact(facts) {
            found = kept
        } else {
            let packet = context.packet
            found = context.state.ref(state).value.track(
                source: packet.source, destination: packet.destination, UInt32(source), UInt32(destination), at: context.frame.timestamp,
                isTimed: hasPayload && !packet.isInError)
            if let evicted = context.state.ref(state).value.lastEvicted {
                context.forgetConversation(StreamPosition(transport: proto, conversation: evicted, isReverse: false))
            }
            found.dissector = context.boundDissector(StreamPosition(transport: proto, conversation: found.stream, isReverse: found.isReverse))
            context.keep(facts, found)
        }
        context.packet.stream = StreamPosition(transport: proto, conversation: found.stream, isReverse: found.isReverse)
        guard context.wantsFields(of: proto) else { return found.dissector }
        context.generated(stream, layer, layer.start + 8, value: UInt64(found.stream))
        // As in Wireshark, a datagram without payload has no times.
        guard showsTimes, !context.packet.isInError, hasPayload else { return found.dissector }
        context.heading(layer, layer.start, 0, flags: .generated) { $0.append("Timestamps") }
        context.open()
        context.generated(timeRelative, layer, layer.start, value: UInt64(bitPattern: found.timeRelative))
        context.generated(timeDelta, layer, layer.start, value: UInt64(bitPattern: found.timeDelta))
        context.close()
        return found.dissector
    }

    /// The lower port's dissector first, as the one more likely to be well known.
    private func handOn(_ source: UInt16, _ destination: UInt16, _ bound: DissectorID?, _ payload: Reader, _ context: inout Context) {
        if let bound { return context.run(bound, payload) }
        if triesHeuristicsFirst, context.dispatchHeuristics(heuristics, payload) { return }
        if context.dispatch(ports, UInt32(min(source, destination)), payload) { return }
        if context.dispatch(ports, UInt32(max(source, destination)), payload) { return }
        if !triesHeuristicsFirst, context.dispatchHeuristics(heuristics, payload) { return }
        if let data { context.run(data, payload) }
    }
}

/// The conversations over UDP: their numbers and times.
struct UDPConversations: ~Copyable {
    struct Facts: Sendable {
        var stream: UInt32
        var isReverse: Bool
        /// Nanoseconds since the conversation's first frame, and since the one before.
        var timeRelative: Int64
        var timeDelta: Int64
        /// The dissector that took the conversation over.
        var dissector: DissectorID?
    }

    /// What a conversation takes, in about.
    private static let conversationByteCount = 128

    private var flows: FlowTable
    private var known: [(number: UInt32, first: Timestamp, last: Timestamp)] = []
    private var nextNumber: UInt32 = 0
    /// The conversation that was forgotten for the sake of the last datagram's.
    private(set) var lastEvicted: UInt32?

    init(byteLimit: Int) { flows = FlowTable(limit: byteLimit / Self.conversationByteCount) }

    var count: Int { known.count }
    var evictedCount: Int { flows.evictedCount }
    var byteCount: Int { flows.byteCount + known.storageByteCount }

    /// - Parameter isTimed: whether the datagram's time counts: not where an error message quotes it, nor without payload.
    mutating func track(
        source: Address, destination: Address, _ sourcePort: UInt32, _ destinationPort: UInt32, at time: Timestamp, isTimed: Bool
    ) -> Facts {
        let match = flows.find(source: source, destination: destination, sourcePort: sourcePort, destinationPort: destinationPort)
        let flow = Int(match.flow)
        lastEvicted = nil
        if match.isNew {
            if flow < known.count {
                lastEvicted = known[flow].number
                known[flow] = (nextNumber, time, time)
            } else {
                known.append((nextNumber, time, time))
            }
            nextNumber &+= 1
        }
        let facts = Facts(
            stream: known[flow].number, isReverse: match.isReverse, timeRelative: (time - known[flow].first).totalNanoseconds,
            timeDelta: (time - known[flow].last).totalNanoseconds)
        if isTimed { known[flow].last = time }
        return facts
    }
}
