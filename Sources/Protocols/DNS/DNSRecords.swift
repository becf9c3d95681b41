import Dissection
import Wire

/// Resource records (RFC 1035, section 3.2.1).
///
///     /                      NAME                     /
///     |                      TYPE                     |
///     |                      CLASS                    |
///     |                      TTL                      |
///     |                   (32 bits)                   |
///     |                   RDLENGTH                    |
///     /                     RDATA                     /
///
/// Most types are a list of parts (`DNSLayouts`); those that are more have a function each, in DNSKeys.swift,
/// DNSServices.swift and DNSOtherRecords.swift.
final class DNSRecords: Sendable {
    private let proto: ProtocolID
    private let name, type, recordClass, maskedClass, cacheFlush, timeToLive, length, data: FieldID
    private let payloadByteCount, maskedPayloadByteCount, extendedCode, version, bits, wantsSecurity, reservedBits: FieldID
    private let service, serviceProtocol, serviceName: FieldID
    private let timeToLiveTooLarge, undecoded: ExpertID
    private let layouts: DNSLayouts
    private let options: DNSOptions
    private let keys: DNSKeys
    private let services: DNSServices
    private let others: DNSOtherRecords

    init(registering r: inout Registrar, _ proto: ProtocolID) {
        self.proto = proto
        name = r.field("dns.resp.name", "Name", .string)
        type = r.field("dns.resp.type", "Type", .uint16, .decimal, strings: DNSValues.types)
        recordClass = r.field("dns.resp.class", "Class", .uint16, .hex, strings: DNSValues.classes)
        maskedClass = r.field("dns.resp.class", "Class", .uint16, .hex, strings: DNSValues.classes, mask: 0x7fff)
        cacheFlush = r.flag("dns.resp.cache_flush", "Cache flush", wordBits: 16, mask: 0x8000, "True", "False")
        timeToLive = r.field("dns.resp.ttl", "Time to live", .uint32, .decimal, label: DNSLayouts.durationLabel)
        length = r.field("dns.resp.len", "Data length", .uint16, .decimal)
        payloadByteCount = r.field("dns.rr.udp_payload_size", "UDP payload size", .uint16, .decimal)
        maskedPayloadByteCount = r.field("dns.rr.udp_payload_size", "UDP payload size", .uint16, .hex, mask: 0x7fff)
        extendedCode = r.field("dns.resp.ext_rcode", "Higher bits in extended RCODE", .uint8, .hex)
        version = r.field("dns.resp.edns0_version", "EDNS0 version", .uint8, .decimal)
        bits = r.field("dns.resp.z", "Z", .uint16, .hex)
        wantsSecurity = r.flag(
            "dns.resp.z.do", "DO bit", wordBits: 16, mask: 0x8000, "Accepts DNSSEC security RRs", "Cannot handle DNSSEC security RRs")
        reservedBits = r.field("dns.resp.z.reserved", "Reserved", .uint16, .hex, mask: 0x7fff)
        service = r.field("dns.srv.service", "Service", .string)
        serviceProtocol = r.field("dns.srv.proto", "Protocol", .string)
        serviceName = r.field("dns.srv.name", "Name", .string)
        timeToLiveTooLarge = r.expert("dns.ttl.high_bit_set", .proto, .warning, "The uppermost bit of the TTL is set (RFC 2181, section 8)")
        undecoded = r.expert("dns.undecoded.type", .undecoded, .note, "Undecoded option")
        data = r.field("dns.data", "Data", .bytes)
        layouts = DNSLayouts(registering: &r)
        options = DNSOptions(registering: &r)
        keys = DNSKeys(registering: &r)
        services = DNSServices(registering: &r)
        others = DNSOtherRecords(registering: &r)
    }

    /// The start of a record, up to its data.
    private struct Head {
        let name: DNSName
        let type: UInt16
        let recordClass: UInt16
        let timeToLive: UInt32
        let dataByteCount: Int

        init(_ reader: inout Reader, _ message: DNSMessages.Message, _ context: inout Context) throws(DissectionError) {
            name = try DNSName(&reader, in: message.reader, &context.text)
            type = try reader.uint16()
            recordClass = try reader.uint16()
            timeToLive = try reader.uint32()
            dataByteCount = Int(try reader.uint16())
        }

        var isOption: Bool { type == 41 }
    }

