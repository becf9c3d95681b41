#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import Dissection

/// What `--state` says: how much each protocol remembers, and how much memory the process had at most.
struct StateReport {
    private let footprints: [StateFootprint]

    init(_ footprints: [StateFootprint]) { self.footprints = footprints.sorted { $0.byteCount > $1.byteCount } }

    /// To standard error, as far as somebody reads it.
    func print() {
        var lines = footprints.map { Self.line($0.name, "\($0.entryCount)", $0.byteCount, $0.evictedCount) }
        lines.append(Self.line("all state", "", footprints.reduce(0) { $0 + $1.byteCount }))
        lines.append(Self.line("most resident memory", "", Self.mostResidentByteCount))
        StandardError.write(lines.map { $0 + "\n" }.joined())
    }

    /// What was forgotten, in one line, if anything was.
    func printForgotten() {
        let parts = footprints.filter { $0.evictedCount > 0 }.map { "\($0.name): \($0.evictedCount)" }
        guard !parts.isEmpty else { return }
        StandardError.write("Forgotten to stay within the memory (--memory): \(parts.joined(separator: ", "))\n")
    }

    private static func line(_ name: String, _ count: String, _ byteCount: Int, _ evictedCount: Int = 0) -> String {
        pad(name, to: 28, isLeft: true) + pad(count, to: 10, isLeft: false) + pad("\((byteCount + 500_000) / 1_000_000) MB", to: 10, isLeft: false)
            + (evictedCount > 0 ? "  \(evictedCount) given up" : "")
    }

    private static func pad(_ text: String, to width: Int, isLeft: Bool) -> String {
        let blanks = String(repeating: " ", count: max(0, width - text.count))
        return isLeft ? text + blanks : blanks + text
    }

    private static var mostResidentByteCount: Int {
        var usage = rusage()
        #if canImport(Glibc)
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        return usage.ru_maxrss * 1024
        #else
        getrusage(RUSAGE_SELF, &usage)
        return usage.ru_maxrss
        #endif
    }
}
