import Dissection
import Wire

/// Domain Name System (RFC 1035; EDNS RFC 6891, dynamic updates RFC 2136, stateful operations RFC 8490), and what shares its
/// messages: Multicast DNS (RFC 6762) and Link-Local Multicast Name Resolution (RFC 4795).
///
///      0  1  2  3  4  5  6  7  8  9 10 11 12 13 14 15
///     +--+--+--+--+--+--+--+--+--+--+--+--+--+--+--+--+
///     |                      ID                       |
///     |QR|   Opcode  |AA|TC|RD|RA| Z|AD|CD|   RCODE   |
///     |       QDCOUNT (questions; updates: zones)     |
///     |       ANCOUNT (answers; prerequisites)        |
///     |       NSCOUNT (authorities; updates)          |
///     |       ARCOUNT (additional records)            |
///     +--+--+--+--+--+--+--+--+--+--+--+--+--+--+--+--+
///
/// Over a stream a length of two bytes stands before each message. Records are in DNSRecords.swift. The keys that TKEY and
/// TSIG records carry are not decoded.
public struct DNS: Dissector {
    /// The header as a value.
    public struct Header: Equatable, Sendable {
        public static let byteCount = 12
        public var identifier: UInt16
        public var flags: UInt16
        public var questionCount: UInt16
        public var answerCount: UInt16
        public var authorityCount: UInt16
        public var additionalCount: UInt16

        public init(identifier: UInt16, flags: UInt16, questionCount: UInt16, answerCount: UInt16, authorityCount: UInt16, additionalCount: UInt16) {
            self.identifier = identifier
            self.flags = flags
            self.questionCount = questionCount
            self.answerCount = answerCount
            self.authorityCount = authorityCount
            self.additionalCount = additionalCount
        }

        public init(parsing reader: inout Reader) throws(DissectionError) {
            identifier = try reader.uint16()
            flags = try reader.uint16()
            questionCount = try reader.uint16()
            answerCount = try reader.uint16()
            authorityCount = try reader.uint16()
            additionalCount = try reader.uint16()
        }

        public func write(to bytes: inout [UInt8]) {
            for value in [identifier, flags, questionCount, answerCount, authorityCount, additionalCount] { bytes.append(bigEndian: value) }
        }

        public var isResponse: Bool { flags & 0x8000 != 0 }
        public var opcode: UInt8 { UInt8(flags >> 11 & 0xf) }
        public var responseCode: UInt8 { UInt8(flags & 0xf) }
        var isUpdate: Bool { opcode == 5 }
        /// Whether the message holds what RFC 8490 defines: it has no sections.
        var isStatefulOperation: Bool {
            opcode == 6 && questionCount == 0 && answerCount == 0 && authorityCount == 0 && additionalCount == 0
        }
    }

    /// The protocols that share the message format.
    enum Variant: Sendable { case unicast, multicast, linkLocal }

    private static let netBIOSNamePort: UInt32 = 137

    private let messages: DNSMessages
    private let variant: Variant
    private let node: FieldID

    public init(registering r: inout Registrar) {
        let proto = r.proto("dns", "Domain Name System", short: "DNS")
        messages = DNSMessages(registering: &r, proto)
        variant = .unicast
        node = r.node(of: proto)
        let dissector = r.dissector(self, proto)
        r.add(dissector, to: "udp.port", 53)
        r.add(dissector, to: "sctp.port", 53)
        r.addHeuristic(dissector, to: "udp")
        r.add(r.dissector(DNSStream(messages: messages, node: node), proto), to: "tcp.port", 53, 5353)
        let multicast = r.proto("mdns", "Multicast Domain Name System", short: "mDNS")
        r.addsFields(of: proto)
        r.add(r.dissector(DNS(messages, .multicast, r.node(of: multicast)), multicast), to: "udp.port", 5353)
        let linkLocal = r.proto("llmnr", "Link-local Multicast Name Resolution", short: "LLMNR")
        r.addsFields(of: proto)
        r.add(r.dissector(DNS(messages, .linkLocal, r.node(of: linkLocal)), linkLocal), to: "udp.port", 5355)
    }

    private init(_ messages: DNSMessages, _ variant: Variant, _ node: FieldID) {
        self.messages = messages
        self.variant = variant
        self.node = node
    }

