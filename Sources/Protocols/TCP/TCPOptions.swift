import Dissection
import Streams
import Wire

/// What the options of a segment are read by, besides their bytes.
struct TCPOptionSegment {
    var header: TCP.Header
    /// The acknowledgment number as it is shown.
    var acknowledgment: UInt32
    /// What is taken from the numbers of the other direction before they are shown.
    var acknowledgmentBase: UInt32
    var isRelative: Bool
}

/// The options of a TCP header (RFC 9293, section 3.2; RFC 7323 window scale and timestamps; RFC 2018 and 2883 SACK). Those
/// that are seldom seen stand in TCPRareOptions.swift and TCPAccelerationOptions.swift, Multipath TCP's in
/// TCPMultipathOption.swift.
final class TCPOptions: Sendable {
    enum Kind {
        static let endOfList: UInt8 = 0
        static let noOperation: UInt8 = 1
        static let segmentSize: UInt8 = 2
        static let windowScale: UInt8 = 3
        static let selectivePermitted: UInt8 = 4
        static let selective: UInt8 = 5
        static let timestamps: UInt8 = 8
        static let multipath: UInt8 = 30
    }

    /// What the segment's meaning depends on, found without the tree.
    struct Scan {
        /// The window scale option's shift.
        var windowScale: UInt8?

        /// Looks through the options of a header that was captured.
        init(_ layer: Reader, _ header: TCP.Header) {
            guard header.has(.syn) else { return }
            let end = min(layer.start + header.headerByteCount, layer.capturedEnd)
            var offset = layer.start + TCP.Header.byteCount
            while offset < end {
                let kind = layer.bytes[offset]
                if kind == Kind.endOfList { return }
                if kind == Kind.noOperation {
                    offset += 1
                    continue
                }
                guard offset + 1 < end else { return }
                let byteCount = Int(layer.bytes[offset + 1])
                guard byteCount >= 2, offset + byteCount <= end else { return }
                if kind == Kind.windowScale, byteCount == 3 { windowScale = layer.bytes[offset + 2] }
                offset += byteCount
            }
        }
    }

    /// An option that is known: how it is called, and its length where that is fixed.
    struct Shape: Sendable {
        var name: StaticString
        /// The name in the title of its own node.
        var title: StaticString
        var field: FieldID
        var byteCount: Int?
    }

    /// Two fillers and the timestamps option: nearly all segments have just these (RFC 7323, appendix A).
    private static let timestampsAlone: UInt32 = 0x0101_080a

    private let proto: ProtocolID
    private let all, kind, length, endOfList, noOperation: FieldID
    private let segmentSizeValue, scaleShift, scaleMultiplier: FieldID
    private let selectiveLeft, selectiveRight, selectiveCount, duplicateLeft, duplicateRight: FieldID
    private let timestampValue, timestampEcho: FieldID
    private let unknown, unknownPayload: FieldID
    private let badLength, missingSegmentSize, unexpectedSegmentSize, manyNoOperations, badScale: ExpertID
    private let cutBlock, duplicate, dataBehindEnd: ExpertID
    /// By kind.
    private let shapes: [Shape?]
    private let rare: TCPRareOptions
    private let multipath: TCPMultipathOption
    private let acceleration: TCPAccelerationOptions

