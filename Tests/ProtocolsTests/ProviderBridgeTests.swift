import Protocols
import TestSupport
import Testing

extension ProviderBridge.Header: HeaderValue {}
extension ProviderBridge.ServiceHeader: HeaderValue {}

@Suite struct ProviderBridgeTests {
    @Test(arguments: ["ieee8021ad", "ieee8021ah"]) func contract(name: String) throws {
        try Contract(name, lengthDependent: ["ieee8021ah.trailer", "vlan.trailer"], readAtOnce: ["ieee8021ad", "ieee8021ah"]).run()
    }

    @Test(arguments: [[0x30, 0x64, 0x08, 0x00], [0x30, 0x64, 0x88, 0xa8, 0xe0, 0x05, 0x08, 0x00]])
    func headerRoundTrip(bytes: [UInt8]) throws { try expectRoundTrip(ProviderBridge.Header.self, bytes) }

    @Test func serviceHeaderRoundTrip() throws {
        try expectRoundTrip(ProviderBridge.ServiceHeader.self, [0xfa, 0, 0, 1, 2, 0, 0, 0, 0, 0xee, 2, 0, 0, 0, 0, 0xff, 0x08, 0x00])
    }
}
