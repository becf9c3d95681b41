import CaptureFile
import Wire

/// Copies a capture, changed as `EditSettings` say.
public struct CaptureEdit: ~Copyable {
    /// How a frame fared, for those who want to watch.
    public enum Event: Sendable {
        /// The number, length in bytes and MD5 sum of a frame that was compared with others.
        case compared(number: UInt64, byteCount: Int, md5: String, isDuplicate: Bool)
    }

    private var settings: EditSettings
    private let input: String
    private var reader: CaptureReader
    private var output: SplitOutput
    private var metadata = CaptureMetadata()
    private var finder: DuplicateFinder?
    /// How many things `metadata` was made from.
    private var learnedCount = 0
    private var previousTime: Timestamp?
    /// Frames read, and those that were left out as duplicates.
    public private(set) var frameCount: UInt64 = 0
    public private(set) var duplicateCount: UInt64 = 0

    /// - Parameter secondsEast: how far the user's clock is ahead of UTC at a moment, for the names of split files.
    public init(
        _ settings: EditSettings, from input: String, to path: String, secondsEast: @escaping @Sendable (Int64) -> Int64
    ) throws(CaptureFileError) {
        self.settings = settings
        self.input = input
        reader = try CaptureReader(path: input)
        finder = settings.duplicates.map { DuplicateFinder($0) }
        output = SplitOutput(path: path, settings, besides: input, secondsEast: secondsEast)
    }

    /// Copies to the end; what precedes damage in the input is written before it is thrown.
    /// - Parameter isShown: asked for each frame in order whether it may be kept.
    public mutating func run(
        isStopped: () -> Bool = { false }, isShown: () -> Bool = { true }, watch: (Event) -> Void = { _ in }
    ) throws(CaptureFileError) {
        var record = FrameRecord()
        // Ends with the input, an error of the output, or damage.
        while !isStopped() {
            let bytes: ByteView?
            do throws(CaptureFileError) {
                bytes = try reader.next(&record)
            } catch {
                try end()
                throw error
            }
            guard let bytes else { break }
            learn()
            try take(bytes, &record, isShown: isShown(), watch)
        }
        try end()
    }

    private mutating func end() throws(CaptureFileError) {
        learn()
        try output.close(metadata)
    }

    /// Takes over what the reader has learned.
    private mutating func learn() {
        let count = reader.metadata.sections.count + reader.metadata.interfaces.count + reader.metadata.secrets.count
            + reader.metadata.resolvedNames.count + reader.metadata.statistics.count
        guard count != learnedCount else { return }
        learnedCount = count
        metadata = settings.edited(reader.metadata)
    }

    private mutating func take(_ bytes: ByteView, _ record: inout FrameRecord, isShown: Bool, _ watch: (Event) -> Void) throws(CaptureFileError) {
        frameCount += 1
        guard isShown, settings.keeps(number: frameCount, time: record.hasTimestamp ? record.timestamp : nil) else { return }
        guard record.kind == .packet else { return try output.write(bytes, record, metadata) }
        let untagged = settings.removesVLANTags ? VLANTag.removed(from: bytes, record.linkType) : nil
        let isNew = untagged?.withUnsafeBytes { isFirst(ByteView($0), record, watch) } ?? isFirst(bytes, record, watch)
        if isNew { try write(bytes, untagged, &record) }
    }

    /// Whether no frame before was the same.
    private mutating func isFirst(_ bytes: ByteView, _ record: FrameRecord, _ watch: (Event) -> Void) -> Bool {
        guard let (isDuplicate, digest) = finder?.take(bytes, at: record.timestamp) else { return true }
        watch(.compared(number: frameCount, byteCount: bytes.count, md5: hexText(digest), isDuplicate: isDuplicate))
        if isDuplicate { duplicateCount += 1 }
        return !isDuplicate
    }

    /// - Parameter untagged: the packet without the tag that it is to lose; nil where it has none.
    private mutating func write(_ bytes: ByteView, _ untagged: [UInt8]?, _ record: inout FrameRecord) throws(CaptureFileError) {
        if let linkType = settings.linkType { record.linkType = linkType }
        if record.hasTimestamp { adjustTime(&record) }
        if settings.discardsPacketComments, !record.comments.isEmpty { record.setComments([]) }
        if let comment = settings.comments[frameCount] { record.setComments([comment]) }
        guard settings.changesBytes else { return try output.write(bytes, record, metadata) }
        let whole = untagged ?? bytes.copy()
        var changed = settings.chop.isNothing ? whole : settings.chop.remaining(whole)
        if let limit = settings.snapLength, changed.count > limit { changed.removeLast(changed.count - limit) }
        if settings.adjustsLength { record.originalByteCount = max(record.originalByteCount - (bytes.count - changed.count), 0) }
        settings.errors?.change(&changed)
        try output.write(changed, record, metadata)
    }

    private mutating func adjustTime(_ record: inout FrameRecord) {
        if let shift = settings.shift {
            record.timestamp = shift.isBackward ? record.timestamp - shift.span : record.timestamp + shift.span
        }
        if let order = settings.order, let previousTime, order.isForced || record.timestamp < previousTime {
            record.timestamp = previousTime + order.span
        }
        previousTime = record.timestamp
    }
}