    init(_ proto: ProtocolID, registering r: inout Registrar) {
        self.proto = proto
        all = r.field("tcp.options", "TCP Options", .bytes)
        kind = r.field("tcp.option_kind", "Kind", .uint8, .decimal, strings: Self.kinds)
        length = r.field("tcp.option_len", "Length", .uint8, .decimal)
        endOfList = r.field("tcp.options.eol", "TCP Option - End of Option List (EOL)", .bytes, isOwnProtocol: true, isWholeLabel: true) {
            $1.append("TCP Option - End of Option List (EOL)")
        }
        noOperation = r.field("tcp.options.nop", "TCP Option - No-Operation (NOP)", .bytes, isOwnProtocol: true, isWholeLabel: true) {
            $1.append("TCP Option - No-Operation (NOP)")
        }
        segmentSizeValue = r.field("tcp.options.mss_val", "MSS Value", .uint16, .decimal)
        scaleShift = r.field("tcp.options.wscale.shift", "Shift count", .uint8, .decimal)
        scaleMultiplier = r.field("tcp.options.wscale.multiplier", "Multiplier", .uint16, .decimal)
        selectiveLeft = r.field("tcp.options.sack_le", "TCP SACK Left Edge", .uint32, .decimal, needs: .conversation)
        selectiveRight = r.field("tcp.options.sack_re", "TCP SACK Right Edge", .uint32, .decimal, needs: .conversation)
        selectiveCount = r.field("tcp.options.sack.count", "TCP SACK Count", .uint8, .decimal)
        duplicateLeft = r.field("tcp.options.sack.dsack_le", "TCP D-SACK Left Edge", .uint32, .decimal, needs: .conversation)
        duplicateRight = r.field("tcp.options.sack.dsack_re", "TCP D-SACK Right Edge", .uint32, .decimal, needs: .conversation)
        timestampValue = r.field("tcp.options.timestamp.tsval", "Timestamp value", .uint32, .decimal)
        timestampEcho = r.field("tcp.options.timestamp.tsecr", "Timestamp echo reply", .uint32, .decimal)
        unknown = r.field("tcp.options.unknown", "TCP Option - Unknown", .bytes, isOwnProtocol: true)
        unknownPayload = r.field("tcp.options.unknown.payload", "Payload", .bytes)
        badLength = r.expert("tcp.option.len.invalid", .sequence, .note, "Invalid length for option")
        missingSegmentSize = r.expert("tcp.options.mss.absent", .proto, .note, "The SYN packet does not contain a MSS option")
        unexpectedSegmentSize = r.expert("tcp.options.mss.present", .proto, .warning, "The non-SYN packet does contain a MSS option")
        manyNoOperations = r.expert("tcp.nop", .proto, .warning, "4 NOP in a row - a router may have removed some options")
        badScale = r.expert("tcp.options.wscale.shift.invalid", .proto, .warning, "Window scale shift exceeds 14")
        cutBlock = r.expert("tcp.suboption_malformed", .malformed, .error, "suboption would go past end of option")
        duplicate = r.expert("tcp.options.sack.dsack", .sequence, .warning, "D-SACK Sequence")
        dataBehindEnd = r.expert("tcp.non_zero_bytes_after_eol", .proto, .error, "Non-zero header padding")
        rare = TCPRareOptions(badLength: badLength, registering: &r)
        acceleration = TCPAccelerationOptions(badLength: badLength, registering: &r)
        multipath = TCPMultipathOption(proto, registering: &r)
        var shapes = rare.shapes.merging(acceleration.shapes) { first, _ in first }
        func add(_ kind: UInt8, _ suffix: String, _ name: StaticString, byteCount: Int? = nil, _ r: inout Registrar) {
            shapes[kind] = Shape(name: name, title: name, field: r.field("tcp.options." + suffix, "TCP Option - \(name)", .bytes, isOwnProtocol: true), byteCount: byteCount)
        }
        add(Kind.segmentSize, "mss", "Maximum segment size", byteCount: 4, &r)
        add(Kind.windowScale, "wscale", "Window scale", byteCount: 3, &r)
        add(Kind.selectivePermitted, "sack_perm", "SACK permitted", byteCount: 2, &r)
        add(Kind.selective, "sack", "SACK", &r)
        add(Kind.timestamps, "timestamp", "Timestamps", byteCount: 10, &r)
        self.shapes = (0...UInt8.max).map { shapes[$0] }
    }

    // MARK: The list

    /// Adds the options to the tree and describes them in Info: `MSS=1460 SACK_PERM TSval=1 TSecr=0 WS=128`.
    func dissect(_ layer: Reader, _ segment: TCPOptionSegment, _ context: inout Context) throws(DissectionError) {
        let byteCount = segment.header.headerByteCount - TCP.Header.byteCount
        guard byteCount > 0 else { return }
        var reader = layer.narrowed(toByteCount: segment.header.headerByteCount)
        reader.offset = layer.start + TCP.Header.byteCount
        if byteCount == 12, reader.peek32(TCP.Header.byteCount) == Self.timestampsAlone, !segment.header.has(.syn), !context.wantsFields(of: proto) {
            reader.offset += 4
            return try addTimestamps(.none, &reader, &context)
        }
        let top = context.add(all, reader, reader.offset, min(byteCount, reader.capturedRemaining))
        context.label(top) {
            $0.append("Options: (")
            $0.append(decimal: byteCount)
            $0.append(" bytes)")
        }
        context.open()
        let hasSegmentSize = try addList(&reader, top, segment, &context)
        if segment.header.has(.syn), !hasSegmentSize { context.expert(missingSegmentSize) }
        context.close()
    }

