import Dissection
import Wire

/// Internet Control Message Protocol (RFC 792; subnetting RFC 950, path MTU RFC 1191, router discovery RFC 1256, Mobile IP
/// RFC 5944, extensions RFC 4884, extended echo RFC 8335).
///
///      0                   1                   2                   3
///      0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
///     +---------------+---------------+-------------------------------+
///     |     Type      |     Code      |           Checksum            |
///     +---------------+---------------+-------------------------------+
///     |                   depends on type and code                    |
///     +---------------------------------------------------------------+
///
/// Not decoded: traceroute (RFC 1393) and the types that RFC 6918 retired, beyond their names.
public struct ICMP: Dissector {
    /// The header as a value.
    public struct Header: Equatable, Sendable {
        public static let byteCount = 8
        public var type: UInt8
        public var code: UInt8
        public var checksum: UInt16
        /// What type and code make of the second word: identifier and sequence number, gateway, pointer, MTU.
        public var rest: UInt32

        public init(type: UInt8, code: UInt8, checksum: UInt16, rest: UInt32) {
            self.type = type
            self.code = code
            self.checksum = checksum
            self.rest = rest
        }

        public init(parsing reader: inout Reader) throws(DissectionError) {
            type = try reader.uint8()
            code = try reader.uint8()
            checksum = try reader.uint16()
            rest = try reader.uint32()
        }

        public func write(to bytes: inout [UInt8]) {
            bytes.append(type)
            bytes.append(code)
            bytes.append(bigEndian: checksum)
            bytes.append(bigEndian: rest)
        }
    }

    /// Bytes of the quoted datagram where a message does not say how many (RFC 4884, section 5.5).
    private static let quotedByteCount = 128
    /// The length of a quoted datagram is in its third and fourth byte.
    private static let quotedLengthOffset = 2

    private let proto: ProtocolID
    private let node, type, code, unused, reserved: FieldID
    private let identifier, identifierLE, sequence, sequenceLE: FieldID
    private let mtu, length, quotedLength, pointer, gateway, mask: FieldID
    private let originateTime, receiveTime, transmitTime, dataTime, dataTimeRelative: FieldID
    private let extendedSequence: FieldID
    private let requestParts, replyParts: [FieldID]
    private let checksum: VerifiedChecksum
    private let exchange: EchoExchange
    private let advertisement: RouterAdvertisementV4
    private let quoted: QuotedPacket
    private let extensions: TableID
    private let data: DissectorID?

    public init(registering r: inout Registrar) {
        proto = r.proto("icmp", "Internet Control Message Protocol", short: "ICMP")
        node = r.node(of: proto)
        type = r.field("icmp.type", "Type", .uint8, .decimal)
        code = r.field("icmp.code", "Code", .uint8, .decimal)
        checksum = VerifiedChecksum("icmp.checksum", bad: "icmp.checksum_bad", &r)
        unused = r.field("icmp.unused", "Unused", .bytes)
        reserved = r.field("icmp.reserved", "Reserved", .bytes)
        identifier = r.field("icmp.ident", "Identifier (BE)", .uint16, .decimalHex)
        identifierLE = r.field("icmp.ident_le", "Identifier (LE)", .uint16, .decimalHex)
        sequence = r.field("icmp.seq", "Sequence Number (BE)", .uint16, .decimalHex)
        sequenceLE = r.field("icmp.seq_le", "Sequence Number (LE)", .uint16, .decimalHex)
        mtu = r.field("icmp.mtu", "MTU of next hop", .uint16, .decimal)
        length = r.field("icmp.length", "Length", .uint8, .decimal)
        quotedLength = r.field("icmp.length.original_datagram", "Length of original datagram", .uint8, .decimal)
        pointer = r.field("icmp.pointer", "Pointer", .uint32, .decimal)
        gateway = r.field("icmp.redir_gw", "Gateway Address", .ipv4)
        mask = r.field("icmp.address_mask", "Address Mask", .ipv4)
        originateTime = r.field("icmp.originate_timestamp", "Originate Timestamp", .uint32, .decimal)
        receiveTime = r.field("icmp.receive_timestamp", "Receive Timestamp", .uint32, .decimal)
        transmitTime = r.field("icmp.transmit_timestamp", "Transmit Timestamp", .uint32, .decimal)
        dataTime = r.field("icmp.data_time", "Timestamp from icmp data", .absoluteTime, .local)
        dataTimeRelative = r.field("icmp.data_time_relative", "Timestamp from icmp data (relative)", .relativeTime)
        extendedSequence = r.field("icmp.ext.echo.seq", "Sequence Number", .uint8, .decimalHex)
        requestParts = ExtendedEcho.requestParts("icmp", &r)
        replyParts = ExtendedEcho.replyParts("icmp", &r)
        exchange = EchoExchange(
            "icmp", responseIn: "Response frame", responseTo: "Request frame", responseTime: "Response time",
            noReplyText: "No response seen to ICMP request", namesFrame: false, &r)
        advertisement = RouterAdvertisementV4(&r)
        quoted = QuotedPacket(etherType: 0x0800, version: nil, &r)
        _ = ICMPExtensions(proto, reserved: reserved, &r)
        extensions = r.table("icmp.extension", title: "ICMP extensions")
        data = r.dissector(named: "data")
        r.add(r.dissector(self, proto), to: "ip.proto", 1)
    }

