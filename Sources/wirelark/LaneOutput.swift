import Presentation
import Threading
import Wire

/// Puts what several lanes print of their frames together in the order of the frames, and writes it.
///
/// ## Safety
/// What several threads use is touched inside `monitor.locked` alone; `merged` and `parts` belong to the thread that set `isMerging`.
final class LaneOutput: @unchecked Sendable {
    /// What a lane printed of some of its frames.
    ///
    /// ## Safety
    /// The lane fills it and gives it away; then the thread that merges has it.
    final class Part: @unchecked Sendable {
        fileprivate var text = TextBuffer(capacity: 96 * 1024)
        /// The number of each frame, and where its text ends.
        fileprivate var frames: [(number: UInt32, end: Int)] = []
        /// Frames that are merged.
        fileprivate var mergedCount = 0

        var byteCount: Int { text.count }

        func add(_ number: UInt32, _ print: (inout TextBuffer) -> Void) {
            print(&text)
            frames.append((number, text.count))
        }

        fileprivate func empty() {
            text.truncate()
            frames.removeAll(keepingCapacity: true)
            mergedCount = 0
        }
    }

    /// Text of a lane that waits for the others, before the lane does.
    private static let waitingByteLimit = 4 << 20
    private static let writtenByteCount = 256 * 1024

    private let separate: (_ isFirst: Bool, inout TextBuffer) -> Void
    private let monitor = Monitor()
    private var lanes: [Lane]
    private var isMerging = false
    private var free: [Part] = []
    private(set) var failure: CommandError?
    /// Whether no frame was printed.
    private(set) var isEmpty = true

    private var merged = TextBuffer(capacity: 2 * writtenByteCount)
    /// What is merged next, by lane.
    private var parts: [[Part]]

    private struct Lane {
        var waiting: [Part] = []
        var waitingByteCount = 0
        /// The lane has printed all of its frames up to this one.
        var printedThrough: UInt32 = 0
        var isEnded = false
    }

    init(laneCount: Int, separate: @escaping (_ isFirst: Bool, inout TextBuffer) -> Void) {
        self.separate = separate
        lanes = Array(repeating: Lane(), count: laneCount)
        parts = Array(repeating: [], count: laneCount)
    }

    /// Takes what a lane has printed of all its frames up to one, and gives an empty part for the next ones; nil to end there.
    func submit(_ part: Part, of lane: Int, through number: UInt32) -> Part? {
        monitor.locked {
            take(part, of: lane, through: number)
            while failure == nil, lanes[lane].waitingByteCount > Self.waitingByteLimit,
                lanes.contains(where: { $0.printedThrough < number && !$0.isEnded }) {
                monitor.wait()
            }
            return failure == nil ? free.popLast() ?? Part() : nil
        }
    }

    /// Takes the last that a lane prints: all of its frames up to one.
    func end(_ part: Part, of lane: Int, through number: UInt32) {
        monitor.locked {
            lanes[lane].isEnded = true
            take(part, of: lane, through: number)
        }
    }

    private func take(_ part: Part, of lane: Int, through number: UInt32) {
        lanes[lane].waiting.append(part)
        lanes[lane].waitingByteCount += part.byteCount
        lanes[lane].printedThrough = number
        mergeWhatIsComplete()
    }

    /// Only inside `monitor.locked`.
    private func mergeWhatIsComplete() {
        guard !isMerging else { return }
        isMerging = true
        var last: UInt32 = 0
        while failure == nil, let through = lanes.map(\.printedThrough).min(), through > last {
            last = through
            for lane in lanes.indices {
                parts[lane] += lanes[lane].waiting
                lanes[lane].waiting.removeAll(keepingCapacity: true)
            }
            monitor.unlocked { merge(through: through) }
            for lane in lanes.indices {
                lanes[lane].waitingByteCount = (parts[lane] + lanes[lane].waiting).reduce(0) { $0 + $1.byteCount }
            }
        }
        isMerging = false
        monitor.wakeAll()
    }

    private func merge(through last: UInt32) {
        while let lane = parts.indices.min(by: { next($0) < next($1) }), case let number = next(lane), number <= last, number < .max {
            let part = parts[lane][0]
            let frame = part.mergedCount
            separate(isEmpty, &merged)
            isEmpty = false
            let begin = frame == 0 ? 0 : part.frames[frame - 1].end
            merged.append(part.text.bytes(begin..<part.frames[frame].end))
            part.mergedCount += 1
            if merged.count >= Self.writtenByteCount { write() }
        }
        write()
    }

    /// The number of the frame that a lane has next; drops the parts that are used up.
    private func next(_ lane: Int) -> UInt32 {
        while let part = parts[lane].first {
            if part.mergedCount < part.frames.count { return part.frames[part.mergedCount].number }
            parts[lane].removeFirst()
            part.empty()
            monitor.locked { free.append(part) }
        }
        return .max
    }

    private func write() {
        do throws(CommandError) {
            if !merged.isEmpty { try Output.write(merged.bytes) }
        } catch {
            monitor.locked { failure = failure ?? error }
        }
        merged.truncate()
    }
}
