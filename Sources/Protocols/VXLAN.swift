import Dissection
import Wire

/// Virtual eXtensible Local Area Network (RFC 7348, section 5), with the group policy of draft-smith-vxlan-group-policy-05.
///
///      0                   1                   2                   3
///      0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
///     +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-------------------------------+
///     |G|R|R|R|I|R|R|R|R|D|R|R|A|R|R|R|        Group Policy ID        |
///     +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+---------------+---------------+
///     |                 Network Identifier            |   Reserved    |
///     +-----------------------------------------------+---------------+
///
/// Not decoded: the generic protocol extension, which has a port of its own.
public struct VXLAN: Dissector {
    /// The header as a value.
    public struct Header: Equatable, Sendable {
        public var flags: UInt16
        public var groupPolicy: UInt16
        /// 24 bits.
        public var network: UInt32
        public var reserved: UInt8

        public init(parsing reader: inout Reader) throws(DissectionError) {
            flags = try reader.uint16()
            groupPolicy = try reader.uint16()
            network = try reader.uint24()
            reserved = try reader.uint8()
        }

        public func write(to bytes: inout [UInt8]) {
            bytes.append(bigEndian: flags)
            bytes.append(bigEndian: groupPolicy)
            bytes.append(bigEndian: UInt16(truncatingIfNeeded: network >> 8))
            bytes += [UInt8(truncatingIfNeeded: network), reserved]
        }
    }

    private let node, groupPolicy, network, reserved: FieldID
    private let flags: FlagWord
    private let ethernet: DissectorID?

    public init(registering r: inout Registrar) {
        let proto = r.proto("vxlan", "Virtual eXtensible Local Area Network", short: "VXLAN")
        node = r.node(of: proto)
        flags = FlagWord("vxlan.flags", "Flags", .uint16, prefix: "vxlan", [
            .flag("flag_g", "GBP Extension", 0x8000, "Defined", "Not defined"), .flag("flag_i", "VXLAN Network ID (VNI)", 0x0800, "True", "False"),
            .flag("flag_d", "Don't Learn", 0x0040, "True", "False"), .flag("flag_a", "Policy Applied", 0x0008, "True", "False"),
            .number("flags_reserved", "Reserved(R)", 0x77b7, .hex),
        ], &r)
        groupPolicy = r.field("vxlan.gbp", "Group Policy ID", .uint16, .decimal)
        network = r.field("vxlan.vni", "VXLAN Network Identifier (VNI)", .uint24, .decimal)
        reserved = r.field("vxlan.reserved8", "Reserved", .uint8, .decimal)
        ethernet = r.dissector(named: "eth")
        r.add(r.dissector(self, proto), to: "udp.port", 4789)
    }

    public func dissect(_ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        context.columns.setProtocol("VXLAN")
        context.columns.clearInfo()
        context.begin(node, reader, byteCount: 8)
        try flags.add(&reader, &context)
        try context.uint16(groupPolicy, &reader)
        try context.uint24(network, &reader)
        try context.uint8(reserved, &reader)
        context.close()
        if let ethernet { context.run(ethernet, reader.rest) }
    }
}
