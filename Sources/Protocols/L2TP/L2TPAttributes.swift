import Dissection
import Wire

/// The attribute-value pairs of control messages (RFC 2661, section 4; RFC 3145).
///
///     +-+-+-------+-------------------+-------------------------------+
///     |M|H| rsvd  |      Length       |           Vendor ID           |
///     +-+-+-------+-------------------+-------------------------------+
///     |        Attribute Type         |        Attribute Value...     |
///     +-------------------------------+-------------------------------+
///
/// A hidden (H) value is encrypted. Not decoded: attributes of vendors, and the options within a ConfReq of LCP.
final class L2TPAttributes: Sendable {
    /// One part of a value, in the order in which they stand.
    private enum Part {
        /// Bytes that mean nothing.
        case reserved(Int)
        case uint8(FieldID), uint16(FieldID), uint32(FieldID), uint64(FieldID)
        /// The rest.
        case text(FieldID), bytes(FieldID)
        /// Bits of a word of 32.
        case flags([FieldID])
    }

    private static let headerByteCount = 6
    private static let messageType: UInt16 = 0
    private static let resultCode: UInt16 = 1
    private static let stopNotification: UInt16 = 4

    private let mandatory, hidden, length, vendor, type, message, stopResult, error, errorMessage: FieldID
    private let undecoded, badLength: ExpertID
    private let values: [UInt16: [Part]]

