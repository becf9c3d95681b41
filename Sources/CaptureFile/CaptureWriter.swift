import Wire

/// What a capture is written as: the names of tshark's `-F`.
public enum CaptureFileType: String, Sendable, CaseIterable {
    case pcapng
    /// With microseconds.
    case pcap
    /// pcap with nanoseconds.
    case nsecpcap

    /// For people.
    public var title: String {
        switch self {
        case .pcapng: "Wireshark/... - pcapng"
        case .pcap: "Wireshark/tcpdump/... - pcap"
        case .nsecpcap: "Wireshark/tcpdump/... - nanosecond libpcap"
        }
    }
}

/// Writes frames and what a capture says of them, in the byte order of this machine's network tools: low byte first.
///
/// A pcapng file keeps what `CaptureMetadata` holds: sections, interfaces with their options and time resolutions, comments, names,
/// secrets, statistics and the options of packets. A pcap file keeps the frames of one link type.
public struct CaptureWriter: ~Copyable {
    /// Bytes that are gathered before they are written.
    private static let pieceByteCount = 256 * 1024

    private let type: CaptureFileType
    private let sink: (ByteView) throws(CaptureFileError) -> Void
    private let name: String
    /// On the whole capture, besides those of its first section.
    private let comments: [String]
    private var out = TextBuffer(capacity: pieceByteCount + 65_536)
    /// A frame that is written from an array.
    private var changed = TextBuffer()
    /// Of a pcap file.
    private var linkType: LinkType?
    /// How much of the metadata is written.
    private var sectionCount = 0
    private var interfaceCount = 0
    private var nameCount = 0
    private var secretCount = 0
    private var statisticCount = 0
    public private(set) var frameCount = 0

    /// - Parameters:
    ///   - name: how errors call the file.
    ///   - comments: on the whole capture, besides those that it has; a pcap file has none.
    ///   - sink: takes the file's bytes in order.
    public init(_ type: CaptureFileType, name: String, comments: [String] = [], sink: @escaping (ByteView) throws(CaptureFileError) -> Void) {
        self.type = type
        self.name = name
        self.comments = comments
        self.sink = sink
    }

    /// Writes a frame, and before it what was added to `metadata` since the last one.
    public mutating func write(_ bytes: ByteView, _ record: FrameRecord, _ metadata: borrowing CaptureMetadata) throws(CaptureFileError) {
        switch type {
        case .pcapng:
            write(metadata)
            writePacket(bytes, record, metadata)
        case .pcap, .nsecpcap:
            guard record.kind == .packet else { return }
            if linkType == nil { begin(record.linkType, metadata) }
            guard record.linkType == linkType else {
                throw CaptureFileError(.unsupported, name: name, detail: "cannot hold packets of several link types: pcapng can")
            }
            writeRecord(bytes, record)
        }
        frameCount += 1
        if out.count > Self.pieceByteCount { try flush() }
    }

    /// Writes a frame whose bytes were changed.
    public mutating func write(_ bytes: [UInt8], _ record: FrameRecord, _ metadata: borrowing CaptureMetadata) throws(CaptureFileError) {
        changed.truncate()
        changed.append(bytes)
        try write(changed.bytes, record, metadata)
    }

    /// Writes what is left: of a capture without frames the header.
    public mutating func end(_ metadata: borrowing CaptureMetadata) throws(CaptureFileError) {
        switch type {
        case .pcapng:
            write(metadata)
            writeStatistics(metadata)
        case .pcap, .nsecpcap:
            if linkType == nil { begin(metadata.interfaces.first?.linkType ?? .ethernet, metadata) }
        }
        try flush()
    }

    /// Hands all bytes on.
    public mutating func flush() throws(CaptureFileError) {
        try sink(out.bytes)
        out.truncate()
    }

    // MARK: pcap (draft-ietf-opsawg-pcap)

