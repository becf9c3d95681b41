import Protocols
import TestSupport
import Testing

extension IGMP.Header: HeaderValue {}

@Suite struct IGMPTests {
    @Test func contract() throws { try Contract("igmp").run() }

    @Test func headerRoundTrip() throws { try expectRoundTrip(IGMP.Header.self, [0x16, 100, 0xab, 0xcd, 233, 252, 0, 1]) }
}