    public func dissect(_ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        let layer = reader
        context.columns.setProtocol("ICMP")
        context.columns.clearInfo()
        // The sixth byte holds the length of the quoted datagram; without it no message is complete.
        try reader.require(6)
        var rest = reader
        let type = try rest.uint8()
        let code = try rest.uint8()
        let name = ICMPNames.type(type, code)
        describe(type, code, name, &context)
        context.begin(node, layer)
        addTypeAndCode(type, code, name, layer, &context)
        addChecksum(try rest.uint16(), layer, &context)
        try addBody(type, code, &rest, layer, &context)
        context.close()
    }

    // MARK: The first word

    private func describe(_ type: UInt8, _ code: UInt8, _ name: StaticString, _ context: inout Context) {
        guard context.columns.accepts else { return }
        context.columns.info.append(padded: name)
        guard let codes = ICMPNames.codes(of: type) else { return }
        context.columns.info.append(" (")
        context.columns.info.append(code: code, codes)
        context.columns.info.append(")")
    }

    private func addTypeAndCode(_ type: UInt8, _ code: UInt8, _ name: StaticString, _ layer: Reader, _ context: inout Context) {
        context.appendLabel(context.add(self.type, layer, layer.start, 1, value: UInt64(type))) {
            $0.append(" (")
            $0.append(name)
            $0.append(")")
        }
        let item = context.add(self.code, layer, layer.start + 1, 1, value: UInt64(code))
        guard let codes = ICMPNames.codes(of: type) else { return }
        context.appendLabel(item) {
            $0.append(" (")
            $0.append(code: code, codes)
            $0.append(")")
        }
    }

    private func addChecksum(_ stored: UInt16, _ layer: Reader, _ context: inout Context) {
        guard context.wantsFields(of: proto) else { return }
        let offset = layer.start + 2
        if context.packet.isInError {
            checksum.addUnverified(stored, " [in ICMP error packet]", layer, offset, &context)
        } else if context.packet.isFragment || layer.isFragment || layer.capturedEnd < layer.reportedEnd {
            checksum.addUnverified(stored, " [fragmented datagram]", layer, offset, &context)
        } else {
            var sum = InternetChecksum()
            sum.add(layer.captured(layer.start, layer.reportedEnd - layer.start))
            checksum.add(stored, sum, layer, offset, &context)
        }
    }

    // MARK: The body

    private func addBody(
        _ type: UInt8, _ code: UInt8, _ reader: inout Reader, _ layer: Reader, _ context: inout Context
    ) throws(DissectionError) {
        switch type {
        case 0, 8: try addEcho(type == 8, &reader, layer, &context)
        case 3, 4, 5, 11, 12: try addError(type, code, &reader, layer, &context)
        case 9: try advertisement.add(&reader, isMobile: code == 0 || code == 16, data, &context)
        case 13, 14:
            try addIdentifiers(&reader, layer, &context)
            for field in [originateTime, receiveTime, transmitTime] { try addTimeOfDay(field, &reader, &context) }
        case 15, 16: try addIdentifiers(&reader, layer, &context)
        case 17, 18:
            try addIdentifiers(&reader, layer, &context)
            try context.uint32(mask, &reader)
        case 42, 43: try addExtendedEcho(isRequest: type == 42, &reader, &context)
        default: break
        }
    }

    /// Identifier and sequence number, each in both byte orders: hosts differ in which they count in.
    private func addIdentifiers(_ reader: inout Reader, _ layer: Reader, _ context: inout Context) throws(DissectionError) {
        let identifier = try context.uint16(self.identifier, &reader)
        context.add(identifierLE, reader, reader.offset - 2, 2, value: UInt64(identifier.byteSwapped), flags: .littleEndian)
        let sequence = try context.uint16(self.sequence, &reader)
        context.add(sequenceLE, reader, reader.offset - 2, 2, value: UInt64(sequence.byteSwapped), flags: .littleEndian)
        guard context.columns.accepts else { return }
        context.columns.info.append(" id=0x")
        context.columns.info.append(hex: UInt64(identifier), width: 4)
        context.columns.info.append(", seq=")
        context.columns.info.append(decimal: sequence)
        context.columns.info.append("/")
        context.columns.info.append(decimal: sequence.byteSwapped)
        context.columns.info.append(", ttl=")
        context.columns.info.append(decimal: context.packet.timeToLive ?? 0)
    }

