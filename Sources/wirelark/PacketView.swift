import Dissection
import Presentation

/// What is printed of each packet.
enum PacketView {
    case nothing
    case text(TextView)
    case fields(ChosenFields, FieldsPrinter.Options)
    case json(ChosenFields?)
    case pdml(ChosenFields?)

    struct TextView {
        var separator: SummaryPrinter.Separator
        var timeStyle: TimeStyle
        var showsSummary: Bool
        var showsTree: Bool
        /// nil for all.
        var openedProtocols: Set<String>?
        var showsBytes: Bool
    }

    init(_ options: OutputOptions, _ registry: Registry) throws(CommandError) {
        guard let timeStyle = TimeStyle(rawValue: options.timeStyle) else {
            throw .usage("\"-t \(options.timeStyle)\" isn't valid; it is one of a, ad, adoy, d, dd, e, r, u, ud, udoy.")
        }
        var fieldSettings = FieldsPrinter.Options()
        for setting in options.fieldSettings { try fieldSettings.apply(setting) }
        // Who writes packets to a file sees them only when asking for that.
        if options.writtenFile != nil, options.format != "text", options.format != "tabs", !options.showsSummary {
            self = .nothing
            return
        }
        let chosen = options.fields.isEmpty ? nil : ChosenFields(options.fields, timeStyle, registry)
        switch options.format {
        case "text", "tabs":
            if chosen != nil { throw .usage("-e goes with \"-T fields\", \"-T json\" or \"-T pdml\".") }
            self = Self.text(options, timeStyle)
        case "json": self = .json(chosen)
        case "pdml": self = .pdml(chosen)
        case "fields":
            guard let chosen else { throw .usage("\"-T fields\" needs to know which: add \"-e\" and a field's name.") }
            self = .fields(chosen, fieldSettings)
        default: throw .usage("\"-T \(options.format)\" isn't valid; it is one of text, tabs, fields, json, pdml.")
        }
        if options.showsBytes, options.format != "text", options.format != "tabs" {
            throw .usage("-x goes with \"-T text\" and \"-T tabs\" only.")
        }
        if let chosen, !chosen.unknown.isEmpty { throw .usage("Some fields aren't valid:\n\t\(chosen.unknown.joined(separator: "\n\t"))") }
    }

    private static func text(_ options: OutputOptions, _ timeStyle: TimeStyle) -> Self {
        let showsTree = options.showsTree || options.openedProtocols != nil
        let showsSummary = options.showsSummary || !showsTree && !options.showsBytes && !options.isQuiet && options.writtenFile == nil
        guard showsSummary || showsTree || options.showsBytes else { return .nothing }
        return .text(TextView(
            separator: options.format == "tabs" ? .tab : .space, timeStyle: timeStyle, showsSummary: showsSummary, showsTree: showsTree,
            openedProtocols: options.openedProtocols.map { Set($0.split { $0 == "," || $0 == " " }.map { $0.lowercased() }) },
            showsBytes: options.showsBytes))
    }

    /// What the view needs, and no more.
    func wants(_ registry: Registry) -> PlanWants {
        switch self {
        case .nothing: PlanWants()
        case .json(nil), .pdml(nil): .everything
        case .text(let view) where view.showsTree: PlanWants(fields: nil, labels: true, columns: view.showsSummary)
        // The dump shows what was put together from several frames, too.
        case .text(let view): PlanWants(columns: view.showsSummary, needs: Self.needs(of: view.timeStyle).union(view.showsBytes ? .everything : []))
        case .fields(let chosen, _), .json(let chosen?), .pdml(let chosen?):
            PlanWants(fields: chosen.fields, labels: chosen.showsLabels(registry), columns: chosen.showsColumns, needs: Self.needs(of: chosen.timeStyle))
        }
    }

    private static func needs(of style: TimeStyle) -> FieldNeeds { style == .deltaDisplayed ? .wholeCapture : [] }
}

/// The values of `-e`.
struct ChosenFields {
    let names: [String]
    let columns: [FieldsPrinter.Column]
    let timeStyle: TimeStyle
    /// Names that are neither fields nor columns.
    let unknown: [String]

    init(_ names: [String], _ timeStyle: TimeStyle, _ registry: Registry) {
        self.names = names
        self.timeStyle = timeStyle
        var columns: [FieldsPrinter.Column] = []
        var unknown: [String] = []
        for name in names {
            let fields = registry.fields(named: name)
            if let column = Self.summaryColumn(name) {
                columns.append(.summary(column))
            } else if !fields.isEmpty, !name.isEmpty {
                columns.append(.field(fields.map(\.id)))
            } else {
                unknown.append(name)
            }
        }
        self.columns = columns
        self.unknown = unknown
    }

    /// A column by `_ws.col.` and its title, in any case.
    private static func summaryColumn(_ name: String) -> FieldsPrinter.SummaryColumn? {
        let prefix = "_ws.col."
        guard name.hasPrefix(prefix) else { return nil }
        let title = name.dropFirst(prefix.count).lowercased()
        return title == "number" ? .number : FieldsPrinter.SummaryColumn.allCases.first { $0.rawValue.lowercased() == title }
    }

    var fields: Set<FieldID> {
        columns.reduce(into: []) { if case .field(let fields) = $1 { $0.formUnion(fields) } }
    }

    var showsColumns: Bool {
        columns.contains { if case .summary = $0 { true } else { false } }
    }

    /// Whether a protocol is among the fields, which shows its label.
    func showsLabels(_ registry: Registry) -> Bool { fields.contains { registry[$0].type == .proto } }
}
