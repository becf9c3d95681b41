import Dissection
import Streams
import Wire

/// The options of a TCP header (RFC 9293, section 3.2; RFC 7323 window scale and timestamps; RFC 2018 and 2883 SACK).
struct TCPOptions: Sendable {
    /// What the segment's meaning depends on, found without the tree.
    struct Scan {
        /// The window scale option's shift.
        var windowScale: UInt8?
        var hasOptions = false

        /// Looks through the options of a header that was captured.
        init(_ layer: Reader, _ header: TCP.Header) {
            let end = min(layer.start + header.headerByteCount, layer.capturedEnd)
            var offset = layer.start + TCP.Header.byteCount
            hasOptions = offset < end
            guard header.has(.syn) else { return }
            while offset < end {
                let kind = layer.bytes[offset]
                if kind == 0 { return }
                if kind == 1 {
                    offset += 1
                    continue
                }
                guard offset + 1 < end else { return }
                let byteCount = Int(layer.bytes[offset + 1])
                guard byteCount >= 2, offset + byteCount <= end else { return }
                if kind == 3, byteCount == 3 { windowScale = layer.bytes[offset + 2] }
                offset += byteCount
            }
        }
    }

    private let all, kind, length, endOfList, noOperation: FieldID
    private let segmentSize, segmentSizeValue, scale, scaleShift, scaleMultiplier, selectivePermitted: FieldID
    private let selective, selectiveLeft, selectiveRight, selectiveCount: FieldID
    private let timestamps, timestampValue, timestampEcho: FieldID
    private let unknown, unknownPayload: FieldID
    private let badLength, missingSegmentSize, unexpectedSegmentSize, manyNoOperations: ExpertID

    init(registering r: inout Registrar) {
        all = r.field("tcp.options", "TCP Options", .bytes)
        kind = r.field("tcp.option_kind", "Kind", .uint8, .decimal, strings: Self.kinds)
        length = r.field("tcp.option_len", "Length", .uint8, .decimal)
        endOfList = r.field("tcp.options.eol", "TCP Option - End of Option List (EOL)", .bytes)
        noOperation = r.field("tcp.options.nop", "TCP Option - No-Operation (NOP)", .bytes)
        segmentSize = r.field("tcp.options.mss", "TCP Option - Maximum segment size", .bytes)
        segmentSizeValue = r.field("tcp.options.mss_val", "MSS Value", .uint16, .decimal)
        scale = r.field("tcp.options.wscale", "TCP Option - Window scale", .bytes)
        scaleShift = r.field("tcp.options.wscale.shift", "Shift count", .uint8, .decimal)
        scaleMultiplier = r.field("tcp.options.wscale.multiplier", "Multiplier", .uint16, .decimal)
        selectivePermitted = r.field("tcp.options.sack_perm", "TCP Option - SACK permitted", .bytes)
        selective = r.field("tcp.options.sack", "TCP Option - SACK", .bytes)
        selectiveLeft = r.field("tcp.options.sack_le", "TCP SACK Left Edge", .uint32, .decimal)
        selectiveRight = r.field("tcp.options.sack_re", "TCP SACK Right Edge", .uint32, .decimal)
        selectiveCount = r.field("tcp.options.sack.count", "TCP SACK Count", .uint8, .decimal)
        timestamps = r.field("tcp.options.timestamp", "TCP Option - Timestamps", .bytes)
        timestampValue = r.field("tcp.options.timestamp.tsval", "Timestamp value", .uint32, .decimal)
        timestampEcho = r.field("tcp.options.timestamp.tsecr", "Timestamp echo reply", .uint32, .decimal)
        unknown = r.field("tcp.options.unknown", "TCP Option - Unknown", .bytes)
        unknownPayload = r.field("tcp.options.unknown.payload", "Payload", .bytes)
        badLength = r.expert("tcp.option.len.invalid", .proto, .note, "Invalid length for option")
        missingSegmentSize = r.expert("tcp.options.mss.absent", .proto, .note, "The SYN packet does not contain a MSS option")
        unexpectedSegmentSize = r.expert("tcp.options.mss.present", .proto, .note, "The non-SYN packet does contain a MSS option")
        manyNoOperations = r.expert("tcp.nop", .proto, .note, "4 NOP in a row - a router may have removed some options")
    }

    // MARK: The tree

    /// Options of one header, at most: it has 40 bytes for them.
    private static let limit = 40

