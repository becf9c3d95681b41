import Analysis
import CaptureFile

/// What `-w` writes, and where.
struct WrittenCapture {
    let path: String
    let type: CaptureFileType
    /// On the whole capture, besides those that it has.
    let comments: [String]
}

/// The file that `-w` writes.
final class FrameOutput {
    private var writer: CaptureWriter

    /// - Parameter input: the file that is read, which is not to be written over.
    init(_ written: WrittenCapture, besides input: String) throws(CaptureFileError) {
        let output = try OutputFile(path: written.path, besides: [input])
        writer = CaptureWriter(written.type, name: written.path, comments: written.comments) { (bytes) throws(CaptureFileError) in try output.write(bytes) }
    }

    /// Writes the frame at hand.
    func take(_ session: inout Session) throws(CaptureFileError) { try session.write(to: &writer) }

    /// Writes what is left, and what the capture says besides its frames.
    func end(_ session: inout Session) throws(CaptureFileError) { try writer.end(session.reader.metadata) }
}
