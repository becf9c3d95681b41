import CaptureFile
import Dissection
import Wire

/// Any frame of a capture again: where every 32nd record stands, and a source to read from there.
///
/// Used by one thread at a time.
public final class FrameIndex: EarlierFrames {
    /// Frames between two locators: few enough to step over, many enough to take little room.
    private static let stride = 32

    private var locators: [RecordLocator] = []
    private var source: FrameSource
    private var record = FrameRecord()
    private var readCount = 0
    /// When the first frame of the capture was captured.
    private(set) var firstTime = Timestamp.zero
    /// Which of the frames count, by their positions.
    var admission = FrameAdmission()
    public var frameCount: UInt32 { UInt32(truncatingIfNeeded: admission.passedCount) }

    /// An index of the capture that `reader` reads; not for pipes.
    init(_ reader: borrowing CaptureReader) throws(CaptureFileError) { source = try FrameSource(reader) }

    /// Takes the next frame of the first pass into the index.
    func note(_ record: FrameRecord) {
        if readCount % Self.stride == 0 { locators.append(record.locator) }
        if readCount == 0 { firstTime = record.timestamp }
        readCount += 1
    }

    /// Lets the index read what `reader` has read.
    func finish(_ reader: borrowing CaptureReader) { source.update(from: reader) }

    /// Hands a frame and its record to `body`; nil where there is no such frame, or it can no longer be read.
    func withFrame<Result>(_ number: UInt32, _ body: (FrameRecord, ByteView) -> Result) -> Result? {
        guard let position = admission.position(of: number), position < readCount else { return nil }
        guard let bytes = try? source.record(at: locators[position / Self.stride], skipping: position % Self.stride, &record) else { return nil }
        return body(record, bytes)
    }

    public func copy(frame: UInt32, offset: Int, into buffer: UnsafeMutableRawBufferPointer) -> Int {
        withFrame(frame) { _, bytes in
            let part = bytes[offset..<offset + buffer.count]
            part.withUnsafeBytes { buffer.copyMemory(from: $0) }
            return part.count
        } ?? 0
    }
}
