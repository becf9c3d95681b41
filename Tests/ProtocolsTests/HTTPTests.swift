import TestSupport
import Testing

@Suite struct HTTPTests {
    @Test func contract() throws { try Contract("http").run() }

    @Test func discoveryContract() throws { try Contract("ssdp", lengthDependent: ["ssdp", "http.file_data", "http.unknown_header"], readAtOnce: ["udp"]).run() }
}
