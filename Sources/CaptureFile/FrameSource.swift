import Wire

/// Reads any record of a capture again, apart from the reader that found it.
///
/// A source has a small buffer and, for a compressed file, a decoder of its own. It is not to be used by two
/// threads at once; make one for each.
public struct FrameSource: ~Copyable {
    private var reader: CaptureReader
    private var record = FrameRecord()

    /// Enough for most records in one read, and little for those who make many sources.
    private static let pieceByteCount = 64 * 1024

    /// A source over the file of `reader`; not for pipes.
    public init(_ reader: borrowing CaptureReader) throws(CaptureFileError) {
        self.reader = try CaptureReader(sharing: reader, pieceByteCount: Self.pieceByteCount)
    }

    /// Takes note of what `reader` has read since: afterwards its newer locators are good here.
    public mutating func update(from reader: borrowing CaptureReader) {
        self.reader.learn(from: reader)
    }

    /// Replaces `bytes` by the captured bytes of the record at `locator`.
    public mutating func bytes(of locator: RecordLocator, into bytes: inout [UInt8]) throws(CaptureFileError) {
        let view = try reader.record(at: locator, skipping: 0, &record)
        bytes.removeAll(keepingCapacity: true)
        view.withUnsafeBytes { bytes.append(contentsOf: $0) }
    }

    /// The record `skipping` frames after the one at `locator`: all that the reader says of it, and its bytes, valid
    /// until the next call.
    public mutating func record(
        at locator: RecordLocator, skipping count: Int = 0, _ record: inout FrameRecord
    ) throws(CaptureFileError) -> ByteView {
        try reader.record(at: locator, skipping: count, &record)
    }

    /// The record after the one that was read last; nil at the end of the file.
    public mutating func next(_ record: inout FrameRecord) throws(CaptureFileError) -> ByteView? {
        try reader.next(&record)
    }
}

extension CaptureReader {
    fileprivate mutating func record(
        at locator: RecordLocator, skipping count: Int, _ record: inout FrameRecord
    ) throws(CaptureFileError) -> ByteView {
        try seek(to: locator)
        for _ in 0..<max(count, 0) { _ = try next(&record) }
        guard let bytes = try next(&record) else {
            throw error(.notAccessible, "has no record")
        }
        return bytes
    }
}
