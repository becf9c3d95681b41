/// Both directions of a TCP conversation as a capture may have them: random bytes in segments that are lost, sent twice,
/// overlap, and come in any order, with sequence numbers that may pass zero on the way.
public struct SegmentSchedule: Sendable {
    /// What can happen to a stream.
    public enum Ingredient: String, CaseIterable, Sendable { case loss, duplicate, overlap, reorder, wrap }

    /// What one side says.
    public struct Direction: Sendable {
        public let bytes: [UInt8]
        /// The sequence number of the first byte.
        public let firstSequence: UInt32
        /// Whether the capture has the SYN, which tells where the stream begins.
        public let hasSynchronization: Bool

        public func sequence(at offset: Int) -> UInt32 { firstSequence &+ UInt32(offset) }
    }

    /// Bytes of one direction, in the order of the capture; none where a direction ends in a segment of its own.
    public struct Segment: Sendable {
        public let isReverse: Bool
        public let range: Range<Int>
        /// Whether the direction ends with the segment.
        public let hasFinish: Bool
    }

    /// Bytes of one direction, at most.
    private static let byteLimit = 160
    /// Bytes of one segment, at most.
    private static let segmentByteLimit = 40

    public let directions: [Direction]
    public let segments: [Segment]

    public func direction(of segment: Segment) -> Direction { directions[segment.isReverse ? 1 : 0] }
    public func bytes(of segment: Segment) -> ArraySlice<UInt8> { direction(of: segment).bytes[segment.range] }

    /// - Parameter bytes: makes what one side says, of a given length.
    public init(_ random: inout SeededRandom, bytes: (Int, inout SeededRandom) -> [UInt8] = { $1.bytes($0) }) {
        var directions: [Direction] = []
        var segments: [Segment] = []
        for isReverse in [false, true] {
            let stream = bytes(random.below(Self.byteLimit), &random)
            let wraps = random.oneIn(2) && !stream.isEmpty
            directions.append(Direction(
                bytes: stream, firstSequence: wraps ? 0 &- UInt32(random.below(stream.count) + 1) : UInt32(truncatingIfNeeded: random.next()),
                hasSynchronization: !random.oneIn(4)))
            segments = Self.interleave(segments, Self.segments(isReverse, of: stream.count, &random), &random)
        }
        self.directions = directions
        self.segments = segments
    }

    /// The segments of one direction, with the end of the stream in all that have its last byte, or in one of its own, or nowhere.
    private static func segments(_ isReverse: Bool, of count: Int, _ random: inout SeededRandom) -> [Segment] {
        let finishesWithData = random.oneIn(3)
        var segments = ranges(of: count, &random).map { range in
            Segment(isReverse: isReverse, range: range, hasFinish: finishesWithData && range.upperBound == count)
        }
        if !finishesWithData, random.oneIn(2) {
            let place = random.oneIn(2) ? segments.count : random.below(segments.count + 1)
            segments.insert(Segment(isReverse: isReverse, range: count..<count, hasFinish: true), at: place)
        }
        return segments
    }

    /// A stream of `count` bytes cut into segments, with what may go wrong.
    private static func ranges(of count: Int, _ random: inout SeededRandom) -> [Range<Int>] {
        var ranges: [Range<Int>] = []
        var end = 0
        while end < count {
            let begin = end
            end = min(count, begin + 1 + random.below(segmentByteLimit))
            ranges.append(begin..<end)
        }
        guard count > 0 else { return [] }
        if random.oneIn(2) {
            let begin = random.below(count)
            ranges.insert(begin..<min(count, begin + 1 + random.below(segmentByteLimit)), at: random.below(ranges.count + 1))
        }
        if random.oneIn(2) { ranges.insert(ranges[random.below(ranges.count)], at: random.below(ranges.count + 1)) }
        if random.oneIn(2) { swapSome(&ranges, &random) }
        if random.oneIn(3) { ranges.remove(at: random.below(ranges.count)) }
        return ranges
    }

    /// Swaps neighbors and what is not far apart; now and then everything.
    private static func swapSome(_ ranges: inout [Range<Int>], _ random: inout SeededRandom) {
        if random.oneIn(4) {
            ranges.shuffle(using: &random)
            return
        }
        for _ in 0...random.below(3) {
            let first = random.below(ranges.count)
            ranges.swapAt(first, min(ranges.count - 1, first + 1 + random.below(3)))
        }
    }

    private static func interleave(_ first: [Segment], _ second: [Segment], _ random: inout SeededRandom) -> [Segment] {
        var (first, second) = (first[...], second[...])
        var merged: [Segment] = []
        while !first.isEmpty || !second.isEmpty {
            let takesFirst = second.isEmpty || !first.isEmpty && random.oneIn(2)
            merged.append(takesFirst ? first.removeFirst() : second.removeFirst())
        }
        return merged
    }

    /// What did happen, as the segments tell.
    public var ingredients: Set<Ingredient> {
        var found: Set<Ingredient> = []
        for (index, direction) in directions.enumerated() {
            let ranges = segments.filter { $0.isReverse == (index == 1) && !$0.range.isEmpty }.map(\.range)
            if Int64(direction.firstSequence) + Int64(direction.bytes.count) > 1 << 32 { found.insert(.wrap) }
            var isSeen = [Bool](repeating: false, count: direction.bytes.count)
            var highest = 0
            for (position, range) in ranges.enumerated() {
                let isNew = range.contains { !isSeen[$0] }
                if isNew, range.lowerBound < highest, !isSeen[range.lowerBound] { found.insert(.reorder) }
                for earlier in ranges[..<position] where earlier.overlaps(range) { found.insert(earlier == range ? .duplicate : .overlap) }
                for offset in range { isSeen[offset] = true }
                highest = max(highest, range.upperBound)
            }
            if isSeen.contains(false) { found.insert(.loss) }
        }
        return found
    }
}

