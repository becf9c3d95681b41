import Dissection
import Wire

/// The bodies of handshake messages, by type.
final class TLSHandshakeBodies: Sendable {
    private let type, length: FieldID
    private let verifyData, md5Hash, shaHash, keyUpdate: FieldID
    private let selectedLength, selected, paddingLength, padding: FieldID
    private let vectors: TLSVectors
    private let hellos: TLSHellos
    private let extensions: TLSExtensions
    private let keys: TLSKeyExchanges
    private let certificates: TLSCertificates
    private let tickets: TLSTickets
    let timestamps: TLSTimestamps

    init(registering r: inout Registrar) {
        type = r.field("tls.handshake.type", "Handshake Type", .uint8, .decimal, strings: TLSValues.handshakeTypes)
        length = r.field("tls.handshake.length", "Length", .uint24, .decimal)
        verifyData = r.field("tls.handshake.verify_data", "Verify Data", .none)
        md5Hash = r.field("tls.handshake.md5_hash", "MD5 Hash", .none)
        shaHash = r.field("tls.handshake.sha_hash", "SHA-1 Hash", .none)
        keyUpdate = r.field(
            "tls.handshake.key_update.request_update", "Key Update Request", .uint8, .decimal, strings: TLSValues.keyUpdateRequests)
        selectedLength = r.field("tls.handshake.npn_selected_protocol_len", "Selected Protocol Length", .uint8, .decimal)
        selected = r.field("tls.handshake.npn_selected_protocol", "Selected Protocol", .string)
        paddingLength = r.field("tls.handshake.npn_padding_len", "Padding Length", .uint8, .decimal)
        padding = r.field("tls.handshake.npn_padding", "Padding", .bytes)
        vectors = TLSVectors(registering: &r)
        let algorithms = TLSSignatureAlgorithms(vectors, &r)
        timestamps = TLSTimestamps(vectors, algorithms, &r)
        certificates = TLSCertificates(vectors, algorithms, &r)
        extensions = TLSExtensions(vectors, algorithms, certificates.names, certificates.statuses, timestamps, &r)
        hellos = TLSHellos(vectors, extensions, &r)
        keys = TLSKeyExchanges(vectors, algorithms, &r)
        tickets = TLSTickets(vectors, extensions, &r)
    }

    /// Adds the header and the body of a message.
    func add(_ message: Reader, _ part: TLSRecords.Part, _ known: inout TLSConversation, _ context: inout Context) throws(DissectionError) {
        var body = message
        let messageType = try context.uint8(type, &body)
        try context.uint24(length, &body)
        body = body.rest
        switch messageType {
        case 1: try hellos.addClient(&body, &known, &context)
        case 2: try hellos.addServer(&body, &known, &context)
        case 4: try tickets.add(&body, known, &context)
        case 6: try hellos.addRetry(&body, &known, &context)
        case 8: try extensions.addList(.encrypted, &body, &known, &context)
        case 11: try certificates.addChain(&body, part, &known, extensions, &context)
        case 12: try keys.addServer(&body, known, &context)
        case 13: try certificates.addRequest(&body, &known, extensions, &context)
        case 14: known.flags.remove(.mayResume)
        case 15: try certificates.addVerify(&body, known, &context)
        case 16: try keys.addClient(&body, known, &context)
        case 20: try addFinished(&body, known, &context)
        case 21: try certificates.addURLs(&body, known, &context)
        case 22: try certificates.statuses.add(&body, &context)
        case 24: try context.uint8(keyUpdate, &body)
        case 25: try certificates.addCompressed(&body, &context)
        case 67: try addNextProtocol(&body, &context)
        default: break
        }
    }

    /// RFC 8446, section 4.4.4; in SSL 3.0 two hashes (RFC 6101, section 5.6.9).
    private func addFinished(_ body: inout Reader, _ known: TLSConversation, _ context: inout Context) throws(DissectionError) {
        guard known.version == TLSVersion.ssl3 else {
            try body.require(body.remaining)
            context.add(verifyData, body, body.offset, body.remaining)
            return
        }
        try body.require(36)
        context.add(md5Hash, body, body.offset, 16)
        context.add(shaHash, body, body.offset + 16, 20)
    }

    /// What the client chose of what the server named (draft-agl-tls-nextprotoneg-04, section 3).
    private func addNextProtocol(_ body: inout Reader, _ context: inout Context) throws(DissectionError) {
        let count = Int(try context.uint8(selectedLength, &body))
        try body.require(count)
        context.string(selected, body, body.offset, count)
        body.offset += count
        let paddingCount = Int(try context.uint8(paddingLength, &body))
        try body.require(paddingCount)
        context.add(padding, body, body.offset, paddingCount)
    }
}