    init(registering r: inout Registrar) {
        mandatory = r.flag("l2tp.avp.mandatory", "Mandatory", wordBits: 16, mask: 0x8000, "True", "False")
        hidden = r.flag("l2tp.avp.hidden", "Hidden", wordBits: 16, mask: 0x4000, "True", "False")
        length = r.field("l2tp.avp.length", "Length", .uint16, .decimal, mask: 0x03ff)
        vendor = r.field("l2tp.avp.vendor_id", "Vendor ID", .uint16, .decimal, strings: ValueStrings([(0, "Reserved")]))
        type = r.field("l2tp.avp.type", "AVP Type", .uint16, .decimal, strings: L2TPNames.types)
        message = r.field("l2tp.avp.message_type", "Message Type", .uint16, .decimal, strings: L2TPNames.messages)
        stopResult = r.field("l2tp.result_code", "Result code", .uint16, .decimal, strings: L2TPNames.stopResults)
        let callResult = r.field("l2tp.result_code", "Result code", .uint16, .decimal, strings: L2TPNames.callResults)
        error = r.field("l2tp.avp.error_code", "Error code", .uint16, .decimal, strings: L2TPNames.errors)
        errorMessage = r.field("l2tp.avp.error_message", "Error Message", .string)
        undecoded = r.expert("l2tp.vendor_specific_avp_data", .undecoded, .warning, "Vendor-Specific AVP data")
        badLength = r.expert("l2tp.avp_length.bad", .malformed, .error, "Bad AVP length")
        func number(_ name: String, _ title: String, _ type: FieldType, _ base: FieldBase = .decimal, _ strings: ValueStrings? = nil) -> FieldID {
            r.field("l2tp.avp." + name, title, type, base, strings: strings)
        }
        func flags(_ high: (String, String), _ low: (String, String)) -> Part {
            .flags([
                r.flag("l2tp.avp." + high.0, high.1, wordBits: 32, mask: 2, "True", "False"),
                r.flag("l2tp.avp." + low.0, low.1, wordBits: 32, mask: 1, "True", "False"),
            ])
        }
        values = [
            Self.messageType: [.uint16(message)],
            Self.resultCode: [.uint16(callResult), .uint16(error), .text(errorMessage)],
            2: [.uint8(number("protocol_version", "Version", .uint8)), .uint8(number("protocol_revision", "Revision", .uint8))],
            3: [flags(("async_framing_supported", "Async Framing Supported"), ("sync_framing_supported", "Sync Framing Supported"))],
            4: [flags(("analog_access_supported", "Analog Access Supported"), ("digital_access_supported", "Digital Access Supported"))],
            5: [.uint64(r.field("l2tp.tie_breaker", "Tie Breaker", .uint64, .hex))],
            6: [.uint16(number("firmware_revision", "Firmware Revision", .uint16, .decimalHex))],
            7: [.text(number("host_name", "Host Name", .string, .none))],
            8: [.text(number("vendor_name", "Vendor Name", .string, .none))],
            9: [.uint16(number("assigned_tunnel_id", "Assigned Tunnel ID", .uint16))],
            10: [.uint16(number("receive_window_size", "Receive Window Size", .uint16))],
            11: [.bytes(number("chap_challenge", "CHAP Challenge", .bytes, .none))],
            12: [
                .uint16(number("cause_code", "Cause Code", .uint16)), .uint8(number("cause_msg", "Cause Msg", .uint8)),
                .text(number("advisory_msg", "Advisory Msg", .string, .none)),
            ],
            13: [.bytes(number("chap_challenge_response", "CHAP Challenge Response", .bytes, .none))],
            14: [.uint16(number("assigned_session_id", "Assigned Session ID", .uint16))],
            15: [.uint32(number("call_serial_number", "Call Serial Number", .uint32))],
            16: [.uint32(number("minimum_bps", "Minimum BPS", .uint32))],
            17: [.uint32(number("maximum_bps", "Maximum BPS", .uint32))],
            18: [flags(("analog_bearer_type", "Analog Bearer Type"), ("digital_bearer_type", "Digital Bearer Type"))],
            19: [flags(("async_framing_type", "Async Framing Type"), ("sync_framing_type", "Sync Framing Type"))],
            21: [.text(number("called_number", "Called Number", .string, .none))],
            22: [.text(number("calling_number", "Calling Number", .string, .none))],
            23: [.text(number("sub_address", "Sub-Address", .string, .none))],
            24: [.uint32(number("connect_speed", "Connect Speed", .uint32))],
            25: [.uint32(number("physical_channel", "Physical Channel", .uint32))],
            26: [.bytes(number("initial_received_lcp_confreq", "Initial Received LCP CONFREQ", .bytes, .none))],
            27: [.bytes(number("last_sent_lcp_confreq", "Last Sent LCP CONFREQ", .bytes, .none))],
            28: [.bytes(number("last_received_lcp_confreq", "Last Received LCP CONFREQ", .bytes, .none))],
            29: [.uint16(number("proxy_authen_type", "Proxy Authen Type", .uint16, .decimal, L2TPNames.authentications))],
            30: [.text(number("proxy_authen_name", "Proxy Authen Name", .string, .none))],
            31: [.bytes(number("proxy_authen_challenge", "Proxy Authen Challenge", .bytes, .none))],
            32: [.reserved(1), .uint8(number("proxy_authen_id", "Proxy Authen ID", .uint8))],
            33: [.bytes(number("proxy_authen_response", "Proxy Authen Response", .bytes, .none))],
            34: [
                .reserved(2), .uint32(number("crc_errors", "CRC Errors", .uint32)), .uint32(number("framing_errors", "Framing Errors", .uint32)),
                .uint32(number("hardware_overruns", "Hardware Overruns", .uint32)), .uint32(number("buffer_overruns", "Buffer Overruns", .uint32)),
                .uint32(number("time_out_errors", "Time-out Errors", .uint32)), .uint32(number("alignment_errors", "Alignment Errors", .uint32)),
            ],
            35: [.reserved(2), .uint32(number("send_accm", "Send ACCM", .uint32)), .uint32(number("receive_accm", "Receive ACCM", .uint32))],
            36: [.bytes(number("random_vector", "Random Vector", .bytes, .none))],
            37: [.bytes(number("private_group_id", "Private Group ID", .bytes, .none))],
            38: [.uint32(number("rx_connect_speed", "Rx Connect Speed", .uint32))],
            39: [],
            46: [
                .uint16(number("disconnect_code", "Disconnect Code", .uint16)),
                .uint16(number("control_protocol_number", "Control Protocol Number", .uint16)),
                .uint8(number("cause_code_direction", "Direction", .uint8, .decimal, L2TPNames.directions)),
                .text(number("cause_code_message", "Message", .string, .none)),
            ],
        ]
    }

    /// Says in a text which message begins at `reader`.
    func describe(_ reader: Reader, _ text: inout TextBuffer) {
        if reader.remaining <= 0 { return text.append(" - ZLB     ") }
        let body = reader.rest
        guard body.peek16(4) == Self.messageType, let number = body.peek16(Self.headerByteCount) else { return }
        text.append(" - ")
        if let name = L2TPNames.shortMessages.name(of: UInt64(number)) { return text.append(name) }
        text.append("Unknown (")
        text.append(decimal: number)
        text.append(")")
    }

