import Dissection
import Wire

/// Records and handshake messages of SSL 2.0 (draft-hickman-netscape-ssl-00): what begins a connection is not encrypted.
final class SSL2Records: Sendable {
    /// A record's header: two bytes, or three where the record is padded.
    struct Header {
        let byteCount: Int
        let bodyByteCount: Int
        let isEscape: Bool
        let paddingByteCount: Int
    }

    private let record, version, length, isEscape, padding: FieldID
    private let type, helloVersion, suitesLength, sessionLength, challengeLength, suites, suite, session, challenge: FieldID
    private let sessionHit, certificateType, certificateLength, certificate, connectionLength, connection: FieldID
    private let clearLength, encryptedLength, argumentLength, clearKey, encryptedKey, argument: FieldID
    private let decoder: DissectorID?

    init(registering r: inout Registrar) {
        record = r.field("tls.record", "Record Layer", .none)
        version = r.field("tls.record.version", "Version", .uint16, .hex, strings: TLSValues.versions)
        length = r.field("tls.record.length", "Length", .uint16, .decimal)
        isEscape = r.field("tls.record.is_escape", "Is Escape", .boolean)
        padding = r.field("tls.record.padding_length", "Padding Length", .uint8, .decimal)
        type = r.field("tls.handshake.type", "Handshake Message Type", .uint8, .decimal, strings: TLSValues.oldMessageTypes)
        helloVersion = r.field("tls.handshake.version", "Version", .uint16, .hex, strings: TLSValues.versions)
        suitesLength = r.field("tls.handshake.cipher_spec_len", "Cipher Spec Length", .uint16, .decimal)
        sessionLength = r.field("tls.handshake.session_id_length", "Session ID Length", .uint16, .decimal)
        challengeLength = r.field("tls.handshake.challenge_length", "Challenge Length", .uint16, .decimal)
        suites = r.field("tls.handshake.ciphersuites", "Cipher Suites", .none)
        suite = r.field("tls.handshake.cipherspec", "Cipher Spec", .uint24, .hex, strings: TLSCipherSuites.kinds)
        session = r.field("tls.handshake.session_id", "Session ID", .bytes)
        challenge = r.field("tls.handshake.challenge", "Challenge", .none)
        sessionHit = r.field("tls.handshake.session_id_hit", "Session ID Hit", .boolean)
        certificateType = r.field(
            "tls.handshake.cert_type", "Certificate Type", .uint8, .decimal, strings: TLSValues.oldCertificateTypes)
        certificateLength = r.field("tls.handshake.certificate_length", "Certificate Length", .uint24, .decimal)
        certificate = r.field("tls.handshake.certificate", "Certificate", .bytes)
        connectionLength = r.field("tls.handshake.connection_id_length", "Connection ID Length", .uint16, .decimal)
        connection = r.field("tls.handshake.connection_id", "Connection ID", .none)
        clearLength = r.field("tls.handshake.clear_key_length", "Clear Key Data Length", .uint16, .decimal)
        encryptedLength = r.field("tls.handshake.encrypted_key_length", "Encrypted Key Data Length", .uint16, .decimal)
        argumentLength = r.field("tls.handshake.key_arg_length", "Key Argument Length", .uint16, .decimal)
        clearKey = r.field("tls.handshake.clear_key_data", "Clear Key Data", .none)
        encryptedKey = r.field("tls.handshake.encrypted_key", "Encrypted Key", .none)
        argument = r.field("tls.handshake.key_arg", "Key Argument", .none)
        decoder = r.dissector(named: "x509af")
    }

    /// The header at the start of some bytes; nil where it is not all there.
    static func header(_ bytes: ByteView) -> Header? {
        guard bytes.count >= 3 else { return nil }
        let word = bytes.uint16(0)
        if word & 0x8000 != 0 { return Header(byteCount: 2, bodyByteCount: Int(word & 0x7fff), isEscape: false, paddingByteCount: 0) }
        return Header(byteCount: 3, bodyByteCount: Int(word & 0x3fff), isEscape: word & 0x4000 != 0, paddingByteCount: Int(bytes[2]))
    }

    // MARK: Records

