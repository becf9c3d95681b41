import Analysis
import CaptureFile
import Dissection

/// Statistics over a capture in several lanes at once. Interrupted, they have what each lane has so far.
///
/// ## Safety
/// The statistics of a lane are touched on its thread alone until the lane has ended, those of the whole when all have.
final class LaneCount: @unchecked Sendable {
    private let lanes: FrameLanes
    private let whole: StatisticSet
    private let parts: [StatisticSet]
    private let openSession: OpenLane

    /// nil where the statistics can be counted by one session only.
    init?(_ lanes: FrameLanes, _ whole: StatisticSet, session openSession: @escaping OpenLane) {
        let parts = (0..<lanes.count).compactMap { _ in whole.another() }
        guard parts.count == lanes.count else { return nil }
        self.lanes = lanes
        self.whole = whole
        self.parts = parts
        self.openSession = openSession
    }

    /// nil where a frame fits in no lane: nothing is counted then.
    func run(_ progress: Progress) -> LaneEnd? {
        let end = LaneThreads.run(count: lanes.count, first: { count(0, progress) }, others: { [self] in count($0, nil) })
        guard end.unfitFrame == nil else { return nil }
        for part in parts { whole.merge(part) }
        return end
    }

    private func count(_ number: Int, _ progress: Progress?) -> LaneEnd {
        LaneEnd(number, of: lanes, openSession) { session in
            while !Interruption.isRequested, try session.next() {
                progress?.update(session.reader.storedOffset)
                parts[number].take(session.context)
            }
        }
    }
}
