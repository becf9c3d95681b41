import Analysis
import Capture
import CaptureFile
import Synchronization
import Wire

/// A capture filter over a file, compiled for each type of link that the file has.
final class CaptureSelection: Sendable {
    private let expression: String
    private let filters: Mutex<[LinkType: BPFFilter?]>

    /// Compiles for the first type of link, so that a bad expression shows at once.
    init(_ expression: String, _ linkType: LinkType?) throws(BPFError) {
        self.expression = expression
        let first = linkType ?? .ethernet
        filters = Mutex([first: try BPFFilter(expression, linkType: first)])
    }

    /// A filter that makes no sense for a later type of link accepts none of its frames.
    var function: FrameSelection {
        { [self] bytes, record in
            filters.withLock { known in
                let filter = known[record.linkType] ?? (try? BPFFilter(expression, linkType: record.linkType))
                known[record.linkType] = .some(filter)
                return filter?.matches(bytes, originalByteCount: record.originalByteCount) ?? false
            }
        }
    }
}
