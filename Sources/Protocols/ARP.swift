import Dissection
import Registries
import Wire

/// Address Resolution Protocol (RFC 826), Reverse ARP (RFC 903), Dynamic RARP (RFC 1931) and Inverse ARP (RFC 2390); probes and
/// announcements (RFC 5227). Of ATM's ARP and of AX.25 addresses only the bytes are shown.
///
///      0                   1                   2                   3
///      0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
///     +-------------------------------+-------------------------------+
///     |         Hardware Type         |         Protocol Type         |
///     +---------------+---------------+-------------------------------+
///     | Hardware Size | Protocol Size |             Opcode            |
///     +---------------+---------------+-------------------------------+
///     | sender hardware address, sender protocol address,             |
///     | target hardware address, target protocol address              |
///     +---------------------------------------------------------------+
public struct ARP: Dissector {
    /// The fixed part of the header as a value.
    public struct Header: Equatable, Sendable {
        public static let byteCount = 8
        public var hardwareType: UInt16 = 1
        public var protocolType: UInt16 = 0x0800
        public var hardwareByteCount: UInt8 = 6
        public var protocolByteCount: UInt8 = 4
        public var opcode: UInt16 = 1

        public init() {}

        public init(parsing reader: inout Reader) throws(DissectionError) {
            hardwareType = try reader.uint16()
            protocolType = try reader.uint16()
            hardwareByteCount = try reader.uint8()
            protocolByteCount = try reader.uint8()
            opcode = try reader.uint16()
        }

        public func write(to bytes: inout [UInt8]) {
            bytes.append(bigEndian: hardwareType)
            bytes.append(bigEndian: protocolType)
            bytes.append(hardwareByteCount)
            bytes.append(protocolByteCount)
            bytes.append(bigEndian: opcode)
        }

        /// With the four addresses.
        var packetByteCount: Int { Self.byteCount + 2 * (Int(hardwareByteCount) + Int(protocolByteCount)) }
        /// Ethernet and IEEE 802.
        var hasMACAddresses: Bool { (hardwareType == 1 || hardwareType == 6) && hardwareByteCount == 6 }
        var hasIPv4Addresses: Bool { protocolType == 0x0800 && protocolByteCount == 4 }
    }

    /// Opcodes (IANA's ARP parameters).
    private enum Opcode {
        static let request: UInt16 = 1
        static let reply: UInt16 = 2
        static let reverseRequest: UInt16 = 3
        static let reverseReply: UInt16 = 4
        static let dynamicRequest: UInt16 = 5
        static let dynamicReply: UInt16 = 6
        static let dynamicError: UInt16 = 7
        static let inverseRequest: UInt16 = 8
        static let inverseReply: UInt16 = 9
        static let refusal: UInt16 = 10
        static let firstMARS: UInt16 = 11
        static let lastMARS: UInt16 = 22
        static let mapos: UInt16 = 23
    }

    /// The four addresses of a packet, as ranges of its source.
    private struct Addresses {
        let senderHardware, senderProtocol, targetHardware, targetProtocol: (offset: Int, byteCount: Int)
        let reader: Reader
        let header: Header

        init(_ header: Header, _ reader: Reader) {
            let (hardware, network) = (Int(header.hardwareByteCount), Int(header.protocolByteCount))
            let start = reader.offset
            senderHardware = (start, hardware)
            senderProtocol = (start + hardware, network)
            targetHardware = (start + hardware + network, hardware)
            targetProtocol = (start + 2 * hardware + network, network)
            self.reader = reader
            self.header = header
        }

        func bytes(_ place: (offset: Int, byteCount: Int)) -> ByteView { reader.captured(place.offset, place.byteCount) }

        func isZero(_ place: (offset: Int, byteCount: Int)) -> Bool {
            (place.offset..<place.offset + place.byteCount).allSatisfy { reader.bytes[$0] == 0 }
        }

        var haveEqualProtocolAddresses: Bool {
            (0..<senderProtocol.byteCount).allSatisfy { reader.bytes[senderProtocol.offset + $0] == reader.bytes[targetProtocol.offset + $0] }
        }

        func mac(_ place: (offset: Int, byteCount: Int)) -> UInt64 { reader.bytes.unsigned(place.offset, byteCount: 6) }
        func ipv4(_ place: (offset: Int, byteCount: Int)) -> UInt32 { reader.bytes.uint32(place.offset) }

