import Dissection
import Registries
import Wire

/// Ethernet (IEEE 802.3, section 3.1.1 and 3.2; Ethernet II).
///
///     +-----------------+-----------------+-------------+-----------+-----------------+---------+
///     | destination (6) |   source (6)    | type or (2) |  payload  | padding,        | FCS (4) |
///     |                 |                 | length      |           | trailer         |         |
///     +-----------------+-----------------+-------------+-----------+-----------------+---------+
///
/// A value up to 1500 in the third field is the payload's length (followed by LLC), from 1536 on the payload's EtherType.
public final class Ethernet: Dissector {
    /// The header as a value.
    public struct Header: Equatable, Sendable {
        public static let byteCount = 14
        /// 48-bit addresses.
        public var destination: UInt64
        public var source: UInt64
        public var typeOrLength: UInt16

        public init(destination: UInt64, source: UInt64, typeOrLength: UInt16) {
            self.destination = destination
            self.source = source
            self.typeOrLength = typeOrLength
        }

        /// Reads the header.
        public init(parsing reader: inout Reader) throws(DissectionError) {
            destination = try reader.uint48()
            source = try reader.uint48()
            typeOrLength = try reader.uint16()
        }

        public func write(to bytes: inout [UInt8]) {
            for address in [destination, source] {
                for shift in stride(from: 40, through: 0, by: -8) { bytes.append(UInt8(truncatingIfNeeded: address >> UInt64(shift))) }
            }
            bytes.append(bigEndian: typeOrLength)
        }
    }

    /// A frame is at least as long as this (IEEE 802.3, section 4.2.3.3) with its check sequence.
    private static let minimumByteCount = 64
    private static let lengths = 1...EtherTypePayload.largestLength
    private static let smallestType: UInt16 = 1536

    /// Whether a frame is Ethernet II. No frame is 0 bytes long: that is a type that nobody has.
    private static func isType(_ typeOrLength: UInt16) -> Bool { typeOrLength >= smallestType || typeOrLength == 0 }

    private let proto: ProtocolID
    private let node, length, type, invalid, checkSequence, checkSequenceStatus: FieldID
    private let destination, source, any: AddressFields
    private let sourceIsGroup, lengthPastEnd, invalidExpert: ExpertID
    private let payload: EtherTypePayload
    private let data: DissectorID?

    public init(registering r: inout Registrar) {
        _ = r.dissector(NamedLayer(), r.proto("ethertype", "Ethertype", short: "Ethertype"))
        proto = r.proto("eth", "Ethernet", short: "Ethernet")
        node = r.node(of: proto)
        destination = AddressFields("eth.dst", "Destination", bits: "eth.dst", &r)
        source = AddressFields("eth.src", "Source", bits: "eth.src", &r)
        any = AddressFields("eth.addr", "Address", bits: "eth", &r)
        length = r.field("eth.len", "Length", .uint16, .decimal)
        type = r.field("eth.type", "Type", .uint16, .hex, strings: EtherTypes.strings)
        invalid = r.field("eth.invalid_lentype", "Invalid length/type", .uint16, .hexDecimal)
        payload = EtherTypePayload(trailer: "eth.trailer", &r)
        checkSequence = r.field("eth.fcs", "Frame check sequence", .uint32, .hex, note: " [unverified]", needs: .upperLayers)
        checkSequenceStatus = r.field("eth.fcs.status", "FCS Status", .uint8, strings: ChecksumStatus.strings, needs: .upperLayers)
        sourceIsGroup = r.expert("eth.src_not_group", .proto, .warning, "Source MAC must not be a group address: IEEE 802.3-2002, Section 3.2.3(b)")
        lengthPastEnd = r.expert("eth.len.past_end", .malformed, .error, "Length field value goes past the end of the payload")
        invalidExpert = r.expert("eth.invalid_lentype.expert", .proto, .warning, "Invalid length/type")
        data = r.dissector(named: "data")
        let id = r.dissector(self, proto)
        r.add(id, to: "wtap_encap", 1)
        r.add(id, to: "sll.ltype", 3)
        r.add(id, to: "gre.proto", 0x6400, 0x6558)
        r.offer(id, in: "ethertype", "ip.proto", "udp.port")
    }

