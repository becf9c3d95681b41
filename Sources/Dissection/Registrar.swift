import Wire

/// What a user can set before dissectors are registered.
public struct RegistrySettings: Sendable {
    /// Preferences by name, as text: `-o name:value`.
    public var preferences: [String: String] = [:]
    /// Decode-as rules: table, number and protocol: `-d tcp.port==8888,http`.
    public var decodeAs: [(table: String, numbers: ClosedRange<UInt32>, proto: String)] = []
    public var disabledProtocols: Set<String> = []
    /// Dissectors that are not to be found by the bytes themselves, by protocol and table: `http_tcp`.
    public var disabledHeuristics: Set<String> = []
    public var budget = StateBudget()
    /// Those that need only be there: everything is enabled that is not disabled.
    public var enabledHeuristics: Set<String> = []
    /// Whether ports are shown with the names of their services.
    public var namesPorts = false
    /// Whether a preference that no dissector has registered is one all the same: it is passed over, unless it is one of numbers in a table.
    public var isKnownPreference: @Sendable (String) -> Bool = { _ in false }
    public init() {}
}

/// Takes the registrations of dissectors: fields, tables, preferences, expert items and state. Open until `freeze`.
public struct Registrar: ~Copyable {
    private let settings: RegistrySettings
    var fields: [FieldInfo] = []
    var protocols: [ProtocolInfo] = []
    var experts: [ExpertInfo] = []
    var dissectors: [DissectorHandle] = []
    var tables: [DissectorTable] = []
    var preferences: [Preference] = []
    var stateMakers: [@Sendable () -> AnyStateBox] = []
    /// The numbers of states that several protocols share, by the names of their types.
    private var sharedStates: [String: Int] = [:]
    var factMakers: [@Sendable () -> AnyFactColumn] = []
    /// Tables that a protocol hands its payload to, by protocol.
    var handsOff: [Set<UInt16>] = []
    /// Protocols whose fields a protocol's dissectors add, by protocol.
    var lenders: [Set<ProtocolID>] = []
    /// Protocols that dissectors hand on to without a table.
    var calledByName: Set<ProtocolID> = []
    private var tableNumbers: [String: TableID] = [:]
    private var fieldNumbers: [String: FieldID] = [:]
    /// The names of more than one field.
    var sharedFieldNames: Set<String> = []
    private(set) var dissectorNumbers: [String: DissectorID] = [:]
    private(set) var carriers: [DissectorID: DissectorID] = [:]
    /// MB of the usual budget that states have.
    private(set) var budgetedMegabytes = 0
    private var errors: [RegistryError] = []
    private var current = ProtocolID(rawValue: 0)
    public private(set) var core: CoreFields

    /// Room for the fields of all protocols, so that they need not be moved as they become more.
    private static let usualFieldCount = 4096

    public init(settings: RegistrySettings = RegistrySettings()) {
        self.settings = settings
        fields.reserveCapacity(Self.usualFieldCount)
        fieldNumbers.reserveCapacity(Self.usualFieldCount)
        core = CoreFields.placeholder
        core = CoreFields(registering: &self)
    }

    // MARK: Protocols and fields

    /// Begins a protocol; what is registered until the next call belongs to it.
    /// - Parameter spansPayload: whether filters that take its bytes apart see what it carries, too.
    public mutating func proto(_ abbreviation: String, _ name: String, short: StaticString, spansPayload: Bool = false) -> ProtocolID {
        let id = ProtocolID(rawValue: UInt32(protocols.count))
        current = id
        let field = FieldID(rawValue: UInt32(fields.count))
        protocols.append(ProtocolInfo(id: id, field: field, abbreviation: abbreviation, name: name, shortName: short))
        handsOff.append([])
        lenders.append([])
        store(FieldInfo(
            id: field, abbreviation: abbreviation, name: name, type: .proto, base: .none, mask: 0, wordBitCount: 0, strings: nil,
            trueText: "True", falseText: "False", unit: nil, note: "", label: nil, isWholeLabel: false, needs: [], aliases: [], proto: id, isExpert: false, spansPayload: spansPayload))
        return id
    }

    /// The protocol that what is registered now belongs to.
    public var currentProtocol: ProtocolID { current }

    /// Goes on with a protocol that was begun before.
    public mutating func begin(_ proto: ProtocolID) { current = proto }

    /// The node that a protocol's fields stand under.
    public func node(of proto: ProtocolID) -> FieldID { protocols[Int(proto.rawValue)].field }

