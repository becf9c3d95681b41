import Dissection
import Registries
import Streams
import Wire

/// Transmission Control Protocol (RFC 9293; options in TCPOptions.swift, what the analysis found in TCPAnalysisFields.swift,
/// the payload's way to its dissector in TCPPayload.swift).
///
///      0                   1                   2                   3
///      0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
///     +-------------------------------+-------------------------------+
///     |          Source Port          |       Destination Port        |
///     +-------------------------------+-------------------------------+
///     |                        Sequence Number                        |
///     +---------------------------------------------------------------+
///     |                    Acknowledgment Number                      |
///     +-------+-----+-+-+-+-+-+-+-+-+-+-------------------------------+
///     |  Data |     |A|C|E|U|A|P|R|S|F|                               |
///     | Offset| Rsv |E|W|C|R|C|S|S|Y|I|            Window             |
///     |       |     | |R|E|G|K|H|T|N|N|                               |
///     +-------+-----+-+-+-+-+-+-+-+-+-+-------------------------------+
///     |           Checksum            |         Urgent Pointer        |
///     +-------------------------------+-------------------------------+
///     |                           [Options]                           |
///     +---------------------------------------------------------------+
public final class TCP: Dissector {
    /// The header without its options, as a value.
    public struct Header: Equatable, Sendable {
        /// Of a header without options.
        public static let byteCount = 20
        public var sourcePort: UInt16 = 0
        public var destinationPort: UInt16 = 0
        public var sequenceNumber: UInt32 = 0
        public var acknowledgmentNumber: UInt32 = 0
        /// In words of four bytes.
        public var dataOffsetWords: UInt8 = 5
        /// The twelve bits behind the data offset.
        public var flags: UInt16 = 0
        public var window: UInt16 = 0
        public var checksum: UInt16 = 0
        public var urgentPointer: UInt16 = 0

        public init() {}

        public init(parsing reader: inout Reader) throws(DissectionError) {
            let first = try reader.uint64()
            let second = try reader.uint64()
            sourcePort = UInt16(first >> 48)
            destinationPort = UInt16(truncatingIfNeeded: first >> 32)
            sequenceNumber = UInt32(truncatingIfNeeded: first)
            acknowledgmentNumber = UInt32(second >> 32)
            dataOffsetWords = UInt8(second >> 28 & 0xf)
            flags = UInt16(second >> 16 & 0xfff)
            window = UInt16(truncatingIfNeeded: second)
            checksum = try reader.uint16()
            urgentPointer = try reader.uint16()
        }

        public func write(to bytes: inout [UInt8]) {
            bytes.append(bigEndian: sourcePort)
            bytes.append(bigEndian: destinationPort)
            bytes.append(bigEndian: sequenceNumber)
            bytes.append(bigEndian: acknowledgmentNumber)
            bytes.append(bigEndian: UInt16(dataOffsetWords) << 12 | flags & 0xfff)
            bytes.append(bigEndian: window)
            bytes.append(bigEndian: checksum)
            bytes.append(bigEndian: urgentPointer)
        }

        var headerByteCount: Int { Int(dataOffsetWords) * 4 }
        var segmentFlags: TCPSegment.Flags { TCPSegment.Flags(rawValue: flags) }
        func has(_ flag: TCPSegment.Flags) -> Bool { segmentFlags.contains(flag) }
    }

    private let proto: ProtocolID
    private let names: PortNames
    private let node, sourcePort, destinationPort, port, stream, completeness, length: FieldID
    private let sequence, rawSequence, nextSequence, acknowledgment, rawAcknowledgment, headerLength: FieldID
    private let flags: TCPFlagFields
    private let windowValue, window, windowScale, urgentPointer: FieldID
    private let timeRelative, timeDelta: FieldID
    private let checksum: ChecksumFields
    private let badHeaderLength, shortSegment, nonzeroAcknowledgment, nonzeroUrgentPointer, forgotten: ExpertID
    private let options: TCPOptions
    private let optionFields: FieldRange
    private let analysis: TCPAnalysisFields
    private let payload: TCPPayload
    private let verifies, isRelative, analyzes, isSummarized, showsTimes: Bool
    private let state: StateKey<TCPAnalyzer>
    private let facts: FactKey<TCPSegmentFacts>
    private let conversationFacts: FactKey<TCPConversationFacts>

