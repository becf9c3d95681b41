import Dissection
import Wire

/// The routing header (RFC 8200, section 4.4): source route (type 0, RFC 5095 deprecates it), mobile IPv6 (2, RFC 6275), RPL
/// (3, RFC 6554), segment routing (4, RFC 8754, without its TLVs) and compact routing (5 and 6).
///
///     +---------------+---------------+---------------+---------------+
///     |  Next Header  |  Hdr Ext Len  |  Routing Type | Segments Left |
///     +---------------+---------------+---------------+---------------+
///     |                       type-specific data                      |
///     +---------------------------------------------------------------+
final class IPv6RoutingHeader: Sendable {
    private enum Kind {
        static let source: UInt8 = 0
        static let mobile: UInt8 = 2
        static let lowPower: UInt8 = 3
        static let segment: UInt8 = 4
        static let compact16: UInt8 = 5
        static let compact32: UInt8 = 6
    }

    let proto: ProtocolID
    private let node, nextHeader, length, byteCount, type, segmentsLeft, unknown: FieldID
    private let reserved, address, homeReserved, homeAddress, lastEntry, flags, tag, segment: FieldID
    private let current16, current32, identifier16, identifier32: FieldID
    private let lowPower: IPv6LowPowerRoute
    private let invalidLength, invalidSegments, undecoded, deprecated: ExpertID
    private let listChecks: IPv6RouteListChecks

    init(registering r: inout Registrar) {
        proto = r.proto("ipv6.routing", "Routing Header for IPv6", short: "IPv6 Routing")
        node = r.node(of: proto)
        nextHeader = r.field("ipv6.routing.nxt", "Next Header", .uint8, .decimal, strings: IPProtocols.strings)
        length = r.field("ipv6.routing.len", "Length", .uint8, .decimal)
        byteCount = r.field("ipv6.routing.len_oct", "Length", .uint16, .decimal, unit: " bytes")
        type = r.field("ipv6.routing.type", "Type", .uint8, .decimal, strings: Self.typeNames)
        segmentsLeft = r.field("ipv6.routing.segleft", "Segments Left", .uint8, .decimal)
        unknown = r.field("ipv6.routing.unknown_data", "Type-Specific Data", .bytes)
        reserved = r.field("ipv6.routing.src.reserved", "Reserved", .bytes)
        address = r.field("ipv6.routing.src.addr", "Address", .ipv6)
        homeReserved = r.field("ipv6.routing.mipv6.reserved", "Reserved", .bytes)
        homeAddress = r.field("ipv6.routing.mipv6.home_address", "Home Address", .ipv6)
        lastEntry = r.field("ipv6.routing.srh.last_entry", "Last Entry", .uint8, .decimal)
        flags = r.field("ipv6.routing.srh.flags", "Flags", .uint8, .hex)
        tag = r.field("ipv6.routing.srh.tag", "Tag", .bytes)
        segment = r.field("ipv6.routing.srh.addr", "Address", .ipv6)
        current16 = r.field("ipv6.routing.crh16.current_sid", "Current SID", .uint16, .decimal)
        current32 = r.field("ipv6.routing.crh32.current_sid", "Current SID", .uint32, .decimal)
        identifier16 = r.field("ipv6.routing.crh16.sid", "Segment ID", .uint16, .decimal)
        identifier32 = r.field("ipv6.routing.crh32.sid", "Segment ID", .uint32, .decimal)
        invalidLength = r.expert("ipv6.routing.invalid_length", .malformed, .error, "Invalid IPv6 Routing header length")
        invalidSegments = r.expert(
            "ipv6.routing.invalid_segleft", .proto, .warning, "IPv6 Routing Header segments left field must not exceed address count")
        undecoded = r.expert("ipv6.routing.undecoded", .undecoded, .note, "Undecoded IPv6 routing header field")
        deprecated = r.expert("ipv6.routing.deprecated", .deprecated, .note, "Routing header type is deprecated")
        listChecks = IPv6RouteListChecks(registering: &r)
        lowPower = IPv6LowPowerRoute(listChecks, registering: &r)
    }

