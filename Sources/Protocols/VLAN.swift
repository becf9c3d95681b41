import Dissection
import Wire

/// VLAN tag (IEEE 802.1Q, section 9.6: the C-TAG), also under the EtherType that tunnels used before IEEE 802.1ad.
///
///      0                   1                   2                   3
///      0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
///     +-----+-+-----------------------+-------------------------------+
///     | PCP |D|    VLAN identifier    |        type or length         |
///     +-----+-+-----------------------+-------------------------------+
///
/// As in Ethernet, a value up to 1500 in the last field is the payload's length (followed by LLC).
/// Names that users give their VLANs are not shown.
public struct VLAN: Dissector {
    /// The tag behind its EtherType, as a value.
    public struct Header: Equatable, Sendable {
        public static let byteCount = 4
        public var control: TagControl
        public var typeOrLength: UInt16

        public init(control: TagControl, typeOrLength: UInt16) {
            self.control = control
            self.typeOrLength = typeOrLength
        }

        public init(parsing reader: inout Reader) throws(DissectionError) {
            control = TagControl(rawValue: try reader.uint16())
            typeOrLength = try reader.uint16()
        }

        public func write(to bytes: inout [UInt8]) {
            bytes.append(bigEndian: control.rawValue)
            bytes.append(bigEndian: typeOrLength)
        }
    }

    /// Tags of a frame that are decoded: bridges add two or three, more are hostile.
    private static let tagLimit = 20

    private let proto: ProtocolID
    private let node, priority, dropEligible, identifier, type, length: FieldID
    private let lengthPastEnd, tooManyTags: ExpertID
    private let payload: EtherTypePayload
    private let showsSummary: Bool
    /// Whether the bit after the priority is the canonical format indicator, as it was before IEEE 802.1Q-2011.
    private let hasFormatBit: Bool

    public init(registering r: inout Registrar) {
        proto = r.proto("vlan", "802.1Q Virtual LAN", short: "VLAN")
        node = r.node(of: proto)
        showsSummary = r.preference("vlan.summary_in_tree", "Show what the tag says on its own line of the tree", default: true)
        let tunnelType = r.preference("vlan.qinq_ethertype", "EtherType of the outer tag in VLAN tunnels", default: 0x9100, isHex: true)
        let version = r.preference("vlan.version", "Version of IEEE 802.1Q", default: Version.v2011, choices: Version.all)
        let drops = r.preference("vlan.priority_drop", "Number of priorities, and of those drop eligible", default: PriorityNames.choices[0], choices: PriorityNames.choices)
        hasFormatBit = version != Version.v2011
        priority = r.field(
            "vlan.priority", "Priority", .uint16, .decimal, strings: version == Version.v1998 ? PriorityNames.of1998 : PriorityNames.chosen(drops), mask: 0xe000)
        let formatBit = r.flag("vlan.cfi", "CFI", wordBits: 16, mask: 0x1000, "Non-canonical", "Canonical")
        let dropBit = r.flag("vlan.dei", "DEI", wordBits: 16, mask: 0x1000, "Eligible", "Ineligible")
        dropEligible = hasFormatBit ? formatBit : dropBit
        identifier = r.field("vlan.id", "ID", .uint16, .decimal, mask: 0x0fff)
        type = r.field("vlan.etype", "Type", .uint16, .hex, strings: EtherTypes.strings)
        length = r.field("vlan.len", "Length", .uint16, .decimal)
        lengthPastEnd = r.expert("vlan.len.past_end", .malformed, .error, "Length field value goes past the end of the payload")
        tooManyTags = r.expert("vlan.too_many_tags", .undecoded, .warning, "Too many nested VLAN tags")
        payload = EtherTypePayload(trailer: "vlan.trailer", &r)
        r.add(r.dissector(self, proto), to: "ethertype", 0x8100, tunnelType)
    }

