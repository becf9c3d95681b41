import Protocols
import TestSupport
import Testing

extension IPv4.Header: HeaderValue {}

@Suite struct IPv4Tests {
    /// A length of 0 stands for all that there is.
    @Test func contract() throws { try Contract("ip", lengthDependent: ["ip.len"]).run() }

    @Test func headerRoundTrip() throws {
        try expectRoundTrip(IPv4.Header.self, [0x46, 0xb8, 0, 60, 0x12, 0x34, 0x20, 0xb9, 64, 17, 0xab, 0xcd, 192, 0, 2, 1, 198, 51, 100, 2])
    }
}