    private static let typeNames = ValueStrings([
        (0, "Source Route"), (1, "Nimrod"), (2, "Type 2 Routing"), (3, "RPL Source Route"), (4, "Segment Routing"),
        (5, "Compact Routing Header 16"), (6, "Compact Routing Header 32"), (253, "Experiment 1"), (254, "Experiment 2"),
    ])

    /// The four bytes that every type begins with.
    struct Start {
        /// In units of eight bytes, the first eight not counted.
        var lengthUnits: Int
        var type: UInt8
        var segmentsLeft: Int
    }

    func dissect(_ reader: inout Reader, _ chain: inout IPv6Chain, _ context: inout Context) throws(DissectionError) {
        context.columns.separateInfo(" , ")
        context.columns.appendInfo("IPv6 routing")
        let layer = reader.rest
        let stated = layer.peek(1).map { (Int($0) + 1) * 8 } ?? 1
        let top = context.begin(node, reader, byteCount: min(stated, reader.capturedRemaining))
        let start = try addStart(&reader, layer, top, &chain, &context)
        var body = layer.next(stated)
        body.offset = reader.offset
        switch start.type {
        case Kind.source: try addSourceRoute(start, &body, &chain, &context)
        case Kind.mobile: try addHomeAddress(start, &body, &chain, &context)
        case Kind.lowPower: try lowPower.dissect(start, &body, &chain, &context)
        case Kind.segment: try addSegments(start, &body, &chain, &context)
        case Kind.compact16: try addIdentifiers(start, 2, current16, identifier16, &body, &context)
        case Kind.compact32: try addIdentifiers(start, 4, current32, identifier32, &body, &context)
        default:
            let count = stated - 4
            try body.require(count)
            context.expert(under: context.add(unknown, body, body.offset, count), undecoded)
        }
        context.close()
        reader = layer
        try reader.skip(stated)
    }

    private func addStart(
        _ reader: inout Reader, _ layer: Reader, _ top: ItemRef, _ chain: inout IPv6Chain, _ context: inout Context
    ) throws(DissectionError) -> Start {
        chain.nextHeader = try context.uint8(nextHeader, &reader)
        let units = Int(try reader.uint8())
        let lengthItem = context.add(length, reader, reader.offset - 1, 1, value: UInt64(units))
        if let kind = layer.peek(2) { checkLength(units, kind, lengthItem, &context) }
        context.generated(byteCount, reader, reader.offset - 1, 1, value: UInt64((units + 1) * 8))
        let kind = try reader.uint8()
        let typeItem = context.add(type, reader, reader.offset - 1, 1, value: UInt64(kind))
        context.appendLabel(top) {
            $0.append(" (")
            if let name = Self.typeNames.name(of: UInt64(kind)) {
                $0.append(name)
            } else {
                $0.append("Unknown type ")
                $0.append(decimal: kind)
            }
            $0.append(")")
        }
        if kind == Kind.source { context.expert(under: typeItem, deprecated) }
        let left = Int(try reader.uint8())
        let start = Start(lengthUnits: units, type: kind, segmentsLeft: left)
        let leftItem = context.add(segmentsLeft, reader, reader.offset - 1, 1, value: UInt64(left))
        checkSegments(start, layer, leftItem, &context)
        return start
    }

    private func checkLength(_ units: Int, _ kind: UInt8, _ item: ItemRef, _ context: inout Context) {
        if kind == Kind.source, units % 2 != 0 {
            context.expert(under: item, invalidLength) { $0.append("IPv6 Routing Header extension header length must not be odd") }
        } else if kind == Kind.mobile, units != 2 {
            context.expert(under: item, invalidLength) { $0.append("IPv6 Type 2 Routing Header extension header length must equal 2") }
        }
    }

