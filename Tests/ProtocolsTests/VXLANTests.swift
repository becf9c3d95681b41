import Protocols
import TestSupport
import Testing

extension VXLAN.Header: HeaderValue {}

@Suite struct VXLANTests {
    @Test func contract() throws { try Contract("vxlan").run() }

    @Test func headerRoundTrip() throws { try expectRoundTrip(VXLAN.Header.self, [0x88, 0x48, 0x00, 0x64, 0x00, 0x7b, 0x01, 0x00]) }
}
