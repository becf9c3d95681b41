import Foundation
import Registries
import Testing
import Wire

private func text(_ view: ByteView?) -> String? {
    view?.withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
}

private func resolved(_ address: UInt64) -> String {
    var buffer = TextBuffer()
    buffer.append(resolvedEthernet: address)
    return buffer.string
}

@Suite struct VendorPrefixTests {
    @Test(arguments: [
        (0x140C_768F_FE28, "Freebox Sas"),
        (0xA8A1_5900_0000, "ASRock Incorporation"),
        (0x0000_0100_0000, "Xerox Corporation"),
        (0x0003_5F12_3456, "Prüftechnik Condition Monitoring GmbH & Co. KG"),
        (0x010E_CF00_0000, "PROFINET Multicast"),
        (0x0055_DA01_0203, "IEEE Registration Authority"),
    ] as [(UInt64, String)])
    func manufacturers(_ address: UInt64, _ name: String) {
        #expect(text(VendorPrefixes.manufacturer(address)) == name)
    }

    @Test func unknownPrefixes() {
        for address: UInt64 in [0x1234_5678_9ABC, 0x1122_3344_5566, 0xFFFF_FFFF_FFFF, 0x150C_768F_FE28] {
            #expect(VendorPrefixes.manufacturer(address) == nil)
        }
        #expect(VendorPrefixes.shortName(0x1234_5678_9ABC) == nil)
        #expect(VendorPrefixes.shortName(0x160C_768F_FE28) == nil)
        #expect(resolved(0x1234_5678_9ABC) == "12:34:56:78:9a:bc")
    }

    @Test func bitsAboveTheAddressAreIgnored() {
        #expect(text(VendorPrefixes.manufacturer(0xABCD_140C_768F_FE28)) == "Freebox Sas")
        #expect(resolved(0xABCD_140C_768F_FE28) == "FreeboxS_8f:fe:28")
        #expect(resolved(0xABCD_1234_5678_9ABC) == "12:34:56:78:9a:bc")
    }

    @Test(arguments: [
        // The 24-bit prefix, also with the group bit set.
        (0x140C_768F_FE28, "FreeboxS_8f:fe:28", 24), (0x150C_768F_FE28, "FreeboxS_8f:fe:28", 24),
        (0x71B3_D501_0203, "IEEERegi_01:02:03", 24),
        // Blocks of 28 and 36 bits; the rest starts where address and base first differ.
        (0x0055_DA01_0203, "ShinkoTe_01:02:03", 31), (0x0055_DA00_0102, "ShinkoTe_01:02", 39),
        (0x0055_DA00_0000, "ShinkoTe_00", 47), (0x70B3_D501_0203, "HanwaEle_02:03", 38),
        // No base is nearer than that of another block.
        (0x001B_C50F_F102, "DigitalL_03:f1:02", 30),
        // Single addresses.
        (0xFFFF_FFFF_FFFF, "Broadcast", 48), (0x0180_C200_000E, "LLDP_Multicast", 48),
        (0x0100_0CCC_CCCC, "CDP/VTP/DTP/PAgP/UDLD", 48), (0x3333_0000_0000, "IPv6-Neighbor-Discovery", 48),
        // Ranges.
        (0x0180_C200_0000, "Spanning-tree-(for-bridges)_00", 47),
        (0x0180_C200_1010, "Spanning-tree-(for-bridges)_10:10", 35),
        (0x0100_5E7F_FFFA, "IPv4mcast_7f:ff:fa", 25), (0x0100_5E81_0203, "IPv4mcast_81:02:03", 24),
        (0x0000_5E00_0107, "IETF-VRRP-VRID_07", 45), (0x0000_0C07_AC05, "All-HSRP-routers_05", 45),
        // Ranges larger than 24 bits come after the manufacturers.
        (0x3333_0000_0001, "IPv6mcast_01", 47), (0x3333_FF01_0203, "IPv6mcast_ff:01:02:03", 16),
        (0x0205_0102_0304, "MS-NLB-PhysServer-05_01:02:03:04", 23),
        (0x022F_0102_0304, "MS-NLB-PhysServer-32_0f:01:02:03:04", 12),
        // The first prefix.
        (0x0000_0000_0000, "00:00:00_00:00:00", 24), (0x0000_0100_0000, "Xerox_00:00:00", 24),
    ] as [(UInt64, String, Int)])
    func resolvedNames(_ address: UInt64, _ name: String, _ matchedBits: Int) {
        #expect(resolved(address) == name)
        #expect(VendorPrefixes.shortName(address)?.matchedBits == matchedBits)
    }

