import Analysis
import Capture
import CaptureFile
import Dissection
import DisplayFilter
import Presentation
import Wire

extension ReadSettings {
    /// Reads, filters and prints, and says what was wrong with the file after everything before it.
    func run(_ statistics: StatisticOptions) throws(CommandError) {
        Interruption.watch()
        let formats = FieldFormats(registry, of: view.wants(summary, registry).fields, resolution: resolution, timeZone: LocalTime.offset)
        switch view {
        case .nothing: try run(statistics) { TextPrinter() }
        case .text(let text): try run(statistics) { printer(text, formats) }
        case .psml: try run(statistics) { PSMLPrinter(printer(formats)) }
        case .fields(let chosen, let options):
            try run(statistics) { FieldsPrinter(formats, names: chosen.names, columns: chosen.columns, options: options, summary: printer(formats)) }
        case .json(nil): try run(statistics) { JSONPrinter(formats) }
        case .json(let chosen?):
            try run(statistics) { JSONFieldsPrinter(formats, names: chosen.names, columns: chosen.columns, summary: printer(formats)) }
        case .jsonParts(let showsValues, let showsBytes, let filter):
            try run(statistics) { JSONPartsPrinter(formats, showsValues: showsValues, showsBytes: showsBytes, filter: filter) }
        case .ek(let showsBytes, let filter): try run(statistics) { EKPrinter(formats, showsBytes: showsBytes, filter: filter) }
        case .ekFields(let chosen):
            try run(statistics) { EKFieldsPrinter(formats, names: chosen.names, columns: chosen.columns, summary: printer(formats)) }
        case .pdml(nil, let filter): try run(statistics) { PDMLPrinter(formats, captureFile: file, filter: filter) }
        case .pdml(let chosen?, _):
            try run(statistics) {
                PDMLFieldsPrinter(formats, captureFile: file, names: chosen.names, columns: chosen.columns, summary: printer(formats))
            }
        }
    }

    /// Prints the summary, in whatever format.
    private func printer(_ formats: FieldFormats, _ separator: SummaryPrinter.Separator = .space) -> SummaryPrinter {
        SummaryPrinter(
            formats, columns: summary.columns, timeStyle: summary.timeStyle, secondsStyle: summary.secondsStyle, separator: separator,
            isColored: colors != nil && Environment.showsTrueColor, address: resolution.addressWriter)
    }

    private func printer(_ text: PacketView.TextView, _ formats: FieldFormats) -> TextPrinter {
        TextPrinter(
            summary: text.showsSummary ? printer(formats, text.separator) : nil,
            tree: text.showsTree ? TreePrinter(formats, openedProtocols: text.openedProtocols, dumpsData: text.hexDump == nil) : nil,
            hexDump: text.hexDump, separator: text.frameSeparator)
    }

    private func run<Printer: PacketPrinter>(_ statistics: StatisticOptions, _ makePrinter: @escaping @Sendable () -> Printer) throws(CommandError) {
        var damage: CommandError?
        do {
            // What is wanted of each frame besides what the view and the display filter need.
            let wants = statistics.wants
            let screening = try screening(statistics)
            let plan = Plan(registry, view.wants(summary, registry).union(wants).union(displayFilter.wants).union(colors?.wants ?? PlanWants()))
            let spooled = readsTwice ? try SpooledInput.descriptor(of: file) : nil
            let reader = try openReader(spooled)
            var firstFrame: UInt32 = 1
            if statistics.keys == nil, let lanes = lanes(reader, plan) {
                if printsPackets, wants.isNothing {
                    switch try run(lanes, reader.storedByteCount, plan, screening, makePrinter) {
                    case .finished(_, let damage):
                        if let damage, !Interruption.isRequested { throw damage }
                        return
                    case .left(let frame): firstFrame = frame
                    }
                } else if !printsPackets, !statistics.exportsObjects, let end = count(statistics, lanes, reader.storedByteCount, plan, screening) {
                    try statistics.printReports()
                    if let damage = end.failure, !Interruption.isRequested { throw damage }
                    return
                }
            }
            var session = try openSession(reader, plan, screening, spooled)
            // Who watches packets arrive wants to see each at once.
            let isLive = flushesEachPacket || !session.reader.isSeekable
            let queue = printsPackets ? PrintQueue(isLive: isLive, isContinued: firstFrame > 1, makePrinter) : nil
            try queue?.begin()
            let output = try written.map { (written) throws(CaptureFileError) in try FrameOutput(written, besides: file) }
            damage = try printFrames(&session, from: firstFrame, queue, output, statistics)
            try output?.end(&session)
            try queue?.end()
            try statistics.keys?.write(session.reader.metadata)
            try statistics.printReports()
            if showsState { StateReport(session.context.state.footprints).print() }
            else if isLive { StateReport(session.context.state.footprints).printForgotten() }
        } catch let error as CaptureFileError where error.kind == .empty || Interruption.isRequested {
            // A capture without packets, not a failure.
            let queue = PrintQueue(isLive: true, makePrinter)
            try queue.begin()
            try queue.end()
            try statistics.printReports()
        } catch {
            throw CommandError(error)
        }
        if let damage, !Interruption.isRequested { throw damage }
    }

    var printsPackets: Bool { view.printsPackets }

    private func openReader(_ spooled: Int32? = nil) throws -> CaptureReader {
        if let spooled { return try CaptureReader(fileDescriptor: spooled, name: file) }
        return try CaptureReader(path: file, isStopped: { Interruption.isRequested })
    }

