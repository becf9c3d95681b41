import Analysis
import CaptureFile

/// The file that `-w` writes.
final class FrameOutput {
    private var writer: CaptureWriter

    /// - Parameter input: the file that is read, which is not to be written over.
    init(path: String, _ type: CaptureFileType, besides input: String) throws(CaptureFileError) {
        let output = try OutputFile(path: path, besides: [input])
        writer = CaptureWriter(type, name: path) { (bytes) throws(CaptureFileError) in try output.write(bytes) }
    }

    /// Writes the frame at hand.
    func take(_ session: inout Session) throws(CaptureFileError) { try session.write(to: &writer) }

    /// Writes what is left, and what the capture says besides its frames.
    func end(_ session: inout Session) throws(CaptureFileError) { try writer.end(session.reader.metadata) }
}