    /// Registers a field of the current protocol.
    /// - Parameters:
    ///   - isOwnProtocol: whether Wireshark has the field for a protocol of its own, in name only.
    ///   - mask: the bits of the field within its bytes, 0 for all of them.
    ///   - note: follows the label of items with the flag `noted`.
    ///   - wordBits: bits of the word that the mask applies to, where the type is not as wide.
    @discardableResult
    public mutating func field(
        _ abbreviation: String, _ name: String, _ type: FieldType, _ base: FieldBase = .none, isOwnProtocol: Bool = false, strings: ValueStrings? = nil,
        mask: UInt64 = 0, wordBits: Int = 0, trueText: StaticString = "True", falseText: StaticString = "False",
        unit: StaticString? = nil, note: StaticString = "", needs: FieldNeeds = [], isWholeLabel: Bool = false, label: ValueLabel? = nil
    ) -> FieldID {
        let id = FieldID(rawValue: UInt32(fields.count))
        store(FieldInfo(
            id: id, abbreviation: abbreviation, name: name, type: type, base: base, mask: mask,
            wordBitCount: wordBits != 0 ? wordBits : type.bitCount, strings: strings, trueText: trueText, falseText: falseText,
            unit: unit, note: note, label: label, isWholeLabel: isWholeLabel, needs: needs, aliases: [], proto: current, isExpert: false, isOwnProtocol: isOwnProtocol))
        return id
    }

    /// Registers a flag: one bit of a word, with the texts for set and not set.
    public mutating func flag(
        _ abbreviation: String, _ name: String, wordBits: Int, mask: UInt64, _ trueText: StaticString = "Set", _ falseText: StaticString = "Not set"
    ) -> FieldID {
        field(abbreviation, name, .boolean, mask: mask, wordBits: wordBits, trueText: trueText, falseText: falseText)
    }

    /// The number of the field that is registered next.
    public var nextField: FieldID { FieldID(rawValue: UInt32(fields.count)) }

    /// All fields registered from `first` on.
    public func range(from first: FieldID) -> FieldRange { FieldRange(first: first.rawValue, end: UInt32(fields.count)) }

    private mutating func store(_ info: FieldInfo) {
        if let first = fieldNumbers.updateValue(info.id, forKey: info.abbreviation) {
            fieldNumbers[info.abbreviation] = first
            sharedFieldNames.insert(info.abbreviation)
        }
        fields.append(info)
    }

    /// Registers an expert item of the current protocol.
    public mutating func expert(_ abbreviation: String, _ group: ExpertGroup, _ severity: ExpertSeverity, _ summary: StaticString) -> ExpertID {
        let id = ExpertID(rawValue: UInt32(experts.count))
        let field = FieldID(rawValue: UInt32(fields.count))
        store(FieldInfo(
            id: field, abbreviation: abbreviation, name: "\(summary)", type: .none, base: .none, mask: 0, wordBitCount: 0, strings: nil,
            trueText: "True", falseText: "False", unit: nil, note: "", label: nil, isWholeLabel: false, needs: [], aliases: [], proto: current, isExpert: true))
        experts.append(ExpertInfo(field: field, group: group, severity: severity, summary: summary))
        return id
    }

    /// Says that a table of fields shows the same instances as `field` under another name; used by filters and columns.
    public mutating func alias(_ field: FieldID, as alias: FieldID) { fields[Int(field.rawValue)].aliases.append(alias) }

    /// Says that the dissectors of the current protocol add fields of another one.
    public mutating func addsFields(of proto: ProtocolID) { lenders[Int(current.rawValue)].insert(proto) }

    /// Says that dissectors of some protocols add fields of each other, and hand on to one table.
    public mutating func addFields(among protos: [ProtocolID], table name: String) {
        let id = number(ofTable: name)
        for proto in protos {
            lenders[Int(proto.rawValue)].formUnion(protos)
            handsOff[Int(proto.rawValue)].insert(id.rawValue)
        }
    }

    // MARK: Tables

    /// The table that the current protocol hands its payload to.
    /// - Parameters:
    ///   - title: what people call it; given by the protocol whose field it goes by.
    ///   - type: of the values in it.
    public mutating func table(_ name: String, title: String? = nil, _ type: FieldType = .uint16, _ base: FieldBase = .decimal) -> TableID {
        let id = number(ofTable: name)
        if let title { tables[Int(id.rawValue)].describe(title, type, base, current) }
        if !handsOff.isEmpty { handsOff[Int(current.rawValue)].insert(id.rawValue) }
        return id
    }