    /// A standard query with one question and no answers, or its response, with no more records than such messages have.
    public func recognizes(_ reader: Reader, _ context: borrowing Context) -> Bool {
        // Queries for NetBIOS names have the same form (RFC 1002, section 4.2).
        if context.packet.sourcePort == Self.netBIOSNamePort || context.packet.destinationPort == Self.netBIOSNamePort { return false }
        var start = reader
        guard reader.capturedRemaining > Header.byteCount, let header = try? Header(parsing: &start), header.opcode == 0 else { return false }
        guard header.additionalCount <= 10, header.authorityCount <= 10 else { return false }
        if header.isResponse { return header.questionCount <= 1 && header.answerCount <= 100 }
        return header.questionCount == 1 && header.answerCount == 0 && header.authorityCount == 0
    }

    public func dissect(_ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        switch variant {
        case .unicast: context.columns.setProtocol("DNS")
        case .multicast: context.columns.setProtocol("MDNS")
        case .linkLocal: context.columns.setProtocol("LLMNR")
        }
        context.columns.clearInfo()
        let layer = reader
        let flags = try DNSMessages.flags(of: reader)
        messages.begin(node, reader, flags, &context)
        try messages.dissect(&reader, DNSMessages.Message(reader: layer, layerStart: layer.start, variant: variant, isStream: false), &context)
    }
}

/// DNS over a stream (RFC 7766): each message behind its length.
struct DNSStream: StreamDissector {
    var showsPDUByteCount: Bool { true }

    private static let prefixByteCount = 2

    let messages: DNSMessages
    let node: FieldID

    func pduEnd(_ reader: Reader, _ stream: StreamPosition, _ context: inout Context) -> PDUEnd {
        guard let byteCount = reader.peek16(0) else { return .needsMore(Self.prefixByteCount - reader.capturedRemaining) }
        return .at(Self.prefixByteCount + Int(byteCount))
    }

    func dissect(_ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        context.columns.setProtocol("DNS")
        context.columns.clearInfo()
        let layer = reader
        var message = reader
        try message.skip(Self.prefixByteCount)
        let flags = try DNSMessages.flags(of: message)
        messages.begin(node, layer, flags, &context)
        try context.uint16(messages.length, &reader)
        var body = reader.rest
        try messages.dissect(&body, DNSMessages.Message(reader: reader.rest, layerStart: layer.start, variant: .unicast, isStream: true), &context)
    }
}

/// The messages of DNS and its relatives.
final class DNSMessages: Sendable {
    /// The message at hand.
    struct Message {
        /// The whole of it: pointers in names count from its start.
        let reader: Reader
        /// Where the layer begins, with the length of a message in a stream.
        let layerStart: Int
        let variant: DNS.Variant
        let isStream: Bool
        /// In Multicast DNS the highest bit of a class has a meaning of its own (RFC 6762, section 10.2 and 5.4).
        var isMulticast: Bool { variant == .multicast }
        var classMask: UInt16 { isMulticast ? 0x7fff : 0xffff }
    }

    let length: FieldID
    private let proto: ProtocolID
    private let identifier: FieldID
    private let flags: DNSFlags
    private let queries, zones, answers, prerequisites, authorities, updates, additional: FieldID
    private let queryName, queryNameLength, labelCount, queryType, queryClass, maskedQueryClass, unicastResponse: FieldID
    private let extraneous, extraneousLength: FieldID
    private let extraneousExpert: ExpertID
    private let records: DNSRecords
    private let operations: DNSOperations
    private let tracking: DNSTracking

