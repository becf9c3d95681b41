import Dissection
import DisplayFilter
import Presentation

/// What is printed of each packet.
enum PacketView {
    case nothing
    case text(TextView)
    case psml
    case fields(ChosenFields, FieldsPrinter.Options)
    case json(ChosenFields?)
    /// JSON with bytes, or with some layers only.
    case jsonParts(showsValues: Bool, showsBytes: Bool, LayerFilter?)
    case ek(showsBytes: Bool, LayerFilter?)
    case ekFields(ChosenFields)
    case pdml(ChosenFields?, LayerFilter?)

    struct TextView {
        var separator: SummaryPrinter.Separator
        var showsSummary: Bool
        var showsTree: Bool
        /// nil for all.
        var openedProtocols: Set<String>?
        /// nil where no bytes are shown.
        var hexDump: HexDumpPrinter?
        /// A line behind each packet of which more than the summary is shown.
        var frameSeparator: String
    }

    init(_ options: OutputOptions, _ summary: SummaryView, _ registry: Registry, _ surroundings: FilterSurroundings) throws(CommandError) {
        var fieldSettings = FieldsPrinter.Options()
        for setting in options.fieldSettings { try fieldSettings.apply(setting) }
        let chosen = options.fields.isEmpty ? nil : try ChosenFields(options.fields, summary.columns, registry, surroundings)
        let filter = Self.filter(options)
        switch options.format {
        case "text", "tabs", "psml", "jsonraw":
            if chosen != nil { throw .usage("-e goes with \"-T fields\", \"-T json\", \"-T ek\" or \"-T pdml\".") }
            switch options.format {
            case "psml": self = .psml
            case "jsonraw": self = .jsonParts(showsValues: false, showsBytes: true, filter)
            default: self = try Self.text(options)
            }
        case "json" where chosen == nil && (options.showsBytes || filter != nil):
            self = .jsonParts(showsValues: true, showsBytes: options.showsBytes, filter)
        case "json": self = .json(chosen)
        case "ek": self = chosen.map { .ekFields($0) } ?? .ek(showsBytes: options.showsBytes, filter)
        case "pdml": self = .pdml(chosen, filter)
        case "fields":
            guard let chosen else { throw .usage("\"-T fields\" needs to know which: add \"-e\" and a field's name.") }
            self = .fields(chosen, fieldSettings)
        case "ps": throw .usage("\"-T ps\" isn't possible: nothing prints PostScript. \"-T text\" is for people, \"-T pdml\" for programs.")
        default: throw .usage("\"-T \(options.format)\" isn't valid; it is one of text, tabs, fields, json, jsonraw, ek, pdml, psml.")
        }
        if options.showsBytes, ["psml", "pdml", "fields"].contains(options.format) {
            throw .usage("-x goes with \"-T text\", \"-T tabs\", \"-T json\", \"-T jsonraw\" and \"-T ek\" only.")
        }
        if filter != nil, !["json", "jsonraw", "ek", "pdml"].contains(options.format) {
            throw .usage("-j and -J go with \"-T json\", \"-T jsonraw\", \"-T ek\" and \"-T pdml\" only.")
        }
        if let chosen, !chosen.unknown.isEmpty { throw .usage("Some fields aren't valid:\n\t\(chosen.unknown.joined(separator: "\n\t"))") }
    }

    var printsPackets: Bool { if case .nothing = self { false } else { true } }

    private static func filter(_ options: OutputOptions) -> LayerFilter? {
        options.shownProtocols.map { LayerFilter($0, includesChildren: true) } ?? options.shownFields.map { LayerFilter($0, includesChildren: false) }
    }

    private static func text(_ options: OutputOptions) throws(CommandError) -> Self {
        let showsTree = options.showsTree || options.openedProtocols != nil
        let showsSummary = options.showsSummary || !showsTree && !options.showsBytes && !options.hidesPackets
        guard showsSummary || showsTree || options.showsBytes else { return .nothing }
        return .text(TextView(
            separator: options.format == "tabs" ? .tab : .space, showsSummary: showsSummary, showsTree: showsTree,
            openedProtocols: options.openedProtocols.map { Set($0.split { $0 == "," || $0 == " " }.map { $0.lowercased() }) },
            hexDump: try HexDumpPrinter(options), frameSeparator: options.separator ?? ""))
    }

    /// What the view needs, and no more.
    func wants(_ summary: SummaryView, _ registry: Registry) -> PlanWants {
        switch self {
        case .nothing: PlanWants()
        case .json(nil), .jsonParts, .ek, .pdml(nil, _): .everything
        case .psml: summary.wants(registry)
        case .text(let view):
            // The dump shows what was put together from several frames, too.
            (view.showsTree ? .everything : PlanWants(needs: view.hexDump == nil ? [] : .everything))
                .union(view.showsSummary ? summary.wants(registry) : PlanWants())
        case .fields(let chosen, _), .json(let chosen?), .ekFields(let chosen), .pdml(let chosen?, _):
            chosen.wants(registry).union(chosen.showsColumns ? summary.wants(registry) : PlanWants())
        }
    }
}

/// The values of `-e`.
struct ChosenFields {
    let names: [String]
    let columns: [FieldsPrinter.Column]
    /// Names that are no fields, columns or expressions.
    let unknown: [String]

    init(_ names: [String], _ summary: [SummaryColumn], _ registry: Registry, _ surroundings: FilterSurroundings) throws(CommandError) {
        self.names = names
        var columns: [FieldsPrinter.Column] = []
        var unknown: [String] = []
        for name in names {
            let fields = registry.fields(named: name)
            if let column = Self.summaryColumn(name, summary) {
                columns.append(.summary(column))
            } else if !fields.isEmpty, !name.isEmpty {
                columns.append(.field(fields.map(\.id)))
            } else if !name.hasPrefix("-"), name.allSatisfy({ $0.isLetter || $0.isNumber || "._-".contains($0) }) {
                unknown.append(name)
            } else {
                columns.append(.expression(try Self.expression(name, registry, surroundings)))
            }
        }
        self.columns = columns
        self.unknown = unknown
    }

    static func expression(_ text: String, _ registry: Registry, _ surroundings: FilterSurroundings) throws(CommandError) -> FieldExpression {
        let text = try FilterMacroFile.expand(text)
        do {
            return try FieldExpression(text, registry: registry, in: surroundings)
        } catch {
            throw .usage("\(error)\n\(error.marked(in: text))")
        }
    }

    /// A column by `_ws.col.` and its title, in any case.
    private static func summaryColumn(_ name: String, _ columns: [SummaryColumn]) -> Int? {
        let prefix = "_ws.col."
        guard name.hasPrefix(prefix) else { return nil }
        let title = name.dropFirst(prefix.count).lowercased()
        return columns.firstIndex { $0.title.lowercased() == (title == "number" ? "no." : title) }
    }

    /// What has to be wanted of frames so that the fields and expressions can be shown.
    func wants(_ registry: Registry) -> PlanWants {
        columns.reduce(PlanWants()) { wants, column in
            switch column {
            // A protocol shows its label.
            case .field(let fields): wants.union(PlanWants(fields: Set(fields), labels: fields.contains { registry[$0].type == .proto }))
            case .summary: wants
            case .expression(let expression): wants.union(expression.wants)
            }
        }
    }

    var showsColumns: Bool {
        columns.contains { if case .summary = $0 { true } else { false } }
    }
}
