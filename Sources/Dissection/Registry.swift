import Wire

/// Everything that is registered, frozen: shared by any number of sessions and threads.
public final class Registry: Sendable {
    public let fields: [FieldInfo]
    public let protocols: [ProtocolInfo]
    public let experts: [ExpertInfo]
    public let dissectors: [DissectorHandle]
    public let tables: [DissectorTable]
    public let preferences: [Preference]
    public let core: CoreFields
    let stateMakers: [@Sendable () -> AnyObject]
    let factMakers: [@Sendable () -> AnyFactColumn]
    let handsOff: [Set<UInt16>]
    let lenders: [Set<ProtocolID>]
    private let fieldNumbers: [String: FieldID]
    private let tableNumbers: [String: TableID]

    init(registrar: consuming Registrar, fieldNumbers: [String: FieldID], tableNumbers: [String: TableID]) {
        fields = registrar.fields
        protocols = registrar.protocols
        experts = registrar.experts
        dissectors = registrar.dissectors
        tables = registrar.tables
        preferences = registrar.preferences
        core = registrar.core
        stateMakers = registrar.stateMakers
        factMakers = registrar.factMakers
        handsOff = registrar.handsOff
        lenders = registrar.lenders
        self.fieldNumbers = fieldNumbers
        self.tableNumbers = tableNumbers
    }

    /// The first field registered under a name.
    public func field(named name: String) -> FieldInfo? { fieldNumbers[name].map { fields[Int($0.rawValue)] } }

    /// Every field registered under a name: several may share one.
    public func fields(named name: String) -> [FieldInfo] { fieldNumbers[name] == nil ? [] : fields.filter { $0.abbreviation == name } }

    public func table(named name: String) -> DissectorTable? { tableNumbers[name].map { tables[Int($0.rawValue)] } }
    public func dissector(named name: String) -> DissectorID? {
        dissectors.firstIndex { $0.name == name }.map { DissectorID(rawValue: UInt16($0)) }
    }

    public subscript(field: FieldID) -> FieldInfo { fields[Int(field.rawValue)] }
    public subscript(proto: ProtocolID) -> ProtocolInfo { protocols[Int(proto.rawValue)] }
}
