import TestSupport
import Testing

@Suite struct NullLoopbackTests {
    @Test func contract() throws { try Contract("null").run() }
}
