import Wire

/// Microseconds since 1970-01-01 00:00:00 UTC.
typealias Microseconds = UInt64

/// A frame and the moment at which the tap sees it.
struct TimedFrame {
    var time: Microseconds
    var bytes: [UInt8]
}

/// One end of a conversation, as it appears at the tap.
struct Endpoint {
    var mac: [UInt8]
    /// Four bytes for IPv4, sixteen for IPv6.
    var address: [UInt8]
    var port: UInt16 = 0
    var hopLimit: UInt8 = 64

    var isIPv6: Bool { address.count == 16 }
}

enum EtherType {
    static let ipv4: UInt16 = 0x0800
    static let arp: UInt16 = 0x0806
    static let ipv6: UInt16 = 0x86DD
}

enum IPProtocol {
    static let icmp: UInt8 = 1
    static let tcp: UInt8 = 6
    static let udp: UInt8 = 17
    static let ipv6Fragment: UInt8 = 44
    static let icmpv6: UInt8 = 58
}

/// The largest IP packet that fits a frame.
let mtuByteCount = 1500

/// An Ethernet frame without its check sequence, padded to the 60 bytes that a wire carries at least (IEEE 802.3
/// section 4.2.3.3).
func ethernetFrame(from source: [UInt8], to destination: [UInt8], etherType: UInt16, payload: [UInt8]) -> [UInt8] {
    var frame: [UInt8] = []
    frame.reserveCapacity(max(60, 14 + payload.count))
    frame += destination
    frame += source
    frame.append(uint16: etherType)
    frame += payload
    if frame.count < 60 { frame += [UInt8](repeating: 0, count: 60 - frame.count) }
    return frame
}

/// An IPv4 header (RFC 791 section 3.1); `fragment` is the flags and offset word.
func ipv4Header(
    from source: Endpoint, to destination: Endpoint, protocolNumber: UInt8, identification: UInt16, fragment: UInt16,
    payloadByteCount: Int
) -> [UInt8] {
    var header: [UInt8] = [0x45, 0]
    header.append(uint16: UInt16(20 + payloadByteCount))
    header.append(uint16: identification)
    header.append(uint16: fragment)
    header += [source.hopLimit, protocolNumber, 0, 0]
    header += source.address
    header += destination.address
    header.set(uint16: header.internetChecksum(), at: 10)
    return header
}

/// An IPv6 header (RFC 8200 section 3).
func ipv6Header(from source: Endpoint, to destination: Endpoint, nextHeader: UInt8, payloadByteCount: Int) -> [UInt8] {
    var header: [UInt8] = []
    // The flow label is a hash of the two ports (RFC 6437 section 3), so that it stays the same in one direction.
    let portHash = (UInt32(source.port) << 16 | UInt32(destination.port)) &* 0x9E37_79B1
    header.append(uint32: 0x6000_0000 | portHash >> 12)
    header.append(uint16: UInt16(payloadByteCount))
    header += [nextHeader, source.hopLimit]
    header += source.address
    header += destination.address
    return header
}

/// An unfragmented packet in its frame.
func ipFrame(
    from source: Endpoint, to destination: Endpoint, protocolNumber: UInt8, identification: UInt16, payload: [UInt8]
) -> [UInt8] {
    let header = source.isIPv6
        ? ipv6Header(
            from: source, to: destination, nextHeader: protocolNumber, payloadByteCount: payload.count)
        : ipv4Header(
            from: source, to: destination, protocolNumber: protocolNumber, identification: identification,
            fragment: 0x4000, payloadByteCount: payload.count)
    return ethernetFrame(
        from: source.mac, to: destination.mac, etherType: source.isIPv6 ? EtherType.ipv6 : EtherType.ipv4,
        payload: header + payload)
}

