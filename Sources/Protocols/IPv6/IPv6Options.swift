import Dissection
import Wire

/// The options of hop-by-hop and destination options headers (RFC 8200, section 4.2; IANA's registry names the rest).
///
///     +---------------+---------------+- - - - - - -
///     |  Option Type  | Opt Data Len  |  Option Data
///     +---------------+---------------+- - - - - - -
///
/// Of in-situ OAM the trace options are decoded (IPv6TraceOption.swift).
struct IPv6Options: Sendable {
    /// Option types, with the two bits of action and the bit of change that they hold.
    enum Kind {
        static let pad1: UInt8 = 0
        static let padN: UInt8 = 1
        static let tunnelLimit: UInt8 = 4
        static let routerAlert: UInt8 = 5
        static let calipso: UInt8 = 7
        static let duplicateDetection: UInt8 = 8
        static let metrics: UInt8 = 15
        static let quickStart: UInt8 = 0x26
        static let pathMTU: UInt8 = 0x30
        static let inSitu: UInt8 = 0x31
        static let tunnelForwarding: UInt8 = 0x41
        static let rpl: UInt8 = 0x63
        static let mpl: UInt8 = 0x6d
        static let endpoint: UInt8 = 0x8a
        static let nonce: UInt8 = 0x8b
        static let lineID: UInt8 = 0x8c
        static let jumbo: UInt8 = 0xc2
        static let homeAddress: UInt8 = 0xc9
        static let depthFirst: UInt8 = 0xee
        static let experimental: [UInt8] = [0x1e, 0x3e, 0x5e, 0x7e, 0x9e, 0xbe, 0xde, 0xfe]
    }

    /// One option at hand.
    struct Option {
        let kind: UInt8
        let byteCount: Int
        /// Where the option's data ends, as its length says.
        let end: Int
        let item: ItemRef
        let typeItem: ItemRef
        let lengthItem: ItemRef
    }

    private let node, type, action, change, rest, length, pad1, padN, routerAlert, tunnelLimit, jumbo, forwarding, homeAddress: FieldID
    private let nonce, lineIDLength, lineID, experimental, unknownData, unknown: FieldID
    private let jumboProhibited, jumboTooShort, invalidLength, unknownExpert, mismatch, deprecated: ExpertID
    private let wide: IPv6WideOptions
    private let trace: IPv6TraceOption

    init(registering r: inout Registrar) {
        node = r.field("ipv6.opt", "IPv6 Option", .none)
        type = r.field("ipv6.opt.type", "Type", .uint8, .hex, strings: Self.names)
        action = r.field("ipv6.opt.type.action", "Action", .uint8, .decimal, strings: Self.actionNames, mask: 0xc0)
        change = r.flag("ipv6.opt.type.change", "May Change", wordBits: 8, mask: 0x20, "Yes", "No")
        rest = r.field("ipv6.opt.type.rest", "Low-Order Bits", .uint8, .hex, mask: 0x1f)
        length = r.field("ipv6.opt.length", "Length", .uint8, .decimal)
        pad1 = r.field("ipv6.opt.pad1", "Pad1", .none)
        padN = r.field("ipv6.opt.padn", "PadN", .bytes)
        routerAlert = r.field(
            "ipv6.opt.router_alert", "Router Alert", .uint16, .decimal, strings: ValueStrings([(0, "MLD"), (1, "RSVP"), (2, "Active Network")]))
        tunnelLimit = r.field("ipv6.opt.tel", "Tunnel Encapsulation Limit", .uint8, .decimal)
        jumbo = r.field("ipv6.opt.jumbo", "Payload Length", .uint32, .decimal)
        forwarding = r.field("ipv6.opt.tpf_information", "TPF Information", .uint32, .hex)
        homeAddress = r.field("ipv6.opt.mipv6.home_address", "MIPv6 Home Address", .ipv6)
        nonce = r.field("ipv6.opt.ilnp_nonce", "ILNP Nonce", .bytes)
        lineIDLength = r.field("ipv6.opt.lio.length", "LineIDLen", .uint8, .decimal)
        lineID = r.field("ipv6.opt.lio.line_id", "Line ID", .string)
        experimental = r.field("ipv6.opt.experimental", "Experimental Option", .bytes)
        unknownData = r.field("ipv6.opt_unknown_data", "Unknown Data", .bytes)
        unknown = r.field("ipv6.opt.unknown", "Unknown Option Payload", .bytes)
        jumboProhibited = r.expert(
            "ipv6.opt.jumbo.prohibited", .proto, .warning,
            "When IPv6 payload length does not equal 0 a Jumbo Payload option must not be present")
        jumboTooShort = r.expert("ipv6.opt.jumbo.truncated", .proto, .warning, "Jumbo Payload option present and jumbo length < 65536")
        invalidLength = r.expert("ipv6.opt.invalid_len", .malformed, .error, "Invalid IPv6 option length")
        unknownExpert = r.expert("ipv6.opt.unknown_data.expert", .undecoded, .note, "Unknown Data (not interpreted)")
        mismatch = r.expert("ipv6.opt.header_mismatch", .proto, .warning, "Wrong options extension header for type")
        deprecated = r.expert("ipv6.opt.deprecated", .deprecated, .note, "Option type is deprecated")
        wide = IPv6WideOptions(registering: &r)
        trace = IPv6TraceOption(invalidLength, registering: &r)
    }

