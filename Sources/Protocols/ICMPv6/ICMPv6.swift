import Dissection
import Wire

/// Internet Control Message Protocol for IPv6 (RFC 4443; neighbour discovery, multicast listeners, node information, router
/// renumbering, RPL and mobility in files of their own).
///
///      0                   1                   2                   3
///      0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
///     +---------------+---------------+-------------------------------+
///     |     Type      |     Code      |           Checksum            |
///     +---------------+---------------+-------------------------------+
///     |                depends on type and code …                     |
///     +---------------------------------------------------------------+
///
/// Not decoded: the certificates and names of secure neighbour discovery (RFC 3971), beyond where they stand.
public struct ICMPv6: Dissector {
    /// The header as a value.
    public struct Header: Equatable, Sendable {
        public static let byteCount = 4
        public var type: UInt8
        public var code: UInt8
        public var checksum: UInt16

        public init(type: UInt8, code: UInt8, checksum: UInt16) {
            self.type = type
            self.code = code
            self.checksum = checksum
        }

        public init(parsing reader: inout Reader) throws(DissectionError) {
            type = try reader.uint8()
            code = try reader.uint8()
            checksum = try reader.uint16()
        }

        public func write(to bytes: inout [UInt8]) {
            bytes.append(type)
            bytes.append(code)
            bytes.append(bigEndian: checksum)
        }
    }

    private static let protocolNumber: UInt32 = 58

    private let proto: ProtocolID
    private let node, type, code, reserved, body, length, mtu, pointer: FieldID
    private let identifier, sequence, extendedSequence: FieldID
    private let requestParts, replyParts: [FieldID]
    private let undecoded: ExpertID
    private let checksum: VerifiedChecksum
    private let exchange: EchoExchange
    private let quoted: QuotedPacket
    private let neighbors: NeighborDiscovery
    private let listeners: MulticastListeners
    private let information: NodeInformation
    private let renumbering: RouterRenumbering
    private let mobility: MobilityMessages
    private let rpl: RPL
    private let extensions: TableID
    private let data, icmp: DissectorID?

    public init(registering r: inout Registrar) {
        proto = r.proto("icmpv6", "Internet Control Message Protocol v6", short: "ICMPv6")
        node = r.node(of: proto)
        type = r.field("icmpv6.type", "Type", .uint8, .decimal, strings: ICMPv6Names.types)
        code = r.field("icmpv6.code", "Code", .uint8, .decimal)
        checksum = VerifiedChecksum("icmpv6.checksum", bad: "icmpv6.checksum_bad.expert", &r)
        reserved = r.field("icmpv6.reserved", "Reserved", .bytes)
        body = r.field("icmpv6.data", "Data", .bytes)
        length = r.field("icmpv6.length", "Length of original datagram", .uint8, .decimal)
        mtu = r.field("icmpv6.mtu", "MTU", .uint32, .decimal)
        pointer = r.field("icmpv6.pointer", "Pointer", .uint32, .decimal)
        identifier = r.field("icmpv6.echo.identifier", "Identifier", .uint16, .hex)
        sequence = r.field("icmpv6.echo.sequence_number", "Sequence", .uint16, .decimal)
        extendedSequence = r.field("icmpv6.ext.echo.seq", "Sequence number", .uint8, .decimalHex)
        requestParts = ExtendedEcho.requestParts("icmpv6", &r)
        replyParts = ExtendedEcho.replyParts("icmpv6", &r)
        undecoded = r.expert("icmpv6.undecoded.type", .undecoded, .note, "Undecoded type")
        exchange = EchoExchange(
            "icmpv6", responseIn: "Response In", responseTo: "Response To", responseTime: "Response Time",
            noReplyText: "No response seen to ICMPv6 request", namesFrame: true, &r)
        quoted = QuotedPacket(etherType: 0x86dd, version: 6, &r)
        let unknown = UnknownData(&r)
        neighbors = NeighborDiscovery(reserved: reserved, body, quoted, unknown, &r)
        listeners = MulticastListeners(reserved: reserved, &r)
        information = NodeInformation(&r)
        renumbering = RouterRenumbering(reserved: reserved, &r)
        mobility = MobilityMessages(reserved: reserved, neighbors.options, &r)
        rpl = RPL(reserved: reserved, body, option: neighbors.options.node, unknown, &r)
        extensions = r.table("icmp.extension")
        data = r.dissector(named: "data")
        icmp = r.dissector(named: "icmp")
        r.add(r.dissector(self, proto), to: "ip.proto", Self.protocolNumber)
    }

