import Analysis
import CaptureFile
import DisplayFilter
import Dissection
import Presentation
import Threading
import Wire

/// Whether captures are read in several lanes, and which.
struct LaneSettings {
    /// Lanes of a capture, at most.
    var count = min(4, processorCount)
    /// Captures with fewer bytes are done before other threads have begun.
    var byteCount: Int64 = 4 << 20
}

enum LaneOutcome {
    /// The run came to the end of the file, or to what is wrong with it, and printed nothing or something.
    case finished(isEmpty: Bool, CommandError?)
    /// From this frame on the capture must be read by one session.
    case left(from: UInt32)
}

/// A run over a capture in several lanes at once, each on a thread of its own that reads, dissects, filters and prints.
final class LaneRun<Printer: PacketPrinter>: Sendable {
    private let filter: DisplayFilter
    private let makePrinter: @Sendable () -> Printer
    private let openSession: OpenLane
    private let lanes: FrameLanes
    private let output: LaneOutput

    /// Frames whose text a lane hands on together, at most.
    private static var frameLimit: UInt32 { 1024 }
    /// Text that a lane hands on, at least, unless it has come by so many frames.
    private static var partByteCount: Int { 64 * 1024 }

    init(
        _ lanes: FrameLanes, filter: DisplayFilter, printer makePrinter: @escaping @Sendable () -> Printer,
        session openSession: @escaping OpenLane
    ) {
        self.lanes = lanes
        self.filter = filter
        self.makePrinter = makePrinter
        self.openSession = openSession
        let printer = makePrinter()
        output = LaneOutput(laneCount: lanes.count) { isFirst, text in printer.separate(isFirst: isFirst, &text) }
    }

    func run(_ progress: Progress) throws(CommandError) -> LaneOutcome {
        let end = LaneThreads.run(count: lanes.count, first: { run(0, progress) }, others: { [self] in run($0, nil) })
        if let failure = output.failure { throw failure }
        if let frame = end.unfitFrame { return .left(from: frame) }
        return .finished(isEmpty: output.isEmpty, end.failure)
    }

    private func run(_ number: Int, _ progress: Progress?) -> LaneEnd {
        output.begin(number)
        var last = LaneOutput.PrintedFrames()
        var printedThrough = UInt32.max
        let end = LaneEnd(number, of: lanes, openSession) { session in
            // Interrupted, others may have come farther.
            defer { if Interruption.isRequested { printedThrough = session.frameCount } }
            try printFrames(&session, number, into: &last, progress)
        }
        let part = LaneOutput.Part()
        part.take(&last)
        output.end(part, of: number, through: printedThrough)
        return end
    }

    /// - Parameter frames: what was printed and not handed on, in the end.
    private func printFrames(_ session: inout Session, _ number: Int, into frames: inout LaneOutput.PrintedFrames, _ progress: Progress?) throws {
        var printer = makePrinter()
        var part = LaneOutput.Part()
        var submitted: UInt32 = 0
        let filter = filter.isEmpty ? nil : filter
        while !Interruption.isRequested, try session.next() {
            progress?.update(session.reader.storedOffset)
            let frame = session.frameCount
            if filter?.matches(session.context.dissected) ?? true {
                printer.print(session.context.dissected, &frames.text)
                frames.endFrame(frame)
            }
            guard frames.byteCount >= Self.partByteCount || frame - submitted >= Self.frameLimit else { continue }
            submitted = frame
            part.take(&frames)
            guard let next = output.submit(part, of: number, through: frame) else { return }
            part = next
        }
    }
}
