import Dissection
import Registries
import Streams
import Wire

/// What the headers of one IPv6 packet share, from the fixed header to the last extension header.
struct IPv6Chain {
    /// The number of the header at hand.
    var nextHeader: UInt8
    /// IPv6's own node, which grows by each extension header; none where the headers follow another protocol.
    let node: ItemRef
    /// Whether nothing stands between the fixed header and the one at hand.
    var isFirst: Bool
    let isJumbogram: Bool
    let hasPayloadLength: Bool
    let hopLimit: UInt8
    var source: Address
    var destination: Address

    init(_ header: IPv6.Header, node: ItemRef, isJumbogram: Bool) {
        nextHeader = header.nextHeader
        self.node = node
        isFirst = true
        self.isJumbogram = isJumbogram
        hasPayloadLength = header.payloadByteCount != 0
        hopLimit = header.hopLimit
        source = header.source
        destination = header.destination
    }

    /// Whether the addresses are IPv6's, so that headers may name others.
    var hasAddresses: Bool { source.kind == .ipv6 }

    /// Sets the address that the packet is routed to in the end.
    mutating func setDestination(_ address: Address, _ context: inout Context) {
        guard hasAddresses else { return }
        destination = address
        context.setNetworkAddresses(source: source, destination: address)
    }

    /// Sets the address that the packet's sender has at home.
    mutating func setSource(_ address: Address, _ context: inout Context) {
        guard hasAddresses else { return }
        source = address
        context.setNetworkAddresses(source: address, destination: destination)
    }

    /// Headers that follow something other than IPv6's fixed header.
    init(nextHeader: UInt8, _ packet: PacketInfo) {
        self.nextHeader = nextHeader
        node = .none
        isFirst = false
        isJumbogram = false
        hasPayloadLength = true
        hopLimit = packet.timeToLive ?? 0
        source = packet.source
        destination = packet.destination
    }
}

/// The extension headers of IPv6 (RFC 8200, section 4), one after another.
final class IPv6Extensions: Sendable {
    /// Headers in a chain, at most. RFC 8200 has each occur once, destination options twice.
    static let headerLimit = 100

    private let hopByHop, destination: IPv6OptionsHeader
    private let routing: IPv6RoutingHeader
    private let fragment: IPv6FragmentHeader
    private let authentication: AuthenticationHeader
    private let hopByHopLayer, destinationLayer, routingLayer, fragmentLayer, authenticationLayer: DissectorID
    private let data: DissectorID?

    /// - Parameter ipv6: the protocol whose options the headers show.
    init(of ipv6: ProtocolID, registering r: inout Registrar) {
        /// What the header that was registered last leads to, wherever it stands.
        func noteContents() {
            r.addsFields(of: ipv6)
            _ = r.table("ip.proto")
        }
        let options = IPv6Options(registering: &r)
        let fragmentReassembly = IPv6FragmentHeader.reassembly(registering: &r)
        data = r.dissector(named: "data")
        hopByHop = IPv6OptionsHeader("ipv6.hopopts", "IPv6 Hop-by-Hop Option", short: "IPv6 Hop-by-Hop", options, isHopByHop: true, &r)
        hopByHopLayer = r.dissector(NamedLayer(), hopByHop.proto)
        noteContents()
        routing = IPv6RoutingHeader(registering: &r)
        routingLayer = r.dissector(NamedLayer(), routing.proto)
        noteContents()
        fragment = IPv6FragmentHeader(fragmentReassembly, registering: &r)
        fragmentLayer = r.dissector(NamedLayer(), fragment.proto)
        noteContents()
        destination = IPv6OptionsHeader("ipv6.dstopts", "Destination Options for IPv6", short: "IPv6 Destination", options, isHopByHop: false, &r)
        destinationLayer = r.dissector(NamedLayer(), destination.proto)
        noteContents()
        authentication = AuthenticationHeader(registering: &r)
        authenticationLayer = r.dissector(NamedLayer(), authentication.proto)
        noteContents()
    }

    /// Makes the headers known to other protocols that name them by number.
    func register(_ following: IPv6Payload, _ r: inout Registrar) {
        for (number, proto) in [
            (NextHeader.hopByHop, hopByHop.proto), (NextHeader.routing, routing.proto), (NextHeader.fragment, fragment.proto),
            (NextHeader.destination, destination.proto), (NextHeader.authentication, authentication.proto),
        ] {
            r.add(r.dissector(IPv6LooseHeader(number: number, extensions: self, following: following), proto), to: "ip.proto", UInt32(number))
        }
    }