    /// Adds each option. Returns whether one of them was the segment size.
    private func addList(_ reader: inout Reader, _ top: ItemRef, _ segment: TCPOptionSegment, _ context: inout Context) throws(DissectionError) -> Bool {
        var noOperations = 0
        var hasSegmentSize = false
        var hasEnded = false
        while reader.remaining > 0 {
            let kindValue = try reader.uint8()
            if hasEnded, kindValue != Kind.endOfList {
                addProblem("Non-zero header padding", dataBehindEnd, reader, reader.offset - 1, reader.remaining + 1, &context)
                break
            }
            if kindValue <= Kind.noOperation {
                hasEnded = kindValue == Kind.endOfList
                if !hasEnded { noOperations += 1 }
                if !hasEnded, noOperations == 4 { context.expert(manyNoOperations) }
                addSingle(isEnd: hasEnded, reader, top, &context)
                continue
            }
            if kindValue == Kind.segmentSize { hasSegmentSize = true }
            guard let count = try checkedByteCount(kindValue, &reader, &context) else { break }
            reader.offset -= 2
            var option = reader.next(count)
            try addOption(kindValue, &option, segment, &context)
            context.appendLabel(top) {
                $0.append(", ")
                appendName(kindValue, &$0)
            }
            reader.offset = option.reportedEnd
        }
        return hasSegmentSize
    }

    private func addSingle(isEnd: Bool, _ reader: Reader, _ top: ItemRef, _ context: inout Context) {
        context.appendLabel(top) { $0.append(isEnd ? ", End of Option List (EOL)" : ", No-Operation (NOP)") }
        let field = isEnd ? endOfList : noOperation
        context.kept(field, reader, reader.offset - 1, 1) {
            $0.add(field, reader, reader.offset - 1, 1)
            $0.open()
            $0.add(kind, reader, reader.offset - 1, 1, value: UInt64(isEnd ? Kind.endOfList : Kind.noOperation))
            $0.close()
        }
    }

    /// Adds a node that says what is wrong with bytes of the list.
    private func addProblem(
        _ text: StaticString, _ expert: ExpertID, _ reader: Reader, _ offset: Int, _ byteCount: Int, _ context: inout Context
    ) {
        context.heading(reader, offset, byteCount) { $0.append(text) }
        context.open()
        context.expert(expert) { $0.append(text) }
        context.close()
    }

    private func appendName(_ kindValue: UInt8, _ text: inout TextBuffer) {
        if kindValue == Kind.multipath { return text.append("MPTCP") }
        if let shape = shapes[Int(kindValue)] { return text.append(shape.name) }
        text.append("Unknown (0x")
        text.append(hex: UInt64(kindValue), width: 2)
        text.append(")")
    }

    /// The option's length as it says itself, or nil where it cannot be that.
    private func checkedByteCount(_ kindValue: UInt8, _ reader: inout Reader, _ context: inout Context) throws(DissectionError) -> Int? {
        let start = reader.offset - 1
        guard reader.remaining > 0 else {
            addInvalid(kindValue, reader, start, 1, " (length byte past end of options)", nil, "", &context)
            return nil
        }
        let count = try reader.uint8()
        if count < 2 {
            addInvalid(kindValue, reader, start, 2, " (with too-short option length = ", count, count == 1 ? " byte)" : " bytes)", &context)
            return nil
        }
        if start + Int(count) > reader.reportedEnd {
            addInvalid(
                kindValue, reader, start, reader.capturedRemaining, " (option length = ", count, " bytes says option goes past end of options)", &context)
            return nil
        }
        return Int(count)
    }

    private func addInvalid(
        _ kindValue: UInt8, _ reader: Reader, _ offset: Int, _ byteCount: Int, _ before: StaticString, _ count: UInt8?, _ after: StaticString,
        _ context: inout Context
    ) {
        func write(_ text: inout TextBuffer) {
            appendName(kindValue, &text)
            text.append(before)
            if let count { text.append(decimal: count) }
            text.append(after)
        }
        context.heading(reader, offset, byteCount, write)
        context.open()
        context.expert(badLength, write)
        context.close()
    }

    // MARK: Single options