    private func addEcho(_ isRequest: Bool, _ reader: inout Reader, _ layer: Reader, _ context: inout Context) throws(DissectionError) {
        try addIdentifiers(&reader, layer, &context)
        let stored = UInt32(layer.peek16(2) ?? 0)
        // The type is 8 in a request and 0 in its reply: the checksum grows by as much, with end-around carry.
        let grown = stored + 0x0800
        let echo = PendingEchoes.Echo(
            identifier: layer.peek16(4) ?? 0, sequenceNumber: layer.peek16(6) ?? 0,
            replyChecksum: UInt16(truncatingIfNeeded: isRequest ? (grown & 0xffff) + (grown >> 16) : stored))
        if isRequest {
            exchange.addRequest(echo, layer, &context)
        } else {
            exchange.addReply(echo, layer, &context)
        }
        addDataTime(&reader, &context)
        handOnData(reader, &context)
    }

    /// The time that `ping` puts at the start of its data: seconds and microseconds in either byte order. It is taken for
    /// one if it is within a day of the frame's own time.
    private func addDataTime(_ reader: inout Reader, _ context: inout Context) {
        guard reader.has(8) else { return }
        let bytes = reader.bytes
        let (offset, now) = (reader.offset, context.frame.timestamp)
        for (seconds, microseconds) in [
            (bytes.uint32LE(offset), bytes.uint32LE(offset + 4)), (bytes.uint32(offset), bytes.uint32(offset + 4)),
        ] where microseconds < 1_000_000 && abs(Int64(seconds) &- now.seconds) < 86400 {
            let time = Timestamp(seconds: Int64(seconds), nanoseconds: Int32(microseconds * 1000))
            context.add(dataTime, reader, offset, 8, value: UInt64(bitPattern: time.totalNanoseconds))
            context.generated(dataTimeRelative, reader, offset, 8, value: UInt64(bitPattern: (now - time).totalNanoseconds))
            reader.offset += 8
            return
        }
    }

    private func handOnData(_ reader: Reader, _ context: inout Context) {
        guard reader.capturedRemaining > 0, let data else { return }
        context.nested { $0.run(data, reader.rest) }
    }

    // MARK: Errors

    private func addError(
        _ type: UInt8, _ code: UInt8, _ reader: inout Reader, _ layer: Reader, _ context: inout Context
    ) throws(DissectionError) {
        let quotedWords = layer.peek(5) ?? 0
        switch type {
        case 5: try context.uint32(gateway, &reader)
        case 4: try reader.skip(4)
        default: try addErrorWord(type, code, quotedWords, &reader, &context)
        }
        let stated = layer.peek16(Header.byteCount + Self.quotedLengthOffset) ?? 0
        guard try quoted.dissect(try Self.quotedPart(of: reader, payloadByteCount: type == 5 ? 8 : Int(quotedWords) * 4), &context) else { return }
        // Hosts that know no extensions quote more than 128 bytes of a long datagram.
        let byteCount = layer.reportedEnd - layer.start
        guard byteCount > Header.byteCount + Self.quotedByteCount, Int(stated) <= Self.quotedByteCount else { return }
        let quotedByteCount = quotedWords == 0 ? Self.quotedByteCount : Int(quotedWords) * 4
        guard Header.byteCount + quotedByteCount <= byteCount else { throw reader.shortfall(quotedByteCount, at: reader.offset) }
        reader.offset = layer.start + Header.byteCount + quotedByteCount
        try context.runWithin(extensions, 0, &reader)
    }

    /// The quoted datagram, with its payload cut to a length if that is not 0. Wireshark takes the length that a message
    /// gives as the payload's, and of a redirect's quote no more than RFC 792 asks for.
    private static func quotedPart(of reader: Reader, payloadByteCount: Int) throws(DissectionError) -> Reader {
        guard payloadByteCount > 0 else { return reader.rest }
        let headerByteCount = Int(try reader.peekUInt8() & 0xf) * 4
        return reader.next(headerByteCount + payloadByteCount)
    }