        func appendHardware(_ place: (offset: Int, byteCount: Int), to text: inout TextBuffer) {
            if header.hasMACAddresses { text.append(ethernet: mac(place)) } else { text.append(hexOf: bytes(place)) }
        }

        func appendProtocol(_ place: (offset: Int, byteCount: Int), to text: inout TextBuffer) {
            if header.hasIPv4Addresses { text.append(ipv4: ipv4(place)) } else { text.append(hexOf: bytes(place)) }
        }
    }

    /// What a request or reply about one address is for (RFC 5227, sections 1.1 and 3).
    private enum Purpose { case plain, gratuitous, probe, announcement }

    private let proto: ProtocolID
    private let node, hardwareType, protocolType, hardwareSize, protocolSize, opcode, isGratuitous, isProbe, isAnnouncement: FieldID
    private let sender, target: ARPEndpointFields
    private let errorStatus, earlierFrame, secondsSince: FieldID
    private let duplicate: ExpertID
    private let detectsDuplicates: Bool
    private let state: StateKey<AddressUses>
    private let facts: FactKey<AddressUses.Facts>

    public init(registering r: inout Registrar) {
        proto = r.proto("arp", "Address Resolution Protocol", short: "ARP/RARP")
        node = r.node(of: proto)
        hardwareType = r.field("arp.hw.type", "Hardware type", .uint16, .decimal, strings: Self.hardwareNames)
        protocolType = r.field("arp.proto.type", "Protocol type", .uint16, .hex, strings: EtherTypes.strings)
        hardwareSize = r.field("arp.hw.size", "Hardware size", .uint8, .decimal)
        protocolSize = r.field("arp.proto.size", "Protocol size", .uint8, .decimal)
        opcode = r.field("arp.opcode", "Opcode", .uint16, .decimal, strings: Self.opcodeNames)
        isGratuitous = r.field("arp.isgratuitous", "Is gratuitous", .boolean)
        isProbe = r.field("arp.isprobe", "Is probe", .boolean)
        isAnnouncement = r.field("arp.isannouncement", "Is announcement", .boolean)
        sender = ARPEndpointFields("arp.src", "Sender", &r)
        target = ARPEndpointFields("arp.dst", "Target", &r)
        errorStatus = r.field("arp.dst.drarp_error_status", "DRARP error status", .uint16, .decimal, strings: Self.errorNames)
        earlierFrame = r.field("arp.duplicate-address-frame", "Frame showing earlier use of IP address", .frameNumber, needs: .conversation)
        secondsSince = r.field(
            "arp.seconds-since-duplicate-address-frame", "Seconds since earlier frame seen", .uint32, .decimal, needs: .conversation)
        duplicate = r.expert("arp.duplicate-address-detected", .sequence, .warning, "Duplicate IP address configured")
        detectsDuplicates = r.preference("arp.detect_duplicate_ips", "Detect duplicate IP address configuration", default: true)
        state = r.state("addresses", budget: 4, { AddressUses(byteLimit: $0) }, measure: { ($0.count, $0.byteCount) }, evicted: { $0.evictedCount })
        facts = r.facts(AddressUses.Facts.self)
        let id = r.dissector(self, proto)
        r.add(id, to: "ethertype", 0x0806, 0x8035)
        r.add(id, to: "gre.proto", 0x0806)
    }

    public func dissect(_ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        let layer = reader
        context.columns.setProtocol("ARP")
        context.columns.clearInfo()
        let top = context.begin(node, layer)
        let header = try readHeader(&reader, &context)
        let packet = layer.narrowed(toByteCount: header.packetByteCount)
        context.noteNetworkEnd(of: packet)
        try reader.require(header.packetByteCount - Header.byteCount)
        context.setByteCount(top, header.packetByteCount)
        let addresses = Addresses(header, reader)
        let purpose = Self.purpose(header, addresses)
        describe(header, purpose, addresses, &context)
        if context.wantsFields(of: proto) { addFields(header, purpose, addresses, top, &context) }
        context.close()
        if detectsDuplicates, context.needs(.conversation) { checkUses(header, purpose, addresses, layer, &context) }
    }

