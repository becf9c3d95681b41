import TestSupport
import Testing
import Wire

@Suite struct HTTPTests {
    @Test func contract() throws { try Contract("http").run() }

    @Test func discoveryContract() throws { try Contract("ssdp", lengthDependent: ["ssdp", "http.file_data", "http.unknown_header"], readAtOnce: ["udp"]).run() }

    private static let requests = ["/1", "/2", "/3", "/4", "/5"]

    /// Segments are put in order without being asked to: five requests of five.
    @Test func outOfOrderRequestsAreFoundByDefault() throws {
        let fixture = try Fixture(named: "http/out-of-order")
        let bed = try TestBed()
        let target = try #require(bed.registry.field(named: "http.request.uri")?.id)
        var found: [String] = []
        bed.dissect(fixture.frames) { frame in
            for index in 0..<frame.itemCount where frame.item(index).field == target {
                found.append(frame.valueBytes(of: frame.item(index)).withUnsafeBytes { String(decoding: $0, as: UTF8.self) })
            }
        }
        #expect(found == Self.requests)
    }

    /// tshark finds as many only when it is asked to put segments in order.
    @Test(.enabled(if: Tshark.isInstalled, "tshark is not installed"))
    func tsharkFindsFewerByDefault() throws {
        let fixture = try Fixture(named: "http/out-of-order")
        func found(_ settings: [String]) throws -> [Substring] {
            try Tshark.output(of: fixture, ["-Y", "http.request", "-T", "fields", "-e", "http.request.uri"] + settings)
                .split { $0 == "," || $0 == "\n" }
        }
        #expect(try found([]).count < Self.requests.count)
        #expect(try found(["-o", "tcp.reassemble_out_of_order:TRUE"]).map(String.init) == Self.requests)
    }
}
