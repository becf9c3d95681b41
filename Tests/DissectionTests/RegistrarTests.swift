import Dissection
import Testing

@Suite struct RegistrarTests {
    /// A registry with one protocol that has preferences and sits in a table.
    private func registry(_ change: (inout RegistrySettings) -> Void = { _ in }) throws -> Registry {
        var settings = RegistrySettings()
        change(&settings)
        var r = Registrar(settings: settings)
        for name in ["alpha", "beta"] {
            let proto = r.proto(name, name.uppercased(), short: "Test")
            r.field(name + ".value", "Value", .uint8)
            let id = r.dissector(Closure { _, _ in nil }, proto)
            if name == "beta" {
                r.add(id, to: "other.port", 1)
                r.offer(id, in: "test.port")
            }
            if name == "alpha" {
                r.add(id, to: "test.port", 7, 70_000)
                r.add(id, to: "test.name", texts: ["alpha"])
                r.addHeuristic(id, to: "test")
                _ = r.preference("alpha.flag", "A flag", default: false)
                _ = r.preference("alpha.count", "A count", default: 5)
                _ = r.preference("alpha.type", "A type", default: 0x9100, isHex: true)
                _ = r.preference("alpha.mode", "A mode", default: "Slow", choices: ["Slow", "Fast"])
            }
        }
        return try r.freeze()
    }

    private func message(_ change: (inout RegistrySettings) -> Void) -> String? {
        do {
            _ = try registry(change)
            return nil
        } catch {
            return (error as? RegistryError)?.description
        }
    }

    @Test func namesAreFound() throws {
        let registry = try registry()
        let field = try #require(registry.field(named: "beta.value"))
        #expect(field.name == "Value")
        #expect(registry[field.proto].abbreviation == "beta")
        #expect(registry.field(named: "gamma.value") == nil)
        #expect(registry.fields(named: "alpha.value").count == 1)
        #expect(registry.dissector(named: "beta") != nil)
        #expect(registry.dissector(named: "gamma") == nil)
    }

    @Test func tablesFindSmallAndLargeNumbers() throws {
        let registry = try registry()
        let table = try #require(registry.tableID(named: "test.port"))
        let alpha = registry.dissector(named: "alpha")
        #expect(registry.dissector(in: table, for: 7) == alpha)
        #expect(registry.dissector(in: table, for: 70_000) == alpha)
        for number in [0, 6, 8, 65_535, 65_536, 70_001, .max] as [UInt32] { #expect(registry.dissector(in: table, for: number) == nil) }
        #expect(registry.table(named: "test.name")?.texts["alpha"] == alpha)
        #expect(registry.table(named: "test")?.heuristics == [alpha].compactMap { $0 })
    }

    @Test(arguments: [("TRUE", true), ("1", true), ("on", true), ("false", false), ("0", false), ("OFF", false)])
    func flagsAreRead(text: String, value: Bool) throws {
        let preference = try registry { $0.preferences["alpha.flag"] = text }.preferences.first { $0.name == "alpha.flag" }
        #expect(preference?.value == .boolean(value))
        #expect(preference?.defaultValue == .boolean(false))
    }

    @Test func otherPreferencesAreRead() throws {
        let registry = try registry {
            $0.preferences["alpha.count"] = "4294967295"
            $0.preferences["alpha.mode"] = "fast"
        }
        #expect(registry.preferences.first { $0.name == "alpha.count" }?.value == .unsigned(.max))
        #expect(registry.preferences.first { $0.name == "alpha.mode" }?.value == .choice("Fast", of: ["Slow", "Fast"]))
    }

    @Test(arguments: ["88b5", "0x88B5"]) func hexadecimalPreferencesAreRead(text: String) throws {
        let preference = try registry { $0.preferences["alpha.type"] = text }.preferences.first { $0.name == "alpha.type" }
        #expect(preference?.value == .unsigned(0x88b5))
    }

    @Test func wrongPreferencesAreSaid() {
        #expect(message { $0.preferences["alpha.type"] = "type" } == "The preference alpha.type is a number from 0 to ffffffff in hexadecimal digits, not \"type\".")
        #expect(message { $0.preferences["alpha.flag"] = "maybe" } == "The preference alpha.flag is either TRUE or FALSE, not \"maybe\".")
        #expect(message { $0.preferences["alpha.count"] = "-1" } == "The preference alpha.count is a number from 0 to 4294967295, not \"-1\".")
        #expect(message { $0.preferences["alpha.mode"] = "odd" } == "The preference alpha.mode is one of Slow, Fast, not \"odd\".")
        #expect(message { $0.preferences["alpha.none"] = "1" } == "There is no preference \"alpha.none\".")
    }

    @Test func decodeAsTakesPrecedence() throws {
        let registry = try registry { $0.decodeAs = [("test.port", 7...9, "beta")] }
        let table = try #require(registry.tableID(named: "test.port"))
        for number in 7...9 as ClosedRange<UInt32> { #expect(registry.dissector(in: table, for: number) == registry.dissector(named: "beta")) }
        #expect(registry.dissector(in: table, for: 70_000) == registry.dissector(named: "alpha"))
    }

    @Test func wrongDecodeAsIsSaid() {
        #expect(message { $0.decodeAs = [("no.port", 1...1, "beta")] } == "There is no dissector table \"no.port\" to decode by.")
        #expect(message { $0.decodeAs = [("test.port", 1...1, "gamma")] } == "There is no protocol \"gamma\" to decode as.")
    }

    @Test func decodeAsTakesWhatBelongsToTheTable() throws {
        #expect(message { $0.decodeAs = [("other.port", 1...1, "alpha")] } == "\"alpha\" isn't valid for \"other.port\": it is one of beta.")
        #expect(throws: Never.self) { try registry { $0.decodeAs = [("other.port", 1...1, "beta")] } }
    }

    @Test func disabledProtocolsLeaveTheirTables() throws {
        let registry = try registry { $0.disabledProtocols = ["alpha"] }
        #expect(registry.table(named: "test.port")?.numbers[7] == nil)
        #expect(registry.table(named: "test.port")?.numbers[70_000] == nil)
        #expect(registry.table(named: "test.name")?.texts.isEmpty == true)
        #expect(registry.table(named: "test")?.heuristics.isEmpty == true)
        #expect(registry.field(named: "alpha.value") != nil)
        #expect(message { $0.disabledProtocols = ["gamma"] } == nil)
    }

    @Test func unknownHeuristicsAreSaid() {
        #expect(message { $0.disabledHeuristics = ["alpha_test"] } == nil)
        #expect(message { $0.disabledHeuristics = ["alpha_none"] } == "There is no heuristic dissector \"alpha_none\".")
        #expect(message { $0.enabledHeuristics = ["gamma"] } == "There is no heuristic dissector \"gamma\".")
    }

    @Test func registriesLiveSideBySide() throws {
        let (one, other) = (try registry(), try registry { $0.disabledProtocols = ["alpha"] })
        #expect(one.table(named: "test.port")?.numbers[7] != nil)
        #expect(other.table(named: "test.port")?.numbers[7] == nil)
    }
}
