import Dissection
import Wire

/// TCP options that are seldom seen: echo (RFC 1072), connection counts (RFC 1644), MD5 signature (RFC 2385), Quick-Start's
/// answer (RFC 4782, section 4.2), user timeout (RFC 5482), authentication (RFC 5925), Fast Open (RFC 7413), accurate ECN
/// (draft-ietf-tcpm-accurate-ecn), and experiments (RFC 6994), among them the ACK rate request (draft-gomez-tcpm-ack-rate-request).
struct TCPRareOptions: Sendable {
    enum Kind {
        static let echo: UInt8 = 6
        static let echoReply: UInt8 = 7
        static let connectionCount: UInt8 = 11
        static let newConnectionCount: UInt8 = 12
        static let echoedConnectionCount: UInt8 = 13
        static let signature: UInt8 = 19
        static let quickStart: UInt8 = 27
        static let userTimeout: UInt8 = 28
        static let authentication: UInt8 = 29
        static let fastOpen: UInt8 = 34
        static let accurateECN0: UInt8 = 172
        static let accurateECN1: UInt8 = 174
        static let experiment1: UInt8 = 253
        static let experiment2: UInt8 = 254
    }

    /// Numbers of experiments (IANA's TCP ExIDs) that are decoded.
    private enum Experiment {
        static let ackRate: UInt16 = 0x00ac
        static let accurateECN0: UInt16 = 0xacc0
        static let accurateECN1: UInt16 = 0xacc1
        static let fastOpen: UInt16 = 0xf989
    }

    let shapes: [UInt8: TCPOptions.Shape]
    private let echoValue, connectionCount, digest, quickStartRate, quickStartDifference, timeoutGranularity, timeout: FieldID
    private let keyIdentifier, nextKeyIdentifier, authenticator, cookieRequest, cookie: FieldID
    private let byteCounter0, congestedByteCounter, byteCounter1: FieldID
    private let experiment, experimentData, ackRate, ackRateReserved: FieldID
    private let badLength, cookieInSyn: ExpertID

    init(badLength: ExpertID, registering r: inout Registrar) {
        self.badLength = badLength
        echoValue = r.field("tcp.options.echo_value", "TCP Echo Option", .uint32, .decimal)
        connectionCount = r.field("tcp.options.cc_value", "TCP CC Option", .uint32, .decimal)
        digest = r.field("tcp.options.md5.digest", "MD5 digest", .bytes)
        quickStartRate = r.field("tcp.options.qs.rate", "QS Rate", .uint8, .decimal, strings: QuickStart.rates, mask: 0x0f)
        quickStartDifference = r.field("tcp.options.qs.ttl_diff", "QS Rate", .uint8, .decimal)
        timeoutGranularity = r.flag("tcp.options.user_to_granularity", "Granularity", wordBits: 16, mask: 0x8000, "Minutes", "Seconds")
        timeout = r.field("tcp.options.user_to_val", "User Timeout", .uint16, .decimal, mask: 0x7fff)
        keyIdentifier = r.field("tcp.options.ao.keyid", "AO KeyID", .uint8, .decimal)
        nextKeyIdentifier = r.field("tcp.options.ao.rnextkeyid", "AO RNextKeyID", .uint8, .decimal)
        authenticator = r.field("tcp.options.ao.mac", "AO MAC", .bytes)
        cookieRequest = r.field("tcp.options.tfo.request", "Fast Open Cookie Request", .none)
        cookie = r.field("tcp.options.tfo.cookie", "Fast Open Cookie", .bytes)
        byteCounter0 = r.field("tcp.options.acc_ecn.ee0b", "Accurate ECN Echo ECT(0) Byte Counter", .uint24, .decimal)
        congestedByteCounter = r.field("tcp.options.acc_ecn.eceb", "Accurate ECN Echo CE Byte Counter", .uint24, .decimal)
        byteCounter1 = r.field("tcp.options.acc_ecn.ee1b", "Accurate ECN Echo ECT(1) Byte Counter", .uint24, .decimal)
        experiment = r.field("tcp.options.experimental.exid", "Experiment Identifier", .uint16, .hex, strings: Self.experiments)
        experimentData = r.field("tcp.options.experimental.data", "Data", .bytes)
        ackRate = r.field("tcp.options.tarr.rate", "TARR Rate", .uint8, .decimal, mask: 0xfe)
        ackRateReserved = r.field("tcp.options.tar.reserved", "TARR Reserved", .uint8, .decimal, mask: 0x01)
        cookieInSyn = r.expert("tcp.analysis.tfo_syn", .sequence, .note, "TCP SYN with TFO Cookie")
        shapes = Self.registerShapes(&r)
    }

