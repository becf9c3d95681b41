import Protocols
import TestSupport
import Testing

extension NTLMSSP.Header: HeaderValue {}

@Suite struct NTLMSSPTests {
    @Test func contract() throws { try Contract("ntlmssp").run() }

    @Test func headerRoundTrip() throws { try expectRoundTrip(NTLMSSP.Header.self, NTLMSSP.Header.signature + [0x03, 0x00, 0x00, 0x00]) }
}
