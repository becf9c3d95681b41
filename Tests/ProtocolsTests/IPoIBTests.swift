import Protocols
import TestSupport
import Testing

extension IPoIB.Header: HeaderValue {}

@Suite struct IPoIBTests {
    @Test func contract() throws { try Contract("ipoib").run() }

    @Test func headerRoundTrip() throws { try expectRoundTrip(IPoIB.Header.self, [0x86, 0xdd, 0x12, 0x34]) }
}