    func dissect(_ layer: Reader, _ header: TCP.Header, _ scan: Scan, _ known: TCPSegmentFacts?, _ context: inout Context) throws(DissectionError) {
        guard header.headerByteCount > TCP.Header.byteCount else { return }
        var reader = layer
        reader.offset = layer.start + TCP.Header.byteCount
        let byteCount = header.headerByteCount - TCP.Header.byteCount
        let top = context.add(all, layer, reader.offset, min(byteCount, reader.capturedRemaining))
        context.label(top) {
            $0.append("Options: (")
            $0.append(decimal: byteCount)
            $0.append(" bytes)")
        }
        let end = reader.offset + byteCount
        context.open()
        defer { context.close() }
        var noOperations = 0
        var hasSegmentSize = false
        for _ in 0..<Self.limit where reader.offset < end {
            let kindValue = try reader.uint8()
            let start = reader.offset - 1
            noOperations = kindValue == 1 ? noOperations + 1 : 0
            if kindValue == 2 { hasSegmentSize = true }
            if kindValue <= 1 {
                addSingle(kindValue, start, reader, top, &context)
                if noOperations == 4 { context.expert(under: ItemRef(index: Int32(context.itemCount - 2)), manyNoOperations) }
                if kindValue == 0 { break }
                continue
            }
            let count = Int(try reader.uint8())
            guard count >= 2, start + count <= end else {
                addInvalid(kindValue, count, start, end, reader, top, &context)
                break
            }
            try reader.require(count - 2)
            addOption(kindValue, count, start, reader, header, known, top, &context)
            reader.offset = start + count
        }
        if header.has(.syn), !hasSegmentSize { context.expert(under: top, missingSegmentSize) }
    }

    private func appendName(_ name: StaticString, _ top: ItemRef, _ context: inout Context) {
        context.appendLabel(top) {
            $0.append(", ")
            $0.append(name)
        }
    }

    private func addSingle(_ kindValue: UInt8, _ start: Int, _ reader: Reader, _ top: ItemRef, _ context: inout Context) {
        appendName(kindValue == 0 ? "End of Option List (EOL)" : "No-Operation (NOP)", top, &context)
        context.label(context.add(kindValue == 0 ? endOfList : noOperation, reader, start, 1)) {
            $0.append(kindValue == 0 ? "TCP Option - End of Option List (EOL)" : "TCP Option - No-Operation (NOP)")
        }
        context.open()
        context.add(kind, reader, start, 1, value: UInt64(kindValue))
        context.close()
    }

    private func addInvalid(_ kindValue: UInt8, _ count: Int, _ start: Int, _ end: Int, _ reader: Reader, _ top: ItemRef, _ context: inout Context) {
        let item = context.add(unknown, reader, start, end - start)
        context.label(item) { $0.append("TCP Option - Unknown") }
        context.expert(under: item, badLength)
    }

    /// Adds one option of more than one byte.
    private func addOption(
        _ kindValue: UInt8, _ count: Int, _ start: Int, _ reader: Reader, _ header: TCP.Header, _ known: TCPSegmentFacts?, _ top: ItemRef,
        _ context: inout Context
    ) {
        let shape = Self.shape(of: kindValue)
        let field = self.field(of: kindValue)
        appendName(shape.name, top, &context)
        let item = context.add(field, reader, start, count)
        context.label(item) {
            $0.append("TCP Option - ")
            $0.append(shape.name)
        }
        context.open()
        context.add(kind, reader, start, 1, value: UInt64(kindValue))
        let lengthItem = context.add(length, reader, start + 1, 1, value: UInt64(count))
        if !shape.accepts(count) {
            context.expert(under: lengthItem, badLength) {
                $0.append("option length should be ")
                $0.append(decimal: shape.byteCount)
            }
            context.close()
            return
        }
        addContent(kindValue, count, start, reader, header, known, item, &context)
        context.close()
    }

    private func addContent(
        _ kindValue: UInt8, _ count: Int, _ start: Int, _ reader: Reader, _ header: TCP.Header, _ known: TCPSegmentFacts?, _ item: ItemRef,
        _ context: inout Context
    ) {
        let bytes = reader.bytes
        switch kindValue {
        case 2:
            let value = bytes.uint16(start + 2)
            context.add(segmentSizeValue, reader, start + 2, 2, value: UInt64(value))
            context.appendLabel(item) {
                $0.append(": ")
                $0.append(decimal: value)
                $0.append(" bytes")
            }
            if !header.has(.syn) { context.expert(under: item, unexpectedSegmentSize) }
        case 3:
            let shift = bytes[start + 2]
            context.add(scaleShift, reader, start + 2, 1, value: UInt64(shift))
            let multiplier = UInt64(1) << UInt64(min(shift, 14))
            context.generated(scaleMultiplier, reader, start + 2, 1, value: multiplier)
            context.appendLabel(item) {
                $0.append(": ")
                $0.append(decimal: shift)
                $0.append(" (multiply by ")
                $0.append(decimal: multiplier)
                $0.append(")")
            }
        case 4: break
        case 5: addSelective(count, start, reader, known, item, &context)
        case 8:
            let (value, echo) = (bytes.uint32(start + 2), bytes.uint32(start + 6))
            context.add(timestampValue, reader, start + 2, 4, value: UInt64(value))
            context.add(timestampEcho, reader, start + 6, 4, value: UInt64(echo))
            context.appendLabel(item) {
                $0.append(": TSval ")
                $0.append(decimal: value)
                $0.append(", TSecr ")
                $0.append(decimal: echo)
            }
        default:
            if count > 2 { context.add(unknownPayload, reader, start + 2, count - 2) }
        }
    }

