#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// What the user's environment says.
enum Environment {
    static func variable(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }

    /// Where files without a name are made.
    static var temporaryDirectory: String { variable("TMPDIR") ?? "/tmp" }

    /// Where Wireshark keeps the user's rules and macros.
    static var configurationDirectory: String? {
        variable("WIRESHARK_CONFIG_DIR") ?? variable("XDG_CONFIG_HOME").map { "\($0)/wireshark" } ?? variable("HOME").map { "\($0)/.config/wireshark" }
    }

    /// Makes a configuration profile of the user's the place where rules and macros are looked for, here and in processes that are started.
    static func useProfile(_ name: String) throws(CommandError) {
        // The one that is there unless another is chosen.
        if name == "Default" { return }
        let path = "\(configurationDirectory ?? "")/profiles/\(name)"
        guard !name.contains("/"), access(path, X_OK) == 0 else { throw .usage("There is no configuration profile \"\(name)\": \(path) isn't there.") }
        setenv("WIRESHARK_CONFIG_DIR", path, 1)
    }

    /// Whether standard output is a terminal that shows any colour.
    static var showsTrueColor: Bool { isatty(STDOUT_FILENO) != 0 && ["truecolor", "24bit"].contains(variable("COLORTERM")) }

    static func isDirectory(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    /// The beginning of a small text file; nil where it cannot be read.
    static func text(ofFile path: String, byteLimit: Int = 1 << 20) -> String? {
        guard let file = fopen(path, "r") else { return nil }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: byteLimit)
        let count = fread(&bytes, 1, bytes.count, file)
        return String(decoding: bytes.prefix(count), as: UTF8.self)
    }
}
