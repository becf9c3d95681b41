import Dissection
import Registries
import Wire

/// Generic Network Virtualization Encapsulation (RFC 8926, section 3).
///
///      0                   1                   2                   3
///      0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
///     +---+-----------+-+-+-----------+-------------------------------+
///     |Ver|  Opt Len  |O|C|    Rsvd.  |          Protocol Type        |
///     +---+-----------+-+-+-----------+---------------+---------------+
///     |        Virtual Network Identifier (VNI)       |    Reserved   |
///     +-----------------------------------------------+---------------+
///     |                    Variable-Length Options                    |
///     +---------------------------------------------------------------+
///
/// Not decoded: what options hold.
public struct Geneve: Dissector {
    /// The fixed part as a value.
    public struct Header: Equatable, Sendable {
        public static let byteCount = 8
        /// Version and the length of the options in words of four bytes.
        public var versionAndLength: UInt8
        public var flags: UInt8
        public var protocolType: UInt16
        /// 24 bits.
        public var network: UInt32
        public var reserved: UInt8

        public var isOperational: Bool { flags & 0x80 != 0 }
        public var optionsByteCount: Int { Int(versionAndLength & 0x3f) * 4 }

        public init(parsing reader: inout Reader) throws(DissectionError) {
            versionAndLength = try reader.uint8()
            flags = try reader.uint8()
            protocolType = try reader.uint16()
            network = try reader.uint24()
            reserved = try reader.uint8()
        }

        public func write(to bytes: inout [UInt8]) {
            bytes += [versionAndLength, flags]
            bytes.append(bigEndian: protocolType)
            bytes.append(bigEndian: UInt16(truncatingIfNeeded: network >> 8))
            bytes += [UInt8(truncatingIfNeeded: network), reserved]
        }
    }

    private static let ethernetBridging: UInt16 = 0x6558

    private let node, version, length, flags, type, network, reserved, options: FieldID
    private let flagFields: [FieldID]
    private let option, optionClass, optionType, critical, optionFlags, optionReserved, optionLength, optionData: FieldID
    private let types: TableID
    private let ethernet, data: DissectorID?

    public init(registering r: inout Registrar) {
        let proto = r.proto("geneve", "Generic Network Virtualization Encapsulation", short: "Geneve")
        node = r.node(of: proto)
        version = r.field("geneve.version", "Version", .uint8, .decimal)
        length = r.field("geneve.option.length", "Length", .uint8, .decimal, unit: " bytes")
        flags = r.field("geneve.flags", "Flags", .uint8, .hex)
        flagFields = [
            r.flag("geneve.flags.oam", "Operations, Administration and Management Frame", wordBits: 8, mask: 0x80, "True", "False"),
            r.flag("geneve.flags.critical", "Critical Options Present", wordBits: 8, mask: 0x40, "True", "False"),
            r.flag("geneve.flags.reserved", "Reserved", wordBits: 8, mask: 0x3f, "True", "False"),
        ]
        type = r.field("geneve.proto_type", "Protocol Type", .uint16, .hex, strings: EtherTypes.strings)
        network = r.field("geneve.vni", "Virtual Network Identifier (VNI)", .uint24, .hexDecimal)
        reserved = r.field("geneve.reserved", "Reserved", .uint8, .hex)
        options = r.field("geneve.options", "Geneve Options", .bytes)
        option = r.field("geneve.option", "Option", .bytes)
        optionClass = r.field("geneve.option.class", "Class", .uint16, .hex, strings: Self.classes)
        optionType = r.field("geneve.option.type", "Type", .uint8, .hex)
        critical = r.flag("geneve.option.type.critical", "Critical Option", wordBits: 8, mask: 0x80, "True", "False")
        optionFlags = r.field("geneve.option.flags", "Flags", .uint8, .hex)
        optionReserved = r.flag("geneve.option.flags.reserved", "Reserved", wordBits: 8, mask: 0xe0, "True", "False")
        optionLength = r.field("geneve.option.length", "Length", .uint8, .decimal, unit: " bytes")
        optionData = r.field("geneve.option.unknown.data", "Unknown Option Data", .bytes)
        types = r.table("ethertype")
        ethernet = r.dissector(named: "eth")
        data = r.dissector(named: "data")
        r.add(r.dissector(self, proto), to: "udp.port", 6081)
    }

    /// From the registry of option classes.
    private static let classes = ValueStrings([
        (0x0100, "Linux"), (0x0101, "Open vSwitch"), (0x0102, "Open Virtual Networking (OVN)"), (0x0103, "In-band Network Telemetry (INT)"),
        (0x0104, "VMware, Inc."), (0x0105, "Amazon.com, Inc."), (0x0106, "Cisco Systems, Inc."), (0x0107, "Oracle Corporation"),
        (0x0108, "Amazon.com, Inc."),
    ])

