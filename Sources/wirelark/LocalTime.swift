#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import Presentation
import Synchronization

/// The time zone of the user's clock, as TZ or the system sets it.
enum LocalTime {
    private struct Recent { var seconds = Int64.min, offset = TimeZoneOffset.utc }
    private static let recent = Mutex(Recent())

    /// How local time stands to UTC at a moment. Most are in the same second as the one before.
    static func offset(_ seconds: Int64) -> TimeZoneOffset {
        recent.withLock { recent in
            if recent.seconds != seconds { recent = Recent(seconds: seconds, offset: systemOffset(seconds)) }
            return recent.offset
        }
    }

    private static func systemOffset(_ seconds: Int64) -> TimeZoneOffset {
        var time = time_t(seconds)
        var parts = tm()
        guard localtime_r(&time, &parts) != nil else { return .utc }
        return TimeZoneOffset(secondsEast: parts.tm_gmtoff, name: parts.tm_zone.map { String(cString: $0) } ?? "UTC")
    }

    /// The moment at which the local clock shows what a clock in Greenwich shows at `local`.
    static func universalSeconds(_ local: Int64) -> Int64 {
        var time = time_t(local)
        var parts = tm()
        guard gmtime_r(&time, &parts) != nil else { return local }
        // The zone itself knows whether summer time was kept.
        parts.tm_isdst = -1
        return Int64(mktime(&parts))
    }
}
