import Wire

/// How to read a pcap file's records: from its magic number and version.
struct PcapLayout {
    var isBigEndian = false
    var variant = PcapVariant.standard
    var recordHeaderByteCount = 16
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

    static let fileHeaderByteCount = 24

    init() {}

    /// Nil unless a file that starts with `magic` is a pcap file.
    init?(magic: ByteView) {
        switch magic.uint32(0) {
        case 0xa1b2_c3d4: isBigEndian = true
        case 0xd4c3_b2a1: break
        case 0xa1b2_3c4d:
            isBigEndian = true
            setNanoseconds()
        case 0x4d3c_b2a1: setNanoseconds()
        case 0xa1b2_cd34:
            isBigEndian = true
            setModified()
        case 0x34cd_b2a1: setModified()
        default: return nil
        }
    }

    private mutating func setNanoseconds() {
        fractionDigits = 9
        fractionScale = 1
    }

    private mutating func setModified() {
        variant = .modified
        recordHeaderByteCount = 24
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
        guard try window.ensure(PcapLayout.fileHeaderByteCount) else {
            throw error(.cutShort, "was cut short in its file header")
        }
        let header = window.view(PcapLayout.fileHeaderByteCount)
        pcap = layout
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
        let interface = pcapInterface(snapLength: pcap.uint32(header, 16), network: pcap.uint32(header, 20))
        pcap.linkType = interface.linkType
        pcap.maximumPacketByteCount = InterfaceLayout.maximumPacketByteCount(for: interface.linkType)
        interfaces = [interface]
        sections = [
            CaptureSection(isBigEndian: pcap.isBigEndian, majorVersion: majorVersion, minorVersion: minorVersion)
        ]
        sectionLayouts = [SectionLayout(isBigEndian: pcap.isBigEndian, interfaceCount: 1)]
        format.container = .pcap(pcap.variant)
        format.isBigEndian = pcap.isBigEndian
        format.fractionDigits = pcap.fractionDigits
        format.majorVersion = majorVersion
        format.minorVersion = minorVersion
        window.consume(PcapLayout.fileHeaderByteCount)
    }

    private func pcapInterface(snapLength: UInt32, network: UInt32) -> CaptureInterface {
        // draft-ietf-opsawg-pcap section 4: bits 28...31 count the 16-bit words of frame check sequence where bit 26
        // says so; the link type is below.
        var interface = CaptureInterface(
            linkType: LinkType(rawValue: network & 0x03ff_ffff), snapLength: snapLength)
        interface.ticksPerSecond = pcap.fractionDigits == 9 ? 1_000_000_000 : 1_000_000
        if network & 0x0400_0000 != 0 { interface.frameCheckSequenceByteCount = Int(network >> 28) * 2 }
        return interface
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
        record.originalByteCount = Int(original)
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
