import Protocols
import TestSupport
import Testing

extension GRE.Header: HeaderValue {}

@Suite struct GRETests {
    @Test func contract() throws { try Contract("gre").run() }

    @Test func headerRoundTrip() throws { try expectRoundTrip(GRE.Header.self, [0xb0, 0x81, 0x08, 0x00]) }
}
