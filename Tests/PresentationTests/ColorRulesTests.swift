import Dissection
import DisplayFilter
import Protocols
import Testing

@testable import Presentation

@Suite struct ColorRulesTests {
    private static func rules(_ text: String) throws -> ColorRules {
        var registrar = Registrar()
        registerAllProtocols(&registrar)
        let registry = try registrar.freeze()
        return ColorRules(parsing: text) { (filter) throws(FilterError) in try DisplayFilter(filter, registry: registry) }
    }

    @Test func linesThatAreOffAndCommentsAreNoRules() throws {
        let rules = try Self.rules("# a comment\n!@Off@tcp@[0,0,0][65535,65535,65535]\n\n")
        #expect(rules.problems.isEmpty && rules.wants.isNothing)
    }

    @Test func problemsAreNamedByTheirLines() throws {
        let rules = try Self.rules("@A@tcp@[0,0,0][65535,65535,65535]\n@B@tcp@[0,0,0]\n@C@no.such.field@[0,0,0][1,2,3]\n@D@tcp@[0,0,0][65536,0,0]\n@E\n")
        #expect(rules.problems.map(\.line) == [2, 3, 4, 5])
        #expect(!rules.wants.isNothing)
    }

    @Test func theBuiltInRulesAreValid() throws {
        let rules = try Self.rules(ColorRules.standard)
        #expect(rules.problems.map { "\($0.line): \($0.reason)" } == [])
    }
}
