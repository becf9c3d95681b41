#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import Synchronization

/// Ctrl-C and its like: the frame at hand is finished, and the output ended as at the end of the file.
enum Interruption {
    private static let wasAsked = Atomic(false)
    private static let leavesKeyboard = Atomic(false)

    static var isRequested: Bool { wasAsked.load(ordering: .relaxed) }

    /// What was asked for is done, and something else begins: another signal is needed to end that too.
    static func watchAgain() {
        guard wasAsked.exchange(false, ordering: .relaxed) else { return }
        watch()
    }

    /// Ctrl-C is meant for the process that this one gets its input from, and the end of that ends this.
    static func leaveKeyboardToOthers() {
        leavesKeyboard.store(true, ordering: .relaxed)
        signal(SIGINT, SIG_IGN)
    }

    /// From now on a signal asks; another one soon after, as some send it twice, asks for nothing more.
    static func watchPatiently() {
        for number in [SIGINT, SIGTERM] { handle(number, flags: 0) { _ in Interruption.wasAsked.store(true, ordering: .relaxed) } }
    }

    /// From now on a signal ends the process.
    static func unwatch() {
        for number in [SIGINT, SIGTERM] { signal(number, SIG_DFL) }
    }

    /// From now on the first signal asks; a second one ends the process, as it would have before.
    static func watch() {
        for number in leavesKeyboard.load(ordering: .relaxed) ? [SIGTERM] : [SIGINT, SIGTERM] {
            // Without SA_RESTART a wait for data ends too.
            handle(number, flags: Int32(truncatingIfNeeded: Int64(SA_RESETHAND))) { _ in Interruption.wasAsked.store(true, ordering: .relaxed) }
        }
    }

    /// Has `handler` called for each signal `number`.
    static func handle(_ number: Int32, flags: Int32, _ handler: @convention(c) (Int32) -> Void) {
        var action = sigaction()
        action.sa_flags = flags
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
