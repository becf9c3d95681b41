import Protocols
import TestSupport
import Testing

extension PPP.Header: HeaderValue {}

@Suite struct PPPTests {
    @Test func contract() throws { try Contract("ppp").run() }

    @Test func headerRoundTrip() throws { try expectRoundTrip(PPP.Header.self, [0xc0, 0x21]) }
}
