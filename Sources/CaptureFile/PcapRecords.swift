import Wire

/// How to read a pcap file's records: from its magic number and version.
struct PcapLayout {
    var isBigEndian = false
    var variant = PcapVariant.standard
    /// The variant's, for the loop over records.
    var recordHeaderByteCount = PcapVariant.standard.recordHeaderByteCount
    var fractionDigits = 6
    /// Nanoseconds in a unit of the fraction.
    var fractionScale: UInt32 = 1000
    var lengthOrder = LengthOrder.capturedFirst
    var maximumPacketByteCount: UInt32 = 0
    var linkType = LinkType.null

    /// Old versions wrote the lengths the other way round.
    enum LengthOrder {
        case capturedFirst, originalFirst
        /// Version 2.3, of which both kinds exist: the captured length is never the larger one.
        case smallerFirst
    }

    init() {}

    /// Nil unless a file that starts with `magic` is a pcap file.
    init?(magic: ByteView) {
        if let variant = Self.variant(magic: magic.uint32(0)) {
            self.variant = variant
            isBigEndian = true
        } else if let variant = Self.variant(magic: magic.uint32LE(0)) {
            self.variant = variant
        } else {
            return nil
        }
        let number = isBigEndian ? magic.uint32(0) : magic.uint32LE(0)
        if number == Self.nanosecondMagic {
            fractionDigits = 9
            fractionScale = 1
        }
    }

    private static let nanosecondMagic: UInt32 = 0xa1b2_3c4d

    private static func variant(magic: UInt32) -> PcapVariant? {
        switch magic {
        case 0xa1b2_c3d4, nanosecondMagic: .standard
        case 0xa1b2_cd34: .modified
        case 0x1c00_01ac, 0x1c00_01ab: .ixia  // by its hardware and software
        default: nil
        }
    }

    func uint16(_ view: ByteView, _ offset: Int) -> UInt16 {
        isBigEndian ? view.uint16(offset) : view.uint16LE(offset)
    }

    @inline(__always)
    func uint32(_ view: ByteView, _ offset: Int) -> UInt32 {
        isBigEndian ? view.uint32(offset) : view.uint32LE(offset)
    }
}

extension CaptureReader {
    mutating func readPcapHeader(_ layout: PcapLayout) throws(CaptureFileError) {
        pcap = layout
        let headerByteCount = pcap.variant.fileHeaderByteCount
        guard try window.ensure(headerByteCount) else {
            throw error(.cutShort, "was cut short in its file header")
        }
        let header = window.view(headerByteCount)
        let majorVersion = pcap.uint16(header, 4)
        let minorVersion = pcap.uint16(header, 6)
        guard majorVersion >= 2 else {
            throw error(.unsupported, at: 4, "has pcap version \(majorVersion).\(minorVersion), which is unknown")
        }
        // 543.0 is what some DG/UX systems wrote.
        if (majorVersion, minorVersion) == (2, 3) {
            pcap.lengthOrder = .smallerFirst
        } else if majorVersion == 2 && minorVersion < 3 || majorVersion == 543 {
            pcap.lengthOrder = .originalFirst
        }
        try setInterface(snapLength: pcap.uint32(header, 16), network: pcap.uint32(header, 20))
        metadata.sections = [
            CaptureSection(isBigEndian: pcap.isBigEndian, majorVersion: majorVersion, minorVersion: minorVersion)
        ]
        sectionLayouts = [SectionLayout(isBigEndian: pcap.isBigEndian, interfaceCount: 1)]
        window.consume(headerByteCount)
        pcap.variant = likeliestVariant()
        pcap.recordHeaderByteCount = pcap.variant.recordHeaderByteCount
        format.container = .pcap(pcap.variant)
        format.isBigEndian = pcap.isBigEndian
        format.fractionDigits = pcap.fractionDigits
        format.majorVersion = majorVersion
        format.minorVersion = minorVersion
    }

    private mutating func setInterface(snapLength: UInt32, network: UInt32) throws(CaptureFileError) {
        // draft-ietf-opsawg-pcap section 4: bits 28...31 count the 16-bit words of frame check sequence where bit 26
        // says so, bits 16...25 are zero, and the link type is below.
        guard network & 0x03ff_0000 == 0 else {
            throw error(.unsupported, at: 20, "has a link type with reserved bits set, 0x\(String(network, radix: 16))")
        }
        var interface = CaptureInterface(linkType: LinkType(rawValue: network & 0xffff), snapLength: snapLength)
        if pcap.fractionDigits == 9 {
            interface.ticksPerSecond = 1_000_000_000
            interface.timeResolution = 9
        }
        if network & 0x0400_0000 != 0 { interface.frameCheckSequenceByteCount = Int(network >> 28) * 2 }
        metadata.interfaces = [interface]
        pcap.linkType = interface.linkType
        pcap.maximumPacketByteCount = InterfaceLayout.maximumPacketByteCount(for: interface.linkType)
    }

