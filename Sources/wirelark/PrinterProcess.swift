import CShims

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Another process of this program, which dissects and prints the packets that it is sent.
struct PrinterProcess {
    private let process: pid_t
    /// Where the packets go.
    let input: Int32

    /// - Parameter arguments: of `wirelark read`, which reads from the pipe.
    init(_ arguments: [String]) throws(CommandError) {
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else { throw Self.failure(errno) }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        // What a user may have without asking.
        _ = shims_widen_pipe(ends[1], 1 << 20)
        defer { close(ends[0]) }
        var process = pid_t()
        let status = Self.spawn(&process, ["wirelark", "read", "-r", "-", "--confined"] + arguments, input: ends[0])
        guard status == 0 else {
            close(ends[1])
            throw Self.failure(status)
        }
        self.process = process
        input = ends[1]
    }

    private static func spawn(_ process: inout pid_t, _ arguments: [String], input: Int32) -> Int32 {
        #if canImport(Glibc)
        var actions = posix_spawn_file_actions_t()
        var attributes = posix_spawnattr_t()
        #else
        var actions: posix_spawn_file_actions_t?
        var attributes: posix_spawnattr_t?
        #endif
        posix_spawn_file_actions_init(&actions)
        posix_spawnattr_init(&attributes)
        defer {
            posix_spawn_file_actions_destroy(&actions)
            posix_spawnattr_destroy(&attributes)
        }
        posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO)
        // No device and no file of the capture is open there.
        #if canImport(Glibc)
        _ = shims_keep_standard_descriptors(&actions)
        #else
        posix_spawn_file_actions_addinherit_np(&actions, STDOUT_FILENO)
        posix_spawn_file_actions_addinherit_np(&actions, STDERR_FILENO)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_CLOEXEC_DEFAULT))
        #endif
        var texts = arguments.map { strdup($0) } + [nil]
        defer { for text in texts { free(text) } }
        return posix_spawn(&process, executable, &actions, &attributes, &texts, environ)
    }

    private static var executable: String {
        #if canImport(Glibc)
        "/proc/self/exe"
        #else
        CommandLine.arguments[0]
        #endif
    }

    private static func failure(_ number: Int32) -> CommandError {
        .failure("The process that prints packets can't be started: \(String(cString: strerror(number))).")
    }

    /// Waits for the process to end; what it exited with, or nil if a signal ended it.
    func wait() -> Int32? {
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0, errno == EINTR {}
        return status & 0x7f == 0 ? (status >> 8) & 0xff : nil
    }
}