    private func readHeader(_ reader: inout Reader, _ context: inout Context) throws(DissectionError) -> Header {
        var header = Header()
        header.hardwareType = try context.uint16(hardwareType, &reader)
        header.protocolType = try context.uint16(protocolType, &reader)
        header.hardwareByteCount = try context.uint8(hardwareSize, &reader)
        header.protocolByteCount = try context.uint8(protocolSize, &reader)
        header.opcode = try context.uint16(opcode, &reader)
        return header
    }

    private static func purpose(_ header: Header, _ addresses: Addresses) -> Purpose {
        guard header.opcode == Opcode.request || header.opcode == Opcode.reply else { return .plain }
        let isRequest = header.opcode == Opcode.request
        let asksOpenly = isRequest && addresses.isZero(addresses.targetHardware)
        if addresses.haveEqualProtocolAddresses { return asksOpenly ? .announcement : .gratuitous }
        return asksOpenly && addresses.isZero(addresses.senderProtocol) ? .probe : .plain
    }

    // MARK: Tree

    private func addFields(_ header: Header, _ purpose: Purpose, _ addresses: Addresses, _ top: ItemRef, _ context: inout Context) {
        let reader = addresses.reader
        context.appendLabel(top) { Self.appendTitle(header, purpose, &$0) }
        if purpose == .gratuitous || purpose == .announcement { context.generated(isGratuitous, reader, reader.start, value: 1) }
        if purpose == .probe { context.generated(isProbe, reader, reader.start, value: 1) }
        if purpose == .announcement { context.generated(isAnnouncement, reader, reader.start, value: 1) }
        addHardware(sender, addresses.senderHardware, addresses, &context)
        addProtocol(sender, addresses.senderProtocol, addresses, &context)
        addHardware(target, addresses.targetHardware, addresses, &context)
        if header.opcode == Opcode.dynamicError, header.protocolByteCount > 0 {
            let offset = addresses.targetProtocol.offset
            context.add(errorStatus, reader, offset, 1, value: UInt64(reader.bytes[offset]))
        } else {
            addProtocol(target, addresses.targetProtocol, addresses, &context)
        }
    }

    private static func appendTitle(_ header: Header, _ purpose: Purpose, _ text: inout TextBuffer) {
        text.append(" (")
        switch purpose {
        case .probe: text.append("ARP Probe")
        case .announcement: text.append("ARP Announcement")
        case .plain, .gratuitous:
            if let name = opcodeNames.name(of: UInt64(header.opcode)) {
                text.append(name)
            } else {
                text.append("opcode 0x")
                text.append(hex: UInt64(header.opcode), width: 4)
            }
            if purpose == .gratuitous { text.append("/gratuitous ARP") }
        }
        text.append(")")
    }

    private func addHardware(_ fields: ARPEndpointFields, _ place: (offset: Int, byteCount: Int), _ addresses: Addresses, _ context: inout Context) {
        guard place.byteCount > 0 else { return }
        if addresses.header.hasMACAddresses {
            context.add(fields.mac, addresses.reader, place.offset, 6, value: addresses.mac(place))
        } else {
            context.add(fields.hardware, addresses.reader, place.offset, place.byteCount)
        }
    }

    private func addProtocol(_ fields: ARPEndpointFields, _ place: (offset: Int, byteCount: Int), _ addresses: Addresses, _ context: inout Context) {
        guard place.byteCount > 0 else { return }
        if addresses.header.hasIPv4Addresses {
            context.add(fields.ipv4, addresses.reader, place.offset, 4, value: UInt64(addresses.ipv4(place)))
        } else {
            context.add(fields.network, addresses.reader, place.offset, place.byteCount)
        }
    }

    // MARK: Columns

    private func describe(_ header: Header, _ purpose: Purpose, _ addresses: Addresses, _ context: inout Context) {
        guard context.columns.accepts else { return }
        switch header.opcode {
        case Opcode.reverseRequest, Opcode.reverseReply: context.columns.setProtocol("RARP")
        case Opcode.dynamicRequest, Opcode.dynamicReply, Opcode.dynamicError: context.columns.setProtocol("DRARP")
        case Opcode.inverseRequest, Opcode.inverseReply: context.columns.setProtocol("Inverse ARP")
        case Opcode.firstMARS...Opcode.lastMARS: context.columns.setProtocol("MARS")
        case Opcode.mapos: context.columns.setProtocol("MAPOS")
        default: break
        }
        if !Self.describePurpose(purpose, header, addresses, &context.columns.info) {
            Self.describeOpcode(header.opcode, addresses, &context.columns.info)
        }
    }

