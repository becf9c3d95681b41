import Analysis
import CaptureFile
import Synchronization
import Threading

/// Opens a session for the lane with a number.
typealias OpenLane = @Sendable (FrameLanes, Int) throws(CommandError) -> Session

/// How a lane ended, or several.
struct LaneEnd {
    /// The first frame that fits in no lane.
    var unfitFrame: UInt32?
    var failure: CommandError?

    /// Opens a session for one lane and runs `body` over it.
    init(
        _ number: Int, of lanes: FrameLanes, _ openSession: OpenLane, _ body: (inout Session) throws -> Void
    ) {
        do throws(CommandError) {
            var session = try openSession(lanes, number)
            do { try body(&session) } catch { failure = CommandError(error) }
            unfitFrame = session.unfitFrame
        } catch {
            failure = error
        }
    }

    /// The end of all.
    init(_ all: [LaneEnd]) {
        unfitFrame = all.compactMap(\.unfitFrame).min()
        failure = all.lazy.compactMap(\.failure).first
    }
}

/// Runs several lanes at once: the first one here, each other one on a thread of its own.
final class LaneThreads: Sendable {
    private let monitor = Monitor()
    private let ends: Mutex<[LaneEnd?]>

    private init(count: Int) { ends = Mutex(Array(repeating: nil, count: count)) }

    /// Returns when all lanes have ended.
    static func run(count: Int, first: () -> LaneEnd, others: @escaping @Sendable (_ number: Int) -> LaneEnd) -> LaneEnd {
        let threads = LaneThreads(count: count)
        for number in 1..<count {
            // Without a thread, a lane runs here before the others, and waits for none.
            if !startThread({ threads.note(others(number), of: number) }) { threads.note(others(number), of: number) }
        }
        threads.note(first(), of: 0)
        return threads.monitor.locked {
            while threads.ends.withLock({ $0.contains { $0 == nil } }) { threads.monitor.wait() }
            return LaneEnd(threads.ends.withLock { $0.compactMap { $0 } })
        }
    }

    private func note(_ end: LaneEnd, of number: Int) {
        monitor.locked {
            ends.withLock { $0[number] = end }
            monitor.wakeAll()
        }
    }
}
