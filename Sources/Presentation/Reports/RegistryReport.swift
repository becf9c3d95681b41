import Dissection
import Wire

/// What there is, as text for people and programs: the reports of `-G` that are about what can be dissected.
public enum RegistryReport: String, Sendable, CaseIterable {
    case columnFormats = "column-formats", currentPreferences = "currentprefs", decodes, defaultPreferences = "defaultprefs"
    case dissectorTables = "dissector-tables", elasticMapping = "elastic-mapping", fieldCount = "fieldcount", fields, fieldTypes = "ftypes"
    case heuristics = "heuristic-decodes", plugins, protocols, values

    /// What `-G help` says of the report.
    public var summary: String {
        switch self {
        case .columnFormats: "the codes of columns' formats"
        case .currentPreferences: "the preferences as they are set"
        case .decodes: "which dissector each table names for which number or text"
        case .defaultPreferences: "the preferences as they are unless set"
        case .dissectorTables: "the tables by which dissectors are found"
        case .elasticMapping: "a mapping of the fields for Elasticsearch"
        case .fieldCount: "how many fields there are"
        case .fields: "all fields and protocols"
        case .fieldTypes: "the types of fields"
        case .heuristics: "the dissectors that look at bytes themselves"
        case .plugins: "plug-ins, of which there are none"
        case .protocols: "all protocols"
        case .values: "the names of fields' values"
        }
    }

    /// - Parameter protocols: those that the mapping for Elasticsearch is to have; nil for all.
    public func write(_ registry: Registry, protocols: Set<String>? = nil, _ out: inout TextBuffer) {
        switch self {
        case .columnFormats: Self.writeColumnFormats(&out)
        case .currentPreferences: Self.writePreferences(registry, \.value, &out)
        case .decodes: Self.writeDecodes(registry, &out)
        case .defaultPreferences: Self.writePreferences(registry, \.defaultValue, &out)
        case .dissectorTables: Self.writeTables(registry, &out)
        case .elasticMapping: Self.writeElasticMapping(registry, protocols, &out)
        case .fieldCount: Self.writeFieldCount(registry, &out)
        case .fields: Self.writeFields(registry, &out)
        case .fieldTypes: Self.writeFieldTypes(&out)
        case .heuristics: Self.writeHeuristics(registry, &out)
        case .plugins: break
        case .protocols:
            for proto in registry.protocols where !proto.abbreviation.isEmpty {
                out.appendLine(proto.name, "\(proto.shortName)", proto.abbreviation)
            }
        case .values: Self.writeValues(registry, &out)
        }
    }

    private static func writeColumnFormats(_ out: inout TextBuffer) {
        for format in ColumnFormats.all { out.appendLine(format.code, format.description) }
        let standard = "\"No.\",\"%m\",\"Time\",\"%t\",\"Source\",\"%s\",\"Destination\",\"%d\",\"Protocol\",\"%p\",\"Length\",\"%L\",\"Info\",\"%i\""
        out.append("\nThe columns that are shown unless others are asked for:\n\n-o 'gui.column.format:\(standard)'\n")
    }

    private static func writeDecodes(_ registry: Registry, _ out: inout TextBuffer) {
        for table in registry.tables {
            for (number, dissector) in table.numbers.sorted(by: { $0.key < $1.key }) {
                out.appendLine(table.name, "\(number)", registry.name(of: dissector))
            }
            for (text, dissector) in table.texts.sorted(by: { $0.key < $1.key }) { out.appendLine(table.name, text, registry.name(of: dissector)) }
        }
    }

    private static func writeHeuristics(_ registry: Registry, _ out: inout TextBuffer) {
        for table in registry.tables {
            for dissector in table.heuristics { out.appendLine(table.name, registry.name(of: dissector), "T") }
        }
    }

    private static func writeTables(_ registry: Registry, _ out: inout TextBuffer) {
        for table in registry.tables.sorted(by: { $0.name < $1.name }) where !table.numbers.isEmpty || !table.texts.isEmpty {
            let owner = table.owner.map { "\(registry[$0].shortName)" } ?? ""
            // Texts have no base, and no column for one; rules of `-d` are about numbers.
            if table.type.isInteger {
                out.appendLine(table.name, table.title, "\(table.type.wireshark.name)", "\(table.base.wiresharkName)", owner, "Decode As supported")
            } else {
                out.appendLine(table.name, table.title, "\(table.type.wireshark.name)", owner, "Decode As not supported")
            }
        }
    }

    private static func writeFieldTypes(_ out: inout TextBuffer) {
        for type in FieldType.allCases.sorted(by: { $0.wireshark.number < $1.wireshark.number }) {
            out.appendLine("\(type.wireshark.name)", "\(type.description)")
        }
    }

    private static func writeFieldCount(_ registry: Registry, _ out: inout TextBuffer) {
        out.append("There are \(registry.fields.count) header fields registered, of which:\n\t\(registry.protocols.count) are protocols\n")
    }

    private static func writePreferences(_ registry: Registry, _ value: KeyPath<Preference, Preference.Kind>, _ out: inout TextBuffer) {
        for preference in registry.preferences.sorted(by: { $0.name < $1.name }) {
            let (rule, text) = describe(preference[keyPath: value])
            let mark = preference[keyPath: value] == preference.defaultValue ? "#" : ""
            out.append("# \(preference.title)\n# \(rule)\n\(mark)\(preference.name): \(text)\n\n")
        }
    }

    private static func describe(_ value: Preference.Kind) -> (rule: String, text: String) {
        switch value {
        case .boolean(let isSet): ("TRUE or FALSE (case-insensitive)", isSet ? "TRUE" : "FALSE")
        case .unsigned(let number): ("A number", "\(number)")
        case .text(let text): ("A text", text)
        case .choice(let text, let choices): ("One of: \(choices.joined(separator: ", "))\n# (case-insensitive).", text)
        case .portRange(let text): ("A range of numbers", text)
        }
    }
}

extension TextBuffer {
    /// Columns with tabs between, and the end of a line.
    mutating func appendLine(_ columns: String...) {
        for (index, column) in columns.enumerated() {
            if index > 0 { append(9) }
            append(column)
        }
        append(10)
        drainIfLong()
    }
}

extension Registry {
    fileprivate func name(of dissector: DissectorID) -> String { dissectors[Int(dissector.rawValue)].name }
}
