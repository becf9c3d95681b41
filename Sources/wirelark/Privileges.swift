import CShims
import Capture

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// The user that root goes on as once devices and files are open: whoever called sudo, or whom `-Z` names.
struct UnprivilegedUser {
    private let user: uid_t
    private let group: gid_t
    /// nil where only numbers are known.
    private let name: String?

    /// nil where this process isn't root's, or root goes on as root.
    init?(_ wanted: String?) throws(CommandError) {
        guard geteuid() == 0 else { return nil }
        if let wanted {
            guard let entry = getpwnam(wanted)?.pointee else { throw .usage("There is no user \"\(wanted)\".") }
            (user, group, name) = (entry.pw_uid, entry.pw_gid, wanted)
            return
        }
        guard let user = Self.number("SUDO_UID"), let group = Self.number("SUDO_GID"), user != 0 else { return nil }
        (self.user, self.group) = (user, group)
        name = getpwuid(user).map { String(cString: $0.pointee.pw_name) }
    }

    private static func number(_ variable: String) -> UInt32? { getenv(variable).flatMap { UInt32(String(cString: $0)) } }

    /// For messages.
    var title: String { name ?? "number \(user)" }

    /// Becomes the user for good.
    func become(_ series: RecordingSeries?) throws(CommandError) {
        series?.handOver(user: user, group: group)
        let hasGroups = if let name { initgroups(name, group) == 0 } else { setgroups(0, nil) == 0 }
        guard hasGroups, setgid(group) == 0, setuid(user) == 0, user == 0 || setuid(0) != 0 else {
            throw .failure("Root's rights can't be given up: \(String(cString: strerror(errno))).")
        }
    }

    /// Whether this process may make files in a directory, as who it has become.
    static func mayWrite(to directory: String) -> Bool { access(directory, W_OK) == 0 }

    /// What root types to let the program capture for others.
    static var permissionCommand: String {
        #if canImport(Glibc)
        var path = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = readlink("/proc/self/exe", &path, path.count - 1)
        let program = count > 0 ? String(decoding: path[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self) : CommandLine.arguments[0]
        return "sudo setcap cap_net_raw,cap_net_admin=eip \(program)"
        #else
        return "sudo chown $USER /dev/bpf*"
        #endif
    }

    /// From now on neither this process nor a program that is started here has or gets any other rights than a user has.
    /// - Parameter makesFiles: whether root goes on to make files, which it may in any directory.
    static func renounceOthers(makesFiles: Bool) {
        _ = shims_renounce_new_privileges()
        _ = shims_drop_capabilities(makesFiles ? 1 : 0)
    }
}
