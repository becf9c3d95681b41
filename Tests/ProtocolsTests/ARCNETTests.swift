import Protocols
import TestSupport
import Testing

extension ARCNET.Header: HeaderValue {}

@Suite struct ARCNETTests {
    @Test func contract() throws { try Contract("arcnet").run() }

    @Test func headerRoundTrip() throws { try expectRoundTrip(ARCNET.Header.self, [0xbe, 0x50, 0xc3, 0x00, 0xf0]) }
}