    private mutating func number(ofTable name: String) -> TableID {
        if let known = tableNumbers[name] { return known }
        let id = TableID(rawValue: UInt16(tables.count))
        tables.append(DissectorTable(name: name))
        tableNumbers[name] = id
        return id
    }

    /// Makes a dissector known under a name, for tables, decode-as and conversations.
    @discardableResult
    public mutating func dissector(_ dissector: some Dissector, _ proto: ProtocolID, name: String? = nil) -> DissectorID {
        store(FilledDissectorBox(dissector), proto, name)
    }

    /// Makes the dissector of a protocol over byte streams known.
    @discardableResult
    public mutating func dissector(_ dissector: some StreamDissector, _ proto: ProtocolID, name: String? = nil) -> DissectorID {
        store(StreamDissectorBox(dissector), proto, name)
    }

    /// Makes a dissector known to tables alone: it has its protocol's name in `frame.protocols`, and is not found by it.
    public mutating func partDissector(_ dissector: some Dissector, _ proto: ProtocolID) -> DissectorID {
        store(FilledDissectorBox(dissector), proto, nil, isFoundByName: false)
    }

    /// Says that a dissector's conversations began as another's, whose name stands before its own wherever it runs.
    public mutating func setCarrier(of dissector: DissectorID, named name: String) { carriers[dissector] = dissectorNumbers[name] }

    private mutating func store(_ box: DissectorBox, _ proto: ProtocolID, _ name: String?, isFoundByName: Bool = true) -> DissectorID {
        let id = DissectorID(rawValue: UInt16(dissectors.count))
        let name = name ?? protocols[Int(proto.rawValue)].abbreviation
        if isFoundByName, dissectorNumbers[name] == nil { dissectorNumbers[name] = id }
        dissectors.append(DissectorHandle(box: box, proto: proto, name: name))
        return id
    }

    /// The dissector registered under a name before: the current protocol may hand on to it.
    public mutating func dissector(named name: String) -> DissectorID? {
        let id = dissectorNumbers[name]
        if let id {
            calledByName.insert(dissectors[Int(id.rawValue)].proto)
            if !lenders.isEmpty { lenders[Int(current.rawValue)].insert(dissectors[Int(id.rawValue)].proto) }
        }
        return id
    }

    public mutating func add(_ dissector: DissectorID, to table: String, _ numbers: UInt32...) {
        let id = number(ofTable: table)
        for number in numbers { tables[Int(id.rawValue)].numbers[number] = dissector }
    }

    /// - Parameter ifRecognized: whether the dissector takes only bytes that it recognizes.
    public mutating func add(_ dissector: DissectorID, to table: String, texts: [String], ifRecognized: Bool = false) {
        let id = number(ofTable: table)
        for text in texts { tables[Int(id.rawValue)].texts[text] = dissector }
        if ifRecognized { tables[Int(id.rawValue)].checked.insert(dissector) }
    }

    /// Adds a dissector for all texts of a pattern that are not listed themselves.
    public mutating func add(_ dissector: DissectorID, to table: String, _ pattern: TextPattern, ifRecognized: Bool = false) {
        let id = number(ofTable: table)
        tables[Int(id.rawValue)].patterns.append((pattern, dissector))
        if ifRecognized { tables[Int(id.rawValue)].checked.insert(dissector) }
    }

    /// Makes a dissector one that decode-as rules may name in tables where it has no number.
    public mutating func offer(_ dissector: DissectorID, in tables: String...) {
        for table in tables { self.tables[Int(number(ofTable: table).rawValue)].offered.insert(dissector) }
    }

    /// Adds a dissector that looks at the bytes to those that a table tries.
    public mutating func addHeuristic(_ dissector: DissectorID, to table: String) {
        let id = number(ofTable: table)
        tables[Int(id.rawValue)].heuristics.append(dissector)
    }

    // MARK: Preferences and state

    /// Whether ports are shown with the names of their services.
    public var namesPorts: Bool { settings.namesPorts }

    public mutating func preference(_ name: String, _ title: String, default value: Bool) -> Bool {
        let given = settings.preferences[name]
        let chosen: Bool
        switch given?.lowercased() {
        case nil: chosen = value
        case "true", "1", "on": chosen = true
        case "false", "0", "off": chosen = false
        default:
            errors.append(RegistryError("The preference \(name) is either TRUE or FALSE, not \"\(given ?? "")\"."))
            chosen = value
        }
        preferences.append(Preference(name: name, defaultValue: .boolean(value), value: .boolean(chosen), title: title))
        return chosen
    }

