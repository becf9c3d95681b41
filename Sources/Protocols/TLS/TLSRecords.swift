import Dissection
import Wire

/// The records of SSL 3.0 and TLS (RFC 8446, section 5.1), and what they hold but for handshakes.
///
/// What a record protects is shown as bytes. Decrypted, it would enter as a source of its own and go where the plain text of a
/// record goes: to `addContent`.
final class TLSRecords: Sendable {
    private let record, contentType, opaqueType, version, length: FieldID
    private let data, dataProtocol: FieldID
    private let changeCipherSpec: FieldID
    private let lengthExpert, unknownExpert, resumed: ExpertID
    private let messages: TLSRecordMessages
    private let handshakes: TLSHandshakes
    private let ports: TableID
    let timestamps: TLSTimestamps

    init(registering r: inout Registrar) {
        record = r.field("tls.record", "Record Layer", .none)
        contentType = r.field("tls.record.content_type", "Content Type", .uint8, .decimal, strings: TLSValues.contentTypes)
        opaqueType = r.field("tls.record.opaque_type", "Opaque Type", .uint8, .decimal, strings: TLSValues.contentTypes)
        version = r.field("tls.record.version", "Version", .uint16, .hex, strings: TLSValues.versions)
        length = r.field("tls.record.length", "Length", .uint16, .decimal)
        data = r.field("tls.app_data", "Encrypted Application Data", .bytes)
        dataProtocol = r.field("tls.app_data_proto", "Application Data Protocol", .string)
        changeCipherSpec = r.field("tls.change_cipher_spec", "Change Cipher Spec Message", .none)
        lengthExpert = r.expert("tls.record.length.invalid", .proto, .warning, "Record fragment length is too small or too large")
        unknownExpert = r.expert("tls.ignored_unknown_record", .proto, .warning, "Ignored Unknown Record")
        resumed = r.expert("tls.resumed", .sequence, .note, "This session reuses previously negotiated keys (Session resumption)")
        messages = TLSRecordMessages(registering: &r)
        handshakes = TLSHandshakes(registering: &r)
        timestamps = handshakes.timestamps
        ports = r.table("tls.port", title: "TLS Port")
    }

    /// Decodes the record that `reader` stands at, and moves it behind it.
    func dissect(_ reader: inout Reader, _ known: inout TLSConversation, _ context: inout Context) throws(DissectionError) {
        let type = try reader.peekUInt8()
        guard TLSFraming.isContentType(type) else { return ignore(&reader, known, &context) }
        let isFromServer = known.isFromServer(context.packet)
        if known.version == 0, reader.has(3) {
            known.version = known.flags.contains(.sendsEarly) && !isFromServer && type != 22 ? TLSVersion.tls13 : Self.settledVersion(reader)
        }
        var header = reader.rest
        let top = context.add(record, reader, reader.offset, min(TLSFraming.headerByteCount, reader.capturedRemaining))
        context.open()
        context.add(known.isVersion13 && type == 23 ? opaqueType : contentType, reader, reader.offset, 1, value: UInt64(type))
        try header.skip(1)
        let recordVersion = try context.uint16(version, &header)
        let name = TLSVersion.name(known.version) ?? TLSVersion.name(recordVersion) ?? "SSL"
        context.columns.setProtocol(name)
        let byteCount = Int(try context.uint16(length, &header))
        let lengthItem = ItemRef(index: Int32(truncatingIfNeeded: context.itemCount - 1))
        context.setByteCount(top, TLSFraming.headerByteCount + min(byteCount, header.capturedRemaining))
        checkLength(byteCount, type, known, under: context.wants(length) ? lengthItem : .none, &context)
        let body = header.next(byteCount)
        reader.offset = body.reportedEnd
        let part = Part(type: type, body: body, layerStart: reader.start, isFromServer: isFromServer, name: name, top: top)
        try addContent(part, &known, &context)
        context.close()
        if byteCount > body.remaining { throw body.shortfall(byteCount, at: body.offset) }
    }

