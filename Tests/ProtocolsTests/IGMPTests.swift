import Protocols
import TestSupport
import Testing

extension IGMP.Header: HeaderValue {}

@Suite struct IGMPTests {
    /// The destination is shown once the whole header of IPv4, with its option, is there.
    @Test func contract() throws { try Contract("igmp", lengthDependent: ["ip.dst"]).run() }

    @Test func headerRoundTrip() throws { try expectRoundTrip(IGMP.Header.self, [0x16, 100, 0xab, 0xcd, 233, 252, 0, 1]) }
}
