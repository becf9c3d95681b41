import Dissection
import Wire

/// Writes dissected frames in one output format. What it writes of a frame depends on that frame alone, so that several printers
/// can share the work.
public protocol PacketPrinter: SendableMetatype {
    /// Whether frames must still have their bytes when they are printed.
    var readsBytes: Bool { get }
    /// What comes before the first frame.
    mutating func begin(_ out: inout TextBuffer)
    /// What stands before a frame, besides its own text.
    func separate(isFirst: Bool, _ out: inout TextBuffer)
    /// A frame. Long texts are drained on the way.
    mutating func print(_ frame: borrowing DissectedFrame, _ out: inout TextBuffer)
    /// What comes after the last frame.
    mutating func end(isEmpty: Bool, _ out: inout TextBuffer)
}

extension PacketPrinter {
    public var readsBytes: Bool { true }
    public mutating func begin(_ out: inout TextBuffer) {}
    public func separate(isFirst: Bool, _ out: inout TextBuffer) {}
    public mutating func end(isEmpty: Bool, _ out: inout TextBuffer) {}
}
