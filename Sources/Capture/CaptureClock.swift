import Wire

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// The clocks of a capture.
public enum CaptureClock {
    /// Seconds that only grow.
    public static var seconds: Double {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    /// The time of day.
    public static var now: Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(seconds: Int64(time.tv_sec), nanoseconds: Int32(time.tv_nsec))
    }

    /// Waits, or until a signal comes.
    public static func sleep(seconds: Int) {
        var time = timespec(tv_sec: seconds, tv_nsec: 0)
        nanosleep(&time, nil)
    }

    /// A local time as it stands in file names, "20260131235959".
    public static func digits(_ time: Timestamp) -> String {
        var moment = time_t(time.seconds)
        var parts = tm()
        localtime_r(&moment, &parts)
        let numbers = [Int(parts.tm_year) + 1900, Int(parts.tm_mon) + 1, Int(parts.tm_mday), Int(parts.tm_hour), Int(parts.tm_min), Int(parts.tm_sec)]
        return numbers.map { $0 < 10 ? "0\($0)" : "\($0)" }.joined()
    }
}
