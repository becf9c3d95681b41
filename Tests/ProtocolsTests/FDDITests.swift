import Protocols
import TestSupport
import Testing

extension FDDI.Header: HeaderValue {}

@Suite struct FDDITests {
    @Test func contract() throws { try Contract("fddi", readAtOnce: ["fddi"]).run() }

    @Test func headerRoundTrip() throws {
        try expectRoundTrip(FDDI.Header.self, [0x50, 0x40, 0, 0, 0, 0, 2, 0xc0, 0, 0, 0, 0, 0x81])
    }
}
