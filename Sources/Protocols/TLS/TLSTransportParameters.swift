import Dissection
import Wire

/// The transport parameters of QUIC (RFC 9000, section 18), which its handshake carries as an extension.
///
///     Transport Parameter { ID (i), Length (i), Value (..) }
///
/// Up to the 27th draft the numbers had two bytes, and a length stood before the list.
final class TLSTransportParameters: Sendable {
    private enum Value {
        case number(FieldID, unit: StaticString?), bytes(FieldID), mark(FieldID), version(FieldID)
    }

    private let listLength, type, length, oldLength, value: FieldID
    private let values: [UInt64: Value]
    private let addressFields: (ipv4: FieldID, ipv4Port: FieldID, ipv6: FieldID, ipv6Port: FieldID, idLength: FieldID, id: FieldID, token: FieldID)
    private let chosenVersion, otherVersion, cibirLength, cibirOffset: FieldID
    private let supportedLength, supportedVersion: FieldID
    private let vectors: TLSVectors

    init(_ vectors: TLSVectors, _ r: inout Registrar) {
        self.vectors = vectors
        listLength = r.field("tls.quic.len", "Parameters Length", .uint16, .decimal)
        type = r.field("tls.quic.parameter.type", "Type", .uint64, .decimal, label: { number, out in
            out.append(Self.name(number))
            out.append(" (0x")
            out.append(hex: number, width: 2)
            out.append(")")
        })
        length = r.field("tls.quic.parameter.length", "Length", .uint64, .decimal)
        oldLength = r.field("tls.quic.parameter.lengt.old", "Length", .uint16, .decimal)
        value = r.field("tls.quic.parameter.value", "Value", .bytes)
        func field(_ name: String, _ title: String, _ type: FieldType, _ base: FieldBase = .none) -> FieldID {
            r.field("tls.quic.parameter.\(name)", title, type, base)
        }
        func number(_ name: String, _ title: String? = nil, unit: StaticString? = "") -> Value {
            .number(field(name, title ?? name, .uint64, .decimal), unit: unit)
        }
        func bytes(_ name: String, _ title: String? = nil) -> Value { .bytes(field(name, title ?? name, .bytes)) }
        values = [
            0x00: bytes("original_destination_connection_id"), 0x01: number("max_idle_timeout", unit: " ms"),
            0x02: bytes("stateless_reset_token"), 0x03: number("max_udp_payload_size"),
            0x04: number("initial_max_data"),
            0x05: number("initial_max_stream_data_bidi_local"),
            0x06: number("initial_max_stream_data_bidi_remote"),
            0x07: number("initial_max_stream_data_uni"),
            0x08: number("initial_max_streams_bidi"), 0x09: number("initial_max_streams_uni"),
            0x0a: number("ack_delay_exponent", unit: nil), 0x0b: number("max_ack_delay"),
            0x0e: number("active_connection_id_limit", "Active Connection ID Limit"),
            0x0f: bytes("initial_source_connection_id", "Initial Source Connection ID"),
            0x10: bytes("retry_source_connection_id", "Retry Source Connection ID"),
            0x20: number("max_datagram_frame_size"), 0x1057: number("loss_bits", unit: nil),
            0x7158: .number(
                r.field("tls.quic.parameter.enable_time_stamp_v2", "Enable TimestampV2", .uint64, .decimal, strings: TLSQUICValues.timestamps), unit: nil),
            0xde1a: number("min_ack_delay"),
            0x3127: number("google.initial_rtt", "Google Initial RTT", unit: " us"),
            0x3128: bytes("google.connection_options", "Google Connection options"),
            0x3129: .bytes(field("google.user_agent", "Google UserAgent", .string)),
            0x312a: .mark(field("google.support_handshake_done", "Google Support Handshake Done", .none)),
            0x312b: .mark(field("google.key_update_not_yet_supported", "Google Key Update not yet supported", .none)),
            0x4752: .version(r.field("tls.quic.parameter.google.quic_version", "Google QUIC version", .uint32, .hex, strings: TLSQUICValues.versions)),
            0xff00: number("facebook.partial_reliability", "Facebook Partial Reliability", unit: nil),
        ]
        addressFields = (
            field("preferred_address.ipv4address", "ipv4Address", .ipv4), field("preferred_address.ipv4port", "ipv4Port", .uint16, .decimal),
            field("preferred_address.ipv6address", "ipv6Address", .ipv6), field("preferred_address.ipv6port", "ipv6Port", .uint16, .decimal),
            field("preferred_address.connectionid.length", "Length", .uint8, .decimal),
            field("preferred_address.connectionid", "connectionId", .bytes), field("preferred_address.statelessresettoken", "statelessResetToken", .bytes)
        )
        chosenVersion = r.field("tls.quic.parameter.vi.chosen_version", "Chosen Version", .uint32, .hex, strings: TLSQUICValues.versions)
        otherVersion = r.field("tls.quic.parameter.vi.other_version", "Other Version", .uint32, .hex, strings: TLSQUICValues.versions)
        cibirLength = r.field("tls.quic.parameter.cibir_encoding.length", "length", .uint64, .decimal)
        cibirOffset = r.field("tls.quic.parameter.cibir_encoding.offset", "offset", .uint64, .decimal)
        supportedLength = r.field("tls.quic.parameter.google.supported_versions_length", "Google Supported Versions Length", .uint8, .decimal)
        supportedVersion = r.field(
            "tls.quic.parameter.google.supported_version", "Google Supported Version", .uint32, .hex, strings: TLSQUICValues.versions)
    }

