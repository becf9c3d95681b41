import Dissection
import Streams
import Wire

/// The twelve flag bits of a TCP header (RFC 9293, section 3.1; RFC 3168; the AE bit of RFC 7560).
final class TCPFlagFields: Sendable {
    private let all, text: FieldID
    private let reserved, accurateECN, reduced, echo, urgent, acknowledgment, push, reset, synchronize, finish: FieldID
    private let syn, synAck, fin, rst, initiatesClosing, undergoesClosing: ExpertID

    init(registering r: inout Registrar) {
        all = r.field("tcp.flags", "Flags", .uint16, .hex, mask: 0xfff, isWholeLabel: true) {
            $1.append("Flags: 0x")
            $1.append(hex: $0, width: 3)
            $1.append(" (")
            Self.appendNames(UInt16(truncatingIfNeeded: $0), &$1)
            $1.append(")")
        }
        reserved = r.flag("tcp.flags.res", "Reserved", wordBits: 12, mask: 0xe00)
        accurateECN = r.flag("tcp.flags.ae", "Accurate ECN", wordBits: 12, mask: 0x100)
        reduced = r.flag("tcp.flags.cwr", "Congestion Window Reduced", wordBits: 12, mask: 0x080)
        echo = r.flag("tcp.flags.ece", "ECN-Echo", wordBits: 12, mask: 0x040)
        urgent = r.flag("tcp.flags.urg", "Urgent", wordBits: 12, mask: 0x020)
        acknowledgment = r.flag("tcp.flags.ack", "Acknowledgment", wordBits: 12, mask: 0x010)
        push = r.flag("tcp.flags.push", "Push", wordBits: 12, mask: 0x008)
        reset = r.flag("tcp.flags.reset", "Reset", wordBits: 12, mask: 0x004)
        synchronize = r.flag("tcp.flags.syn", "Syn", wordBits: 12, mask: 0x002)
        finish = r.flag("tcp.flags.fin", "Fin", wordBits: 12, mask: 0x001)
        text = r.field("tcp.flags.str", "TCP Flags", .string)
        syn = r.expert("tcp.connection.syn", .sequence, .chat, "Connection establish request (SYN)")
        synAck = r.expert("tcp.connection.synack", .sequence, .chat, "Connection establish acknowledge (SYN+ACK)")
        fin = r.expert("tcp.connection.fin", .sequence, .chat, "Connection finish (FIN)")
        initiatesClosing = r.expert("tcp.connection.fin_active", .sequence, .note, "This frame initiates the connection closing")
        undergoesClosing = r.expert("tcp.connection.fin_passive", .sequence, .note, "This frame undergoes the connection closing")
        rst = r.expert("tcp.connection.rst", .sequence, .warning, "Connection reset (RST)")
    }

    func add(_ header: TCP.Header, _ known: TCPSegmentFacts?, _ layer: Reader, _ context: inout Context) {
        let offset = layer.start + 12
        let word = UInt64(header.flags)
        context.bits(all, layer, offset, 2, word: word)
        context.open()
        context.bits(reserved, layer, offset, 1, word: word)
        context.bits(accurateECN, layer, offset, 1, word: word)
        for field in [reduced, echo, urgent, acknowledgment, push] { context.bits(field, layer, offset + 1, 1, word: word) }
        context.bits(reset, layer, offset + 1, 1, word: word)
        if header.has(.rst) { addExpert(rst, &context) }
        context.bits(synchronize, layer, offset + 1, 1, word: word)
        if header.has(.syn) { addHandshake(header, &context) }
        context.bits(finish, layer, offset + 1, 1, word: word)
        if header.has(.fin) { addExpert(fin, &context) }
        _ = context.addText(text, layer, offset, 2, flags: .generated) { Self.appendString(header.flags, &$0) }
        if header.has(.fin) { addClosing(known, &context) }
        context.close()
    }

    /// Which end closes first stands below the last of the flags' items, as in Wireshark.
    private func addClosing(_ known: TCPSegmentFacts?, _ context: inout Context) {
        switch known?.closing {
        case .initiates: addExpert(initiatesClosing, &context)
        case .undergoes: addExpert(undergoesClosing, &context)
        default: break
        }
    }

    private func addExpert(_ expert: ExpertID, _ context: inout Context) {
        context.open()
        context.expert(expert)
        context.close()
    }

    private func addHandshake(_ header: TCP.Header, _ context: inout Context) {
        context.open()
        let isAnswer = header.has(.ack)
        let server = isAnswer ? header.sourcePort : header.destinationPort
        context.expert(isAnswer ? synAck : syn) {
            $0.append(isAnswer ? "Connection establish acknowledge (SYN+ACK): server port " : "Connection establish request (SYN): server port ")
            $0.append(decimal: server)
        }
        context.close()
    }

    /// `SYN, ACK`
    static func appendNames(_ flags: UInt16, _ text: inout TextBuffer) {
        if flags & 0x1ff == 0 {
            text.append(flags == 0 ? "<None>" : "Reserved")
            return
        }
        var rest = flags & 0x1ff
        while rest != 0 {
            text.append(names[rest.trailingZeroBitCount])
            rest &= rest &- 1
            if rest != 0 { text.append(", ") }
        }
        if flags & 0xe00 != 0 { text.append(", Reserved") }
    }

    /// One letter a flag, a point for those not set: `·······AP···`
    static func appendString(_ flags: UInt16, _ text: inout TextBuffer) {
        for bit in (0..<letters.count).reversed() {
            if flags & 1 << UInt16(bit) != 0 { text.append(letters[bit]) } else { text.append("\u{00b7}") }
        }
    }

    /// `Complete, WITH_DATA (31)`
    static func appendCompleteness(_ value: UInt64, _ text: inout TextBuffer) {
        let (hasHandshake, hasEnd) = (value & 7 == 7, value & 0x30 != 0)
        switch value {
        case _ where hasHandshake && hasEnd: text.append(value & 8 != 0 ? "Complete, WITH_DATA" : "Complete, NO_DATA")
        case _ where value & 0x0f == 0x0f: text.append("Incomplete, DATA")
        case _ where value & 0x0f == 0x07: text.append("Incomplete, ESTABLISHED")
        case _ where value & 0x0f == 0x03: text.append("Incomplete, CLIENT_ESTABLISHED")
        case _ where value & 0x0f == 0x01: text.append("Incomplete, SYN_SENT")
        default: text.append("Incomplete")
        }
        text.append(" (")
        text.append(decimal: value)
        text.append(")")
    }

    private static let names: [StaticString] = ["FIN", "SYN", "RST", "PSH", "ACK", "URG", "ECE", "CWR", "AE"]
    private static let letters: [UInt8] = Array("FSRPAUECARRR".utf8)
}
