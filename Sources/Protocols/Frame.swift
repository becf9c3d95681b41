import Dissection
import Wire

/// The frame as the capture file has it: number, times, lengths, interface, comments; and the hand-over to the link layer.
/// No protocol on the wire: the fields are Wireshark's `frame.*`, from the metadata of pcap and pcapng
/// (draft-ietf-opsawg-pcapng, sections 4.3 and 4.4).
public final class Frame: Dissector {
    private let proto: ProtocolID
    private let node, sectionNumber, interfaceID, interfaceName, interfaceDescription, interfaceQueue: FieldID
    private let flags: FieldID
    private let flagParts: [FieldID]
    private let packetID, dropCount: FieldID
    private let encapsulation, time, offsetShift, timeEpoch, timeDelta, timeDeltaDisplayed, timeRelative: FieldID
    private let number, length, capturedLength, marked, ignored, direction, protocols: FieldID
    private let customEnterprise, customCopy, hash: FieldID
    private let hashes, showsEpoch: Bool
    private let coloringName, coloringFilter: FieldID
    private let commentNode, comment: FieldID
    private let commentExpert, lengthExpert: ExpertID
    private let linkTable: TableID
    private let data: DissectorID?

    public init(registering r: inout Registrar) {
        let comments = r.proto("pkt_comment", "Packet comments", short: "Pkt_Comment")
        commentNode = r.node(of: comments)
        proto = r.proto("frame", "Frame", short: "Frame")
        r.addsFields(of: comments)
        node = r.node(of: proto)
        sectionNumber = r.field("frame.section_number", "Section number", .uint32, .decimal)
        interfaceID = r.field("frame.interface_id", "Interface id", .uint32, .decimal)
        interfaceName = r.field("frame.interface_name", "Interface name", .string)
        interfaceDescription = r.field("frame.interface_description", "Interface description", .string)
        interfaceQueue = r.field("frame.interface_queue", "Interface queue", .uint32, .decimal)
        flags = r.field("frame.packet_flags", "Packet flags", .uint32, .hex)
        flagParts = Self.registerFlagParts(&r)
        packetID = r.field("frame.packet_id", "Packet id", .uint64, .decimal)
        dropCount = r.field("frame.drop_count", "Drop Count", .uint64, .decimal)
        encapsulation = r.field("frame.encap_type", "Encapsulation type", .int16, .decimal, strings: Encapsulation.names)
        time = r.field("frame.time", "Arrival Time", .absoluteTime, .local)
        offsetShift = r.field("frame.offset_shift", "Time shift for this packet", .relativeTime)
        timeEpoch = r.field("frame.time_epoch", "Epoch Time", .relativeTime)
        timeDelta = r.field("frame.time_delta", "Time delta from previous captured frame", .relativeTime)
        timeDeltaDisplayed = r.field("frame.time_delta_displayed", "Time delta from previous displayed frame", .relativeTime, needs: .wholeCapture)
        timeRelative = r.field("frame.time_relative", "Time since reference or first frame", .relativeTime)
        number = r.field("frame.number", "Frame Number", .uint32, .decimal)
        length = r.field("frame.len", "Frame length on the wire", .uint32, .decimal, isWholeLabel: true) {
            $1.append("Frame Length: ")
            $1.appendBytesAndBits(Int(truncatingIfNeeded: $0), of: "")
        }
        capturedLength = r.field("frame.cap_len", "Frame length stored into the capture file", .uint32, .decimal, isWholeLabel: true) {
            $1.append("Capture Length: ")
            $1.appendBytesAndBits(Int(truncatingIfNeeded: $0), of: "")
        }
        hash = r.field("frame.md5_hash", "Frame MD5 Hash", .string)
        hashes = r.preference("frame.generate_md5_hash", "Work out an MD5 hash of each frame", default: false)
        showsEpoch = r.preference("frame.generate_epoch_time", "Show the time as seconds since 1970, too", default: true)
        marked = r.field("frame.marked", "Frame is marked", .boolean)
        ignored = r.field("frame.ignored", "Frame is ignored", .boolean)
        direction = r.field("frame.p2p_dir", "Point-to-Point Direction", .int8, .decimal, strings: ValueStrings([(0, "Sent"), (1, "Received")]))
        protocols = r.field("frame.protocols", "Protocols in frame", .string)
        coloringName = r.field("frame.coloring_rule.name", "Coloring Rule Name", .string)
        coloringFilter = r.field("frame.coloring_rule.string", "Coloring Rule String", .string)
        customEnterprise = r.field("frame.cb_pen", "Private Enterprise Number", .uint32, .decimal)
        customCopy = r.field("frame.cb_copy", "Copying", .boolean, trueText: "Allowed", falseText: "Not Allowed")
        comment = r.field("frame.comment", "Comment", .string)
        commentExpert = r.expert("frame.comment.expert", .comment, .comment, "Formatted comment")
        lengthExpert = r.expert("frame.len_lt_caplen", .malformed, .error, "Frame length is less than captured length")
        linkTable = r.table("wtap_encap", title: "Wiretap encapsulation type", .uint32)
        data = r.dissector(named: "data")
        r.dissector(self, proto)
    }

