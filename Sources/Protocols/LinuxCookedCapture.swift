import Dissection
import Wire

/// Linux cooked captures (LINKTYPE_LINUX_SLL and LINKTYPE_LINUX_SLL2, in pcap's registry of link-layer header types): what
/// Linux says of a packet on an interface that has no link-layer header to show, or on all interfaces at once.
///
///      0                   1                   2                   3
///      0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
///     +-------------------------------+-------------------------------+
///     |          packet type          |         hardware type         |   version 1
///     +-------------------------------+-------------------------------+
///     |        address length         |                               |
///     +-------------------------------+      address (8 bytes)        +
///     |                                                               |
///     +                               +-------------------------------+
///     |                               |           protocol            |
///     +-------------------------------+-------------------------------+
///
///     +-------------------------------+-------------------------------+
///     |           protocol            |           reserved            |   version 2
///     +-------------------------------+-------------------------------+
///     |                        interface index                        |
///     +-------------------------------+---------------+---------------+
///     |         hardware type         |  packet type  | address length|
///     +-------------------------------+---------------+---------------+
///     |                       address (8 bytes)                       |
///     |                                                               |
///     +---------------------------------------------------------------+
///
/// Of what follows only the EtherTypes, Ethernet and what GRE tunnels carry are decoded: not Netlink (hardware type 824), radiotap
/// (803) or frame relay (770), nor what has a number of Linux's own in place of an EtherType.
public struct LinuxCookedCapture: Dissector {
    /// The header of version 1 as a value.
    public struct Header: Equatable, Sendable {
        public static let byteCount = 16
        public var packetType: UInt16
        public var hardwareType: UInt16
        public var addressByteCount: UInt16
        /// The eight bytes for the address, the first one in the highest bits.
        public var address: UInt64
        public var protocolType: UInt16

        public init(packetType: UInt16, hardwareType: UInt16, addressByteCount: UInt16, address: UInt64, protocolType: UInt16) {
            self.packetType = packetType
            self.hardwareType = hardwareType
            self.addressByteCount = addressByteCount
            self.address = address
            self.protocolType = protocolType
        }

        public init(parsing reader: inout Reader) throws(DissectionError) {
            packetType = try reader.uint16()
            hardwareType = try reader.uint16()
            addressByteCount = try reader.uint16()
            address = try reader.uint64()
            protocolType = try reader.uint16()
        }

        public func write(to bytes: inout [UInt8]) {
            bytes.append(bigEndian: packetType)
            bytes.append(bigEndian: hardwareType)
            bytes.append(bigEndian: addressByteCount)
            bytes.append(bigEndian: address)
            bytes.append(bigEndian: protocolType)
        }
    }

    /// The header of version 2 as a value.
    public struct Header2: Equatable, Sendable {
        public static let byteCount = 20
        public var protocolType: UInt16
        public var reserved: UInt16
        public var interfaceIndex: UInt32
        public var hardwareType: UInt16
        public var packetType: UInt8
        public var addressByteCount: UInt8
        /// The eight bytes for the address, the first one in the highest bits.
        public var address: UInt64

        public init(parsing reader: inout Reader) throws(DissectionError) {
            protocolType = try reader.uint16()
            reserved = try reader.uint16()
            interfaceIndex = try reader.uint32()
            hardwareType = try reader.uint16()
            packetType = try reader.uint8()
            addressByteCount = try reader.uint8()
            address = try reader.uint64()
        }

        public func write(to bytes: inout [UInt8]) {
            bytes.append(bigEndian: protocolType)
            bytes.append(bigEndian: reserved)
            bytes.append(bigEndian: interfaceIndex)
            bytes.append(bigEndian: hardwareType)
            bytes.append(packetType)
            bytes.append(addressByteCount)
            bytes.append(bigEndian: address)
        }
    }

    /// Numbers up to this one in the protocol's place are Linux's own, not EtherTypes.
    private static let largestLinuxType: UInt16 = 1536
    private static let addressByteLimit = 8
    /// ARPHRD_IPGRE
    private static let greTunnel: UInt16 = 778

