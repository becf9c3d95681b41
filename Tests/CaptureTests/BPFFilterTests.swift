import Capture
import Testing
import Wire

/// An Ethernet frame of an IPv4 UDP datagram.
private func datagram(destinationPort: UInt16, payload: [UInt8] = [1, 2, 3]) -> [UInt8] {
    let udpByteCount = UInt8(8 + payload.count)
    return [2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 8, 0]
        + [0x45, 0, 0, 20 + udpByteCount, 0, 0, 0, 0, 64, 17, 0, 0, 192, 0, 2, 1, 192, 0, 2, 2]
        + [0x04, 0x00, UInt8(destinationPort >> 8), UInt8(destinationPort & 0xff), 0, udpByteCount, 0, 0] + payload
}

extension BPFFilter {
    fileprivate func matches(_ bytes: [UInt8], originalByteCount: Int? = nil) -> Bool {
        bytes.withUnsafeBytes { matches(ByteView($0), originalByteCount: originalByteCount ?? bytes.count) }
    }
}

@Suite struct BPFFilterTests {
    @Test func portsAndAddresses() throws {
        let filter = try BPFFilter("udp port 53 and host 192.0.2.2", linkType: .ethernet)
        #expect(filter.matches(datagram(destinationPort: 53)))
        #expect(!filter.matches(datagram(destinationPort: 54)))
        #expect(!filter.matches([]))
        for count in 0..<38 { #expect(!filter.matches(Array(datagram(destinationPort: 53)[..<count]))) }
    }

    @Test func lengthIsTheOneOnTheWire() throws {
        let filter = try BPFFilter("greater 1000", linkType: .ethernet)
        let frame = datagram(destinationPort: 53)
        #expect(!filter.matches(frame))
        #expect(filter.matches(frame, originalByteCount: 1000))
    }

    @Test func rawIPHasItsOwnNumber() throws {
        let filter = try BPFFilter("udp dst port 53", linkType: .rawIP)
        #expect(filter.matches(Array(datagram(destinationPort: 53).dropFirst(14))))
        #expect(!filter.matches(datagram(destinationPort: 53)))
    }

    @Test func anEmptyExpressionTakesEverything() throws {
        let filter = try BPFFilter("", linkType: .ethernet, snapLength: 0)
        #expect(filter.matches([0]))
    }

    @Test func refusalsCarryTheLibrarysMessage() {
        let error = #expect(throws: BPFError.self) { try BPFFilter("udp port", linkType: .ethernet) }
        #expect(error?.message.isEmpty == false)
        #expect(error?.description.contains("udp port") == true)
        #expect(throws: BPFError.self) { try BPFFilter("tcp", linkType: .noPacket) }
    }

    @Test(arguments: [
        ("tcp port and udp", 9), ("udp port", 8), ("tcp and (port 80 or) udp", 19), ("ip src host", 11), ("tcp tcp", 4), ("(udp", 4),
        ("tcp[13] & 2 != 0 frob", 17), ("not and tcp", 4),
    ])
    func refusalsNameThePlace(expression: String, offset: Int) {
        let error = #expect(throws: BPFError.self) { try BPFFilter(expression, linkType: .ethernet) }
        #expect(error?.offset == offset)
        #expect(error?.description.hasSuffix("    \(expression)\n    \(String(repeating: " ", count: offset))^") == true)
    }

    @Test func namesThatNobodyKnowsHaveNoPlace() {
        let error = #expect(throws: BPFError.self) { try BPFFilter("port nonsuchport", linkType: .ethernet) }
        #expect(error?.offset == nil)
    }

    @Test func manyCanBeCompiledAtOnce() async throws {
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for port in 1...64 {
                group.addTask {
                    let filter = try BPFFilter("udp port \(port)", linkType: .ethernet)
                    return filter.matches(datagram(destinationPort: UInt16(port)))
                        && !filter.matches(datagram(destinationPort: 65))
                }
            }
            for try await isRight in group { #expect(isRight) }
        }
    }
}
