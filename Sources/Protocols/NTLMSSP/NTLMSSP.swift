import Dissection
import Wire

/// NT LAN Manager Security Support Provider ([MS-NLMP], section 2.2): the tokens of Negotiate and NTLM authentication.
///
///     "NTLMSSP\0" (8) | message type (4) | fields, each: byte count (2) room (2) offset (4) | flags (4) | … | what the fields name
///
/// Numbers have the low byte first, offsets count from the start of the message. Not decoded: what is encrypted, and whether responses
/// are right.
public struct NTLMSSP: Dissector {
    /// The part that every message has, as a value.
    public struct Header: Equatable, Sendable {
        public static let byteCount = 12
        public static let signature: [UInt8] = Array("NTLMSSP\0".utf8)
        public var messageType: UInt32

        public init(parsing reader: inout Reader) throws(DissectionError) {
            try reader.skip(Self.byteCount)
            messageType = reader.bytes.uint32LE(reader.offset - 4)
        }

        public func write(to bytes: inout [UInt8]) {
            bytes += Self.signature
            for shift: UInt32 in [0, 8, 16, 24] { bytes.append(UInt8(truncatingIfNeeded: messageType >> shift)) }
        }
    }

    private enum MessageType {
        static let negotiate: UInt32 = 1
        static let challenge: UInt32 = 2
        static let authenticate: UInt32 = 3
    }

    /// [MS-NLMP], section 2.2.2.5.
    private enum Flag {
        static let unicode: UInt64 = 0x0000_0001
        static let extendedSecurity: UInt64 = 0x0008_0000
        static let version: UInt64 = 0x0200_0000
    }

    private static let lmResponseByteCount = 24

    private let node, identifier, messageType, stringLength, stringRoom, stringOffset, blobLength, blobRoom, blobOffset: FieldID
    private let flags: FlagWord
    private let version, major, minor, build, revision: FieldID
    private let callingDomain, callingWorkstation, targetName, serverChallenge, reserved: FieldID
    private let targetInfo, targetInfoLength, targetInfoRoom, targetInfoOffset: FieldID
    private let lmResponse, clientChallenge, ntResponse, domain, user, host, sessionKey, messageCheck: FieldID
    private let unknownMessage: ExpertID
    private let challengePairs: NTLMAttributePairs
    private let response: NTLMv2Response

    public init(registering r: inout Registrar) {
        let proto = r.proto("ntlmssp", "NTLM Secure Service Provider", short: "NTLMSSP")
        node = r.node(of: proto)
        identifier = r.field("ntlmssp.identifier", "NTLMSSP identifier", .string)
        messageType = r.field("ntlmssp.messagetype", "NTLM Message Type", .uint32, .hex, strings: ValueStrings([
            (1, "NTLMSSP_NEGOTIATE"), (2, "NTLMSSP_CHALLENGE"), (3, "NTLMSSP_AUTH"), (4, "NTLMSSP_UNKNOWN"),
        ]))
        stringLength = r.field("ntlmssp.string.length", "Length", .uint16, .decimal)
        stringRoom = r.field("ntlmssp.string.maxlen", "Maxlen", .uint16, .decimal)
        stringOffset = r.field("ntlmssp.string.offset", "Offset", .uint32, .decimal)
        blobLength = r.field("ntlmssp.blob.length", "Length", .uint16, .decimal)
        blobRoom = r.field("ntlmssp.blob.maxlen", "Maxlen", .uint16, .decimal)
        blobOffset = r.field("ntlmssp.blob.offset", "Offset", .uint32, .decimal)
        flags = FlagWord("ntlmssp.negotiateflags", "Negotiate Flags", .uint32, prefix: "ntlmssp", NTLMNames.flags, &r)
        version = r.field("ntlmssp.version", "Version", .none)
        major = r.field("ntlmssp.version.major", "Major Version", .uint8, .decimal)
        minor = r.field("ntlmssp.version.minor", "Minor Version", .uint8, .decimal)
        build = r.field("ntlmssp.version.build_number", "Build Number", .uint16, .decimal)
        revision = r.field("ntlmssp.version.ntlm_current_revision", "NTLM Current Revision", .uint8, .decimal)
        callingDomain = r.field("ntlmssp.negotiate.domain", "Calling workstation domain", .string)
        callingWorkstation = r.field("ntlmssp.negotiate.callingworkstation", "Calling workstation name", .string)
        targetName = r.field("ntlmssp.challenge.target_name", "Target Name", .string)
        serverChallenge = r.field("ntlmssp.ntlmserverchallenge", "NTLM Server Challenge", .bytes)
        reserved = r.field("ntlmssp.reserved", "Reserved", .bytes)
        targetInfo = r.field("ntlmssp.challenge.target_info", "Target Info", .none)
        targetInfoLength = r.field("ntlmssp.challenge.target_info.length", "Length", .uint16, .decimal)
        targetInfoRoom = r.field("ntlmssp.challenge.target_info.maxlen", "Maxlen", .uint16, .decimal)
        targetInfoOffset = r.field("ntlmssp.challenge.target_info.offset", "Offset", .uint32, .decimal)
        let unknownPair = r.expert("ntlmssp.target_info_attr.unknown", .undecoded, .warning, "unknown NTLMSSP Target Info Attribute")
        unknownMessage = r.expert("ntlmssp.messagetype.unknown", .proto, .warning, "Unrecognized NTLMSSP Message")
        challengePairs = NTLMAttributePairs("ntlmssp.challenge.target_info", "Target Info Item", unknown: unknownPair, &r)
        lmResponse = r.field("ntlmssp.auth.lmresponse", "Lan Manager Response", .bytes)
        clientChallenge = r.field("ntlmssp.ntlmclientchallenge", "LMv2 Client Challenge", .bytes)
        ntResponse = r.field("ntlmssp.auth.ntresponse", "NTLM Response", .bytes)
        response = NTLMv2Response(unknownPair: unknownPair, &r)
        domain = r.field("ntlmssp.auth.domain", "Domain name", .string)
        user = r.field("ntlmssp.auth.username", "User name", .string)
        host = r.field("ntlmssp.auth.hostname", "Host name", .string)
        sessionKey = r.field("ntlmssp.auth.sesskey", "Session Key", .bytes)
        messageCheck = r.field("ntlmssp.authenticate.mic", "MIC", .bytes)
        r.dissector(self, proto)
    }