    public init(registering r: inout Registrar) {
        proto = r.proto("tcp", "Transmission Control Protocol", short: "TCP", spansPayload: true)
        node = r.node(of: proto)
        names = PortNames(r, ServiceNames.tcp)
        sourcePort = r.field("tcp.srcport", "Source Port", .uint16, .decimal, label: names.label)
        destinationPort = r.field("tcp.dstport", "Destination Port", .uint16, .decimal, label: names.label)
        port = r.field("tcp.port", "Source or Destination Port", .uint16, .decimal, label: names.label)
        stream = r.field("tcp.stream", "Stream index", .uint32, .decimal, needs: [.conversation, .wholeCapture])
        completeness = r.field("tcp.completeness", "Conversation completeness", .uint8, needs: [.conversation, .laterFrames]) { TCPFlagFields.appendCompleteness($0, &$1) }
        length = r.field("tcp.len", "TCP Segment Len", .uint32, .decimal)
        sequence = r.field("tcp.seq", "Sequence Number", .uint32, .decimal, note: "    (relative sequence number)", needs: .conversation)
        rawSequence = r.field("tcp.seq_raw", "Sequence Number (raw)", .uint32, .decimal, needs: .conversation)
        nextSequence = r.field("tcp.nxtseq", "Next Sequence Number", .uint32, .decimal, note: "    (relative sequence number)", needs: .conversation)
        acknowledgment = r.field("tcp.ack", "Acknowledgment Number", .uint32, .decimal, note: "    (relative ack number)", needs: .conversation)
        rawAcknowledgment = r.field("tcp.ack_raw", "Acknowledgment number (raw)", .uint32, .decimal, needs: .conversation)
        headerLength = r.field("tcp.hdr_len", "Header Length", .uint8, .decimal, isWholeLabel: true, label: Self.appendHeaderLength)
        flags = TCPFlagFields(registering: &r)
        windowValue = r.field("tcp.window_size_value", "Window", .uint16, .decimal)
        window = r.field("tcp.window_size", "Calculated window size", .uint32, .decimal, needs: .conversation)
        windowScale = r.field("tcp.window_size_scalefactor", "Window size scaling factor", .int32, .decimal, needs: .conversation) {
            $1.append(signed: Int64(bitPattern: $0))
            if Int64(bitPattern: $0) < 0 { $1.append(Int64(bitPattern: $0) == -1 ? " (unknown)" : " (no window scaling used)") }
        }
        checksum = ChecksumFields("tcp.checksum", bad: "tcp.checksum_bad.expert", hint: "(maybe caused by \"TCP checksum offload\"?)", &r)
        urgentPointer = r.field("tcp.urgent_pointer", "Urgent Pointer", .uint16, .decimal)
        timeRelative = r.field("tcp.time_relative", "Time since first frame in this TCP stream", .relativeTime, needs: .conversation)
        timeDelta = r.field("tcp.time_delta", "Time since previous frame in this TCP stream", .relativeTime, needs: .conversation)
        badHeaderLength = r.expert("tcp.bogus_header_length", .proto, .error, "Bogus TCP Header length")
        shortSegment = r.expert("tcp.short_segment", .malformed, .warning, "Short segment")
        nonzeroAcknowledgment = r.expert(
            "tcp.ack.nonzero", .proto, .note, "The acknowledgment number field is nonzero while the ACK flag is not set")
        forgotten = r.expert(
            "tcp.conversation_forgotten", .sequence, .note, "This conversation was forgotten to make room for others, and counts anew")
        nonzeroUrgentPointer = r.expert(
            "tcp.urgent_pointer.non_zero", .proto, .note, "The urgent pointer field is nonzero while the URG flag is not set")
        verifies = r.preference("tcp.check_checksum", "Validate the TCP checksum if possible", default: false)
        let wantsRelative = r.preference("tcp.relative_sequence_numbers", "Relative sequence numbers", default: true)
        analyzes = r.preference("tcp.analyze_sequence_numbers", "Analyze TCP sequence numbers", default: true)
        isSummarized = r.preference("tcp.summary_in_tree", "Show a summary of the segment on its own line of the tree", default: true)
        showsTimes = r.preference("tcp.calculate_timestamps", "Work out times within the conversation", default: true)
        // Where the numbers begin is a part of the analysis.
        isRelative = wantsRelative && analyzes
        let firstOption = r.nextField
        options = TCPOptions(proto, registering: &r)
        optionFields = r.range(from: firstOption)
        analysis = TCPAnalysisFields(registering: &r)
        payload = TCPPayload(registering: &r)
        state = r.state(
            "conversations", budget: 192, { TCPAnalyzer(byteLimit: $0) }, measure: { ($0.conversationCount, $0.byteCount) }, evicted: { $0.evictedCount })
        facts = r.facts(TCPSegmentFacts.self)
        conversationFacts = r.facts(TCPConversationFacts.self)
        let dissector = r.dissector(self, proto)
        r.add(dissector, to: "ip.proto", 6)
        r.offer(dissector, in: "udp.port")
    }

