/// What a dissection is for: which fields are wanted, and so what runs and how high the chain of layers goes.
///
/// ## Safety
/// The maps are allocated and filled in `init`, only read afterwards, and freed in `deinit`; a context holds the plan
/// for as long as it uses them, and indexes them only with numbers of the same registry.
public final class Plan: @unchecked Sendable {
    /// 1 for each wanted field, by number.
    @usableFromInline let wanted: UnsafeMutablePointer<UInt8>
    /// 1 for each dissector that must run, by number.
    @usableFromInline let needed: UnsafeMutablePointer<UInt8>
    /// 1 for each protocol with a wanted field, by number.
    @usableFromInline let wantedProtocols: UnsafeMutablePointer<UInt8>
    /// How many fields before each are wanted, by number.
    @usableFromInline let wantedBefore: UnsafeMutablePointer<UInt32>
    /// Every field: the plan of the printed tree.
    public let wantsAll: Bool
    /// The texts that items carry of their own.
    public let wantsLabels: Bool
    public let wantsColumns: Bool
    public let needs: FieldNeeds
    /// The layers whose ends are noted.
    public let endpointLayers: EndpointLayers
    /// 1 for each protocol with a table that leads to a dissector which must run, by number.
    @usableFromInline let leading: UnsafeMutablePointer<UInt8>

    /// Every field and text.
    public static func everything(_ registry: Registry, columns: Bool = false) -> Plan {
        Plan(registry, fields: nil, labels: true, columns: columns)
    }

    /// Some fields, and the columns if asked for. Nothing wanted runs the stateful layers alone.
    /// - Parameter labels: whether the texts of text-only nodes and of items with their own label are made.
    public init(_ registry: Registry, fields: Set<FieldID>?, labels: Bool, columns: Bool, needs extra: FieldNeeds = [], endpoints: EndpointLayers = []) {
        wanted = .allocate(capacity: registry.fields.count)
        wanted.initialize(repeating: fields == nil ? 1 : 0, count: registry.fields.count)
        needed = .allocate(capacity: max(registry.dissectors.count, 1))
        needed.initialize(repeating: 1, count: max(registry.dissectors.count, 1))
        wantedProtocols = .allocate(capacity: registry.protocols.count)
        wantedProtocols.initialize(repeating: fields == nil ? 1 : 0, count: registry.protocols.count)
        leading = .allocate(capacity: registry.protocols.count)
        leading.initialize(repeating: 1, count: registry.protocols.count)
        endpointLayers = endpoints
        wantsAll = fields == nil
        wantsLabels = labels
        wantsColumns = columns
        wantedBefore = .allocate(capacity: registry.fields.count + 1)
        for index in 0...registry.fields.count { wantedBefore[index] = fields == nil ? UInt32(index) : 0 }
        guard let fields else {
            needs = [.everything, .wholeCapture]
            return
        }
        var needs = extra
        let layers = EndpointLayer.allCases.filter { endpoints.contains(EndpointLayers($0)) }
        for layer in layers { needs.formUnion(layer.needs) }
        for field in fields {
            wanted[Int(field.rawValue)] = 1
            wantedProtocols[Int(registry[field].proto.rawValue)] = 1
            needs.formUnion(registry[field].needs)
        }
        for index in registry.fields.indices { wantedBefore[index + 1] = wantedBefore[index] + UInt32(wanted[index]) }
        if fields.contains(where: { registry.isRaisedByAnyLayer($0) }) {
            wantedProtocols.update(repeating: 1, count: registry.protocols.count)
        }
        let layerProtocols = registry.protocols.filter { proto in layers.contains { $0.abbreviation == proto.abbreviation } }.map(\.id)
        let useful = registry.protocolsLeading(to: Set(fields.map { registry[$0].proto }).union(layerProtocols))
        let wantsEveryLayer = fields.contains { registry.isAboutEveryLayer($0) }
        let wantsUpperLayers = needs.contains(.upperLayers)
        if columns || wantsEveryLayer { needs.formUnion(.everything) }
        if registry.dissectors.contains(where: { $0.runsOverStream && useful.contains($0.proto) }) {
            needs.formUnion([.conversation, .reassembly])
        }
        self.needs = needs
        guard !columns, !extra.contains(.reassembly), !wantsEveryLayer, !wantsUpperLayers else { return }
        for (index, handle) in registry.dissectors.enumerated() where !useful.contains(handle.proto) { needed[index] = 0 }
        for proto in registry.protocols where !registry.leads(proto.id, toAny: useful) { leading[Int(proto.id.rawValue)] = 0 }
    }

