import Analysis
import Capture
import CaptureFile
import Dissection
import Presentation

extension ReadSettings {
    /// Reads, filters and prints, and says what was wrong with the file after everything before it.
    func run() throws(CommandError) {
        Interruption.watch()
        let formats = FieldFormats(registry, timeZone: LocalTime.offset)
        switch view {
        case .nothing: try run { TextPrinter() }
        case .text(let text): try run { printer(text, formats) }
        case .fields(let chosen, let options):
            try run { FieldsPrinter(formats, names: chosen.names, columns: chosen.columns, options: options, summary: summary(chosen.timeStyle, formats)) }
        case .json(nil): try run { JSONPrinter(formats) }
        case .json(let chosen?):
            try run { JSONFieldsPrinter(formats, names: chosen.names, columns: chosen.columns, summary: summary(chosen.timeStyle, formats)) }
        case .pdml(nil): try run { PDMLPrinter(formats, captureFile: file) }
        case .pdml(let chosen?):
            try run {
                PDMLFieldsPrinter(formats, captureFile: file, names: chosen.names, columns: chosen.columns, summary: summary(chosen.timeStyle, formats))
            }
        }
    }

    private func summary(_ style: TimeStyle, _ formats: FieldFormats, _ separator: SummaryPrinter.Separator = .space) -> SummaryPrinter {
        SummaryPrinter(formats, timeStyle: style, separator: separator, address: resolution.addressWriter)
    }

    private func printer(_ text: PacketView.TextView, _ formats: FieldFormats) -> TextPrinter {
        TextPrinter(
            summary: text.showsSummary ? summary(text.timeStyle, formats, text.separator) : nil,
            tree: text.showsTree ? TreePrinter(formats, openedProtocols: text.openedProtocols, dumpsData: !text.showsBytes) : nil,
            hexDump: text.showsBytes ? HexDumpPrinter() : nil)
    }

    private func run<Printer: PacketPrinter>(_ makePrinter: @escaping @Sendable () -> Printer) throws(CommandError) {
        var damage: CaptureFileError?
        do {
            var session = try openSession()
            // Who watches packets arrive wants to see each at once.
            let queue = PrintQueue(isLive: flushesEachPacket || !session.reader.isSeekable, makePrinter)
            try queue.begin()
            damage = try printFrames(&session, queue)
            try queue.end()
            if showsState { StateReport(session.context.state.footprints).print() }
        } catch let error as CaptureFileError where error.kind == .empty || Interruption.isRequested {
            // A capture without packets, not a failure.
            let queue = PrintQueue(isLive: true, makePrinter)
            try queue.begin()
            try queue.end()
        } catch {
            throw CommandError(error)
        }
        if let damage, !Interruption.isRequested { throw CommandError(damage) }
    }

    private func openReader(_ spooled: Int32? = nil) throws -> CaptureReader {
        if let spooled { return try CaptureReader(fileDescriptor: spooled, name: file) }
        return try CaptureReader(path: file, isStopped: { Interruption.isRequested })
    }

    private func openSession() throws -> Session {
        let plan = view.plan(registry, displayFilter)
        let spooled = readsTwice ? try SpooledInput.descriptor(of: file) : nil
        let reader = try openReader(spooled)
        let selection = try captureFilter.map { try CaptureSelection($0, reader.interfaces.first?.linkType) }
        guard readsTwice else {
            var session = Session(registry, reader: reader, plan: plan, resolution: resolution)
            session.selection = selection?.function
            return session
        }
        let pass = try FirstPass(
            registry, reader: reader, resolution: resolution, limit: countLimit, selection: selection?.function,
            isStopped: { Interruption.isRequested })
        return pass.session(reader: try openReader(spooled), plan: plan)
    }

    /// Prints the frames that pass, up to the end, the limit, an interruption, or damage, which is returned.
    private func printFrames(_ session: inout Session, _ queue: PrintQueue<some PacketPrinter>) throws(CommandError) -> CaptureFileError? {
        let limit = countLimit ?? .max
        do {
            while session.frameCount < limit, !Interruption.isRequested, try session.next() {
                guard displayFilter.matches(session.context.dissected) else { continue }
                session.noteDisplayed()
                try queue.add(&session.context.slot)
            }
        } catch let error as CaptureFileError {
            return error
        } catch {
            throw CommandError(error)
        }
        return nil
    }
}
