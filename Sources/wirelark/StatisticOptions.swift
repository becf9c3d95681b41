import Analysis
import Dissection
import DisplayFilter
import Presentation
import Wire

/// The values of `-z`, and how their reports are printed.
struct StatisticOptions {
    let statistics: StatisticSet
    private let writesJSON: Bool

    init(_ options: OutputOptions, _ settings: ReadSettings) throws(CommandError) {
        switch options.statisticsFormat {
        case "text": writesJSON = false
        case "json": writesJSON = true
        default: throw .usage("\"--statistics-format \(options.statisticsFormat)\" isn't valid; it is text or json.")
        }
        let registry = settings.registry
        let common = StatisticSettings(
            registry: registry, resolution: settings.resolution, captureName: settings.file,
            timeStyle: StatisticTimeStyle(TimeStyle(rawValue: options.timeStyle) ?? .relative),
            secondsEast: { LocalTime.offset($0).secondsEast },
            makeFilter: { text throws(FilterError) in
                try DisplayFilter(text, registry: registry, universalSeconds: LocalTime.universalSeconds)
            })
        var statistics = StatisticSet()
        for argument in options.statistics {
            do {
                guard let statistic = try StatisticCatalog.statistic(argument, common) else {
                    throw CommandError.usage("There is no statistic \"\(argument)\"; \"-z help\" lists what there is.")
                }
                statistics.add(argument, statistic)
            } catch {
                throw (error as? CommandError) ?? .usage("\(error)")
            }
        }
        self.statistics = statistics
    }

    /// Lists what `-z` knows.
    static func printHelp() throws(CommandError) {
        var out = TextBuffer()
        out.append("The statistics that -z knows:\n")
        for name in StatisticCatalog.kinds.map(\.name).sorted() {
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
        if writesJSON { statistics.writeJSON(&out) } else { statistics.write(&out) }
        try Output.write(out.bytes)
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
