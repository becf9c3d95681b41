import TestSupport
import Testing

@Suite struct JSONTests {
    @Test func contract() throws { try Contract("json").run() }
}
