import Dissection
import Presentation
import Wire

/// Dissected frames that are printed together, and their text.
///
/// ## Safety
/// One thread at a time has a batch: the one that fills it, then the one that prints it. The slots are made as they are needed and
/// destroyed in `deinit`, and indexed below `count`.
final class PrintBatch: @unchecked Sendable {
    /// Frames of a batch, at most: enough that waking another thread for it costs little.
    static let frameLimit = 256
    /// Items of a batch beyond which no more frames are added: their text is to stay in the processor's cache.
    private static let itemLimit = 2048

    private let slots = UnsafeMutablePointer<FrameSlot>.allocate(capacity: frameLimit)
    /// Slots that were made; the others are raw memory.
    private var slotCount = 0
    private(set) var count = 0
    private(set) var itemCount = 0
    /// The batch's place among all, from 0.
    var number = 0
    var text = TextBuffer(capacity: 64 * 1024)

    deinit {
        slots.deinitialize(count: slotCount)
        slots.deallocate()
    }

    var isFull: Bool { count == Self.frameLimit || itemCount >= Self.itemLimit }

    /// Takes a frame over, and leaves one to be filled in its place.
    func take(_ slot: inout FrameSlot, withBytes: Bool) {
        if withBytes { slot.frame.keepBytes() }
        if count == slotCount {
            (slots + count).initialize(to: FrameSlot())
            slotCount += 1
        }
        itemCount += slot.frame.itemCount
        swap(&slot, &slots[count])
        count += 1
    }

    /// Prints all frames into `text`.
    /// - Parameter isContinued: whether frames were printed before the first batch.
    func print(_ printer: inout some PacketPrinter, isContinued: Bool) {
        for index in 0..<count {
            printer.separate(isFirst: number == 0 && index == 0 && !isContinued, &text)
            printer.print(slots[index].frame, &text)
        }
    }

    /// Makes the batch ready to be filled again.
    func empty() {
        for index in 0..<count { slots[index].frame.release() }
        count = 0
        itemCount = 0
        text.truncate()
    }
}
