import Codecs
import Wire

/// Reads a pcap or pcapng file, compressed or not, from start to end in constant memory.
///
/// Whatever is wrong with a file shows only when it is reached: `next` gives every frame before it, then throws.
public struct CaptureReader: ~Copyable {
    var window: InputWindow
    public internal(set) var format: CaptureFormat
    /// All that the capture has said so far besides its frames.
    public internal(set) var metadata = CaptureMetadata()
    /// How many names, keys and statistics were left out because the file has more than `MetadataLimit` allows.
    public internal(set) var omittedMetadataCount = 0

    /// What the loop over frames needs of `interfaces` and `sections`, in trivial form.
    var interfaceLayouts: [InterfaceLayout] = []
    var sectionLayouts: [SectionLayout] = []
    /// A copy of the last of `sectionLayouts`, or after a seek of the one sought.
    var section = SectionLayout()
    var sectionIndex: UInt32 = 0
    var pcap = PcapLayout()
    var metadataByteCount = 0
    /// Blocks before this offset were read once: what they say of interfaces and names is known.
    var knownEndOffset: Int64 = 0
    var frameCount: UInt32 = 0

    static let pieceByteCount = 512 * 1024

    /// Opens a capture by name; "-" is the standard input.
    /// - Parameter isStopped: asked when a signal interrupts a wait for data: whether the capture is to end there.
    public init(path: String, isStopped: @escaping @Sendable () -> Bool = { false }) throws(CaptureFileError) {
        try self.init(FileDescriptor(path: path, isStopped: isStopped), pieceByteCount: Self.pieceByteCount)
    }

    /// Whether the capture can be read more than once: not a pipe or a terminal.
    public var isSeekable: Bool { window.file.isSeekable }

    /// Bytes of the file, compressed as it may be; nil for what cannot be read again.
    public var storedByteCount: Int64? { window.file.byteCount }
    /// How many of them were read and used up.
    public var storedOffset: Int64 { window.storedOffset }

    /// Reads from a descriptor, which stays open. `name` is how errors call it.
    public init(fileDescriptor: Int32, name: String) throws(CaptureFileError) {
        let file = try FileDescriptor(adopting: fileDescriptor, name: name, closesWhenDone: false)
        try self.init(file, pieceByteCount: Self.pieceByteCount)
    }

    init(_ file: FileDescriptor, pieceByteCount: Int) throws(CaptureFileError) {
        window = InputWindow(file, byteCount: pieceByteCount)
        format = CaptureFormat(container: .pcapng, isBigEndian: false, majorVersion: 0, minorVersion: 0)
        let compression = try window.detectCompression()
        format.compression = compression
        try readFileHeader()
        knownEndOffset = window.offset
    }

    /// Another reader of the same file, knowing what `other` knows.
    init(sharing other: borrowing CaptureReader, pieceByteCount: Int) throws(CaptureFileError) {
        guard other.window.file.isSeekable else {
            throw CaptureFileError(
                .notAccessible, name: other.window.file.name, detail: "can be read only once, from start to end")
        }
        var decoded: DecodedInput?
        if let input = other.window.decoded { decoded = try DecodedInput(sharingCheckpointsOf: input) }
        window = InputWindow(other.window.file, byteCount: pieceByteCount, decoded: decoded)
        format = other.format
        pcap = other.pcap
        learn(from: other)
    }

    /// Takes over what `other`, a reader of the same file, has learned of its interfaces and sections.
    mutating func learn(from other: borrowing CaptureReader) {
        metadata.interfaces = other.interfaces
        metadata.sections = other.sections
        interfaceLayouts = other.interfaceLayouts
        sectionLayouts = other.sectionLayouts
        knownEndOffset = max(other.knownEndOffset, other.window.offset)
    }

    /// All seen so far, over all sections.
    public var interfaces: [CaptureInterface] { metadata.interfaces }
    /// All seen so far; exactly one for pcap.
    public var sections: [CaptureSection] { metadata.sections }
    /// The comments on the capture as a whole.
    public var fileComments: [String] { sections.flatMap(\.comments) }

    /// The next frame's bytes, valid until the next call; nil at the end of the file.
    public mutating func next(_ record: inout FrameRecord) throws(CaptureFileError) -> ByteView? {
        record.reset()
        if case .pcapng = format.container { return try nextBlock(&record) }
        return try nextPcapRecord(&record)
    }