    /// Adds one option; what it holds cannot reach past its own end.
    private func addOption(
        _ kindValue: UInt8, _ reader: inout Reader, _ segment: TCPOptionSegment, _ context: inout Context
    ) throws(DissectionError) {
        if kindValue == Kind.multipath { return try multipath.dissect(&reader, kind: kind, length: length, &context) }
        let shape = shapes[Int(kindValue)]
        let count = reader.remaining
        try reader.require(2)
        let item = context.add(shape?.field ?? unknown, reader, reader.start, count)
        context.label(item) {
            $0.append("TCP Option - ")
            $0.append(shape?.title ?? "Unknown")
        }
        context.open()
        if kindValue == Kind.segmentSize, !segment.header.has(.syn) { context.expert(unexpectedSegmentSize) }
        context.add(kind, reader, reader.start, 1, value: UInt64(kindValue))
        let lengthItem = context.add(length, reader, reader.start + 1, 1, value: UInt64(count))
        reader.offset += 2
        // What Info says of an option whether its length is right or not.
        if kindValue == Kind.selectivePermitted { context.columns.appendInfo(" SACK_PERM") }
        if kindValue == TCPRareOptions.Kind.signature { context.columns.appendInfo(" MD5") }
        if kindValue == TCPAccelerationOptions.Kind.transparency { context.columns.prependInfo("TRPY, ") }
        if let byteCount = shape?.byteCount, byteCount != count {
            context.expert(under: lengthItem, badLength) {
                $0.append("option length should be ")
                $0.append(decimal: byteCount)
            }
        } else {
            let place = TCPOptionPlace(kind: kindValue, item: item, lengthItem: lengthItem)
            try addContent(place, &reader, segment, &context)
        }
        context.close()
    }

    private func addContent(
        _ place: TCPOptionPlace, _ reader: inout Reader, _ segment: TCPOptionSegment, _ context: inout Context
    ) throws(DissectionError) {
        switch place.kind {
        case Kind.segmentSize: try addSegmentSize(place.item, &reader, &context)
        case Kind.windowScale: try addWindowScale(place.item, &reader, &context)
        case Kind.selectivePermitted: break
        case Kind.selective: try addSelective(place.item, &reader, segment, &context)
        case Kind.timestamps: try addTimestamps(place.item, &reader, &context)
        default:
            if rare.shapes[place.kind] != nil { return try rare.addContent(place, &reader, segment, &context) }
            if acceleration.shapes[place.kind] != nil { return try acceleration.addContent(place, &reader, segment, &context) }
            if reader.remaining > 0 { context.add(unknownPayload, reader, reader.offset, reader.remaining) }
        }
    }

    private func addSegmentSize(_ item: ItemRef, _ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        let value = try context.uint16(segmentSizeValue, &reader)
        context.appendLabel(item) {
            $0.append(": ")
            $0.append(decimal: value)
            $0.append(" bytes")
        }
        context.appendInfo(" MSS=", UInt64(value))
    }

    /// A shift of more than 14 counts as 14 (RFC 7323, section 2.3).
    private func addWindowScale(_ item: ItemRef, _ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        let shift = try reader.uint8()
        let offset = reader.offset - 1
        let shiftItem = context.add(scaleShift, reader, offset, 1, value: UInt64(shift))
        if shift > 14 { context.expert(under: shiftItem, badScale) }
        let multiplier = UInt64(1) << UInt64(min(shift, 14))
        context.generated(scaleMultiplier, reader, offset, 1, value: multiplier)
        context.appendLabel(item) {
            $0.append(": ")
            $0.append(decimal: shift)
            $0.append(" (multiply by ")
            $0.append(decimal: multiplier)
            $0.append(")")
        }
        context.appendInfo(" WS=", multiplier)
    }

    private func addTimestamps(_ item: ItemRef, _ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        let value = try context.uint32(timestampValue, &reader)
        let echo = try context.uint32(timestampEcho, &reader)
        context.appendLabel(item) {
            $0.append(": TSval ")
            $0.append(decimal: value)
            $0.append(", TSecr ")
            $0.append(decimal: echo)
        }
        context.appendInfo(" TSval=", UInt64(value))
        context.appendInfo(" TSecr=", UInt64(echo))
    }

    // MARK: SACK

    /// The first two blocks of a SACK option, as shown.
    private struct Blocks {
        var first: (left: UInt32, right: UInt32) = (0, 0)
        var second: (left: UInt32, right: UInt32)?
        var count: UInt64 = 0

        mutating func add(_ left: UInt32, _ right: UInt32) {
            count += 1
            if count == 1 { first = (left, right) }
            if count == 2 { second = (left, right) }
        }

