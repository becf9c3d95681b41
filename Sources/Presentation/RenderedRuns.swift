import Dissection
import Wire

/// Texts of runs of items as one printer wrote them before.
///
/// ## Safety
/// The slots are allocated in `init` and freed in `deinit`, with the texts in them. A slot number is always masked to the table.
final class RenderedRuns {
    private struct Slot: ~Copyable {
        var number: UInt64 = 0
        /// The frame that the text was last promised to, by its number among the printer's.
        var frame: UInt64 = 0
        var text = TextBuffer(capacity: 64)
    }

    private static let slotCount = 1024

    private let slots: UnsafeMutablePointer<Slot>
    /// In memory of its own, as each access to a variable property would be checked.
    private let frame: UnsafeMutablePointer<UInt64>

    init() {
        slots = .allocate(capacity: Self.slotCount)
        for number in 0..<Self.slotCount { (slots + number).initialize(to: Slot()) }
        frame = .allocate(capacity: 1)
        frame.initialize(to: 1)
    }

    deinit {
        slots.deinitialize(count: Self.slotCount)
        slots.deallocate()
        frame.deallocate()
    }

    /// Appends the text of a run: as it was written before, or as `write` writes it, for the next time.
    @inline(__always)
    func append(_ run: ItemRun, to out: inout TextBuffer, _ write: (inout TextBuffer) -> Void) {
        let slot = slot(of: run)
        if slot.pointee.number == run.number { return out.append(slot.pointee.text.bytes) }
        writeAndKeep(run, &out, write)
    }

    private func writeAndKeep(_ run: ItemRun, _ out: inout TextBuffer, _ write: (inout TextBuffer) -> Void) {
        let begin = out.count
        out.withoutDraining(write)
        let slot = slot(of: run)
        if slot.pointee.frame == frame.pointee { return }
        slot.pointee.number = run.number
        slot.pointee.text.truncate()
        slot.pointee.text.append(out.bytes(begin..<out.count))
    }

    /// What was promised before is needed no longer.
    func beginFrame() { frame.pointee &+= 1 }

    /// Whether the run was written before; if so, it stays until the next frame begins.
    @inline(__always)
    func promises(_ run: ItemRun) -> Bool {
        let slot = slot(of: run)
        guard slot.pointee.number == run.number else { return false }
        slot.pointee.frame = frame.pointee
        return true
    }

    @inline(__always)
    private func slot(of run: ItemRun) -> UnsafeMutablePointer<Slot> { slots + (Int(truncatingIfNeeded: run.number) & (Self.slotCount - 1)) }
}

/// Runs of a frame as a printer comes to them, from the first on.
struct RunCursor {
    private var next = 0
    /// The place among the frame's runs of the one that was found last.
    var index: Int { next - 1 }

    /// The run that begins with the item at `index`, behind those asked for before.
    @inline(__always)
    mutating func run(at index: Int, _ frame: borrowing DissectedFrame) -> ItemRun? {
        while next < frame.runCount {
            let run = frame.run(next)
            if run.start > index { return nil }
            next &+= 1
            if run.start == index { return run }
        }
        return nil
    }
}