    /// Continues with the record at `locator`.
    mutating func seek(to locator: RecordLocator) throws(CaptureFileError) {
        knownEndOffset = max(knownEndOffset, window.offset)
        let index = Int(locator.sectionIndex)
        guard locator.offset >= 0, locator.offset < knownEndOffset, index < sectionLayouts.count else {
            throw error(.notAccessible, at: max(locator.offset, 0), "has not been read that far")
        }
        try window.seek(to: locator.offset)
        section = sectionLayouts[index]
        sectionIndex = locator.sectionIndex
        frameCount = locator.frameNumber &- 1
    }

    func error(_ kind: CaptureFileError.Kind, at offset: Int64? = nil, _ detail: String) -> CaptureFileError {
        CaptureFileError(
            kind, name: window.file.name, byteOffset: offset ?? window.offset,
            isCompressed: format.compression != nil, detail: detail)
    }

    private mutating func readFileHeader() throws(CaptureFileError) {
        guard try window.ensure(4) else {
            if window.unreadByteCount == 0 {
                throw CaptureFileError(.empty, name: window.file.name, detail: "is empty: it has no packets")
            }
            throw unknownFormat
        }
        let magic = window.view(4)
        if magic.uint32(0) == PcapngBlock.sectionHeader {
            guard try window.ensure(12), PcapngBlock.isByteOrderMagic(window.view(12)) else { throw unknownFormat }
            try readFirstSectionHeader()
        } else if let layout = PcapLayout(magic: magic) {
            try readPcapHeader(layout)
        } else {
            throw unknownFormat
        }
    }

    private var unknownFormat: CaptureFileError {
        CaptureFileError(
            .unknownFormat, name: window.file.name, detail: "is no capture file: it is neither pcap nor pcapng")
    }
}

/// How much a file may make us keep besides packets.
enum MetadataLimit {
    /// Of names, keys, statistics and option texts, over the whole file. A large name resolution block has some
    /// 100 KB and there is rarely more than one.
    static let byteCount = 64 << 20
    /// Of interfaces over all sections. The largest machines have a few thousand.
    static let interfaceCount = 65_536
    /// Of sections; merged and appended captures have one per original file.
    static let sectionCount = 65_536
}

/// What reading a packet needs to know of its interface.
struct InterfaceLayout {
    var linkType: LinkType
    var snapLength: UInt32
    var maximumPacketByteCount: UInt32
    var ticksPerSecond: UInt64
    var timeOffsetSeconds: Int64

    init(_ interface: CaptureInterface) {
        linkType = interface.linkType
        snapLength = interface.snapLength
        maximumPacketByteCount = Self.maximumPacketByteCount(for: interface.linkType)
        ticksPerSecond = interface.ticksPerSecond
        timeOffsetSeconds = interface.timeOffsetSeconds
    }

    /// The longest packet that is taken for one, rather than for damage: 256 KiB, and more where packets are no
    /// network frames (tshark's limits).
    static func maximumPacketByteCount(for linkType: LinkType) -> UInt32 {
        switch linkType.rawValue {
        case 189, 220, 231, 249, 266: 128 << 20  // USB of Linux, with padding, of Windows and Darwin; D-Bus
        case 279: 8 << 20  // Elektrobit high speed capture and replay
        default: 256 << 10
        }
    }

    /// The time of a count of ticks.
    @inline(__always)
    func timestamp(ticks: UInt64) -> Timestamp {
        if ticksPerSecond == 1_000_000 {
            let (seconds, rest) = ticks.quotientAndRemainder(dividingBy: 1_000_000)
            return Timestamp(
                seconds: Int64(bitPattern: seconds) &+ timeOffsetSeconds, nanoseconds: Int32(rest &* 1000))
        }
        if ticksPerSecond == 1_000_000_000 {
            let (seconds, rest) = ticks.quotientAndRemainder(dividingBy: 1_000_000_000)
            return Timestamp(seconds: Int64(bitPattern: seconds) &+ timeOffsetSeconds, nanoseconds: Int32(rest))
        }
        let (seconds, rest) = ticks.quotientAndRemainder(dividingBy: ticksPerSecond)
        // The rest is less than a second's ticks, so the quotient is less than 10⁹.
        let nanoseconds = ticksPerSecond.dividingFullWidth(rest.multipliedFullWidth(by: 1_000_000_000)).quotient
        return Timestamp(seconds: Int64(bitPattern: seconds) &+ timeOffsetSeconds, nanoseconds: Int32(nanoseconds))
    }
}

/// What reading a block needs to know of its section.
struct SectionLayout {
    var offset: Int64 = 0
    var isBigEndian = false
    /// The section's interfaces are these of all interfaces.
    var firstInterfaceIndex = 0
    var interfaceCount = 0
}
