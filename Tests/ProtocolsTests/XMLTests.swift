import TestSupport
import Testing

@Suite struct XMLTests {
    @Test func contract() throws { try Contract("xml").run() }
}
