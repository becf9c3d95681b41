import Dissection
import Testing

/// Link → network → (transport | other): what runs for which fields.
@Suite struct PlanTests {
    private let registry: Registry
    private static let names = ["link", "network", "transport", "other"]

    init() throws {
        var r = Registrar()
        for (index, name) in Self.names.enumerated() {
            let proto = r.proto(name, name, short: "Test")
            r.field(name + ".value", "Value", .uint8, needs: name == "transport" ? .conversation : [])
            if name == "link" {
                _ = r.expert("link.odd", .proto, .note, "Odd")
                r.field("link.rest", "Rest", .bytes, needs: .upperLayers)
            }
            if index < 2 { _ = r.table(name + ".next") }
            let id = r.dissector(Closure { _, _ in nil }, proto)
            if index > 0 { r.add(id, to: index == 1 ? "link.next" : "network.next", UInt32(index)) }
        }
        registry = try r.freeze()
    }

    /// The dissectors that run when `fields` are wanted.
    private func running(_ fields: [String], columns: Bool = false, needs: FieldNeeds = []) -> [String] {
        let plan = Plan(registry, fields: Set(fields.compactMap { registry.field(named: $0)?.id }), labels: false, columns: columns, needs: needs)
        return withContext(registry, plan: plan) { context, _ in
            Self.names.filter { name in registry.dissector(named: name).map { context.isNeeded($0) } ?? false }
        }
    }

    @Test func chainGoesAsHighAsAFieldIsWanted() {
        #expect(running(["link.value"]) == ["link"])
        #expect(running(["network.value"]) == ["link", "network"])
        #expect(running(["transport.value"]) == ["link", "network", "transport"])
        #expect(running(["transport.value", "other.value"]) == Self.names)
    }

    @Test func nothingWantedRunsNothing() { #expect(running([]) == []) }

    @Test func columnsAndExpertItemsNeedAllLayers() {
        #expect(running(["link.value"], columns: true) == Self.names)
        #expect(running(["link.odd"]) == Self.names)
        #expect(running(["link.value"], needs: .reassembly) == Self.names)
        #expect(running(["link.rest"]) == Self.names)
    }

    @Test func needsFollowFromFields() throws {
        func plan(_ name: String) throws -> Plan {
            Plan(registry, fields: [try #require(registry.field(named: name)).id], labels: false, columns: false)
        }
        #expect(try plan("transport.value").needs == .conversation)
        #expect(try plan("network.value").needs == [])
        #expect(Plan.everything(registry).needs == [.everything, .wholeCapture])
    }

    @Test func wantsWhatIsAskedFor() throws {
        let value = try #require(registry.field(named: "network.value"))
        let other = try #require(registry.field(named: "link.value"))
        let plan = Plan(registry, fields: [value.id], labels: false, columns: false)
        withContext(registry, plan: plan) { context, reader in
            #expect(context.wants(value.id) == true)
            #expect(context.wants(other.id) == false)
            #expect(context.wantsFields(of: value.proto) == true)
            #expect(context.wantsFields(of: other.proto) == false)
            #expect(context.wantsAll == false)
            #expect(context.add(other.id, reader, 0, 1) == .none)
            #expect(context.itemCount == 0)
            #expect(context.add(value.id, reader, 0, 1).exists == true)
        }
    }
}
