/// The last frame between each two addresses that a display filter may let pass. Of a fixed size: those that share a place keep each
/// other's frames.
struct Outlook {
    private static let bitCount = 16

    private var lastFrames = [UInt32](repeating: 0, count: 1 << bitCount)
    /// The last frame of all that is of use.
    private(set) var end: UInt32 = 0

    /// Notes a frame that may pass; frames come in order.
    mutating func note(_ pair: UInt32, _ frame: UInt32) {
        lastFrames[Self.place(of: pair)] = frame
        end = frame
    }

    /// Something comes at the end that is of use for itself.
    mutating func keepOn() { end = .max }

    /// Whether neither this frame nor one after it can pass.
    func isOver(_ pair: UInt32, _ frame: UInt32) -> Bool { frame > lastFrames[Self.place(of: pair)] }

    private static func place(of pair: UInt32) -> Int { Int((pair &* 0x85eb_ca6b) >> UInt32(32 - bitCount)) }
}
