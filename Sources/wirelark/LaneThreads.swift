import Synchronization
import Threading

/// How a lane ended.
struct LaneEnd {
    /// The first frame that fits in no lane.
    var unfitFrame: UInt32?
    var failure: CommandError?
}

/// Runs several lanes at once: the first one here, each other one on a thread of its own.
final class LaneThreads: Sendable {
    private let monitor = Monitor()
    private let ends: Mutex<[LaneEnd?]>

    private init(count: Int) { ends = Mutex(Array(repeating: nil, count: count)) }

    /// Returns when all lanes have ended.
    static func run(count: Int, first: () -> LaneEnd, others: @escaping @Sendable (_ number: Int) -> LaneEnd) -> [LaneEnd] {
        let threads = LaneThreads(count: count)
        for number in 1..<count {
            // Without a thread, a lane runs here before the others, and waits for none.
            if !startThread({ threads.note(others(number), of: number) }) { threads.note(others(number), of: number) }
        }
        threads.note(first(), of: 0)
        return threads.monitor.locked {
            while threads.ends.withLock({ $0.contains { $0 == nil } }) { threads.monitor.wait() }
            return threads.ends.withLock { $0.compactMap { $0 } }
        }
    }

    private func note(_ end: LaneEnd, of number: Int) {
        monitor.locked {
            ends.withLock { $0[number] = end }
            monitor.wakeAll()
        }
    }
}