    public func dissect(_ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        let layer = reader
        context.columns.setProtocol("ICMPv6")
        context.columns.clearInfo()
        context.begin(node, layer)
        let type = try context.uint8(self.type, &reader)
        describe(type, &context)
        let code = try reader.uint8()
        let codeItem = addCode(code, of: type, reader, &context)
        addChecksum(try reader.uint16(), layer, &context)
        try addBody(type, code, codeItem, &reader, layer, &context)
        context.close()
    }

    // MARK: The header

    private func describe(_ type: UInt8, _ context: inout Context) {
        guard context.columns.accepts else { return }
        if let name = ICMPv6Names.types.name(of: UInt64(type)) { return context.columns.info.append(name) }
        context.columns.info.append("Unknown (")
        context.columns.info.append(decimal: type)
        context.columns.info.append(")")
    }

    private func addCode(_ code: UInt8, of type: UInt8, _ reader: Reader, _ context: inout Context) -> ItemRef {
        let item = context.add(self.code, reader, reader.offset - 1, 1, value: UInt64(code))
        guard let names = ICMPv6Names.codes(of: type) else { return item }
        context.appendLabel(item) { $0.append(codeName: code, of: type, names) }
        if context.columns.accepts { context.columns.info.append(codeName: code, of: type, names) }
        return item
    }

    /// The checksum over pseudo-header and message (RFC 4443, section 2.3).
    private func addChecksum(_ stored: UInt16, _ layer: Reader, _ context: inout Context) {
        guard context.wantsFields(of: proto) else { return }
        let offset = layer.start + 2
        if context.packet.isInError {
            checksum.addUnverified(stored, " [in ICMP error packet]", layer, offset, &context)
        } else if context.packet.isFragment || layer.isFragment || layer.capturedEnd < layer.reportedEnd {
            checksum.addUnverified(stored, " [fragmented datagram]", layer, offset, &context)
        } else {
            let byteCount = layer.reportedEnd - layer.start
            var sum = InternetChecksum()
            sum.addPseudoHeader(context.packet, protocolNumber: Self.protocolNumber, byteCount: UInt32(truncatingIfNeeded: byteCount))
            sum.add(layer.captured(layer.start, byteCount))
            checksum.add(stored, sum, layer, offset, &context)
        }
    }

    // MARK: The body

    private func addBody(
        _ type: UInt8, _ code: UInt8, _ codeItem: ItemRef, _ reader: inout Reader, _ layer: Reader, _ context: inout Context
    ) throws(DissectionError) {
        switch type {
        case 1...4: try addError(type, &reader, &context)
        case 128, 129: try addEcho(type == 128, &reader, layer, &context)
        case 130...132, 143, 151...153: try listeners.add(type, &reader, layer, &context)
        case 133...137, 141, 142: try neighbors.add(type, &reader, &context)
        case 138: try renumbering.add(code, &reader, &context)
        case 139, 140: try information.add(isQuery: type == 139, code, &reader, &context)
        case 144...150, 154, 156...159: try mobility.add(type, code, codeItem, &reader, &context)
        case 155: try rpl.add(code, &reader, &context)
        case 160, 161: try addExtendedEcho(isRequest: type == 160, &reader, &context)
        default: try addUndecoded(type, &reader, &context)
        }
    }

    private func addUndecoded(_ type: UInt8, _ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        context.expert(undecoded) { $0.append(undecoded: "ICMPv6 Type", UInt16(type)) }
        try context.addBytes(body, max(1, reader.remaining), &reader)
    }

