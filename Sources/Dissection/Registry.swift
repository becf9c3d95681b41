import Wire

/// Everything that is registered, frozen: shared by any number of sessions and threads.
///
/// ## Safety
/// `boxes`, `carriers`, `directTables` and `masks` repeat parts of `dissectors`, `tables` and `fields` in a form that costs no reference
/// counting to read. They are made in `init`, never changed, and freed in `deinit`; they are indexed by numbers of this
/// registry only, and the boxes are kept alive by `dissectors`.
public final class Registry: @unchecked Sendable {
    public let fields: [FieldInfo]
    public let protocols: [ProtocolInfo]
    public let experts: [ExpertInfo]
    public let dissectors: [DissectorHandle]
    public let tables: [DissectorTable]
    public let preferences: [Preference]
    public let core: CoreFields
    let stateMakers: [@Sendable () -> AnyStateBox]
    /// MB of the usual budget (`StateBudget`) that all states have together.
    public let budgetedMegabytes: Int
    let factMakers: [@Sendable () -> AnyFactColumn]
    let handsOff: [Set<UInt16>]
    let lenders: [Set<ProtocolID>]
    let calledByName: Set<ProtocolID>
    /// The protocols that each table leads to.
    let reachable: [Set<ProtocolID>]
    private let fieldNumbers: [String: FieldID]
    private let sharedFieldNames: Set<String>
    private let tableNumbers: [String: TableID]
    private let dissectorNumbers: [String: DissectorID]
    /// Read by contexts, which hold the registry.
    let boxes: UnsafeMutablePointer<Unmanaged<DissectorBox>>
    /// What each dissector's conversations began as; the dissector itself where that is nothing else.
    let carriers: UnsafeMutablePointer<DissectorID>
    private let directTables: UnsafeMutablePointer<DirectTable>
    private let masks: UnsafeMutablePointer<UInt64>
    /// The texts of each table, for finding them without a String.
    private let textIndexes: [TextIndex]

    init(registrar: consuming Registrar, fieldNumbers: [String: FieldID], tableNumbers: [String: TableID]) {
        fields = registrar.fields
        protocols = registrar.protocols
        experts = registrar.experts
        dissectors = registrar.dissectors
        tables = registrar.tables
        preferences = registrar.preferences
        core = registrar.core
        stateMakers = registrar.stateMakers
        budgetedMegabytes = registrar.budgetedMegabytes
        factMakers = registrar.factMakers
        handsOff = registrar.handsOff
        lenders = registrar.lenders
        calledByName = registrar.calledByName
        let dissectors = registrar.dissectors
        reachable = registrar.tables.map { Set($0.dissectors.map { dissectors[Int($0.rawValue)].proto }) }
        self.fieldNumbers = fieldNumbers
        sharedFieldNames = registrar.sharedFieldNames
        self.tableNumbers = tableNumbers
        dissectorNumbers = registrar.dissectorNumbers
        boxes = Self.row(dissectors) { Unmanaged.passUnretained($0.box) }
        let carried = registrar.carriers
        carriers = Self.row(Array(dissectors.indices)) {
            let own = DissectorID(rawValue: UInt16($0))
            return carried[own] ?? own
        }
        directTables = Self.row(tables) { DirectTable($0.numbers) }
        masks = Self.row(fields, \.mask)
        textIndexes = tables.map { TextIndex($0.texts) }
    }

    private static func row<Element, Part>(_ elements: [Element], _ part: (Element) -> Part) -> UnsafeMutablePointer<Part> {
        let row = UnsafeMutablePointer<Part>.allocate(capacity: max(1, elements.count))
        for (index, element) in elements.enumerated() { (row + index).initialize(to: part(element)) }
        return row
    }

    deinit {
        for index in tables.indices { directTables[index].entries.deallocate() }
        boxes.deallocate()
        carriers.deallocate()
        directTables.deallocate()
        masks.deallocate()
    }

    // MARK: On the way of every frame

    /// The dissector that a table names for a number, if one does.
    public func dissector(in table: TableID, for number: UInt32) -> DissectorID? {
        guard number < DirectTable.numberLimit else { return tables[Int(table.rawValue)].numbers[number] }
        let direct = directTables[Int(table.rawValue)]
        guard number < direct.count, case let entry = direct.entries[Int(number)], entry > 0 else { return nil }
        return DissectorID(rawValue: entry - 1)
    }

    /// The dissector that a table names for a text, if one does.
    func dissector(in table: TableID, for text: ByteView) -> DissectorID? { textIndexes[Int(table.rawValue)].dissector(for: text) }

    /// The bits of a field within its word; 0 for all.
    func mask(of field: FieldID) -> UInt64 { masks[Int(field.rawValue)] }

    // MARK: Looking up

    /// The first field registered under a name.
    public func field(named name: String) -> FieldInfo? { fieldNumbers[name].map { fields[Int($0.rawValue)] } }

    /// Every field registered under a name: several may share one.
    public func fields(named name: String) -> [FieldInfo] {
        sharedFieldNames.contains(name) ? fields.filter { $0.abbreviation == name } : field(named: name).map { [$0] } ?? []
    }

    /// Whether a protocol hands its payload on through a table.
    public func handsOn(_ proto: ProtocolID, by table: String) -> Bool {
        tableNumbers[table].map { handsOff[Int(proto.rawValue)].contains($0.rawValue) } ?? false
    }

    public func tableID(named name: String) -> TableID? { tableNumbers[name] }
    public func table(named name: String) -> DissectorTable? { tableID(named: name).map { tables[Int($0.rawValue)] } }
    public func dissector(named name: String) -> DissectorID? { dissectorNumbers[name] }

    /// The numbers by which a table leads to some protocols.
    public func numbers(in table: String, of protocols: Set<ProtocolID>) -> Set<UInt32> {
        guard let table = self.table(named: table) else { return [] }
        return Set(table.numbers.filter { protocols.contains(dissectors[Int($0.value.rawValue)].proto) }.keys)
    }

    public subscript(field: FieldID) -> FieldInfo { fields[Int(field.rawValue)] }
    public subscript(proto: ProtocolID) -> ProtocolInfo { protocols[Int(proto.rawValue)] }
}

/// The dissectors of a table by number, for numbers below 65,536: 1 + a dissector's number each, 0 for none.
private struct DirectTable {
    static let numberLimit: UInt32 = 65536

    let entries: UnsafeMutablePointer<UInt16>
    let count: UInt32

    init(_ numbers: [UInt32: DissectorID]) {
        count = numbers.keys.filter { $0 < Self.numberLimit }.max().map { $0 + 1 } ?? 0
        entries = .allocate(capacity: max(1, Int(count)))
        entries.initialize(repeating: 0, count: Int(count))
        for (number, dissector) in numbers where number < count { entries[Int(number)] = dissector.rawValue + 1 }
    }
}

/// The dissectors of a table by text.
private struct TextIndex {
    private let keys: ByteKeys
    private let dissectors: [DissectorID]

    init(_ texts: [String: DissectorID]) {
        keys = ByteKeys(texts.keys.map { Array($0.utf8) })
        dissectors = Array(texts.values)
    }

    func dissector(for text: ByteView) -> DissectorID? { keys.index(of: text).map { dissectors[$0] } }
}
