import Dissection
import Streams
import Wire

/// What the analysis found in a segment: `tcp.analysis` and what stands under it, and the marks before Info.
final class TCPAnalysisFields: Sendable {
    private let node, flags, acknowledgedFrame, roundTrip, initialRoundTrip, bytesInFlight, bytesSincePush: FieldID
    private let duplicateNumber, duplicateFrame, timeout, timeoutFrame: FieldID
    private let isDuplicate: FieldID
    private let duplicate: ExpertID
    /// The flags with their expert items and marks, in the order in which they are shown.
    private let marks: [Mark]

    private struct Mark: Sendable {
        var flag: TCPAnalysis.Flags
        var expert: ExpertID
        /// In front of Info; empty for none.
        var text: StaticString
    }

    init(registering r: inout Registrar) {
        node = r.field("tcp.analysis", "SEQ/ACK analysis", .none, needs: .analysis)
        flags = r.field("tcp.analysis.flags", "TCP Analysis Flags", .none, needs: .analysis)
        acknowledgedFrame = r.field("tcp.analysis.acks_frame", "This is an ACK to the segment in frame", .frameNumber, needs: .analysis)
        roundTrip = r.field("tcp.analysis.ack_rtt", "The RTT to ACK the segment was", .relativeTime, needs: .analysis)
        initialRoundTrip = r.field("tcp.analysis.initial_rtt", "iRTT", .relativeTime, needs: [.analysis, .laterFrames])
        bytesInFlight = r.field("tcp.analysis.bytes_in_flight", "Bytes in flight", .uint32, .decimal, needs: .analysis)
        bytesSincePush = r.field("tcp.analysis.push_bytes_sent", "Bytes sent since last PSH flag", .uint32, .decimal, needs: .analysis)
        duplicateNumber = r.field("tcp.analysis.duplicate_ack_num", "Duplicate ACK #", .uint32, .decimal, needs: .analysis)
        duplicateFrame = r.field("tcp.analysis.duplicate_ack_frame", "Duplicate to the ACK in frame", .frameNumber, needs: .analysis)
        timeout = r.field("tcp.analysis.rto", "The RTO for this segment was", .relativeTime, needs: .analysis)
        timeoutFrame = r.field("tcp.analysis.rto_frame", "RTO based on delta from frame", .frameNumber, needs: .analysis)
        isDuplicate = r.field("tcp.analysis.duplicate_ack", "Duplicate ACK", .none, needs: .analysis)
        marks = Self.registerMarks(&r)
        duplicate = r.expert("tcp.analysis.duplicate_ack", .sequence, .note, "Duplicate ACK")
    }

    private static func registerMarks(_ r: inout Registrar) -> [Mark] {
        func mark(_ flag: TCPAnalysis.Flags, _ name: String, _ severity: ExpertSeverity, _ summary: StaticString, _ text: StaticString, _ r: inout Registrar) -> Mark {
            Mark(flag: flag, expert: r.expert("tcp.analysis." + name, .sequence, severity, summary), text: text)
        }
        let retransmission = mark(
            .retransmission, "retransmission", .note, "This frame is a (suspected) retransmission", "[TCP Retransmission] ", &r)
        func also(_ flag: TCPAnalysis.Flags) -> Mark { Mark(flag: flag, expert: retransmission.expert, text: "") }
        return [
            mark(.reusedPorts, "reused_ports", .note, "A new tcp session is started with the same ports as an earlier session in this trace", "[TCP Port numbers reused] ", &r),
            retransmission,
            mark(.fastRetransmission, "fast_retransmission", .note, "This frame is a (suspected) fast retransmission", "[TCP Fast Retransmission] ", &r),
            also(.fastRetransmission),
            mark(.spuriousRetransmission, "spurious_retransmission", .note, "This frame is a (suspected) spurious retransmission", "[TCP Spurious Retransmission] ", &r),
            also(.spuriousRetransmission),
            mark(.outOfOrder, "out_of_order", .warning, "This frame is a (suspected) out-of-order segment", "[TCP Out-Of-Order] ", &r),
            mark(.lostSegment, "lost_segment", .warning, "Previous segment(s) not captured (common at capture start)", "[TCP Previous segment not captured] ", &r),
            mark(.ackLostSegment, "ack_lost_segment", .warning, "ACKed segment that wasn't captured (common at capture start)", "[TCP ACKed unseen segment] ", &r),
            mark(.windowUpdate, "window_update", .chat, "TCP window update", "[TCP Window Update] ", &r),
            mark(.windowFull, "window_full", .warning, "TCP window specified by the receiver is now completely full", "[TCP Window Full] ", &r),
            mark(.keepAlive, "keep_alive", .note, "TCP keep-alive segment", "[TCP Keep-Alive] ", &r),
            mark(.keepAliveAck, "keep_alive_ack", .note, "ACK to a TCP keep-alive segment", "[TCP Keep-Alive ACK] ", &r),
            mark(.zeroWindowProbe, "zero_window_probe", .note, "TCP Zero Window Probe", "[TCP ZeroWindowProbe] ", &r),
            mark(.zeroWindow, "zero_window", .warning, "TCP Zero Window segment", "[TCP ZeroWindow] ", &r),
            mark(.zeroWindowProbeAck, "zero_window_probe_ack", .note, "ACK to a TCP Zero Window Probe", "[TCP ZeroWindowProbeAck] ", &r),
        ]
    }