    private static let actionNames = ValueStrings([
        (0, "Skip and continue"), (1, "Discard"), (2, "Discard and send ICMP Parameter Problem"), (3, "Discard and send ICMP if not multicast"),
    ])

    static let names = ValueStrings([
        (0, "Pad1"), (1, "PadN"), (4, "Tunnel Encapsulation Limit"), (5, "Router Alert"), (7, "CALIPSO"), (8, "SMF_DPD"),
        (15, "Performance and Diagnostic Metrics"), (0x1e, "Experimental (0x1E)"), (0x26, "Quick-Start"), (0x30, "Path MTU Option"),
        (0x31, "IOAM Option"), (0x3e, "Experimental (0x3E)"), (0x41, "Tunnel Payload Forwarding (TPF) Information"),
        (0x5e, "Experimental (0x5E)"), (0x63, "RPL Option"), (0x6d, "MPL Option"), (0x7e, "Experimental (0x7E)"),
        (0x8a, "Endpoint Identification"), (0x8b, "ILNP Nonce"), (0x8c, "Line-Identification Option"), (0x9e, "Experimental (0x9E)"),
        (0xbe, "Experimental (0xBE)"), (0xc2, "Jumbo Payload"), (0xc9, "Home Address"), (0xde, "Experimental (0xDE)"), (0xee, "IP_DFF"),
        (0xfe, "Experimental (0xFE)"),
    ])

    /// Decodes options until `end` is reached. The last may reach past it.
    func dissect(
        _ reader: inout Reader, upTo end: Int, inHopByHop: Bool, _ chain: inout IPv6Chain, _ context: inout Context
    ) throws(DissectionError) {
        // Each round takes at least one byte.
        while reader.offset < end {
            let start = reader.offset
            try reader.require(2)
            let kind = reader.bytes[start]
            let size = Int(reader.bytes[start + 1])
            let item = context.add(node, reader, start, min(2 + size, reader.capturedRemaining))
            context.label(item) { Self.appendName(kind, &$0) }
            context.open()
            let typeItem = addType(kind, inHopByHop: inHopByHop, reader, &context)
            reader.offset += 1
            if kind == Kind.pad1 {
                context.add(pad1, reader, start, 1)
            } else {
                reader.offset += 1
                let lengthItem = addLength(kind, size, reader, &context)
                let option = Option(
                    kind: kind, byteCount: size, end: start + 2 + size, item: item, typeItem: typeItem, lengthItem: lengthItem)
                try dissect(option, &reader, &chain, &context)
                try addRemainder(option, &reader, &context)
            }
            context.close()
        }
    }

    private static func appendName(_ kind: UInt8, _ text: inout TextBuffer) {
        if let name = names.name(of: UInt64(kind)) {
            text.append(name)
        } else {
            text.append("Unknown IPv6 Option (")
            text.append(decimal: kind)
            text.append(")")
        }
    }

    // MARK: Type and length

    private func addType(_ kind: UInt8, inHopByHop: Bool, _ reader: Reader, _ context: inout Context) -> ItemRef {
        let item = context.add(type, reader, reader.offset, 1, value: UInt64(kind))
        context.open()
        checkPlace(kind, inHopByHop: inHopByHop, &context)
        if kind != Kind.pad1 {
            context.bits(action, reader, reader.offset, 1, word: UInt64(kind))
            context.bits(change, reader, reader.offset, 1, word: UInt64(kind))
            context.bits(rest, reader, reader.offset, 1, word: UInt64(kind))
        }
        if kind == Kind.endpoint { context.expert(deprecated) }
        context.close()
        return item
    }

    private func checkPlace(_ kind: UInt8, inHopByHop: Bool, _ context: inout Context) {
        let belongsInHopByHop: Bool
        switch kind {
        case Kind.tunnelLimit, Kind.metrics, Kind.tunnelForwarding, Kind.nonce, Kind.lineID, Kind.homeAddress: belongsInHopByHop = false
        case Kind.routerAlert, Kind.calipso, Kind.duplicateDetection, Kind.quickStart, Kind.pathMTU, Kind.inSitu, Kind.rpl, Kind.mpl,
            Kind.jumbo, Kind.depthFirst:
            belongsInHopByHop = true
        default: return
        }
        guard belongsInHopByHop != inHopByHop else { return }
        context.expert(mismatch) {
            Self.appendName(kind, &$0)
            $0.append(belongsInHopByHop ? " must use a hop-by-hop options header" : " must use a destination options header")
        }
    }

    private func addLength(_ kind: UInt8, _ size: Int, _ reader: Reader, _ context: inout Context) -> ItemRef {
        let item = context.add(length, reader, reader.offset - 1, 1, value: UInt64(size))
        guard let wrong = Self.wrongLength(kind, size) else { return item }
        context.expert(under: item, invalidLength) {
            $0.append(wrong)
            $0.append(" (")
            $0.append(decimal: size)
            $0.append(" bytes)")
        }
        return item
    }

