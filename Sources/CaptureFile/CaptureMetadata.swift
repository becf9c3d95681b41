import Codecs
import Wire

/// How a capture is stored.
public struct CaptureFormat: Hashable, Sendable {
    public enum Container: Hashable, Sendable {
        case pcap(PcapVariant)
        case pcapng
    }

    public var container: Container
    /// Of the file, or of its first section.
    public var isBigEndian: Bool
    /// Digits after the second that the pcap header promises; pcapng says it per interface (nil).
    public var fractionDigits: Int?
    /// pcap's version, or that of the first section.
    public var majorVersion: UInt16
    public var minorVersion: UInt16
    /// Nil when stored as it is.
    public var compression: CompressionFormat?
}

/// Whose record headers a pcap file has.
public enum PcapVariant: Hashable, Sendable {
    /// 16 bytes: seconds, fraction, captured length, original length.
    case standard
    /// Alexey Kuznetzov's, of 1999, and Red Hat's: then 8 bytes of interface index, protocol and packet type.
    case modified
    /// The same with the standard magic number, of April 1999.
    case modifiedEarly
    /// SuSE 6.3's: 12 bytes more than standard ones.
    case modifiedSuSE
    /// Nokia's firewalls: 4 bytes more.
    case nokia
    /// Ixia's: standard records after a file header of 28 bytes.
    case ixia

    var recordHeaderByteCount: Int {
        switch self {
        case .standard, .ixia: 16
        case .nokia: 20
        case .modified, .modifiedEarly: 24
        case .modifiedSuSE: 28
        }
    }

    var fileHeaderByteCount: Int { self == .ixia ? 28 : 24 }

    /// The rarer variants that share this one's magic number.
    var alternatives: [PcapVariant] {
        switch self {
        case .standard: [.modifiedEarly, .nokia]
        case .modified: [.modifiedSuSE]
        default: []
        }
    }
}

/// What a capture says besides its frames.
public struct CaptureMetadata: Sendable {
    public var sections: [CaptureSection] = []
    /// Over all sections.
    public var interfaces: [CaptureInterface] = []
    /// From name resolution blocks.
    public var resolvedNames: [ResolvedName] = []
    /// From decryption secrets blocks.
    public var secrets: [DecryptionSecrets] = []
    /// From interface statistics blocks.
    public var statistics: [InterfaceStatistics] = []

    public init() {}
}

/// An interface that packets were captured on: a pcapng interface description block, or a pcap file's header.
public struct CaptureInterface: Hashable, Sendable {
    public var linkType: LinkType
    /// The most bytes kept of a packet; 0 is no limit.
    public var snapLength: UInt32
    /// Units of the time stamps. What 64 bits cannot count (finer than 10⁻¹⁹ s) is taken as `UInt64.max`.
    public var ticksPerSecond: UInt64 = 1_000_000
    /// The byte that says so (section 4.2), where the file has it.
    public var timeResolution: UInt8?
    /// Seconds that are added to each time stamp, where the file says so.
    public var timeOffset: Int64?
    /// From 1.
    public var sectionNumber: UInt32 = 1
    /// Within its section, from 0.
    public var number: UInt32 = 0
    public var name: String?
    public var description: String?
    /// The capture filter's text, when it was given as one.
    public var filter: String?
    public var comments: [String] = []
    public var hardware: String?
    public var operatingSystem: String?
    public var bitsPerSecond: UInt64?
    /// Address and net mask, 8 bytes each.
    public var ipv4Addresses: [[UInt8]] = []
    /// Address and prefix length, 17 bytes each.
    public var ipv6Addresses: [[UInt8]] = []
    public var macAddress: [UInt8]?
    public var eui64Address: [UInt8]?
    /// Of a frame check sequence at each frame's end, where the file says so.
    public var frameCheckSequenceByteCount: Int?
    public var customOptions: [CustomOption] = []

    public var timeOffsetSeconds: Int64 { timeOffset ?? 0 }

    public init(linkType: LinkType, snapLength: UInt32) {
        self.linkType = linkType
        self.snapLength = snapLength
    }
}

/// A section of a pcapng file. A pcap file counts as one without anything said about it.
public struct CaptureSection: Hashable, Sendable {
    public var isBigEndian: Bool
    public var majorVersion: UInt16
    public var minorVersion: UInt16
    public var comments: [String] = []
    public var hardware: String?
    public var operatingSystem: String?
    public var application: String?
    public var customOptions: [CustomOption] = []

    public init(isBigEndian: Bool = false, majorVersion: UInt16 = 1, minorVersion: UInt16 = 0) {
        self.isBigEndian = isBigEndian
        self.majorVersion = majorVersion
        self.minorVersion = minorVersion
    }
}

/// A name for an address, from a pcapng name resolution block.
public struct ResolvedName: Hashable, Sendable {
    /// 4 bytes of IPv4 or 16 of IPv6.
    public var address: [UInt8]
    public var name: String

    public init(address: [UInt8], name: String) {
        self.address = address
        self.name = name
    }
}

/// Keys for decryption, from a pcapng decryption secrets block.
public struct DecryptionSecrets: Hashable, Sendable {
    /// 0x544c534b is a TLS key log, 0x57474b4c a WireGuard one.
    public var type: UInt32
    public var bytes: [UInt8]

    public init(type: UInt32, bytes: [UInt8]) {
        self.type = type
        self.bytes = bytes
    }
}

/// An interface's counters, from a pcapng interface statistics block.
public struct InterfaceStatistics: Hashable, Sendable {
    /// Indexes `CaptureMetadata.interfaces`; nil where the block names an interface that there is none of.
    public var interfaceIndex: Int?
    public var timestamp: Timestamp?
    public var startTime: Timestamp?
    public var endTime: Timestamp?
    public var receivedCount: UInt64?
    public var droppedCount: UInt64?
    public var filterAcceptedCount: UInt64?
    public var systemDroppedCount: UInt64?
    public var deliveredCount: UInt64?
    public var comments: [String] = []
    public var customOptions: [CustomOption] = []

    public init() {}
}
