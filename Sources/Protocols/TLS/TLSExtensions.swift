import Dissection
import Wire

/// Extensions of hellos and other messages (RFC 8446, section 4.2; RFC 6066).
final class TLSExtensions: Sendable {
    /// The message that an extension stands in: what it holds depends on it.
    enum Place {
        case client, server, retry, encrypted, certificate, certificateRequest, ticket
    }

    private let listLength, type, length, data: FieldID
    private let vectors: TLSVectors
    private let algorithms: TLSSignatureAlgorithms
    private let authorities: TLSDistinguishedNames
    private let statuses: TLSCertificateStatuses
    private let names: TLSNameExtensions
    private let keys: TLSKeyExtensions
    private let limits: TLSLimitExtensions
    private let certificates: TLSCertificateExtensions
    private let timestamps: TLSTimestamps
    private let transport: TLSTransportParameters

    init(
        _ vectors: TLSVectors, _ algorithms: TLSSignatureAlgorithms, _ authorities: TLSDistinguishedNames, _ statuses: TLSCertificateStatuses,
        _ timestamps: TLSTimestamps, _ r: inout Registrar
    ) {
        self.timestamps = timestamps
        self.vectors = vectors
        self.algorithms = algorithms
        self.authorities = authorities
        self.statuses = statuses
        listLength = r.field("tls.handshake.extensions_length", "Extensions Length", .uint16, .decimal)
        type = r.field("tls.handshake.extension.type", "Type", .uint16, .decimal, strings: TLSHelloValues.extensions)
        length = r.field("tls.handshake.extension.len", "Length", .uint16, .decimal)
        data = r.field("tls.handshake.extension.data", "Data", .bytes)
        names = TLSNameExtensions(vectors, &r)
        keys = TLSKeyExtensions(vectors, &r)
        limits = TLSLimitExtensions(vectors, &r)
        certificates = TLSCertificateExtensions(vectors, algorithms, &r)
        transport = TLSTransportParameters(vectors, &r)
    }

    /// Adds a list of extensions with its length.
    func addList(_ place: Place, _ reader: inout Reader, _ known: inout TLSConversation, _ context: inout Context) throws(DissectionError) {
        guard var list = try vectors.begin(listLength, width: 2, 0...65535, &reader, &context) else { return }
        while list.remaining >= 4 { try addOne(place, &list, &known, &context) }
        vectors.end(list, &context)
    }

    private func addOne(_ place: Place, _ list: inout Reader, _ known: inout TLSConversation, _ context: inout Context) throws(DissectionError) {
        try list.require(4)
        let number = list.bytes.uint16(list.offset)
        let byteCount = Int(list.bytes.uint16(list.offset + 2))
        context.heading(list, list.offset, min(byteCount + 4, list.capturedRemaining)) {
            $0.append("Extension: ")
            if let name = TLSHelloValues.extensions.name(of: UInt64(number)) {
                $0.append(name)
            } else {
                $0.append("Unknown type ")
                $0.append(decimal: number)
            }
            $0.append(" (len=")
            $0.append(decimal: byteCount)
            $0.append(")")
        }
        context.open()
        defer { context.close() }
        try context.uint16(type, &list)
        guard var content = try vectors.begin(length, width: 2, 0...65535, &list, &context) else { return }
        try addContent(number, place, &content, &known, &context)
        vectors.end(content, &context)
    }

    private func addContent(
        _ number: UInt16, _ place: Place, _ content: inout Reader, _ known: inout TLSConversation, _ context: inout Context
    ) throws(DissectionError) {
        switch number {
        case 0: try names.addServerName(&content, &context)
        case 1: try limits.addFragmentLength(&content, &context)
        case 5:
            if place == .certificate { try statuses.add(&content, &context) } else { try statuses.addRequest(&content, &context) }
        case 9: try certificates.addFormats(&content, place, &context)
        case 10: try keys.addGroups(&content, &context)
        case 11: try keys.addPointFormats(&content, &context)
        case 12: try names.addPasswordUser(&content, &context)
        case 13, 50: try algorithms.addList(&content, &context)
        case 15: try limits.addHeartbeat(&content, &context)
        case 16: try names.addApplications(&content, place, &known, &context)
        case 17: if place == .client { try statuses.addRequests(&content, &context) }
        case 18: try timestamps.addList(&content, &context)
        case 19: try certificates.addFormats(&content, place, chosen: .hasRawClientKeys, &known, &context)
        case 20: try certificates.addFormats(&content, place, chosen: .hasRawServerKeys, &known, &context)
        case 21: try limits.addPadding(&content, &context)
        case 27: try certificates.addCompressions(&content, &context)
        case 28: try limits.addRecordSize(&content, &context)
        case 34: try certificates.addDelegated(&content, place, &context)
        case 35:
            if place == .client, content.remaining > 0 { known.flags.insert(.hasSession) }
            addTicket(&content, &context)
        case 40, 51: try keys.addShares(&content, place, &context)
        case 41: try keys.addPreSharedKeys(&content, place, &context)
        case 42:
            if place == .client { known.flags.insert(.sendsEarly) }
            if place == .ticket { try limits.addEarlyData(&content, &context) }
        case 43: try names.addVersions(&content, place, &known, &context)
        case 44: try keys.addCookie(&content, &context)
        case 45: try keys.addPreSharedKeyModes(&content, &context)
        case 47: try authorities.add(&content, &context)
        case 48: try certificates.addFilters(&content, &context)
        case 53, 54: try limits.addConnectionID(&content, &context)
        case 57, 65445: try transport.add(&content, isDraft: number == 65445, place, &context)
        case 13172: try names.addNextProtocols(&content, &context)
        case 17513 where place != .server: try names.addSettings(&content, place, &context)
        case 65281: try limits.addRenegotiation(&content, &context)
        case 65486: try keys.addEncryptedName(&content, place, &context)
        case 22, 23, 49: break
        case 17513: content.offset = content.reportedEnd
        default: addData(&content, &context)
        }
    }

    /// Adds what is not decoded.
    private func addData(_ content: inout Reader, _ context: inout Context) {
        context.add(data, content, content.offset, content.capturedRemaining)
        content.offset = content.reportedEnd
    }

    /// RFC 5077, section 3.2.
    private func addTicket(_ content: inout Reader, _ context: inout Context) {
        let count = content.remaining
        context.label(context.add(data, content, content.offset, content.capturedRemaining)) { $0.append("Data", count: count, "byte", "bytes") }
        content.offset = content.reportedEnd
    }
}
