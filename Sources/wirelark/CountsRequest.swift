#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import Synchronization

/// SIGUSR1, and Ctrl-T where there is one: somebody wants to know how far a capture is.
enum CountsRequest {
    private static let wasAsked = Atomic(false)

    static func watch() {
        #if canImport(Darwin)
        let numbers = [SIGUSR1, SIGINFO]
        #else
        let numbers = [SIGUSR1]
        #endif
        for number in numbers { Interruption.handle(number, flags: Int32(SA_RESTART)) { _ in CountsRequest.wasAsked.store(true, ordering: .relaxed) } }
    }

    /// Whether it was asked since the last call.
    static func take() -> Bool { wasAsked.exchange(false, ordering: .relaxed) }
}