    init(registering r: inout Registrar, _ proto: ProtocolID) {
        self.proto = proto
        length = r.field("dns.length", "Length", .uint16, .decimal)
        identifier = r.field("dns.id", "Transaction ID", .uint16, .hex)
        flags = DNSFlags(registering: &r)
        queries = r.field("dns.count.queries", "Questions", .uint16, .decimal)
        zones = r.field("dns.count.zones", "Zones", .uint16, .decimal)
        answers = r.field("dns.count.answers", "Answer RRs", .uint16, .decimal)
        prerequisites = r.field("dns.count.prerequisites", "Prerequisites", .uint16, .decimal)
        authorities = r.field("dns.count.auth_rr", "Authority RRs", .uint16, .decimal)
        updates = r.field("dns.count.updates", "Updates", .uint16, .decimal)
        additional = r.field("dns.count.add_rr", "Additional RRs", .uint16, .decimal)
        queryName = r.field("dns.qry.name", "Name", .string)
        queryNameLength = r.field("dns.qry.name.len", "Name Length", .uint16, .decimal)
        labelCount = r.field("dns.count.labels", "Label Count", .uint16, .decimal)
        queryType = r.field("dns.qry.type", "Type", .uint16, .decimal, strings: DNSValues.types)
        queryClass = r.field("dns.qry.class", "Class", .uint16, .hex, strings: DNSValues.classes)
        maskedQueryClass = r.field("dns.qry.class", "Class", .uint16, .hex, strings: DNSValues.classes, mask: 0x7fff)
        unicastResponse = r.flag("dns.qry.qu", "\"QU\" question", wordBits: 16, mask: 0x8000, "True", "False")
        extraneous = r.field("dns.extraneous.data", "Extraneous Data Bytes", .bytes)
        extraneousLength = r.field("dns.extraneous.length", "Extraneous Data Length", .int32, .decimal)
        extraneousExpert = r.expert("dns.extraneous", .undecoded, .note, "Extraneous data")
        records = DNSRecords(registering: &r, proto)
        operations = DNSOperations(registering: &r)
        tracking = DNSTracking(registering: &r)
    }

    /// The flags of the message at hand: what it is shown as depends on them.
    static func flags(of reader: Reader) throws(DissectionError) -> UInt16 {
        try reader.require(4)
        return reader.bytes.uint16(reader.offset + 2)
    }

    func begin(_ node: FieldID, _ reader: Reader, _ flags: UInt16, _ context: inout Context) {
        context.appendLabel(context.begin(node, reader)) { $0.append(flags & 0x8000 != 0 ? " (response)" : " (query)") }
    }

    func dissect(_ reader: inout Reader, _ message: Message, _ context: inout Context) throws(DissectionError) {
        let id = try context.uint16(identifier, &reader)
        let idItem = ItemRef(index: Int32(truncatingIfNeeded: context.itemCount - 1))
        let word = try reader.peekUInt16()
        var header = DNS.Header(identifier: id, flags: word, questionCount: 0, answerCount: 0, authorityCount: 0, additionalCount: 0)
        if context.columns.accepts { header.describe(&context.columns.info) }
        if context.wantsFields(of: proto) { flags.add(header, message, reader, &context) }
        try reader.skip(2)
        header.questionCount = try context.uint16(header.isUpdate ? zones : queries, &reader)
        header.answerCount = try context.uint16(header.isUpdate ? prerequisites : answers, &reader)
        header.authorityCount = try context.uint16(header.isUpdate ? updates : authorities, &reader)
        header.additionalCount = try context.uint16(additional, &reader)
        let role = tracking.role(of: header, isStream: message.isStream, &context)
        tracking.warn(role, under: context.wants(identifier) ? idItem : .none, &context)
        if context.columns.accepts || context.wantsFields(of: proto) {
            try addSections(header, &reader, message, &context)
            tracking.add(role, reader, message.layerStart, &context)
            addExtraneous(reader, message.layerStart, &context)
        }
        context.close()
    }

    private func addSections(_ header: DNS.Header, _ reader: inout Reader, _ message: Message, _ context: inout Context) throws(DissectionError) {
        if header.isStatefulOperation { return try operations.add(&reader, &context) }
        try addQuestions(header.isUpdate ? "Zone" : "Queries", header.questionCount, &reader, message, &context)
        try addRecords(header.isUpdate ? "Prerequisites" : "Answers", header.answerCount, &reader, message, &context)
        try addRecords(header.isUpdate ? "Updates" : "Authoritative nameservers", header.authorityCount, &reader, message, &context)
        try addRecords("Additional records", header.additionalCount, &reader, message, &context)
    }

    /// Adds a section's heading, over what is left until the section's end is known.
    private func beginSection(_ title: StaticString, _ reader: Reader, _ context: inout Context) throws(DissectionError) -> ItemRef {
        try reader.require(1)
        let heading = context.heading(reader, reader.offset, reader.capturedRemaining) { $0.append(title) }
        context.open()
        return heading
    }

    /// A question takes at least five bytes, so that their count is bounded by the message.
    private func addQuestions(
        _ title: StaticString, _ count: UInt16, _ reader: inout Reader, _ message: Message, _ context: inout Context
    ) throws(DissectionError) {
        guard count > 0 else { return }
        let heading = try beginSection(title, reader, &context)
        for _ in 0..<count { try addQuestion(&reader, message, &context) }
        context.close()
        context.extend(heading, to: reader.offset)
    }

