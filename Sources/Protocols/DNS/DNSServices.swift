import Dissection
import Wire

/// SVCB and HTTPS records (RFC 9460) and CAA records (RFC 8659).
struct DNSServices: Sendable {
    private let priority, target, parameter, key, length, value: FieldID
    private let mandatoryKey, protocolLength, protocolName, port, address4, address6, helloKeys, queryKeys: FieldID
    private let flags, critical, issue, issueWildcard, report, unknown, tagLength, tag, tagValue: FieldID

    init(registering r: inout Registrar) {
        priority = r.field("dns.svcb.svcpriority", "SvcPriority", .uint16, .decimal)
        target = r.field("dns.svcb.targetname", "TargetName", .string)
        parameter = r.field("dns.svcb.svcparam", "SvcParam", .none)
        key = r.field("dns.svcb.svcparam.key", "SvcParamKey", .uint16, .decimal, strings: DNSValues.serviceParameters)
        length = r.field("dns.svcb.svcparam.value.length", "SvcParamValue length", .uint16, .decimal)
        value = r.field("dns.svcb.svcparam.value", "SvcParamValue", .bytes)
        mandatoryKey = r.field("dns.svcb.svcparam.mandatory.key", "Mandatory key", .uint16, .decimal, strings: DNSValues.serviceParameters)
        protocolLength = r.field("dns.svcb.svcparam.alpn.length", "ALPN length", .uint8, .decimal)
        protocolName = r.field("dns.svcb.svcparam.alpn", "ALPN", .string)
        port = r.field("dns.svcb.svcparam.port", "Port", .uint16, .decimal)
        address4 = r.field("dns.svcb.svcparam.ipv4hint.ip", "IP", .ipv4)
        address6 = r.field("dns.svcb.svcparam.ipv6hint.ip", "IP", .ipv6)
        helloKeys = r.field("dns.svcb.svcparam.echconfig", "ECHConfig", .bytes)
        queryKeys = r.field("dns.svcb.svcparam.odohconfig", "ODoHConfig", .bytes)
        flags = r.field("dns.caa.flags", "CAA Flags", .uint8, .hex)
        critical = r.flag("dns.caa.flags.issuer_critical", "Issuer Critical", wordBits: 8, mask: 0x80, "Critical", "Not critical")
        issue = r.field("dns.caa.issue", "Issue", .string)
        issueWildcard = r.field("dns.caa.issuewild", "Issue Wildcard", .string)
        report = r.field("dns.caa.iodef", "Report URL", .string)
        unknown = r.field("dns.caa.unknown", "Unknown tag", .string)
        tagLength = r.field("dns.caa.tag_length", "Tag length", .uint8, .decimal)
        tag = r.field("dns.caa.tag", "Tag", .string)
        tagValue = r.field("dns.caa.value", "Value", .string)
    }

    // MARK: Service bindings

    /// RFC 9460, section 2.2. A parameter takes at least four bytes, so that the data bounds their count.
    func addBinding(_ data: inout DNSData, _ context: inout Context) throws(DissectionError) {
        try context.uint16(priority, &data.reader)
        try data.name(target, &context)
        while data.remaining > 0 { try addParameter(&data, &context) }
    }

    private func addParameter(_ data: inout DNSData, _ context: inout Context) throws(DissectionError) {
        let start = data.reader.offset
        let node = context.add(parameter, data.reader, start, data.reader.capturedRemaining)
        context.open()
        let number = try context.uint16(key, &data.reader)
        let count = Int(try context.uint16(length, &data.reader))
        context.setByteCount(node, min(4 + count, data.reader.capturedEnd - start))
        context.appendLabel(node) {
            $0.append(": ")
            $0.append(serviceParameter: number)
        }
        var value = data.part(count)
        try addValue(number, count, &value, node, &context)
        try data.reader.skip(count)
        context.close()
    }

    private func addValue(
        _ number: UInt16, _ count: Int, _ data: inout DNSData, _ node: ItemRef, _ context: inout Context
    ) throws(DissectionError) {
        switch number {
        case 0, 1, 4, 6:
            var separator: StaticString = "="
            while data.remaining > 0 {
                try addElement(number, &data, node, separator, &context)
                separator = ","
            }
        case 2: break
        case 3:
            let number = try context.uint16(port, &data.reader)
            context.appendLabel(node) {
                $0.append("=")
                $0.append(decimal: number)
            }
            // Anything but two bytes makes the record unusable (RFC 9460, section 7.2).
            guard count == 2 else { throw DissectionError(.malformed, offset: data.reader.offset, byteCount: count - 2) }
        case 5: try addKeys(helloKeys, count, &data, node, &context)
        case 32769: try addKeys(queryKeys, count, &data, node, &context)
        default:
            guard count > 0 else { return }
            try data.bytes(value, count, &context)
            let bytes = data.reader.captured(data.reader.offset - count, count)
            context.appendLabel(node) {
                $0.append("=")
                $0.append(bytes)
            }
        }
    }