    func dissect(_ reader: inout Reader, _ known: inout TLSConversation, _ context: inout Context) throws(DissectionError) {
        guard let header = Self.header(reader.capturedBytes) else { throw reader.shortfall(3, at: reader.offset) }
        var body = reader.rest
        let whole = reader.next(header.byteCount + header.bodyByteCount)
        reader.offset = whole.reportedEnd
        body.offset += header.byteCount
        body = body.next(header.bodyByteCount)
        let messageType = body.capturedRemaining > 0 ? body.bytes[body.offset] : 255
        let name = isPlain(body) ? TLSValues.oldMessageTypes.name(of: UInt64(messageType)) : nil
        context.columns.setProtocol("SSLv2")
        context.appendInfoPart(name ?? "Encrypted Data")
        let top = context.add(record, whole, whole.offset, whole.capturedRemaining)
        context.label(top) {
            $0.append("SSLv2 Record Layer: ")
            $0.append(name ?? "Encrypted Data")
        }
        context.open()
        context.generated(version, whole, whole.offset, value: UInt64(TLSVersion.ssl2))
        if name != nil {
            context.add(length, whole, whole.offset, header.byteCount, value: UInt64(header.bodyByteCount))
            if header.byteCount == 3 {
                context.add(isEscape, whole, whole.offset, 1, value: header.isEscape ? 1 : 0)
                context.add(padding, whole, whole.offset + 2, 1, value: UInt64(header.paddingByteCount))
            }
            try context.uint8(type, &body)
            switch messageType {
            case 1: try addClientHello(&body, &known, &context)
            case 2: try addMasterKey(&body, &context)
            case 4: try addServerHello(&body, &known, &context)
            default: break
            }
        }
        context.close()
        if header.bodyByteCount > whole.remaining - header.byteCount { throw whole.shortfall(header.bodyByteCount, at: whole.offset) }
    }

    /// Whether a body is a message whose lengths fit it; all behind the client's key is encrypted.
    private func isPlain(_ body: Reader) -> Bool {
        let bytes = body.capturedBytes
        func hello(_ lengths: Int) -> Bool {
            guard bytes.count >= lengths + 6, bytes.count >= 5 else { return false }
            return (0..<3).reduce(0) { $0 + Int(bytes.uint16(lengths + 2 * $1)) } <= body.remaining
        }
        guard !bytes.isEmpty else { return false }
        switch bytes[0] {
        case 1: return hello(3) && isVersion(bytes.uint16(1))
        case 2: return hello(4)
        case 4: return hello(5) && isVersion(bytes.uint16(3))
        default: return false
        }
    }

    private func isVersion(_ version: UInt16) -> Bool {
        version == TLSVersion.ssl2 || (TLSVersion.ssl3...TLSVersion.tls12).contains(version)
    }

    // MARK: Messages

    private func addClientHello(_ body: inout Reader, _ known: inout TLSConversation, _ context: inout Context) throws(DissectionError) {
        known.noteServer(isSender: false, context.packet)
        try context.uint16(helloVersion, &body)
        let suiteByteCount = Int(try context.uint16(suitesLength, &body))
        let sessionByteCount = Int(try context.uint16(sessionLength, &body))
        let challengeByteCount = Int(try context.uint16(challengeLength, &body))
        try addSuites(suiteByteCount, &body, &context)
        if sessionByteCount > 0 {
            try body.require(sessionByteCount)
            context.label(context.add(session, body, body.offset, sessionByteCount)) {
                $0.append("Session ID", count: sessionByteCount, "byte", "bytes")
            }
            body.offset += sessionByteCount
        }
        try add(challenge, challengeByteCount, &body, &context)
    }

    private func addServerHello(_ body: inout Reader, _ known: inout TLSConversation, _ context: inout Context) throws(DissectionError) {
        known.noteServer(isSender: true, context.packet)
        known.version = TLSVersion.ssl2
        try context.uint8(sessionHit, &body)
        try context.uint8(certificateType, &body)
        try context.uint16(helloVersion, &body)
        let certificateByteCount = Int(try context.uint16(certificateLength, &body))
        let suiteByteCount = Int(try context.uint16(suitesLength, &body))
        let connectionByteCount = Int(try context.uint16(connectionLength, &body))
        if certificateByteCount > 0 {
            let bytes = body.next(certificateByteCount)
            try add(certificate, certificateByteCount, &body, &context)
            if let decoder {
                context.open()
                try context.runInside(decoder, bytes, isContinued: true)
                context.close()
            }
        }
        try addSuites(suiteByteCount, &body, &context)
        try add(connection, connectionByteCount, &body, &context)
    }

    private func addMasterKey(_ body: inout Reader, _ context: inout Context) throws(DissectionError) {
        try context.uint24(suite, &body)
        let clearByteCount = Int(try context.uint16(clearLength, &body))
        let encryptedByteCount = Int(try context.uint16(encryptedLength, &body))
        let argumentByteCount = Int(try context.uint16(argumentLength, &body))
        try add(clearKey, clearByteCount, &body, &context)
        try add(encryptedKey, encryptedByteCount, &body, &context)
        try add(argument, argumentByteCount, &body, &context)
    }

    private func addSuites(_ byteCount: Int, _ body: inout Reader, _ context: inout Context) throws(DissectionError) {
        guard byteCount > 0 else { return }
        var list = body.next(byteCount)
        try body.skip(byteCount)
        let top = context.add(suites, list, list.offset, byteCount)
        context.label(top) { $0.append("Cipher Specs", count: byteCount / 3, "spec", "specs") }
        context.open()
        defer { context.close() }
        while list.remaining >= 3 { try context.uint24(suite, &list) }
    }

    private func add(_ field: FieldID, _ byteCount: Int, _ body: inout Reader, _ context: inout Context) throws(DissectionError) {
        guard byteCount > 0 else { return }
        try body.require(byteCount)
        context.add(field, body, body.offset, byteCount)
        body.offset += byteCount
    }
}