    public func dissect(_ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        let layer = reader
        try layer.require(4)
        context.columns.setProtocol("TCP")
        context.columns.clearInfo()
        guard layer.has(Header.byteCount) else { try dissectCut(&reader, &context) }
        let header = try Header(parsing: &reader)
        context.packet.sourcePort = UInt32(header.sourcePort)
        context.packet.destinationPort = UInt32(header.destinationPort)
        let segmentByteCount = max(0, layer.remaining - header.headerByteCount)
        let scan = TCPOptions.Scan(layer, header)
        let known = context.needs(.everything) && header.headerByteCount >= Header.byteCount ? findFacts(header, segmentByteCount, scan, &context) : nil
        let sum = checksumSum(layer, context)
        if let known, let only = context.onlyStream, known.stream != only { return }
        describe(header, segmentByteCount, known, sum, &context)
        if let known { noteEndpoints(known, &context) }
        var top = ItemRef.none
        if context.wantsFields(of: proto) {
            top = addPorts(header, layer, &context)
            if header.headerByteCount < Header.byteCount {
                addBadHeaderLength(header, layer, &context)
                return
            }
            addFields(header, segmentByteCount, known, sum, layer, top, &context)
            try addOptions(header, segmentByteCount, known, layer, &context)
            if let known { analysis.add(known, layer, &context) }
            context.close()
        } else if header.headerByteCount < Header.byteCount {
            return
        } else {
            try addOptions(header, segmentByteCount, known, layer, &context)
        }
        try layer.rest.require(header.headerByteCount)
        // Where nothing above is asked for, neither is what the streams are made of.
        guard context.leadsOn(proto) || context.needs([.analysis, .reassembly]) || context.wantsFields(of: proto) else { return }
        if let known { analysis.describe(known, &context) }
        var body = layer
        body.offset = layer.start + header.headerByteCount
        payload.handOn(header, known, body.rest, layer, top, &context)
    }

    /// A segment that is cut within its header: what there is of the ports and the sequence number.
    private func dissectCut(_ reader: inout Reader, _ context: inout Context) throws(DissectionError) -> Never {
        let layer = reader
        let top = context.begin(node, reader, byteCount: reader.capturedRemaining)
        let source = try context.uint16(sourcePort, &reader)
        let destination = try context.uint16(destinationPort, &reader)
        if context.columns.accepts { names.appendInfo(source, destination, &context.columns.info) }
        context.appendLabel(isSummarized ? top : .none) { names.appendLabel(source, destination, &$0) }
        context.add(port, layer, layer.start, 2, value: UInt64(source), flags: .hidden)
        context.add(port, layer, layer.start + 2, 2, value: UInt64(destination), flags: .hidden)
        if context.packet.isInError, let value = reader.peek32(4) {
            context.add(sequence, layer, layer.start + 4, 4, value: UInt64(value))
        }
        throw reader.shortfall(Header.byteCount - 4, at: reader.offset)
    }

    // MARK: State

    private func noteEndpoints(_ known: TCPSegmentFacts, _ context: inout Context) {
        let packet = context.packet
        context.noteEndpoints(
            .tcp, packet.source, packet.destination, ports: (packet.sourcePort, packet.destinationPort), stream: known.stream)
    }

