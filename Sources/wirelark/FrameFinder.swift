import Analysis
import CaptureFile
import Dissection
import DisplayFilter

/// Tells of one frame after the other whether a display filter finds it, for commands that do not dissect.
final class FrameFinder {
    private let filter: DisplayFilter
    private var session: Session

    /// - Parameter path: of a file, which is read once more for this.
    init(_ text: String, in path: String) throws(CommandError) {
        guard path != "-" else { throw .usage("-Y reads the capture by itself: name a file instead of -.") }
        let registry = try ReadSettings.standardRegistry()
        let filter = try ReadSettings.filter(text, registry, FilterSurroundings(NameResolution()))
        session = try Self.session(registry, filter, path)
        self.filter = filter
    }

    private static func session(_ registry: Registry, _ filter: DisplayFilter, _ path: String) throws(CommandError) -> Session {
        do {
            return try Session(registry, reader: CaptureReader(path: path), plan: Plan(registry, filter.wants), resolution: NameResolution())
        } catch {
            throw CommandError(error)
        }
    }

    /// Whether the next frame is found. Behind damage none is: whoever writes the frames comes to it as well, and says so.
    func findsNext() -> Bool {
        guard let isThere = try? session.next(), isThere else { return false }
        let isFound = filter.matches(session.context.dissected)
        if isFound { session.noteDisplayed() }
        return isFound
    }
}
