/// A point in time, or a span of time, in seconds and nanoseconds. As a point it counts from 1970-01-01 00:00:00 UTC.
@frozen
public struct Timestamp: Hashable, Comparable, Sendable {
    public var seconds: Int64
    /// 0..<1,000,000,000, also when `seconds` is negative.
    public var nanoseconds: Int32

    @inlinable
    public init(seconds: Int64, nanoseconds: Int32) {
        self.seconds = seconds
        self.nanoseconds = nanoseconds
    }

    @inlinable public static var zero: Timestamp { Timestamp(seconds: 0, nanoseconds: 0) }

    @inlinable
    public static func < (a: Timestamp, b: Timestamp) -> Bool {
        a.seconds != b.seconds ? a.seconds < b.seconds : a.nanoseconds < b.nanoseconds
    }

    /// The difference, wrapping on absurd values from a damaged file rather than trapping.
    @inlinable
    public static func - (a: Timestamp, b: Timestamp) -> Timestamp {
        var seconds = a.seconds &- b.seconds
        var nanoseconds = a.nanoseconds - b.nanoseconds
        if nanoseconds < 0 {
            nanoseconds += 1_000_000_000
            seconds &-= 1
        }
        return Timestamp(seconds: seconds, nanoseconds: nanoseconds)
    }

    /// The time as nanoseconds, or the nearest representable value.
    @inlinable
    public var totalNanoseconds: Int64 {
        let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        if overflow { return seconds < 0 ? .min : .max }
        let (sum, carried) = product.addingReportingOverflow(Int64(nanoseconds))
        return carried ? .max : sum
    }

    @inlinable
    public init(totalNanoseconds: Int64) {
        let (quotient, remainder) = totalNanoseconds.quotientAndRemainder(dividingBy: 1_000_000_000)
        self.seconds = remainder < 0 ? quotient - 1 : quotient
        self.nanoseconds = Int32(remainder < 0 ? remainder + 1_000_000_000 : remainder)
    }
}
