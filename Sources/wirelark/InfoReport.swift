import CaptureFile
import CaptureTools
import Wire

/// The reports on some files, and what could not be read of them.
struct InfoReport {
    private let options: InfoOptions
    private let table: SummaryTable
    private var style: SummaryStyle { table.style }

    init(_ options: InfoOptions) {
        self.options = options
        let style = SummaryStyle(
            facts: options.facts, isMachineReadable: options.isMachineReadable, showsSeconds: options.showsSeconds,
            secondsEast: { Int64(LocalTime.offset($0).secondsEast) })
        table = SummaryTable(style: style, separator: options.separator, quote: options.quote)
    }

    /// Goes on after a file that cannot be read, and ends with the exit code of the last such one.
    func run() throws(CommandError) {
        var failure: CommandError?
        var summaries: [JSONValue] = []
        if options.form == .table, options.hasHeader { try show([table.header]) }
        for (index, file) in options.files.enumerated() {
            let summary: CaptureSummary
            do throws(CaptureFileError) {
                summary = try CaptureSummary(path: file, hashing: style.facts.contains(.hashes), isStopped: { Interruption.isRequested })
            } catch {
                failure = CommandError(message: "", exitCode: error.exitCode)
                Complaint.print(error.description)
                if options.stopsAtFailure { break }
                continue
            }
            // What precedes damage is reported all the same.
            if let damage = summary.damage {
                Complaint.print(damage.description)
                failure = CommandError(message: "", exitCode: 1)
            }
            switch options.form {
            case .long: try show((index > 0 ? [""] : []) + SummaryText.lines(summary, style))
            case .table: try show([table.row(summary)])
            case .json: summaries.append(summary.json(style.facts))
            }
        }
        if options.form == .json { try showJSON(summaries) }
        if let failure { throw failure }
    }

    private func show(_ lines: [String]) throws(CommandError) {
        var out = TextBuffer()
        for line in lines { out.append(line + "\n") }
        try Output.write(out.bytes)
    }

    private func showJSON(_ summaries: [JSONValue]) throws(CommandError) {
        var out = TextBuffer()
        out.append(.array(summaries))
        out.append(10)
        try Output.write(out.bytes)
    }
}
