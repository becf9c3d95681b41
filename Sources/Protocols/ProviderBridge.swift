import Dissection
import Wire

/// Provider bridges (IEEE 802.1ad, now in IEEE 802.1Q, section 9.6: the S-TAG) and provider backbone bridges (IEEE 802.1ah, now
/// IEEE 802.1Q, section 9.7: the I-TAG, with the customer's addresses behind it).
///
///      0                   1                   2                   3
///      0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
///     +-----+-+-----------------------+-------------------------------+
///     | PCP |D|    VLAN identifier    |             type              |   S-TAG, or B-TAG before an I-TAG
///     +-----+-+-----------------------+-------------------------------+
///
///     +-----+-+-+-+---+-----------------------------------------------+
///     | PCP |D|U|  res  |        service instance identifier          |   I-TAG
///     +-----+-+-+-+---+-----------------------------------------------+
///     |                customer destination (6 bytes)                 |
///     |                   customer source (6 bytes)                   |
///     +-------------------------------+-------------------------------+
///     |             type              |
///     +-------------------------------+
///
/// Two S-TAGs in a row are shown as one layer, as are a B-TAG and its I-TAG.
public struct ProviderBridge: Dissector {
    /// The tag behind its EtherType, and a second one that follows at once, as a value.
    public struct Header: Equatable, Sendable {
        public var control: TagControl
        /// Of a second S-TAG.
        public var customerControl: TagControl?
        public var type: UInt16

        public init(control: TagControl, customerControl: TagControl? = nil, type: UInt16) {
            self.control = control
            self.customerControl = customerControl
            self.type = type
        }

        public init(parsing reader: inout Reader) throws(DissectionError) {
            control = TagControl(rawValue: try reader.uint16())
            type = try reader.uint16()
            guard type == EtherType.providerBridge else { return }
            customerControl = TagControl(rawValue: try reader.uint16())
            type = try reader.uint16()
        }

        public func write(to bytes: inout [UInt8]) {
            bytes.append(bigEndian: control.rawValue)
            if let customerControl {
                bytes.append(bigEndian: UInt16(EtherType.providerBridge))
                bytes.append(bigEndian: customerControl.rawValue)
            }
            bytes.append(bigEndian: type)
        }

        public var byteCount: Int { customerControl == nil ? 4 : 8 }
    }

    /// The I-TAG and the customer's header behind it, as a value.
    public struct ServiceHeader: Equatable, Sendable {
        public static let byteCount = 18
        /// Priority, three flags, reserved bits and the identifier.
        public var tag: UInt32
        /// 48-bit addresses.
        public var destination: UInt64
        public var source: UInt64
        public var type: UInt16

        public init(parsing reader: inout Reader) throws(DissectionError) {
            tag = try reader.uint32()
            destination = try reader.uint48()
            source = try reader.uint48()
            type = try reader.uint16()
        }

        public func write(to bytes: inout [UInt8]) {
            bytes.append(bigEndian: tag)
            for address in [destination, source] {
                for shift in stride(from: 40, through: 0, by: -8) { bytes.append(UInt8(truncatingIfNeeded: address >> UInt64(shift))) }
            }
            bytes.append(bigEndian: type)
        }
    }

    /// Bytes that the layer's node covers, whatever follows the first tag.
    private static let nodeByteCount = 4

    private let proto: ProtocolID
    private let node, priority, dropEligible, identifier, service, customer: FieldID
    private let instance: ServiceInstance

