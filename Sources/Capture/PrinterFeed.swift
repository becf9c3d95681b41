import CaptureFile
import Synchronization
import Threading
import Wire

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Batches on their way into a pipe that another process prints from. It takes what there is room for: a printer that is too slow
/// loses packets, which are counted, and nothing waits for it but who asks for that (`isReady`).
///
/// ## Safety
/// Everything that changes is changed under the monitor's lock, but what the writing thread alone uses.
public final class PrinterFeed: @unchecked Sendable {
    private let queue: PacketQueue
    private let interfaces: CaptureInterfaces
    private let monitor = Monitor()
    private var waiting: [PacketBatch] = []
    private var isEnding = false
    private var hasEnded = false
    private var lostCount = 0
    private let isBroken = Atomic(false)
    private let type: CaptureFileType
    private let description: CaptureDescription

    /// Packets that were not handed to the printer.
    public var droppedCount: Int { monitor.locked { lostCount } }
    /// Whether nobody reads from the pipe any more.
    public var hasLostReader: Bool { isBroken.load(ordering: .relaxed) }

    public init(_ type: CaptureFileType, _ description: CaptureDescription, _ queue: PacketQueue, _ interfaces: CaptureInterfaces) {
        self.type = type
        self.description = description
        self.queue = queue
        self.interfaces = interfaces
    }

    /// Starts to write to `descriptor`, which is closed at the end.
    public func start(_ descriptor: Int32) {
        let isStarted = startThread { [self] in
            var head = StreamHead(type, description)
            // The header goes ahead of the packets, so that what is wrong with the printer shows at once.
            write(nil, &head, descriptor)
            while let batch = next() {
                write(batch, &head, descriptor)
                queue.recycle(batch)
            }
            finish(descriptor)
        }
        guard !isStarted else { return }
        isBroken.store(true, ordering: .relaxed)
        finish(descriptor)
    }

    private func finish(_ descriptor: Int32) {
        close(descriptor)
        monitor.locked {
            hasEnded = true
            monitor.wakeAll()
        }
    }

    private func next() -> PacketBatch? {
        monitor.locked {
            while waiting.isEmpty, !isEnding { monitor.wait() }
            guard !waiting.isEmpty else { return nil }
            monitor.wakeAll()
            return waiting.removeFirst()
        }
    }

    private func write(_ batch: PacketBatch?, _ head: inout StreamHead, _ descriptor: Int32) {
        let count = batch?.packetCount ?? 0
        let known = interfaces.all
        let missing = (try? head.missing(known, upTo: batch?.interfaceCount ?? known.count)) ?? []
        var failure = hasLostReader ? 1 : missing.withUnsafeBytes { writeAll(ByteView($0), to: descriptor) }
        if failure == 0, let batch { failure = writeAll(batch.bytes(0..<count), to: descriptor) }
        guard failure != 0 else { return }
        isBroken.store(true, ordering: .relaxed)
        monitor.locked { lostCount += count }
    }

    /// Waits until there is room for a batch, or nobody reads any more, but no longer than about `seconds`.
    /// - Returns: whether a batch is taken, or lost for good, if it is offered now.
    func isReady(atMost seconds: Double) -> Bool {
        monitor.locked {
            if waiting.count >= queue.printerBatchLimit, !hasLostReader { monitor.wait(atMost: seconds) }
            return waiting.count < queue.printerBatchLimit || hasLostReader
        }
    }

    /// Takes the batch over.
    func offer(_ batch: PacketBatch) {
        let isTaken = monitor.locked {
            if waiting.count > 1, let last = waiting.last, last.append(contentsOf: batch) { return false }
            guard waiting.count < queue.printerBatchLimit, !hasLostReader else {
                lostCount += batch.packetCount
                return false
            }
            waiting.append(batch)
            monitor.wakeAll()
            return true
        }
        if !isTaken { queue.recycle(batch) }
    }

    /// Waits until everything that was taken is written.
    public func end() {
        monitor.locked {
            isEnding = true
            monitor.wakeAll()
            while !hasEnded { monitor.wait() }
        }
    }
}