    private func layer(of number: UInt8) -> DissectorID? {
        switch number {
        case NextHeader.hopByHop: hopByHopLayer
        case NextHeader.routing: routingLayer
        case NextHeader.fragment: fragmentLayer
        case NextHeader.destination: destinationLayer
        case NextHeader.authentication: authenticationLayer
        default: nil
        }
    }

    /// Decodes the extension headers at the start of `payload`. Returns what follows them, or nil where there is nothing to
    /// go on with: an error was marked, or a fragment waits for others.
    /// - Parameter isEntered: whether the first header is named in the frame's layers already.
    func dissect(_ chain: inout IPv6Chain, _ payload: Reader, isEntered: Bool = false, _ context: inout Context) -> Reader? {
        var rest = payload
        // Where the last header ends that stands in the packet itself, not in what was put together.
        var end = payload.offset
        var headerCount = 0
        while let id = layer(of: chain.nextHeader) {
            if headerCount > 0 || !isEntered { context.noteLayer(id) }
            headerCount += 1
            let depth = context.depth
            do throws(DissectionError) {
                guard headerCount <= Self.headerLimit else { throw DissectionError(.limit, offset: rest.offset, byteCount: 0) }
                guard let next = try dissectHeader(&chain, rest, &context) else { return nil }
                if rest.source == payload.source { end = next.source == rest.source ? next.offset : rest.offset + IPv6FragmentHeader.byteCount }
                rest = next
            } catch {
                context.depth = context.baseDepth
                context.mark(error, in: id)
                context.depth = depth
                return nil
            }
            chain.isFirst = false
        }
        context.extend(chain.node, to: end)
        return rest
    }

    /// Decodes one header. Returns what follows it, or nil for a fragment that waits for others.
    private func dissectHeader(_ chain: inout IPv6Chain, _ rest: Reader, _ context: inout Context) throws(DissectionError) -> Reader? {
        var reader = rest
        switch chain.nextHeader {
        case NextHeader.hopByHop: try hopByHop.dissect(&reader, &chain, &context)
        case NextHeader.destination: try destination.dissect(&reader, &chain, &context)
        case NextHeader.routing: try routing.dissect(&reader, &chain, &context)
        case NextHeader.authentication: chain.nextHeader = try authentication.dissect(&reader, &context)
        default:
            let header = try fragment.dissect(&reader, chain, &context)
            let isAlone = header.offset == 0 && !header.hasMore
            chain.nextHeader = header.nextHeader
            if !isAlone {
                guard let whole = fragment.reassemble(header, reader.rest, chain, at: rest.offset, &context) else {
                    if let data { context.run(data, reader.rest) }
                    return nil
                }
                return whole
            }
        }
        return reader.rest
    }
}

/// An extension header that another protocol names, with the headers after it: all stand beside that protocol.
private struct IPv6LooseHeader: Dissector {
    let number: UInt8
    let extensions: IPv6Extensions
    let following: IPv6Payload

    func dissect(_ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        var chain = IPv6Chain(nextHeader: number, context.packet)
        guard let rest = extensions.dissect(&chain, reader, isEntered: true, &context) else { return }
        if number == NextHeader.authentication {
            following.handOnSilently(chain.nextHeader, rest, &context)
        } else {
            following.handOn(chain.nextHeader, rest, &context)
        }
    }
}

/// What follows the headers of an IPv6 packet.
final class IPv6Payload: Sendable {
    private let protocols, heuristics: TableID
    private let data: DissectorID?

    init(registering r: inout Registrar) {
        protocols = r.table("ip.proto")
        heuristics = r.table("ip", title: "IP heuristic")
        data = r.dissector(named: "data")
    }

    /// Hands on what follows IPv6.
    func handOn(_ number: UInt8, _ payload: Reader, _ context: inout Context) {
        if number == NextHeader.none {
            context.columns.setInfo("IPv6 no next header")
        } else {
            if dispatch(number, payload, &context) { return }
            if context.columns.accepts {
                context.columns.setInfo("Unknown IP Protocol: ")
                context.columns.info.append(IPProtocols.strings.name(of: UInt64(number)) ?? "Unknown")
                context.columns.info.append(" (")
                context.columns.info.append(decimal: number)
                context.columns.info.append(")")
            }
        }
        if let data, payload.remaining > 0 { context.run(data, payload) }
    }