    /// Writes the header of a pcap file. Frames that are written with their interfaces do it themselves.
    public mutating func begin(_ linkType: LinkType, _ metadata: borrowing CaptureMetadata) {
        let snapLengths = metadata.interfaces.map(\.snapLength)
        let isLimited = !snapLengths.contains(0)
        self.linkType = linkType
        out.append(uint32: type == .nsecpcap ? 0xa1b2_3c4d : 0xa1b2_c3d4)
        out.append(uint16: 2)
        out.append(uint16: 4)
        out.append(uint64: 0)
        out.append(uint32: isLimited ? snapLengths.max() ?? 262_144 : 262_144)
        out.append(uint32: linkType.rawValue)
    }

    private mutating func writeRecord(_ bytes: ByteView, _ record: FrameRecord) {
        let nanoseconds = UInt32(record.timestamp.nanoseconds)
        out.append(uint32: UInt32(truncatingIfNeeded: record.timestamp.seconds))
        out.append(uint32: type == .nsecpcap ? nanoseconds : nanoseconds / 1000)
        out.append(uint32: UInt32(truncatingIfNeeded: bytes.count))
        out.append(uint32: UInt32(truncatingIfNeeded: record.originalByteCount))
        out.append(bytes)
    }

    // MARK: pcapng

    /// Sections, each with its interfaces behind it.
    private mutating func write(_ metadata: borrowing CaptureMetadata) {
        writeInterfaces(metadata)
        while sectionCount < metadata.sections.count {
            // Statistics end their section.
            writeStatistics(metadata)
            var section = metadata.sections[sectionCount]
            if sectionCount == 0 { section.comments += comments }
            write(section)
            sectionCount += 1
            writeInterfaces(metadata)
        }
        while secretCount < metadata.secrets.count {
            write(metadata.secrets[secretCount])
            secretCount += 1
        }
        if nameCount < metadata.resolvedNames.count {
            write(metadata.resolvedNames[nameCount...])
            nameCount = metadata.resolvedNames.count
        }
    }

    /// The interfaces of the sections that are written.
    private mutating func writeInterfaces(_ metadata: borrowing CaptureMetadata) {
        while interfaceCount < metadata.interfaces.count, metadata.interfaces[interfaceCount].sectionNumber <= sectionCount {
            write(metadata.interfaces[interfaceCount])
            interfaceCount += 1
        }
    }

    private mutating func writeStatistics(_ metadata: borrowing CaptureMetadata) {
        while statisticCount < metadata.statistics.count {
            let statistics = metadata.statistics[statisticCount]
            if let index = statistics.interfaceIndex {
                guard metadata.interfaces[index].sectionNumber <= sectionCount else { return }
                write(statistics, metadata.interfaces[index])
            }
            statisticCount += 1
        }
    }

    public mutating func write(_ section: CaptureSection) {
        let start = out.beginBlock(PcapngBlock.sectionHeader)
        out.append(uint32: PcapngBlock.byteOrderMagic)
        out.append(uint16: 1)
        out.append(uint16: 0)
        // How long the section is stays open.
        out.append(uint64: .max)
        out.append(texts: section.comments, option: 1)
        out.append(text: section.hardware, option: 2)
        out.append(text: section.operatingSystem, option: 3)
        out.append(text: section.application, option: 4)
        out.append(section.customOptions)
        out.endBlock(start)
    }

    public mutating func write(_ interface: CaptureInterface) {
        let start = out.beginBlock(PcapngBlock.interfaceDescription)
        out.append(uint16: UInt16(truncatingIfNeeded: interface.linkType.rawValue))
        out.append(uint16: 0)
        out.append(uint32: interface.snapLength)
        out.append(texts: interface.comments, option: 1)
        out.append(text: interface.name, option: 2)
        out.append(text: interface.description, option: 3)
        for address in interface.ipv4Addresses { out.append(option: 4, address) }
        for address in interface.ipv6Addresses { out.append(option: 5, address) }
        if let address = interface.macAddress { out.append(option: 6, address) }
        if let address = interface.eui64Address { out.append(option: 7, address) }
        if let speed = interface.bitsPerSecond { out.append(option: 8, uint64: speed) }
        if let resolution = interface.timeResolution ?? interface.resolution { out.append(option: 9, [resolution]) }
        if let filter = interface.filter { out.append(option: 11, [0] + Array(filter.utf8)) }
        out.append(text: interface.operatingSystem, option: 12)
        if let count = interface.frameCheckSequenceByteCount { out.append(option: 13, [UInt8(truncatingIfNeeded: count)]) }
        if let offset = interface.timeOffset { out.append(option: 14, uint64: UInt64(bitPattern: offset)) }
        out.append(text: interface.hardware, option: 15)
        out.append(interface.customOptions)
        out.endBlock(start)
    }