    /// Adds one record, and leaves the reader behind it.
    func add(_ reader: inout Reader, _ message: DNSMessages.Message, _ context: inout Context) throws(DissectionError) {
        let head = try Head(&reader, message, &context)
        let flushes = message.isMulticast && head.recordClass & 0x8000 != 0
        if context.columns.accepts {
            context.columns.info.append(32)
            context.columns.info.append(dnsType: head.type)
            if flushes { context.columns.info.append(", cache flush") }
        }
        let wantsFields = context.wantsFields(of: proto)
        if wantsFields { try reader.require(head.dataByteCount) }
        let heading = context.heading(reader, head.name.offset, reader.offset - head.name.offset + head.dataByteCount) {
            $0.appendCopy(of: head.name.text.range)
            $0.append(": type ")
            $0.append(dnsType: head.type)
            guard !head.isOption else { return }
            $0.append(", class ")
            $0.append(dnsClass: head.recordClass & message.classMask)
            if flushes { $0.append(", cache flush") }
        }
        context.open()
        if wantsFields { addHead(head, reader, message, &context) }
        if head.dataByteCount > 0 { try addData(head, reader, message, heading, &context) }
        context.close()
        reader.offset += head.dataByteCount
    }

    private func addHead(_ head: Head, _ reader: Reader, _ message: DNSMessages.Message, _ context: inout Context) {
        addName(head, reader, &context)
        let offset = reader.offset - 10
        context.add(type, reader, offset, 2, value: UInt64(head.type))
        if head.isOption {
            addOptionHead(head, reader, message, &context)
        } else {
            context.bits(message.isMulticast ? maskedClass : recordClass, reader, offset + 2, 2, word: UInt64(head.recordClass))
            if message.isMulticast { context.bits(cacheFlush, reader, offset + 2, 2, word: UInt64(head.recordClass)) }
            let item = context.add(timeToLive, reader, offset + 4, 4, value: UInt64(head.timeToLive))
            if head.timeToLive & 0x8000_0000 != 0 { context.expert(under: item, timeToLiveTooLarge) }
        }
        context.add(length, reader, offset + 8, 2, value: UInt64(head.dataByteCount))
    }

    /// The owner's name; of a service record its first two labels have meanings of their own (RFC 2782).
    private func addName(_ head: Head, _ reader: Reader, _ context: inout Context) {
        let text = head.name.text
        func add(_ field: FieldID, _ range: ArenaRange) {
            context.add(field, reader, head.name.offset, head.name.byteCount, value: range.packed, flags: .inArena)
        }
        guard head.type == 33 else { return add(name, text) }
        let bytes = context.text.bytes(text.range)
        func part(_ begin: Int, _ end: Int) -> ArenaRange { ArenaRange(offset: text.offset + UInt32(begin), byteCount: UInt32(end - begin)) }
        let firstEnd = bytes.firstIndex(of: 46) ?? bytes.count
        add(service, part(0, firstEnd))
        guard firstEnd + 1 < bytes.count else { return }
        let secondEnd = bytes.firstIndex(of: 46, from: firstEnd + 1) ?? bytes.count
        add(serviceProtocol, part(firstEnd + 1, secondEnd))
        if secondEnd + 1 < bytes.count { add(serviceName, part(secondEnd + 1, bytes.count)) }
    }

    /// The OPT pseudo-record's use of class and time to live (RFC 6891, section 6.1.3).
    private func addOptionHead(_ head: Head, _ reader: Reader, _ message: DNSMessages.Message, _ context: inout Context) {
        let offset = reader.offset - 10
        if message.isMulticast {
            context.bits(maskedPayloadByteCount, reader, offset + 2, 2, word: UInt64(head.recordClass))
            context.bits(cacheFlush, reader, offset + 2, 2, word: UInt64(head.recordClass))
        } else {
            context.add(payloadByteCount, reader, offset + 2, 2, value: UInt64(head.recordClass))
        }
        context.add(extendedCode, reader, offset + 4, 1, value: UInt64(head.timeToLive >> 24))
        context.add(version, reader, offset + 5, 1, value: UInt64(head.timeToLive >> 16 & 0xff))
        let word = UInt64(head.timeToLive & 0xffff)
        context.add(bits, reader, offset + 6, 2, value: word)
        context.open()
        context.bits(wantsSecurity, reader, offset + 6, 2, word: word)
        context.bits(reservedBits, reader, offset + 6, 2, word: word)
        context.close()
    }

    /// Adds the data of a record; what of it is shown in one line is shown as well where an error ends it later on.
    private func addData(
        _ head: Head, _ reader: Reader, _ message: DNSMessages.Message, _ heading: ItemRef, _ context: inout Context
    ) throws(DissectionError) {
        var data = DNSData(message: message.reader, layerStart: message.layerStart, reader: reader, byteCount: head.dataByteCount, owner: head.name)
        do throws(DissectionError) {
            try addData(head.type, &data, &context)
        } catch {
            if data.summary.isComplete { data.summary.write(under: heading, &context) }
            throw error
        }
        data.summary.write(under: heading, &context)
    }

