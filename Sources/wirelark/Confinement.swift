import CShims

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// What a process that dissects packets which it is sent gives up: it reads standard input, writes standard output, and can open neither
/// sockets nor files.
enum Confinement {
    /// - Parameters:
    ///   - directories: open ones that files are written to nevertheless.
    ///   - keepsText: whether temporary files are needed too.
    static func enter(directories: [Int32], keepsText: Bool) {
        Interruption.leaveKeyboardToOthers()
        // What the C library reads from files when it first needs it.
        tzset()
        let temporary = keepsText ? [open(Environment.temporaryDirectory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)].filter { $0 >= 0 } : []
        defer { for descriptor in temporary { close(descriptor) } }
        let writable = directories + temporary
        note(shims_renounce_new_privileges(), "No new privileges")
        note(writable.withUnsafeBufferPointer { shims_confine_files($0.baseAddress, $0.count) }, "Landlock")
        note(shims_confine_calls(writable.isEmpty ? 1 : 0), "Seccomp")
    }

    private static func note(_ failure: Int32, _ what: String) {
        if failure != 0 { Complaint.print("\(what) is not available here (\(String(cString: strerror(failure)))): dissection goes on without.") }
    }
}