    /// Adds the tree of what was found.
    func add(_ known: TCPSegmentFacts, _ layer: Reader, _ context: inout Context) {
        let found = known.analysis
        guard !found.isEmpty else { return }
        let place = layer.start
        context.generated(node, layer, place, value: 0)
        context.open()
        if found.acknowledgedFrame != 0 {
            context.generated(acknowledgedFrame, layer, place, value: UInt64(found.acknowledgedFrame))
            if found.roundTrip != 0 { context.generated(roundTrip, layer, place, value: UInt64(bitPattern: found.roundTrip)) }
        }
        if known.initialRoundTrip != 0 { context.generated(initialRoundTrip, layer, place, value: UInt64(bitPattern: known.initialRoundTrip)) }
        if found.bytesInFlight != 0 { context.generated(bytesInFlight, layer, place, value: UInt64(found.bytesInFlight)) }
        if found.bytesSincePush != 0 { context.generated(bytesSincePush, layer, place, value: UInt64(found.bytesSincePush)) }
        if !found.flags.isEmpty { addFlags(found, layer, &context) }
        context.close()
    }

    private func addFlags(_ found: TCPAnalysis, _ layer: Reader, _ context: inout Context) {
        let place = layer.start
        context.generated(flags, layer, place, value: 0)
        context.open()
        for mark in marks where found.flags.contains(mark.flag) { context.expert(mark.expert) }
        if found.flags.contains(.duplicateAck) {
            context.label(context.generated(isDuplicate, layer, place, value: 0)) { $0.append("This is a TCP duplicate ack") }
        }
        if found.flags.contains(.retransmission), found.retransmissionTimeout != 0 || found.retransmissionFrame != 0 {
            context.generated(timeout, layer, place, value: UInt64(bitPattern: found.retransmissionTimeout))
            context.generated(timeoutFrame, layer, place, value: UInt64(found.retransmissionFrame))
        }
        context.close()
        guard found.flags.contains(.duplicateAck) else { return }
        context.generated(duplicateNumber, layer, place, value: UInt64(found.duplicateAckNumber))
        context.generated(duplicateFrame, layer, place, value: UInt64(found.duplicateAckFrame))
        context.open()
        context.expert(duplicate) {
            $0.append("Duplicate ACK (#")
            $0.append(decimal: found.duplicateAckNumber)
            $0.append(")")
        }
        context.close()
    }

    /// Puts the marks before Info, the last shown first.
    func describe(_ known: TCPSegmentFacts, _ context: inout Context) {
        let found = known.analysis
        guard !found.flags.isEmpty, context.columns.accepts else { return }
        for mark in marks where found.flags.contains(mark.flag) {
            context.columns.prependInfo(mark.text)
        }
        if found.flags.contains(.duplicateAck) { prependDuplicate(found, &context) }
    }

    private func prependDuplicate(_ found: TCPAnalysis, _ context: inout Context) {
        context.columns.prependInfo("] ")
        context.columns.prependInfo(decimal: found.duplicateAckNumber)
        context.columns.prependInfo("#")
        context.columns.prependInfo(decimal: found.duplicateAckFrame)
        context.columns.prependInfo("[TCP Dup ACK ")
    }
}
