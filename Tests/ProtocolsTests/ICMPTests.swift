import Protocols
import TestSupport
import Testing

extension ICMP.Header: HeaderValue {}

@Suite struct ICMPTests {
    @Test func contract() throws { try Contract("icmp", readAtOnce: ["icmp"]).run() }

    @Test func headerRoundTrip() throws { try expectRoundTrip(ICMP.Header.self, [8, 0, 0xbe, 0xbe, 0, 1, 1, 0]) }
}