    /// Decodes all pairs.
    func dissect(_ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        var messageNumber: UInt16?
        while reader.remaining > 0 {
            let word = try reader.peekUInt16()
            let byteCount = Int(word & 0x03ff)
            guard byteCount >= Self.headerByteCount else { return addBadLength(byteCount, reader, &context) }
            let pair = reader.next(byteCount)
            if pair.peek16(4) == Self.messageType, pair.peek16(2) == 0 { messageNumber = pair.peek16(Self.headerByteCount) }
            try add(pair, word, isStop: messageNumber == Self.stopNotification, &context)
            try reader.skip(byteCount)
        }
    }

    private func addBadLength(_ byteCount: Int, _ reader: Reader, _ context: inout Context) {
        func describe(_ text: inout TextBuffer) {
            text.append("AVP length must be >= 6, got ")
            text.append(decimal: byteCount)
        }
        context.heading(reader, reader.offset, reader.clamped(2), describe)
        context.open()
        context.expert(badLength, describe)
        context.close()
    }

    private func add(_ pair: Reader, _ word: UInt16, isStop: Bool, _ context: inout Context) throws(DissectionError) {
        var value = pair
        let (vendorNumber, number) = (pair.peek16(2) ?? 0, pair.peek16(4) ?? 0)
        context.heading(pair, pair.offset, pair.capturedRemaining) { Self.appendTitle(vendorNumber, number, &$0) }
        context.open()
        for field in [mandatory, hidden, length] { context.bits(field, pair, pair.offset, 2, word: UInt64(word)) }
        try value.skip(2)
        try context.uint16(vendor, &value)
        try context.uint16(type, &value)
        if word & 0x4000 == 0 {
            if vendorNumber == 0, let parts = values[number] {
                let isStopResult = isStop && number == Self.resultCode
                try add(isStopResult ? [.uint16(stopResult), .uint16(error), .text(errorMessage)] : parts, &value, &context)
            } else if value.remaining > 0 {
                context.heading(value, value.offset, value.capturedRemaining) { $0.append("Vendor-Specific AVP data") }
                context.open()
                context.expert(undecoded)
                context.close()
            }
        }
        context.close()
    }

    private static func appendTitle(_ vendor: UInt16, _ number: UInt16, _ text: inout TextBuffer) {
        if vendor == 0, let name = L2TPNames.types.name(of: UInt64(number)) {
            text.append(name)
            return text.append(" AVP")
        }
        text.append(vendor == 0 ? "Unknown (" : "Vendor ")
        text.append(decimal: vendor == 0 ? number : vendor)
        text.append(vendor == 0 ? ") AVP" : " AVP Type ")
        if vendor != 0 { text.append(decimal: number) }
    }

    /// Adds the parts of a value as far as it goes.
    private func add(_ parts: [Part], _ value: inout Reader, _ context: inout Context) throws(DissectionError) {
        for part in parts where value.remaining > 0 {
            switch part {
            case .reserved(let count): try value.skip(count)
            case .uint8(let field): try context.uint8(field, &value)
            case .uint16(let field): try context.uint16(field, &value)
            case .uint32(let field): try context.uint32(field, &value)
            case .uint64(let field): try context.uint64(field, &value)
            case .text(let field): try context.addString(field, value.remaining, &value)
            case .bytes(let field): try context.addBytes(field, value.remaining, &value)
            case .flags(let fields):
                let word = UInt64(try value.uint32())
                for field in fields { context.bits(field, value, value.offset - 4, 4, word: word) }
            }
        }
    }
}

