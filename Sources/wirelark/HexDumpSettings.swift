import Presentation
import Wire

extension HexDumpPrinter {
    private static let settings = [
        ("all", "all sources of bytes, what was put together or decoded too (as with -x)"), ("frames", "the packet's own bytes alone"),
        ("ascii", "the bytes as text behind them (as with -x)"), ("delimit", "the text between bars"), ("noascii", "no text"),
    ]

    /// What `-x` and `--hexdump` ask for; nil where they ask for nothing.
    init?(_ options: OutputOptions) throws(CommandError) {
        guard options.showsBytes else { return nil }
        var showsFrameAlone = false
        var text = TextBuffer.DumpText.plain
        for setting in options.dumpSettings {
            switch setting {
            case "all": showsFrameAlone = false
            case "frames": showsFrameAlone = true
            case "ascii": text = .plain
            case "delimit": text = .delimited
            case "noascii": text = .none
            default:
                throw .usage("\"--hexdump \(setting)\" isn't valid; it is one of \(Self.settings.map(\.0).joined(separator: ", ")), help.")
            }
        }
        self.init(showsFrameAlone: showsFrameAlone, text: text)
    }

    static func printHelp() {
        Swift.print("What --hexdump takes:")
        for (name, summary) in settings { Swift.print("  --hexdump \(name)\(String(repeating: " ", count: 9 - name.count))\(summary)") }
    }
}