    /// The magic number's usual variant, unless its first records are absurd and those of another one are sound.
    private mutating func likeliestVariant() -> PcapVariant {
        guard isRuledOut(pcap.variant) else { return pcap.variant }
        let endsHere = window.isAtEnd()
        for candidate in pcap.variant.alternatives where isSound(candidate, endsHere: endsHere) { return candidate }
        return pcap.variant
    }

    /// How many records are looked at, as far as they have arrived: as many as tshark tries.
    private static var triedRecordCount: Int { 3 }

    private func isRuledOut(_ variant: PcapVariant) -> Bool {
        let bytes = window.view(window.unreadByteCount)
        var offset = 0
        for _ in 0..<Self.triedRecordCount {
            guard offset + variant.recordHeaderByteCount <= bytes.count else { return false }
            let (captured, _) = lengths(pcap.uint32(bytes, offset + 8), pcap.uint32(bytes, offset + 12))
            guard captured <= pcap.maximumPacketByteCount else { return true }
            offset += variant.recordHeaderByteCount + Int(captured)
        }
        return false
    }

    /// Stricter, since it overrules the magic number: true fractions, the captured length within the original one,
    /// times within a year of each other, and nothing left over where the file ends.
    private func isSound(_ variant: PcapVariant, endsHere: Bool) -> Bool {
        let bytes = window.view(window.unreadByteCount)
        guard bytes.count >= variant.recordHeaderByteCount else { return false }
        let firstSecond = Int64(pcap.uint32(bytes, 0))
        var offset = 0
        for _ in 0..<Self.triedRecordCount {
            guard offset + variant.recordHeaderByteCount <= bytes.count else {
                return offset == bytes.count || !endsHere
            }
            let (captured, original) = lengths(pcap.uint32(bytes, offset + 8), pcap.uint32(bytes, offset + 12))
            guard captured <= pcap.maximumPacketByteCount, captured <= original,
                pcap.uint32(bytes, offset + 4) < 1_000_000,
                abs(Int64(pcap.uint32(bytes, offset)) - firstSecond) < 366 * 86_400
            else { return false }
            offset += variant.recordHeaderByteCount + Int(captured)
            if offset > bytes.count { return !endsHere }
        }
        return true
    }

    mutating func nextPcapRecord(_ record: inout FrameRecord) throws(CaptureFileError) -> ByteView? {
        let headerByteCount = pcap.recordHeaderByteCount
        guard try window.ensure(headerByteCount) else {
            if window.unreadByteCount == 0 { return nil }
            throw error(.cutShort, "was cut short in the header of packet \(frameCount &+ 1)")
        }
        let header = window.view(headerByteCount)
        let seconds = pcap.uint32(header, 0)
        let fraction = pcap.uint32(header, 4)
        let (captured, original) = lengths(pcap.uint32(header, 8), pcap.uint32(header, 12))
        guard captured <= pcap.maximumPacketByteCount else {
            throw error(.damaged, """
                is damaged: packet \(frameCount &+ 1) claims \(captured) bytes, more than the \
                \(pcap.maximumPacketByteCount) that are possible
                """)
        }
        let recordByteCount = headerByteCount &+ Int(captured)
        guard try window.ensure(recordByteCount) else {
            throw error(.cutShort, """
                was cut short in the middle of packet \(frameCount &+ 1): it has \
                \(window.unreadByteCount - headerByteCount) of its \(captured) bytes
                """)
        }
        let bytes = window.view(recordByteCount)[headerByteCount..<recordByteCount]
        frameCount &+= 1
        record.locator = RecordLocator(offset: window.offset, sectionIndex: 0, frameNumber: frameCount)
        record.number = frameCount
        record.timestamp = timestamp(seconds: seconds, fraction: fraction)
        record.hasTimestamp = true
        record.capturedByteCount = Int(captured)
        record.setOriginalByteCount(original)
        record.linkType = pcap.linkType
        record.kind = .packet
        record.hasInterfaceID = false
        record.interfaceIndex = 0
        record.sectionNumber = 1
        window.consume(recordByteCount)
        return bytes
    }

    @inline(__always)
    private func lengths(_ first: UInt32, _ second: UInt32) -> (captured: UInt32, original: UInt32) {
        switch pcap.lengthOrder {
        case .capturedFirst: (first, second)
        case .originalFirst: (second, first)
        case .smallerFirst: (min(first, second), max(first, second))
        }
    }

    /// A fraction of more than a second, as some writers leave it, is carried over.
    @inline(__always)
    private func timestamp(seconds: UInt32, fraction: UInt32) -> Timestamp {
        let nanoseconds = UInt64(fraction) &* UInt64(pcap.fractionScale)
        if nanoseconds < 1_000_000_000 {
            return Timestamp(seconds: Int64(seconds), nanoseconds: Int32(truncatingIfNeeded: nanoseconds))
        }
        return Timestamp(totalNanoseconds: Int64(seconds) &* 1_000_000_000 &+ Int64(nanoseconds))
    }
}
