import Protocols
import TestSupport
import Testing

extension PPPoE.Header: HeaderValue {}

@Suite struct PPPoETests {
    @Test func contract() throws { try Contract("pppoes").run() }

    @Test func headerRoundTrip() throws { try expectRoundTrip(PPPoE.Header.self, [0x11, 0x00, 0x00, 0x05, 0x00, 0x23]) }
}