    public func dissect(_ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        let layer = reader
        context.columns.setProtocol("VLAN")
        context.columns.clearInfo()
        let control = TagControl(rawValue: try reader.uint16())
        describe(control, &context)
        let top = context.wantsFields(of: proto) ? context.begin(node, layer, byteCount: Header.byteCount) : .none
        guard context.packet.tagCount < Self.tagLimit else { return context.expert(tooManyTags) }
        context.packet.tagCount += 1
        if context.wantsFields(of: proto) { addControl(control, layer, top, &context) }
        let typeOrLength = try reader.uint16()
        let isLength = typeOrLength <= EtherTypePayload.largestLength
        let item = context.add(isLength ? length : type, layer, layer.start + 2, 2, value: UInt64(typeOrLength))
        let rest = reader.rest
        if isLength {
            if Int(typeOrLength) > rest.remaining { context.expert(under: item, lengthPastEnd) }
            payload.dispatch(byteCount: Int(typeOrLength), rest, &context)
        } else {
            payload.dispatch(typeOrLength, rest, &context)
        }
        payload.addRest(of: layer, headerByteCount: Header.byteCount, under: top, &context)
    }

    private func describe(_ control: TagControl, _ context: inout Context) {
        context.appendInfo("PRI: ", UInt64(control.priority))
        context.appendInfo(hasFormatBit ? "  CFI: " : "  DEI: ", control.isDropEligible ? 1 : 0)
        context.appendInfo("  ID: ", UInt64(control.identifier))
    }

    private func addControl(_ control: TagControl, _ layer: Reader, _ top: ItemRef, _ context: inout Context) {
        let isFormatBit = hasFormatBit
        if showsSummary {
            context.appendLabel(top) {
                $0.append(", PRI: ")
                $0.append(decimal: control.priority)
                $0.append(isFormatBit ? ", CFI: " : ", DEI: ")
                $0.append(control.isDropEligible ? "1" : "0")
                $0.append(", ID: ")
                $0.append(decimal: control.identifier)
            }
        }
        let word = UInt64(control.rawValue)
        context.bits(priority, layer, layer.start, 2, word: word)
        context.bits(dropEligible, layer, layer.start, 2, word: word)
        context.bits(identifier, layer, layer.start, 2, word: word)
    }
}

/// Tag control information (IEEE 802.1Q, section 9.6).
public struct TagControl: RawRepresentable, Equatable, Sendable {
    public var rawValue: UInt16

    public init(rawValue: UInt16) { self.rawValue = rawValue }

    public init(priority: UInt8, isDropEligible: Bool = false, identifier: UInt16) {
        rawValue = UInt16(priority & 7) << 13 | (isDropEligible ? 0x1000 : 0) | identifier & 0x0fff
    }

    public var priority: UInt8 { UInt8(rawValue >> 13) }
    /// The canonical format indicator in older versions of the standard.
    public var isDropEligible: Bool { rawValue & 0x1000 != 0 }
    public var identifier: UInt16 { rawValue & 0x0fff }
}

/// The preference for the version of the standard.
private enum Version {
    static let v1998 = "IEEE 802.1Q-1998"
    static let v2011 = "IEEE 802.1Q-2011"
    static let all = [v1998, "IEEE 802.1Q-2005", v2011]
}

/// What priorities mean: IEEE 802.1D-2004, annex G, for the standard's first version, and IEEE 802.1Q, section 6.9.3 and annex I,
/// by how many priorities there are and how many of them may be dropped.
private enum PriorityNames {
    static let choices = [
        "8 Priorities, 0 Drop Eligible", "7 Priorities, 1 Drop Eligible", "6 Priorities, 2 Drop Eligible", "5 Priorities, 3 Drop Eligible",
    ]

    static func chosen(_ choice: String) -> ValueStrings {
        let index = choices.firstIndex(of: choice) ?? 0
        return ValueStrings([
            (0, index >= 3 ? "Best Effort (default), Drop Eligible" : "Best Effort (default)"),
            (1, index >= 3 ? "Best Effort (default)" : "Background"),
            (2, index >= 2 ? "Critical Applications, Drop Eligible" : "Excellent Effort"),
            (3, "Critical Applications"),
            (4, index >= 1 ? "Voice, < 10ms latency and jitter, Drop Eligible" : "Video, < 100ms latency and jitter"),
            (5, "Voice, < 10ms latency and jitter"),
            (6, "Internetwork Control"), (7, "Network Control"),
        ])
    }

    static let of1998 = ValueStrings([
        (0, "Best Effort (default)"), (1, "Background"), (2, "Spare"), (3, "Excellent Effort"), (4, "Controlled Load"),
        (5, "Video, < 100ms latency and jitter"), (6, "Voice, < 10ms latency and jitter"), (7, "Network Control"),
    ])
}
