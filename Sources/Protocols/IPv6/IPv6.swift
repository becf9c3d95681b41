import Dissection
import Registries
import Wire

/// Internet Protocol, version 6 (RFC 8200; RFC 2675 for jumbograms; extension headers in IPv6Extensions.swift).
///
///      0                   1                   2                   3
///      0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
///     +-------+---------------+---------------------------------------+
///     |Version| Traffic Class |              Flow Label               |
///     +-------+-------+-------+-------+---------------+---------------+
///     |         Payload Length        |  Next Header  |   Hop Limit   |
///     +-------------------------------+---------------+---------------+
///     |                                                               |
///     +                     Source Address (16)                       +
///     |                                                               |
///     +---------------------------------------------------------------+
///     |                                                               |
///     +                   Destination Address (16)                    +
///     |                                                               |
///     +---------------------------------------------------------------+
public final class IPv6: Dissector {
    /// The fixed header as a value.
    public struct Header: Equatable, Sendable {
        public static let byteCount = 40
        public var version: UInt8 = 6
        public var trafficClass: UInt8 = 0
        /// 20 bits.
        public var flowLabel: UInt32 = 0
        public var payloadByteCount: UInt16 = 0
        public var nextHeader: UInt8 = NextHeader.none
        public var hopLimit: UInt8 = 64
        public var source = Address.none
        public var destination = Address.none

        public init() {}

        public init(parsing reader: inout Reader) throws(DissectionError) {
            try parseWord(&reader)
            payloadByteCount = try reader.uint16()
            nextHeader = try reader.uint8()
            hopLimit = try reader.uint8()
            source = try reader.ipv6Address()
            destination = try reader.ipv6Address()
        }

        mutating func parseWord(_ reader: inout Reader) throws(DissectionError) {
            let word = try reader.uint32()
            version = UInt8(word >> 28)
            trafficClass = UInt8(word >> 20 & 0xff)
            flowLabel = word & 0xfffff
        }

        public func write(to bytes: inout [UInt8]) {
            bytes.append(bigEndian: UInt32(version & 0xf) << 28 | UInt32(trafficClass) << 20 | flowLabel & 0xfffff)
            bytes.append(bigEndian: payloadByteCount)
            bytes.append(nextHeader)
            bytes.append(hopLimit)
            for address in [source, destination] {
                bytes.append(bigEndian: address.high)
                bytes.append(bigEndian: address.low)
            }
        }
    }

    private let proto: ProtocolID
    private let node, version, anyVersion, trafficClass, codepoint, congestion, flow, length, nextHeader, hopLimit: FieldID
    private let badVersion, invalidHeader, lengthTooLong, lengthZero, jumboMissing: ExpertID
    private let addresses: IPv6AddressFields
    private let extensions: IPv6Extensions
    private let payload: IPv6Payload
    private let isSummarized: Bool