    public func dissect(_ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        let frame = reader
        let destinationAddress = try reader.peek48()
        context.columns.setProtocol("Ethernet")
        context.setLinkAddresses(source: .none, destination: .ethernet(destinationAddress))
        let header = try Header(parsing: &reader)
        context.setLinkAddresses(source: .ethernet(header.source), destination: .ethernet(header.destination))
        context.noteEndpoints(.ethernet, .ethernet(header.source), .ethernet(header.destination))
        let top = context.wantsFields(of: proto) ? addHeader(header, frame, &context) : .none
        if Self.isType(header.typeOrLength) {
            payload.dispatch(header.typeOrLength, reader.rest, unnamed: "Ethernet II", &context)
            if addTrailer(frame, top, &context) { payload.markCut(frame, &context) }
        } else if Self.lengths.contains(header.typeOrLength) {
            try dispatchLength(Int(header.typeOrLength), reader.rest, frame, top, &context)
        } else if let data {
            Self.describeInvalid(header.typeOrLength, &context)
            context.run(data, reader)
        }
    }

    // MARK: Header

    private func addHeader(_ header: Header, _ reader: Reader, _ context: inout Context) -> ItemRef {
        let isLength = Self.lengths.contains(header.typeOrLength)
        let top = addNode(header, reader, &context)
        context.open()
        context.kept(destination.address, reader, reader.start, 6) { addAddress(header.destination, destination, reader, reader.start, &$0) }
        context.kept(source.address, reader, reader.start + 6, 6) { addAddress(header.source, source, reader, reader.start + 6, mayBeGroup: false, &$0) }
        let field = isLength ? length : Self.isType(header.typeOrLength) ? type : invalid
        let item = context.add(field, reader, reader.start + 12, 2, value: UInt64(header.typeOrLength))
        if field == invalid {
            context.expert(under: item, invalidExpert) {
                $0.append("Invalid length/type: 0x")
                $0.append(hex: UInt64(header.typeOrLength), width: 4)
                $0.append(" (")
                $0.append(decimal: header.typeOrLength)
                $0.append(")")
            }
        }
        context.close()
        return top
    }

    private func addNode(_ header: Header, _ reader: Reader, _ context: inout Context) -> ItemRef {
        let top = context.kept(node, reader, reader.start, Header.byteCount) { context in
            let item = context.add(node, reader, reader.start, Header.byteCount)
            let resolves = context.resolution.macAddresses
            context.label(item) {
                if Self.lengths.contains(header.typeOrLength) {
                    $0.append("IEEE 802.3 Ethernet ")
                    return
                }
                $0.append(Self.isType(header.typeOrLength) ? "Ethernet II, Src: " : "Ethernet Unknown, Src: ")
                $0.append(namedEthernet: header.source, resolves)
                $0.append(", Dst: ")
                $0.append(namedEthernet: header.destination, resolves)
            }
        }
        context.setValue(top, UInt64(truncatingIfNeeded: reader.capturedEnd))
        return top
    }

    private func addAddress(
        _ address: UInt64, _ own: AddressFields, _ reader: Reader, _ offset: Int, mayBeGroup: Bool = true, _ context: inout Context
    ) {
        context.add(own.address, reader, offset, 6, value: address)
        context.open()
        if !mayBeGroup, address >> 40 & 1 != 0 { context.expert(sourceIsGroup) }
        addParts(address, own, reader, offset, &context)
        context.add(any.address, reader, offset, 6, value: address)
        addParts(address, any, reader, offset, &context)
        let prefix = address >> 24
        context.bits(own.localBit, reader, offset, 3, word: prefix)
        context.bits(any.localBit, reader, offset, 3, word: prefix, flags: .hidden)
        context.bits(own.groupBit, reader, offset, 3, word: prefix)
        context.bits(any.groupBit, reader, offset, 3, word: prefix, flags: .hidden)
        context.close()
    }

    private func addParts(_ address: UInt64, _ fields: AddressFields, _ reader: Reader, _ offset: Int, _ context: inout Context) {
        let resolves = context.resolution.macAddresses
        _ = context.addText(fields.resolved, reader, offset, 6, flags: [.hidden, .generated]) {
            if resolves { $0.append(resolvedEthernet: address) } else { $0.append(ethernet: address) }
        }
        context.add(fields.prefix, reader, offset, 3, value: address >> 24, flags: [.hidden, .generated])
        guard context.wants(fields.manufacturer), let name = VendorPrefixes.manufacturer(address) else { return }
        _ = context.addText(fields.manufacturer, reader, offset, 6, flags: [.hidden, .generated]) { $0.append(name) }
    }

    // MARK: Payload

