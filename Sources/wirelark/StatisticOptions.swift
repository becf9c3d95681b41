import Analysis
import Dissection
import DisplayFilter
import Presentation
import Wire

/// The values of `-z`, and how their reports are printed.
struct StatisticOptions {
    let statistics: StatisticSet
    private let exports: [ObjectExport]
    let keys: KeyExport?
    private let writesJSON: Bool
    /// Text of reports that is written before they end.
    private static let pieceByteCount = 1 << 20

    init(_ options: OutputOptions, _ settings: ReadSettings) throws(CommandError) {
        switch options.statisticsFormat {
        case "text": writesJSON = false
        case "json": writesJSON = true
        default: throw .usage("\"--statistics-format \(options.statisticsFormat)\" isn't valid; it is text or json.")
        }
        let (registry, surroundings) = (settings.registry, settings.surroundings)
        let common = StatisticSettings(
            registry: registry, resolution: settings.resolution, captureName: settings.file,
            timeStyle: StatisticTimeStyle(settings.summary.timeStyle),
            secondsEast: { LocalTime.offset($0).secondsEast },
            makeFilter: { text throws(FilterError) in
                try DisplayFilter(text, registry: registry, in: surroundings)
            })
        var statistics = StatisticSet()
        for argument in options.statistics {
            do {
                if FollowStatistic.isMeant(argument) {
                    if writesJSON { throw CommandError.usage("\"-z follow\" isn't written as JSON; a format of its own is yaml.") }
                    statistics.add(argument, try FollowStatistic(argument, registry, isAlone: settings.printsPackets == false && options.statistics.count == 1))
                    continue
                }
                guard let statistic = try StatisticCatalog.statistic(argument, common) else {
                    throw CommandError.usage("There is no statistic \"\(argument)\"; \"-z help\" lists what there is.")
                }
                statistics.add(argument, statistic)
            } catch {
                throw (error as? CommandError) ?? .usage("\(error)")
            }
        }
        if let budget = settings.statisticBudget { statistics.limit(byteCount: budget.byteCount) }
        self.statistics = statistics
        var exports: [ObjectExport] = []
        for argument in options.exportedObjects { exports.append(try ObjectExport(argument, registry)) }
        self.exports = exports
        keys = try options.keyFile.map { (path) throws(CommandError) in try KeyExport(path, besides: settings.file) }
    }

    /// Whether files are written besides.
    var exportsObjects: Bool { !exports.isEmpty }

    /// Whether text is written before the capture ends.
    var printsMeanwhile: Bool { statistics.of(FollowStatistic.self).contains { $0.printsMeanwhile } }

    /// The open directories that files are written to.
    var directories: [Int32] { exports.map(\.directory.descriptor) }

    /// Whether text may have to wait in a temporary file.
    var keepsText: Bool { !statistics.of(FollowStatistic.self).isEmpty }

    /// What is read of each frame.
    var wants: PlanWants { exports.reduce(into: statistics.wants) { $0.formUnion($1.wants) } }

    /// Lets everything that looks at frames take the one at hand.
    func take(_ context: borrowing Context) throws(CommandError) {
        statistics.take(context)
        for export in exports { try export.take(context) }
    }

    /// Lists what `-z` knows.
    static func printHelp() throws(CommandError) {
        var out = TextBuffer()
        out.append("The statistics that -z knows:\n")
        for name in (StatisticCatalog.kinds.map(\.name) + FollowStatistic.names).sorted() {
            out.append("     ")
            out.append(name)
            out.append(10)
        }
        try Output.write(out.bytes)
    }

    /// Prints every report.
    func printReports() throws(CommandError) {
        guard !statistics.isEmpty else { return }
        var out = TextBuffer()
        var failure: CommandError?
        out.drain(beyond: Self.pieceByteCount) { text in
            do throws(CommandError) { if failure == nil { try Output.write(text) } } catch { failure = error }
        }
        if writesJSON { statistics.writeJSON(&out) } else { statistics.write(&out) }
        if let failure { throw failure }
        for followed in statistics.of(FollowStatistic.self) { try followed.check() }
        try Output.write(out.bytes)
        let forgotten = statistics.forgotten
        guard !forgotten.isEmpty else { return }
        let parts = forgotten.map { "\($0.argument): \($0.count)" }
        StandardError.write("Statistics are not complete, as the memory (--memory) was too little for entries that were forgotten: \(parts.joined(separator: ", "))\n")
    }
}

extension StatisticTimeStyle {
    init(_ style: TimeStyle) {
        switch style {
        case .relative, .delta, .deltaDisplayed: self = .relative
        case .epoch: self = .epoch
        case .absolute: self = .time(isLocal: true)
        case .absoluteWithDate: self = .date(isLocal: true)
        case .absoluteWithDayOfYear: self = .dayOfYear(isLocal: true)
        case .utc: self = .time(isLocal: false)
        case .utcWithDate: self = .date(isLocal: false)
        case .utcWithDayOfYear: self = .dayOfYear(isLocal: false)
        }
    }
}
