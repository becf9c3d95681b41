@testable import Analysis
@testable import CaptureFile
import Dissection
import TestSupport
import Testing
import Wire

/// Which lane a frame is in.
@Suite struct FrameLanesTests {
    private let lanes: FrameLanes

    init() throws { lanes = FrameLanes(count: 4, try TestBed().registry) }

    private func lane(_ bytes: [UInt8], linkType: LinkType = .ethernet) -> Int? {
        var record = FrameRecord()
        record.linkType = linkType
        return bytes.withUnsafeBytes { lanes.pair(of: ByteView($0), record).map { lanes.lane(of: $0) } }
    }

    private func ethernet(_ types: UInt16..., payload: [UInt8]) -> [UInt8] {
        [UInt8](repeating: 2, count: 12) + types.enumerated().flatMap { ($0 > 0 ? [0, 7] : []) + [UInt8($1 >> 8), UInt8($1 & 0xff)] } + payload
    }

    private func ipv4(_ source: UInt8, _ destination: UInt8, proto: UInt8 = 6, options: [UInt8] = [], offset: UInt8 = 0, version: UInt8 = 4) -> [UInt8] {
        let header: [UInt8] = [version << 4 | UInt8(5 + options.count / 4), 0, 0, 60, 0, 1, 0, offset, 64, proto, 0, 0, 192, 0, 2, source, 192, 0, 2, destination]
        return header + options + [UInt8](repeating: 9, count: 20)
    }

    private func ipv6(_ source: UInt8, _ destination: UInt8, next: UInt8 = 6, extensions: [UInt8] = []) -> [UInt8] {
        let address: [UInt8] = [0x20, 1, 0xd, 0xb8] + [UInt8](repeating: 0, count: 11)
        return [0x60, 0, 0, 0, 0, 40, next, 64] + address + [source] + address + [destination] + extensions + [UInt8](repeating: 9, count: 20)
    }

    @Test func bothDirectionsAreInOneLane() {
        for packet in [ipv4, ipv6] as [(UInt8, UInt8) -> [UInt8]] {
            let type: UInt16 = packet(1, 2)[0] >> 4 == 4 ? 0x0800 : 0x86dd
            var used: Set<Int> = []
            for number in 1...UInt8(40) {
                let there = lane(ethernet(type, payload: packet(number, 200)))
                #expect(there != nil && there == lane(ethernet(type, payload: packet(200, number))))
                // Tags say nothing of a conversation.
                #expect(there == lane(ethernet(0x8100, type, payload: packet(number, 200))))
                #expect(there == lane(ethernet(0x88a8, 0x8100, type, payload: packet(number, 200))))
                if let there { used.insert(there) }
            }
            #expect(used == [0, 1, 2, 3])
        }
        func ipv4(_ source: UInt8, _ destination: UInt8) -> [UInt8] { self.ipv4(source, destination) }
        func ipv6(_ source: UInt8, _ destination: UInt8) -> [UInt8] { self.ipv6(source, destination) }
    }

    @Test func fragmentsAndExtensionHeadersStayWithTheirConversation() {
        let plain = lane(ethernet(0x0800, payload: ipv4(7, 9)))
        for other in [ipv4(7, 9, offset: 3), ipv4(7, 9, proto: 17), ipv4(7, 9, proto: 1), ipv4(7, 9, options: [148, 4, 0, 0])] {
            #expect(lane(ethernet(0x0800, payload: other)) == plain)
        }
        let plain6 = lane(ethernet(0x86dd, payload: ipv6(7, 9)))
        for (next, header) in [(0, [6, 0, 1, 4, 0, 0, 0, 0]), (44, [17, 0, 0, 1, 0, 0, 0, 1]), (60, [58, 0, 1, 4, 0, 0, 0, 0])] as [(UInt8, [UInt8])] {
            #expect(lane(ethernet(0x86dd, payload: ipv6(7, 9, next: next, extensions: header))) == plain6)
        }
    }

    @Test func whatHasNoAddressesIsInTheFirstLane() {
        #expect(lane(ethernet(0x0806, payload: [UInt8](repeating: 0, count: 28))) == 0)
        #expect(lane(ethernet(0x88cc, payload: [2, 7, 4])) == 0)
        #expect(lane(ethernet(38, payload: [0x42, 0x42, 3] + [UInt8](repeating: 0, count: 35))) == 0)
        #expect(lane([]) == 0)
        #expect(lane(ethernet(0x0800, payload: [0x45, 0])) == 0)
    }

    @Test func packetsWithinOthersFitInNone() {
        #expect(lane(ethernet(0x0800, payload: ipv4(1, 2, proto: 4))) == nil)
        #expect(lane(ethernet(0x0800, payload: ipv4(1, 2, proto: 41))) == nil)
        #expect(lane(ethernet(0x0800, payload: ipv4(1, 2, version: 6))) == nil)
        // A loose source route: where the packet goes is in the option.
        #expect(lane(ethernet(0x0800, payload: ipv4(1, 2, options: [131, 7, 4, 192, 0, 2, 5, 0]))) == nil)
        #expect(lane(ethernet(0x86dd, payload: ipv6(1, 2, next: 41))) == nil)
        #expect(lane(ethernet(0x86dd, payload: ipv6(1, 2, next: 43))) == nil)
        #expect(lane(ethernet(0x86dd, payload: ipv6(1, 2, next: 0, extensions: [41, 0, 1, 4, 0, 0, 0, 0]))) == nil)
        // VXLAN's port.
        #expect(lane(ethernet(0x0800, payload: Array(ipv4(1, 2, proto: 17)[..<20]) + [0x80, 0, 0x12, 0xb5] + [UInt8](repeating: 0, count: 12))) == nil)
        #expect(lane(ethernet(38, payload: [0xaa, 0xaa, 3, 0, 0, 0, 8, 0] + ipv4(1, 2))) == nil)
        #expect(lane(ipv4(1, 2), linkType: LinkType(rawValue: 101)) == nil)
    }
}
