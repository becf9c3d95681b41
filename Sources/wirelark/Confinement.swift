import CShims

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// What processes give up once everything is open that they need: a trap in one, or worse, reaches neither the network nor the user's files.
enum Confinement {
    /// For a process that dissects packets which it is sent: it reads standard input and writes standard output, and can open neither
    /// sockets nor files.
    /// - Parameters:
    ///   - directories: open ones that files are written to nevertheless.
    ///   - keepsText: whether temporary files are needed too.
    static func enterDissection(directories: [Int32], keepsText: Bool) {
        Interruption.leaveKeyboardToOthers()
        let temporary = opened(keepsText ? [Environment.temporaryDirectory] : [])
        defer { for descriptor in temporary { close(descriptor) } }
        note(shims_renounce_new_privileges(), "No new privileges")
        confine(writable: directories + temporary, readable: [])
    }

    /// For the process that captures: it has its devices and its file, and can open neither sockets nor other files.
    /// - Parameters:
    ///   - directory: that further files are made in, if there are to be.
    ///   - readable: directories that are read from meanwhile.
    static func enterCapture(directory: String?, readable: [String]) {
        let (writable, readable) = (opened([directory].compactMap { $0 }), opened(readable))
        defer { for descriptor in writable + readable { close(descriptor) } }
        confine(writable: writable, readable: readable)
    }

    private static func opened(_ directories: [String]) -> [Int32] {
        directories.map { shims_open_directory($0) }.filter { $0 >= 0 }
    }

    private static func confine(writable: [Int32], readable: [Int32]) {
        // What the C library reads from files when it first needs it.
        tzset()
        note(shims_confine_files(writable, writable.count, readable, readable.count), "Landlock")
        note(shims_confine_calls(writable.isEmpty && readable.isEmpty ? 1 : 0), "Seccomp")
    }

    private static func note(_ failure: Int32, _ what: String) {
        if failure != 0 { Complaint.print("\(what) is not available here (\(String(cString: strerror(failure)))): wirelark goes on without.") }
    }
}
