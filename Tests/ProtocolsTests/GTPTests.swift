import Protocols
import TestSupport
import Testing

extension GTP.Header: HeaderValue {}

@Suite struct GTPTests {
    @Test func contract() throws { try Contract("gtp").run() }

    @Test func headerRoundTrip() throws { try expectRoundTrip(GTP.Header.self, [0x36, 0xff, 0x05, 0xe4, 0x00, 0x10, 0x06, 0x57]) }
}