    /// The words for a length that does not fit the option type.
    private static func wrongLength(_ kind: UInt8, _ size: Int) -> StaticString? {
        switch kind {
        case Kind.tunnelLimit: size == 1 ? nil : "Tunnel Encapsulation Limit: Invalid length"
        case Kind.routerAlert: size == 2 ? nil : "Router alert: Invalid Length"
        case Kind.calipso: size >= 8 ? nil : "CALIPSO: Invalid Length"
        case Kind.metrics: size == 10 ? nil : "PDM: Invalid length"
        case Kind.quickStart: size == 6 ? nil : "Quick-Start: Invalid Length"
        case Kind.pathMTU: size == 4 ? nil : "PMTU Option: Invalid Length"
        case Kind.inSitu: size >= 2 ? nil : "IOAM Option: Invalid length"
        case Kind.tunnelForwarding: size == 4 ? nil : "TPF: Invalid Length"
        case Kind.rpl: size >= 4 ? nil : "RPL Option: Invalid length"
        case Kind.jumbo: size == 4 ? nil : "Jumbo Payload: Invalid length"
        case Kind.homeAddress: size == 16 ? nil : "Home Address: Invalid length"
        case Kind.depthFirst: size == 3 ? nil : "IPv6 DFF: Invalid length"
        default: nil
        }
    }

    // MARK: Data

    private func dissect(
        _ option: Option, _ reader: inout Reader, _ chain: inout IPv6Chain, _ context: inout Context
    ) throws(DissectionError) {
        switch option.kind {
        case Kind.padN:
            let item = try context.addBytes(padN, option.byteCount, &reader)
            if option.byteCount == 0 { context.valueLabel(item) { $0.append("<none>") } }
        case Kind.tunnelLimit: try context.uint8(tunnelLimit, &reader)
        case Kind.routerAlert: try context.uint16(routerAlert, &reader)
        case Kind.tunnelForwarding: try context.uint32(forwarding, &reader)
        case Kind.nonce: try context.addBytes(nonce, option.byteCount, &reader)
        case Kind.lineID:
            let stated = Int(try context.uint8(lineIDLength, &reader))
            try context.addBytes(lineID, max(0, min(stated, option.end - reader.offset)), &reader)
        case Kind.jumbo: try addJumbo(&reader, chain, &context)
        case Kind.homeAddress:
            let address = try reader.ipv6Address()
            context.add(homeAddress, reader, reader.offset - 16, 16)
            chain.setSource(address, &context)
        case Kind.calipso: try wide.addCALIPSO(&reader, &context)
        case Kind.duplicateDetection: try wide.addDuplicateDetection(option, &reader, &context)
        case Kind.metrics: try wide.addMetrics(&reader, &context)
        case Kind.quickStart: try wide.addQuickStart(option, &reader, chain.hopLimit, &context)
        case Kind.pathMTU: try wide.addPathMTU(&reader, &context)
        case Kind.rpl: try wide.addRPL(&reader, &context)
        case Kind.mpl: try wide.addMPL(option, &reader, &context)
        case Kind.depthFirst: try wide.addDepthFirst(&reader, &context)
        case Kind.inSitu: try trace.dissect(option, &reader, &context)
        case _ where Kind.experimental.contains(option.kind): try context.addBytes(experimental, option.byteCount, &reader)
        default: context.expert(under: try context.addBytes(unknown, option.byteCount, &reader), unknownExpert)
        }
    }

    private func addJumbo(_ reader: inout Reader, _ chain: IPv6Chain, _ context: inout Context) throws(DissectionError) {
        let value = try reader.uint32()
        let item = context.add(jumbo, reader, reader.offset - 4, 4, value: UInt64(value))
        if value < JumboPayload.smallest { context.expert(under: item, jumboTooShort) }
        if chain.hasPayloadLength { context.expert(jumboProhibited) }
    }

    /// Adds what of the option's data was not taken.
    private func addRemainder(_ option: Option, _ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        let count = option.end - reader.offset
        guard count > 0 else { return }
        context.expert(under: try context.addBytes(unknownData, count, &reader), unknownExpert)
    }
}

/// The Jumbo Payload option (RFC 2675, section 2), which must be known before the rest of its packet.
enum JumboPayload {
    static let smallest: UInt32 = 65536

    /// The payload length that the option holds, if the hop-by-hop options header at the reader's offset has a valid one.
    static func find(_ reader: Reader) -> Int? {
        var options = reader.rest
        guard let units = options.peek(1) else { return nil }
        options = options.next((Int(units) + 1) * 8)
        var position = 2
        // Each round goes on by at least one byte.
        while let kind = options.peek(position) {
            guard kind != IPv6Options.Kind.pad1 else {
                position += 1
                continue
            }
            guard let size = options.peek(position + 1) else { return nil }
            if kind == IPv6Options.Kind.jumbo, size == 4, let value = options.peek32(position + 2), value >= smallest { return Int(value) }
            position += 2 + Int(size)
        }
        return nil
    }
}