    /// A record's content, and what its texts need.
    struct Part {
        let type: UInt8
        let body: Reader
        /// Where what is worked out stands.
        let layerStart: Int
        let isFromServer: Bool
        /// The version, as the texts show it.
        let name: StaticString
        /// The record's node.
        let top: ItemRef

        /// Begins the text of the record's node: `TLSv1.2 Record Layer: `
        func beginLabel(_ text: inout TextBuffer) {
            text.append(name)
            text.append(" Record Layer: ")
        }
    }

    private func addContent(_ part: Part, _ known: inout TLSConversation, _ context: inout Context) throws(DissectionError) {
        switch part.type {
        case 20: try addChangeCipherSpec(part, &known, &context)
        case 21: try messages.addAlert(part, &context)
        case 22: try handshakes.addRecord(part, &known, &context)
        case 23: addData(part, known, &context)
        case 24: try messages.addHeartbeat(part, known, &context)
        default: break
        }
    }

    /// Bytes that begin no record.
    private func ignore(_ reader: inout Reader, _ known: TLSConversation, _ context: inout Context) {
        context.columns.setProtocol(TLSVersion.name(known.version) ?? "SSL")
        context.appendInfoPart("Ignored Unknown Record")
        context.heading(reader, reader.offset, reader.capturedRemaining) { $0.append("Ignored Unknown Record") }
        context.open()
        context.expert(unknownExpert)
        context.close()
        reader.offset = reader.reportedEnd
    }

    /// What a connection speaks whose hello was not seen; a client's hello says only what the client can do.
    private static func settledVersion(_ reader: Reader) -> UInt16 {
        let bytes = reader.capturedBytes
        return bytes[0] == 22 && (bytes.count < 6 || bytes[5] != 2) ? 0 : bytes.uint16(1)
    }

    /// A record holds 2^14 bytes at most, and something (RFC 8446, section 5.1).
    private func checkLength(_ byteCount: Int, _ type: UInt8, _ known: TLSConversation, under item: ItemRef, _ context: inout Context) {
        if byteCount > 1 << 14 + (known.isVersion13 ? 256 : 2048) {
            context.expert(under: item, lengthExpert)
        } else if byteCount == 0, type != 23 {
            context.expert(under: item, lengthExpert)
        }
    }

    // MARK: Contents

    /// RFC 5246, section 7.1. In version 1.3 the message is there for middleboxes alone (RFC 8446, appendix D.4).
    private func addChangeCipherSpec(_ part: Part, _ known: inout TLSConversation, _ context: inout Context) throws(DissectionError) {
        context.appendInfoPart("Change Cipher Spec")
        context.label(part.top) {
            part.beginLabel(&$0)
            $0.append("Change Cipher Spec Protocol: Change Cipher Spec")
        }
        try part.body.require(1)
        let item = context.add(changeCipherSpec, part.body, part.body.offset, 1)
        guard !known.isVersion13 else { return }
        known.flags.insert(part.isFromServer ? .serverChanged : .clientChanged)
        if part.isFromServer, known.flags.isSuperset(of: [.mayResume, .hasSession]) { context.expert(under: item, resumed) }
    }

    private func addData(_ part: Part, _ known: TLSConversation, _ context: inout Context) {
        context.appendInfoPart("Application Data")
        guard context.wantsAll || context.wants(data) || context.wants(dataProtocol) || context.wants(record) else { return }
        let ports = known.serverPort != 0 ? (known.serverPort, known.serverPort) : (context.packet.sourcePort, context.packet.destinationPort)
        let application = TLSApplications.name(known.application, ports)
        context.label(part.top) {
            part.beginLabel(&$0)
            $0.append("Application Data Protocol: ")
            $0.append(application ?? "Application Data")
        }
        context.add(data, part.body, part.body.offset, part.body.capturedRemaining)
        if let application {
            _ = context.addText(dataProtocol, part.body, part.layerStart, 0, flags: .generated) { $0.append(application) }
        }
    }
}
