import Wire

/// The blocks that say something about the frames: each is read once, however often a reader comes by.
extension CaptureReader {
    mutating func readFirstSectionHeader() throws(CaptureFileError) {
        try readSectionHeader()
        format.container = .pcapng
        format.isBigEndian = section.isBigEndian
        format.majorVersion = sections[0].majorVersion
        format.minorVersion = sections[0].minorVersion
    }

    mutating func readSectionHeader() throws(CaptureFileError) {
        let offset = window.offset
        guard try window.ensure(12) else { throw cutShort(type: PcapngBlock.sectionHeader) }
        let start = window.view(12)
        guard PcapngBlock.isByteOrderMagic(start) else {
            throw damaged("a section header block has the byte-order magic 0x\(String(start.uint32(8), radix: 16))")
        }
        let isBigEndian = start.uint32(8) == PcapngBlock.byteOrderMagic
        let byteCount = OrderedView(bytes: start, isBigEndian: isBigEndian).uint32(4)
        section.isBigEndian = isBigEndian
        let block = try block(PcapngBlock.sectionHeader, byteCount: byteCount)
        if offset < knownEndOffset {
            try enterKnownSection(at: offset)
        } else {
            try addSection(at: offset, block)
            knownEndOffset = offset &+ Int64(block.count)
        }
        window.consume(block.count)
    }

    private mutating func enterKnownSection(at offset: Int64) throws(CaptureFileError) {
        let index = Int(sectionIndex) + 1
        guard index < sectionLayouts.count, sectionLayouts[index].offset == offset else {
            throw damaged("the file has changed: a section starts where none did")
        }
        sectionIndex += 1
        section = sectionLayouts[index]
    }

    private mutating func addSection(at offset: Int64, _ block: OrderedView) throws(CaptureFileError) {
        let majorVersion = block.uint16(12)
        let minorVersion = block.uint16(14)
        // Version 1.2 is the same format, written by a few tools.
        guard majorVersion == 1, minorVersion == 0 || minorVersion == 2 else {
            throw error(.unsupported, "has a section of pcapng version \(majorVersion).\(minorVersion), which is unknown")
        }
        guard sections.count < MetadataLimit.sectionCount else {
            throw error(.unsupported, "has more than \(MetadataLimit.sectionCount) sections")
        }
        var added = CaptureSection(
            isBigEndian: section.isBigEndian, majorVersion: majorVersion, minorVersion: minorVersion)
        try forEachOption(block[24..<block.count - 4], "a section header") { option throws(PcapngOptions.Damage) in
            switch option.code {
            case 1: added.comments.append(option.value.text)
            case 2: added.hardware = option.value.text
            case 3: added.operatingSystem = option.value.text
            case 4: added.application = option.value.text
            default: if option.isCustom { added.customOptions.append(try option.customOption()) }
            }
        }
        section = SectionLayout(
            offset: offset, isBigEndian: section.isBigEndian, firstInterfaceIndex: interfaces.count)
        sectionIndex = UInt32(sections.count)
        sectionLayouts.append(section)
        metadata.sections.append(added)
    }

    private func forEachOption(
        _ view: OrderedView, _ what: String, _ body: (PcapngOptions.Option) throws(PcapngOptions.Damage) -> Void
    ) throws(CaptureFileError) {
        var options = PcapngOptions(view)
        do throws(PcapngOptions.Damage) {
            while let option = try options.next() { try body(option) }
        } catch {
            throw damaged("in the options of \(what), \(error.detail)")
        }
    }

    mutating func readMetadataBlock(_ type: UInt32, _ block: OrderedView) throws(CaptureFileError) {
        let end = window.offset &+ Int64(block.count)
        if window.offset >= knownEndOffset {
            switch type {
            case PcapngBlock.interfaceDescription: try addInterface(block)
            case PcapngBlock.nameResolution: try addNames(block)
            case PcapngBlock.interfaceStatistics: try addStatistics(block)
            default: try addSecrets(block)
            }
            knownEndOffset = end
        }
        window.consume(block.count)
    }

    /// Whether a piece of metadata may still be kept.
    private mutating func admits(_ byteCount: Int) -> Bool {
        // The bytes in the file, and the value that holds them.
        metadataByteCount &+= byteCount &+ 64
        if metadataByteCount <= MetadataLimit.byteCount { return true }
        omittedMetadataCount += 1
        return false
    }

    private mutating func addInterface(_ block: OrderedView) throws(CaptureFileError) {
        guard interfaces.count < MetadataLimit.interfaceCount else {
            throw error(.unsupported, "has more than \(MetadataLimit.interfaceCount) interfaces")
        }
        var interface = CaptureInterface(
            linkType: LinkType(rawValue: UInt32(block.uint16(8))), snapLength: block.uint32(12))
        interface.sectionNumber = sectionIndex + 1
        interface.number = UInt32(section.interfaceCount)
        try forEachOption(block[16..<block.count - 4], "an interface description") {
            option throws(PcapngOptions.Damage) in
            try interface.note(option)
        }
        metadata.interfaces.append(interface)
        interfaceLayouts.append(InterfaceLayout(interface))
        section.interfaceCount += 1
        sectionLayouts[Int(sectionIndex)] = section
    }