    private mutating func write(_ secrets: DecryptionSecrets) {
        let start = out.beginBlock(PcapngBlock.decryptionSecrets)
        out.append(uint32: secrets.type)
        out.append(uint32: UInt32(truncatingIfNeeded: secrets.bytes.count))
        out.append(padded: secrets.bytes)
        out.endBlock(start)
    }

    private mutating func write(_ names: ArraySlice<ResolvedName>) {
        let start = out.beginBlock(PcapngBlock.nameResolution)
        for name in names {
            let value = name.address + Array(name.name.utf8) + [0]
            out.append(option: name.address.count == 4 ? 1 : 2, value)
        }
        out.append(uint32: 0)
        out.endBlock(start)
    }

    public mutating func write(_ statistics: InterfaceStatistics, _ interface: CaptureInterface) {
        let start = out.beginBlock(PcapngBlock.interfaceStatistics)
        out.append(uint32: interface.number)
        out.append(ticks: statistics.timestamp.map(interface.ticks) ?? 0)
        out.append(texts: statistics.comments, option: 1)
        if let time = statistics.startTime { out.append(option: 2, ticks: interface.ticks(time)) }
        if let time = statistics.endTime { out.append(option: 3, ticks: interface.ticks(time)) }
        let counts = [
            statistics.receivedCount, statistics.droppedCount, statistics.filterAcceptedCount, statistics.systemDroppedCount, statistics.deliveredCount,
        ]
        for (index, count) in counts.enumerated() { if let count { out.append(option: UInt16(4 + index), uint64: count) } }
        out.append(statistics.customOptions)
        out.endBlock(start)
    }

    private mutating func writePacket(_ bytes: ByteView, _ record: FrameRecord, _ metadata: borrowing CaptureMetadata) {
        guard record.kind == .packet else { return writeOther(bytes, record) }
        let start = out.beginBlock(record.hasTimestamp ? PcapngBlock.enhancedPacket : PcapngBlock.simplePacket)
        if record.hasTimestamp {
            out.append(uint32: record.interfaceID)
            out.append(ticks: metadata.interfaces[record.interfaceIndex].ticks(record.timestamp))
            out.append(uint32: UInt32(truncatingIfNeeded: bytes.count))
        }
        out.append(uint32: UInt32(truncatingIfNeeded: record.originalByteCount))
        out.append(padded: bytes)
        if record.hasTimestamp, record.hasExtras { writeOptions(record) }
        out.endBlock(start)
    }

    /// A record that is no packet: a custom block, or a journal entry.
    private mutating func writeOther(_ bytes: ByteView, _ record: FrameRecord) {
        if record.kind == .customBlock, !record.mayBeCopied { return }
        let start = out.beginBlock(record.kind == .customBlock ? PcapngBlock.custom : PcapngBlock.journalExport)
        if record.kind == .customBlock { out.append(uint32: record.enterpriseNumber ?? 0) }
        out.append(padded: bytes)
        out.endBlock(start)
    }

    private mutating func writeOptions(_ record: FrameRecord) {
        out.append(texts: record.comments, option: 1)
        if let flags = record.packetFlags { out.append(option: 2, uint32: flags) }
        for hash in record.hashes { out.append(option: 3, hash) }
        if let count = record.dropCount { out.append(option: 4, uint64: count) }
        if let id = record.packetID { out.append(option: 5, uint64: id) }
        if let queue = record.queue { out.append(option: 6, uint32: queue) }
        for verdict in record.verdicts { out.append(option: 7, verdict) }
        if let thread = record.processThread { out.append(option: 8, uint64: thread) }
        out.append(record.customOptions)
    }
}

