import ArgumentParser
import CaptureFile
import CaptureTools
import Wire

/// `wirelark edit`: copies a capture and changes it on the way, as editcap does.
struct EditCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "edit", abstract: "Copy a capture, changed: parts of it, other times, another format.",
        usage: "wirelark edit [options] IN OUT [packet numbers ...]", discussion: EditOptions.help)

    @Argument(parsing: .captureForPassthrough, help: ArgumentHelp("Options, the file that is read, the one that is written, and packets: 7 3-5.", valueName: "file"))
    var arguments: [String] = []

    func run() throws {
        if arguments.contains("-h") || arguments.contains("--help") { throw CleanExit.helpRequest(self) }
        if PeerVersion.isAsked(arguments) { return PeerVersion.print("Editcap") }
        let options = try EditOptions(arguments)
        let finder = try options.displayFilter.map { (text) throws(CommandError) in try FrameFinder(text, in: options.input) }
        Interruption.watch()
        do {
            var edit = try CaptureEdit(options.settings, from: options.input, to: options.output) { Int64(LocalTime.offset($0).secondsEast) }
            defer { Self.report(edit.frameCount, edit.duplicateCount, options) }
            try edit.run(
                isStopped: { Interruption.isRequested }, isShown: { finder?.findsNext() ?? true }, watch: { if options.isVerbose { Self.show($0) } })
        } catch {
            throw CommandError(error)
        }
    }

    private static func show(_ event: CaptureEdit.Event) {
        guard case .compared(let number, let byteCount, let md5, let isDuplicate) = event else { return }
        Complaint.print("\(isDuplicate ? "Skipped" : "Packet"): \(number), Len: \(byteCount), MD5 Hash: \(md5)")
    }

    private static func report(_ frameCount: UInt64, _ duplicateCount: UInt64, _ options: EditOptions) {
        let what = switch options.settings.duplicates?.window {
        case .frames(let count): "with duplicate window of \(count) packets."
        case .span(let span): "with duplicate time window equal to or less than \(span.seconds).\(String(1_000_000_000 + span.nanoseconds).dropFirst()) seconds."
        case nil: ""
        }
        guard !what.isEmpty else { return }
        func packets(_ count: UInt64) -> String { "\(count) packet\(count == 1 ? "" : "s")" }
        Complaint.print("\(packets(frameCount)) seen, \(packets(duplicateCount)) skipped \(what)")
    }
}