    private static func registerFlagParts(_ r: inout Registrar) -> [FieldID] {
        let direction = ValueStrings([(0, "Unknown"), (1, "Inbound"), (2, "Outbound")])
        let reception = ValueStrings([(0, "Not specified"), (1, "Unicast"), (2, "Multicast"), (3, "Broadcast"), (4, "Promiscuous")])
        return [
            r.field("frame.packet_flags_direction", "Direction", .uint32, .hex, strings: direction, mask: 0x3),
            r.field("frame.packet_flags_reception_type", "Reception type", .uint32, .decimal, strings: reception, mask: 0x1c),
            r.field("frame.packet_flags_fcs_length", "FCS length", .uint32, .decimal, mask: 0x1e0),
            r.field("frame.packet_flags_reserved", "Reserved", .uint32, .decimal, mask: 0xfe00),
            r.flag("frame.packet_flags_crc_error", "CRC error", wordBits: 32, mask: 0x0100_0000),
            r.flag("frame.packet_flags_packet_too_error", "Packet too long error", wordBits: 32, mask: 0x0200_0000),
            r.flag("frame.packet_flags_packet_too_short_error", "Packet too short error", wordBits: 32, mask: 0x0400_0000),
            r.flag("frame.packet_flags_wrong_inter_frame_gap_error", "Wrong interframe gap error", wordBits: 32, mask: 0x0800_0000),
            r.flag("frame.packet_flags_unaligned_frame_error", "Unaligned frame error", wordBits: 32, mask: 0x1000_0000),
            r.flag("frame.packet_flags_start_frame_delimiter_error", "Start frame delimiter error", wordBits: 32, mask: 0x2000_0000),
            r.flag("frame.packet_flags_preamble_error", "Preamble error", wordBits: 32, mask: 0x4000_0000),
            r.flag("frame.packet_flags_symbol_error", "Symbol error", wordBits: 32, mask: 0x8000_0000),
        ]
    }

    public func dissect(_ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        if !context.frame.comments.isEmpty { addComments(context.frame.comments, reader, &context) }
        let protocolsItem = context.wantsFields(of: proto) ? addFields(context.frame, reader, &context) : .none
        if let enterprise = context.frame.customEnterprise { Self.describeCustomBlock(enterprise, &context) }
        let end = context.itemCount
        let first = context.layerCount
        if context.frame.customEnterprise != nil || !context.dispatch(linkTable, Encapsulation.number(of: context.frame.linkType), reader) {
            if let data { context.run(data, reader) }
        }
        context.setLayerNames(protocolsItem, from: first)
        addColoring(endingAt: end, reader, &context)
    }

    /// Chooses the frame's colours, now that all is known of it, and names the rule behind the frame's other fields.
    private func addColoring(endingAt end: Int, _ reader: Reader, _ context: inout Context) {
        guard let coloring = context.coloring else { return }
        let rule = coloring.rule(for: context.dissected)
        context.frame.colors = rule?.colors
        guard let rule else { return }
        let start = context.itemCount
        context.open()
        _ = context.addText(coloringName, reader, 0, 0, flags: .generated) { $0.append(rule.name) }
        _ = context.addText(coloringFilter, reader, 0, 0, flags: .generated) { $0.append(rule.filter) }
        context.close()
        context.moveItems(from: start, before: end)
    }