    private static func registerShapes(_ r: inout Registrar) -> [UInt8: TCPOptions.Shape] {
        var shapes: [UInt8: TCPOptions.Shape] = [:]
        func add(_ suffix: String, _ title: StaticString, byteCount: Int? = nil, _ kinds: [(UInt8, StaticString)], _ r: inout Registrar) {
            let field = r.field("tcp.options." + suffix, "TCP Option - \(title)", .bytes, isOwnProtocol: true)
            for (kind, name) in kinds { shapes[kind] = TCPOptions.Shape(name: name, title: title, field: field, byteCount: byteCount) }
        }
        add("echo", "Echo", byteCount: 6, [(Kind.echo, "Echo"), (Kind.echoReply, "Echo reply")], &r)
        add("cc", "CC", byteCount: 6, [(Kind.connectionCount, "CC"), (Kind.newConnectionCount, "CC.NEW"), (Kind.echoedConnectionCount, "CC.ECHO")], &r)
        add("md5", "TCP MD5 signature", byteCount: 18, [(Kind.signature, "TCP MD5 signature")], &r)
        add("qs", "Quick-Start", byteCount: 8, [(Kind.quickStart, "Quick-Start")], &r)
        add("user_to", "User Timeout", byteCount: 4, [(Kind.userTimeout, "User Timeout")], &r)
        add("ao", "TCP AO", [(Kind.authentication, "TCP AO")], &r)
        add("tfo", "TCP Fast Open", [(Kind.fastOpen, "TCP Fast Open")], &r)
        add("acc_ecn", "Accurate ECN", [(Kind.accurateECN0, "Accurate ECN"), (Kind.accurateECN1, "Accurate ECN")], &r)
        add("experimental", "Experimental", [(Kind.experiment1, "Experimental"), (Kind.experiment2, "Experimental")], &r)
        return shapes
    }

    func addContent(
        _ place: TCPOptionPlace, _ reader: inout Reader, _ segment: TCPOptionSegment, _ context: inout Context
    ) throws(DissectionError) {
        switch place.kind {
        case Kind.echo, Kind.echoReply: try addEcho(place, &reader, &context)
        case Kind.connectionCount, Kind.newConnectionCount, Kind.echoedConnectionCount:
            context.appendInfo(" CC=", UInt64(try context.uint32(connectionCount, &reader)))
        case Kind.signature: context.add(digest, reader, reader.offset, reader.remaining)
        case Kind.quickStart: try addQuickStart(&reader, &context)
        case Kind.userTimeout: try addTimeout(&reader, &context)
        case Kind.authentication: try addAuthentication(place, &reader, &context)
        case Kind.fastOpen: addFastOpen(reader, segment, &context)
        case Kind.accurateECN0, Kind.accurateECN1:
            try addCounters(place, isOrder1: place.kind == Kind.accurateECN1, &reader, &context)
        default: try addExperiment(place, &reader, segment, &context)
        }
    }

    private func addEcho(_ place: TCPOptionPlace, _ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        let value = try context.uint32(echoValue, &reader)
        context.appendLabel(place.item) {
            $0.append(": ")
            $0.append(decimal: value)
        }
        context.appendInfo(" ECHO=", UInt64(value))
    }

    private func addQuickStart(_ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        let word = try reader.uint8()
        context.bits(quickStartRate, reader, reader.offset - 1, 1, word: UInt64(word))
        try context.uint8(quickStartDifference, &reader)
        context.columns.appendInfo(" QSresp=")
        context.columns.appendInfo(QuickStart.rates.name(of: UInt64(word & 0xf)) ?? "")
    }

    private func addTimeout(_ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        let word = UInt64(try reader.uint16())
        context.bits(timeoutGranularity, reader, reader.offset - 2, 2, word: word)
        context.bits(timeout, reader, reader.offset - 2, 2, word: word)
        context.appendInfo(" USER_TO=", word & 0x7fff)
    }

    private func addAuthentication(_ place: TCPOptionPlace, _ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        context.columns.appendInfo("TCP AO")
        guard reader.remaining >= 2 else {
            return context.expert(under: place.lengthItem, badLength) { $0.append("option length should be >= than 4") }
        }
        try context.uint8(keyIdentifier, &reader)
        try context.uint8(nextKeyIdentifier, &reader)
        if reader.remaining > 0 { context.add(authenticator, reader, reader.offset, reader.remaining) }
    }

    /// A cookie, or nothing where one is asked for (RFC 7413, section 4.1.1).
    private func addFastOpen(_ reader: Reader, _ segment: TCPOptionSegment, _ context: inout Context) {
        guard reader.remaining > 0 else {
            context.add(cookieRequest, reader, reader.offset - 2, 2)
            return context.columns.appendInfo(" TFO=R")
        }
        let item = context.add(cookie, reader, reader.offset, reader.remaining)
        if segment.header.has(.syn), !segment.header.has(.ack) { context.expert(under: item, cookieInSyn) }
        context.columns.appendInfo(" TFO=C")
    }

