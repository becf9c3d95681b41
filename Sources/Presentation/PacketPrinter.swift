import Dissection
import Wire

/// Writes dissected frames in one output format.
public protocol PacketPrinter {
    /// What comes before the first frame.
    mutating func begin(_ out: inout TextBuffer)
    mutating func print(_ frame: borrowing DissectedFrame, _ out: inout TextBuffer)
    /// What comes after the last frame.
    mutating func end(_ out: inout TextBuffer)
}

extension PacketPrinter {
    public mutating func begin(_ out: inout TextBuffer) {}
    public mutating func end(_ out: inout TextBuffer) {}
}
