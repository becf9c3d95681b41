import Protocols
import TestSupport
import Testing

extension LinuxCookedCapture.Header: HeaderValue {}
extension LinuxCookedCapture.Header2: HeaderValue {}

@Suite struct LinuxCookedCaptureTests {
    @Test func contract() throws { try Contract("sll", lengthDependent: ["sll.trailer", "vlan.trailer"], readAtOnce: ["sll"]).run() }

    @Test func headerRoundTrip() throws {
        try expectRoundTrip(LinuxCookedCapture.Header.self, [0, 4, 0, 1, 0, 6, 2, 0, 0, 0, 0, 1, 0, 0, 0x08, 0x00])
    }

    @Test func header2RoundTrip() throws {
        try expectRoundTrip(LinuxCookedCapture.Header2.self, [0x08, 0x00, 0xbe, 0xef, 0, 0, 0, 2, 0, 1, 4, 6, 2, 0, 0, 0, 0, 1, 0, 0])
    }
}