/// Names in control messages (RFC 2661, sections 3.2 and 4.4; RFC 3145; IANA's registry of L2TP parameters).
enum L2TPNames {
    static let types = ValueStrings([
        (0, "Control Message"), (1, "Result-Error Code"), (2, "Protocol Version"), (3, "Framing Capabilities"), (4, "Bearer Capabilities"),
        (5, "Tie Breaker"), (6, "Firmware Revision"), (7, "Host Name"), (8, "Vendor Name"), (9, "Assigned Tunnel ID"),
        (10, "Receive Window Size"), (11, "Challenge"), (12, "Cause Code"), (13, "Challenge Response"), (14, "Assigned Session"),
        (15, "Call Serial Number"), (16, "Minimum BPS"), (17, "Maximum BPS"), (18, "Bearer Type"), (19, "Framing Type"), (20, "Reserved"),
        (21, "Called Number"), (22, "Calling Number"), (23, "Sub-Address"), (24, "Connect Speed"), (25, "Physical Channel"),
        (26, "Initial Received LCP CONFREQ"), (27, "Last Sent LCP CONFREQ"), (28, "Last Received LCP CONFREQ"), (29, "Proxy Authen Type"),
        (30, "Proxy Authen Name"), (31, "Proxy Authen Challenge"), (32, "Proxy Authen ID"), (33, "Proxy Authen Response"),
        (34, "Call status AVPs"), (35, "ACCM"), (36, "Random Vector"), (37, "Private group ID"), (38, "RxConnect Speed"),
        (39, "Sequencing Required"), (46, "PPP Disconnect Cause Code"),
    ])

    static let messages = ValueStrings([
        (1, "Start_Control_Request"), (2, "Start_Control_Reply"), (3, "Start_Control_Connected"), (4, "Stop_Control_Notification"),
        (5, "Reserved"), (6, "Hello"), (7, "Outgoing_Call_Request"), (8, "Outgoing_Call_Reply"), (9, "Outgoing_Call_Connected"),
        (10, "Incoming_Call_Request"), (11, "Incoming_Call_Reply"), (12, "Incoming_Call_Connected"), (13, "Reserved"),
        (14, "Call_Disconnect_Notification"), (15, "WAN_Error_Notify"), (16, "Set_Link_Info"),
    ])

    static let shortMessages = ValueStrings([
        (1, "SCCRQ"), (2, "SCCRP"), (3, "SCCCN"), (4, "StopCCN"), (5, "Reserved"), (6, "Hello"), (7, "OCRQ"), (8, "OCRP"), (9, "OCCN"),
        (10, "ICRQ"), (11, "ICRP"), (12, "ICCN"), (13, "Reserved"), (14, "CDN"), (15, "WEN"), (16, "SLI"),
    ])

    static let callResults = ValueStrings([
        (0, "Reserved"), (1, "Session disconnected due to loss of carrier or circuit disconnect"),
        (2, "Session disconnected for the reason indicated in Error Code"), (3, "Session disconnected for administrative reasons"),
        (4, "Appropriate facilities unavailable (temporary condition)"), (5, "Appropriate facilities unavailable (permanent condition)"),
        (6, "Invalid destination"), (7, "Call failed due to no carrier detected"), (8, "Call failed due to detection of a busy signal"),
        (9, "Call failed due to lack of a dial tone"), (10, "Call was not established within time allotted by LAC"),
        (11, "Call was connected but no appropriate framing was detected"), (12, "Disconnecting call due to mismatching SDS value"),
    ])

    static let stopResults = ValueStrings([
        (0, "Reserved"), (1, "General request to clear control connection"), (2, "General error, Error Code indicates the problem"),
        (3, "Control connection already exists"), (4, "Requester is not authorized to establish a control connection"),
        (5, "The protocol version of the requester is not supported"), (6, "Requester is being shut down"),
        (7, "Finite state machine error or timeout"), (8, "Control connection due to mismatching CCDS value"),
    ])

    static let errors = ValueStrings([
        (0, "No General Error"), (1, "No control connection exists yet for this pair of LCCEs"), (2, "Length is wrong"),
        (3, "One of the field values was out of range"), (4, "Insufficient resources to handle this operation now"), (5, "Invalid Session ID"),
        (6, "A generic vendor-specific error occurred"), (7, "Try another"), (8, "Receipt of an unknown AVP with the M bit set"),
        (9, "Try another directed"), (10, "Next hop unreachable"),
    ])

    static let authentications = ValueStrings([
        (0, "Reserved"), (1, "Textual username/password exchange"), (2, "PPP CHAP"), (3, "PPP PAP"), (4, "No Authentication"),
        (5, "Microsoft CHAP Version 1"), (6, "Reserved"), (7, "EAP"),
    ])

    static let directions = ValueStrings([(0, "global error"), (1, "at peer"), (2, "at local")])
}