    private static func name(_ number: UInt64) -> StaticString {
        // RFC 9000, section 18.1: numbers that are there to be ignored.
        if number > 31, number % 31 == 27 { return "GREASE" }
        return TLSQUICValues.parameters.name(of: number) ?? "Unknown"
    }

    func add(_ data: inout Reader, isDraft: Bool, _ place: TLSExtensions.Place, _ context: inout Context) throws(DissectionError) {
        // The drafts before the 27th, which alone have a length in front, cannot begin with its two bytes otherwise.
        let usesOldForm = isDraft && data.remaining >= 2 && data.has(2) && Int(data.bytes.uint16(data.offset)) == data.remaining - 2
        guard usesOldForm else {
            while data.remaining > 0 { try addParameter(place, &data, &context) }
            return
        }
        guard var list = try vectors.begin(listLength, width: 2, 0...65535, &data, &context) else { return }
        while list.remaining >= 4 { try addOldParameter(place, &list, &context) }
        vectors.end(list, &context)
    }

    private func addParameter(_ place: TLSExtensions.Place, _ list: inout Reader, _ context: inout Context) throws(DissectionError) {
        let start = list.offset
        let item = context.heading(list, start, list.capturedRemaining) { $0.append("Parameter") }
        context.open()
        defer { context.close() }
        let number = try addNumber(type, &list, &context)
        let byteCount = try addNumber(length, &list, &context)
        try finish(item, start, number, byteCount, place, &list, &context)
    }

    private func addOldParameter(_ place: TLSExtensions.Place, _ list: inout Reader, _ context: inout Context) throws(DissectionError) {
        let start = list.offset
        let item = context.heading(list, start, list.capturedRemaining) { $0.append("Parameter") }
        context.open()
        defer { context.close() }
        let number = UInt64(try list.uint16())
        context.add(type, list, start, 2, value: number)
        let byteCount = UInt64(try context.uint16(oldLength, &list))
        try finish(item, start, number, byteCount, place, &list, &context)
    }

