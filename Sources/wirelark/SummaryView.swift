import Dissection
import DisplayFilter
import Presentation

/// What the summary shows, and how.
struct SummaryView {
    var columns = SummaryColumn.standard
    var timeStyle: TimeStyle
    var secondsStyle: SecondsStyle

    /// - Parameter preference: the value of `gui.column.format`, if the user gave one.
    init(_ options: OutputOptions, preference: String?, _ registry: Registry, _ surroundings: FilterSurroundings) throws(CommandError) {
        guard let timeStyle = TimeStyle(rawValue: options.timeStyle) else {
            throw .usage("\"-t \(options.timeStyle)\" isn't valid; it is one of a, ad, adoy, d, dd, e, r, u, ud, udoy.")
        }
        guard let secondsStyle = SecondsStyle(rawValue: options.secondsStyle) else {
            throw .usage("\"-u \(options.secondsStyle)\" isn't valid; it is s or hms.")
        }
        self.timeStyle = timeStyle
        self.secondsStyle = secondsStyle
        guard let preference else { return }
        let found = try ColumnFormats.columns(preference, registry) { (text) throws(CommandError) in
            try ChosenFields.expression(text, registry, surroundings)
        }
        guard let columns = found else {
            throw .usage("\"-o gui.column.format:\(preference)\" isn't valid: it is pairs of a title and a format, as in \"No.\",\"%m\",\"Info\",\"%i\"; \"-G column-formats\" lists the formats.")
        }
        self.columns = columns
    }

    /// What has to be wanted of frames so that all columns can be shown.
    func wants(_ registry: Registry) -> PlanWants {
        columns.reduce(PlanWants(columns: true, needs: dependsOnShownFrames ? .wholeCapture : [])) { $0.union($1.wants(registry)) }
    }

    /// Whether what is shown of a frame depends on which ones were shown before.
    private var dependsOnShownFrames: Bool {
        columns.contains { column in
            switch column.content {
            case .time(let style): (style ?? timeStyle) == .deltaDisplayed
            case .cumulativeByteCount: true
            default: false
            }
        }
    }
}
