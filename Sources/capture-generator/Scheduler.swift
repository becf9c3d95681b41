/// Interleaves conversations by time until the capture has the wanted size.
struct Scheduler {
    /// When the capture begins: 2023-11-14 22:13:20 UTC.
    static let start: Microseconds = 1_700_000_000_000_000
    /// With lifetimes of one to two seconds on average, several hundred conversations are open at a time.
    private static let meanArrivalGap = 4_000

    private var random: SplitMix64
    private let mix: TrafficMix
    private var queue = EventQueue()
    private var running: [Running] = []
    private var freeSlots: [Int] = []

    private struct Running {
        var conversation: any Conversation
        var batch: [TimedFrame]
        var nextIndex = 0
    }

    init(seed: UInt64) {
        random = SplitMix64(seed: seed)
        mix = TrafficMix()
    }

    /// Writes frames until the file has at least `byteCount` bytes; conversations then open end unfinished, as they do
    /// when a real capture is stopped.
    mutating func run(into writer: inout CaptureWriter, byteCount: Int) throws {
        var nextArrival = Self.start
        while writer.byteCount < byteCount {
            if let event = queue.first, event.time <= nextArrival {
                queue.removeFirst()
                try writeFrame(of: event.slot, into: &writer)
            } else {
                admit(mix.conversation(startingAt: nextArrival, random: &random))
                nextArrival += Microseconds(random.below(2 * Self.meanArrivalGap))
            }
        }
        try writer.flush()
    }

    private mutating func admit(_ newcomer: any Conversation) {
        var conversation = newcomer
        let batch = conversation.nextBatch()
        guard let first = batch.first else { return }
        let entry = Running(conversation: conversation, batch: batch)
        let slot: Int
        if let free = freeSlots.popLast() {
            slot = free
            running[free] = entry
        } else {
            slot = running.count
            running.append(entry)
        }
        queue.insert(time: first.time, slot: slot)
    }

    private mutating func writeFrame(of slot: Int, into writer: inout CaptureWriter) throws {
        try writer.write(running[slot].batch[running[slot].nextIndex])
        running[slot].nextIndex += 1
        if running[slot].nextIndex == running[slot].batch.count {
            running[slot].batch = running[slot].conversation.nextBatch()
            running[slot].nextIndex = 0
        }
        if running[slot].batch.isEmpty {
            freeSlots.append(slot)
        } else {
            queue.insert(time: running[slot].batch[running[slot].nextIndex].time, slot: slot)
        }
    }
}

/// A binary heap of who is next, equal times in the order of insertion.
struct EventQueue {
    struct Event {
        var time: Microseconds
        var order: Int
        var slot: Int

        static func precedes(_ a: Event, _ b: Event) -> Bool { (a.time, a.order) < (b.time, b.order) }
    }

    private var heap: [Event] = []
    private var insertedCount = 0

    var first: Event? { heap.first }

    mutating func insert(time: Microseconds, slot: Int) {
        heap.append(Event(time: time, order: insertedCount, slot: slot))
        insertedCount += 1
        var index = heap.count - 1
        while index > 0, Event.precedes(heap[index], heap[(index - 1) / 2]) {
            heap.swapAt(index, (index - 1) / 2)
            index = (index - 1) / 2
        }
    }

    mutating func removeFirst() {
        heap.swapAt(0, heap.count - 1)
        heap.removeLast()
        var index = 0
        var child = 1
        while child < heap.count {
            if child + 1 < heap.count, Event.precedes(heap[child + 1], heap[child]) { child += 1 }
            guard Event.precedes(heap[child], heap[index]) else { break }
            heap.swapAt(index, child)
            index = child
            child = 2 * index + 1
        }
    }
}