    /// - Parameter isHex: whether the number is given in hexadecimal digits, with or without "0x".
    public mutating func preference(_ name: String, _ title: String, default value: UInt32, isHex: Bool = false) -> UInt32 {
        var chosen = value
        if let given = settings.preferences[name] {
            let digits = isHex && given.lowercased().hasPrefix("0x") ? given.dropFirst(2) : given[...]
            if let number = UInt32(digits, radix: isHex ? 16 : 10) {
                chosen = number
            } else {
                errors.append(RegistryError("The preference \(name) is a number from 0 to \(isHex ? "ffffffff in hexadecimal digits" : "4294967295"), not \"\(given)\"."))
            }
        }
        preferences.append(Preference(name: name, defaultValue: .unsigned(value), value: .unsigned(chosen), title: title))
        return chosen
    }

    public mutating func preference(_ name: String, _ title: String, default value: String, choices: [String]) -> String {
        var chosen = value
        if let given = settings.preferences[name] {
            if let match = choices.first(where: { $0.lowercased() == given.lowercased() }) {
                chosen = match
            } else {
                errors.append(RegistryError("The preference \(name) is one of \(choices.joined(separator: ", ")), not \"\(given)\"."))
            }
        }
        preferences.append(Preference(name: name, defaultValue: .choice(value, of: choices), value: .choice(chosen, of: choices), title: title))
        return chosen
    }

    /// Registers state that one session keeps for the current protocol, made anew for each session.
    /// - Parameters:
    ///   - name: what is remembered: "conversations".
    ///   - measure: tells how much that is.
    ///   - evicted: tells how much was given up for the sake of something else.
    public mutating func state<State: ~Copyable>(
        _ name: StaticString, _ make: @escaping @Sendable () -> State, measure: @escaping StateMeasure<State>,
        evicted: @escaping StateCount<State> = { _ in 0 }
    ) -> StateKey<State> {
        let fullName = "\(protocols[Int(current.rawValue)].shortName) \(name)"
        stateMakers.append { StateBox(fullName, make(), measure, evicted) }
        return StateKey(index: stateMakers.count - 1)
    }

    /// Registers state that keeps within a share of the memory that all states have.
    /// - Parameter megabytes: of the usual budget (`StateBudget.usualMegabytes`); `make` is given the bytes of the budget that there is.
    public mutating func state<State: ~Copyable>(
        _ name: StaticString, budget megabytes: Int, _ make: @escaping @Sendable (_ byteLimit: Int) -> State, measure: @escaping StateMeasure<State>,
        evicted: @escaping StateCount<State>
    ) -> StateKey<State> {
        budgetedMegabytes += megabytes
        let byteLimit = settings.budget.byteCount(ofUsual: megabytes)
        return state(name, { make(byteLimit) }, measure: measure, evicted: evicted)
    }

    /// Registers state that several protocols share, by its type: the first to ask names and makes it.
    public mutating func sharedState<State: ~Copyable>(
        _ name: StaticString, budget megabytes: Int, _ make: @escaping @Sendable (_ byteLimit: Int) -> State, measure: @escaping StateMeasure<State>,
        evicted: @escaping StateCount<State>
    ) -> StateKey<State> {
        let type = "\(StateKey<State>.self)"
        if let index = sharedStates[type] { return StateKey(index: index) }
        let key = state(name, budget: megabytes, make, measure: measure, evicted: evicted)
        sharedStates[type] = key.index
        return key
    }

    /// Registers the facts that the current protocol's tracker leaves per frame.
    public mutating func facts<Fact: Sendable>(_ type: Fact.Type) -> FactKey<Fact> {
        factMakers.append { FactColumn<Fact>() }
        return FactKey(index: factMakers.count - 1)
    }

    // MARK: Freezing

    /// The registry, with the user's decode-as rules and disabled protocols applied.
    public consuming func freeze() throws(RegistryError) -> Registry {
        for name in settings.preferences.keys.sorted() where !preferences.contains(where: { $0.name == name }) && !settings.isKnownPreference(name) {
            errors.append(RegistryError("There is no preference \"\(name)\"."))
        }
        applyNumberPreferences()
        applyDecodeAs()
        disableHeuristics()
        disableProtocols()
        if let first = errors.first { throw first }
        return Registry(registrar: self, fieldNumbers: fieldNumbers, tableNumbers: tableNumbers)
    }