    private func checkSegments(_ start: Start, _ layer: Reader, _ item: ItemRef, _ context: inout Context) {
        if start.type == Kind.mobile, start.segmentsLeft != 1 {
            context.expert(under: item, invalidSegments) { $0.append("IPv6 Type 2 Routing Header segments left field must equal 1") }
        }
        let count: Int
        let name: StaticString
        switch start.type {
        case Kind.source: (count, name) = (start.lengthUnits / 2, "Type 0")
        case Kind.segment: (count, name) = (Int(layer.peek(4) ?? 0) + 1, "Type 4")
        case Kind.lowPower: (count, name) = (IPv6LowPowerRoute.addressCount(layer, start), "RPL")
        default: return
        }
        guard count >= 0, start.segmentsLeft > count else { return }
        context.expert(under: item, invalidSegments) {
            $0.append("IPv6 ")
            $0.append(name)
            $0.append(" Routing Header segments left field must not exceed address count (")
            $0.append(decimal: count)
            $0.append(")")
        }
    }

    // MARK: Types

    private func addSourceRoute(_ start: Start, _ body: inout Reader, _ chain: inout IPv6Chain, _ context: inout Context) throws(DissectionError) {
        try body.skip(4)
        context.add(reserved, body, body.offset - 4, 4)
        let count = start.lengthUnits / 2
        for number in 1..<(count + 1) {
            let value = try addAddress(address, number, &body, &context)
            listChecks.checkMulticast(value, &context)
            if number == count, start.segmentsLeft > 0 { chain.setDestination(value, &context) }
        }
    }

    private func addHomeAddress(_ start: Start, _ body: inout Reader, _ chain: inout IPv6Chain, _ context: inout Context) throws(DissectionError) {
        try body.skip(4)
        context.add(homeReserved, body, body.offset - 4, 4)
        let value = try addAddress(homeAddress, 1, &body, &context)
        listChecks.checkMulticast(value, &context)
        if start.segmentsLeft > 0 { chain.setDestination(value, &context) }
    }

    /// The first segment in the list is the last of the path.
    private func addSegments(_ start: Start, _ body: inout Reader, _ chain: inout IPv6Chain, _ context: inout Context) throws(DissectionError) {
        let last = Int(try context.uint8(lastEntry, &body))
        try context.uint8(flags, &body)
        try body.skip(2)
        context.add(tag, body, body.offset - 2, 2)
        for number in 0..<(last + 1) {
            let value = try addAddress(segment, number, &body, &context)
            if number == 0, start.segmentsLeft > 0 { chain.setDestination(value, &context) }
        }
    }

    private func addAddress(_ field: FieldID, _ number: Int, _ body: inout Reader, _ context: inout Context) throws(DissectionError) -> Address {
        let value = try body.ipv6Address()
        context.label(context.add(field, body, body.offset - 16, 16)) { $0.appendRouteAddress(number, value) }
        return value
    }

    /// Segment identifiers of two or four bytes, up to one that is zero.
    private func addIdentifiers(
        _ start: Start, _ size: Int, _ current: FieldID, _ field: FieldID, _ body: inout Reader, _ context: inout Context
    ) throws(DissectionError) {
        let first = body.offset
        let currentOffset = first + start.segmentsLeft * size
        if currentOffset + size <= body.capturedEnd {
            context.generated(current, body, currentOffset, size, value: body.bytes.unsigned(currentOffset, byteCount: size))
        }
        context.heading(body, first, body.capturedRemaining) { $0.append("Segment Identifiers") }
        context.open()
        var number = 0
        while true {
            try body.skip(size)
            let value = body.bytes.unsigned(body.offset - size, byteCount: size)
            if value == 0 { break }
            context.label(context.add(field, body, body.offset - size, size, value: value)) {
                $0.append("SID[")
                $0.append(decimal: number)
                $0.append("] = ")
                $0.append(decimal: value)
            }
            number += 1
        }
        context.close()
    }
}