    public init(registering r: inout Registrar) {
        proto = r.proto("ipv6", "Internet Protocol Version 6", short: "IPv6")
        node = r.node(of: proto)
        version = r.field("ipv6.version", "Version", .uint8, .decimal, isWholeLabel: true) {
            $1.append(bitsOf: $0 << 4, mask: 0xf0, bitCount: 8)
            $1.append("Version: ")
            $1.append(decimal: $0)
        }
        anyVersion = r.field(
            "ip.version", "Version", .uint8, .decimal, mask: 0xf0, note: " [This field makes the filter match on \"ip.version == 6\" possible]")
        trafficClass = r.field("ipv6.tclass", "Traffic Class", .uint32, .hex, mask: 0x0ff0_0000) {
            $1.append("0x")
            $1.append(hex: $0, width: 2)
            DifferentiatedServices.appendSummary(UInt8(truncatingIfNeeded: $0), &$1)
        }
        codepoint = r.field("ipv6.tclass.dscp", "Differentiated Services Codepoint", .uint32, .decimal, strings: DifferentiatedServices.names, mask: 0x0fc0_0000)
        congestion = r.field("ipv6.tclass.ecn", "Explicit Congestion Notification", .uint32, .decimal, strings: DifferentiatedServices.congestionNames, mask: 0x0030_0000)
        flow = r.field("ipv6.flow", "Flow Label", .uint24, .hex, mask: 0x0f_ffff)
        length = r.field("ipv6.plen", "Payload Length", .uint16, .decimal)
        nextHeader = r.field("ipv6.nxt", "Next Header", .uint8, .decimal, strings: IPProtocols.strings)
        hopLimit = r.field("ipv6.hlim", "Hop Limit", .uint8, .decimal)
        addresses = IPv6AddressFields(registering: &r)
        badVersion = r.expert("ipv6.bogus_ipv6_version", .malformed, .error, "Bogus IPv6 version")
        invalidHeader = r.expert("ipv6.invalid_header", .malformed, .error, "IPv6 header must be exactly 40 bytes")
        lengthTooLong = r.expert("ipv6.plen_exceeds_framing", .proto, .warning, "IPv6 payload length does not match expected framing length")
        lengthZero = r.expert(
            "ipv6.plen_zero", .proto, .chat, "IPv6 payload length equals 0 (maybe because of \"TCP segmentation offload\" (TSO))")
        jumboMissing = r.expert(
            "ipv6.opt.jumbo.missing", .malformed, .error, "IPv6 payload length equals 0 and Hop-By-Hop present and Jumbo Payload option missing")
        isSummarized = r.preference("ipv6.summary_in_tree", "Show a summary of the header on its own line of the tree", default: true)
        payload = IPv6Payload(registering: &r)
        extensions = IPv6Extensions(of: proto, registering: &r)
        let id = r.dissector(self, proto)
        r.add(id, to: "ethertype", 0x86dd)
        r.add(id, to: "ip.proto", 41)
        r.add(id, to: "wtap_encap", 130)
        r.add(id, to: "gre.proto", 0x86dd)
        r.add(id, to: "ppp.protocol", 0x0057)
        r.offer(id, in: "udp.port")
        extensions.register(payload, &r)
    }

    public func dissect(_ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        let layer = reader
        context.columns.setProtocol("IPv6")
        context.columns.clearInfo()
        try reader.require(1)
        let top = context.begin(node, layer, byteCount: min(Header.byteCount, layer.capturedRemaining))
        addVersion(reader.bytes[reader.offset], layer, &context)
        guard reader.bytes[reader.offset] >> 4 == 6 else { return }
        if layer.remaining < Header.byteCount { noteShortHeader(layer, &context) }
        let header = try readHeader(&reader, layer, top, &context)
        let jumboByteCount = header.payloadByteCount == 0 && header.nextHeader == NextHeader.hopByHop ? JumboPayload.find(reader) : nil
        let byteCount = jumboByteCount ?? Int(header.payloadByteCount)
        if jumboByteCount == nil, header.payloadByteCount == 0, header.nextHeader == NextHeader.hopByHop {
            context.columns.setInfo("Invalid IPv6 payload length")
        }
        let packet = layer.narrowed(toByteCount: Header.byteCount + byteCount)
        context.noteNetworkEnd(of: packet)
        context.setNetworkAddresses(source: header.source, destination: header.destination)
        context.packet.ipProtocol = header.nextHeader
        context.packet.timeToLive = header.hopLimit
        var rest = packet
        rest.offset = reader.offset
        var chain = IPv6Chain(header, node: top, isJumbogram: jumboByteCount != nil)
        let end = extensions.dissect(&chain, rest.rest, &context)
        context.close()
        // A fragment that waits for others is no packet yet.
        guard let end else { return }
        context.noteEndpoints(.ipv6, header.source, header.destination)
        payload.handOn(chain.nextHeader, end, &context)
    }

    // MARK: Header

    private func addVersion(_ first: UInt8, _ layer: Reader, _ context: inout Context) {
        let number = first >> 4
        let item = context.add(version, layer, layer.start, 1, value: UInt64(number))
        if number != 6 { context.expert(under: item, badVersion) }
        context.bits(anyVersion, layer, layer.start, 1, word: UInt64(first), flags: [.hidden, .noted])
    }

