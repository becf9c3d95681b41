import TestSupport
import Testing

@Suite struct RawIPTests {
    @Test func contract() throws { try Contract("raw").run() }
}
