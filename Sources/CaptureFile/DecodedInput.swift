import Codecs
import Wire

/// The uncompressed contents of a compressed file: forward at the decoder's speed, and from any place by going
/// back to a checkpoint.
///
/// A gzip checkpoint is a copy of the decoder's state (some 40 KB), one for every 4 MiB of contents; when there
/// are 256, every second one is dropped and the distance doubled, so they stay below 11 MB. zstd and LZ4 can only
/// start anew where a frame starts: a file of a single frame is decoded from its start.
final class DecodedInput {
    private struct Checkpoint {
        var decodedOffset: Int64
        var storedOffset: Int64
        var decoder: any StreamDecoder
    }

    private static let maximumCheckpointCount = 256
    private static let storedPieceByteCount = 256 * 1024

    private let file: FileDescriptor
    private let format: CompressionFormat
    private var decoder: any StreamDecoder
    private let stored: UnsafeMutableRawBufferPointer
    private var storedStart = 0
    private var storedEnd = 0
    /// Where the byte after `storedEnd` is in the file.
    private var nextStoredOffset: Int64
    /// Where the next byte to come out is in the contents.
    private(set) var decodedOffset: Int64 = 0
    private var checkpoints: [Checkpoint] = []
    private var checkpointDistance: Int64 = 4 << 20

    /// Takes over a file of which `start` was already read.
    init(_ file: FileDescriptor, format: CompressionFormat, start: UnsafeRawBufferPointer) throws(CaptureFileError) {
        self.file = file
        self.format = format
        decoder = try Self.makeDecoder(format, for: file)
        stored = .allocate(byteCount: max(Self.storedPieceByteCount, start.count), alignment: 16)
        stored.copyMemory(from: start)
        storedEnd = start.count
        nextStoredOffset = Int64(start.count)
        noteCheckpoint()
    }

    /// An input of its own over the same file, with the checkpoints so far.
    init(sharingCheckpointsOf other: DecodedInput) throws(CaptureFileError) {
        file = other.file
        format = other.format
        decoder = try Self.makeDecoder(other.format, for: other.file)
        stored = .allocate(byteCount: Self.storedPieceByteCount, alignment: 16)
        nextStoredOffset = 0
        checkpoints = other.checkpoints
        checkpointDistance = other.checkpointDistance
    }

    deinit { stored.deallocate() }

    private static func makeDecoder(
        _ format: CompressionFormat, for file: FileDescriptor
    ) throws(CaptureFileError) -> any StreamDecoder {
        do {
            return try format.makeDecoder()
        } catch {
            throw CaptureFileError(
                .cannotDecompress, name: file.name, detail: "cannot be decompressed: \(error.message)")
        }
    }

    /// Produces at least one byte unless the contents end here.
    func read(into output: UnsafeMutableRawBufferPointer) throws(CaptureFileError) -> Int {
        // Each turn produces bytes, consumes stored ones, reads more of them, or ends.
        while true {
            let step = try decodeStep(into: output)
            storedStart += step.consumedByteCount
            decodedOffset += Int64(step.producedByteCount)
            noteCheckpoint()
            if step.producedByteCount > 0 { return step.producedByteCount }
            if storedStart < storedEnd {
                if step.consumedByteCount > 0 { continue }
                throw failure(.cannotDecompress, "cannot be decompressed: its decoder stands still")
            }
            if try refill() { continue }
            if decoder.isAtBoundary { return 0 }
            throw failure(.cutShort, "was cut short: its \(format.rawValue) data stops in the middle")
        }
    }

    private func decodeStep(
        into output: UnsafeMutableRawBufferPointer
    ) throws(CaptureFileError) -> DecodingStep {
        let input = ByteView(UnsafeRawBufferPointer(rebasing: stored[storedStart..<storedEnd]))
        do {
            return try decoder.decode(input, into: output)
        } catch {
            throw failure(.cannotDecompress, "cannot be decompressed: \(error.message)")
        }
    }

    /// Where the next byte for the decoder is in the file.
    var storedOffset: Int64 { nextStoredOffset - Int64(storedEnd - storedStart) }

    private func failure(_ kind: CaptureFileError.Kind, _ detail: String) -> CaptureFileError {
        CaptureFileError(
            kind, name: file.name, byteOffset: decodedOffset, isCompressed: true,
            detail: "\(detail), near byte \(storedOffset) as stored")
    }

    /// Reads more stored bytes after the present ones are used up; false at the end of the file.
    private func refill() throws(CaptureFileError) -> Bool {
        storedStart = 0
        storedEnd = 0
        storedEnd = try file.read(into: stored, at: nextStoredOffset)
        nextStoredOffset += Int64(storedEnd)
        return storedEnd > 0
    }

    private func noteCheckpoint() {
        guard file.isSeekable else { return }
        if let last = checkpoints.last, decodedOffset - last.decodedOffset < checkpointDistance { return }
        guard let copy = decoder.snapshot() else { return }
        checkpoints.append(Checkpoint(decodedOffset: decodedOffset, storedOffset: storedOffset, decoder: copy))
        guard checkpoints.count >= Self.maximumCheckpointCount else { return }
        checkpoints = stride(from: 0, to: checkpoints.count, by: 2).map { checkpoints[$0] }
        checkpointDistance *= 2
    }

    /// Continues at `offset` of the contents, or at their end if they are shorter.
    func seek(to offset: Int64) throws(CaptureFileError) {
        let following = checkpoints.partitioningIndex { $0.decodedOffset > offset }
        if following > 0 {
            let checkpoint = checkpoints[following - 1]
            let isNearer = offset < decodedOffset || checkpoint.decodedOffset > decodedOffset
            if isNearer, let copy = checkpoint.decoder.snapshot() {
                decoder = copy
                decodedOffset = checkpoint.decodedOffset
                nextStoredOffset = checkpoint.storedOffset
                storedStart = 0
                storedEnd = 0
            }
        }
        try skip(to: offset)
    }

    private func skip(to offset: Int64) throws(CaptureFileError) {
        let scratch = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 * 1024, alignment: 16)
        defer { scratch.deallocate() }
        while decodedOffset < offset {
            let wanted = Int(min(offset - decodedOffset, Int64(scratch.count)))
            let count = try read(into: UnsafeMutableRawBufferPointer(rebasing: scratch[..<wanted]))
            if count == 0 { return }
        }
    }
}

extension Array {
    /// The first index whose element satisfies `belongsToSecondPartition`, in an array that is partitioned by it.
    fileprivate func partitioningIndex(where belongsToSecondPartition: (Element) -> Bool) -> Int {
        var lower = 0
        var upper = count
        while lower < upper {
            let middle = (lower + upper) / 2
            if belongsToSecondPartition(self[middle]) { upper = middle } else { lower = middle + 1 }
        }
        return lower
    }
}
