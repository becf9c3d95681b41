import Protocols
import TestSupport
import Testing

extension ARP.Header: HeaderValue {}

@Suite struct ARPTests {
    /// The addresses are shown when all four are there.
    @Test func contract() throws { try Contract("arp", readAtOnce: ["arp"]).run() }

    @Test func headerRoundTrip() throws { try expectRoundTrip(ARP.Header.self, [0, 6, 0x80, 0x9b, 8, 5, 0, 9]) }
}
