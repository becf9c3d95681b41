import TestSupport
import Testing

@Suite struct LinkLayerTests {
    @Test func rawIP() throws { try Contract("raw").run() }

    @Test func nullLoopback() throws { try Contract("null").run() }
}