extension CaptureInterface {
    /// The byte of option 9 (section 4.2); nil for microseconds, which need none.
    fileprivate var resolution: UInt8? {
        if ticksPerSecond == 1_000_000 { return nil }
        if ticksPerSecond & (ticksPerSecond - 1) == 0, ticksPerSecond > 1 { return 0x80 | UInt8(ticksPerSecond.trailingZeroBitCount) }
        return (0..<UInt8(20)).first { Self.ticksPerSecond(resolution: $0) == ticksPerSecond }
    }

    /// A time in the interface's units. Nanoseconds that were read from such units were cut off, so that the next larger number
    /// of them is the one that was read.
    fileprivate func ticks(_ time: Timestamp) -> UInt64 {
        let seconds = UInt64(bitPattern: time.seconds &- timeOffsetSeconds)
        let part = UInt64(time.nanoseconds).multipliedFullWidth(by: ticksPerSecond)
        // Less than 10⁹ times the units of a second: the quotient is less than those.
        let (fraction, rest) = (1_000_000_000 as UInt64).dividingFullWidth((part.high, part.low))
        return seconds &* ticksPerSecond &+ fraction &+ (rest > 0 ? 1 : 0)
    }
}

/// Blocks and options, low byte first. A block's length is filled in at its end.
extension TextBuffer {
    fileprivate mutating func append(uint16 value: UInt16) {
        append(UInt8(truncatingIfNeeded: value))
        append(UInt8(truncatingIfNeeded: value >> 8))
    }

    fileprivate mutating func append(uint32 value: UInt32) {
        append(uint16: UInt16(truncatingIfNeeded: value))
        append(uint16: UInt16(truncatingIfNeeded: value >> 16))
    }

    fileprivate mutating func append(uint64 value: UInt64) {
        append(uint32: UInt32(truncatingIfNeeded: value))
        append(uint32: UInt32(truncatingIfNeeded: value >> 32))
    }

    /// A time as two halves, the upper one first.
    fileprivate mutating func append(ticks: UInt64) {
        append(uint32: UInt32(truncatingIfNeeded: ticks >> 32))
        append(uint32: UInt32(truncatingIfNeeded: ticks))
    }

    fileprivate mutating func append(padded bytes: ByteView) {
        append(bytes)
        append(repeating: 0, count: paddedByteCount(bytes.count) - bytes.count)
    }

    fileprivate mutating func append(padded bytes: [UInt8]) {
        append(bytes)
        append(repeating: 0, count: paddedByteCount(bytes.count) - bytes.count)
    }

    /// Longer values than an option can have are cut.
    fileprivate mutating func append(option code: UInt16, _ value: [UInt8]) {
        let value = Array(value.prefix(Int(UInt16.max)))
        append(uint16: code)
        append(uint16: UInt16(value.count))
        append(padded: value)
    }

    fileprivate mutating func append(option code: UInt16, uint32 value: UInt32) {
        append(uint16: code)
        append(uint16: 4)
        append(uint32: value)
    }

    fileprivate mutating func append(option code: UInt16, uint64 value: UInt64) {
        append(uint16: code)
        append(uint16: 8)
        append(uint64: value)
    }

    fileprivate mutating func append(option code: UInt16, ticks: UInt64) {
        append(uint16: code)
        append(uint16: 8)
        append(ticks: ticks)
    }

    fileprivate mutating func append(text: String?, option code: UInt16) {
        if let text { append(option: code, Array(text.utf8)) }
    }

    fileprivate mutating func append(texts: [String], option code: UInt16) {
        for text in texts { append(text: text, option: code) }
    }

    /// Those that may be copied: the codes from 19372 on ask not to be.
    fileprivate mutating func append(_ options: [CustomOption]) {
        for option in options where option.code < 19372 {
            let number = option.enterpriseNumber
            let prefix = (0..<4).map { UInt8(truncatingIfNeeded: number >> UInt32(8 * $0)) }
            append(option: option.code, prefix + option.bytes)
        }
    }

    /// Starts a block; returns where.
    fileprivate mutating func beginBlock(_ type: UInt32) -> Int {
        let start = count
        append(uint32: type)
        append(uint32: 0)
        return start
    }

    fileprivate mutating func endBlock(_ start: Int) {
        let byteCount = UInt32(truncatingIfNeeded: count - start + 4)
        append(uint32: byteCount)
        replace(at: start + 4, uint32: byteCount)
    }
}
