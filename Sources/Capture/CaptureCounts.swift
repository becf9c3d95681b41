import Synchronization

/// What became of the packets of a capture: `received` = `written` + `filtered` + `dropped`, once it has ended.
public struct CaptureCounts: Sendable {
    /// Each with its title.
    public var sources: [(title: String, counts: SourceCounts)] = []
    /// In the files, or without files handed to the printer.
    public var written = 0
    /// Whether there are files.
    public var isRecorded = false
    /// Packets that came after the last one that was wanted; they count as never received.
    public var unwanted = 0
    /// Packets that were too many for the printer.
    public var notPrinted = 0
    /// Packets that were taken from the queue and wanted.
    public var recorded = 0
    public var seconds = 0.0
    /// Of the current file.
    public var fileByteCount = 0

    public init() {}

    private func sum(_ count: KeyPath<SourceCounts, Int>) -> Int { sources.reduce(0) { $0 + $1.counts[keyPath: count] } }

    public var received: Int { sum(\.received) - unwanted }
    public var filtered: Int { sum(\.filtered) }
    public var droppedByKernel: Int { sum(\.droppedByKernel) }
    public var droppedByInterface: Int { sum(\.droppedByInterface) }
    /// Received here, and neither in the file nor, where there is none, with the printer.
    public var droppedHere: Int { sum(\.queued) - unwanted - written }
    public var dropped: Int { droppedByKernel + droppedHere }
}

/// The errors with which sources ended.
final class SourceFailures: Sendable {
    private let list = Mutex<[CaptureError]>([])

    func note(_ error: CaptureError) { list.withLock { $0.append(error) } }
    var count: Int { list.withLock { $0.count } }
    var last: CaptureError? { list.withLock { $0.last } }
}