    private static func describePurpose(_ purpose: Purpose, _ header: Header, _ addresses: Addresses, _ info: inout TextBuffer) -> Bool {
        switch purpose {
        case .plain: return false
        case .gratuitous:
            info.append("Gratuitous ARP for ")
            addresses.appendProtocol(addresses.targetProtocol, to: &info)
            info.append(header.opcode == Opcode.request ? " (Request)" : " (Reply)")
        case .announcement:
            info.append("ARP Announcement for ")
            addresses.appendProtocol(addresses.targetProtocol, to: &info)
        case .probe:
            info.append("Who has ")
            addresses.appendProtocol(addresses.targetProtocol, to: &info)
            info.append("? (ARP Probe)")
        }
        return true
    }

    private static func describeOpcode(_ opcode: UInt16, _ addresses: Addresses, _ info: inout TextBuffer) {
        switch opcode {
        case Opcode.request:
            info.append("Who has ")
            addresses.appendProtocol(addresses.targetProtocol, to: &info)
            info.append("? Tell ")
            addresses.appendProtocol(addresses.senderProtocol, to: &info)
        case Opcode.reply:
            addresses.appendProtocol(addresses.senderProtocol, to: &info)
            info.append(" is at ")
            addresses.appendHardware(addresses.senderHardware, to: &info)
        case Opcode.reverseRequest, Opcode.dynamicRequest, Opcode.inverseRequest:
            info.append("Who is ")
            addresses.appendHardware(addresses.targetHardware, to: &info)
            info.append("? Tell ")
            addresses.appendHardware(addresses.senderHardware, to: &info)
        case Opcode.reverseReply, Opcode.dynamicReply:
            addresses.appendHardware(addresses.targetHardware, to: &info)
            info.append(" is at ")
            addresses.appendProtocol(addresses.targetProtocol, to: &info)
        case Opcode.inverseReply:
            addresses.appendHardware(addresses.senderHardware, to: &info)
            info.append(" is at ")
            addresses.appendProtocol(addresses.senderProtocol, to: &info)
        case Opcode.dynamicError: info.append("DRARP Error")
        case Opcode.refusal: info.append("ARP NAK")
        case Opcode.firstMARS...Opcode.mapos:
            info.append(multicastNames.name(of: UInt64(opcode)) ?? "MARS")
            info.append(" from ")
            addresses.appendHardware(addresses.senderHardware, to: &info)
            info.append(" at ")
            addresses.appendProtocol(addresses.senderProtocol, to: &info)
        default: describeUnused(opcode, &info)
        }
    }

    private static func describeUnused(_ opcode: UInt16, _ info: inout TextBuffer) {
        switch opcode {
        case 24: info.append("Experimental 1 ( opcode 24 )")
        case 25: info.append("Experimental 2 ( opcode 25 )")
        case 0, 65535:
            info.append("Reserved opcode ")
            info.append(decimal: opcode)
        default:
            info.append("Unknown ARP opcode 0x")
            info.append(hex: UInt64(opcode), width: 4)
        }
    }

    // MARK: Duplicate addresses

    private func checkUses(_ header: Header, _ purpose: Purpose, _ addresses: Addresses, _ layer: Reader, _ context: inout Context) {
        guard header.hasMACAddresses, header.hasIPv4Addresses, header.opcode == Opcode.request || header.opcode == Opcode.reply else { return }
        let senderUse = AddressUses.Use(ipv4: addresses.ipv4(addresses.senderProtocol), mac: addresses.mac(addresses.senderHardware))
        let namesTarget = header.opcode == Opcode.reply && purpose == .plain
        let targetUse = namesTarget
            ? AddressUses.Use(ipv4: addresses.ipv4(addresses.targetProtocol), mac: addresses.mac(addresses.targetHardware)) : nil
        let found: AddressUses.Facts
        if context.pass == .second {
            found = context.fact(facts) ?? AddressUses.Facts()
        } else {
            found = context.state.ref(state).value.note(senderUse, targetUse, frame: context.frame.number, time: context.frame.timestamp)
            context.keep(facts, found)
        }
        if let earlier = found.sender { addDuplicate(senderUse, earlier, layer, &context) }
        if let earlier = found.target, let targetUse { addDuplicate(targetUse, earlier, layer, &context) }
        guard context.columns.accepts, found.sender != nil || found.target != nil else { return }
        let address = found.target == nil ? senderUse.ipv4 : targetUse?.ipv4 ?? senderUse.ipv4
        context.columns.info.append(" (duplicate use of ")
        context.columns.info.append(ipv4: address)
        context.columns.info.append(" detected!)")
    }

