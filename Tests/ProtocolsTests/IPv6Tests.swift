import Protocols
import TestSupport
import Testing
import Wire

extension IPv6.Header: HeaderValue {}

@Suite struct IPv6Tests {
    private static let headers: Set<String> = ["ipv6.hopopts", "ipv6.dstopts", "ah"]

    /// IPv6's node ends behind the last extension header that was read.
    @Test func contract() throws { try Contract("ipv6", lengthDependent: ["ipv6"], readAtOnce: Self.headers).run() }

    @Test func headerRoundTrip() throws {
        try expectRoundTrip(IPv6.Header.self, [0x6b, 0x91, 0x23, 0x45, 0, 12, 17, 64] + [UInt8](0x20...0x2f) + [UInt8](0xf0...0xff))
    }

    @Test func authenticationHeader() throws { try Contract("ah", lengthDependent: ["ipv6"], readAtOnce: Self.headers).run() }
}
