import Wire

/// The blocks that are numbered frames.
extension CaptureReader {
    /// Reads blocks up to the next one that is a frame.
    mutating func nextBlock(_ record: inout FrameRecord) throws(CaptureFileError) -> ByteView? {
        // Each turn consumes a block of at least 12 bytes, returns or throws.
        while true {
            guard try window.ensure(8) else {
                if window.unreadByteCount == 0 { return nil }
                throw cutShort(type: nil)
            }
            let header = OrderedView(bytes: window.view(8), isBigEndian: section.isBigEndian)
            let type = header.uint32(0)
            if type == PcapngBlock.enhancedPacket {
                let block = try block(type, byteCount: header.uint32(4))
                return try enhancedPacket(block, &record)
            }
            if let bytes = try otherBlock(type, byteCount: header.uint32(4), &record) { return bytes }
        }
    }

    /// Nil for blocks that are no frames.
    @inline(never)
    private mutating func otherBlock(
        _ type: UInt32, byteCount: UInt32, _ record: inout FrameRecord
    ) throws(CaptureFileError) -> ByteView? {
        switch type {
        case PcapngBlock.simplePacket:
            return try simplePacket(block(type, byteCount: byteCount), &record)
        case PcapngBlock.obsoletePacket:
            return try obsoletePacket(block(type, byteCount: byteCount), &record)
        case PcapngBlock.custom, PcapngBlock.customNotCopied:
            return try customBlock(block(type, byteCount: byteCount), &record)
        case PcapngBlock.journalExport:
            return try journalEntry(block(type, byteCount: byteCount), &record)
        case PcapngBlock.sectionHeader:
            try readSectionHeader()
        case PcapngBlock.interfaceDescription, PcapngBlock.nameResolution, PcapngBlock.interfaceStatistics,
            PcapngBlock.decryptionSecrets:
            try readMetadataBlock(type, block(type, byteCount: byteCount))
        default:
            try skipBlock(type, byteCount: byteCount)
        }
        return nil
    }

    // These three change nothing, but are `mutating`: for a borrowing method the compiler copies the reader's 300
    // bytes, per frame.

    /// A block's length with padding, if it can be true.
    @inline(__always)
    private mutating func checkedByteCount(_ type: UInt32, _ byteCount: UInt32) throws(CaptureFileError) -> Int {
        let padded = paddedByteCount(Int(byteCount))
        guard padded >= PcapngBlock.minimumByteCount(of: type), padded <= PcapngBlock.maximumByteCount else {
            throw damaged("the length of \(PcapngBlock.name(of: type)) is \(byteCount) bytes, which cannot be")
        }
        return padded
    }

    /// The whole block at the start of the window, after its lengths were checked.
    @inline(__always)
    mutating func block(_ type: UInt32, byteCount: UInt32) throws(CaptureFileError) -> OrderedView {
        let padded = try checkedByteCount(type, byteCount)
        guard try window.ensure(padded) else { throw cutShort(type: type) }
        let block = OrderedView(bytes: window.view(padded), isBigEndian: section.isBigEndian)
        try checkSecondLength(block.uint32(padded &- 4), of: type, first: padded, at: window.offset)
        return block
    }

    @inline(__always)
    private mutating func checkSecondLength(
        _ second: UInt32, of type: UInt32, first: Int, at offset: Int64
    ) throws(CaptureFileError) {
        guard paddedByteCount(Int(second)) == first else {
            throw damaged(
                "the lengths at both ends of \(PcapngBlock.name(of: type)) differ: \(first) and \(second)", at: offset)
        }
    }

    /// Passes over a block of unknown type, however long, without keeping it.
    private mutating func skipBlock(_ type: UInt32, byteCount: UInt32) throws(CaptureFileError) {
        let padded = try checkedByteCount(type, byteCount)
        let offset = window.offset
        guard try window.skip(padded - 4), try window.ensure(4) else { throw cutShort(type: type, at: offset) }
        let end = OrderedView(bytes: window.view(4), isBigEndian: section.isBigEndian)
        try checkSecondLength(end.uint32(0), of: type, first: padded, at: offset)
        window.consume(4)
    }