    private func addDuplicate(_ use: AddressUses.Use, _ earlier: AddressUses.Earlier, _ layer: Reader, _ context: inout Context) {
        guard context.wantsFields(of: proto) else { return }
        context.heading(layer, layer.start, 0, flags: .generated) {
            $0.append("Duplicate IP address detected for ")
            $0.append(ipv4: use.ipv4)
            $0.append(" (")
            $0.append(ethernet: use.mac)
            $0.append(") - also in use by ")
            $0.append(ethernet: earlier.mac)
            $0.append(" (frame ")
            $0.append(decimal: earlier.frame)
            $0.append(")")
        }
        context.open()
        context.generated(earlierFrame, layer, layer.start, value: UInt64(earlier.frame))
        context.open()
        context.expert(duplicate) {
            $0.append("Duplicate IP address configured (")
            $0.append(ipv4: use.ipv4)
            $0.append(")")
        }
        context.close()
        context.generated(secondsSince, layer, layer.start, value: UInt64(earlier.seconds))
        context.close()
    }
}

/// The fields for one end of an ARP exchange.
private struct ARPEndpointFields: Sendable {
    let hardware, mac, network, ipv4: FieldID

    init(_ prefix: String, _ title: String, _ r: inout Registrar) {
        hardware = r.field(prefix + ".hw", title + " hardware address", .bytes)
        mac = r.field(prefix + ".hw_mac", title + " MAC address", .ethernet)
        network = r.field(prefix + ".proto", title + " protocol address", .bytes)
        ipv4 = r.field(prefix + ".proto_ipv4", title + " IP address", .ipv4)
    }
}

/// Which MAC address each IPv4 address was last seen with, to tell when two stations use one.
///
/// The station that was seen first keeps the address: one that says otherwise is flagged and not remembered.
struct AddressUses: ~Copyable {
    struct Use {
        var ipv4: UInt32
        var mac: UInt64

        /// Whether the pair says who has which address.
        var isUse: Bool { ipv4 != 0 && mac != 0 && mac != 0xffff_ffff_ffff }
    }

    /// An earlier use of an address by another station.
    struct Earlier: Sendable {
        var frame: UInt32
        var mac: UInt64
        var seconds: UInt32
    }

    struct Facts: Sendable {
        var sender: Earlier?
        var target: Earlier?
    }

    private struct Known: Remembered {
        var mac: UInt64
        var frame: UInt32
        var seconds: Int64
    }

    private var uses: Generations<UInt32, Known>

    init(byteLimit: Int) { uses = Generations(byteLimit: byteLimit) }

    var count: Int { uses.count }
    var byteCount: Int { uses.byteCount }
    var evictedCount: Int { uses.evictedCount }

    mutating func note(_ sender: Use, _ target: Use?, frame: UInt32, time: Timestamp) -> Facts {
        Facts(sender: note(sender, frame, time.seconds), target: target.flatMap { note($0, frame, time.seconds) })
    }

    private mutating func note(_ use: Use, _ frame: UInt32, _ seconds: Int64) -> Earlier? {
        guard use.isUse else { return nil }
        if let known = uses[use.ipv4], known.mac != use.mac {
            return Earlier(frame: known.frame, mac: known.mac, seconds: UInt32(clamping: seconds &- known.seconds))
        }
        uses.remember(use.ipv4, Known(mac: use.mac, frame: frame, seconds: seconds))
        return nil
    }
}

