/// Bytes that are taken out of each frame: one region counted from its front and one from its end.
public struct Chop: Sendable {
    /// Bytes of the first region, and where it starts: from the front, or where negative from the end.
    private var front = (byteCount: 0, offset: 0)
    /// Bytes of the second region, and how far before the end it stops: negative from the end, positive from the front.
    private var back = (byteCount: 0, offset: 0)

    public init() {}

    public var isNothing: Bool { front.byteCount == 0 && back.byteCount == 0 }

    /// Adds editcap's `-C offset:length`: a negative length counts back from its offset.
    public mutating func add(length: Int, offset: Int) {
        if length > 0 {
            front = (front.byteCount + length, front.offset + offset)
        } else if length < 0 {
            back = (back.byteCount - length, back.offset + offset)
        }
    }

    /// The bytes that go, as ranges that may overlap, of a frame of `count` bytes.
    func regions(of count: Int) -> [Range<Int>] {
        /// Nil outside of the frame, of which then nothing is taken.
        func place(_ offset: Int, isFront: Bool) -> Int? {
            let place = offset < 0 || !isFront && offset == 0 ? count + offset : offset
            return (0...count).contains(place) ? place : nil
        }
        var regions: [Range<Int>] = []
        if front.byteCount > 0, let start = place(front.offset, isFront: true) {
            regions.append(start..<min(start + front.byteCount, count))
        }
        if back.byteCount > 0, let end = place(back.offset, isFront: false) {
            regions.append(max(end - back.byteCount, 0)..<end)
        }
        return regions
    }

    /// The bytes that stay.
    func remaining(_ bytes: [UInt8]) -> [UInt8] {
        let regions = regions(of: bytes.count)
        return bytes.indices.filter { index in !regions.contains { $0.contains(index) } }.map { bytes[$0] }
    }
}
