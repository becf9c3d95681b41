#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// The system that captures, as capture files name it.
public enum OperatingSystem {
    /// "Linux 6.1.0-18-amd64".
    public static let name: String = {
        var names = utsname()
        guard uname(&names) == 0 else { return "unknown" }
        return "\(text(names.sysname)) \(text(names.release))"
    }()

    private static func text<Characters>(_ characters: Characters) -> String {
        withUnsafeBytes(of: characters) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }
}