    /// Hands on without a word in the columns where nothing takes the payload.
    func handOnSilently(_ number: UInt8, _ payload: Reader, _ context: inout Context) {
        if dispatch(number, payload, &context) { return }
        if let data, payload.remaining > 0 { context.run(data, payload) }
    }

    private func dispatch(_ number: UInt8, _ payload: Reader, _ context: inout Context) -> Bool {
        context.packet.ipProtocol = number
        return context.dispatch(protocols, UInt32(number), payload) || context.dispatchHeuristics(heuristics, payload)
    }
}

/// A hop-by-hop or destination options header (RFC 8200, sections 4.3 and 4.6).
///
///     +---------------+---------------+-------------------------------+
///     |  Next Header  |  Hdr Ext Len  |            options            |
///     +---------------+---------------+-------------------------------+
final class IPv6OptionsHeader: Sendable {
    let proto: ProtocolID
    private let node, nextHeader, length, byteCount: FieldID
    private let notFirst: ExpertID?
    private let options: IPv6Options
    private let isHopByHop: Bool

    init(_ name: String, _ title: String, short: StaticString, _ options: IPv6Options, isHopByHop: Bool, _ r: inout Registrar) {
        proto = r.proto(name, title, short: short)
        node = r.node(of: proto)
        nextHeader = r.field(name + ".nxt", "Next Header", .uint8, .decimal, strings: IPProtocols.strings)
        length = r.field(name + ".len", "Length", .uint8, .decimal)
        byteCount = r.field(name + ".len_oct", "Length", .uint16, .decimal, unit: " bytes")
        notFirst = isHopByHop
            ? r.expert(name + ".not_first", .proto, .error, "IPv6 Hop-by-Hop extension header must appear immediately after IPv6 header") : nil
        self.options = options
        self.isHopByHop = isHopByHop
    }

    func dissect(_ reader: inout Reader, _ chain: inout IPv6Chain, _ context: inout Context) throws(DissectionError) {
        context.columns.separateInfo(" , ")
        context.columns.appendInfo(isHopByHop ? "IPv6 hop-by-hop options" : "IPv6 destination options")
        let start = reader.offset
        try reader.require(2)
        let end = start + (Int(reader.bytes[start + 1]) + 1) * 8
        context.begin(node, reader, byteCount: min(end - start, reader.capturedRemaining))
        if let notFirst, !chain.isFirst { context.expert(notFirst) }
        chain.nextHeader = try context.uint8(nextHeader, &reader)
        try context.uint8(length, &reader)
        context.generated(byteCount, reader, start + 1, 1, value: UInt64(end - start))
        try options.dissect(&reader, upTo: end, inHopByHop: isHopByHop, &chain, &context)
        // The last option may reach past the header; the next header does not move with it.
        reader.offset = end
        context.close()
    }
}

/// The fragment header (RFC 8200, section 4.5).
///
///     +---------------+---------------+-------------------------+---+-+
///     |  Next Header  |   Reserved    |      Fragment Offset    |Res|M|
///     +---------------+---------------+-------------------------+---+-+
///     |                         Identification                        |
///     +---------------------------------------------------------------+
final class IPv6FragmentHeader: Sendable {
    static let byteCount = 8

    struct Value {
        var nextHeader: UInt8
        /// In bytes.
        var offset: Int
        var hasMore: Bool
        var identification: UInt32
    }

    let proto: ProtocolID
    private let node, nextHeader, reservedByte, offset, reservedBits, more, identification: FieldID
    private let jumbo: ExpertID
    private let reassembly: DatagramReassembly
    private let defragments: Bool

    /// The fields of a datagram put together, which belong to IPv6 itself.
    static func reassembly(registering r: inout Registrar) -> DatagramReassembly {
        DatagramReassembly(
            AssemblyFields.Names(
                group: "ipv6.fragment", reassembledIn: "ipv6.reassembled.in", length: "ipv6.reassembled.length", data: "ipv6.reassembled.data",
                piece: "IPv6 Fragment", all: "IPv6 Fragments", allType: .none, unit: "Fragment", error: "Defragmentation error",
                reassembledInTitle: "Reassembled IPv6 in frame", lengthTitle: "Reassembled IPv6 length",
                dataTitle: "Reassembled IPv6 data", heading: "IPv6 Fragments", source: "Reassembled IPv6"), &r)
    }