extension ARP {
    /// Also those of Linux cooked captures.
    static let hardwareNames = ValueStrings([
        (0, "NET/ROM pseudo"), (1, "Ethernet"), (2, "Experimental Ethernet"), (3, "AX.25"), (4, "ProNET"), (5, "Chaos"),
        (6, "IEEE 802"), (7, "ARCNET"), (8, "Hyperchannel"), (9, "Lanstar"), (10, "Autonet Short Address"), (11, "Localtalk"),
        (12, "LocalNet"), (13, "Ultra link"), (14, "SMDS"), (15, "Frame Relay DLCI"), (16, "ATM"), (17, "HDLC"),
        (18, "Fibre Channel"), (19, "ATM (RFC 2225)"), (20, "Serial Line"), (21, "ATM"), (22, "MIL-STD-188-220"),
        (23, "Metricom STRIP"), (24, "IEEE 1394.1995"), (25, "MAPOS"), (26, "Twinaxial"), (27, "EUI-64"), (28, "HIPARP"),
        (29, "IP and ARP over ISO 7816-3"), (30, "ARPSec"), (31, "IPsec tunnel"), (32, "InfiniBand"),
        (33, "TIA-102 Project 25 CAI"), (34, "Wiegand Interface"), (35, "Pure IP"), (36, "Experimental 1"), (37, "HFI"),
        (256, "Experimental 2"), (257, "AEthernet"), (260, "Notional KISS type"), (264, "ADAPT"), (270, "ROSE"),
        (271, "CCITT X.25"), (272, "Boards with X.25 in firmware"), (280, "Controller Area Network"), (512, "PPP"),
        (513, "Cisco HDLC"), (516, "LAPB"), (517, "Digital's DDCMP protocol"), (518, "Raw HDLC"), (519, "Raw IP"),
        (768, "IPIP tunnel"), (769, "IP6IP6 tunnel"), (770, "Frame Relay Access Device"), (771, "SKIP vif"), (772, "Loopback"),
        (774, "Fiber Distributed Data Interface"), (775, "AP1000 BIF"), (776, "sit0 device - IPv6-in-IPv4"),
        (777, "IP over DDP tunneller"), (778, "GRE over IP"), (779, "PIMSM register interface"),
        (780, "High Performance Parallel Interface"), (781, "Nexus 64Mbps Ash"), (782, "Acorn Econet"), (783, "Linux-IrDA"),
        (784, "Point to point fibrechannel"), (785, "Fibrechannel arbitrated loop"), (786, "Fibrechannel public loop"),
        (787, "Fibrechannel fabric"), (800, "Magic type ident for TR"), (801, "IEEE 802.11"),
        (802, "IEEE 802.11 + Prism2 header"), (803, "IEEE 802.11 + radiotap header"), (804, "IEEE 802.15.4"),
        (805, "IEEE 802.15.4 network monitor"), (820, "PhoNet media type"), (821, "PhoNet pipe header"),
        (822, "CAIF media type"), (823, "GRE over IPv6"), (824, "Netlink"), (825, "IPv6 over LoWPAN"),
        (826, "Vsock monitor header"), (65535, "Void type, nothing is known"), (65534, "zero header length"),
    ])

    fileprivate static let opcodeNames = ValueStrings([
        (1, "request"), (2, "reply"), (3, "reverse request"), (4, "reverse reply"), (5, "drarp request"), (6, "drarp reply"),
        (7, "drarp error"), (8, "inverse request"), (9, "inverse reply"), (10, "arp nak"), (11, "mars request"),
        (12, "mars multi"), (13, "mars mserv"), (14, "mars join"), (15, "mars leave"), (16, "mars nak"), (17, "mars unserv"),
        (18, "mars sjoin"), (19, "mars sleave"), (20, "mars grouplist request"), (21, "mars grouplist reply"),
        (22, "mars redirect map"), (23, "mapos unarp"), (24, "experimental 1"), (25, "experimental 2"), (0, "reserved"),
        (65535, "reserved"),
    ])

    fileprivate static let errorNames = ValueStrings([
        (1, "restricted"), (2, "no address"), (3, "serverdown"), (4, "moved"), (5, "failure"),
    ])

    /// What MARS (RFC 2022) and MAPOS (RFC 2176) ask, by opcode.
    fileprivate static let multicastNames = ValueStrings([
        (11, "MARS request"), (12, "MARS MULTI request"), (13, "MARS MSERV request"), (14, "MARS JOIN request"), (15, "MARS LEAVE"),
        (16, "MARS NAK"), (17, "MARS UNSERV request"), (18, "MARS SJOIN request"), (19, "MARS SLEAVE"), (20, "MARS grouplist request"),
        (21, "MARS grouplist reply"), (22, "MARS redirect map"), (23, "MAPOS UNARP request"),
    ])
}
