import Dissection
import Wire

/// The control field of LLC (IEEE 802.2, section 5.4): one byte in unnumbered frames, two in others, the first sent being the lower.
struct LLCControl: Sendable {
    /// What of a control field matters to what follows.
    struct Value {
        /// Whether packets follow: in information frames, numbered or not.
        let carriesPackets: Bool
    }

    private let long: Parts
    private let short: Parts
    private let received, sent, supervisory, command, response: FieldID

    /// The parts that both forms have.
    private struct Parts: Sendable {
        let word, poll, final, type: FieldID
        /// In information frames the second bit of the type belongs to a number.
        let numberedType: FieldID
    }

    init(registering r: inout Registrar) {
        func parts(_ wordType: FieldType, _ pollMask: UInt64, _ r: inout Registrar) -> Parts {
            let bits = wordType.bitCount
            return Parts(
                word: r.field("llc.control", "Control field", .uint16, .hex),
                poll: r.flag("llc.control.p", "Poll", wordBits: bits, mask: pollMask), final: r.flag("llc.control.f", "Final", wordBits: bits, mask: pollMask),
                type: r.field("llc.control.ftype", "Frame type", wordType, .hex, strings: LLCNames.frameTypes, mask: 0x03),
                numberedType: r.field("llc.control.ftype", "Frame type", wordType, .hex, strings: LLCNames.frameTypes, mask: 0x01))
        }
        long = parts(.uint16, 0x0100, &r)
        short = parts(.uint8, 0x10, &r)
        received = r.field("llc.control.n_r", "N(R)", .uint16, .decimal, mask: 0xfe00)
        sent = r.field("llc.control.n_s", "N(S)", .uint16, .decimal, mask: 0x00fe)
        supervisory = r.field("llc.control.s_ftype", "Supervisory frame type", .uint16, .hex, strings: LLCNames.supervisory, mask: 0x000c)
        command = r.field("llc.control.u_modifier_cmd", "Command", .uint8, .hex, strings: LLCNames.commands, mask: 0xec)
        response = r.field("llc.control.u_modifier_resp", "Response", .uint8, .hex, strings: LLCNames.responses, mask: 0xec)
    }

    /// Reads the field, adds it, and says in Info what the frame is.
    func add(_ reader: inout Reader, isResponse: Bool, _ context: inout Context) throws(DissectionError) -> Value {
        let start = reader.offset
        let first = try reader.peekUInt8()
        if first & 3 == 3 {
            reader.offset += 1
            addUnnumbered(first, reader, start, isResponse, &context)
            return Value(carriesPackets: first & 0xec == 0)
        }
        let word = try reader.uint16().byteSwapped
        addNumbered(word, reader, start, isResponse, &context)
        return Value(carriesPackets: first & 1 == 0)
    }

    private func addUnnumbered(_ byte: UInt8, _ reader: Reader, _ start: Int, _ isResponse: Bool, _ context: inout Context) {
        let word = UInt64(byte)
        let isMarked = byte & 0x10 != 0
        func describe(_ text: inout TextBuffer) {
            text.append("U")
            Self.appendMark(isMarked, isResponse, &text)
            text.append(", func=")
            let modifier = UInt64((byte & 0xec) >> 2)
            text.append((isResponse ? LLCNames.responsesShort : LLCNames.commandsShort).name(of: modifier) ?? "Unknown")
        }
        if context.columns.accepts { describe(&context.columns.info) }
        context.valueLabel(context.add(short.word, reader, start, 1, value: word)) {
            describe(&$0)
            $0.append(" (0x")
            $0.append(hex: word, width: 2, upperCase: true)
            $0.append(")")
        }
        context.open()
        if isMarked { context.bits(isResponse ? short.final : short.poll, reader, start, 1, word: word) }
        context.bits(isResponse ? response : command, reader, start, 1, word: word)
        context.bits(short.type, reader, start, 1, word: word)
        context.close()
    }

    private func addNumbered(_ value: UInt16, _ reader: Reader, _ start: Int, _ isResponse: Bool, _ context: inout Context) {
        let word = UInt64(value)
        let isMarked = value & 0x0100 != 0
        let isSupervisory = value & 1 != 0
        func describe(_ text: inout TextBuffer) {
            text.append(isSupervisory ? "S" : "I")
            Self.appendMark(isMarked, isResponse, &text)
            if isSupervisory {
                text.append(", func=")
                text.append(LLCNames.supervisoryShort.name(of: word >> 2 & 3) ?? "Unknown")
            }
            text.append(", N(R)=")
            text.append(decimal: word >> 9)
            if isSupervisory { return }
            text.append(", N(S)=")
            text.append(decimal: word >> 1 & 0x7f)
        }
        if context.columns.accepts { describe(&context.columns.info) }
        context.valueLabel(context.add(long.word, reader, start, 2, value: word)) {
            describe(&$0)
            $0.append(" (0x")
            $0.append(hex: word, width: 4, upperCase: true)
            $0.append(")")
        }
        context.open()
        context.bits(received, reader, start, 2, word: word)
        if !isSupervisory { context.bits(sent, reader, start, 2, word: word) }
        if isMarked { context.bits(isResponse ? long.final : long.poll, reader, start, 2, word: word) }
        if isSupervisory { context.bits(supervisory, reader, start, 2, word: word) }
        context.bits(isSupervisory ? long.type : long.numberedType, reader, start, 2, word: word)
        context.close()
    }

    /// The poll bit of a command, the final bit of a response.
    private static func appendMark(_ isMarked: Bool, _ isResponse: Bool, _ text: inout TextBuffer) {
        if isMarked { text.append(isResponse ? " F" : " P") }
    }
}
