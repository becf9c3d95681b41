import CaptureFile
import Wire

/// What is changed in a capture while it is copied.
public struct EditSettings: Sendable {
    public var type = CaptureFileType.pcapng
    /// Frame numbers, from 1.
    public var selection: [ClosedRange<UInt64>] = []
    /// Whether the selected frames are kept; otherwise they are left out.
    public var keepsSelection = false
    /// Frames from this moment on are kept.
    public var startTime: Timestamp?
    /// Frames before this moment are kept.
    public var stopTime: Timestamp?
    public var duplicates: DuplicateRule?
    public var snapLength: Int?
    /// Whether frames lose their VLAN tag, before duplicates are looked for.
    public var removesVLANTags = false
    public var chop = Chop()
    /// Whether the length on the wire shrinks with the captured one.
    public var adjustsLength = false
    public var shift: TimeShift?
    public var order: StrictOrder?
    public var linkType: LinkType?
    public var errors: ErrorInjection?
    /// New comments by frame number.
    public var comments: [UInt64: String] = [:]
    public var captureComments: [String] = []
    public var discardsCaptureComments = false
    public var discardsPacketComments = false
    public var discardsSecrets = false
    public var injectedSecrets: [DecryptionSecrets] = []
    public var split: Split?

    public init() {}

    public enum Split: Sendable {
        /// At most so many packets a file.
        case packets(Int)
        /// At most such a span of time a file.
        case span(Timestamp)
    }

    /// Times moved by a span, forward or back.
    public struct TimeShift: Sendable {
        public var span: Timestamp
        public var isBackward: Bool

        public init(span: Timestamp, isBackward: Bool) {
            self.span = span
            self.isBackward = isBackward
        }
    }

    /// What makes times increase.
    public struct StrictOrder: Sendable {
        public var span: Timestamp
        /// Every frame follows the one before by the span, rather than only those that went back.
        public var isForced: Bool

        public init(span: Timestamp, isForced: Bool) {
            self.span = span
            self.isForced = isForced
        }
    }

    var changesBytes: Bool { removesVLANTags || !chop.isNothing || snapLength != nil || errors != nil }

    /// Whether a frame is copied, as far as its number and time say.
    func keeps(number: UInt64, time: Timestamp?) -> Bool {
        if selection.contains(where: { $0.contains(number) }) != keepsSelection { return false }
        guard startTime != nil || stopTime != nil else { return true }
        guard let time else { return false }
        return time >= startTime ?? time && (stopTime.map { time < $0 } ?? true)
    }

    /// What the copy says of the capture.
    func edited(_ metadata: CaptureMetadata) -> CaptureMetadata {
        var edited = metadata
        edited.secrets = injectedSecrets + (discardsSecrets ? [] : metadata.secrets)
        for index in edited.sections.indices where discardsCaptureComments { edited.sections[index].comments = [] }
        if !edited.sections.isEmpty { edited.sections[0].comments += captureComments }
        for index in edited.interfaces.indices {
            if let linkType { edited.interfaces[index].linkType = linkType }
            if let snapLength { edited.interfaces[index].snapLength = min(UInt32(snapLength), edited.interfaces[index].snapLength.orNoLimit) }
        }
        return edited
    }
}

extension UInt32 {
    /// A snap length of 0 is none.
    fileprivate var orNoLimit: UInt32 { self == 0 ? .max : self }
}
