import Wire

/// Where a record of a capture starts, and what is needed to read it there again.
@frozen
public struct RecordLocator: Hashable, Comparable, Sendable {
    /// In uncompressed bytes from the start of the capture.
    let offset: Int64
    /// An index into the sections seen so far; 0 for pcap.
    let sectionIndex: UInt32
    /// The number of the frame in the capture, from 1.
    public let frameNumber: UInt32

    init(offset: Int64, sectionIndex: UInt32, frameNumber: UInt32) {
        self.offset = offset
        self.sectionIndex = sectionIndex
        self.frameNumber = frameNumber
    }

    /// Of no record; a place holder in a fresh `FrameRecord`.
    public static let none = RecordLocator(offset: -1, sectionIndex: 0, frameNumber: 0)

    public static func < (a: RecordLocator, b: RecordLocator) -> Bool { a.offset < b.offset }
}

/// What a numbered record of a capture is.
public enum RecordKind: UInt8, Hashable, Sendable {
    case packet
    /// A pcapng custom block: the bytes follow its enterprise number, and may include options.
    case customBlock
    /// A pcapng systemd journal export block: the bytes are the entry's text.
    case journalEntry
}

/// An option that some enterprise defined, as it stands in the file.
public struct CustomOption: Hashable, Sendable {
    /// 2988 and 19372 hold text, 2989 and 19373 bytes; the latter of each pair is not to be copied to other files.
    public var code: UInt16
    public var enterpriseNumber: UInt32
    public var bytes: [UInt8]
}

/// What a capture says about one frame besides its bytes. One value is used again for all frames; filling it
/// allocates only for frames with options.
public struct FrameRecord {
    /// The frame's number in the capture, from 1.
    public internal(set) var number: UInt32 = 0
    public package(set) var timestamp = Timestamp.zero
    /// False for pcapng simple packet blocks and custom blocks.
    public internal(set) var hasTimestamp = false
    public internal(set) var capturedByteCount = 0
    /// The length on the wire. Some writers state less than was captured.
    public package(set) var originalByteCount = 0
    /// `.noPacket` unless `kind` is `.packet`.
    public package(set) var linkType = LinkType.noPacket
    public internal(set) var kind = RecordKind.packet
    /// The interface's number within its section, as tshark's `frame.interface_id`.
    public package(set) var interfaceID: UInt32 = 0
    /// False for pcap, which has no interface numbers, and for records that are no packets.
    public package(set) var hasInterfaceID = false
    /// Indexes `CaptureMetadata.interfaces`.
    public package(set) var interfaceIndex = 0
    /// From 1, as tshark's `frame.section_number`.
    public package(set) var sectionNumber: UInt32 = 1
    public internal(set) var locator = RecordLocator.none

    /// The comments, in the order of the file.
    public internal(set) var comments: [String] = []
    public internal(set) var packetFlags: UInt32?
    /// Packets lost between the preceding one of this interface and this one.
    public internal(set) var dropCount: UInt64?
    public internal(set) var packetID: UInt64?
    public internal(set) var queue: UInt32?
    /// Each an algorithm number and the hash's bytes, as in the file.
    public internal(set) var hashes: [[UInt8]] = []
    /// Each a verdict type and its data, as in the file.
    public internal(set) var verdicts: [[UInt8]] = []
    /// The process and thread numbers.
    public internal(set) var processThread: UInt64?
    public internal(set) var customOptions: [CustomOption] = []
    /// Of a custom block.
    public internal(set) var enterpriseNumber: UInt32?
    /// Whether a custom block may be copied to other files.
    public internal(set) var mayBeCopied = false

    /// Whether any of the fields from `comments` on is set.
    var hasExtras = false

    public init() {}

    /// Keeps to what a signed 32-bit length can say, as tshark does: only damaged files have more.
    @inline(__always)
    mutating func setOriginalByteCount(_ byteCount: UInt32) {
        originalByteCount = Int(min(byteCount, UInt32(Int32.max)))
    }

    /// Replaces the comments.
    package mutating func setComments(_ texts: [String]) {
        comments = texts
        hasExtras = true
    }

    /// Forgets what only some frames have.
    @inline(__always)
    mutating func reset() {
        if hasExtras { clearExtras() }
    }

    @inline(never)
    private mutating func clearExtras() {
        comments.removeAll()
        packetFlags = nil
        dropCount = nil
        packetID = nil
        queue = nil
        hashes.removeAll()
        verdicts.removeAll()
        processThread = nil
        customOptions.removeAll()
        enterpriseNumber = nil
        mayBeCopied = false
        hasExtras = false
    }
}