    private let proto: ProtocolID
    private let node, packetType, hardwareType, addressLength, interfaceIndex: FieldID
    private let ethernetSource, ipv4Source, otherSource, unused: FieldID
    private let linuxType, tunnelType, etherType: FieldID
    private let linuxTypes, tunnelTypes: TableID
    private let payload: EtherTypePayload
    private let data: DissectorID?
    private var isVersion2 = false

    public init(registering r: inout Registrar) {
        proto = r.proto("sll", "Linux cooked-mode capture", short: "SLL")
        node = r.node(of: proto)
        packetType = r.field("sll.pkttype", "Packet type", .uint16, .decimal, strings: Self.packetTypeNames)
        hardwareType = r.field("sll.hatype", "Link-layer address type", .uint16, .decimal, strings: ARP.hardwareNames)
        addressLength = r.field("sll.halen", "Link-layer address length", .uint16, .decimal)
        ethernetSource = r.field("sll.src.eth", "Source", .ethernet)
        ipv4Source = r.field("sll.src.ipv4", "Source", .ipv4)
        otherSource = r.field("sll.src.other", "Source", .bytes)
        unused = r.field("sll.unused", "Unused", .bytes)
        linuxType = r.field("sll.ltype", "Protocol", .uint16, .hex, strings: Self.linuxTypeNames)
        tunnelType = r.field("sll.gretype", "Protocol", .uint16, .hex, strings: GREProtocols.strings)
        etherType = r.field("sll.etype", "Protocol", .uint16, .hex, strings: EtherTypes.strings)
        interfaceIndex = r.field("sll.ifindex", "Interface index", .uint32, .decimal)
        payload = EtherTypePayload(trailer: "sll.trailer", &r)
        linuxTypes = r.table("sll.ltype", title: "Linux SLL protocol type", .uint16, .hex)
        tunnelTypes = r.table("gre.proto")
        data = r.dissector(named: "data")
        r.add(r.dissector(self, proto), to: "wtap_encap", 25)
        isVersion2 = true
        r.add(r.dissector(self, proto), to: "wtap_encap", 210)
    }

    public func dissect(_ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        let layer = reader
        context.columns.clearInfo()
        // What kind of packet it is: nothing is shown without it.
        try reader.require(isVersion2 ? 12 : 4)
        context.columns.setProtocol("SLL")
        Self.describe(isVersion2 ? UInt64(layer.bytes[layer.start + 10]) : UInt64(layer.bytes.uint16(layer.start)), &context)
        var top = ItemRef.none
        let type, hardware: UInt16
        if context.wantsFields(of: proto) {
            top = context.begin(node, layer, byteCount: isVersion2 ? Header2.byteCount : Header.byteCount)
            context.label(top) { $0.append(isVersion2 ? "Linux cooked capture v2" : "Linux cooked capture v1") }
            (type, hardware) = isVersion2 ? try addFields2(&reader, &context) : try addFields(&reader, &context)
        } else if isVersion2 {
            let header = try Header2(parsing: &reader)
            Self.setSource(header.address, Int(header.addressByteCount), &context)
            (type, hardware) = (header.protocolType, header.hardwareType)
        } else {
            let header = try Header(parsing: &reader)
            Self.setSource(header.address, Int(header.addressByteCount), &context)
            (type, hardware) = (header.protocolType, header.hardwareType)
        }
        handOn(type, hardware, layer, reader.rest, top, &context)
    }

    private static func describe(_ packetType: UInt64, _ context: inout Context) {
        if let name = packetTypeNames.name(of: packetType) { return context.columns.setInfo(name) }
        context.appendInfo("Unknown (", packetType)
        context.columns.appendInfo(")")
    }

    /// - Parameter address: the eight bytes that it stands in.
    private static func setSource(_ address: UInt64, _ byteCount: Int, _ context: inout Context) {
        switch byteCount {
        case 4: context.setLinkAddresses(source: .ipv4(UInt32(truncatingIfNeeded: address >> 32)), destination: .none)
        case 6: context.setLinkAddresses(source: .ethernet(address >> 16), destination: .none)
        default: break
        }
    }

