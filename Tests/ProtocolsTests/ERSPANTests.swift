import TestSupport
import Testing

@Suite struct ERSPANTests {
    @Test func contract() throws { try Contract("erspan").run() }
}