/// RPL's source routing header (RFC 6554, section 3): addresses without the bytes that they share with the destination.
///
///     +-------+-------+-------+---------------------------------------+
///     | CmprI | CmprE |  Pad  |               Reserved                |
///     +-------+-------+-------+---------------------------------------+
struct IPv6LowPowerRoute: Sendable {
    private let internalShared, finalShared, padding, reserved, count, address, fullAddress: FieldID
    private let needlessPadding, negativeCount, reservedSet: ExpertID
    private let listChecks: IPv6RouteListChecks

    init(_ listChecks: IPv6RouteListChecks, registering r: inout Registrar) {
        self.listChecks = listChecks
        internalShared = r.field("ipv6.routing.rpl.cmprI", "Compressed Internal Octets (CmprI)", .uint32, .decimal, mask: 0xf000_0000)
        finalShared = r.field("ipv6.routing.rpl.cmprE", "Compressed Final Octets (CmprE)", .uint32, .decimal, mask: 0x0f00_0000)
        padding = r.field("ipv6.routing.rpl.pad", "Padding Bytes", .uint32, .decimal, mask: 0x00f0_0000)
        reserved = r.field("ipv6.routing.rpl.reserved", "Reserved", .uint32, .decimal, mask: 0x000f_ffff)
        count = r.field("ipv6.routing.rpl.addr_count", "Total Address Count", .int32, .decimal)
        address = r.field("ipv6.routing.rpl.address", "Address", .bytes)
        fullAddress = r.field("ipv6.routing.rpl.full_address", "Full Address", .ipv6)
        needlessPadding = r.expert(
            "ipv6.routing.rpl.cmprI_cmprE_pad", .proto, .warning, "When cmprI equals 0 and cmprE equals 0, pad MUST equal 0 but instead was X")
        negativeCount = r.expert(
            "ipv6.routing.rpl.addr_count_ge0", .malformed, .error,
            "Calculated total address count must be greater than or equal to 0, instead was X")
        reservedSet = r.expert("ipv6.routing.rpl.reserved_not0", .proto, .note, "Reserved field must equal 0 but instead was X")
    }

    /// How many addresses the header holds; less than none where its fields contradict each other.
    static func addressCount(_ layer: Reader, _ start: IPv6RoutingHeader.Start) -> Int {
        guard start.lengthUnits > 0, let word = layer.peek32(4) else { return 0 }
        let size = 16 - Int(word >> 28)
        let finalSize = 16 - Int(word >> 24 & 0xf)
        return (start.lengthUnits * 8 - Int(word >> 20 & 0xf) - finalSize) / size + 1
    }

    func dissect(
        _ start: IPv6RoutingHeader.Start, _ body: inout Reader, _ chain: inout IPv6Chain, _ context: inout Context
    ) throws(DissectionError) {
        listChecks.checkDestination(chain.destination, &context)
        let at = body.offset
        let word = UInt64(try body.uint32())
        let (shared, sharedByLast, pad) = (Int(word >> 28), Int(word >> 24 & 0xf), word >> 20 & 0xf)
        context.bits(internalShared, body, at, 4, word: word)
        context.bits(finalShared, body, at, 4, word: word)
        let paddingItem = context.bits(padding, body, at, 4, word: word)
        if shared == 0, sharedByLast == 0, pad != 0 {
            context.expert(under: paddingItem, needlessPadding) {
                $0.append("When cmprI equals 0 and cmprE equals 0, pad MUST equal 0 but instead was ")
                $0.append(decimal: pad)
            }
        }
        let reservedItem = context.bits(reserved, body, at, 4, word: word)
        if word & 0xf_ffff != 0 {
            context.expert(under: reservedItem, reservedSet) {
                $0.append("Reserved field must equal 0 but instead was ")
                $0.append(decimal: word & 0xf_ffff)
            }
        }
        let total = Self.addressCount(Reader(bytes: body.bytes, source: body.source, start: body.start, reportedEnd: body.reportedEnd), start)
        let countItem = context.generated(count, body, at, 2, value: UInt64(bitPattern: Int64(total)))
        guard total >= 0 else {
            context.expert(under: countItem, negativeCount) {
                $0.append("Calculated total address count must be greater than or equal to 0, instead was ")
                $0.append(decimal: total)
            }
            return
        }
        let (source, destination) = (chain.source, chain.destination)
        for number in 1..<(total + 1) {
            let isLast = number == total
            let value = try addAddress(number, sharing: isLast ? sharedByLast : shared, with: destination, &body, &context)
            listChecks.check(value, source: source, destination: destination, &context)
            if isLast, start.segmentsLeft > 0 { chain.setDestination(value, &context) }
        }
    }

