import Protocols
import TestSupport
import Testing

extension LLC.Header: HeaderValue {}

@Suite struct LLCTests {
    @Test func contract() throws { try Contract("llc").run() }

    @Test func headerRoundTrip() throws { try expectRoundTrip(LLC.Header.self, [0x42, 0x43]) }
}