    /// A record takes at least eleven bytes, so that their count is bounded by the message.
    private func addRecords(
        _ title: StaticString, _ count: UInt16, _ reader: inout Reader, _ message: Message, _ context: inout Context
    ) throws(DissectionError) {
        guard count > 0 else { return }
        let heading = try beginSection(title, reader, &context)
        for _ in 0..<count { try records.add(&reader, message, &context) }
        context.close()
        context.extend(heading, to: reader.offset)
    }

    private func addQuestion(_ reader: inout Reader, _ message: Message, _ context: inout Context) throws(DissectionError) {
        let name = try DNSName(&reader, in: message.reader, &context.text)
        let type = try reader.uint16()
        let word = try reader.uint16()
        let isMulticast = message.isMulticast
        let suffix: StaticString = !isMulticast ? "" : word & 0x8000 != 0 ? ", \"QU\" question" : ", \"QM\" question"
        if context.columns.accepts {
            context.columns.info.append(32)
            context.columns.info.append(dnsType: type)
            context.columns.info.append(32)
            context.columns.info.append(context.text.bytes(name.text.range))
            context.columns.info.append(suffix)
        }
        guard context.wantsFields(of: proto) else { return }
        context.heading(reader, name.offset, reader.offset - name.offset) {
            $0.appendCopy(of: name.text.range)
            $0.append(": type ")
            $0.append(dnsType: type)
            $0.append(", class ")
            $0.append(dnsClass: word & message.classMask)
            $0.append(suffix)
        }
        context.open()
        context.add(queryName, reader, name.offset, name.byteCount, value: name.text.packed, flags: .inArena)
        // Wireshark counts nothing in a name of one character.
        let isCounted = name.characterCount > 1
        context.generated(queryNameLength, reader, name.offset, name.byteCount, value: isCounted ? UInt64(name.characterCount) : 0)
        context.generated(labelCount, reader, name.offset, name.byteCount, value: isCounted ? UInt64(name.labelCount) : 0)
        context.add(queryType, reader, reader.offset - 4, 2, value: UInt64(type))
        context.bits(isMulticast ? maskedQueryClass : queryClass, reader, reader.offset - 2, 2, word: UInt64(word))
        if isMulticast { context.bits(unicastResponse, reader, reader.offset - 2, 2, word: UInt64(word)) }
        context.close()
    }

    /// Bytes behind the last section.
    private func addExtraneous(_ reader: Reader, _ layerStart: Int, _ context: inout Context) {
        let count = reader.capturedRemaining
        guard count > 0 else { return }
        context.heading(reader, reader.offset, count) {
            $0.append("Extraneous Data (")
            $0.append(decimal: count)
            $0.append(" bytes)")
        }
        context.open()
        context.add(extraneous, reader, reader.offset, count)
        context.generated(extraneousLength, reader, layerStart, value: UInt64(count))
        context.heading(reader, reader.offset, count) { $0.append("Extraneous data") }
        context.open()
        context.expert(extraneousExpert)
        context.close()
        context.close()
    }
}

/// The second word of the header.
struct DNSFlags: Sendable {
    private let flags, response, opcode, authoritative, truncated, recursionDesired, recursionAvailable, reserved: FieldID
    private let authenticated, authenticData, checkingDisabled, responseCode: FieldID
    private let queryConflict, responseConflict, tentative: FieldID