    public func dissect(_ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        let layer = reader
        context.begin(node, layer)
        context.string(identifier, reader, reader.offset, min(8, reader.capturedRemaining), flags: .ascii)
        let header = try Header(parsing: &reader)
        let type = context.add(messageType, layer, layer.start + 8, 4, value: UInt64(header.messageType), flags: .littleEndian)
        if context.columns.accepts {
            context.columns.info.append(", ")
            context.columns.info.append(context.registry[messageType].strings?.name(of: UInt64(header.messageType)) ?? "Unknown NTLMSSP message type")
        }
        switch header.messageType {
        case MessageType.negotiate: try addNegotiation(layer, &reader, &context)
        case MessageType.challenge: try addChallenge(layer, &reader, &context)
        case MessageType.authenticate: try addAuthentication(layer, &reader, &context)
        default: context.expert(under: type, unknownMessage)
        }
        reader.offset = reader.reportedEnd
        context.close()
    }

    // MARK: Messages

    private func addNegotiation(_ layer: Reader, _ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        let word = try flags.add(&reader, &context, isLittleEndian: true)
        for field in [callingDomain, callingWorkstation] {
            // What a client names itself is in the characters of its system: the flags are not agreed on yet.
            addString(field, try NTLMSpan(&reader), isUnicode: false, layer, &context)
        }
        if word & Flag.version != 0 { try addVersion(&reader, &context) }
    }

    private func addChallenge(_ layer: Reader, _ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        let name = try NTLMSpan(&reader)
        let word = UInt64(try reader.peekUInt32LE())
        addString(targetName, name, isUnicode: word & Flag.unicode != 0, layer, &context)
        try flags.add(&reader, &context, isLittleEndian: true)
        for field in [serverChallenge, reserved] {
            try context.addBytes(field, 8, &reader)
        }
        // Old servers end here.
        guard reader.remaining > 0, name.byteCount == 0 || reader.offset < layer.start + name.offset else { return }
        try addTargetInfo(NTLMSpan(&reader), layer, &context)
        if word & Flag.version != 0 { try addVersion(&reader, &context) }
    }

