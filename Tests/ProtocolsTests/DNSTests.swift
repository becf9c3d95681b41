import Protocols
import TestSupport
import Testing

extension DNS.Header: HeaderValue {}

@Suite struct DNSTests {
    @Test(arguments: ["dns", "mdns", "llmnr"]) func contract(abbreviation: String) throws { try Contract(abbreviation).run() }

    @Test func headerRoundTrip() throws {
        try expectRoundTrip(DNS.Header.self, [0x12, 0x34, 0x81, 0x80, 0, 1, 0, 2, 0, 3, 0, 4])
    }

    @Test func headerFlags() {
        let header = DNS.Header(identifier: 1, flags: 0xa805, questionCount: 0, answerCount: 0, authorityCount: 0, additionalCount: 0)
        #expect(header.isResponse)
        #expect(header.opcode == 5)
        #expect(header.responseCode == 5)
    }
}