    init(registering r: inout Registrar) {
        flags = r.field("dns.flags", "Flags", .uint16, .hex)
        response = r.flag("dns.flags.response", "Response", wordBits: 16, mask: 0x8000, "Message is a response", "Message is a query")
        opcode = r.field("dns.flags.opcode", "Opcode", .uint16, .decimal, strings: DNSValues.opcodes, mask: 0x7800)
        authoritative = r.flag(
            "dns.flags.authoritative", "Authoritative", wordBits: 16, mask: 0x0400, "Server is an authority for domain",
            "Server is not an authority for domain")
        queryConflict = r.flag("dns.flags.conflict", "Conflict", wordBits: 16, mask: 0x0400, "The sender received multiple responses", "None")
        responseConflict = r.flag(
            "dns.flags.conflict", "Conflict", wordBits: 16, mask: 0x0400, "The name is not considered unique", "The name is considered unique")
        truncated = r.flag("dns.flags.truncated", "Truncated", wordBits: 16, mask: 0x0200, "Message is truncated", "Message is not truncated")
        recursionDesired = r.flag(
            "dns.flags.recdesired", "Recursion desired", wordBits: 16, mask: 0x0100, "Do query recursively", "Don't do query recursively")
        tentative = r.flag("dns.flags.tentative", "Tentative", wordBits: 16, mask: 0x0100, "Tentative", "Not tentative")
        recursionAvailable = r.flag(
            "dns.flags.recavail", "Recursion available", wordBits: 16, mask: 0x0080, "Server can do recursive queries",
            "Server can't do recursive queries")
        reserved = r.flag("dns.flags.z", "Z", wordBits: 16, mask: 0x0040, "reserved - incorrect!", "reserved (0)")
        authenticated = r.flag(
            "dns.flags.authenticated", "Answer authenticated", wordBits: 16, mask: 0x0020,
            "Answer/authority portion was authenticated by the server", "Answer/authority portion was not authenticated by the server")
        authenticData = r.flag("dns.flags.authenticated", "AD bit", wordBits: 16, mask: 0x0020)
        checkingDisabled = r.flag("dns.flags.checkdisable", "Non-authenticated data", wordBits: 16, mask: 0x0010, "Acceptable", "Unacceptable")
        responseCode = r.field("dns.flags.rcode", "Reply code", .uint16, .decimal, strings: DNSValues.responseCodes, mask: 0x000f)
    }

    /// Adds the flags that the message at hand has: `reader` stands at them.
    func add(_ header: DNS.Header, _ message: DNSMessages.Message, _ reader: Reader, _ context: inout Context) {
        context.kept(flags, reader, reader.offset, 2, and: message.variant == .linkLocal ? 1 : 0) { addItems(header, message, reader, &$0) }
    }

    private func addItems(_ header: DNS.Header, _ message: DNSMessages.Message, _ reader: Reader, _ context: inout Context) {
        func bits(_ field: FieldID) { context.bits(field, reader, reader.offset, 2, word: UInt64(header.flags)) }
        context.appendLabel(context.add(flags, reader, reader.offset, 2, value: UInt64(header.flags))) {
            $0.append(32)
            $0.append(DNSValues.opcodes.name(of: UInt64(header.opcode)) ?? "Unknown operation")
            guard header.isResponse else { return }
            $0.append(" response, ")
            $0.append(DNSValues.responseCodes.name(of: UInt64(header.responseCode)) ?? "Unknown error")
        }
        context.open()
        bits(response)
        bits(opcode)
        switch (message.variant, header.isResponse) {
        case (.linkLocal, let isResponse):
            bits(isResponse ? responseConflict : queryConflict)
            bits(truncated)
            bits(tentative)
        case (_, true):
            bits(authoritative)
            bits(truncated)
            bits(recursionDesired)
            bits(recursionAvailable)
            bits(reserved)
            bits(authenticated)
            bits(checkingDisabled)
        case (_, false):
            bits(truncated)
            bits(recursionDesired)
            bits(reserved)
            if header.flags & 0x0020 != 0 { bits(authenticData) }
            bits(checkingDisabled)
        }
        if header.isResponse { bits(responseCode) }
        context.close()
    }
}

extension DNS.Header {
    /// `Standard query response 0xc988 No such name`
    func describe(_ out: inout TextBuffer) {
        if let name = DNSValues.opcodes.name(of: UInt64(opcode)) {
            out.append(name)
        } else {
            out.append("Unknown operation (")
            out.append(decimal: opcode)
            out.append(")")
        }
        out.append(isResponse ? " response 0x" : " 0x")
        out.append(hex: UInt64(identifier), width: 4)
        guard isResponse, responseCode != 0 else { return }
        out.append(32)
        if let name = DNSValues.responseCodes.name(of: UInt64(responseCode)) {
            out.append(name)
        } else {
            out.append("Unknown error (")
            out.append(decimal: responseCode)
            out.append(")")
        }
    }
}

extension TextBuffer {
    /// The mnemonic of a record type: what its name has in front of the first space.
    mutating func append(dnsType type: UInt16) {
        guard type != 255 else { return append("ANY") }
        guard let name = DNSValues.types.name(of: UInt64(type)) else {
            append("Unknown (")
            append(decimal: type)
            return append(")")
        }
        let begin = count
        append(name)
        if let space = bytes.firstIndex(of: 32, from: begin) { truncate(to: space) }
    }

    mutating func append(dnsClass value: UInt16) { append(DNSValues.classes.name(of: UInt64(value)) ?? "Unknown") }
}
