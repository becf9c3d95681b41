import Protocols
import TestSupport
import Testing

extension VLAN.Header: HeaderValue {}

@Suite struct VLANTests {
    @Test func contract() throws { try Contract("vlan", lengthDependent: ["vlan.trailer"]).run() }

    @Test func headerRoundTrip() throws { try expectRoundTrip(VLAN.Header.self, [0xb0, 0x64, 0x08, 0x00]) }

    @Test func controlHasThreeParts() {
        let control = TagControl(priority: 5, isDropEligible: true, identifier: 100)
        #expect(control.rawValue == 0xb064)
        #expect((control.priority, control.isDropEligible, control.identifier) == (5, true, 100))
        #expect(TagControl(priority: 7, identifier: 0xffff).rawValue == 0xefff)
    }
}