    private func addData(_ type: UInt16, _ data: inout DNSData, _ context: inout Context) throws(DissectionError) {
        if let layout = layouts.layouts[type] { return try add(layout, &data, &context) }
        switch type {
        case 11: try others.addWellKnownServices(&data, &context)
        case 16, 99: try others.addTexts(type, &data, &context)
        case 20: try others.addLine(&data, &context)
        case 25: try keys.addKey(&data, &context)
        case 29: try others.addLocation(&data, &context)
        case 30: try others.addNext(&data, bitMapField: self.type, &context)
        case 35: try others.addNamingAuthority(&data, &context)
        case 38: try others.addA6(&data, &context)
        case 41: try options.add(&data, &context)
        case 42: try others.addPrefixes(&data, &context)
        case 45: try keys.addGateway(&data, &context)
        case 47: try keys.addNext(&data, bitMapField: self.type, &context)
        case 48, 60: try keys.addZoneKey(&data, &context)
        case 50: try keys.addHashedNext(&data, bitMapField: self.type, &context)
        case 51: try keys.addHashParameters(&data, &context)
        case 55: try keys.addHostIdentity(&data, &context)
        case 62: try others.addSynchronization(&data, bitMapField: self.type, &context)
        case 64, 65: try services.addBinding(&data, &context)
        case 249: try keys.addTransactionKey(&data, &context)
        case 250: try keys.addTransactionSignature(&data, &context)
        case 257: try services.addAuthorization(&data, &context)
        case 65281: try others.addWINS(&data, &context)
        case 65282: try others.addWINSReverse(&data, &context)
        case 65422: try others.addForwardedFor(&data, &context)
        default: addUndecoded(type, data, &context)
        }
    }

    private func addUndecoded(_ type: UInt16, _ data: DNSData, _ context: inout Context) {
        context.expert(undecoded) { $0.append(undecoded: "DNS Type", type) }
        context.add(self.data, data.reader, data.reader.offset, data.reader.capturedRemaining)
    }

    private func add(_ layout: DNSLayouts.Layout, _ data: inout DNSData, _ context: inout Context) throws(DissectionError) {
        data.summary.expectedCount = layout.shownCount
        if layout.showsOwner { data.summary.addOwner(data.owner) }
        for part in layout.parts { try data.add(part, &context) }
    }
}

/// The data of a record, and what is shown of it in one line.
struct DNSData {
    /// The whole message: pointers in names count from its start.
    let message: Reader
    /// Where the layer begins.
    let layerStart: Int
    /// The record's data, as far as the message has it.
    var reader: Reader
    /// Where the data ends as the record says.
    let end: Int
    let owner: DNSName
    var summary = DNSSummary()

    /// - Parameter reader: stands at the data.
    init(message: Reader, layerStart: Int, reader: Reader, byteCount: Int, owner: DNSName) {
        self.message = message
        self.layerStart = layerStart
        self.reader = reader.next(byteCount)
        end = reader.offset + byteCount
        self.owner = owner
    }

    /// The next `count` bytes of the data as data of their own.
    func part(_ count: Int) -> DNSData { DNSData(message: message, layerStart: layerStart, reader: reader, byteCount: count, owner: owner) }

    /// Bytes that are left as the record says: reading them fails where the message ends before.
    var remaining: Int { max(0, end - reader.offset) }

    /// Reads a name and adds it.
    @discardableResult
    mutating func name(_ field: FieldID, _ context: inout Context) throws(DissectionError) -> DNSName {
        let name = try DNSName(&reader, in: message, &context.text)
        context.add(field, message, name.offset, name.byteCount, value: name.text.packed, flags: .inArena)
        return name
    }

    /// Reads a character-string (RFC 1035, section 3.3) and adds its length and text.
    @discardableResult
    mutating func text(_ length: FieldID, _ field: FieldID, _ context: inout Context) throws(DissectionError) -> ByteView {
        let count = Int(try context.uint8(length, &reader))
        let offset = reader.offset
        try reader.skip(count)
        context.string(field, reader, offset, count, flags: .ascii)
        return reader.captured(offset, count)
    }

    /// Adds the next `count` bytes.
    mutating func bytes(_ field: FieldID, _ count: Int, _ context: inout Context) throws(DissectionError) {
        let offset = reader.offset
        try reader.skip(count)
        context.add(field, reader, offset, count)
    }