    public init(registering r: inout Registrar) {
        let backbone = r.proto("ieee8021ah", "IEEE 802.1ah", short: "IEEE 802.1AH")
        instance = ServiceInstance(backbone, &r)
        r.add(r.dissector(BackboneBridge(instance: instance), backbone), to: "ethertype", EtherType.backboneBridge)
        proto = r.proto("ieee8021ad", "IEEE 802.1ad", short: "IEEE 802.1AD")
        node = r.node(of: proto)
        priority = r.field("ieee8021ad.priority", "Priority", .uint16, .decimal, mask: 0xe000)
        dropEligible = r.field("ieee8021ad.dei", "DEI", .uint16, .decimal, mask: 0x1000)
        identifier = r.field("ieee8021ad.id", "ID", .uint16, .decimal, mask: 0x0fff)
        service = r.field("ieee8021ad.svid", "ID", .uint16, .decimal, mask: 0x0fff)
        customer = r.field("ieee8021ad.cvid", "ID", .uint16, .decimal, mask: 0x0fff)
        r.addsFields(of: backbone)
        _ = r.table("ethertype")
        r.add(r.dissector(self, proto), to: "ethertype", EtherType.providerBridge)
    }

    public func dissect(_ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        let layer = reader
        context.columns.setProtocol("802.1ad")
        context.columns.clearInfo()
        let control = TagControl(rawValue: try reader.uint16())
        Self.describe(control, &context)
        let top = context.wantsFields(of: proto) ? context.begin(node, layer, byteCount: Self.nodeByteCount) : .none
        var type = try reader.uint16()
        if type == EtherType.backboneBridge { return try addBackboneTags(control, layer, &reader, top, &context) }
        let isDouble = type == EtherType.providerBridge
        addTag(control, isDouble ? service : identifier, isDouble ? ", S-VID: " : ", ID: ", layer, layer.start, under: top, &context)
        if isDouble {
            let inner = TagControl(rawValue: try reader.uint16())
            addTag(inner, customer, ", C-VID: ", layer, layer.start + 4, under: top, &context)
            type = try reader.uint16()
        }
        instance.handOn(type, typeAt: reader.offset - 2, layer, reader, under: top, &context)
    }

    private static func describe(_ control: TagControl, _ context: inout Context) {
        context.appendInfo("PRI: ", UInt64(control.priority))
        context.appendInfo("  DROP: ", control.isDropEligible ? 1 : 0)
        context.appendInfo(" ID: ", UInt64(control.identifier))
    }

    private func addTag(
        _ control: TagControl, _ field: FieldID, _ title: StaticString, _ layer: Reader, _ offset: Int, under parent: ItemRef, _ context: inout Context
    ) {
        guard context.wantsFields(of: proto) else { return }
        context.appendLabel(parent) {
            $0.append(title)
            $0.append(decimal: control.identifier)
        }
        let word = UInt64(control.rawValue)
        context.bits(priority, layer, offset, 1, word: word)
        context.bits(dropEligible, layer, offset, 1, word: word)
        context.bits(field, layer, offset, 2, word: word)
    }

    private func addBackboneTags(
        _ control: TagControl, _ layer: Reader, _ reader: inout Reader, _ top: ItemRef, _ context: inout Context
    ) throws(DissectionError) {
        context.label(top) {
            $0.append("IEEE 802.1ah, B-VID: ")
            $0.append(decimal: control.identifier)
        }
        let item = context.add(node, layer, layer.start, 2)
        context.label(item) { $0.append("B-Tag") }
        context.open()
        addTag(control, identifier, ", B-VID: ", layer, layer.start, under: item, &context)
        context.close()
        try instance.dissect(&reader, layer, node, top, &context)
    }
}

/// A layer that begins with an I-TAG.
private struct BackboneBridge: Dissector {
    let instance: ServiceInstance

    func dissect(_ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        let layer = reader
        context.columns.setProtocol("802.1ah")
        context.columns.clearInfo()
        try reader.require(4)
        let top = instance.begin(layer, &context)
        try instance.dissect(&reader, layer, instance.node, top, &context)
    }
}

/// The I-TAG and the customer's frame behind it, without that frame's trailer.
struct ServiceInstance: Sendable {
    private static let identifierMask: UInt32 = 0x00ff_ffff

    let node: FieldID
    private let proto: ProtocolID
    private let flags: [FieldID]
    private let identifier, destination, source, type: FieldID
    private let payload: EtherTypePayload