    private mutating func addStatistics(_ block: OrderedView) throws(CaptureFileError) {
        guard admits(block.count) else { return }
        var added = InterfaceStatistics()
        var layout: InterfaceLayout?
        let number = block.uint32(8)
        if number < section.interfaceCount {
            let index = section.firstInterfaceIndex + Int(number)
            added.interfaceIndex = index
            layout = interfaceLayouts[index]
        }
        added.timestamp = layout?.timestamp(ticks: block.ticks(12))
        try forEachOption(block[20..<block.count - 4], "interface statistics") {
            option throws(PcapngOptions.Damage) in
            try added.note(option, layout)
        }
        metadata.statistics.append(added)
    }

    private mutating func addSecrets(_ block: OrderedView) throws(CaptureFileError) {
        let byteCount = block.uint32(12)
        guard Int(byteCount) <= block.count - 20 else {
            throw damaged("decryption secrets claim \(byteCount) bytes in a block of \(block.count)")
        }
        guard admits(Int(byteCount)) else { return }
        metadata.secrets.append(
            DecryptionSecrets(type: block.uint32(8), bytes: block.bytes[16..<16 + Int(byteCount)].copy()))
    }

    private mutating func addNames(_ block: OrderedView) throws(CaptureFileError) {
        var rest = block[8..<block.count - 4]
        // Each turn passes over a record of at least 4 bytes.
        while rest.count >= 4 {
            let type = rest.uint16(0)
            let byteCount = Int(rest.uint16(2))
            if type == 0 { return }
            let end = 4 + paddedByteCount(byteCount)
            guard end <= rest.count else {
                throw damaged("a name record claims \(byteCount) bytes where \(rest.count - 4) are left")
            }
            if let addressByteCount = [1: 4, 2: 16][type] {
                try addNames(in: rest.bytes[4..<4 + byteCount], addressByteCount: addressByteCount)
            }
            rest = rest[end..<rest.count]
        }
    }

    /// An address and its names, each with a NUL at its end.
    private mutating func addNames(in record: ByteView, addressByteCount: Int) throws(CaptureFileError) {
        guard record.count >= addressByteCount else {
            throw damaged("a name record of \(record.count) bytes has no address")
        }
        let address = record[0..<addressByteCount].copy()
        var start = addressByteCount
        while start < record.count {
            guard let end = record.firstIndex(of: 0, from: start) else {
                throw damaged("a name has no NUL at its end")
            }
            if end > start, admits(end - start) {
                let name = record[start..<end].withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
                metadata.resolvedNames.append(ResolvedName(address: address, name: name))
            }
            start = end + 1
        }
    }
}

extension CaptureInterface {
    /// Takes over an option; numbers of the wrong size are left out, as tshark does.
    fileprivate mutating func note(_ option: PcapngOptions.Option) throws(PcapngOptions.Damage) {
        let value = option.value
        switch option.code {
        case 1: comments.append(value.text)
        case 2: name = value.text
        case 3: description = value.text
        case 4 where value.count == 8: ipv4Addresses.append(value.bytes.copy())
        case 5 where value.count == 17: ipv6Addresses.append(value.bytes.copy())
        case 6 where value.count == 6: macAddress = value.bytes.copy()
        case 7 where value.count == 8: eui64Address = value.bytes.copy()
        case 8: bitsPerSecond = option.uint64
        case 9 where value.count == 1:
            timeResolution = value.bytes[0]
            ticksPerSecond = Self.ticksPerSecond(resolution: value.bytes[0])
        case 11:
            // A byte that says the kind, 0 for an expression.
            guard value.count > 0 else { throw PcapngOptions.Damage(detail: "a filter has no kind") }
            if value.bytes[0] == 0 { filter = value[1..<value.count].text }
        case 12: operatingSystem = value.text
        case 13 where value.count == 1: frameCheckSequenceByteCount = Int(value.bytes[0])
        case 14 where value.count == 8: timeOffset = Int64(bitPattern: value.uint64(0))
        case 15: hardware = value.text
        default: if option.isCustom { customOptions.append(try option.customOption()) }
        }
    }

    /// Section 4.2: the top bit chooses between powers of ten and of two, the others are the negated exponent.
    static func ticksPerSecond(resolution: UInt8) -> UInt64 {
        let exponent = Int(resolution & 0x7f)
        if resolution & 0x80 != 0 { return exponent < 64 ? 1 << exponent : .max }
        guard exponent < 20 else { return .max }
        return (0..<exponent).reduce(1) { product, _ in product * 10 }
    }
}

extension InterfaceStatistics {
    fileprivate mutating func note(
        _ option: PcapngOptions.Option, _ interface: InterfaceLayout?
    ) throws(PcapngOptions.Damage) {
        let time = option.value.count == 8 ? interface?.timestamp(ticks: option.value.ticks(0)) : nil
        switch option.code {
        case 1: comments.append(option.value.text)
        case 2: startTime = time
        case 3: endTime = time
        case 4: receivedCount = option.uint64
        case 5: droppedCount = option.uint64
        case 6: filterAcceptedCount = option.uint64
        case 7: systemDroppedCount = option.uint64
        case 8: deliveredCount = option.uint64
        default: if option.isCustom { customOptions.append(try option.customOption()) }
        }
    }
}