    public func dissect(_ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        let layer = reader
        context.columns.setProtocol("Geneve")
        context.columns.clearInfo()
        let top = context.begin(node, layer, byteCount: layer.capturedRemaining)
        var start = layer
        let header = try Header(parsing: &start)
        addFixedPart(header, top, layer, &context)
        reader.offset = start.offset
        if header.optionsByteCount > 0 { try addOptions(reader.next(header.optionsByteCount), &context) }
        try reader.skip(header.optionsByteCount)
        context.setByteCount(top, reader.offset - layer.start)
        context.close()
        let rest = reader.rest
        if header.protocolType == Self.ethernetBridging, let ethernet { return context.run(ethernet, rest) }
        if context.dispatch(types, UInt32(header.protocolType), rest) { return }
        if let data, rest.remaining > 0 { context.run(data, rest) }
    }

    private func addFixedPart(_ header: Header, _ top: ItemRef, _ layer: Reader, _ context: inout Context) {
        let start = layer.start
        context.appendLabel(top) {
            $0.append(", VNI: 0x")
            $0.append(hex: UInt64(header.network), width: 6)
            if header.isOperational { $0.append(", OAM") }
        }
        describe(header.protocolType, &context)
        context.add(version, layer, start, 1, value: UInt64(header.versionAndLength >> 6))
        context.add(length, layer, start, 1, value: UInt64(header.optionsByteCount))
        let item = context.add(flags, layer, start + 1, 1, value: UInt64(header.flags))
        if header.isOperational { context.appendLabel(item) { $0.append(", Operations, Administration and Management Frame") } }
        if header.flags & 0x40 != 0 { context.appendLabel(item) { $0.append(", Critical Options Present") } }
        context.open()
        for field in flagFields { context.bits(field, layer, start + 1, 1, word: UInt64(header.flags)) }
        context.close()
        context.add(type, layer, start + 2, 2, value: UInt64(header.protocolType))
        context.add(network, layer, start + 4, 3, value: UInt64(header.network))
        context.add(reserved, layer, start + 7, 1, value: UInt64(header.reserved), flags: .hidden)
    }

    private func describe(_ type: UInt16, _ context: inout Context) {
        guard context.columns.accepts else { return }
        context.columns.info.append("Encapsulated ")
        if let name = EtherTypes.strings.name(of: UInt64(type)) { return context.columns.info.append(name) }
        context.columns.info.append("0x")
        context.columns.info.append(hex: UInt64(type), width: 4)
        context.columns.info.append(" (unknown)")
    }

    private func addOptions(_ part: Reader, _ context: inout Context) throws(DissectionError) {
        var reader = part
        context.label(context.add(options, part, part.start, part.capturedRemaining)) {
            $0.append("Options: (")
            $0.append(decimal: part.remaining)
            $0.append(" bytes)")
        }
        context.open()
        // Each option takes four bytes at least.
        while reader.remaining > 0 { try addOption(&reader, &context) }
        context.close()
    }

    private func addOption(_ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        try reader.require(4)
        let start = reader.offset
        let (number, kind, last) = (reader.bytes.uint16(start), reader.bytes[start + 2], reader.bytes[start + 3])
        let byteCount = 4 + Int(last & 0x1f) * 4
        context.label(context.add(option, reader, start, min(byteCount, reader.capturedRemaining))) {
            $0.append("Unknown, Class: ")
            $0.append(Self.className(number))
            $0.append(" (0x")
            $0.append(hex: UInt64(number), width: 4)
            $0.append(") Type: 0x")
            $0.append(hex: UInt64(kind), width: 2)
            $0.append(Self.criticality(kind))
        }
        context.open()
        context.label(context.add(optionClass, reader, start, 2, value: UInt64(number))) {
            $0.append("Class: ")
            $0.append(Self.className(number))
            $0.append(" (0x")
            $0.append(hex: UInt64(number), width: 4)
            $0.append(")")
        }
        context.appendLabel(context.add(optionType, reader, start + 2, 1, value: UInt64(kind))) { $0.append(Self.criticality(kind)) }
        context.bits(critical, reader, start + 2, 1, word: UInt64(kind), flags: .hidden)
        let reservedBits = context.add(optionFlags, reader, start + 3, 1, value: UInt64(last >> 5), flags: last >> 5 == 0 ? .hidden : [])
        if last >> 5 != 0 { context.appendLabel(reservedBits) { $0.append(" (RSVD)") } }
        context.open()
        context.bits(optionReserved, reader, start + 3, 1, word: UInt64(last))
        context.close()
        context.add(optionLength, reader, start + 3, 1, value: UInt64(byteCount))
        try reader.skip(byteCount)
        context.add(optionData, reader, start + 4, byteCount - 4)
        context.close()
    }

    private static func criticality(_ kind: UInt8) -> StaticString { kind & 0x80 != 0 ? " (Critical)" : " (Non-critical)" }

    private static func className(_ number: UInt16) -> StaticString {
        if let name = classes.name(of: UInt64(number)) { return name }
        switch number {
        case 0x0000...0x00ff: return "Standard"
        case 0xff00...0xffff: return "Unknown"
        default: return "Unassigned"
        }
    }
}