    init(_ proto: ProtocolID, _ r: inout Registrar) {
        self.proto = proto
        node = r.node(of: proto)
        flags = [
            r.field("ieee8021ah.priority", "Priority", .uint32, .decimal, mask: 0xe000_0000),
            r.field("ieee8021ah.drop", "DROP", .uint32, .decimal, mask: 0x1000_0000),
            r.field("ieee8021ah.nca", "NCA", .uint32, .decimal, mask: 0x0800_0000),
            r.field("ieee8021ah.res1", "RES1", .uint32, .decimal, mask: 0x0400_0000),
            r.field("ieee8021ah.res2", "RES2", .uint32, .decimal, mask: 0x0300_0000),
        ]
        identifier = r.field("ieee8021ah.isid", "I-SID", .uint32, .decimal, mask: UInt64(Self.identifierMask))
        destination = r.field("ieee8021ah.cdst", "C-Destination", .ethernet)
        source = r.field("ieee8021ah.csrc", "C-Source", .ethernet)
        type = r.field("ieee8021ah.etype", "Type", .uint16, .hex, strings: EtherTypes.strings)
        payload = EtherTypePayload(trailer: "ieee8021ah.trailer", &r)
    }

    func begin(_ layer: Reader, _ context: inout Context) -> ItemRef {
        context.wantsFields(of: proto) ? context.begin(node, layer, byteCount: ProviderBridge.ServiceHeader.byteCount) : .none
    }

    /// Reads the tag and the customer's header, and hands on what follows.
    /// - Parameter tagNode: what the tag's own node is: the layer's protocol.
    func dissect(_ reader: inout Reader, _ layer: Reader, _ tagNode: FieldID, _ top: ItemRef, _ context: inout Context) throws(DissectionError) {
        let start = reader.offset
        let tag = try reader.uint32()
        Self.describe(tag, &context)
        addTag(tag, layer, start, tagNode, &context)
        let customerDestination = try reader.uint48()
        context.add(destination, layer, start + 4, 6, value: customerDestination)
        let customerSource = try reader.uint48()
        context.add(source, layer, start + 10, 6, value: customerSource)
        let resolves = context.resolution.macAddresses
        context.appendLabel(top) {
            $0.append(", I-SID: ")
            $0.append(decimal: tag & Self.identifierMask)
            $0.append(", C-Src: ")
            $0.append(namedEthernet: customerSource, resolves)
            $0.append(", C-Dst: ")
            $0.append(namedEthernet: customerDestination, resolves)
        }
        let type = try reader.uint16()
        handOn(type, typeAt: reader.offset - 2, layer, reader, under: top, &context)
    }

    /// Adds the EtherType and hands on what it names.
    func handOn(_ value: UInt16, typeAt offset: Int, _ layer: Reader, _ reader: Reader, under top: ItemRef, _ context: inout Context) {
        context.add(type, layer, offset, 2, value: UInt64(value))
        payload.dispatch(value, reader.rest, &context)
        payload.addRest(of: layer, headerByteCount: reader.position, under: top, &context)
    }

    private static func describe(_ tag: UInt32, _ context: inout Context) {
        context.columns.clearInfo()
        context.appendInfo("PRI: ", UInt64(tag >> 29))
        context.appendInfo("  Drop: ", UInt64(tag >> 28 & 1))
        context.appendInfo("  NCA: ", UInt64(tag >> 27 & 1))
        context.appendInfo("  Res1: ", UInt64(tag >> 26 & 1))
        context.appendInfo("  Res2: ", UInt64(tag >> 24 & 3))
        context.appendInfo("  I-SID: ", UInt64(tag & identifierMask))
    }

    private func addTag(_ tag: UInt32, _ layer: Reader, _ start: Int, _ tagNode: FieldID, _ context: inout Context) {
        let item = context.add(tagNode, layer, start, 4)
        context.label(item) {
            $0.append("I-Tag, I-SID: ")
            $0.append(decimal: tag & Self.identifierMask)
        }
        context.open()
        for flag in flags { context.bits(flag, layer, start, 1, word: UInt64(tag)) }
        context.bits(identifier, layer, start + 1, 3, word: UInt64(tag))
        context.close()
    }
}
