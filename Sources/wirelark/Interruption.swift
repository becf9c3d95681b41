#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import Synchronization

/// Ctrl-C and its like: the frame at hand is finished, and the output ended as at the end of the file.
enum Interruption {
    private static let wasAsked = Atomic(false)

    static var isRequested: Bool { wasAsked.load(ordering: .relaxed) }

    /// What was asked for is done, and something else begins: another signal is needed to end that too.
    static func watchAgain() {
        guard wasAsked.exchange(false, ordering: .relaxed) else { return }
        watch()
    }

    /// From now on the first signal asks; a second one ends the process, as it would have before.
    static func watch() {
        for number in [SIGINT, SIGTERM] {
            var action = sigaction()
            // Without SA_RESTART a wait for data ends too.
            action.sa_flags = Int32(truncatingIfNeeded: Int64(SA_RESETHAND))
            let handler: @convention(c) (Int32) -> Void = { _ in Interruption.wasAsked.store(true, ordering: .relaxed) }
            #if canImport(Glibc)
            action.__sigaction_handler.sa_handler = handler
            #else
            action.__sigaction_u.__sa_handler = handler
            #endif
            sigaction(number, &action, nil)
            // Whoever started the process may have left the signal blocked.
            var set = sigset_t()
            sigemptyset(&set)
            sigaddset(&set, number)
            sigprocmask(SIG_UNBLOCK, &set, nil)
        }
    }
}
