/// The last frames that a display filter may let pass: of each conversation of ordinary frames, of the others between each two addresses,
/// and of all between them. Of a fixed size: those that share a place keep each other's frames.
struct Outlook {
    private static let bitCount = 15

    private var ofConversation = [UInt32](repeating: 0, count: 1 << bitCount)
    private var ofOthers = [UInt32](repeating: 0, count: 1 << bitCount)
    private var ofPair = [UInt32](repeating: 0, count: 1 << bitCount)
    /// The last frame of all that is of use.
    private(set) var end: UInt32 = 0

    /// Notes a frame that may pass; frames come in order.
    /// - Parameters:
    ///   - headers: of an ordinary frame.
    ///   - pair: the number of its addresses.
    mutating func note(_ headers: FrameHeaders?, _ pair: UInt32, _ frame: UInt32) {
        if let headers { ofConversation[Self.place(of: pair ^ headers.portPair)] = frame } else { ofOthers[Self.place(of: pair)] = frame }
        ofPair[Self.place(of: pair)] = frame
        end = frame
    }

    /// Something comes at the end that is of use for itself.
    mutating func keepOn() { end = .max }

    /// Whether neither this frame can pass nor one after it that it is remembered for.
    func isOver(_ headers: FrameHeaders?, _ pair: UInt32, _ frame: UInt32) -> Bool {
        guard let headers else { return frame > ofPair[Self.place(of: pair)] }
        return frame > ofConversation[Self.place(of: pair ^ headers.portPair)] && frame > ofOthers[Self.place(of: pair)]
    }

    private static func place(of number: UInt32) -> Int { Int((number &* 0x85eb_ca6b) >> UInt32(32 - bitCount)) }
}
