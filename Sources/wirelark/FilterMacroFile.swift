#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import DisplayFilter

/// The user's display-filter macros, where Wireshark keeps them.
enum FilterMacroFile {
    /// Bytes of the file that are read, at most.
    private static let byteLimit = 1 << 20

    /// The filter with the macros replaced.
    static func expand(_ text: String) throws(CommandError) -> String {
        guard text.contains("$"), let macros = read() else { return text }
        do {
            return try macros.expand(text)
        } catch {
            throw .failure("\(error)\n\(error.marked(in: text))")
        }
    }

    private static func read() -> FilterMacros? {
        let directory = variable("WIRESHARK_CONFIG_DIR") ?? variable("XDG_CONFIG_HOME").map { "\($0)/wireshark" }
            ?? variable("HOME").map { "\($0)/.config/wireshark" }
        guard let directory, let file = fopen("\(directory)/dfilter_macros", "r") else { return nil }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: byteLimit)
        let count = fread(&bytes, 1, bytes.count, file)
        return FilterMacros(parsing: String(decoding: bytes.prefix(count), as: UTF8.self))
    }

    private static func variable(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }
}