    /// The second word of the errors that may have extensions: the length of the quoted datagram is in its second byte.
    private func addErrorWord(
        _ type: UInt8, _ code: UInt8, _ quotedWords: UInt8, _ reader: inout Reader, _ context: inout Context
    ) throws(DissectionError) {
        let hasMTU = type == 3 && code == 4
        try reader.require(4)
        if type == 12 {
            context.add(pointer, reader, reader.offset, 1, value: UInt64(try reader.uint8()))
        } else if quotedWords > 0 {
            try addUnused(1, &reader, &context)
        }
        if quotedWords > 0 {
            try context.uint8(length, &reader)
            context.generated(quotedLength, reader, reader.offset - 1, 1, value: UInt64(quotedWords) * 4)
            if !hasMTU { try addUnused(2, &reader, &context) }
        } else {
            try addUnused(type == 12 ? 3 : hasMTU ? 2 : 4, &reader, &context)
        }
        if hasMTU { try context.uint16(mtu, &reader) }
    }

    private func addUnused(_ byteCount: Int, _ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        try context.addBytes(unused, byteCount, &reader)
    }

    // MARK: Others

    private func addExtendedEcho(isRequest: Bool, _ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        let identifier = try context.uint16(self.identifier, &reader)
        context.add(identifierLE, reader, reader.offset - 2, 2, value: UInt64(identifier.byteSwapped), flags: .littleEndian)
        try context.uint8(extendedSequence, &reader)
        let word = UInt64(try reader.uint8())
        for part in isRequest ? requestParts : replyParts { context.bits(part, reader, reader.offset - 1, 1, word: word) }
        if isRequest, reader.remaining > 0 { try context.runWithin(extensions, 0, &reader) }
    }

    /// Milliseconds since midnight UTC (RFC 792); a host that cannot tell sets the highest bit.
    private func addTimeOfDay(_ field: FieldID, _ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        let value = try reader.uint32()
        let now = context.frame.timestamp
        let item = context.add(field, reader, reader.offset - 4, 4, value: UInt64(value))
        context.valueLabel(item) {
            $0.append(decimal: value)
            $0.append(" (")
            $0.append(spanOfMilliseconds: UInt64(Self.timeOfDay(value, at: now)))
            $0.append(" after midnight UTC)")
        }
    }

    /// Some hosts write the time with the low byte first. Of two readings that are times of day, that one is taken which comes
    /// sooner after the time of the frame; the difference is one of 32 bits, as in Wireshark.
    private static func timeOfDay(_ value: UInt32, at now: Timestamp) -> UInt32 {
        let byteSwapped = value.byteSwapped & 0x7fff_ffff
        let value = value & 0x7fff_ffff
        let millisecondsOfDay: UInt32 = 86_400_000
        guard byteSwapped < millisecondsOfDay else { return value }
        guard value < millisecondsOfDay else { return byteSwapped }
        let milliseconds = now.totalNanoseconds / 1_000_000 % Int64(millisecondsOfDay)
        let present = UInt32(truncatingIfNeeded: milliseconds)
        return byteSwapped &- present < value &- present ? byteSwapped : value
    }
}

/// The last byte of an extended echo's header (RFC 8335, sections 2 and 3).
enum ExtendedEcho {
    static let requestCodes = ValueStrings([(0, "No error")])
    static let replyCodes = ValueStrings([
        (0, "No error"), (1, "Malformed Query"), (2, "No Such Interface"), (3, "No Such Table Entry"),
        (4, "Multiple Interfaces Satisfy Query"),
    ])

    /// - Parameter name: `icmp`
    static func requestParts(_ name: String, _ r: inout Registrar) -> [FieldID] {
        [
            r.field(name + ".ext.echo.req.res", "Reserved", .uint8, .hex, mask: 0xfe),
            r.flag(name + ".ext.echo.req.local", "Local bit", wordBits: 8, mask: 0x01),
        ]
    }

    static func replyParts(_ name: String, _ r: inout Registrar) -> [FieldID] {
        let states = ValueStrings([
            (0, "Reserved"), (1, "Incomplete"), (2, "Reachable"), (3, "Stale"), (4, "Delay"), (5, "Probe"), (6, "Failed"),
        ])
        return [
            r.field(name + ".ext.echo.rsp.state", "State", .uint8, .decimal, strings: states, mask: 0xe0),
            r.field(name + ".ext.echo.rsp.res", "Reserved", .uint8, .hex, mask: 0x18),
            r.flag(name + ".ext.echo.rsp.active", "Active bit", wordBits: 8, mask: 0x04),
            r.flag(name + ".ext.echo.rsp.ipv4", "IPv4 bit", wordBits: 8, mask: 0x02),
            r.flag(name + ".ext.echo.rsp.ipv6", "IPv6 bit", wordBits: 8, mask: 0x01),
        ]
    }
}
