import Protocols
import TestSupport
import Testing

extension OpenVPN.Header: HeaderValue {}

@Suite struct OpenVPNTests {
    /// How a packet is protected shows in bytes that a cut may take away.
    @Test func contract() throws {
        try Contract(
            "openvpn",
            lengthDependent: [
                "openvpn.hmac", "openvpn.pid", "openvpn.net_time", "openvpn.mpidarraylength", "openvpn.mpidarrayelement", "openvpn.rsessionid",
                "openvpn.mpid", "openvpn.data", "openvpn.wkc", "openvpn.wkc_len",
            ]
        ).run()
    }

    @Test func headerRoundTrip() throws { try expectRoundTrip(OpenVPN.Header.self, [0x4d]) }
}
