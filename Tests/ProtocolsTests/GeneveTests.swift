import Protocols
import TestSupport
import Testing

extension Geneve.Header: HeaderValue {}

@Suite struct GeneveTests {
    @Test func contract() throws { try Contract("geneve").run() }

    @Test func headerRoundTrip() throws { try expectRoundTrip(Geneve.Header.self, [0x02, 0x40, 0x65, 0x58, 0x00, 0x00, 0x0a, 0x01]) }
}
