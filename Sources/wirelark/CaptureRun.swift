import Capture
import CaptureFile

/// A capture from its beginning to its end.
struct CaptureRun {
    private let settings: CaptureSettings
    private let interfaces = CaptureInterfaces()
    private let description: CaptureDescription

    init(_ settings: CaptureSettings) {
        self.settings = settings
        description = CaptureDescription(application: "Wirelark \(Wirelark.configuration.version)", comments: settings.comments)
    }

    func run() throws(CommandError) {
        Interruption.watchPatiently()
        CountsRequest.watch()
        let user = try UnprivilegedUser(settings.user)
        let sources = try openSources()
        if !settings.isSilent { announce(sources) }
        let series = try openSeries()
        if let user { try user.become(series) }
        UnprivilegedUser.renounceOthers()

        let queue = PacketQueue(settings.type, byteCount: settings.queueByteCount)
        let printer = try settings.printerArguments.map { (arguments) throws(CommandError) in try PrinterProcess(arguments) }
        let feed = printer.map { printer in
            let feed = PrinterFeed(settings.type, description, queue, interfaces)
            feed.start(printer.input)
            return feed
        }
        let recorder = Recorder(sources, queue, series, feed, settings.limits)
        let line = showsLine ? StatusLine() : nil
        recorder.run(
            isStopped: { Interruption.isRequested },
            whenStopped: { Interruption.unwatch() },
            tick: { recorder in
                if CountsRequest.take() { report(recorder, line) }
                line?.update(recorder.counts)
            },
            complain: { Complaint.print("\($0)") })
        let exitCode = printer?.wait()
        report(recorder, line)
        try finish(recorder, printerExitCode: printer == nil ? 0 : exitCode)
    }

    private func openSources() throws(CommandError) -> [any PacketSource] {
        var sources: [any PacketSource] = []
        for (name, options) in settings.interfaces {
            if StreamSource.isMeant(by: name) {
                sources.append(StreamSource(name, filter: options.filter, interfaces))
            } else {
                do throws(CaptureError) {
                    sources.append(try DeviceSource(try CaptureDevice.named(name), options, interfaces))
                } catch {
                    throw CommandError(error)
                }
            }
        }
        return sources
    }

    private func openSeries() throws(CommandError) -> RecordingSeries? {
        guard let path = settings.path else { return nil }
        do throws(CaptureError) {
            return try RecordingSeries(path, settings.type, settings.limits, description, interfaces) { [settings] path in
                if settings.style == .dumpcap { StandardError.write("File: \(path)\n") }
            }
        } catch {
            throw CommandError(error)
        }
    }

    private func announce(_ sources: [any PacketSource]) {
        StandardError.write("Capturing on \(sources.map { "'\($0.title)'" }.joined(separator: " and "))\n")
    }

    private var showsLine: Bool { settings.path != nil && settings.printerArguments == nil && !settings.isQuiet && !settings.isSilent && StandardError.isTerminal }

    private func report(_ recorder: Recorder, _ line: StatusLine?) {
        line?.wipe()
        if !settings.isSilent { StandardError.write(CaptureReport(counts: recorder.counts).lines(settings.style)) }
    }

    /// - Parameter printerExitCode: nil if a signal ended the printer.
    private func finish(_ recorder: Recorder, printerExitCode: Int32?) throws(CommandError) {
        if let failure = recorder.failure { throw CommandError(failure) }
        // It was said when it came.
        if let failure = recorder.sourceFailure { throw CommandError(message: "", exitCode: CommandError(failure).exitCode) }
        guard let printerExitCode else {
            throw .failure("The process that printed packets broke down\(settings.path == nil ? "" : "; what was captured is written").")
        }
        // The printer has said why itself.
        if printerExitCode != 0 { throw CommandError(message: "", exitCode: printerExitCode) }
    }
}
