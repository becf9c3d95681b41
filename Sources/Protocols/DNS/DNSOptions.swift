import Dissection
import Wire

/// EDNS options (RFC 6891, section 6.1.2; client subnet RFC 7871, cookie RFC 7873, keep-alive RFC 7828, padding RFC 7830, chain
/// RFC 7901, extended error RFC 8914, algorithms RFC 6975).
struct DNSOptions: Sendable {
    private let option, code, length, data: FieldID
    private let signingAlgorithm, digest, hash: FieldID
    private let family, sourceBits, scopeBits, address, address4, address6: FieldID
    private let clientCookie, serverCookie, timeout, padding, trustPoint, errorCode, errorText: FieldID
    private let deprecated, badLength: ExpertID

    init(registering r: inout Registrar) {
        option = r.field("dns.opt", "Option", .none)
        code = r.field("dns.opt.code", "Option Code", .uint16, .decimal, strings: DNSValues.options)
        length = r.field("dns.opt.len", "Option Length", .uint16, .decimal)
        data = r.field("dns.opt.data", "Option Data", .bytes)
        signingAlgorithm = r.field("dns.opt.dau", "DAU", .uint8, .decimal, strings: DNSValues.algorithms)
        digest = r.field("dns.opt.dhu", "DHU", .uint8, .decimal, strings: DNSValues.digests)
        hash = r.field("dns.opt.n3u", "N3U", .uint8, .decimal, strings: DNSValues.hashes)
        family = r.field("dns.opt.client.family", "Family", .uint16, .decimal, strings: DNSValues.addressFamilies)
        sourceBits = r.field("dns.opt.client.netmask", "Source Netmask", .uint8, .decimal)
        scopeBits = r.field("dns.opt.client.scope", "Scope Netmask", .uint8, .decimal)
        address = r.field("dns.opt.client.addr", "Client Subnet", .bytes)
        address4 = r.field("dns.opt.client.addr4", "Client Subnet", .ipv4)
        address6 = r.field("dns.opt.client.addr6", "Client Subnet", .ipv6)
        clientCookie = r.field("dns.opt.cookie.client", "Client Cookie", .bytes)
        serverCookie = r.field("dns.opt.cookie.server", "Server Cookie", .bytes)
        timeout = r.field("dns.opt.edns_tcp_keepalive.timeout", "Timeout", .uint16, .decimal)
        padding = r.field("dns.opt.padding", "Padding", .bytes)
        trustPoint = r.field("dns.opt.chain.fqdn", "Closest Trust Point", .string)
        errorCode = r.field("dns.opt.ext_error.info_code", "Info Code", .uint16, .decimal, strings: DNSValues.extendedErrors)
        errorText = r.field("dns.opt.ext_error.extra_text", "Extra Text", .string)
        deprecated = r.expert("dns.depr.opc", .proto, .warning, "Deprecated opcode")
        badLength = r.expert("dns.rr.opt.bad_length", .malformed, .error, "Length too long for any type of IP address.")
    }

    /// An option takes at least four bytes, so that the data bounds their count.
    func add(_ data: inout DNSData, _ context: inout Context) throws(DissectionError) {
        while data.remaining > 0 { try addOption(&data, &context) }
    }

    private func addOption(_ data: inout DNSData, _ context: inout Context) throws(DissectionError) {
        let start = data.reader.offset
        let number = try data.reader.uint16()
        let count = Int(try data.reader.uint16())
        let node = context.add(option, data.reader, start, min(4 + count, data.reader.capturedEnd - start))
        context.appendLabel(node) {
            $0.append(": ")
            if let name = DNSValues.options.name(of: UInt64(number)) { return $0.append(name) }
            $0.append("Unknown (")
            $0.append(decimal: number)
            $0.append(")")
        }
        context.open()
        let codeItem = context.add(code, data.reader, start, 2, value: UInt64(number))
        if number == 20730 { context.expert(under: codeItem, deprecated) { $0.append("Deprecated opcode. Client subnet OPT assigned as 8.") } }
        let lengthItem = context.add(length, data.reader, start + 2, 2, value: UInt64(count))
        if number == 8 || number == 20730, count > 20 { context.expert(under: lengthItem, badLength) }
        var value = data.part(count)
        try data.bytes(self.data, count, &context)
        try addValue(number, count, &value, &context)
        context.close()
    }