    init(_ reassembly: DatagramReassembly, registering r: inout Registrar) {
        self.reassembly = reassembly
        defragments = r.preference("ipv6.defragment", "Reassemble fragmented IPv6 datagrams", default: true)
        jumbo = r.expert("ipv6.opt.jumbo.fragment", .proto, .warning, "Jumbo Payload option cannot be used with a fragment header")
        proto = r.proto("ipv6.fraghdr", "Fragment Header for IPv6", short: "IPv6 Fragment")
        node = r.node(of: proto)
        nextHeader = r.field("ipv6.fraghdr.nxt", "Next header", .uint8, .decimal, strings: IPProtocols.strings)
        reservedByte = r.field("ipv6.fraghdr.reserved_octet", "Reserved octet", .uint8, .hex)
        offset = r.field("ipv6.fraghdr.offset", "Offset", .uint16, .decimal, mask: 0xfff8)
        reservedBits = r.field("ipv6.fraghdr.reserved_bits", "Reserved bits", .uint16, .decimal, mask: 0x0006)
        more = r.flag("ipv6.fraghdr.more", "More Fragments", wordBits: 16, mask: 0x0001, "Yes", "No")
        identification = r.field("ipv6.fraghdr.ident", "Identification", .uint32, .hex)
    }

    func dissect(_ reader: inout Reader, _ chain: IPv6Chain, _ context: inout Context) throws(DissectionError) -> Value {
        try reader.require(1)
        context.begin(node, reader, byteCount: min(Self.byteCount, reader.capturedRemaining))
        if chain.isJumbogram { context.expert(jumbo) }
        let number = try context.uint8(nextHeader, &reader)
        try context.uint8(reservedByte, &reader)
        let word = try reader.uint16()
        let at = reader.offset - 2
        let position = Int(word & 0xfff8)
        context.appendLabel(context.bits(offset, reader, at, 2, word: UInt64(word))) {
            $0.append(" (")
            $0.append(decimal: position)
            $0.append(" bytes)")
        }
        context.bits(reservedBits, reader, at, 2, word: UInt64(word))
        context.bits(more, reader, at, 2, word: UInt64(word))
        let value = Value(nextHeader: number, offset: position, hasMore: word & 1 != 0, identification: try context.uint32(identification, &reader))
        describe(value, &context)
        context.close()
        return value
    }

    /// `IPv6 fragment (off=1448 more=n ident=0x00000012 nxt=17)`
    private func describe(_ header: Value, _ context: inout Context) {
        guard context.columns.accepts else { return }
        context.columns.setInfo("IPv6 fragment (off=")
        context.columns.info.append(decimal: header.offset)
        context.columns.info.append(header.hasMore ? " more=y ident=0x" : " more=n ident=0x")
        context.columns.info.append(hex: UInt64(header.identification), width: 8)
        context.columns.info.append(" nxt=")
        context.columns.info.append(decimal: header.nextHeader)
        context.columns.info.append(")")
    }

    /// The datagram that the fragment completes, or the fragment's own bytes where it is the first and stands alone.
    /// - Parameter offset: where the fragment header stands.
    func reassemble(_ header: Value, _ payload: Reader, _ chain: IPv6Chain, at offset: Int, _ context: inout Context) -> Reader? {
        guard defragments, payload.capturedEnd == payload.reportedEnd, !context.packet.isInError else {
            context.packet.isFragment = true
            guard header.offset == 0 else { return nil }
            var alone = payload
            alone.isFragment = true
            return alone
        }
        let key = Defragmenter.Key(
            source: chain.source, destination: chain.destination, identification: header.identification, protocolNumber: NextHeader.fragment)
        switch reassembly.add(
            key, payload, at: offset, position: UInt32(truncatingIfNeeded: header.offset), hasMore: header.hasMore, &context)
        {
        case .complete(let whole): return whole
        case .waiting(let completedIn):
            if let completedIn, context.columns.accepts {
                context.columns.info.append(" [Reassembled in #")
                context.columns.info.append(decimal: completedIn)
                context.columns.info.append("]")
            }
            return nil
        }
    }
}