    private func addAuthentication(_ layer: Reader, _ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        var spans: [NTLMSpan] = []
        for _ in 0..<6 { spans.append(try NTLMSpan(&reader)) }
        // What the fields name begins behind the fixed part, whose end depends on the sender's age.
        let fixedEnd = spans.filter { $0.byteCount > 0 }.map { layer.start + $0.offset }.min() ?? layer.reportedEnd
        let word = reader.offset < fixedEnd ? UInt64(try reader.peekUInt32LE()) : Flag.unicode
        let isUnicode = word & Flag.unicode != 0
        let lanManager = addBlob(lmResponse, spans[0], layer, &context)
        if let lanManager, spans[0].byteCount == Self.lmResponseByteCount, word & Flag.extendedSecurity != 0 {
            context.add(clientChallenge, layer, lanManager.start, 8)
        }
        if var blob = addBlob(ntResponse, spans[1], layer, &context), spans[1].byteCount > Self.lmResponseByteCount {
            context.open()
            try response.add(&blob, &context)
            context.close()
        }
        addString(domain, spans[2], isUnicode: isUnicode, layer, &context)
        addString(user, spans[3], isUnicode: isUnicode, layer, &context)
        describeUser(spans[2], spans[3], isUnicode: isUnicode, layer, &context)
        addString(host, spans[4], isUnicode: isUnicode, layer, &context)
        addBlob(sessionKey, spans[5], layer, &context)
        if reader.offset < fixedEnd { try flags.add(&reader, &context, isLittleEndian: true) }
        if reader.offset < fixedEnd { try addVersion(&reader, &context) }
        if reader.offset < fixedEnd {
            try context.addBytes(messageCheck, 16, &reader)
        }
    }

    // MARK: Parts

    /// Adds what a span names, with the span under it; a span without bytes by itself. Returns the bytes, where they were captured.
    @discardableResult
    private func addBlob(_ field: FieldID, _ span: NTLMSpan, _ layer: Reader, _ context: inout Context) -> Reader? {
        guard let part = layer.part(span) else {
            let name = context.registry[field].name
            context.label(context.add(field, layer, span.place, NTLMSpan.byteCount)) {
                $0.append(name)
                $0.append(": Empty")
            }
            return nil
        }
        context.add(field, layer, part.start, part.remaining)
        addSpan(span, blobLength, blobRoom, blobOffset, layer, &context)
        return part
    }

    private func addString(_ field: FieldID, _ span: NTLMSpan, isUnicode: Bool, _ layer: Reader, _ context: inout Context) {
        guard let part = layer.part(span) else {
            _ = context.addText(field, layer, span.place, NTLMSpan.byteCount) { $0.append("NULL") }
            return
        }
        _ = context.addText(field, layer, part.start, part.remaining) { $0.append(part, isUnicode: isUnicode) }
        addSpan(span, stringLength, stringRoom, stringOffset, layer, &context)
    }

    private func addSpan(_ span: NTLMSpan, _ length: FieldID, _ room: FieldID, _ offset: FieldID, _ layer: Reader, _ context: inout Context) {
        context.open()
        context.add(length, layer, span.place, 2, value: UInt64(span.byteCount), flags: .littleEndian)
        context.add(room, layer, span.place + 2, 2, value: UInt64(span.room), flags: .littleEndian)
        context.add(offset, layer, span.place + 4, 4, value: UInt64(span.offset), flags: .littleEndian)
        context.close()
    }

    private func addTargetInfo(_ span: NTLMSpan, _ layer: Reader, _ context: inout Context) throws(DissectionError) {
        guard var part = layer.part(span) else { return }
        context.add(targetInfo, layer, part.start, part.remaining)
        addSpan(span, targetInfoLength, targetInfoRoom, targetInfoOffset, layer, &context)
        context.open()
        try challengePairs.add(&part, &context)
        context.close()
    }

    /// [MS-NLMP], section 2.2.2.10.
    private func addVersion(_ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        let start = reader.offset
        try reader.skip(8)
        let (bytes, number) = (reader.bytes, reader.bytes.uint16LE(start + 2))
        context.label(context.add(version, reader, start, 8)) {
            $0.append("Version ")
            $0.append(decimal: bytes[start])
            $0.append(".")
            $0.append(decimal: bytes[start + 1])
            $0.append(" (Build ")
            $0.append(decimal: number)
            $0.append("); NTLM Current Revision ")
            $0.append(decimal: bytes[start + 7])
        }
        context.open()
        context.add(major, reader, start, 1, value: UInt64(bytes[start]))
        context.add(minor, reader, start + 1, 1, value: UInt64(bytes[start + 1]))
        context.add(build, reader, start + 2, 2, value: UInt64(number), flags: .littleEndian)
        context.add(revision, reader, start + 7, 1, value: UInt64(bytes[start + 7]))
        context.close()
    }

    private func describeUser(_ domain: NTLMSpan, _ user: NTLMSpan, isUnicode: Bool, _ layer: Reader, _ context: inout Context) {
        guard context.columns.accepts else { return }
        context.columns.info.append(", User: ")
        for span in [domain, user] {
            if span.place == user.place { context.columns.info.append("\\") }
            if let part = layer.part(span) { context.columns.info.append(part, isUnicode: isUnicode) }
        }
    }
}
