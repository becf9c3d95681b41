import Dissection
import Registries
import Wire

/// IP over InfiniBand (RFC 4391, section 6) as captures have it (LINKTYPE_IPOIB): 40 bytes for InfiniBand's global routing header, or,
/// where a packet has none, zeros and the receiver's address; then the encapsulation header.
///
///     +-----------------------+--------------------------+
///     | EtherType, 2 bytes    | reserved, 2 bytes        |
///     +-----------------------+--------------------------+
///
/// An address is 4 bytes that hold the number of a queue pair, and the 16 bytes of a GID.
public struct IPoIB: Dissector {
    /// The encapsulation header as a value.
    public struct Header: Equatable, Sendable {
        public static let byteCount = 4
        public var etherType: UInt16
        public var reserved: UInt16

        public init(parsing reader: inout Reader) throws(DissectionError) {
            etherType = try reader.uint16()
            reserved = try reader.uint16()
        }

        public func write(to bytes: inout [UInt8]) {
            bytes.append(bigEndian: etherType)
            bytes.append(bigEndian: reserved)
        }
    }

    private static let routeByteCount = 40
    private static let addressByteCount = 20
    private static let encapsulation: UInt32 = 180

    private let node, address, receiverPair, receiver, type, reserved: FieldID
    private let route, version, trafficClass, flowLabel, senderPair, sender: FieldID
    private let types: TableID
    private let data: DissectorID?

    public init(registering r: inout Registrar) {
        let proto = r.proto("ipoib", "IP over Infiniband", short: "IPoIB")
        node = r.node(of: proto)
        address = r.field("ipoib.daddr", "Destination address", .none)
        receiverPair = r.field("ipoib.daddr.qpn", "Destination QPN", .uint24, .hex)
        receiver = r.field("ipoib.dgid", "Destination GID", .ipv6)
        route = r.field("ipoib.grh", "Global Route Header", .none)
        version = r.field("ipoib.grh.ipver", "IP Version", .uint8, .decimal, mask: 0xf0)
        trafficClass = r.field("ipoib.grh.tclass", "Traffic Class", .uint16, .decimal, mask: 0x0ff0)
        flowLabel = r.field("ipoib.grh.flowlabel", "Flow Label", .uint32, .decimal, mask: 0x000f_ffff)
        senderPair = r.field("ipoib.grh.sqpn", "Source QPN", .uint24, .hex)
        sender = r.field("ipoib.grh.sgid", "Source GID", .ipv6)
        type = r.field("ipoib.type", "Type", .uint16, .hex, strings: EtherTypes.strings)
        reserved = r.field("ipoib.reserved", "Reserved", .uint16, .hex)
        types = r.table("ethertype")
        data = r.dissector(named: "data")
        r.add(r.dissector(self, proto), to: "wtap_encap", Self.encapsulation)
    }

    public func dissect(_ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        context.columns.setProtocol("IPoIB")
        context.columns.setInfo("IP over Infiniband")
        context.begin(node, reader, byteCount: Self.routeByteCount + Header.byteCount)
        if try reader.peekUInt8() == 0 { try addAddress(&reader, &context) } else { try addRoute(&reader, &context) }
        let number = try context.uint16(type, &reader)
        try context.uint16(reserved, &reader)
        context.close()
        let rest = reader.rest
        if !context.dispatch(types, UInt32(number), rest), let data { context.run(data, rest) }
    }

    private func addAddress(_ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        try reader.skip(Self.routeByteCount - Self.addressByteCount)
        context.add(address, reader, reader.offset, reader.clamped(Self.addressByteCount))
        context.open()
        try reader.skip(1)
        try context.uint24(receiverPair, &reader)
        try context.addIPv6(receiver, &reader)
        context.close()
    }

    private func addRoute(_ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        let start = reader.offset
        context.add(route, reader, start, reader.clamped(Self.routeByteCount))
        context.open()
        let word = UInt64(try reader.uint32())
        context.bits(version, reader, start, 1, word: word >> 24)
        context.bits(trafficClass, reader, start, 2, word: word >> 16)
        context.bits(flowLabel, reader, start, 4, word: word)
        try reader.skip(1)
        try context.uint24(senderPair, &reader)
        try context.addIPv6(sender, &reader)
        try context.addIPv6(receiver, &reader)
        context.close()
    }
}