    /// One element of a value that is a list.
    private func addElement(
        _ number: UInt16, _ data: inout DNSData, _ node: ItemRef, _ separator: StaticString, _ context: inout Context
    ) throws(DissectionError) {
        let offset = data.reader.offset
        switch number {
        case 0: try context.uint16(mandatoryKey, &data.reader)
        case 1: try data.text(protocolLength, protocolName, &context)
        case 4: try data.ipv4(address4, &context)
        default: try data.ipv6(address6, &context)
        }
        let bytes = data.reader.captured(offset, data.reader.offset - offset)
        context.appendLabel(node) {
            $0.append(separator)
            switch number {
            case 0: $0.append(serviceParameter: bytes.uint16(0))
            case 1: $0.append(bytes[1..<bytes.count])
            case 4: $0.append(ipv4: bytes.uint32(0))
            default: $0.append(ipv6: bytes.uint64(0), bytes.uint64(8))
            }
        }
    }

    /// Keys, shown in base 64.
    private func addKeys(_ field: FieldID, _ count: Int, _ data: inout DNSData, _ node: ItemRef, _ context: inout Context) throws(DissectionError) {
        let offset = data.reader.offset
        try data.reader.skip(count)
        let bytes = data.reader.captured(offset, count)
        context.valueLabel(context.add(field, data.reader, offset, count)) { $0.append(base64: bytes) }
        context.appendLabel(node) {
            $0.append("=")
            $0.append(base64: bytes)
        }
    }

    // MARK: Certification authorities

    /// RFC 8659, section 4.1.
    func addAuthorization(_ data: inout DNSData, _ context: inout Context) throws(DissectionError) {
        let word = try context.uint8(flags, &data.reader)
        context.open()
        context.bits(critical, data.reader, data.reader.offset - 1, 1, word: UInt64(word))
        context.close()
        let start = data.reader.offset
        let tagByteCount = Int(try data.reader.uint8())
        try data.reader.skip(tagByteCount)
        let valueByteCount = data.remaining
        try data.reader.skip(valueByteCount)
        let valueOffset = start + 1 + tagByteCount
        let property = field(forTag: data.reader.captured(start + 1, tagByteCount))
        context.addRange(
            property, data.reader, start, data.reader.offset - start, valueAt: valueOffset, valueByteCount, flags: .ascii)
        context.open()
        context.add(tagLength, data.reader, start, 1, value: UInt64(tagByteCount))
        context.string(tag, data.reader, start + 1, tagByteCount, flags: .ascii)
        context.string(tagValue, data.reader, valueOffset, valueByteCount, flags: .ascii)
        context.close()
    }

    private func field(forTag tag: ByteView) -> FieldID {
        func isTag(_ text: StaticString) -> Bool { tag.count == text.utf8CodeUnitCount && tag.hasPrefix(text) }
        if isTag("issue") { return issue }
        if isTag("issuewild") { return issueWildcard }
        return isTag("iodef") ? report : unknown
    }
}

extension TextBuffer {
    mutating func append(serviceParameter number: UInt16) {
        if let name = DNSValues.serviceParameters.name(of: UInt64(number)) { return append(name) }
        append("key")
        append(decimal: number)
    }

    /// Six bits a character, padded to four characters (RFC 4648, section 4).
    mutating func append(base64 bytes: ByteView) {
        var offset = 0
        while offset < bytes.count {
            let count = min(3, bytes.count - offset)
            var word: UInt32 = 0
            for index in 0..<3 { word = word << 8 | (index < count ? UInt32(bytes[offset + index]) : 0) }
            for index in 0..<4 {
                if index <= count {
                    append(base64Digit: UInt8(truncatingIfNeeded: word >> UInt32(18 - 6 * index) & 63))
                } else {
                    append(61)
                }
            }
            offset += 3
        }
    }

    private mutating func append(base64Digit value: UInt8) {
        switch value {
        case 0..<26: append(65 + value)
        case 26..<52: append(71 + value)
        case 52..<62: append(value - 4)
        case 62: append(43)
        default: append(47)
        }
    }
}
