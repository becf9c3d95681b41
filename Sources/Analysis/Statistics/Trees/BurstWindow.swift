/// The busiest span of a node: how much at most was counted within a window of time, and when that began.
struct BurstWindow: Sendable {
    /// Milliseconds of the window, and of the buckets that it is made of.
    static let windowMilliseconds = 100.0
    static let bucketMilliseconds = 5.0
    private static let bucketCount = windowMilliseconds / bucketMilliseconds

    private struct Bucket {
        var number: Double
        /// The time of its first packet.
        var start: Double
        var count: Int64
    }

    /// The buckets of the window in order of time, never none: the first is that of the capture's start.
    private var buckets = [Bucket(number: 0, start: 0, count: 0)]
    private var count: Int64 = 0
    private(set) var mostCount: Int64 = 0
    /// Milliseconds from the start of the capture.
    private(set) var mostStart = 0.0

    /// Bytes of memory that lie apart from the window.
    var byteCount: Int { buckets.storageByteCount }

    mutating func add(_ value: Int64, at now: Double) {
        let number = (now / Self.bucketMilliseconds).rounded(.down)
        let (head, tail) = (buckets[0].number, buckets[buckets.count - 1].number)
        if number > tail {
            buckets.append(Bucket(number: number, start: now, count: value))
            count += value
            dropOld(before: number - Self.bucketCount)
        } else if number < head {
            guard number + Self.bucketCount > tail else { return }
            buckets.insert(Bucket(number: number, start: now, count: value), at: 0)
            count += value
        } else {
            addWithin(value, number, now)
        }
        if count > mostCount {
            mostCount = count
            mostStart = buckets[0].start
        }
    }

    /// Adds to a bucket between the first and the last one, for packets that are out of order or close together.
    private mutating func addWithin(_ value: Int64, _ number: Double, _ now: Double) {
        var index = buckets.count - 1
        while index > 0, buckets[index].number > number { index -= 1 }
        if buckets[index].number == number {
            buckets[index].count += value
            buckets[index].start = min(buckets[index].start, now)
        } else {
            buckets.insert(Bucket(number: number, start: now, count: value), at: index + 1)
        }
        count += value
    }

    private mutating func dropOld(before limit: Double) {
        var dropped = 0
        while dropped < buckets.count - 1, buckets[dropped].number <= limit {
            count -= buckets[dropped].count
            dropped += 1
        }
        if dropped > 0 { buckets.removeFirst(dropped) }
    }
}