    /// The filter that frames pass of which anything is asked; nil for all.
    private func screening(_ statistics: StatisticOptions) throws(CommandError) -> DisplayFilter? {
        // Whoever counts frames, or asks what is remembered, wants them all to be looked at.
        guard countLimit == nil, !showsState, !readsTwice else { return nil }
        if statistics.wants.isNothing { return displayFilter }
        guard !printsPackets, !statistics.exportsObjects, let text = statistics.statistics.requirement else { return nil }
        return try Self.filter(text, registry, surroundings)
    }

    /// - Parameter screening: the filter that frames pass of which anything is asked; nil for all.
    private func openSession(_ reader: consuming CaptureReader, _ plan: Plan, _ screening: DisplayFilter?, _ spooled: Int32?) throws -> Session {
        let selection = try captureFilter.map { try CaptureSelection($0, reader.interfaces.first?.linkType) }
        guard readsTwice else {
            var session = Session(registry, reader: reader, plan: plan, resolution: resolution)
            session.selection = selection?.function
            session.context.coloring = colors
            session.isStopped = { Interruption.isRequested }
            if let screening { session.screen(by: screening) }
            return session
        }
        let progress = Progress(byteCount: reader.storedByteCount, printsMeanwhile: false)
        defer { progress.wipe() }
        let pass = try FirstPass(
            registry, reader: reader, resolution: resolution, limit: countLimit, selection: selection?.function,
            readFilter: readFilter, isStopped: {
                progress.update($0)
                return Interruption.isRequested
            })
        Interruption.watchAgain()
        var session = pass.session(reader: try openReader(spooled), plan: plan)
        session.context.coloring = colors
        return session
    }

    /// Counts every frame and prints those that pass, up to the end, the limit, an interruption, or damage, which is returned.
    private func printFrames(
        _ session: inout Session, from firstFrame: UInt32, _ queue: PrintQueue<some PacketPrinter>?, _ output: FrameOutput?,
        _ statistics: StatisticOptions
    ) throws(CommandError) -> CommandError? {
        let limit = countLimit ?? .max
        let progress = Progress(byteCount: session.reader.storedByteCount, printsMeanwhile: printsPackets || statistics.printsMeanwhile)
        defer { progress.wipe() }
        do {
            while session.frameCount < limit, !Interruption.isRequested, try session.next() {
                progress.update(session.reader.storedOffset)
                try statistics.take(session.context)
                guard session.frameCount >= firstFrame, displayFilter.matches(session.context.dissected) else { continue }
                session.noteDisplayed()
                try output?.take(&session)
                try queue?.add(&session.context.slot)
            }
        } catch let error as CaptureFileError {
            return CommandError(error)
        } catch {
            throw CommandError(error)
        }
        return nil
    }

    // MARK: In lanes

    /// The lanes that the capture is read in, where what is asked of a frame depends on its conversations alone.
    private func lanes(_ reader: borrowing CaptureReader, _ plan: Plan) -> FrameLanes? {
        let isOneRun = !readsTwice && countLimit == nil && written == nil && !showsState
        guard isOneRun, laneSettings.count > 1, !plan.needs.contains(.wholeCapture) else { return nil }
        guard !flushesEachPacket, reader.isSeekable, reader.format.compression == nil else { return nil }
        guard let byteCount = reader.storedByteCount, byteCount >= laneSettings.byteCount else { return nil }
        return FrameLanes(count: laneSettings.count, registry)
    }

    /// Opens sessions for lanes.
    private func session(_ plan: Plan, _ screening: DisplayFilter?) -> OpenLane {
        { (lanes, number) throws(CommandError) in
            do {
                var session = try openSession(try openReader(), plan, screening, nil)
                session.lane = (lanes, number)
                if session.looksAhead { session.lookAhead(try openReader()) }
                return session
            } catch {
                throw CommandError(error)
            }
        }
    }

    /// Counts the statistics in lanes; nil where that can't be done, and nothing is counted.
    private func count(_ statistics: StatisticOptions, _ lanes: FrameLanes, _ byteCount: Int64?, _ plan: Plan, _ screening: DisplayFilter?) -> LaneEnd? {
        guard let count = LaneCount(lanes, statistics.statistics, session: session(plan, screening)) else { return nil }
        let progress = Progress(byteCount: byteCount, printsMeanwhile: false)
        defer { progress.wipe() }
        return count.run(progress)
    }

    private func run<Printer: PacketPrinter>(
        _ lanes: FrameLanes, _ byteCount: Int64?, _ plan: Plan, _ screening: DisplayFilter?, _ makePrinter: @escaping @Sendable () -> Printer
    ) throws(CommandError) -> LaneOutcome {
        var printer = makePrinter()
        var text = TextBuffer()
        printer.begin(&text)
        try Output.write(text.bytes)
        let run = LaneRun(lanes, filter: displayFilter, printer: makePrinter, session: session(plan, screening))
        let progress = Progress(byteCount: byteCount, printsMeanwhile: true)
        defer { progress.wipe() }
        let outcome = try run.run(progress)
        guard case .finished(let isEmpty, _) = outcome else { return outcome }
        text.truncate()
        printer.end(isEmpty: isEmpty, &text)
        try Output.write(text.bytes)
        return outcome
    }
}
