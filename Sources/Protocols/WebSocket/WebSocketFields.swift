import Dissection
import Wire

/// The fields of frames (RFC 6455, section 5.2).
final class WebSocketFields: Sendable {
    private let node, fin, reserved, compressed, opcode, mask, payloadLength, length16, length64, maskingKey: FieldID
    private let payload, maskedPayload, continuation, text, close, statusCode, reason, ping, pong, unknown: FieldID
    private let unknownOpcode, decompressionFailed: ExpertID

    init(_ proto: ProtocolID, registering r: inout Registrar) {
        node = r.node(of: proto)
        fin = r.flag("websocket.fin", "Fin", wordBits: 8, mask: 0x80, "True", "False")
        reserved = r.field("websocket.rsv", "Reserved", .uint8, .hex, mask: 0x70)
        compressed = r.flag("websocket.pmc", "Per-Message Compressed", wordBits: 8, mask: 0x40, "True", "False")
        opcode = r.field("websocket.opcode", "Opcode", .uint8, .decimal, strings: Self.opcodes, mask: 0x0f)
        mask = r.flag("websocket.mask", "Mask", wordBits: 8, mask: 0x80, "True", "False")
        payloadLength = r.field("websocket.payload_length", "Payload length", .uint8, .decimal, mask: 0x7f)
        length16 = r.field("websocket.payload_length_ext_16", "Extended Payload length (16 bits)", .uint16, .decimal)
        length64 = r.field("websocket.payload_length_ext_64", "Extended Payload length (64 bits)", .uint64, .decimal)
        maskingKey = r.field("websocket.masking_key", "Masking-Key", .bytes)
        payload = r.field("websocket.payload", "Payload", .none)
        maskedPayload = r.field("websocket.masked_payload", "Masked payload", .none)
        continuation = r.field("websocket.payload.continue", "Continue", .bytes)
        text = r.field("websocket.payload.text", "Text", .string, needs: .conversation)
        close = r.field("websocket.payload.close", "Close", .none)
        statusCode = r.field("websocket.payload.close.status_code", "Status code", .uint16, .decimal, strings: Self.statusCodes)
        reason = r.field("websocket.payload.close.reason", "Reason", .string)
        ping = r.field("websocket.payload.ping", "Ping", .bytes)
        pong = r.field("websocket.payload.pong", "Pong", .bytes)
        unknown = r.field("websocket.payload.unknown", "Unknown", .bytes)
        unknownOpcode = r.expert("websocket.payload.unknown.expert", .undecoded, .note, "Dissector for Websocket Opcode")
        decompressionFailed = r.expert("websocket.decompression.failed.expert", .proto, .warning, "Decompression failed")
    }

    /// Reads the header, adds it, and leaves the protocol's node open.
    /// - Parameter isCompressed: whether the handshake agreed on compression.
    func addHeader(_ reader: inout Reader, isCompressed: Bool, _ context: inout Context) throws(DissectionError) -> WebSocketHeader {
        let (begin, whole) = (reader.offset, reader)
        let top = context.begin(node, reader)
        do throws(DissectionError) {
            let header = try WebSocketHeader(parsing: &reader)
            context.setByteCount(top, header.byteCount)
            addFlags(whole, isCompressed: isCompressed, &context)
            addLengths(header, whole, &context)
            return header
        } catch {
            // What was captured of it stays in the tree.
            if whole.has(1) { addFlags(whole, isCompressed: isCompressed, &context) }
            if whole.has(2) { addLengthByte(whole, &context) }
            if whole.has(4), whole.bytes[begin + 1] & 0x7f == 126 { addLength16(whole, &context) }
            if whole.has(10), whole.bytes[begin + 1] & 0x7f == 127 { addLength64(whole, &context) }
            context.close()
            throw error
        }
    }

    private func addFlags(_ reader: Reader, isCompressed: Bool, _ context: inout Context) {
        let word = UInt64(reader.bytes[reader.offset])
        context.bits(fin, reader, reader.offset, 1, word: word)
        context.bits(reserved, reader, reader.offset, 1, word: word)
        if isCompressed { context.bits(compressed, reader, reader.offset, 1, word: word) }
        context.bits(opcode, reader, reader.offset, 1, word: word)
    }

    private func addLengthByte(_ reader: Reader, _ context: inout Context) {
        let offset = reader.offset + 1
        let word = UInt64(reader.bytes[offset])
        context.bits(mask, reader, offset, 1, word: word)
        let item = context.bits(payloadLength, reader, offset, 1, word: word)
        guard word & 0x7f >= 126 else { return }
        context.appendLabel(item) { $0.append(word & 0x7f == 126 ? " Extended Payload Length (16 bits)" : " Extended Payload Length (64 bits)") }
    }

