import Dissection
import Wire

/// Alerts (RFC 8446, section 6) and heartbeats (RFC 6520).
struct TLSRecordMessages: Sendable {
    private let alert, alertLevel, alertDescription: FieldID
    private let heartbeat, heartbeatType, payloadLength, payload, padding: FieldID
    private let payloadExpert: ExpertID

    init(registering r: inout Registrar) {
        alert = r.field("tls.alert_message", "Alert Message", .none)
        alertLevel = r.field("tls.alert_message.level", "Level", .uint8, .decimal, strings: TLSValues.alertLevels)
        alertDescription = r.field("tls.alert_message.desc", "Description", .uint8, .decimal, strings: TLSValues.alerts)
        heartbeat = r.field("tls.heartbeat_message", "Heartbeat Message", .none)
        heartbeatType = r.field("tls.heartbeat_message.type", "Type", .uint8, .decimal, strings: TLSValues.heartbeatTypes)
        payloadLength = r.field("tls.heartbeat_message.payload_length", "Payload Length", .uint16, .decimal)
        payload = r.field("tls.heartbeat_message.payload", "Payload Length", .bytes)
        padding = r.field("tls.heartbeat_message.padding", "Payload Length", .bytes)
        payloadExpert = r.expert(
            "tls.heartbeat_message.payload_length.invalid", .malformed, .error, "Invalid heartbeat payload length")
    }

    /// An alert of two bytes is plain.
    func addAlert(_ part: TLSRecords.Part, _ context: inout Context) throws(DissectionError) {
        var body = part.body
        guard body.remaining == 2 else { return addEncryptedAlert(part, &context) }
        try body.require(2)
        let levelName = TLSValues.alertLevels.name(of: UInt64(body.bytes[body.offset])) ?? "Unknown"
        let name = TLSValues.alerts.name(of: UInt64(body.bytes[body.offset + 1])) ?? "Unknown"
        func describe(_ text: inout TextBuffer) {
            text.append("Alert (Level: ")
            text.append(levelName)
            text.append(", Description: ")
            text.append(name)
            text.append(")")
        }
        if context.columns.accepts {
            context.separateInfoPart()
            describe(&context.columns.info)
        }
        context.label(part.top) {
            part.beginLabel(&$0)
            describe(&$0)
        }
        context.add(alert, body, body.offset, 2)
        context.open()
        try context.uint8(alertLevel, &body)
        try context.uint8(alertDescription, &body)
        context.close()
    }

    private func addEncryptedAlert(_ part: TLSRecords.Part, _ context: inout Context) {
        context.appendInfoPart("Encrypted Alert")
        context.label(part.top) {
            part.beginLabel(&$0)
            $0.append("Encrypted Alert")
        }
        context.label(context.add(alert, part.body, part.body.offset, part.body.capturedRemaining)) { $0.append("Alert Message: Encrypted Alert") }
    }

    /// A heartbeat whose type is known is plain where its payload leaves room for 16 bytes of padding, or nothing is encrypted yet.
    func addHeartbeat(_ part: TLSRecords.Part, _ known: TLSConversation, _ context: inout Context) throws(DissectionError) {
        var body = part.body
        let byteCount = body.remaining
        guard byteCount >= 3 else { return addEncryptedHeartbeat(part, &context) }
        try body.require(3)
        let payloadByteCount = Int(body.bytes.uint16(body.offset + 1))
        let hasRoom = payloadByteCount + 16 + 3 <= byteCount
        guard let name = TLSValues.heartbeatTypes.name(of: UInt64(body.bytes[body.offset])),
            hasRoom || !known.hasChanged(isFromServer: part.isFromServer)
        else {
            return addEncryptedHeartbeat(part, &context)
        }
        context.appendInfoPart("Heartbeat ")
        context.columns.appendInfo(name)
        context.label(part.top) {
            part.beginLabel(&$0)
            $0.append("Heartbeat ")
            $0.append(name)
        }
        context.add(heartbeat, body, body.offset, body.capturedRemaining)
        context.open()
        try context.uint8(heartbeatType, &body)
        let lengthItem = context.add(payloadLength, body, body.offset, 2, value: UInt64(payloadByteCount))
        try body.skip(2)
        if !hasRoom {
            context.expert(under: lengthItem, payloadExpert) {
                $0.append("Invalid heartbeat payload length (")
                $0.append(decimal: payloadByteCount)
                $0.append(")")
            }
            context.appendLabel(lengthItem) {
                $0.append(" (invalid, using ")
                $0.append(decimal: min(payloadByteCount, byteCount - 3))
                $0.append(" to decode payload)")
            }
        }
        addBytes(payload, "Payload", min(payloadByteCount, body.remaining), &body, &context)
        if body.remaining > 0 { addBytes(padding, "Padding and HMAC", body.remaining, &body, &context) }
        context.close()
    }

    private func addBytes(_ field: FieldID, _ name: StaticString, _ byteCount: Int, _ body: inout Reader, _ context: inout Context) {
        context.label(context.add(field, body, body.offset, min(byteCount, body.capturedRemaining))) {
            $0.append(name, byteCount: byteCount)
        }
        body.offset += byteCount
    }

    private func addEncryptedHeartbeat(_ part: TLSRecords.Part, _ context: inout Context) {
        context.appendInfoPart("Encrypted Heartbeat")
        context.label(part.top) {
            part.beginLabel(&$0)
            $0.append("Encrypted Heartbeat")
        }
        context.label(context.add(heartbeat, part.body, part.body.offset, part.body.capturedRemaining)) { $0.append("Encrypted Heartbeat Message") }
    }
}
