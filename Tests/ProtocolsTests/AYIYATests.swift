import Protocols
import TestSupport
import Testing

extension AYIYA.Header: HeaderValue {}

@Suite struct AYIYATests {
    @Test func contract() throws { try Contract("ayiya").run() }

    @Test func headerRoundTrip() throws { try expectRoundTrip(AYIYA.Header.self, [0x41, 0x52, 0x11, 0x29, 0x4a, 0xf6, 0x4c, 0x05]) }
}