    private func finish(
        _ item: ItemRef, _ start: Int, _ number: UInt64, _ byteCount: UInt64, _ place: TLSExtensions.Place, _ list: inout Reader, _ context: inout Context
    ) throws(DissectionError) {
        let count = Int(clamping: byteCount)
        context.setByteCount(item, min(list.capturedEnd, list.offset &+ min(count, list.remaining)) - start)
        context.label(item) {
            $0.append("Parameter: ")
            $0.append(Self.name(number))
            if TLSQUICValues.parameters.name(of: number) == nil {
                $0.append(" 0x")
                $0.append(hex: number, width: 4)
            }
            $0.append(" (len=")
            $0.append(decimal: byteCount)
            $0.append(")")
        }
        try list.require(count)
        var content = list.next(count)
        list.offset += count
        context.add(value, content, content.offset, count)
        try addValue(number, item, place, &content, &context)
        vectors.end(content, &context)
    }

    private func addValue(_ number: UInt64, _ item: ItemRef, _ place: TLSExtensions.Place, _ content: inout Reader, _ context: inout Context) throws(DissectionError) {
        switch number {
        case 0x0d: try addPreferredAddress(&content, &context)
        case 0x11, 0xff73db:
            try context.uint32(chosenVersion, &content)
            while content.remaining >= 4 { try context.uint32(otherVersion, &content) }
        case 0x1000:
            let identifierByteCount = try addNumber(cibirLength, &content, &context)
            let identifierOffset = try addNumber(cibirOffset, &content, &context)
            context.appendLabel(item) {
                $0.append(" Length: ")
                $0.append(decimal: identifierByteCount)
                $0.append(", Offset: ")
                $0.append(decimal: identifierOffset)
            }
        default:
            switch values[number] {
            case .number(let field, let unit):
                let shown = try addNumber(field, &content, &context)
                guard let unit else { break }
                context.appendLabel(item) {
                    $0.append(" ")
                    $0.append(decimal: shown)
                    $0.append(unit)
                }
            case .bytes(let field):
                context.add(field, content, content.offset, content.remaining)
                content.offset = content.reportedEnd
            case .mark(let field): context.add(field, content, content.offset, content.remaining)
            case .version(let field): try addVersions(field, place, &content, &context)
            case nil: content.offset = content.reportedEnd
            }
        }
    }

    /// The version, and from a server those that it supports besides.
    private func addVersions(_ field: FieldID, _ place: TLSExtensions.Place, _ content: inout Reader, _ context: inout Context) throws(DissectionError) {
        try context.uint32(field, &content)
        guard place == .encrypted, var list = try vectors.begin(supportedLength, width: 1, 0...255, &content, &context) else { return }
        while list.remaining >= 4 { try context.uint32(supportedVersion, &list) }
    }

    /// RFC 9000, section 18.2.
    private func addPreferredAddress(_ content: inout Reader, _ context: inout Context) throws(DissectionError) {
        try context.uint32(addressFields.ipv4, &content)
        try context.uint16(addressFields.ipv4Port, &content)
        try content.require(16)
        context.add(addressFields.ipv6, content, content.offset, 16)
        content.offset += 16
        try context.uint16(addressFields.ipv6Port, &content)
        try vectors.bytes(addressFields.idLength, width: 1, addressFields.id, 1...20, &content, &context)
        try content.require(16)
        context.add(addressFields.token, content, content.offset, 16)
        content.offset += 16
    }

    /// Reads a number of variable length (RFC 9000, section 16) and adds it.
    private func addNumber(_ field: FieldID, _ reader: inout Reader, _ context: inout Context) throws(DissectionError) -> UInt64 {
        let byteCount = 1 << Int(try reader.peekUInt8() >> 6)
        try reader.require(byteCount)
        var number = UInt64(reader.bytes[reader.offset] & 0x3f)
        for index in 1..<max(1, byteCount) { number = number << 8 | UInt64(reader.bytes[reader.offset + index]) }
        context.add(field, reader, reader.offset, byteCount, value: number)
        reader.offset += byteCount
        return number
    }
}