/// The frames of a packet that is larger than the MTU: IPv4 fragments (RFC 791 section 2.3) or IPv6 ones (RFC 8200
/// section 4.5).
func ipFragments(
    from source: Endpoint, to destination: Endpoint, protocolNumber: UInt8, identification: UInt32, payload: [UInt8]
) -> [[UInt8]] {
    let headerByteCount = source.isIPv6 ? 48 : 20
    let pieceByteCount = (mtuByteCount - headerByteCount) / 8 * 8
    return stride(from: 0, to: payload.count, by: pieceByteCount).map { offset in
        let end = min(offset + pieceByteCount, payload.count)
        let piece = Array(payload[offset..<end])
        let hasMore = end < payload.count
        guard source.isIPv6 else {
            let header = ipv4Header(
                from: source, to: destination, protocolNumber: protocolNumber,
                identification: UInt16(truncatingIfNeeded: identification),
                fragment: UInt16(offset / 8) | (hasMore ? 0x2000 : 0), payloadByteCount: piece.count)
            return ethernetFrame(
                from: source.mac, to: destination.mac, etherType: EtherType.ipv4, payload: header + piece)
        }
        var packet = ipv6Header(
            from: source, to: destination, nextHeader: IPProtocol.ipv6Fragment, payloadByteCount: 8 + piece.count)
        packet += [protocolNumber, 0]
        packet.append(uint16: UInt16(offset) | (hasMore ? 1 : 0))
        packet.append(uint32: identification)
        return ethernetFrame(from: source.mac, to: destination.mac, etherType: EtherType.ipv6, payload: packet + piece)
    }
}

/// The sum over the pseudo-header of TCP, UDP and ICMPv6 (RFC 9293 section 3.1, RFC 8200 section 8.1); the IPv4 and
/// the IPv6 form add up to the same words.
func pseudoHeaderChecksum(
    from source: Endpoint, to destination: Endpoint, protocolNumber: UInt8, byteCount: Int
) -> InternetChecksum {
    var checksum = InternetChecksum()
    checksum.add(source.address)
    checksum.add(destination.address)
    checksum.add(UInt32(protocolNumber))
    checksum.add(UInt32(byteCount))
    return checksum
}

/// A UDP datagram (RFC 768).
func udpDatagram(from source: Endpoint, to destination: Endpoint, payload: [UInt8]) -> [UInt8] {
    var datagram: [UInt8] = []
    datagram.reserveCapacity(8 + payload.count)
    datagram.append(uint16: source.port)
    datagram.append(uint16: destination.port)
    datagram.append(uint16: UInt16(8 + payload.count))
    datagram.append(uint16: 0)
    datagram += payload
    let checksum = datagram.internetChecksum(
        startingWith: pseudoHeaderChecksum(
            from: source, to: destination, protocolNumber: IPProtocol.udp, byteCount: datagram.count))
    datagram.set(uint16: checksum == 0 ? 0xFFFF : checksum, at: 6)
    return datagram
}

/// A UDP datagram that fits one frame.
func udpFrame(from source: Endpoint, to destination: Endpoint, identification: UInt16, payload: [UInt8]) -> [UInt8] {
    ipFrame(
        from: source, to: destination, protocolNumber: IPProtocol.udp, identification: identification,
        payload: udpDatagram(from: source, to: destination, payload: payload))
}

/// An ICMP (RFC 792) or ICMPv6 (RFC 4443) message: type, code, checksum and `body`.
func icmpFrame(
    from source: Endpoint, to destination: Endpoint, type: UInt8, code: UInt8 = 0, identification: UInt16 = 0,
    body: [UInt8]
) -> [UInt8] {
    var message: [UInt8] = [type, code, 0, 0]
    message += body
    let protocolNumber = source.isIPv6 ? IPProtocol.icmpv6 : IPProtocol.icmp
    let start = source.isIPv6
        ? pseudoHeaderChecksum(
            from: source, to: destination, protocolNumber: protocolNumber, byteCount: message.count)
        : InternetChecksum()
    message.set(uint16: message.internetChecksum(startingWith: start), at: 2)
    return ipFrame(
        from: source, to: destination, protocolNumber: protocolNumber, identification: identification, payload: message)
}