    private func findFacts(_ header: Header, _ byteCount: Int, _ scan: TCPOptions.Scan, _ context: inout Context) -> TCPSegmentFacts? {
        guard !context.packet.isInError, !context.packet.isFragment else { return nil }
        if context.pass == .second { return recall(&context) }
        let segment = TCPSegment(
            frame: context.frame.number, time: context.frame.timestamp, sequence: header.sequenceNumber,
            acknowledgment: header.acknowledgmentNumber, flags: header.segmentFlags, window: header.window,
            byteCount: UInt32(truncatingIfNeeded: byteCount), windowScale: scan.windowScale)
        let packet = context.packet
        let found = context.state.ref(state).value.track(
            segment, source: packet.source, destination: packet.destination, sourcePort: packet.sourcePort,
            destinationPort: packet.destinationPort, analyzes: analyzes && context.needs(.analysis))
        if let evicted = context.state.ref(state).value.lastEvicted {
            context.forgetConversation(StreamPosition(transport: proto, conversation: evicted, isReverse: false))
        }
        context.packet.stream = StreamPosition(transport: proto, conversation: found.stream, isReverse: found.isReverse)
        if context.pass == .first { keep(found, &context) }
        return found
    }

    /// Keeps what was found for the second pass; the conversation's own facts with its first segment, amended by later ones.
    private func keep(_ found: TCPSegmentFacts, _ context: inout Context) {
        context.keep(facts, found)
        let conversation = context.state.ref(state).value.facts(at: found.slot)
        if found.isFirst {
            context.keep(conversationFacts, conversation, at: found.stream)
        } else {
            context.amend(conversationFacts, frame: found.stream) { $0 = conversation }
        }
    }

    private func recall(_ context: inout Context) -> TCPSegmentFacts? {
        guard var found = context.fact(facts) else { return nil }
        if let conversation = context.fact(conversationFacts, at: found.stream) {
            found.completeness = conversation.completeness
            found.initialRoundTrip = conversation.initialRoundTrip
        }
        context.packet.stream = StreamPosition(transport: proto, conversation: found.stream, isReverse: found.isReverse)
        return found
    }

    // MARK: Fields

    private func addPorts(_ header: Header, _ layer: Reader, _ context: inout Context) -> ItemRef {
        let top = context.begin(node, layer, byteCount: min(header.headerByteCount, layer.capturedRemaining))
        context.appendLabel(isSummarized ? top : .none) { names.appendLabel(header.sourcePort, header.destinationPort, &$0) }
        context.kept(sourcePort, layer, layer.start, 4) {
            $0.add(sourcePort, layer, layer.start, 2, value: UInt64(header.sourcePort))
            $0.add(destinationPort, layer, layer.start + 2, 2, value: UInt64(header.destinationPort))
            $0.add(port, layer, layer.start, 2, value: UInt64(header.sourcePort), flags: .hidden)
            $0.add(port, layer, layer.start + 2, 2, value: UInt64(header.destinationPort), flags: .hidden)
        }
        return top
    }

    private func addBadHeaderLength(_ header: Header, _ layer: Reader, _ context: inout Context) {
        let item = context.add(headerLength, layer, layer.start + 12, 1, value: UInt64(header.headerByteCount))
        context.expert(under: item, badHeaderLength) {
            $0.append("Bogus TCP header length (")
            $0.append(decimal: header.headerByteCount)
            $0.append(", must be at least 20)")
        }
        if context.columns.accepts {
            context.columns.appendInfo(", bogus TCP header length (")
            context.columns.info.append(decimal: header.headerByteCount)
            context.columns.appendInfo(", must be at least 20)")
        }
        context.close()
    }

    @Sendable
    private static func appendHeaderLength(_ byteCount: UInt64, _ text: inout TextBuffer) {
        text.append(bitsOf: byteCount << 2, mask: 0xf0, bitCount: 8)
        text.append("Header Length: ")
        text.append(decimal: byteCount)
        text.append(" bytes (")
        text.append(decimal: byteCount / 4)
        text.append(byteCount < Header.byteCount ? ", bogus, must be at least 5)" : ")")
    }

