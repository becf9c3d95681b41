import Protocols
import TestSupport
import Testing

extension ICMPv6.Header: HeaderValue {}

@Suite struct ICMPv6Tests {
    @Test func contract() throws { try Contract("icmpv6").run() }

    @Test func headerRoundTrip() throws { try expectRoundTrip(ICMPv6.Header.self, [128, 0, 0x49, 0x67]) }
}