    private func addComments(_ comments: [String], _ reader: Reader, _ context: inout Context) {
        context.add(commentNode, reader, 0, 0)
        context.open()
        for text in comments {
            let item = context.addText(comment, reader, 0, 0) { $0.append(text) }
            context.label(item) { $0.append(text) }
            context.open()
            context.expert(commentExpert) { $0.append(text) }
            context.close()
        }
        context.close()
    }

    /// Adds the frame's own fields; returns the item that names the protocols, to be filled in when they are known.
    private func addFields(_ frame: FrameInfo, _ reader: Reader, _ context: inout Context) -> ItemRef {
        let top = context.add(node, reader, 0, reader.capturedRemaining, value: UInt64(truncatingIfNeeded: reader.capturedEnd))
        context.label(top) { Self.appendTitle(frame, &$0) }
        context.open()
        defer { context.close() }
        // What a section says of an interface does not change.
        context.kept(interfaceID, reader, 0, 0, and: UInt64(frame.sectionNumber ?? 0) << 32 | UInt64(frame.interfaceID ?? .max)) {
            if let section = frame.sectionNumber { $0.add(sectionNumber, reader, 0, 0, value: UInt64(section)) }
            addInterface(frame, reader, &$0)
        }
        if let queue = frame.queue { context.add(interfaceQueue, reader, 0, 0, value: UInt64(queue)) }
        if let word = frame.packetFlags { addFlags(word, reader, &context) }
        if let id = frame.packetID { context.add(packetID, reader, 0, 0, value: id) }
        if frame.customEnterprise == nil { addTimes(frame, reader, &context) }
        context.add(number, reader, 0, 0, value: UInt64(frame.number))
        let lengthItem = context.add(length, reader, 0, 0, value: UInt64(frame.originalByteCount))
        if frame.originalByteCount < frame.capturedByteCount { context.expert(under: lengthItem, lengthExpert) }
        context.add(capturedLength, reader, 0, 0, value: UInt64(frame.capturedByteCount))
        if hashes { _ = context.addText(hash, reader, 0, 0, flags: .generated) { $0.append(md5Of: reader.captured(0, reader.capturedEnd)) } }
        if let count = frame.dropCount { context.add(dropCount, reader, 0, 0, value: count) }
        context.kept(marked, reader, 0, 0) {
            $0.generated(marked, reader, 0, value: 0)
            $0.generated(ignored, reader, 0, value: 0)
        }
        if let enterprise = frame.customEnterprise {
            let item = context.add(customEnterprise, reader, 0, 0, value: UInt64(enterprise))
            context.valueLabel(item) { Self.appendEnterprise(enterprise, &$0) }
            context.add(customCopy, reader, 0, 0, value: frame.mayCopyCustom ? 1 : 0)
        }
        if let isInbound = Self.isInbound(frame) { context.add(direction, reader, 0, 0, value: isInbound ? 1 : 0) }
        return context.addText(protocols, reader, 0, 0, flags: .generated) { _ in }
    }

    private func addInterface(_ frame: FrameInfo, _ reader: Reader, _ context: inout Context) {
        guard let number = frame.interfaceID else { return }
        let name = frame.interfaceName
        let item = context.add(interfaceID, reader, 0, 0, value: UInt64(number))
        if let name {
            context.appendLabel(item) {
                $0.append(" (")
                $0.append(name)
                $0.append(")")
            }
        }
        context.open()
        if let name { _ = context.addText(interfaceName, reader, 0, 0) { $0.append(name) } }
        if let text = frame.interfaceDescription { _ = context.addText(interfaceDescription, reader, 0, 0) { $0.append(text) } }
        context.close()
    }