    private func addFields(
        _ header: Header, _ byteCount: Int, _ known: TCPSegmentFacts?, _ sum: InternetChecksum?, _ layer: Reader, _ top: ItemRef,
        _ context: inout Context
    ) {
        let start = layer.start
        addNumbers(header, byteCount, known, layer, top, &context)
        let saysMore = header.has(.syn) || header.has(.fin)
        if saysMore {
            context.add(headerLength, layer, start + 12, 1, value: UInt64(header.headerByteCount))
            flags.add(header, known, layer, &context)
        } else {
            context.kept(headerLength, layer, start + 12, 2) {
                $0.add(headerLength, layer, start + 12, 1, value: UInt64(header.headerByteCount))
                $0.kept(windowValue, layer, start + 12, 2) { flags.add(header, known, layer, &$0) }
            }
        }
        context.add(windowValue, layer, start + 14, 2, value: UInt64(header.window))
        if let known { addWindow(header, known, layer, &context) }
        addChecksum(header, sum, layer, &context)
        let urgent = context.add(urgentPointer, layer, start + 18, 2, value: UInt64(header.urgentPointer))
        if header.urgentPointer != 0, !header.has(.urg) { context.expert(under: urgent, nonzeroUrgentPointer) }
    }

    private func addNumbers(_ header: Header, _ byteCount: Int, _ known: TCPSegmentFacts?, _ layer: Reader, _ top: ItemRef, _ context: inout Context) {
        let start = layer.start
        let numbers = Numbers(header, byteCount, known, isRelative: isRelative)
        // Of what an error message quotes there may be less than was sent, and a fragment is no whole segment.
        let isWhole = !context.packet.isInError && !context.packet.isFragment
        context.appendLabel(isSummarized ? top : .none) {
            $0.append(", Seq: ")
            $0.append(decimal: numbers.sequence)
            if header.has(.ack) {
                $0.append(", Ack: ")
                $0.append(decimal: numbers.acknowledgment)
            }
            guard isWhole else { return }
            $0.append(", Len: ")
            $0.append(decimal: byteCount)
        }
        if let known {
            let item = context.generated(stream, layer, start, value: UInt64(known.stream))
            if known.wasForgotten { context.expert(under: item, forgotten) }
            context.generated(completeness, layer, start, value: UInt64(known.completeness.rawValue))
        }
        if isWhole { context.generated(length, layer, start, value: UInt64(byteCount)) }
        let isRelative = numbers.isRelative
        let note: Item.Flags = isRelative ? .noted : []
        context.add(sequence, layer, start + 4, 4, value: UInt64(numbers.sequence), flags: note)
        // Where all numbers are shown as they were sent, these are for filters alone.
        let raw: Item.Flags = self.isRelative ? [] : .hidden
        let hasRaw = isRelative || !self.isRelative
        if hasRaw { context.add(rawSequence, layer, start + 4, 4, value: UInt64(header.sequenceNumber), flags: raw) }
        if isWhole { context.generated(nextSequence, layer, start, value: UInt64(numbers.next), flags: note) }
        let isMeant = header.has(.ack)
        let item = context.add(acknowledgment, layer, start + 8, 4, value: UInt64(numbers.acknowledgment), flags: isMeant ? note : [])
        if header.acknowledgmentNumber != 0, !isMeant { context.expert(under: item, nonzeroAcknowledgment) }
        if hasRaw || !isMeant {
            context.add(rawAcknowledgment, layer, start + 8, 4, value: UInt64(header.acknowledgmentNumber), flags: isMeant ? raw : [])
        }
    }

    /// Sequence numbers as they are shown.
    struct Numbers {
        var sequence, next, acknowledgment: UInt32
        var isRelative: Bool

        init(_ header: Header, _ byteCount: Int, _ known: TCPSegmentFacts?, isRelative: Bool) {
            self.isRelative = isRelative && known != nil
            let bases = self.isRelative ? known : nil
            sequence = header.sequenceNumber &- (bases?.sequenceBase ?? 0)
            // Without the flag the number means nothing: it is shown as it stands.
            acknowledgment = header.acknowledgmentNumber &- (header.has(.ack) ? bases?.acknowledgmentBase ?? 0 : 0)
            next = sequence &+ UInt32(truncatingIfNeeded: byteCount)
            if header.has(.syn) || header.has(.fin) { next &+= 1 }
        }
    }

    private func addWindow(_ header: Header, _ known: TCPSegmentFacts, _ layer: Reader, _ context: inout Context) {
        let offset = layer.start + 14
        context.generated(window, layer, offset, 2, value: Self.scaledWindow(header, known))
        if header.has(.syn) { return }
        let shift = known.windowShift
        let factor: Int64 = shift >= 0 ? 1 << Int64(shift) : Int64(shift)
        context.generated(windowScale, layer, offset, 2, value: UInt64(bitPattern: factor))
    }

