import CaptureFile
import Wire

/// What must stand in a file, or in the stream to the printer, before packets do: a header, and the interfaces of the packets.
struct StreamHead {
    private let type: CaptureFileType
    private let description: CaptureDescription
    private var hasBegun = false
    private var interfaceCount = 0
    private var linkType: LinkType?

    init(_ type: CaptureFileType, _ description: CaptureDescription) {
        self.type = type
        self.description = description
    }

    /// The bytes that are lacking before packets of the first `count` of `interfaces`.
    mutating func missing(_ interfaces: [CaptureInterface], upTo count: Int) throws(CaptureError) -> [UInt8] {
        guard !hasBegun || interfaceCount < count else { return [] }
        var bytes: [UInt8] = []
        var writer = CaptureWriter(type, name: "") { bytes += $0.copy() }
        let added = interfaces[interfaceCount..<max(interfaceCount, min(count, interfaces.count))]
        if type == .pcapng {
            if !hasBegun { writer.write(description.section) }
            for interface in added { writer.write(interface) }
            hasBegun = true
        } else {
            for interface in added {
                if let linkType, linkType != interface.linkType {
                    throw CaptureError(.refused, "A pcap file cannot hold packets of several link types: pcapng can.")
                }
                if linkType == nil {
                    var metadata = CaptureMetadata()
                    metadata.interfaces = [interface]
                    writer.begin(interface.linkType, metadata)
                }
                linkType = interface.linkType
                hasBegun = true
            }
        }
        interfaceCount += added.count
        // Bytes in memory are always taken.
        try? writer.flush()
        return bytes
    }
}

/// What a capture says of itself.
public struct CaptureDescription: Sendable {
    public var application: String
    public var comments: [String]

    public init(application: String, comments: [String] = []) {
        self.application = application
        self.comments = comments
    }

    var section: CaptureSection {
        var section = CaptureSection()
        section.operatingSystem = OperatingSystem.name
        section.application = application
        section.comments = comments
        return section
    }
}