    private func addFlags(_ word: UInt32, _ reader: Reader, _ context: inout Context) {
        context.add(flags, reader, 0, 0, value: UInt64(word))
        context.open()
        for part in flagParts { context.bits(part, reader, 0, 0, word: UInt64(word)) }
        context.close()
    }

    private func addTimes(_ frame: FrameInfo, _ reader: Reader, _ context: inout Context) {
        func nanoseconds(_ time: Timestamp) -> UInt64 { UInt64(bitPattern: time.totalNanoseconds) }
        context.add(encapsulation, reader, 0, 0, value: UInt64(Encapsulation.number(of: frame.linkType)))
        guard frame.hasTimestamp else { return }
        context.add(time, reader, 0, 0, value: nanoseconds(frame.timestamp))
        context.generated(offsetShift, reader, 0, value: 0)
        if showsEpoch { context.add(timeEpoch, reader, 0, 0, value: nanoseconds(frame.timestamp)) }
        if let delta = frame.timeDelta { context.generated(timeDelta, reader, 0, value: nanoseconds(delta)) }
        if let delta = frame.timeDeltaDisplayed { context.generated(timeDeltaDisplayed, reader, 0, value: nanoseconds(delta)) }
        if let relative = frame.timeRelative { context.generated(timeRelative, reader, 0, value: nanoseconds(relative)) }
    }

    /// Which way the frame went, where the flags say one of the two.
    private static func isInbound(_ frame: FrameInfo) -> Bool? {
        switch frame.packetFlags.map({ $0 & 3 }) {
        case 1: true
        case 2: false
        default: nil
        }
    }

    private static func appendTitle(_ frame: FrameInfo, _ text: inout TextBuffer) {
        if let enterprise = frame.customEnterprise {
            text.append("PCAPNG Custom Block ")
            text.append(decimal: frame.number)
            text.append(": ")
            text.appendBytesAndBits(frame.originalByteCount, of: "")
            text.append(" of custom data and options, PEN ")
            appendEnterprise(enterprise, &text)
            text.append(frame.mayCopyCustom ? ", copying allowed" : ", copying not allowed")
            return
        }
        text.append("Frame ")
        text.append(decimal: frame.number)
        text.append(": ")
        text.appendBytesAndBits(frame.originalByteCount, of: " on wire")
        text.append(", ")
        text.appendBytesAndBits(frame.capturedByteCount, of: " captured")
        if let interface = frame.interfaceID {
            text.append(" on interface ")
            text.append(frame.interfaceName ?? "unknown")
            text.append(", id ")
            text.append(decimal: interface)
        }
        if let isInbound = isInbound(frame) { text.append(isInbound ? " (inbound)" : " (outbound)") }
    }

    private static func describeCustomBlock(_ enterprise: UInt32, _ context: inout Context) {
        guard context.columns.accepts else { return }
        context.columns.setProtocol("PCAPNG")
        context.columns.setInfo("Custom Block: PEN = ")
        appendEnterprise(enterprise, &context.columns.info)
        context.columns.appendInfo(context.frame.mayCopyCustom ? ", will be copied" : ", will not be copied")
    }

    private static func appendEnterprise(_ number: UInt32, _ text: inout TextBuffer) {
        text.append(EnterpriseNumbers.name(of: number) ?? "Unknown")
        text.append(" (")
        text.append(decimal: number)
        text.append(")")
    }
}

extension TextBuffer {
    /// `60 bytes on wire (480 bits)`
    fileprivate mutating func appendBytesAndBits(_ count: Int, of what: StaticString) {
        append(decimal: count)
        append(count == 1 ? " byte" : " bytes")
        append(what)
        append(" (")
        append(decimal: count &* 8)
        append(" bits)")
    }
}

/// Private enterprise numbers (IANA) that are met in capture files.
enum EnterpriseNumbers {
    static func name(of number: UInt32) -> StaticString? { names.name(of: UInt64(number)) }

    private static let names = ValueStrings([
        (9, "ciscoSystems"), (311, "Microsoft"), (8072, "net-snmp"), (32473, "Example Enterprise Number for Documentation Use"),
        (36724, "Kaplan Research and Application Prototyping"), 
    ])
}
