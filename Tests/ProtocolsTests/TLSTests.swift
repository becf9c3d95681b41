import TestSupport
import Testing
import Wire

@Suite struct TLSTests {
    @Test func contract() throws { try Contract("tls").run() }

    /// The method's own example: the text and its hash, of a hello that has neither extensions of that kind nor reserved values.
    @Test func fingerprintOfAHello() throws {
        let fixture = try Fixture(named: "tls/client-extensions")
        let bed = try TestBed()
        let text = try #require(bed.registry.field(named: "tls.handshake.ja3_full")?.id)
        let hash = try #require(bed.registry.field(named: "tls.handshake.ja3")?.id)
        var found: [String] = []
        bed.dissect(fixture.frames) { frame in
            for index in 0..<frame.itemCount where frame.item(index).field == text || frame.item(index).field == hash {
                found.append(frame.valueBytes(of: frame.item(index)).withUnsafeBytes { String(decoding: $0, as: UTF8.self) })
            }
        }
        #expect(found.count == 2)
        // Values that RFC 8701 reserves count for nothing.
        #expect(found.first?.hasPrefix("771,4865-49199,0-1-5-9-10-11-") == true)
        #expect(found.first?.hasSuffix(",29-23-24-256,0-1") == true)
        #expect(found.last?.count == 32)
    }
}