    @Test func wellKnownAddresses() {
        #expect(text(VendorPrefixes.wellKnown(0xFFFF_FFFF_FFFF)) == "Broadcast")
        #expect(VendorPrefixes.wellKnown(0xFFFF_FFFF_FFFE) == nil)
        #expect(VendorPrefixes.wellKnown(0x0100_5E00_0001) == nil)
    }
}

@Suite struct NumberNameTests {
    @Test func services() {
        #expect(text(ServiceNames.tcp(80)) == "http")
        #expect(text(ServiceNames.udp(53)) == "domain")
        #expect(ServiceNames.tcp(0) == nil)
        #expect(ServiceNames.udp(65535) == nil)
    }

    @Test func valuesAscendAndHoldTheCommonOnes() {
        for table in [etherTypeNames, ipProtocolNames] {
            #expect(zip(table, table.dropFirst()).allSatisfy { $0.0 < $1.0 })
        }
        #expect(etherTypeNames.first { $0.0 == 0x0800 }?.1.description == "IPv4")
        #expect(etherTypeNames.first { $0.0 == 0x88CC }?.1.description == "802.1 Link Layer Discovery Protocol (LLDP)")
        #expect(ipProtocolNames.first { $0.0 == 6 }?.1.description == "TCP")
        #expect(ipProtocolNames.first { $0.0 == 132 }?.1.description == "SCTP")
    }
}

@Suite struct ReferenceTests {
    /// Where tshark is installed, its names of 2,000 assigned prefixes with random low bits.
    @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/tshark"), "tshark is not installed"))
    func sweepAgainstTshark() throws {
        let seed = UInt64.random(in: .min ... .max)
        var random = SplitMix64(state: seed)
        var addresses: [UInt64] = []
        while addresses.count < 2_000 {
            // Half of the prefixes below 00:40:00, where nearly all are assigned.
            let address = random.next() & (addresses.count % 2 == 0 ? 0x003F_FFFF_FFFF : 0xFFFF_FFFF_FFFF)
            if VendorPrefixes.manufacturer(address) != nil { addresses.append(address) }
        }
        let answers = try tsharkNames(of: addresses)
        try #require(answers.count == addresses.count)
        for (address, answer) in zip(addresses, answers) {
            let ours = "\(resolved(address))\t\(text(VendorPrefixes.manufacturer(address)) ?? "")"
            #expect(ours == answer, "address \(String(address, radix: 16)), seed \(seed)")
        }
    }

    /// A line "resolved name, tab, manufacturer" for each address, sent as the source of an Ethernet frame.
    private func tsharkNames(of addresses: [UInt64]) throws -> [String] {
        var capture = Data()
        for word: UInt32 in [0xA1B2_C3D4, 0x0002_0004, 0, 0, 65535, 1] { capture.append(bigEndian: word) }
        for address in addresses {
            for word: UInt32 in [0, 0, 14, 14] { capture.append(bigEndian: word) }
            capture.append(Data(count: 6))
            capture.append(bigEndian: UInt32(truncatingIfNeeded: address >> 16))
            capture.append(bigEndian: UInt32(truncatingIfNeeded: address << 16) | 0x9999)
        }
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID().uuidString).pcap")
        try capture.write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/tshark")
        process.arguments = [
            "-N", "m", "-r", file.path, "-T", "fields", "-e", "eth.src_resolved", "-e", "eth.src.oui_resolved",
        ]
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        let answer = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return String(decoding: answer, as: UTF8.self).split(separator: "\n").map(String.init)
    }
}

extension Data {
    fileprivate mutating func append(bigEndian word: UInt32) {
        Swift.withUnsafeBytes(of: word.bigEndian) { append(contentsOf: $0) }
    }
}

/// Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators (2014).
private struct SplitMix64: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
