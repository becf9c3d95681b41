import Protocols
import TestSupport
import Testing

extension ARP.Header: HeaderValue {}

@Suite struct ARPTests {
    @Test func contract() throws { try Contract("arp").run() }

    @Test func headerRoundTrip() throws { try expectRoundTrip(ARP.Header.self, [0, 6, 0x80, 0x9b, 8, 5, 0, 9]) }
}