    /// Preferences that give a protocol other numbers than its usual ones in a table: `http.tcp.port`.
    private mutating func applyNumberPreferences() {
        for (name, text) in settings.preferences.sorted(by: { $0.key < $1.key }) where settings.isKnownPreference(name) {
            guard let (table, dissector) = numberPreference(name) else { continue }
            guard let ranges = Self.ranges(text, limit: UInt32(truncatingIfNeeded: 1 << tables[table].type.bitCount - 1)) else {
                errors.append(RegistryError("The preference \(name) is a list of numbers and ranges, as in 80,8000-8080, not \"\(text)\"."))
                continue
            }
            tables[table].numbers = tables[table].numbers.filter { $0.value != dissector }
            for number in ranges.joined() { tables[table].numbers[number] = dissector }
        }
    }

    /// The table, and the dissector in it, that a preference is about.
    private func numberPreference(_ name: String) -> (table: Int, dissector: DissectorID)? {
        guard !preferences.contains(where: { $0.name == name }), let dot = name.firstIndex(of: ".") else { return nil }
        guard let table = tableNumbers[String(name[name.index(after: dot)...])] else { return nil }
        return dissectorsOffered(in: table)[String(name[..<dot])].map { (Int(table.rawValue), $0) }
    }

    /// `80,8000-8080`, `-1023` or `49152-`; no text is no number.
    private static func ranges(_ text: String, limit: UInt32) -> [ClosedRange<UInt32>]? {
        var ranges: [ClosedRange<UInt32>] = []
        for part in text.filter({ $0 != " " }).split(separator: ",") {
            let ends = part.split(separator: "-", omittingEmptySubsequences: false)
            guard ends.count <= 2, let first = ends[0].isEmpty ? 1 : number(ends[0]), let last = ends[ends.count - 1].isEmpty ? limit : number(ends[ends.count - 1]),
                max(first, last) <= limit
            else { return nil }
            ranges.append(min(first, last)...max(first, last))
        }
        return ranges
    }

    private static func number(_ text: Substring) -> UInt32? {
        text.lowercased().hasPrefix("0x") ? UInt32(text.dropFirst(2), radix: 16) : UInt32(text)
    }

    private mutating func applyDecodeAs() {
        for rule in settings.decodeAs {
            guard let table = tableNumbers[rule.table] else {
                errors.append(RegistryError("There is no dissector table \"\(rule.table)\" to decode by."))
                continue
            }
            guard dissectorNumbers[rule.proto] != nil else {
                errors.append(RegistryError("There is no protocol \"\(rule.proto)\" to decode as."))
                continue
            }
            let offered = dissectorsOffered(in: table)
            guard let dissector = offered[rule.proto] else {
                let names = offered.keys.sorted().joined(separator: ", ")
                errors.append(RegistryError("\"\(rule.proto)\" isn't valid for \"\(rule.table)\": it is one of \(names)."))
                continue
            }
            for number in rule.numbers { tables[Int(table.rawValue)].numbers[number] = dissector }
        }
    }

    /// The dissectors that decode-as rules may name in a table, by these names: those that have a number there, those that are offered, and plain
    /// data. A protocol over TCP has another than over UDP.
    private func dissectorsOffered(in id: TableID) -> [String: DissectorID] {
        let table = tables[Int(id.rawValue)]
        var found: [String: DissectorID] = [:]
        for dissector in Array(table.offered) + Array(table.numbers.values) { found[dissectors[Int(dissector.rawValue)].name] = dissector }
        found["data"] = dissectorNumbers["data"]
        return found
    }

    private mutating func disableHeuristics() {
        var names: Set<String> = []
        for index in tables.indices {
            let table = tables[index].name
            tables[index].heuristics = tables[index].heuristics.filter { dissector in
                let name = "\(dissectors[Int(dissector.rawValue)].name)_\(table)"
                names.insert(name)
                return !settings.disabledHeuristics.contains(name)
            }
        }
        for name in settings.disabledHeuristics.union(settings.enabledHeuristics).subtracting(names).sorted() {
            errors.append(RegistryError("There is no heuristic dissector \"\(name)\"."))
        }
    }

    private mutating func disableProtocols() {
        for name in settings.disabledProtocols.sorted() {
            // What is not there is as good as disabled.
            guard let proto = protocols.first(where: { $0.abbreviation == name }) else { continue }
            let disabled = Set(dissectors.indices.filter { dissectors[$0].proto == proto.id }.map { DissectorID(rawValue: UInt16($0)) })
            for index in tables.indices {
                tables[index].numbers = tables[index].numbers.filter { !disabled.contains($0.value) }
                tables[index].texts = tables[index].texts.filter { !disabled.contains($0.value) }
                tables[index].patterns.removeAll { disabled.contains($0.dissector) }
                tables[index].heuristics.removeAll { disabled.contains($0) }
            }
        }
    }
}