    // MARK: Fields

    private func addFields(_ reader: inout Reader, _ context: inout Context) throws(DissectionError) -> (type: UInt16, hardware: UInt16) {
        try context.uint16(packetType, &reader)
        let hardware = try context.uint16(hardwareType, &reader)
        let byteCount = try context.uint16(addressLength, &reader)
        try addAddress(Int(byteCount), &reader, &context)
        let type = try reader.uint16()
        context.add(field(for: type, hardware), reader, reader.offset - 2, 2, value: UInt64(type))
        return (type, hardware)
    }

    private func addFields2(_ reader: inout Reader, _ context: inout Context) throws(DissectionError) -> (type: UInt16, hardware: UInt16) {
        let start = reader.offset
        let type = try reader.uint16()
        try reader.skip(2)
        let interface = try reader.uint32()
        let hardware = try reader.uint16()
        context.add(field(for: type, hardware), reader, start, 2, value: UInt64(type))
        context.add(interfaceIndex, reader, start + 4, 4, value: UInt64(interface))
        context.add(hardwareType, reader, start + 8, 2, value: UInt64(hardware))
        try context.uint8(packetType, &reader)
        let byteCount = try context.uint8(addressLength, &reader)
        try addAddress(Int(byteCount), &reader, &context)
        return (type, hardware)
    }

    /// Adds the address and what is left of its eight bytes; a longer one was cut.
    private func addAddress(_ stated: Int, _ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        let start = reader.offset
        let byteCount = min(stated, Self.addressByteLimit)
        try reader.skip(byteCount)
        switch byteCount {
        case 0: break
        case 4:
            let value = reader.bytes.uint32(start)
            context.add(ipv4Source, reader, start, byteCount, value: UInt64(value))
            context.setLinkAddresses(source: .ipv4(value), destination: .none)
        case 6:
            let value = reader.bytes.unsigned(start, byteCount: byteCount)
            context.add(ethernetSource, reader, start, byteCount, value: value)
            context.setLinkAddresses(source: .ethernet(value), destination: .none)
        default: context.add(otherSource, reader, start, byteCount)
        }
        let unusedByteCount = Self.addressByteLimit - byteCount
        guard unusedByteCount > 0 else { return }
        try context.addBytes(unused, unusedByteCount, &reader)
    }

    private func field(for type: UInt16, _ hardware: UInt16) -> FieldID {
        type <= Self.largestLinuxType ? linuxType : hardware == Self.greTunnel ? tunnelType : etherType
    }

    // MARK: Payload

    private func handOn(_ type: UInt16, _ hardware: UInt16, _ layer: Reader, _ rest: Reader, _ top: ItemRef, _ context: inout Context) {
        if type <= Self.largestLinuxType || hardware == Self.greTunnel {
            if context.dispatch(type <= Self.largestLinuxType ? linuxTypes : tunnelTypes, UInt32(type), rest) { return }
            if let data { context.run(data, rest) }
            return
        }
        payload.dispatch(type, rest, &context)
        payload.addRest(of: layer, headerByteCount: rest.start - layer.start, under: top, &context)
    }

    /// PACKET_HOST and so on (packet(7)).
    private static let packetTypeNames = ValueStrings([
        (0, "Unicast to us"), (1, "Broadcast"), (2, "Multicast"), (3, "Unicast to another host"), (4, "Sent by us"),
    ])

    /// ETH_P_802_3 and so on.
    private static let linuxTypeNames = ValueStrings([
        (0x01, "Raw 802.3"), (0x03, "Ethernet"), (0x04, "802.2 LLC"), (0x07, "PPP (HDLC)"), (0x0c, "CAN"), (0x0d, "CAN FD"),
        (0x17, "IrDA LAP"), (0xf5, "ISI"), (0xf6, "IEEE 802.15.4"),
    ])
}
