import Protocols
import TestSupport
import Testing

extension Ethernet.Header: HeaderValue {}

@Suite struct EthernetTests {
    @Test func contract() throws { try Contract("eth").run() }

    @Test func headerRoundTrip() throws { try expectRoundTrip(Ethernet.Header.self, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 0x08, 0x00]) }
}