    private func noteShortHeader(_ layer: Reader, _ context: inout Context) {
        context.expert(invalidHeader)
        guard context.columns.accepts else { return }
        context.columns.setInfo("Invalid IPv6 header (")
        context.columns.info.append(decimal: layer.remaining)
        context.columns.appendInfo(" bytes, need exactly 40)")
    }

    /// Reads the header, and adds its fields where they are wanted.
    private func readHeader(_ reader: inout Reader, _ layer: Reader, _ top: ItemRef, _ context: inout Context) throws(DissectionError) -> Header {
        let showsFields = context.wantsFields(of: proto)
        var header = Header()
        try header.parseWord(&reader)
        if showsFields { addWord(header, layer, &context) }
        header.payloadByteCount = try reader.uint16()
        let lengthItem = context.add(length, layer, reader.offset - 2, 2, value: UInt64(header.payloadByteCount))
        if showsFields { checkLength(header.payloadByteCount, layer, lengthItem, &context) }
        header.nextHeader = try context.uint8(nextHeader, &reader)
        header.hopLimit = try context.uint8(hopLimit, &reader)
        header.source = try reader.ipv6Address()
        context.setNetworkAddresses(source: header.source, destination: context.columns.destination)
        if showsFields { addresses.source.add(header.source, layer, layer.start + 8, &context) }
        header.destination = try reader.ipv6Address()
        guard showsFields else { return header }
        addresses.destination.add(header.destination, layer, layer.start + 24, &context)
        addresses.addEmbedded(header, layer, &context)
        context.appendLabel(isSummarized ? top : .none) {
            $0.append(", Src: ")
            $0.append(header.source)
            $0.append(", Dst: ")
            $0.append(header.destination)
        }
        return header
    }

    private func addWord(_ header: Header, _ layer: Reader, _ context: inout Context) {
        let word = UInt64(header.trafficClass) << 20
        context.kept(trafficClass, layer, layer.start, 4) {
            $0.bits(trafficClass, layer, layer.start, 4, word: word)
            $0.open()
            $0.bits(codepoint, layer, layer.start, 4, word: word)
            $0.bits(congestion, layer, layer.start, 4, word: word)
            $0.close()
        }
        context.bits(flow, layer, layer.start + 1, 3, word: UInt64(header.flowLabel))
    }

    /// A length of 0 is a jumbogram's where a Jumbo Payload option follows (RFC 2675, section 3), else a segment that the
    /// card was to cut, or nothing at all.
    private func checkLength(_ stated: UInt16, _ layer: Reader, _ item: ItemRef, _ context: inout Context) {
        guard layer.capturedRemaining > 6 else { return }
        let next = layer.bytes[layer.start + 6]
        var byteCount = Int(stated)
        if stated == 0, next == NextHeader.hopByHop {
            var payload = layer
            payload.offset = min(layer.start + Header.byteCount, layer.capturedEnd)
            if let jumbo = JumboPayload.find(payload) {
                byteCount = jumbo
                context.appendLabel(item) { $0.append(" (Jumbogram)") }
            } else {
                context.expert(under: item, jumboMissing)
            }
        } else if stated == 0, next != NextHeader.none {
            context.expert(under: item, lengthZero)
        }
        let available = layer.remaining - Header.byteCount
        if byteCount > available, available >= 0, !context.packet.isInError {
            context.expert(under: item, lengthTooLong) {
                $0.append("IPv6 payload length exceeds framing length (")
                $0.append(decimal: available)
                $0.append(" bytes)")
            }
        }
    }
}

/// Values of a Next Header field that name what belongs to IPv6 itself (IANA's IPv6 extension header types).
enum NextHeader {
    static let hopByHop: UInt8 = 0
    static let routing: UInt8 = 43
    static let fragment: UInt8 = 44
    static let authentication: UInt8 = 51
    static let none: UInt8 = 59
    static let destination: UInt8 = 60
}

extension Reader {
    mutating func ipv6Address() throws(DissectionError) -> Address {
        try require(16)
        return .ipv6(high: try uint64(), low: try uint64())
    }
}