    private func addAddress(
        _ number: Int, sharing shared: Int, with destination: Address, _ body: inout Reader, _ context: inout Context
    ) throws(DissectionError) -> Address {
        let count = 16 - shared
        let at = body.offset
        try body.skip(count)
        var value = Address.ipv6(high: 0, low: 0)
        for index in 0..<16 {
            let byte = index < shared ? destination.ipv6Byte(index) : UInt64(body.bytes[at + index - shared])
            if index < 8 { value.high = value.high << 8 | byte } else { value.low = value.low << 8 | byte }
        }
        context.add(address, body, at, count)
        let item = context.addText(fullAddress, body, at, count, flags: .generated) { $0.append(ipv6Bytes: value) }
        context.label(item) { $0.appendRouteAddress(number, value) }
        return value
    }
}

/// What must not stand in a list of addresses to visit.
struct IPv6RouteListChecks: Sendable {
    private let destinationIsGroup, group, source, destination: ExpertID

    init(registering r: inout Registrar) {
        destinationIsGroup = r.expert("ipv6.dst_addr.not_multicast", .proto, .warning, "Destination address must not be a multicast address")
        group = r.expert("ipv6.src_route_list.multicast_addr", .proto, .warning, "Multicast addresses must not appear in the source route list")
        source = r.expert("ipv6.src_route_list.src_addr", .proto, .warning, "Source address must not appear in the source route list")
        destination = r.expert("ipv6.src_route_list.dst_addr", .proto, .warning, "Destination address must not appear in the source route list")
    }

    /// Adds what is wrong with an address under the item that was added last.
    func check(_ address: Address, source: Address, destination: Address, _ context: inout Context) {
        checkMulticast(address, &context)
        if address == source { addUnderLast(self.source, &context) }
        if address == destination { addUnderLast(self.destination, &context) }
    }

    func checkMulticast(_ address: Address, _ context: inout Context) {
        if address.high >> 56 == 0xff { addUnderLast(group, &context) }
    }

    func checkDestination(_ address: Address, _ context: inout Context) {
        if address.kind == .ipv6, address.high >> 56 == 0xff { context.expert(destinationIsGroup) }
    }

    private func addUnderLast(_ expert: ExpertID, _ context: inout Context) {
        context.open()
        context.expert(expert)
        context.close()
    }
}

extension Address {
    /// Byte `index` of the 16.
    fileprivate func ipv6Byte(_ index: Int) -> UInt64 {
        (index < 8 ? high >> UInt64(56 - 8 * index) : low >> UInt64(120 - 8 * index)) & 0xff
    }
}

extension TextBuffer {
    /// `Address[1]: 2001:db8::3`
    fileprivate mutating func appendRouteAddress(_ number: Int, _ address: Address) {
        append("Address[")
        append(decimal: number)
        append("]: ")
        append(address)
    }

    /// The 16 bytes of an address, as they stand in a packet.
    fileprivate mutating func append(ipv6Bytes address: Address) {
        for index in 0..<16 { append(UInt8(truncatingIfNeeded: address.ipv6Byte(index))) }
    }
}