    func cutShort(type: UInt32?, at offset: Int64? = nil) -> CaptureFileError {
        let what = type.map { PcapngBlock.name(of: $0) } ?? "a block"
        return error(.cutShort, at: offset, "was cut short in the middle of \(what), after \(frameCount) frames")
    }

    func damaged(_ detail: String, at offset: Int64? = nil) -> CaptureFileError {
        error(.damaged, at: offset, "is damaged: \(detail), after \(frameCount) frames")
    }

    private mutating func enhancedPacket(
        _ block: OrderedView, _ record: inout FrameRecord
    ) throws(CaptureFileError) -> ByteView {
        let interface = try selectInterface(block.uint32(8), &record)
        record.timestamp = interface.timestamp(ticks: block.ticks(12))
        record.hasTimestamp = true
        let captured = block.uint32(20)
        record.setOriginalByteCount(block.uint32(24))
        return try finishPacket(block, captured: captured, dataOffset: 28, interface, &record)
    }

    /// The predecessor of the enhanced packet block: 16 bits of interface, and a count of drops.
    private mutating func obsoletePacket(
        _ block: OrderedView, _ record: inout FrameRecord
    ) throws(CaptureFileError) -> ByteView {
        let interface = try selectInterface(UInt32(block.uint16(8)), &record)
        let drops = block.uint16(10)
        if drops != .max {
            record.dropCount = UInt64(drops)
            record.hasExtras = true
        }
        record.timestamp = interface.timestamp(ticks: block.ticks(12))
        record.hasTimestamp = true
        let captured = block.uint32(20)
        record.setOriginalByteCount(block.uint32(24))
        return try finishPacket(block, captured: captured, dataOffset: 28, interface, &record)
    }

    /// A simple packet is of the section's first interface, whose snap length says how much of it is there.
    private mutating func simplePacket(
        _ block: OrderedView, _ record: inout FrameRecord
    ) throws(CaptureFileError) -> ByteView {
        guard section.interfaceCount > 0 else {
            throw damaged("a simple packet block comes before any interface description")
        }
        let interface = try selectInterface(0, &record)
        record.timestamp = .zero
        record.hasTimestamp = false
        let original = block.uint32(8)
        record.setOriginalByteCount(original)
        let captured = interface.snapLength == 0 ? original : min(original, interface.snapLength)
        return try finishPacket(block, captured: captured, dataOffset: 12, interface, &record)
    }

    @inline(__always)
    private mutating func selectInterface(
        _ number: UInt32, _ record: inout FrameRecord
    ) throws(CaptureFileError) -> InterfaceLayout {
        guard number < section.interfaceCount else {
            throw damaged("a packet is of interface \(number), but its section has \(section.interfaceCount)")
        }
        let index = section.firstInterfaceIndex &+ Int(number)
        record.interfaceID = number
        record.hasInterfaceID = true
        record.interfaceIndex = index
        let interface = interfaceLayouts[index]
        record.linkType = interface.linkType
        return interface
    }

    @inline(__always)
    private mutating func finishPacket(
        _ block: OrderedView, captured: UInt32, dataOffset: Int, _ interface: InterfaceLayout,
        _ record: inout FrameRecord
    ) throws(CaptureFileError) -> ByteView {
        let optionsEnd = block.count &- 4
        guard captured <= interface.maximumPacketByteCount else {
            throw damaged("a packet claims \(captured) bytes, more than \(interface.maximumPacketByteCount)")
        }
        let dataEnd = dataOffset &+ Int(captured)
        let optionsStart = dataOffset &+ paddedByteCount(Int(captured))
        guard optionsStart <= optionsEnd else {
            throw damaged("a packet of \(captured) bytes does not fit its block of \(block.count)")
        }
        record.kind = .packet
        if optionsStart < optionsEnd { try readPacketOptions(block[optionsStart..<optionsEnd], &record) }
        return finishRecord(block.bytes[dataOffset..<dataEnd], blockByteCount: block.count, &record)
    }

