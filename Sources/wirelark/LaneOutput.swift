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
        fileprivate var printed = PrintedFrames()
        /// Frames that are merged.
        private var mergedCount = 0

        /// Takes what was printed, and leaves room for more.
        func take(_ frames: inout PrintedFrames) { swap(&printed, &frames) }

        /// The number of the first frame that is not merged; nil when all are.
        fileprivate var next: UInt32? { mergedCount < printed.ends.count ? printed.ends[mergedCount].number : nil }

        /// Appends the texts of the frames up to one, as far as they are not merged.
        fileprivate func append(through number: UInt32, to text: inout TextBuffer, separate: (inout TextBuffer) -> Void) {
            printed.append(from: &mergedCount, through: number, to: &text, separate: separate)
        }

        fileprivate func empty() {
            printed.empty()
            mergedCount = 0
        }
    }

    /// Texts of frames, one behind the other.
    struct PrintedFrames: ~Copyable {
        var text = TextBuffer(capacity: 96 * 1024)
        /// The number of each frame, and where its text ends.
        fileprivate var ends: [(number: UInt32, end: Int)] = []

        var byteCount: Int { text.count }

        /// Says that a frame's text is complete.
        mutating func endFrame(_ number: UInt32) { ends.append((number, text.count)) }

        fileprivate func append(from index: inout Int, through number: UInt32, to out: inout TextBuffer, separate: (inout TextBuffer) -> Void) {
            while index < ends.count, ends[index].number <= number {
                separate(&out)
                out.append(text.bytes((index == 0 ? 0 : ends[index - 1].end)..<ends[index].end))
                index += 1
            }
        }

        fileprivate mutating func empty() {
            text.truncate()
            ends.removeAll(keepingCapacity: true)
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
        /// Whether the lane prints: it has begun, and not ended.
        var isRunning = false
    }

    init(laneCount: Int, separate: @escaping (_ isFirst: Bool, inout TextBuffer) -> Void) {
        self.separate = separate
        lanes = Array(repeating: Lane(), count: laneCount)
        parts = Array(repeating: [], count: laneCount)
    }

    /// Says that a lane prints from now on: others wait for it.
    func begin(_ lane: Int) { monitor.locked { lanes[lane].isRunning = true } }

    /// Takes what a lane has printed of all its frames up to one, and gives an empty part for the next ones; nil to end there.
    func submit(_ part: Part, of lane: Int, through number: UInt32) -> Part? {
        monitor.locked {
            take(part, of: lane, through: number)
            while failure == nil, lanes[lane].waitingByteCount > Self.waitingByteLimit,
                lanes.contains(where: { $0.printedThrough < number && $0.isRunning }) {
                monitor.wait()
            }
            return failure == nil ? free.popLast() ?? Part() : nil
        }
    }

    /// Takes the last that a lane prints: all of its frames up to one.
    func end(_ part: Part, of lane: Int, through number: UInt32) {
        monitor.locked {
            lanes[lane].isRunning = false
            take(part, of: lane, through: number)
        }
    }

    private func take(_ part: Part, of lane: Int, through number: UInt32) {
        lanes[lane].waiting.append(part)
        lanes[lane].waitingByteCount += part.printed.byteCount
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
                lanes[lane].waitingByteCount = (parts[lane] + lanes[lane].waiting).reduce(0) { $0 + $1.printed.byteCount }
            }
        }
        isMerging = false
        monitor.wakeAll()
    }

    private func merge(through last: UInt32) {
        // Taken out of the object for the while, so that each use of them is not watched.
        var parts = self.parts
        self.parts = []
        var text = TextBuffer(capacity: 64)
        swap(&text, &merged)
        var isFirst = isEmpty
        var next = parts.indices.map { nextNumber(of: &parts[$0]) }
        while let lane = next.indices.min(by: { next[$0] < next[$1] }), next[lane] <= last, next[lane] < .max {
            // All frames before the next one of the other lanes.
            var bound = last
            for other in next.indices where other != lane { bound = min(bound, next[other] - 1) }
            parts[lane][0].append(through: bound, to: &text) { text in
                separate(isFirst, &text)
                isFirst = false
            }
            next[lane] = nextNumber(of: &parts[lane])
            if text.count >= Self.writtenByteCount { write(&text) }
        }
        write(&text)
        swap(&text, &merged)
        self.parts = parts
        isEmpty = isFirst
    }

    /// The number of the frame that a lane has next; drops the parts that are used up.
    private func nextNumber(of parts: inout [Part]) -> UInt32 {
        while let part = parts.first {
            if let number = part.next { return number }
            parts.removeFirst()
            part.empty()
            monitor.locked { free.append(part) }
        }
        return .max
    }

    private func write(_ text: inout TextBuffer) {
        do throws(CommandError) {
            if !text.isEmpty { try Output.write(text.bytes) }
        } catch {
            monitor.locked { failure = failure ?? error }
        }
        text.truncate()
    }
}
