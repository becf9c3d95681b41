import TestSupport
import Testing

@Suite struct MediaTests {
    @Test func contract() throws { try Contract("media").run() }
}