    @inline(__always)
    private mutating func finishRecord(
        _ bytes: ByteView, blockByteCount: Int, _ record: inout FrameRecord
    ) -> ByteView {
        frameCount &+= 1
        record.number = frameCount
        record.capturedByteCount = bytes.count
        record.sectionNumber = sectionIndex &+ 1
        record.locator = RecordLocator(offset: window.offset, sectionIndex: sectionIndex, frameNumber: frameCount)
        window.consume(blockByteCount)
        return bytes
    }

    @inline(never)
    private func readPacketOptions(_ view: OrderedView, _ record: inout FrameRecord) throws(CaptureFileError) {
        record.hasExtras = true
        var options = PcapngOptions(view)
        do throws(PcapngOptions.Damage) {
            while let option = try options.next() { try note(option, &record) }
        } catch {
            throw damaged("in a packet's options, \(error.detail)")
        }
    }

    private func note(
        _ option: PcapngOptions.Option, _ record: inout FrameRecord
    ) throws(PcapngOptions.Damage) {
        let value = option.value
        switch option.code {
        case 1: record.comments.append(value.text)
        case 2:
            try option.require(4, "flags option")
            record.packetFlags = value.uint32(0)
        case 3: record.hashes.append(value.bytes.copy())
        case 4:
            try option.require(8, "drop count")
            record.dropCount = value.uint64(0)
        case 5:
            try option.require(8, "packet identifier")
            record.packetID = value.uint64(0)
        case 6:
            try option.require(4, "queue option")
            record.queue = value.uint32(0)
        case 7:
            guard value.count > 0 else { throw PcapngOptions.Damage(detail: "its verdict has no type") }
            record.verdicts.append(value.bytes.copy())
        case 8: record.processThread = option.uint64
        default:
            if option.isCustom { record.customOptions.append(try option.customOption()) }
        }
    }

    private mutating func customBlock(
        _ block: OrderedView, _ record: inout FrameRecord
    ) throws(CaptureFileError) -> ByteView {
        clearPacketFields(&record)
        record.kind = .customBlock
        record.enterpriseNumber = block.uint32(8)
        // The second of the two block types asks not to be copied.
        record.mayBeCopied = block.uint32(0) & 0x4000_0000 == 0
        record.hasExtras = true
        record.originalByteCount = block.count - 16
        return finishRecord(block.bytes[12..<block.count - 4], blockByteCount: block.count, &record)
    }

    private mutating func journalEntry(
        _ block: OrderedView, _ record: inout FrameRecord
    ) throws(CaptureFileError) -> ByteView {
        clearPacketFields(&record)
        record.kind = .journalEntry
        var end = block.count - 4
        // The entry ends with a line feed; NULs pad it.
        while end > 8, block.bytes[end - 1] == 0 { end -= 1 }
        let entry = block.bytes[8..<end]
        record.originalByteCount = entry.count
        if let microseconds = Self.journalTime(entry) {
            record.timestamp = Timestamp(
                seconds: Int64(microseconds / 1_000_000), nanoseconds: Int32(microseconds % 1_000_000) * 1000)
            record.hasTimestamp = true
        }
        return finishRecord(entry, blockByteCount: block.count, &record)
    }

    private func clearPacketFields(_ record: inout FrameRecord) {
        record.timestamp = .zero
        record.hasTimestamp = false
        record.hasInterfaceID = false
        record.interfaceID = 0
        record.interfaceIndex = 0
        record.linkType = .noPacket
    }

    /// The number after `__REALTIME_TIMESTAMP=` at the start of a line: microseconds since 1970.
    private static func journalTime(_ entry: ByteView) -> UInt64? {
        let key: StaticString = "__REALTIME_TIMESTAMP="
        var lineStart = 0
        while lineStart < entry.count {
            let lineEnd = entry.firstIndex(of: UInt8(ascii: "\n"), from: lineStart) ?? entry.count
            if entry.hasPrefix(key, at: lineStart) {
                let digits = entry[lineStart + key.utf8CodeUnitCount..<lineEnd]
                return digits.withUnsafeBytes { UInt64(String(decoding: $0, as: UTF8.self)) }
            }
            lineStart = lineEnd + 1
        }
        return nil
    }
}