    private func addLengths(_ header: WebSocketHeader, _ reader: Reader, _ context: inout Context) {
        addLengthByte(reader, &context)
        if header.shortLength == 126 { addLength16(reader, &context) }
        if header.shortLength == 127 { addLength64(reader, &context) }
        if header.maskingKey != nil { context.add(maskingKey, reader, reader.offset + header.byteCount - 4, 4) }
    }

    private func addLength16(_ reader: Reader, _ context: inout Context) {
        context.add(length16, reader, reader.offset + 2, 2, value: UInt64(reader.bytes.uint16(reader.offset + 2)))
    }

    private func addLength64(_ reader: Reader, _ context: inout Context) {
        context.add(length64, reader, reader.offset + 2, 8, value: reader.bytes.uint64(reader.offset + 2))
    }

    /// `WebSocket Text [FIN] [MASKED]`
    func describe(_ header: WebSocketHeader, _ context: inout Context) {
        guard context.columns.accepts else { return }
        context.columns.info.append(" ")
        context.columns.info.append(Self.opcodes.name(of: UInt64(header.opcode)) ?? "Unknown Opcode")
        context.columns.info.append(header.isFinal ? " [FIN] " : "[FRAGMENT]  ")
        if header.maskingKey != nil { context.columns.info.append("[MASKED]") }
    }

    // MARK: Payload

    func addMasked(_ masked: Reader, _ header: WebSocketHeader, _ context: inout Context) {
        if header.maskingKey != nil { context.add(maskedPayload, masked, masked.offset, masked.remaining) }
    }

    func addPayload(_ reader: Reader, _ context: inout Context) {
        context.add(payload, reader, reader.offset, reader.remaining)
    }

    /// Adds what a whole payload says, under the payload.
    func addContent(_ opcode: UInt8, _ reader: Reader, _ context: inout Context) {
        context.open()
        switch opcode {
        case 1: context.string(text, reader, reader.offset, reader.remaining)
        // Binary data is another layer's.
        case 2: break
        case 8: addClose(reader, &context)
        case 9: context.add(ping, reader, reader.offset, reader.remaining)
        case 10: context.add(pong, reader, reader.offset, reader.remaining)
        default: addUnknown(opcode, reader, &context)
        }
        context.close()
    }

    /// RFC 6455, section 5.5.1.
    private func addClose(_ reader: Reader, _ context: inout Context) {
        context.add(close, reader, reader.offset, reader.remaining)
        guard reader.has(2) else { return }
        context.open()
        context.add(statusCode, reader, reader.offset, 2, value: UInt64(reader.bytes.uint16(reader.offset)))
        if reader.has(3) { context.string(reason, reader, reader.offset + 2, reader.remaining - 2) }
        context.close()
    }

    private func addUnknown(_ opcode: UInt8, _ reader: Reader, _ context: inout Context) {
        context.add(unknown, reader, reader.offset, reader.remaining)
        context.open()
        context.expert(unknownOpcode) { $0.append(undecoded: "Websocket Opcode", UInt16(opcode)) }
        context.close()
    }

    /// A part in the middle of a message.
    func addContinuation(_ reader: Reader, _ context: inout Context) {
        context.add(continuation, reader, reader.offset, reader.remaining)
    }

    func addFailure(_ reader: Reader, _ context: inout Context) {
        context.heading(reader, reader.offset, reader.remaining) { $0.append("Decompression failed") }
        context.open()
        context.expert(decompressionFailed)
        context.close()
    }

    private static let opcodes = ValueStrings([
        (0, "Continuation"), (1, "Text"), (2, "Binary"), (8, "Connection Close"), (9, "Ping"), (10, "Pong"),
    ])

    /// RFC 6455, section 7.4.1.
    private static let statusCodes = ValueStrings([
        (1000, "Normal Closure"), (1001, "Going Away"), (1002, "Protocol error"), (1003, "Unsupported Data"), (1004, "---Reserved----"),
        (1005, "No Status Rcvd"), (1006, "Abnormal Closure"), (1007, "Invalid frame payload data"), (1008, "Policy Violation"),
        (1009, "Message Too Big"), (1010, "Mandatory Ext."), (1011, "Internal Server"), (1015, "TLS handshake"),
    ])
}