    /// Adds what is left of the data, unless nothing is.
    mutating func rest(_ field: FieldID, _ context: inout Context) throws(DissectionError) {
        if remaining > 0 { try bytes(field, remaining, &context) }
    }

    /// Reads an address of four bytes and adds it.
    @discardableResult
    mutating func ipv4(_ field: FieldID, _ context: inout Context) throws(DissectionError) -> UInt32 { try context.uint32(field, &reader) }

    /// Reads an address of sixteen bytes and adds it.
    mutating func ipv6(_ field: FieldID, _ context: inout Context) throws(DissectionError) { try bytes(field, 16, &context) }

    /// Adds the windows of a bit map of types (RFC 4034, section 4.1.2): each type that is set. A window takes at least two
    /// bytes, so that the data bounds them.
    mutating func typeBitMaps(_ field: FieldID, _ context: inout Context) throws(DissectionError) {
        while remaining > 0 {
            let window = UInt16(try reader.uint8())
            let count = Int(try reader.uint8())
            let offset = reader.offset
            try reader.skip(count)
            for index in 0..<count { addTypes(field, at: offset + index, first: window << 8 &+ UInt16(truncatingIfNeeded: index * 8), &context) }
        }
    }

    /// Adds the types whose bits are set in the byte at `offset`, the highest bit being the type `first`.
    func addTypes(_ field: FieldID, at offset: Int, first: UInt16, _ context: inout Context) {
        var byte = reader.bytes[offset]
        var type = first
        while byte != 0 {
            if byte & 0x80 != 0 {
                context.label(context.add(field, reader, offset, 1, value: UInt64(type))) {
                    $0.append("RR type in bit map: ")
                    if let name = DNSValues.types.name(of: UInt64(type)) {
                        $0.append(name)
                    } else {
                        $0.append(dnsType: type)
                    }
                }
            }
            byte <<= 1
            type &+= 1
        }
    }
}

/// What the Info column and a record's heading show of its data.
struct DNSSummary {
    private enum Value {
        case none
        case number(UInt64)
        case name(ArenaRange)
        case bytes(ByteView)
        case ipv4(UInt32)
        case ipv6(UInt64, UInt64)
    }

    private static let limit = 4
    private var values = InlineArray<4, Value>(repeating: .none)
    /// What stands before each value in the heading.
    private var prefixes = InlineArray<4, StaticString>(repeating: "")
    private var count = 0
    private var owner: ArenaRange?
    /// How many values the record's type has to show.
    var expectedCount = 0

    init() {}

    var isComplete: Bool { count >= expectedCount }

    private mutating func add(_ prefix: StaticString, _ value: Value) {
        guard count < Self.limit else { return }
        prefixes[count] = prefix
        values[count] = value
        count += 1
    }

    mutating func add(_ prefix: StaticString, number: UInt64) { add(prefix, .number(number)) }
    mutating func add(_ prefix: StaticString, _ name: DNSName) { add(prefix, .name(name.text)) }
    /// - Parameter bytes: a part of a source.
    mutating func add(_ prefix: StaticString, bytes: ByteView) { add(prefix, .bytes(bytes)) }
    mutating func add(_ prefix: StaticString, ipv4: UInt32) { add(prefix, .ipv4(ipv4)) }
    mutating func add(_ prefix: StaticString, ipv6 high: UInt64, _ low: UInt64) { add(prefix, .ipv6(high, low)) }
    /// The column shows the record's owner once more.
    mutating func addOwner(_ name: DNSName) { owner = name.text }

    func write(under heading: ItemRef, _ context: inout Context) {
        if context.columns.accepts {
            if let owner {
                context.columns.info.append(32)
                context.columns.info.append(context.text.bytes(owner.range))
            }
            for index in 0..<count {
                context.columns.info.append(32)
                if case .name(let range) = values[index] {
                    context.columns.info.append(context.text.bytes(range.range))
                } else {
                    Self.write(values[index], &context.columns.info)
                }
            }
        }
        guard count > 0 else { return }
        context.appendLabel(heading) {
            for index in 0..<count {
                $0.append(prefixes[index])
                Self.write(values[index], &$0)
            }
        }
    }

    /// - Parameter out: the text arena, where the value is a name.
    private static func write(_ value: Value, _ out: inout TextBuffer) {
        switch value {
        case .none: break
        case .number(let number): out.append(decimal: number)
        case .name(let range): out.appendCopy(of: range.range)
        case .bytes(let bytes): out.append(bytes)
        case .ipv4(let address): out.append(ipv4: address)
        case .ipv6(let high, let low): out.append(ipv6: high, low)
        }
    }
}
