import Testing
import Wire

@Suite struct AddressTests {
    /// The rules of RFC 5952, section 4, and the dotted forms of section 5.
    @Test(arguments: [
        (0, 0, "::"), (0, 1, "::1"), (0, 0xffff, "::ffff"),
        (0x2001_0db8_0000_0000, 1, "2001:db8::1"),
        (0x2001_0db8_0000_0000, 0x0000_0000_0002_0001, "2001:db8::2:1"),
        // One group of zeros is not shortened (4.2.2).
        (0x2001_0db8_0000_0001, 0x0001_0001_0001_0001, "2001:db8:0:1:1:1:1:1"),
        // The longest run is shortened, the first of two equal ones (4.2.3).
        (0x2001_0000_0000_0001, 0x0000_0000_0000_0001, "2001:0:0:1::1"),
        (0x2001_0db8_0000_0000, 0x0001_0000_0000_0001, "2001:db8::1:0:0:1"),
        (0x0001_0000_0000_0000, 0x0000_0000_0000_0000, "1::"),
        (0x0000_0000_0000_0000, 0x0001_0000_0000_0000, "::1:0:0:0"),
        (0x0001_0002_0003_0004, 0x0005_0006_0007_0008, "1:2:3:4:5:6:7:8"),
        (0x0000_0002_0003_0004, 0x0005_0006_0007_0000, "0:2:3:4:5:6:7:0"),
        (0xabcd_ef01_2345_6789, 0xabcd_ef01_2345_6789, "abcd:ef01:2345:6789:abcd:ef01:2345:6789"),
        // Mapped and compatible addresses (RFC 4291, section 2.5.5).
        (0, 0x0000_ffff_c000_0201, "::ffff:192.0.2.1"),
        (0, 0x0000_0000_c000_0201, "::192.0.2.1"),
        (0, 0x0000_0000_0001_0000, "::0.1.0.0"),
        (0, 0x0000_fffe_c000_0201, "::fffe:c000:201"),
        (1, 0x0000_ffff_c000_0201, "::1:0:ffff:c000:201"),
        (.max, .max, "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
    ] as [(UInt64, UInt64, String)]) func ipv6(high: UInt64, low: UInt64, expected: String) {
        #expect(text { $0.append(Address.ipv6(high: high, low: low)) } == expected)
    }

    @Test(arguments: [(0, "0.0.0.0"), (0xffff_ffff, "255.255.255.255"), (0x0a09_6364, "10.9.99.100"), (0xc0a8_0001, "192.168.0.1")] as [(UInt32, String)])
    func ipv4(value: UInt32, expected: String) {
        #expect(text { $0.append(Address.ipv4(value)) } == expected)
    }

    @Test func ethernet() {
        #expect(text { $0.append(Address.ethernet(0x0000_5e00_5301)) } == "00:00:5e:00:53:01")
        #expect(text { $0.append(Address.ethernet(0xffff_ffff_ffff)) } == "ff:ff:ff:ff:ff:ff")
    }

    @Test func noAddressHasNoText() { #expect(text { $0.append(Address.none) } == "") }

    @Test func orderIsByKindThenValue() {
        let ordered: [Address] = [
            .none, .ethernet(1), .ethernet(2), .ipv4(0), .ipv4(.max), .ipv6(high: 0, low: 9), .ipv6(high: 1, low: 0), .ipv6(high: .max, low: .max),
        ]
        for (index, address) in ordered.enumerated() {
            for (other, next) in ordered.enumerated() { #expect(Address.precedes(address, next) == (index < other)) }
        }
    }
}
