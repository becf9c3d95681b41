import Protocols
import TestSupport
import Testing

extension L2TP.Header: HeaderValue {}

@Suite struct L2TPTests {
    @Test func contract() throws { try Contract("l2tp").run() }

    @Test func headerRoundTrip() throws { try expectRoundTrip(L2TP.Header.self, [0xc8, 0x02]) }
}
