import Dissection
import Registries
import Wire

/// Logical Link Control (IEEE 802.2), with the Subnetwork Access Protocol (IEEE 802, section 10.3; RFC 1042).
///
///     +-----------+-----------+------------------+------------------------------+---------+
///     |   DSAP    |   SSAP    |     control      |   SNAP, where both are 0xaa  | payload |
///     | (8 bits)  | (8 bits)  |  (8 or 16 bits)  |   organization (24), type (16) |         |
///     +-----------+-----------+------------------+------------------------------+---------+
///
/// The last bit of the DSAP says whether it is a group, that of the SSAP whether the frame is a response. Not decoded: what
/// organizations put behind their codes.
public struct LLC: Dissector {
    /// The service access points, as a value.
    public struct Header: Equatable, Sendable {
        public var destination: UInt8
        public var source: UInt8

        public init(destination: UInt8, source: UInt8) {
            self.destination = destination
            self.source = source
        }

        public init(parsing reader: inout Reader) throws(DissectionError) {
            destination = try reader.uint8()
            source = try reader.uint8()
        }

        public func write(to bytes: inout [UInt8]) { bytes += [destination, source] }

        var isResponse: Bool { source & 1 != 0 }
        /// Whether the Subnetwork Access Protocol follows.
        var hasSubnetwork: Bool { destination == 0xaa && source == 0xaa }
    }

    /// Organization codes behind which an EtherType stands.
    private static let etherTypeOrganizations: Set<UInt32> = [0x000000, 0x0000f8]
    private static let cisco: UInt32 = 0x00000c
    /// Novell puts IPX behind Ethernet's length without LLC: it begins with a checksum that is not used.
    static let bareIPX: UInt16 = 0xffff

    private let node, destination, destinationPoint, group, source, sourcePoint, response: FieldID
    private let organization, etherType, ciscoProtocol, organizationProtocol: FieldID
    private let control: LLCControl
    private let points, types: TableID
    private let data: DissectorID?

    public init(registering r: inout Registrar) {
        let proto = r.proto("llc", "Logical-Link Control", short: "LLC", spansPayload: true)
        node = r.node(of: proto)
        func point(_ name: String, _ r: inout Registrar) -> FieldID {
            r.field(name, "SAP", .uint8, mask: 0xfe) { value, text in text.append(LLCNames.servicePoints.name(of: value << 1) ?? "Unknown") }
        }
        destination = r.field("llc.dsap", "DSAP", .uint8, .hex, strings: LLCNames.servicePoints)
        destinationPoint = point("llc.dsap.sap", &r)
        group = r.flag("llc.dsap.ig", "IG Bit", wordBits: 8, mask: 0x01, "Group", "Individual")
        source = r.field("llc.ssap", "SSAP", .uint8, .hex, strings: LLCNames.servicePoints)
        sourcePoint = point("llc.ssap.sap", &r)
        response = r.flag("llc.ssap.cr", "CR Bit", wordBits: 8, mask: 0x01, "Response", "Command")
        control = LLCControl(registering: &r)
        organization = r.field("llc.oui", "Organization Code", .uint24, .decimal) { $1.append(organization: $0) }
        etherType = r.field("llc.type", "Type", .uint16, .hex, strings: EtherTypes.strings)
        ciscoProtocol = r.field("llc.cisco_pid", "PID", .uint16, .hex, strings: LLCNames.ciscoProtocols)
        organizationProtocol = r.field("llc.pid", "Protocol ID", .uint16, .hex)
        points = r.table("llc.dsap", title: "LLC SAP", .uint8, .hex)
        types = r.table("ethertype")
        data = r.dissector(named: "data")
        let dissector = r.dissector(self, proto)
        r.add(dissector, to: "sll.ltype", 4)
        r.offer(dissector, in: "ethertype", "udp.port")
    }

    public func dissect(_ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        let layer = reader
        context.columns.setProtocol("LLC")
        context.columns.clearInfo()
        let top = context.begin(node, layer, byteCount: layer.capturedRemaining)
        let header = try addPoints(&reader, &context)
        let value = try control.add(&reader, isResponse: header.isResponse, &context)
        if header.hasSubnetwork {
            try dissectSubnetwork(layer, &reader, top, &context)
        } else {
            context.setByteCount(top, reader.offset - layer.start)
            describe(header, &context)
            context.close()
            let rest = reader.rest
            if value.carriesPackets, context.dispatch(points, UInt32(header.destination), rest) { return }
            if rest.remaining > 0, let data { context.run(data, rest) }
        }
    }

    private func addPoints(_ reader: inout Reader, _ context: inout Context) throws(DissectionError) -> Header {
        func add(_ field: FieldID, _ parts: [FieldID], _ context: inout Context) throws(DissectionError) -> UInt8 {
            let value = try context.uint8(field, &reader)
            context.open()
            for part in parts { context.bits(part, reader, reader.offset - 1, 1, word: UInt64(value)) }
            context.close()
            return value
        }
        let to = try add(destination, [destinationPoint, group], &context)
        return Header(destination: to, source: try add(source, [sourcePoint, response], &context))
    }

    private func describe(_ header: Header, _ context: inout Context) {
        guard context.columns.accepts else { return }
        func append(_ point: UInt8) {
            if let name = LLCNames.servicePoints.name(of: UInt64(point & 0xfe)) { return context.columns.info.append(name) }
            context.columns.info.append("0x")
            context.columns.info.append(hex: UInt64(point & 0xfe), width: 2)
        }
        context.columns.info.append("; DSAP ")
        append(header.destination)
        context.columns.info.append(header.destination & 1 != 0 ? " Group, SSAP " : " Individual, SSAP ")
        append(header.source)
        context.columns.info.append(header.isResponse ? " Response" : " Command")
    }

    // MARK: Subnetwork Access Protocol

    private func dissectSubnetwork(_ layer: Reader, _ reader: inout Reader, _ top: ItemRef, _ context: inout Context) throws(DissectionError) {
        let code = try context.uint24(organization, &reader)
        let type = try reader.uint16()
        describe(code, type, &context)
        let isEtherType = Self.etherTypeOrganizations.contains(code)
        let field = isEtherType ? etherType : code == Self.cisco ? ciscoProtocol : organizationProtocol
        context.add(field, reader, reader.offset - 2, 2, value: UInt64(type))
        context.setByteCount(top, reader.offset - layer.start)
        context.close()
        let rest = reader.rest
        if isEtherType, context.dispatch(types, UInt32(type), rest) { return }
        if let data { context.run(data, rest) }
    }

    private func describe(_ code: UInt32, _ type: UInt16, _ context: inout Context) {
        guard context.columns.accepts else { return }
        context.columns.info.append("; SNAP, OUI 0x")
        context.columns.info.append(hex: UInt64(code), width: 6, upperCase: true)
        context.columns.info.append(" (")
        if let name = VendorPrefixes.manufacturer(UInt64(code) << 24) { context.columns.info.append(name) } else { context.columns.info.append("Unknown") }
        context.columns.info.append("), PID 0x")
        context.columns.info.append(hex: UInt64(type), width: 4, upperCase: true)
    }
}
