import Protocols
import TestSupport
import Testing

extension UDP.Header: HeaderValue {}

@Suite struct UDPTests {
    /// The ports are shown once both are there.
    @Test func contract() throws { try Contract("udp", lengthDependent: ["udp.srcport"]).run() }

    @Test func headerRoundTrip() throws { try expectRoundTrip(UDP.Header.self, [0xc0, 0x00, 0, 53, 0, 12, 0xab, 0xcd]) }
}
