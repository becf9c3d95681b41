import Protocols
import TestSupport
import Testing

extension TCP.Header: HeaderValue {}

@Suite struct TCPTests {
    /// The ports are shown once both are there.
    @Test func contract() throws { try Contract("tcp", lengthDependent: ["tcp.srcport"]).run() }

    @Test func headerRoundTrip() throws {
        try expectRoundTrip(TCP.Header.self, [0xc0, 0, 0, 80, 1, 2, 3, 4, 5, 6, 7, 8, 0x51, 0x18, 0x12, 0x34, 0xab, 0xcd, 0, 9])
    }
}
