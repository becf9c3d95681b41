/// An address of the link or network layer, as a value without storage of its own.
@frozen
public struct Address: Hashable, Sendable {
    public enum Kind: UInt8, Sendable { case none, ethernet, ipv4, ipv6, octet }

    public var kind: Kind
    /// The address as a 128-bit big-endian number, right-aligned.
    public var high: UInt64
    public var low: UInt64

    @inlinable
    public init(kind: Kind, high: UInt64, low: UInt64) {
        self.kind = kind
        self.high = high
        self.low = low
    }

    @inlinable public static var none: Address { Address(kind: .none, high: 0, low: 0) }

    @inlinable public static func ipv4(_ value: UInt32) -> Address { Address(kind: .ipv4, high: 0, low: UInt64(value)) }
    @inlinable public static func ethernet(_ value: UInt64) -> Address { Address(kind: .ethernet, high: 0, low: value) }
    /// An address of one byte, as ARCNET has them.
    @inlinable public static func octet(_ value: UInt8) -> Address { Address(kind: .octet, high: 0, low: UInt64(value)) }
    @inlinable public static func ipv6(high: UInt64, low: UInt64) -> Address { Address(kind: .ipv6, high: high, low: low) }

    /// Order by kind, then by value, as bytes compare.
    @inlinable
    public static func precedes(_ a: Address, _ b: Address) -> Bool {
        if a.kind != b.kind { return a.kind.rawValue < b.kind.rawValue }
        return a.high != b.high ? a.high < b.high : a.low < b.low
    }
}

extension TextBuffer {
    /// The address in its usual notation; nothing for no address.
    public mutating func append(_ address: Address) {
        switch address.kind {
        case .none: break
        case .ethernet: append(ethernet: address.low)
        case .ipv4: append(ipv4: UInt32(truncatingIfNeeded: address.low))
        case .ipv6: append(ipv6: address.high, address.low)
        case .octet:
            append("0x")
            append(hex: address.low, width: 2)
        }
    }

    /// A 48-bit address as six hexadecimal bytes with colons.
    public mutating func append(ethernet value: UInt64) { append(octetsOf: value << 16, count: 6) }

    /// A 64-bit identifier as eight hexadecimal bytes with colons.
    public mutating func append(eui64 value: UInt64) { append(octetsOf: value, count: 8) }

    private mutating func append(octetsOf value: UInt64, count: Int) {
        Swift.withUnsafeBytes(of: value.bigEndian) { append(hexOf: ByteView($0)[0..<count], separator: 58) }
    }

    public mutating func append(ipv4 value: UInt32) {
        // Each octet is written with points behind it, so that the next one begins after the first of them.
        reserve(16)
        var place = UnsafeMutableRawPointer(base + length)
        let begin = place
        for shift: UInt32 in [24, 16, 8, 0] {
            let octet = Int(value >> shift & 0xff)
            place.storeBytes(of: Octets.texts.loadUnaligned(fromByteOffset: octet &* 4, as: UInt32.self), as: UInt32.self)
            place += octet >= 100 ? 4 : octet >= 10 ? 3 : 2
        }
        length &+= place - begin - 1
    }

    /// An IPv6 address in the canonical form of RFC 5952, with the dotted form for v4-mapped and v4-compatible ones.
    public mutating func append(ipv6 high: UInt64, _ low: UInt64) {
        if high == 0, low >> 32 == 0xffff || (low >> 32 == 0 && low > 0xffff) {
            append(low >> 32 == 0xffff ? "::ffff:" : "::")
            append(ipv4: UInt32(truncatingIfNeeded: low))
            return
        }
        // A bit for each group that is zero, and where the first of the longest runs of them begins.
        let zeros = Self.zeroGroups(high) | Self.zeroGroups(low) &<< 4
        var (runStart, runCount) = (8, 1)
        var starts = zeros & zeros &>> 1
        while starts != 0 {
            runStart = starts.trailingZeroBitCount
            runCount += 1
            starts &= zeros >> UInt8(runCount)
        }
        // Each group is written as four digits at most and a colon, which the next one begins after.
        reserve(8 * 5 + 8)
        let begin = UnsafeMutableRawPointer(base + length)
        var place = begin
        var index = 0
        while index < 8 {
            if index == runStart {
                place.storeBytes(of: 0x3a3a, as: UInt16.self)
                place += index == 0 ? 2 : 1
                index += runCount
                continue
            }
            let word = index < 4 ? high : low
            let group = UInt16(truncatingIfNeeded: word &>> UInt64(48 &- 16 &* (index & 3)))
            let missing = min(3, group.leadingZeroBitCount >> 2)
            let digits = HexDigits.digits(UInt32(group.byteSwapped)) &>> UInt64(8 &* missing)
            let colon = UInt64(58) &<< UInt64(8 &* (4 &- missing))
            place.storeBytes(of: (digits & 0xffff_ffff | colon).littleEndian, as: UInt64.self)
            place += 5 &- missing
            index += 1
        }
        length &+= place - begin &- (runStart + runCount == 8 ? 0 : 1)
    }

    /// A bit for each group of sixteen bits that is zero, the lowest for the first group.
    @inline(__always)
    private static func zeroGroups(_ word: UInt64) -> UInt8 {
        var zeros: UInt8 = 0
        for index in 0..<4 where UInt16(truncatingIfNeeded: word &>> UInt64(48 &- 16 &* index)) == 0 { zeros |= 1 &<< UInt8(index) }
        return zeros
    }
}

/// The numbers of one octet as text.
private enum Octets {
    /// Each in decimal with points up to four bytes.
    @inline(__always)
    static var texts: UnsafeRawPointer {
        let text: StaticString = """
            0...1...2...3...4...5...6...7...8...9...10..11..12..13..14..15..16..17..18..19..20..21..22..23..24..\
            25..26..27..28..29..30..31..32..33..34..35..36..37..38..39..40..41..42..43..44..45..46..47..48..49..\
            50..51..52..53..54..55..56..57..58..59..60..61..62..63..64..65..66..67..68..69..70..71..72..73..74..\
            75..76..77..78..79..80..81..82..83..84..85..86..87..88..89..90..91..92..93..94..95..96..97..98..99..\
            100.101.102.103.104.105.106.107.108.109.110.111.112.113.114.115.116.117.118.119.120.121.122.123.124.\
            125.126.127.128.129.130.131.132.133.134.135.136.137.138.139.140.141.142.143.144.145.146.147.148.149.\
            150.151.152.153.154.155.156.157.158.159.160.161.162.163.164.165.166.167.168.169.170.171.172.173.174.\
            175.176.177.178.179.180.181.182.183.184.185.186.187.188.189.190.191.192.193.194.195.196.197.198.199.\
            200.201.202.203.204.205.206.207.208.209.210.211.212.213.214.215.216.217.218.219.220.221.222.223.224.\
            225.226.227.228.229.230.231.232.233.234.235.236.237.238.239.240.241.242.243.244.245.246.247.248.249.\
            250.251.252.253.254.255.
            """
        return UnsafeRawPointer(text.utf8Start)
    }
}
