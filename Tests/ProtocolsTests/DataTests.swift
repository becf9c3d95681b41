import TestSupport
import Testing

@Suite struct DataTests {
    @Test func contract() throws { try Contract("data").run() }
}