    /// The window of a SYN is never scaled (RFC 7323, section 2.2).
    private static func scaledWindow(_ header: Header, _ known: TCPSegmentFacts?) -> UInt64 {
        guard let shift = known?.windowShift, shift > 0, !header.has(.syn) else { return UInt64(header.window) }
        return UInt64(header.window) << UInt64(shift)
    }

    /// The sum that tells whether the checksum is right, where that is to be and can be known.
    private func checksumSum(_ layer: Reader, _ context: borrowing Context) -> InternetChecksum? {
        guard verifies, !context.packet.isFragment, layer.capturedEnd == layer.reportedEnd else { return nil }
        var sum = InternetChecksum()
        sum.addPseudoHeader(context.packet, protocolNumber: 6, byteCount: UInt32(truncatingIfNeeded: layer.reportedEnd - layer.start))
        sum.add(layer.captured(layer.start, layer.reportedEnd - layer.start))
        return sum
    }

    private func addChecksum(_ header: Header, _ sum: InternetChecksum?, _ layer: Reader, _ context: inout Context) {
        if let sum {
            checksum.addVerified(header.checksum, sum, isFlat: true, layer, layer.start + 16, &context)
        } else {
            checksum.addUnverified(header.checksum, layer, layer.start + 16, &context)
        }
    }

    /// Adds the options, and the times whether the options can be read or not.
    private func addOptions(
        _ header: Header, _ byteCount: Int, _ known: TCPSegmentFacts?, _ layer: Reader, _ context: inout Context
    ) throws(DissectionError) {
        // What is wrong with options that nobody looks at matters to what runs over them alone.
        guard context.columns.accepts || context.wantsAny(optionFields) || context.needs([.analysis, .reassembly]) else { return addTimes(known, layer, &context) }
        let numbers = Numbers(header, byteCount, known, isRelative: isRelative)
        let segment = TCPOptionSegment(
            header: header, acknowledgment: numbers.acknowledgment,
            acknowledgmentBase: numbers.isRelative ? known?.acknowledgmentBase ?? 0 : 0, isRelative: numbers.isRelative)
        let depth = context.depth
        do {
            try options.dissect(layer, segment, &context)
        } catch {
            context.depth = depth
            addTimes(known, layer, &context)
            throw error
        }
        addTimes(known, layer, &context)
    }

    private func addTimes(_ known: TCPSegmentFacts?, _ layer: Reader, _ context: inout Context) {
        guard let known, showsTimes else { return }
        context.heading(layer, layer.start, 0, flags: .generated) { $0.append("Timestamps") }
        context.open()
        context.generated(timeRelative, layer, layer.start, value: UInt64(bitPattern: known.timeRelative))
        context.generated(timeDelta, layer, layer.start, value: UInt64(bitPattern: known.timeDelta))
        context.close()
    }

    // MARK: Info

    private func describe(_ header: Header, _ byteCount: Int, _ known: TCPSegmentFacts?, _ sum: InternetChecksum?, _ context: inout Context) {
        guard context.columns.accepts else { return }
        names.appendInfo(header.sourcePort, header.destinationPort, &context.columns.info)
        if header.headerByteCount < Header.byteCount { return }
        let numbers = Numbers(header, byteCount, known, isRelative: isRelative)
        context.columns.info.append(" [")
        TCPFlagFields.appendNames(header.flags, &context.columns.info)
        context.columns.info.append("] Seq=")
        context.columns.info.append(decimal: numbers.sequence)
        if header.has(.ack) {
            context.columns.info.append(" Ack=")
            context.columns.info.append(decimal: numbers.acknowledgment)
        }
        context.columns.info.append(" Win=")
        context.columns.info.append(decimal: Self.scaledWindow(header, known))
        if header.has(.urg) {
            context.columns.info.append(" Urg=")
            context.columns.info.append(decimal: header.urgentPointer)
        }
        if let sum, !sum.isGood { context.columns.appendInfo(" [TCP CHECKSUM INCORRECT]") }
        if !context.packet.isFragment { context.appendInfo(" Len=", UInt64(byteCount)) }
    }
}
