#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// A lock whose holder may wait for others to change what it guards.
///
/// ## Safety
/// Lock and condition are allocated and made in `init`, stay where they are, and are destroyed in `deinit`, when nobody can
/// hold them any more.
public final class Monitor: @unchecked Sendable {
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

    public init() {
        pthread_mutex_init(mutex, nil)
        pthread_cond_init(condition, nil)
    }

    deinit {
        pthread_cond_destroy(condition)
        pthread_mutex_destroy(mutex)
        condition.deallocate()
        mutex.deallocate()
    }

    /// Runs `body` alone among those that come here.
    public func locked<Result, Failure: Error>(_ body: () throws(Failure) -> Result) throws(Failure) -> Result {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return try body()
    }

    /// Lets others in while `body` runs; only inside `locked`.
    public func unlocked(_ body: () -> Void) {
        pthread_mutex_unlock(mutex)
        body()
        pthread_mutex_lock(mutex)
    }

    /// Lets others in until one of them calls `wakeAll`; only inside `locked`.
    public func wait() { pthread_cond_wait(condition, mutex) }

    /// The same, but no longer than about `seconds`.
    public func wait(atMost seconds: Double) {
        var deadline = timespec()
        clock_gettime(CLOCK_REALTIME, &deadline)
        let nanoseconds = deadline.tv_nsec + Int(seconds * 1e9)
        deadline.tv_sec += nanoseconds / 1_000_000_000
        deadline.tv_nsec = nanoseconds % 1_000_000_000
        pthread_cond_timedwait(condition, mutex, &deadline)
    }

    public func wakeAll() { pthread_cond_broadcast(condition) }
}
