import Dissection
import Presentation
import Wire

/// The reports of `-G`.
enum Reports {
    private static let pieceByteCount = 1 << 20

    /// - Parameter name: `help` lists the reports.
    static func print(_ name: String, _ options: ReadCommand) throws(CommandError) {
        var out = TextBuffer()
        var failure: CommandError?
        out.drain(beyond: pieceByteCount) { text in
            do throws(CommandError) { if failure == nil { try Output.write(text) } } catch { failure = error }
        }
        switch name {
        case "help": writeHelp(&out)
        case "folders": writeFolders(&out)
        default:
            guard let report = RegistryReport(rawValue: name) else { throw .usage("There is no report \"\(name)\"; \"-G help\" lists what there is.") }
            let protocols = options.output.mappedProtocols.map { Set($0.split { $0 == "," || $0 == " " }.map(String.init)) }
            report.write(try ReadSettings.registry(options.dissection), protocols: protocols, &out)
        }
        if let failure { throw failure }
        try Output.write(out.bytes)
    }

    private static func writeHelp(_ out: inout TextBuffer) {
        out.append("The reports that -G knows:\n")
        let all = RegistryReport.allCases.map { ($0.rawValue, $0.summary) } + [("folders", "where files are looked for")]
        for (name, summary) in all.sorted(by: { $0.0 < $1.0 }) {
            out.append("  -G " + name + String(repeating: " ", count: max(1, 20 - name.count)) + summary + "\n")
        }
    }

    private static func writeFolders(_ out: inout TextBuffer) {
        out.append("Temp:                \t\(Environment.temporaryDirectory)\n")
        out.append("Personal configuration:\t\(Environment.configurationDirectory ?? "")\n")
    }
}