    /// Blocks that arrived behind a gap, each a left and a right edge.
    private func addSelective(_ count: Int, _ start: Int, _ reader: Reader, _ known: TCPSegmentFacts?, _ item: ItemRef, _ context: inout Context) {
        let base = known?.acknowledgmentBase ?? 0
        let blocks = (count - 2) / 8
        for block in 0..<blocks {
            let offset = start + 2 + 8 * block
            let (left, right) = (reader.bytes.uint32(offset) &- base, reader.bytes.uint32(offset + 4) &- base)
            for (field, value, at, name) in [(selectiveLeft, left, offset, "left edge = " as StaticString), (selectiveRight, right, offset + 4, "right edge = ")] {
                context.label(context.add(field, reader, at, 4, value: UInt64(value))) {
                    $0.append(name)
                    $0.append(decimal: value)
                    $0.append(known == nil ? "" : " (relative)")
                }
            }
            context.appendLabel(item) {
                $0.append(" ")
                $0.append(decimal: left)
                $0.append("-")
                $0.append(decimal: right)
            }
        }
        context.generated(selectiveCount, reader, start, value: UInt64(blocks))
    }

    // MARK: Info

    /// Appends what the options say: `MSS=1460 SACK_PERM TSval=1 TSecr=0 WS=128`.
    func describe(_ header: TCP.Header, _ layer: Reader, _ known: TCPSegmentFacts?, _ context: inout Context) {
        let end = min(layer.start + header.headerByteCount, layer.capturedEnd)
        var offset = layer.start + TCP.Header.byteCount
        while offset < end {
            let kindValue = layer.bytes[offset]
            if kindValue == 0 { return }
            if kindValue == 1 {
                offset += 1
                continue
            }
            guard offset + 1 < end else { return }
            let count = Int(layer.bytes[offset + 1])
            guard count >= 2, offset + count <= end else { return }
            if Self.shape(of: kindValue).accepts(count) { describe(kindValue, count, offset, layer, known, &context.columns.info) }
            offset += count
        }
    }

    private func describe(_ kindValue: UInt8, _ count: Int, _ start: Int, _ layer: Reader, _ known: TCPSegmentFacts?, _ info: inout TextBuffer) {
        let bytes = layer.bytes
        switch kindValue {
        case 2:
            info.append(" MSS=")
            info.append(decimal: bytes.uint16(start + 2))
        case 3:
            info.append(" WS=")
            info.append(decimal: UInt64(1) << UInt64(min(bytes[start + 2], 14)))
        case 4: info.append(" SACK_PERM")
        case 5:
            let base = known?.acknowledgmentBase ?? 0
            for block in 0..<(count - 2) / 8 {
                info.append(" SLE=")
                info.append(decimal: bytes.uint32(start + 2 + 8 * block) &- base)
                info.append(" SRE=")
                info.append(decimal: bytes.uint32(start + 6 + 8 * block) &- base)
            }
        case 8:
            info.append(" TSval=")
            info.append(decimal: bytes.uint32(start + 2))
            info.append(" TSecr=")
            info.append(decimal: bytes.uint32(start + 6))
        default: break
        }
    }

    // MARK: Tables

    private struct Shape {
        var name: StaticString
        /// The option's length, or for one of variable length the least.
        var byteCount: Int
        var isFixed: Bool
        func accepts(_ count: Int) -> Bool { isFixed ? count == byteCount : count >= byteCount }
    }

    private static func shape(of kind: UInt8) -> Shape {
        switch kind {
        case 2: Shape(name: "Maximum segment size", byteCount: 4, isFixed: true)
        case 3: Shape(name: "Window scale", byteCount: 3, isFixed: true)
        case 4: Shape(name: "SACK permitted", byteCount: 2, isFixed: true)
        case 5: Shape(name: "SACK", byteCount: 2, isFixed: false)
        case 8: Shape(name: "Timestamps", byteCount: 10, isFixed: true)
        default: Shape(name: "Unknown", byteCount: 2, isFixed: false)
        }
    }

    private func field(of kind: UInt8) -> FieldID {
        switch kind {
        case 2: segmentSize
        case 3: scale
        case 4: selectivePermitted
        case 5: selective
        case 8: timestamps
        default: unknown
        }
    }

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
