import Protocols
import TestSupport
import Testing

extension ICMP.Header: HeaderValue {}
extension ICMPv6.Header: HeaderValue {}

@Suite struct ICMPTests {
    @Test func contract() throws { try Contract("icmp", readAtOnce: ["icmp"]).run() }

    @Test func headerRoundTrip() throws { try expectRoundTrip(ICMP.Header.self, [8, 0, 0xbe, 0xbe, 0, 1, 1, 0]) }
}

@Suite struct ICMPv6Tests {
    @Test func contract() throws { try Contract("icmpv6").run() }

    @Test func headerRoundTrip() throws { try expectRoundTrip(ICMPv6.Header.self, [128, 0, 0x49, 0x67]) }
}