    private func addEcho(_ isRequest: Bool, _ reader: inout Reader, _ layer: Reader, _ context: inout Context) throws(DissectionError) {
        let identifier = try context.uint16(self.identifier, &reader)
        let sequence = try context.uint16(self.sequence, &reader)
        if context.columns.accepts {
            context.columns.info.append(" id=0x")
            context.columns.info.append(hex: UInt64(identifier), width: 4)
            context.columns.info.append(", seq=")
            context.columns.info.append(decimal: sequence)
            context.columns.info.append(", hop limit=")
            context.columns.info.append(decimal: context.packet.timeToLive ?? 0)
        }
        let stored = UInt32(layer.peek16(2) ?? 0)
        // The type is one more in a reply than in its request: the checksum shrinks by as much, in ones' complement.
        let shrunk = stored + 0xfeff
        let echo = PendingEchoes.Echo(
            identifier: identifier, sequenceNumber: sequence,
            replyChecksum: UInt16(truncatingIfNeeded: isRequest ? (shrunk & 0xffff) + (shrunk >> 16) : stored))
        if isRequest { exchange.addRequest(echo, layer, &context) } else { exchange.addReply(echo, layer, &context) }
        guard reader.capturedRemaining > 0, let data else { return }
        context.nested { $0.run(data, reader.rest) }
    }

    private func addExtendedEcho(isRequest: Bool, _ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        try context.uint16(identifier, &reader)
        try context.uint8(extendedSequence, &reader)
        let word = UInt64(try reader.uint8())
        for part in isRequest ? requestParts : replyParts { context.bits(part, reader, reader.offset - 1, 1, word: word) }
        if isRequest, reader.remaining > 0 { try addExtensions(&reader, &context) }
    }

    /// Extensions are noted as ICMP's; what is of no known version is shown as data, too.
    private func addExtensions(_ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        let rest = reader.rest
        try context.runWithin(extensions, 0, &reader)
        if rest.remaining >= 4, let first = rest.peek(0), first >> 4 == 1 || first >> 4 == 2 {
            if let icmp { context.noteLayer(icmp) }
        } else if let data, rest.remaining > 0 {
            context.nested { $0.run(data, rest) }
        }
    }

    /// The errors (RFC 4443, section 3), each with as much of the packet as fits; behind it extensions (RFC 4884, section
    /// 4.2) where the message says how long the packet is, in words of eight bytes.
    private func addError(_ type: UInt8, _ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        var quotedByteCount = 0
        switch type {
        case 2: try context.uint32(mtu, &reader)
        case 4: try context.uint32(pointer, &reader)
        default:
            if case let words = try reader.peekUInt8(), words > 0 {
                try context.uint8(length, &reader)
                quotedByteCount = Int(words) * 8
            }
            try context.addBytes(reserved, quotedByteCount > 0 ? 3 : 4, &reader)
        }
        let end = reader.offset + quotedByteCount
        guard try quoted.dissect(reader, &context), quotedByteCount > 0 else { return }
        guard end <= reader.reportedEnd else { throw reader.shortfall(quotedByteCount, at: reader.offset) }
        reader.offset = end
        try addExtensions(&reader, &context)
    }
}

/// Bytes at the end of an option that its fields leave over.
struct UnknownData: Sendable {
    private let field: FieldID
    private let expert: ExpertID

    init(_ r: inout Registrar) {
        field = r.field("icmpv6.unknown_data", "Unknown Data", .bytes)
        expert = r.expert("icmpv6.unknown_data.expert", .malformed, .error, "Unknown Data (not interpreted)")
    }

    func add(_ reader: Reader, _ offset: Int, upTo end: Int, _ context: inout Context) throws(DissectionError) {
        var rest = reader
        rest.offset = offset
        try rest.require(end - offset)
        context.add(field, reader, offset, end - offset)
        context.open()
        context.expert(expert)
        context.close()
    }
}
