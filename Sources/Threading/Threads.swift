#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Processors that can run threads at the same time.
public var processorCount: Int { max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))) }

/// Starts a thread that runs `body`; false where the system has no more of them.
///
/// ## Safety
/// The box that carries `body` is retained for the thread, which releases it.
public func startThread(_ body: @escaping @Sendable () -> Void) -> Bool {
    final class Box: Sendable {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }
    let box = Unmanaged.passRetained(Box(body))
    #if canImport(Glibc)
    var thread = pthread_t()
    let status = pthread_create(&thread, nil, { argument in
        if let argument { Unmanaged<Box>.fromOpaque(argument).takeRetainedValue().body() }
        return nil
    }, box.toOpaque())
    if status == 0 { pthread_detach(thread) }
    #else
    var thread: pthread_t?
    let status = pthread_create(&thread, nil, { argument in
        Unmanaged<Box>.fromOpaque(argument).takeRetainedValue().body()
        return nil
    }, box.toOpaque())
    if status == 0, let thread { pthread_detach(thread) }
    #endif
    if status != 0 { box.release() }
    return status == 0
}
