import CaptureFile
import Threading
import Wire

/// Takes what the sources receive, writes it to files and hands it to the printer, until a limit is reached, somebody stops it, or all
/// sources have ended.
public final class Recorder {
    private static let tickSeconds = 0.1

    private let sources: [any PacketSource]
    private let queue: PacketQueue
    private let series: RecordingSeries?
    private let printer: PrinterFeed?
    private let limits: RecordingLimits
    private let began = CaptureClock.now
    private let beginSeconds = CaptureClock.seconds
    private let failures = SourceFailures()
    private var recordedCount = 0
    private var unwantedCount = 0
    /// Why the files could not be written any further, if so.
    public private(set) var failure: CaptureError?
    /// The last source's error, where each ended with one, of which `complain` was told.
    public var sourceFailure: CaptureError? { failures.count == sources.count ? failures.last : nil }

    public init(_ sources: [any PacketSource], _ queue: PacketQueue, _ series: RecordingSeries?, _ printer: PrinterFeed?, _ limits: RecordingLimits) {
        self.sources = sources
        self.queue = queue
        self.series = series
        self.printer = printer
        self.limits = limits
        series?.statistics = { [unowned self] in statistics }
    }

    /// - Parameters:
    ///   - isStopped: asked several times a second.
    ///   - whenStopped: called once the capture is being ended, whyever.
    ///   - tick: called as often.
    ///   - complain: told of each source that ends with an error.
    public func run(
        isStopped: () -> Bool, whenStopped: () -> Void, tick: (Recorder) -> Void, complain: @escaping @Sendable (CaptureError) -> Void
    ) {
        start(complain)
        var isStopping = false
        var nextTick = 0.0
        while !queue.isFinished(afterStop: isStopping) {
            if let batch = nextBatch() { take(batch) }
            let now = CaptureClock.seconds
            if now >= nextTick {
                nextTick = now + Self.tickSeconds
                do throws(CaptureError) { try series?.checkTime() } catch { fail(error) }
                tick(self)
            }
            if !isStopping, isStopped() || isOver(now) {
                isStopping = true
                for source in sources { source.stop() }
                whenStopped()
            }
        }
        series?.finishFile()
        printer?.end()
    }

    private func start(_ complain: @escaping @Sendable (CaptureError) -> Void) {
        for source in sources {
            queue.beginSource(endsWhenStopped: source.endsWhenStopped)
            let (queue, failures) = (queue, failures)
            let run: @Sendable () -> Void = {
                do throws(CaptureError) {
                    try source.run(into: queue)
                } catch {
                    failures.note(error)
                    complain(error)
                }
                queue.endSource(endsWhenStopped: source.endsWhenStopped)
            }
            if !startThread(run) {
                failures.note(CaptureError(.refused, "There are too many threads to capture on \"\(source.title)\"."))
                queue.endSource(endsWhenStopped: source.endsWhenStopped)
            }
        }
    }

    /// What is only printed waits for the printer if it can: packets in a pipe are not lost meanwhile.
    private func nextBatch() -> PacketBatch? {
        if series == nil, let printer, sources.allSatisfy(\.packetsWait), !printer.isReady(atMost: Self.tickSeconds) { return nil }
        return queue.pop(atMost: Self.tickSeconds)
    }

    private func take(_ batch: PacketBatch) {
        let wanted = failure != nil || series?.isComplete ?? false ? 0 : limits.packets.map { max(0, $0 - recordedCount) } ?? .max
        if batch.packetCount > wanted {
            unwantedCount += batch.packetCount - wanted
            batch.truncate(to: wanted)
        }
        let before = series?.packetCount ?? 0
        do throws(CaptureError) { try series?.write(batch) } catch { fail(error) }
        if let series, series.isComplete {
            // The last file was full in the middle of the batch.
            let count = series.packetCount - before
            unwantedCount += batch.packetCount - count
            batch.truncate(to: count)
        }
        recordedCount += batch.packetCount
        // Packets that a full disk has kept from the file are not printed either.
        if let printer, !batch.isEmpty, failure == nil { printer.offer(batch) } else { queue.recycle(batch) }
    }

    private func fail(_ error: CaptureError) { failure = failure ?? error }

    private func isOver(_ now: Double) -> Bool {
        if failure != nil || series?.isComplete ?? false { return true }
        if series == nil, printer?.hasLostReader ?? false { return true }
        if let limit = limits.packets, recordedCount >= limit { return true }
        return limits.seconds.map { now - beginSeconds >= $0 } ?? false
    }

    // MARK: Counts

    public var counts: CaptureCounts {
        var counts = CaptureCounts()
        counts.sources = sources.map { ($0.title, $0.counts) }
        counts.unwanted = unwantedCount
        counts.notPrinted = printer?.droppedCount ?? 0
        counts.written = series?.packetCount ?? (recordedCount - counts.notPrinted)
        counts.isRecorded = series != nil
        counts.recorded = recordedCount
        counts.seconds = CaptureClock.seconds - beginSeconds
        counts.fileByteCount = series?.byteCount ?? 0
        return counts
    }

    private var statistics: [InterfaceStatistics] {
        let now = CaptureClock.now
        return sources.compactMap { source in
            guard let index = source.interfaceIndex else { return nil }
            let counts = source.counts
            var statistics = InterfaceStatistics()
            statistics.interfaceIndex = index
            statistics.timestamp = now
            statistics.startTime = began
            statistics.endTime = now
            statistics.receivedCount = UInt64(counts.received)
            statistics.droppedCount = UInt64(counts.droppedByInterface)
            statistics.systemDroppedCount = UInt64(counts.droppedByKernel)
            return statistics
        }
    }
}
