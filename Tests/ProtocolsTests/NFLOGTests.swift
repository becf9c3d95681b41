import Protocols
import TestSupport
import Testing

extension NFLOG.Header: HeaderValue {}

@Suite struct NFLOGTests {
    @Test func contract() throws { try Contract("nflog").run() }

    @Test func headerRoundTrip() throws { try expectRoundTrip(NFLOG.Header.self, [0x02, 0x00, 0x00, 0x2a]) }
}