    // MARK: Accurate ECN

    /// Up to three counters of bytes by ECN codepoint, in one of two orders.
    private func addCounters(
        _ place: TCPOptionPlace, isOrder1: Bool, _ reader: inout Reader, _ context: inout Context
    ) throws(DissectionError) {
        let headerByteCount = reader.position
        let isExperiment = headerByteCount == 4
        guard reader.remaining % 3 == 0, reader.remaining <= 9 else {
            let count = reader.remaining + headerByteCount
            return context.expert(under: place.lengthItem, badLength) {
                $0.append(isExperiment ? "option length should be 4, 7, 10, or 13 instead of " : "option length should be 2, 5, 8, or 11 instead of ")
                $0.append(decimal: count)
            }
        }
        if isExperiment { context.appendLabel(place.item) { $0.append(": Accurate ECN") } }
        guard reader.remaining > 0 else { return context.columns.appendInfo(" AccECN") }
        context.appendLabel(place.item) { $0.append(isOrder1 ? " (Order 1): " : " (Order 0): ") }
        let first = (byteCounter0, " EE0B=" as StaticString, "EE0B " as StaticString)
        let middle = (congestedByteCounter, " ECEB=" as StaticString, "ECEB " as StaticString)
        let last = (byteCounter1, " EE1B=" as StaticString, "EE1B " as StaticString)
        var separator: StaticString = ""
        for (field, infoName, name) in isOrder1 ? [last, middle, first] : [first, middle, last] where reader.remaining > 0 {
            let value = try context.uint24(field, &reader)
            context.appendLabel(place.item) {
                $0.append(separator)
                $0.append(name)
                $0.append(decimal: value)
            }
            context.appendInfo(infoName, UInt64(value))
            separator = ", "
        }
    }

    // MARK: Experiments

    private func addExperiment(
        _ place: TCPOptionPlace, _ reader: inout Reader, _ segment: TCPOptionSegment, _ context: inout Context
    ) throws(DissectionError) {
        guard reader.remaining >= 2 else {
            let count = reader.remaining + 2
            return context.expert(under: place.lengthItem, badLength) {
                $0.append("option length ")
                $0.append(decimal: count)
                $0.append(" smaller than 4")
            }
        }
        let number = try context.uint16(experiment, &reader)
        context.appendLabel(place.item) {
            $0.append(": ")
            $0.append(Self.experiments.name(of: UInt64(number)) ?? "Unknown")
        }
        switch number {
        case Experiment.fastOpen: addFastOpen(reader, segment, &context)
        case Experiment.accurateECN0, Experiment.accurateECN1:
            try addCounters(place, isOrder1: number == Experiment.accurateECN1, &reader, &context)
        case Experiment.ackRate: try addAckRate(place, &reader, &context)
        default:
            if reader.remaining > 0 { context.add(experimentData, reader, reader.offset, reader.remaining) }
            if context.columns.accepts {
                context.columns.info.append(" ExID=")
                context.columns.info.append(hex: UInt64(number), upperCase: true)
            }
        }
    }

    private func addAckRate(_ place: TCPOptionPlace, _ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        if reader.remaining == 0 { return context.columns.appendInfo(" TARR") }
        guard reader.remaining == 1 else {
            let count = reader.remaining + reader.position
            return context.expert(under: place.lengthItem, badLength) {
                $0.append("option length should be 4 or 5 instead of ")
                $0.append(decimal: count)
            }
        }
        let word = UInt64(try reader.uint8())
        context.bits(ackRate, reader, reader.offset - 1, 1, word: word)
        context.bits(ackRateReserved, reader, reader.offset - 1, 1, word: word)
        context.appendLabel(place.item) {
            $0.append(" ")
            $0.append(decimal: word >> 1)
        }
        context.appendInfo(" TARR=", word >> 1)
    }

    private static let experiments = ValueStrings([
        (0x00ac, "TCP ACK Rate Request"), (0x0348, "Host ID"), (0x0a0d, "Autonomous System Compensation"), (0x0ca0, "Capability Option"),
        (0x0ed0, "Extended Data Offset"), (0x454e, "Encryption Negotiation"), (0x5323, "Service Number"), (0x75ec, "Timestamp Interval"),
        (0xacc0, "Accurate ECN - Order 0"), (0xacc1, "Accurate ECN - Order 1"), (0xacce, "Accurate ECN"),
        (0xe2d4, "Shared Memory communications over RMDA protocol"), (0xf989, "Fast Open"), (0xf990, "Low Latency"),
    ])
}
