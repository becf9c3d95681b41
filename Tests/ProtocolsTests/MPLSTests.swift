import Protocols
import TestSupport
import Testing

extension MPLS.Header: HeaderValue {}

@Suite struct MPLSTests {
    @Test func contract() throws { try Contract("mpls").run() }

    @Test func headerRoundTrip() throws { try expectRoundTrip(MPLS.Header.self, [0x00, 0x3e, 0x8a, 0x40]) }
}
