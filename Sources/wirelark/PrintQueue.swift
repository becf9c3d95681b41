import Dissection
import Presentation
import Threading
import Wire

/// Prints dissected frames in their order, while the next ones are dissected: other threads print what waits, and so does the
/// one that dissects where too much does. The output is the same with any number of threads.
///
/// ## Safety
/// What several threads use is touched inside `monitor.locked` alone; `printer`, `current` and `batchCount` belong to the thread
/// that dissects.
final class PrintQueue<Printer: PacketPrinter>: @unchecked Sendable {
    /// Batches that wait to be printed, at most.
    private static var waitingLimit: Int { 4 }
    /// Items of all batches that are not written yet, at most: hostile frames have a million each.
    private static var itemLimit: Int { 50_000 }
    /// Text of a batch that is written before the batch is printed to its end.
    private static var pieceByteCount: Int { 1 << 20 }
    /// Threads that print besides the one that dissects, at most.
    private static var workerLimit: Int { 3 }

    private let makePrinter: @Sendable () -> Printer
    /// Whether each frame is written at once: somebody watches them arrive.
    private let isLive: Bool
    /// Whether frames were printed before, by others.
    private let isContinued: Bool
    private let monitor = Monitor()

    private var waiting: [PrintBatch] = []
    private var printed: [Int: PrintBatch] = [:]
    private var free: [PrintBatch] = []
    private var unwrittenItemCount = 0
    private var nextToWrite = 0
    private var isWriting = false
    private var failure: CommandError?
    private var isEnded = false
    private var workerCount = 0
    /// Workers that wait for something to print.
    private var idleCount = 0

    private var printer: Printer
    private var current = PrintBatch()
    private var batchCount = 0

    /// - Parameter makePrinter: makes a printer for each thread.
    init(isLive: Bool, isContinued: Bool = false, _ makePrinter: @escaping @Sendable () -> Printer) {
        self.isLive = isLive
        self.isContinued = isContinued
        self.makePrinter = makePrinter
        printer = makePrinter()
    }

    // MARK: The thread that dissects

    /// Writes what comes before the first frame.
    func begin() throws(CommandError) {
        guard !isContinued else { return }
        var text = TextBuffer()
        printer.begin(&text)
        try Output.write(text.bytes)
    }

    /// Takes a frame over, and leaves one to be filled in its place.
    func add(_ slot: inout FrameSlot) throws(CommandError) {
        current.take(&slot, withBytes: printer.readsBytes)
        if isLive || current.isFull { try submit() }
    }

    /// Writes what is left, and what comes after the last frame.
    func end() throws(CommandError) {
        try submit()
        while let batch = takeWaiting() { print(batch, &printer) }
        try monitor.locked { () throws(CommandError) in
            while nextToWrite < batchCount { monitor.wait() }
            isEnded = true
            monitor.wakeAll()
            while workerCount > 0 { monitor.wait() }
            if let failure { throw failure }
        }
        var text = TextBuffer()
        printer.end(isEmpty: batchCount == 0 && !isContinued, &text)
        try Output.write(text.bytes)
    }

    private func submit() throws(CommandError) {
        guard current.count > 0 else { return }
        current.number = batchCount
        batchCount += 1
        if batchCount == 2, !isLive { startWorkers() }
        let next = monitor.locked {
            waiting.append(current)
            unwrittenItemCount += current.itemCount
            if idleCount > 0 { monitor.wakeAll() }
            return free.popLast()
        }
        current = next ?? PrintBatch()
        while let batch = takeExcess() { print(batch, &printer) }
        if let failure = monitor.locked({ failure }) { throw failure }
    }

    /// A batch to print here, because too many wait; waits itself where only those at work can help.
    private func takeExcess() -> PrintBatch? {
        monitor.locked {
            while unwrittenItemCount > Self.itemLimit, waiting.isEmpty { monitor.wait() }
            let isTooMuch = workerCount == 0 || waiting.count > Self.waitingLimit || unwrittenItemCount > Self.itemLimit
            return isTooMuch && !waiting.isEmpty ? waiting.removeFirst() : nil
        }
    }

    private func takeWaiting() -> PrintBatch? { monitor.locked { waiting.isEmpty ? nil : waiting.removeFirst() } }

    // MARK: Other threads

    private func startWorkers() {
        let count = min(Self.workerLimit, processorCount - 1)
        for _ in 0..<count {
            let isStarted = startThread { [self] in
                var printer = makePrinter()
                while let batch = awaitWaiting() { print(batch, &printer) }
                monitor.locked {
                    workerCount -= 1
                    monitor.wakeAll()
                }
            }
            if isStarted { monitor.locked { workerCount += 1 } }
        }
    }

    /// The next batch to print; nil when there will be none.
    private func awaitWaiting() -> PrintBatch? {
        monitor.locked {
            idleCount += 1
            while waiting.isEmpty, !isEnded { monitor.wait() }
            idleCount -= 1
            return waiting.isEmpty ? nil : waiting.removeFirst()
        }
    }

    // MARK: Printing and writing

    private func print(_ batch: PrintBatch, _ printer: inout Printer) {
        let number = batch.number
        batch.text.drain(beyond: Self.pieceByteCount) { [self] in writePart($0, of: number) }
        batch.print(&printer, isContinued: isContinued)
        monitor.locked {
            printed[batch.number] = batch
            guard !isWriting else { return }
            isWriting = true
            while let next = printed.removeValue(forKey: nextToWrite) {
                unwrittenItemCount -= next.itemCount
                monitor.unlocked {
                    write(next.text.bytes)
                    next.empty()
                }
                nextToWrite += 1
                free.append(next)
            }
            isWriting = false
            monitor.wakeAll()
        }
    }

    /// Writes a part of a batch's text, once all batches before it are written.
    private func writePart(_ text: ByteView, of number: Int) {
        monitor.locked { while nextToWrite < number { monitor.wait() } }
        write(text)
    }

    private func write(_ text: ByteView) {
        guard monitor.locked({ failure == nil }) else { return }
        do throws(CommandError) {
            try Output.write(text)
        } catch {
            monitor.locked { failure = error }
        }
    }
}
