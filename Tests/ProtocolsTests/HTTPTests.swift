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

    /// The values of a field in all frames, of a conversation that is written as a fixture.
    private func values(of field: String, _ conversation: String) throws -> [String] {
        let fixture = try Fixture(name: "inline", text: "# Provenance: made by hand.\nstream: tcp 49152 8080\n" + conversation)
        return try TestBed().text(of: fixture).split(separator: "second pass")[0]
            .matches(of: #/(?m)^ +([^ ]+) \[(.*?)\] /#).filter { $0.1 == field }.map { String($0.2) }
    }

    /// Responses in one segment are told apart by the requests that they answer: the first has no body.
    @Test func pipelinedResponsesInOneSegment() throws {
        let conversation = """
            client
              "HEAD /1 HTTP/1.1\\r\\nHost: a\\r\\n\\r\\nGET /2 HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n"
            server
              "HTTP/1.1 200 OK\\r\\nContent-Length: 100\\r\\n\\r\\nHTTP/1.1 200 OK\\r\\nContent-Length: 3\\r\\n\\r\\ntwo"
            """
        #expect(try values(of: "http.response_for.uri", conversation) == ["http://a/1", "http://a/2"])
        #expect(try values(of: "http.file_data", conversation) == ["two"])
    }

    /// A tunnel to a port that says nothing: its bytes do.
    @Test func tunnelsAreRecognizedByTheirBytes() throws {
        let conversation = """
            client
              "CONNECT b:9999 HTTP/1.1\\r\\nHost: b\\r\\n\\r\\n"
            server
              "HTTP/1.1 200 OK\\r\\n\\r\\n"
            client
              "GET /in HTTP/1.1\\r\\nHost: b\\r\\n\\r\\n"
            server
              "HTTP/1.1 200 OK\\r\\nContent-Length: 2\\r\\n\\r\\nin"
            """
        #expect(try values(of: "http.request.uri", conversation) == ["b:9999", "/in"])
        #expect(try values(of: "http.response_for.uri", conversation) == ["b:9999", "http://b/in"])
    }

    /// What follows an upgrade in its own segment is no HTTP.
    @Test func upgradesEndHTTPWithinASegment() throws {
        let conversation = """
            client
              "GET / HTTP/1.1\\r\\nHost: a\\r\\nUpgrade: websocket\\r\\n\\r\\n"
            server
              "HTTP/1.1 101 Switching Protocols\\r\\nUpgrade: WebSocket\\r\\n\\r\\n" 81 03 "one" 81 03 "two"
            client
              01 80 00 00 00 00
            """
        #expect(try values(of: "websocket.payload.text", conversation) == ["one", "two"])
        #expect(try values(of: "websocket.opcode", conversation) == ["1", "1", "1"])
        #expect(try values(of: "tcp.pdu.size", conversation) == ["5", "5", "6"])
    }
}