    private func addValue(_ number: UInt16, _ count: Int, _ value: inout DNSData, _ context: inout Context) throws(DissectionError) {
        switch number {
        case 5: for _ in 0..<count { try context.uint8(signingAlgorithm, &value.reader) }
        case 6: for _ in 0..<count { try context.uint8(digest, &value.reader) }
        case 7: for _ in 0..<count { try context.uint8(hash, &value.reader) }
        case 8, 20730: try addSubnet(&value, &context)
        case 10:
            try value.bytes(clientCookie, 8, &context)
            try value.bytes(serverCookie, value.remaining, &context)
        case 11: if count == 2 { try context.uint16(timeout, &value.reader) }
        case 12: try value.bytes(padding, count, &context)
        case 13: context.string(trustPoint, value.reader, value.reader.offset, count, flags: .ascii)
        case 15:
            try context.uint16(errorCode, &value.reader)
            if count > 2 { context.string(errorText, value.reader, value.reader.offset, count - 2) }
        default: break
        }
    }

    /// RFC 7871, section 6: the address is cut to the bytes that the source netmask needs.
    private func addSubnet(_ value: inout DNSData, _ context: inout Context) throws(DissectionError) {
        let family = try context.uint16(self.family, &value.reader)
        try context.uint8(sourceBits, &value.reader)
        try context.uint8(scopeBits, &value.reader)
        let count = min(value.remaining, 16)
        switch family {
        case 1: context.add(prefix4: address4, value.reader, count)
        case 2: context.add(prefix6: address6, value.reader, count)
        default: context.add(address, value.reader, value.reader.offset, count)
        }
    }
}

/// DNS Stateful Operations (RFC 8490, section 5.4): type, length, value behind the header.
struct DNSOperations: Sendable {
    private let node, element, type, length, data, inactivity, interval, retryDelay, padding: FieldID

    init(registering r: inout Registrar) {
        node = r.field("dns.dso", "DNS Stateful Operation", .none)
        element = r.field("dns.dso.tlv", "DSO TLV", .none)
        type = r.field("dns.dso.tlv.type", "Type", .uint16, .decimal, strings: DNSValues.statefulOperations)
        length = r.field("dns.dso.tlv.length", "Length", .uint16, .decimal)
        data = r.field("dns.dso.tlv.data", "Data", .bytes)
        inactivity = r.field("dns.dso.tlv.keepalive.inactivity", "Inactivity Timeout", .uint32, .decimal)
        interval = r.field("dns.dso.tlv.keepalive.interval", "Keepalive Interval", .uint32, .decimal)
        retryDelay = r.field("dns.dso.tlv.retrydelay.retrydelay", "Retry Delay", .uint32, .decimal)
        padding = r.field("dns.dso.tlv.encpad.padding", "Padding", .bytes)
    }

    /// An element takes at least four bytes, so that the message bounds their count.
    func add(_ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        try reader.require(1)
        context.add(node, reader, reader.offset, reader.capturedRemaining)
        context.open()
        while reader.remaining > 0 { try addElement(&reader, &context) }
        context.close()
    }

    private func addElement(_ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        let start = reader.offset
        let node = context.add(element, reader, start, reader.capturedRemaining)
        context.open()
        let number = try context.uint16(type, &reader)
        context.appendLabel(node) {
            $0.append(": ")
            $0.append(DNSValues.statefulOperations.name(of: UInt64(number)) ?? "Unknown")
        }
        let count = Int(try context.uint16(length, &reader))
        switch number {
        case 1:
            try context.uint32(inactivity, &reader)
            try context.uint32(interval, &reader)
        case 2: try context.uint32(retryDelay, &reader)
        default:
            let offset = reader.offset
            try reader.skip(count)
            context.add(number == 3 ? padding : data, reader, offset, count)
        }
        context.close()
        context.extend(node, to: reader.offset)
    }
}

extension Context {
    /// Adds the first bytes of an address of four, the others being zero.
    mutating func add(prefix4 field: FieldID, _ reader: Reader, _ count: Int) {
        let bytes = reader.captured(reader.offset, min(count, 4))
        var value: UInt64 = 0
        for index in 0..<4 { value = value << 8 | (index < bytes.count ? UInt64(bytes[index]) : 0) }
        add(field, reader, reader.offset, count, value: value)
    }

    /// Adds the first bytes of an address of sixteen, the others being zero.
    mutating func add(prefix6 field: FieldID, _ reader: Reader, _ count: Int) {
        let bytes = reader.captured(reader.offset, min(count, 16))
        _ = addText(field, reader, reader.offset, count) {
            $0.append(bytes)
            $0.append(repeating: 0, count: 16 - bytes.count)
        }
    }
}