    /// Whether any field of a protocol is wanted.
    @inlinable @inline(__always)
    public func wantsFields(of proto: ProtocolID) -> Bool { wantedProtocols[Int(proto.rawValue)] != 0 }

    @inlinable
    func wantsAny(_ fields: FieldRange) -> Bool { wantedBefore[Int(fields.end)] > wantedBefore[Int(fields.first)] }

    deinit {
        wanted.deallocate()
        needed.deallocate()
        wantedProtocols.deallocate()
        leading.deallocate()
        wantedBefore.deallocate()
    }
}

extension Registry {
    /// Fields whose value depends on all the layers of a frame.
    public func isAboutEveryLayer(_ field: FieldID) -> Bool {
        let info = self[field]
        return info.isExpert || info.abbreviation == "frame.protocols" || isRaisedByAnyLayer(field) || handedOnByAnyLayer.contains(info.proto)
    }

    /// Expert items and the marks of what could not be read.
    func isRaisedByAnyLayer(_ field: FieldID) -> Bool { self[field].abbreviation.hasPrefix("_ws.") }

    /// Protocols that any layer may hand on to, since no table needs to lead to them: `data`. Not the link layers, which a
    /// session starts with and which hand on to others.
    private var handedOnByAnyLayer: Set<ProtocolID> {
        let inTables = reachable.reduce(into: Set<ProtocolID>()) { $0.formUnion($1) }
        return Set(dissectors.map(\.proto)).subtracting(inTables).union(calledByName).filter { handsOff[Int($0.rawValue)].isEmpty }
    }

    /// The protocols in question, those that hand on to one of them, and so on down to the link layer.
    /// - Parameter barriers: protocols that count for themselves, and not for what leads to them.
    func protocolsLeading(to wanted: Set<ProtocolID>, barriers: Set<ProtocolID> = []) -> Set<ProtocolID> {
        var useful = wanted
        var passable = wanted.subtracting(barriers)
        var grew = true
        while grew {
            grew = false
            for proto in protocols where !useful.contains(proto.id) {
                if leads(proto.id, toAny: passable) || !lenders[Int(proto.id.rawValue)].isDisjoint(with: passable) {
                    useful.insert(proto.id)
                    if !barriers.contains(proto.id) { passable.insert(proto.id) }
                    grew = true
                }
            }
        }
        return useful
    }

    /// The protocols with some abbreviations, and all that lead to them.
    /// - Parameter barriers: protocols of which nothing is asked that leads to them: what is carried within others.
    public func protocols(leadingTo abbreviations: Set<String>, barriers: Set<String> = []) -> Set<ProtocolID> {
        protocolsLeading(to: protocols(named: abbreviations), barriers: protocols(named: barriers))
    }

    private func protocols(named abbreviations: Set<String>) -> Set<ProtocolID> {
        Set(protocols.filter { abbreviations.contains($0.abbreviation) }.map(\.id))
    }

    /// Whether a protocol hands on to one of some others through a table, but for the one given.
    public func handsOn(from abbreviation: String, to others: Set<ProtocolID>, besides omitted: String? = nil) -> Bool {
        guard let proto = protocols.first(where: { $0.abbreviation == abbreviation })?.id else { return true }
        return handsOff[Int(proto.rawValue)].contains { tables[Int($0)].name != omitted && !reachable[Int($0)].isDisjoint(with: others) }
    }

    /// Whether a protocol hands on to one of some others through a table.
    func leads(_ proto: ProtocolID, toAny useful: Set<ProtocolID>) -> Bool {
        handsOff[Int(proto.rawValue)].contains { !reachable[Int($0)].isDisjoint(with: useful) }
    }
}