    private func dispatchLength(_ byteCount: Int, _ rest: Reader, _ frame: Reader, _ top: ItemRef, _ context: inout Context) throws(DissectionError) {
        if byteCount > rest.remaining {
            context.expert(under: context.wants(length) ? ItemRef(index: Int32(context.itemCount - 1)) : .none, lengthPastEnd)
        }
        payload.dispatch(byteCount: byteCount, rest, &context)
        if addTrailer(frame, top, &context) { throw frame.shortfall(frame.reportedEnd - frame.capturedEnd, at: frame.capturedEnd) }
    }

    private static func describeInvalid(_ value: UInt16, _ context: inout Context) {
        guard context.columns.accepts else { return }
        context.columns.setInfo("Ethernet Unknown: Invalid length/type: 0x")
        context.columns.info.append(hex: UInt64(value), width: 4)
        context.columns.info.append(" (")
        context.columns.info.append(decimal: value)
        context.columns.info.append(")")
    }

    // MARK: Padding, trailer, check sequence

    /// Adds what follows the payload: padding of zeros up to the least frame length, a trailer, and where the frame is
    /// long enough to have one, the frame check sequence. Returns whether the capture cut padding or check sequence.
    private func addTrailer(_ frame: Reader, _ top: ItemRef, _ context: inout Context) -> Bool {
        guard let end = payload.end(in: frame, headerByteCount: Header.byteCount, context) else { return false }
        let firstItem = context.itemCount
        guard let offset = payload.addPadding(from: end, frame, &context) else { return true }
        let hasCheckSequence = frame.reportedEnd - frame.start >= Self.minimumByteCount && frame.reportedEnd - offset >= 4
        let isCut = frame.capturedEnd < frame.reportedEnd
        let trailerEnd = min(frame.capturedEnd, hasCheckSequence ? frame.reportedEnd - 4 : frame.reportedEnd)
        payload.addTrailer(from: offset, to: trailerEnd, payloadEnd: end, frame, &context)
        if hasCheckSequence, !isCut { addCheckSequence(frame, trailerEnd, &context) }
        context.moveItems(from: firstItem, under: top)
        return hasCheckSequence && isCut
    }

    private func addCheckSequence(_ frame: Reader, _ offset: Int, _ context: inout Context) {
        context.add(checkSequence, frame, offset, 4, value: UInt64(frame.bytes.uint32(offset)), flags: .noted)
        context.generated(checkSequenceStatus, frame, offset, value: ChecksumStatus.unverified.rawValue)
    }
}

/// The fields that describe one MAC address.
private struct AddressFields: Sendable {
    let address, resolved, prefix, manufacturer, localBit, groupBit: FieldID

    init(_ name: String, _ title: String, bits: String, _ r: inout Registrar) {
        address = r.field(name, title, .ethernet)
        resolved = r.field(name + "_resolved", title + " (resolved)", .string)
        prefix = r.field(name + ".oui", title + " OUI", .uint24, .decimal) { $1.append(organization: $0) }
        manufacturer = r.field(name + ".oui_resolved", title + " OUI (resolved)", .string)
        localBit = r.flag(
            bits + ".lg", "LG bit", wordBits: 24, mask: 0x020000,
            "Locally administered address (this is NOT the factory default)", "Globally unique address (factory default)")
        groupBit = r.flag(bits + ".ig", "IG bit", wordBits: 24, mask: 0x010000, "Group address (multicast/broadcast)", "Individual address (unicast)")
    }
}

extension TextBuffer {
    /// A MAC address, behind its name where names are shown.
    mutating func append(namedEthernet address: UInt64, _ resolves: Bool) {
        guard resolves else { return append(ethernet: address) }
        append(resolvedEthernet: address)
        append(" (")
        append(ethernet: address)
        append(")")
    }

    /// Bytes of an organization's name that fit a label, as in Wireshark: 31 with the code and a parenthesis.
    private static var shownNameByteCount: Int { 21 }

    /// `00:00:0c (Cisco Systems, Inc)`
    mutating func append(organization code: UInt64) {
        for shift: UInt64 in [16, 8, 0] {
            append(hex: code >> shift & 0xff, width: 2)
            if shift > 0 { append(58) }
        }
        guard let name = VendorPrefixes.manufacturer(code << 24) else { return }
        append(" (")
        append(name[0..<Self.shownNameByteCount])
        if name.count < Self.shownNameByteCount { append(")") }
    }
}
