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
        let parent = settings.style == .parent ? ParentReport() : nil
        if !settings.isSilent, parent == nil { announce(sources) }
        let series = try openSeries()
        if let user { try user.become(series) }
        let directory = try seriesDirectory(user)
        // libpcap ends monitor mode through a socket, with root's rights.
        let isMonitor = settings.interfaces.contains(where: \.options.isMonitor)
        if !isMonitor { UnprivilegedUser.renounceOthers(makesFiles: directory != nil) }

        let queue = PacketQueue(settings.type, byteCount: settings.queueByteCount)
        let printer = try settings.printerArguments.map { (arguments) throws(CommandError) in try PrinterProcess(arguments) }
        if !isMonitor { Confinement.enterCapture(directory: directory, readable: sources.compactMap(\.directory)) }
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
                parent?.update(recorder.counts)
            },
            complain: { [style = settings.style] in
                if style == .parent { ParentMessage.failure("\($0)").send() } else { Complaint.print("\($0)") }
            })
        let exitCode = printer?.wait()
        report(recorder, line)
        parent?.finish(recorder.counts)
        try finish(recorder, printerExitCode: printer == nil ? 0 : exitCode)
    }

    private func openSources() throws(CommandError) -> [any PacketSource] {
        var sources: [any PacketSource] = []
        for (name, options) in settings.interfaces {
            if StreamSource.isMeant(by: name) {
                do { sources.append(try StreamSource(name, options, interfaces)) } catch { throw CommandError(error) }
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

    /// The directory that further files are made in, where there are several.
    private func seriesDirectory(_ user: UnprivilegedUser?) throws(CommandError) -> String? {
        guard let path = settings.path, settings.limits.isSeries else { return nil }
        let directory = path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        // After hours nobody is there to see it.
        if let user, !UnprivilegedUser.mayWrite(to: directory) {
            throw .failure("The user \(user.title), who makes the files after the first, may not write to \"\(directory)\"; -Z names another user.")
        }
        return directory
    }

    private func openSeries() throws(CommandError) -> RecordingSeries? {
        guard let path = settings.path else { return nil }
        let names = try settings.printName.map { (path) throws(CommandError) in try FinishedNames(path) }
        do throws(CaptureError) {
            return try RecordingSeries(
                path, settings.type, settings.limits, description, interfaces, isGroupReadable: settings.isGroupReadable,
                announce: { [style = settings.style] in
                    if style == .dumpcap { StandardError.write("File: \($0)\n") }
                    if style == .parent { ParentMessage.file($0).send() }
                },
                noteFinished: { names?.add($0) })
        } catch {
            throw CommandError(error)
        }
    }

    private func announce(_ sources: [any PacketSource]) {
        StandardError.write("Capturing on \(sources.map { "'\($0.title)'" }.joined(separator: " and "))\n")
    }

    private var showsLine: Bool { settings.style != .parent && settings.path != nil && settings.printerArguments == nil && !settings.isQuiet && !settings.isSilent && StandardError.isTerminal }

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
