import Analysis
import CaptureFile
import Dissection

/// Statistics over a capture in several lanes at once. Interrupted, they have what each lane has so far.
///
/// ## Safety
/// The statistics of a lane are touched on its thread alone until the lane has ended.
final class LaneCount: @unchecked Sendable {
    enum Outcome {
        /// Every frame was counted, up to the end of the file or to what is wrong with it.
        case finished(StatisticSet, CommandError?)
        /// The capture must be read by one session.
        case unfit
    }

    private let lanes: FrameLanes
    private let statistics: [StatisticSet]
    private let openSession: @Sendable () throws(CommandError) -> Session

    /// nil where the statistics can be counted by one session only.
    init?(_ lanes: FrameLanes, _ statistics: StatisticSet, session openSession: @escaping @Sendable () throws(CommandError) -> Session) {
        let sets = (0..<lanes.count).compactMap { _ in statistics.another() }
        guard sets.count == lanes.count else { return nil }
        self.lanes = lanes
        self.statistics = sets
        self.openSession = openSession
    }

    func run(_ progress: Progress) -> Outcome {
        let ends = LaneThreads.run(count: lanes.count, first: { count(0, progress) }, others: { [self] in count($0, nil) })
        guard ends.allSatisfy({ $0.unfitFrame == nil }) else { return .unfit }
        for other in statistics.dropFirst() { statistics[0].merge(other) }
        return .finished(statistics[0], ends.lazy.compactMap(\.failure).first)
    }

    private func count(_ number: Int, _ progress: Progress?) -> LaneEnd {
        var end = LaneEnd()
        do throws(CommandError) {
            var session = try openSession()
            session.lane = (lanes, number)
            do {
                while !Interruption.isRequested, try session.next() {
                    progress?.update(session.reader.storedOffset)
                    statistics[number].take(session.context)
                }
            } catch {
                end.failure = CommandError(error)
            }
            end.unfitFrame = session.unfitFrame
        } catch {
            end.failure = error
        }
        return end
    }
}