        /// Whether the first block tells of data that came twice: it is acknowledged already, or lies within the second
        /// (RFC 2883, section 4).
        func isDuplicate(_ acknowledgment: UInt32) -> Bool {
            if Self.isBefore(first.right, acknowledgment) || first.right == acknowledgment { return true }
            guard let second else { return false }
            return !Self.isBefore(second.right, first.right) && Self.isBefore(second.left, first.right)
        }

        private static func isBefore(_ a: UInt32, _ b: UInt32) -> Bool { Int32(bitPattern: a &- b) < 0 }
    }

    /// Blocks that arrived behind a gap, each a left and a right edge.
    private func addSelective(
        _ item: ItemRef, _ reader: inout Reader, _ segment: TCPOptionSegment, _ context: inout Context
    ) throws(DissectionError) {
        let start = reader.offset
        var blocks = Blocks()
        while reader.remaining > 0 {
            let blockStart = reader.offset
            guard reader.remaining >= 4 else {
                addCutBlock(blockStart, reader, &context)
                break
            }
            let left = try addEdge(selectiveLeft, "left edge = ", &reader, segment, [], &context)
            guard reader.remaining >= 4 else {
                addCutBlock(blockStart, reader, &context)
                break
            }
            let right = try addEdge(selectiveRight, "right edge = ", &reader, segment, [], &context)
            blocks.add(left, right)
            context.appendLabel(item) {
                $0.append(" ")
                $0.append(decimal: left)
                $0.append("-")
                $0.append(decimal: right)
            }
            context.appendInfo(" SLE=", UInt64(left))
            context.appendInfo(" SRE=", UInt64(right))
        }
        context.generated(selectiveCount, reader, reader.start, value: blocks.count)
        guard blocks.isDuplicate(segment.acknowledgment) else { return }
        reader.offset = start
        _ = try addEdge(duplicateLeft, "D-SACK Left Edge = ", &reader, segment, .generated, &context)
        _ = try addEdge(duplicateRight, "D-SACK Right Edge = ", &reader, segment, .generated, &context)
        addProblem("D-SACK Sequence", duplicate, reader, start, 8, &context)
    }

    private func addCutBlock(_ start: Int, _ reader: Reader, _ context: inout Context) {
        addProblem("suboption would go past end of option", cutBlock, reader, start, reader.remaining, &context)
    }

    private func addEdge(
        _ field: FieldID, _ name: StaticString, _ reader: inout Reader, _ segment: TCPOptionSegment, _ flags: Item.Flags, _ context: inout Context
    ) throws(DissectionError) -> UInt32 {
        let value = try reader.uint32() &- segment.acknowledgmentBase
        context.label(context.add(field, reader, reader.offset - 4, 4, value: UInt64(value), flags: flags)) {
            $0.append(name)
            $0.append(decimal: value)
            $0.append(segment.isRelative ? " (relative)" : "")
        }
        return value
    }

    // MARK: Tables

    private static let kinds = ValueStrings([
        (0, "End of Option List"), (1, "No-Operation"), (2, "Maximum Segment Size"), (3, "Window Scale"), (4, "SACK Permitted"), (5, "SACK"),
        (6, "Echo"), (7, "Echo Reply"), (8, "Time Stamp Option"), (9, "Partial Order Connection Permitted"),
        (10, "Partial Order Service Profile"), (11, "CC"), (12, "CC.NEW"), (13, "CC.ECHO"), (14, "TCP Alternate Checksum Request"),
        (15, "TCP Alternate Checksum Data"), (16, "Skeeter"), (17, "Bubba"), (18, "Trailer Checksum Option"), (19, "MD5 Signature Option"),
        (20, "SCPS Capabilities"), (21, "Selective Negative Acknowledgements"), (22, "Record Boundaries"), (23, "Corruption experienced"),
        (24, "SNAP"), (25, "Unassigned"), (26, "TCP Compression Filter"), (27, "Quick-Start Response"), (28, "User Timeout Option"),
        (29, "The TCP Authentication Option"), (30, "Multipath TCP"), (34, "TCP Fast Open Cookie"), (76, "Riverbed Probe"),
        (78, "Riverbed Transparency"), (172, "Accurate ECN Order 0"), (174, "Accurate ECN Order 1"), (253, "RFC3692-style Experiment 1"),
        (254, "RFC3692-style Experiment 2"),
    ])
}

/// An option in the tree.
struct TCPOptionPlace {
    var kind: UInt8
    var item: ItemRef
    var lengthItem: ItemRef
}
