import Dissection
import Registries
import Streams
import Wire

/// Internet Protocol, version 4 (RFC 791; RFC 2474 and 3168 for the second byte; options in IPv4Options.swift).
///
///      0                   1                   2                   3
///      0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
///     +-------+-------+-----------+---+-------------------------------+
///     |Version|  IHL  |   DSCP    |ECN|          Total Length         |
///     +-------+-------+-----------+---+-----+-------------------------+
///     |         Identification        |Flags|     Fragment Offset     |
///     +---------------+---------------+-----+-------------------------+
///     |  Time to Live |    Protocol   |        Header Checksum        |
///     +---------------+---------------+-------------------------------+
///     |                         Source Address                        |
///     +---------------------------------------------------------------+
///     |                      Destination Address                      |
///     +---------------------------------------------------------------+
///     |                    Options                    |    Padding    |
///     +-----------------------------------------------+---------------+
public final class IPv4: Dissector {
    /// The header without its options, as a value.
    public struct Header: Equatable, Sendable {
        /// Of a header without options.
        public static let byteCount = 20
        public var version: UInt8 = 4
        /// In words of four bytes.
        public var headerWords: UInt8 = 5
        public var differentiatedServices: UInt8 = 0
        public var totalByteCount: UInt16 = 0
        public var identification: UInt16 = 0
        /// The three flags and the offset in units of eight bytes.
        public var flagsAndOffset: UInt16 = 0
        public var timeToLive: UInt8 = 64
        public var protocolNumber: UInt8 = 0
        public var checksum: UInt16 = 0
        public var source: UInt32 = 0
        public var destination: UInt32 = 0

        public init() {}

        public init(parsing reader: inout Reader) throws(DissectionError) {
            let first = try reader.uint64()
            let second = try reader.uint64()
            version = UInt8(first >> 60)
            headerWords = UInt8(first >> 56 & 0xf)
            differentiatedServices = UInt8(truncatingIfNeeded: first >> 48)
            totalByteCount = UInt16(truncatingIfNeeded: first >> 32)
            identification = UInt16(truncatingIfNeeded: first >> 16)
            flagsAndOffset = UInt16(truncatingIfNeeded: first)
            timeToLive = UInt8(second >> 56)
            protocolNumber = UInt8(truncatingIfNeeded: second >> 48)
            checksum = UInt16(truncatingIfNeeded: second >> 32)
            source = UInt32(truncatingIfNeeded: second)
            destination = try reader.uint32()
        }

        public func write(to bytes: inout [UInt8]) {
            bytes.append(version << 4 | headerWords & 0xf)
            bytes.append(differentiatedServices)
            bytes.append(bigEndian: totalByteCount)
            bytes.append(bigEndian: identification)
            bytes.append(bigEndian: flagsAndOffset)
            bytes.append(timeToLive)
            bytes.append(protocolNumber)
            bytes.append(bigEndian: checksum)
            bytes.append(bigEndian: source)
            bytes.append(bigEndian: destination)
        }

        var headerByteCount: Int { Int(headerWords) * 4 }
        var hasMoreFragments: Bool { flagsAndOffset & 0x2000 != 0 }
        /// In bytes.
        var fragmentOffset: Int { Int(flagsAndOffset & 0x1fff) * 8 }
        var isFragment: Bool { flagsAndOffset & 0x3fff != 0 }
    }

    private let proto: ProtocolID
    private let node, version, headerLength, services, codepoint, congestion, length, identification: FieldID
    private let flags, reservedBit, doNotFragment, moreFragments, fragmentOffset, timeToLive, protocolNumber: FieldID
    private let checksum, checksumStatus, checksumCalculated: FieldID
    private let source, destination, currentRoute: IPv4AddressField
    private let badVersion, badHeaderLength, badLength, badChecksum, localTimeToLive, smallTimeToLive: ExpertID
    private let options: IPv4Options
    private let reassembly: DatagramReassembly
    private let protocols, heuristics, etherTypes: TableID
    private let data: DissectorID?
    private let defragments, verifies, supportsOffload, isSummarized: Bool
    private static let etherTypeIPv6: UInt32 = 0x86dd

    public init(registering r: inout Registrar) {
        proto = r.proto("ip", "Internet Protocol Version 4", short: "IPv4")
        node = r.node(of: proto)
        version = r.field("ip.version", "Version", .uint8, .decimal, isWholeLabel: true) {
            $1.append(bitsOf: $0 << 4, mask: 0xf0, bitCount: 8)
            $1.append("Version: ")
            $1.append(decimal: $0)
        }
        headerLength = r.field("ip.hdr_len", "Header Length", .uint8, .decimal, isWholeLabel: true) {
            $1.append(bitsOf: $0 / 4, mask: 0x0f, bitCount: 8)
            $1.append("Header Length: ")
            $1.append(decimal: $0)
            $1.append(" bytes (")
            $1.append(decimal: $0 / 4)
            $1.append(")")
        }
        services = r.field("ip.dsfield", "Differentiated Services Field", .uint8, .hex, isWholeLabel: true) {
            $1.append("Differentiated Services Field: 0x")
            $1.append(hex: $0, width: 2)
            DifferentiatedServices.appendSummary(UInt8(truncatingIfNeeded: $0), &$1)
        }
        codepoint = r.field("ip.dsfield.dscp", "Differentiated Services Codepoint", .uint8, .decimal, strings: DifferentiatedServices.names, mask: 0xfc)
        congestion = r.field("ip.dsfield.ecn", "Explicit Congestion Notification", .uint8, .decimal, strings: DifferentiatedServices.congestionNames, mask: 0x03)
        length = r.field("ip.len", "Total Length", .uint16, .decimal)
        identification = r.field("ip.id", "Identification", .uint16, .hexDecimal)
        flags = r.field("ip.flags", "Flags", .uint8, .hex, mask: 0xe0) {
            $1.append("0x")
            $1.append(hex: $0)
            if $0 & 4 != 0 { $1.append(", Reserved bit") }
            if $0 & 2 != 0 { $1.append(", Don't fragment") }
            if $0 & 1 != 0 { $1.append(", More fragments") }
        }
        reservedBit = r.flag("ip.flags.rb", "Reserved bit", wordBits: 8, mask: 0x80)
        doNotFragment = r.flag("ip.flags.df", "Don't fragment", wordBits: 8, mask: 0x40)
        moreFragments = r.flag("ip.flags.mf", "More fragments", wordBits: 8, mask: 0x20)
        fragmentOffset = r.field("ip.frag_offset", "Fragment Offset", .uint16, .decimal, mask: 0x1fff) { $1.append(decimal: $0 &* 8) }
        timeToLive = r.field("ip.ttl", "Time to Live", .uint8, .decimal)
        protocolNumber = r.field("ip.proto", "Protocol", .uint8, .decimal, strings: IPProtocols.strings)
        checksum = r.field("ip.checksum", "Header Checksum", .uint16, .hex, note: " [validation disabled]")
        checksumCalculated = r.field("ip.checksum_calculated", "Calculated Checksum", .uint16, .hex)
        checksumStatus = r.field("ip.checksum.status", "Header checksum status", .uint8, strings: ChecksumStatus.strings)
        let endpoint = IPv4AddressField.Endpoint(
            address: r.field("ip.addr", "Source or Destination Address", .ipv4), host: r.field("ip.host", "Source or Destination Host", .string))
        source = IPv4AddressField("ip.src", "Source Address", host: "Source Host", endpoint: endpoint, &r)
        destination = IPv4AddressField("ip.dst", "Destination Address", host: "Destination Host", endpoint: endpoint, &r)
        currentRoute = IPv4AddressField("ip.cur_rt", "Current Route", host: "Current Route Host", &r)
        badVersion = r.expert("ip.bogus_ip_version", .proto, .error, "Bogus IP version")
        badHeaderLength = r.expert("ip.bogus_header_length", .proto, .error, "Bogus IP header length")
        badLength = r.expert("ip.bogus_ip_length", .proto, .error, "Bogus IP length")
        badChecksum = r.expert("ip.checksum_bad.expert", .checksum, .error, "Bad checksum")
        localTimeToLive = r.expert("ip.ttl.lncb", .sequence, .note, "Time To Live")
        smallTimeToLive = r.expert("ip.ttl.too_small", .sequence, .note, "Time To Live")
        options = IPv4Options(destination: destination, registering: &r)
        reassembly = DatagramReassembly(
            AssemblyFields.Names(
                group: "ip.fragment", reassembledIn: "ip.reassembled_in", length: "ip.reassembled.length", data: "ip.reassembled.data",
                piece: "IPv4 Fragment", all: "IPv4 Fragments", allType: .bytes, unit: "Fragment", error: "Defragmentation error",
                reassembledInTitle: "Reassembled IPv4 in frame", lengthTitle: "Reassembled IPv4 length",
                dataTitle: "Reassembled IPv4 data", heading: "IPv4 Fragments", source: "Reassembled IPv4"), &r)
        protocols = r.table("ip.proto", title: "IP protocol", .uint8)
        heuristics = r.table("ip", title: "IP heuristic")
        etherTypes = r.table("ethertype")
        data = r.dissector(named: "data")
        defragments = r.preference("ip.defragment", "Reassemble fragmented IPv4 datagrams", default: true)
        verifies = r.preference("ip.check_checksum", "Validate the IPv4 checksum if possible", default: false)
        isSummarized = r.preference("ip.summary_in_tree", "Show a summary of the header on its own line of the tree", default: true)
        supportsOffload = r.preference("ip.tso_support", "Support packet-capture from IP TSO-enabled hardware", default: true)
        r.add(r.dissector(self, proto), to: "ethertype", 0x0800)
        let id = r.dissector(AnyVersion(ipv4: self), proto)
        r.add(id, to: "ip.proto", 4)
        r.add(id, to: "wtap_encap", 129)
        r.add(id, to: "gre.proto", 0x0800)
        r.add(id, to: "ppp.protocol", 0x0021)
        r.add(id, to: "llc.dsap", 0x06)
        r.offer(id, in: "udp.port")
    }

    /// Where nothing before the packet says which version it is: IPv6 could stand in its place.
    private struct AnyVersion: Dissector {
        let ipv4: IPv4

        func dissect(_ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
            try ipv4.dissect(&reader, takesOtherVersions: true, &context)
        }
    }

    public func dissect(_ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        try dissect(&reader, takesOtherVersions: false, &context)
    }

    private func dissect(_ reader: inout Reader, takesOtherVersions: Bool, _ context: inout Context) throws(DissectionError) {
        let layer = reader
        context.columns.setProtocol("IPv4")
        context.columns.clearInfo()
        let first = try reader.uint8()
        let headerByteCount = Int(first & 0xf) * 4
        let takesOthers = takesOtherVersions || context.packet.isInError
        if takesOthers, first >> 4 == 6, context.dispatch(etherTypes, Self.etherTypeIPv6, layer) { return }
        let top = context.begin(node, layer, byteCount: min(headerByteCount, layer.capturedRemaining))
        guard first >> 4 == 4 else { return refuseVersion(first, takesOthers: takesOthers, layer, top, &context) }
        if headerByteCount >= Header.byteCount, reader.has(1) {
            context.kept(version, layer, layer.start, 2) { addStart(first, layer, &$0) }
        } else {
            context.add(version, layer, layer.start, 1, value: UInt64(first >> 4))
            guard checkHeaderLength(first, headerByteCount, layer, &context) else { return }
        }
        if let source = layer.peek32(12), let total = layer.peek16(2), !isTooShort(total, headerByteCount) {
            context.setNetworkAddresses(source: .ipv4(source), destination: .none)
        }
        var header = Header()
        let packet: Reader
        if context.wantsFields(of: proto) {
            guard let narrowed = try addFields(&header, &reader, layer, top, &context) else { return }
            packet = narrowed
        } else {
            reader = layer
            header = try Header(parsing: &reader)
            if isTooShort(header.totalByteCount, headerByteCount) { return describeShortLength(header, &context) }
            packet = Self.narrow(layer, header)
            try followRoute(&header, layer)
        }
        context.noteNetworkEnd(of: packet)
        context.setNetworkAddresses(source: .ipv4(header.source), destination: .ipv4(header.destination))
        context.packet.ipProtocol = header.protocolNumber
        context.packet.timeToLive = header.timeToLive
        if headerByteCount > Header.byteCount { try options.dissect(layer, headerByteCount, timeToLive: header.timeToLive, &context) }
        context.noteEndpoints(.ipv4, .ipv4(header.source), .ipv4(header.destination))
        var payload = packet
        payload.offset = layer.start + headerByteCount
        handOn(header, payload.rest, &context)
    }

    // MARK: Header

    /// Adds a version that is not 4, where that is the only one there should be or where either could be.
    private func refuseVersion(_ first: UInt8, takesOthers: Bool, _ layer: Reader, _ top: ItemRef, _ context: inout Context) {
        let version = Int(first >> 4)
        let item = context.add(self.version, layer, layer.start, 1, value: UInt64(version))
        guard takesOthers else {
            context.expert(under: item, badVersion) { $0.append("Bogus IPv4 version") }
            describeBogus("Bogus IPv4 version (", version, ", must be 4)", &context)
            if version == 6 { context.dispatch(etherTypes, Self.etherTypeIPv6, layer) }
            return
        }
        context.label(top) {
            $0.append("Internet Protocol, bogus version (")
            $0.append(decimal: version)
            $0.append(")")
        }
        context.setByteCount(top, 1)
        context.columns.setProtocol("IP")
        context.expert(under: item, badVersion)
        describeBogus("Bogus IP version (", version, ")", &context)
    }

    /// Adds the header's length; returns whether a header can be as short.
    private func checkHeaderLength(_ first: UInt8, _ headerByteCount: Int, _ layer: Reader, _ context: inout Context) -> Bool {
        let lengthItem = context.add(headerLength, layer, layer.start, 1, value: UInt64(headerByteCount))
        guard headerByteCount < Header.byteCount else { return true }
        context.expert(under: lengthItem, badHeaderLength) {
            $0.append("Bogus IP header length (")
            $0.append(decimal: headerByteCount)
            $0.append(", must be at least 20)")
        }
        describeBogus("Bogus IP header length (", headerByteCount, ", must be at least 20)", &context)
        return false
    }

    private func describeBogus(_ before: StaticString, _ number: Int, _ after: StaticString, _ context: inout Context) {
        guard context.columns.accepts else { return }
        context.columns.setInfo(before)
        context.columns.info.append(decimal: number)
        context.columns.appendInfo(after)
    }

    /// Adds the header's fields in order, and returns the packet as long as its length field says; nil where that leaves no
    /// room for the header.
    private func addFields(
        _ header: inout Header, _ reader: inout Reader, _ layer: Reader, _ top: ItemRef, _ context: inout Context
    ) throws(DissectionError) -> Reader? {
        let start = layer.start
        header.headerWords = layer.bytes[start] & 0xf
        header.differentiatedServices = try reader.uint8()
        header.totalByteCount = try reader.uint16()
        let packet = Self.narrow(layer, header)
        addLength(header, layer, &context)
        if isTooShort(header.totalByteCount, header.headerByteCount) {
            describeShortLength(header, &context)
            return nil
        }
        header.identification = try context.uint16(identification, &reader)
        let timeToLiveItem = try addMiddle(&header, &reader, layer, &context)
        header.checksum = try reader.uint16()
        addChecksum(header, layer, &context)
        header.source = try reader.uint32()
        source.add(header.source, layer, start + 12, &context)
        try addDestination(&header, &reader, layer, timeToLiveItem, top, &context)
        return packet
    }

    /// Adds what stands between identification and checksum; returns the item of the time to live.
    private func addMiddle(
        _ header: inout Header, _ reader: inout Reader, _ layer: Reader, _ context: inout Context
    ) throws(DissectionError) -> ItemRef {
        let start = layer.start
        guard reader.has(4) else {
            // The capture ends here.
            addFlags(try reader.uint16(), layer, &context)
            context.add(timeToLive, layer, start + 8, 1, value: UInt64(try reader.uint8()))
            throw reader.shortfall(1, at: reader.offset)
        }
        header.flagsAndOffset = try reader.uint16()
        header.timeToLive = try reader.uint8()
        header.protocolNumber = try reader.uint8()
        let (word, hops, number) = (header.flagsAndOffset, header.timeToLive, header.protocolNumber)
        context.kept(flags, layer, start + 6, 4) {
            addFlags(word, layer, &$0)
            $0.add(timeToLive, layer, start + 8, 1, value: UInt64(hops))
            $0.add(protocolNumber, layer, start + 9, 1, value: UInt64(number))
        }
        guard context.wants(timeToLive) else { return .none }
        return ItemRef(index: Int32(truncatingIfNeeded: context.itemCount - (context.wants(protocolNumber) ? 2 : 1)))
    }

    /// Adds the destination, or where a source route ends elsewhere, the next router on the way there.
    private func addDestination(
        _ header: inout Header, _ reader: inout Reader, _ layer: Reader, _ timeToLiveItem: ItemRef, _ top: ItemRef, _ context: inout Context
    ) throws(DissectionError) {
        let sourceAddress = header.source
        context.appendLabel(isSummarized ? top : .none) {
            $0.append(", Src: ")
            $0.append(ipv4: sourceAddress)
        }
        header.destination = try reader.uint32()
        let next = header.destination
        let isRouted = try followRoute(&header, layer)
        checkTimeToLive(header, timeToLiveItem, &context)
        (isRouted ? currentRoute : destination).add(next, layer, layer.start + 16, &context)
        let final = header.destination
        context.appendLabel(isSummarized ? top : .none) {
            $0.append(", Dst: ")
            $0.append(ipv4: final)
            if !isRouted { return }
            $0.append(", Via: ")
            $0.append(ipv4: next)
        }
    }

    /// Puts the end of a source route in the destination's place. Returns whether there is one.
    @discardableResult
    private func followRoute(_ header: inout Header, _ layer: Reader) throws(DissectionError) -> Bool {
        guard header.headerByteCount > Header.byteCount, let final = try options.finalDestination(layer, header.headerByteCount) else { return false }
        header.destination = final
        return true
    }

    /// Whether a packet ends within its header by its own account.
    private func isTooShort(_ totalByteCount: UInt16, _ headerByteCount: Int) -> Bool {
        Int(totalByteCount) < headerByteCount && (totalByteCount != 0 || !supportsOffload)
    }

    /// The packet as its length field has it; a length of 0 is a segment that the card was to cut, so all that there is.
    private static func narrow(_ layer: Reader, _ header: Header) -> Reader {
        let stated = Int(header.totalByteCount)
        return stated == 0 || stated < header.headerByteCount ? layer : layer.narrowed(toByteCount: stated)
    }

    /// Adds the first two bytes of a header that is long enough.
    private func addStart(_ first: UInt8, _ layer: Reader, _ context: inout Context) {
        context.add(version, layer, layer.start, 1, value: UInt64(first >> 4))
        context.add(headerLength, layer, layer.start, 1, value: UInt64(first & 0xf) * 4)
        context.kept(services, layer, layer.start + 1, 1) { addServices(layer.bytes[layer.start + 1], layer, &$0) }
    }

    private func addServices(_ value: UInt8, _ layer: Reader, _ context: inout Context) {
        let word = UInt64(value)
        let offset = layer.start + 1
        context.add(services, layer, offset, 1, value: word)
        context.open()
        context.bits(codepoint, layer, offset, 1, word: word)
        context.bits(congestion, layer, offset, 1, word: word)
        context.close()
    }

    private func addLength(_ header: Header, _ layer: Reader, _ context: inout Context) {
        let stated = Int(header.totalByteCount)
        let offset = layer.start + 2
        let available = layer.reportedEnd - layer.start
        if stated == 0, supportsOffload {
            context.label(context.generated(length, layer, offset, 2, value: UInt64(available))) {
                $0.append("Total Length: ")
                $0.append(decimal: available)
                $0.append(" bytes (reported as 0, presumed to be because of \"TCP segmentation offload\" (TSO))")
            }
            return
        }
        let item = context.add(length, layer, offset, 2, value: UInt64(stated))
        if stated < header.headerByteCount {
            addShortLength(stated, header.headerByteCount, item, &context)
        } else if stated > available, !context.packet.isInError {
            context.expert(under: item, badLength) {
                $0.append("IPv4 total length exceeds packet length (")
                $0.append(decimal: available)
                $0.append(" bytes)")
            }
        }
    }

    private func addShortLength(_ stated: Int, _ headerByteCount: Int, _ item: ItemRef, _ context: inout Context) {
        context.appendLabel(item) {
            $0.append(" bytes (bogus, less than header length ")
            $0.append(decimal: headerByteCount)
            $0.append(")")
        }
        context.expert(under: item, badLength)
    }

    private func describeShortLength(_ header: Header, _ context: inout Context) {
        describeBogus("Bogus IP length (", Int(header.totalByteCount), ", less than header length ", &context)
        guard context.columns.accepts else { return }
        context.columns.info.append(decimal: header.headerByteCount)
        context.columns.info.append(")")
    }

    private func addFlags(_ word: UInt16, _ layer: Reader, _ context: inout Context) {
        let flagByte = UInt64(word >> 8)
        let offset = layer.start + 6
        context.kept(reservedBit, layer, offset, 1) {
            $0.bits(flags, layer, offset, 1, word: flagByte)
            $0.open()
            $0.bits(reservedBit, layer, offset, 1, word: flagByte)
            $0.bits(doNotFragment, layer, offset, 1, word: flagByte)
            $0.bits(moreFragments, layer, offset, 1, word: flagByte)
            $0.close()
        }
        context.bits(fragmentOffset, layer, offset, 2, word: UInt64(word))
    }

    private func addChecksum(_ header: Header, _ layer: Reader, _ context: inout Context) {
        let offset = layer.start + 10
        let item = context.add(checksum, layer, offset, 2, value: UInt64(header.checksum), flags: verifies ? [] : .noted)
        guard verifies, layer.capturedEnd - layer.start >= header.headerByteCount else {
            context.generated(checksumStatus, layer, offset, value: ChecksumStatus.unverified.rawValue)
            return
        }
        var sum = InternetChecksum()
        sum.add(layer.captured(layer.start, header.headerByteCount))
        let isGood = sum.folded == 0xffff || sum.folded == 0
        sum.add(UInt32(~header.checksum))
        let right = isGood ? header.checksum : sum.value
        context.appendLabel(item) {
            $0.append(isGood ? " [correct]" : " incorrect, should be 0x")
            if isGood { return }
            $0.append(hex: UInt64(right), width: 4)
            $0.append("(may be caused by \"IP checksum offload\"?)")
        }
        if !isGood {
            context.expert(under: item, badChecksum) {
                $0.append("Bad checksum [should be 0x")
                $0.append(hex: UInt64(right), width: 4)
                $0.append("]")
            }
        }
        context.generated(checksumStatus, layer, offset, value: (isGood ? ChecksumStatus.good : .bad).rawValue)
        context.generated(checksumCalculated, layer, offset, 2, value: UInt64(right))
    }

    /// Multicast that stays on the link is sent with a TTL of its own; what is routed, but for routing protocols, with more
    /// than a few hops.
    private func checkTimeToLive(_ header: Header, _ item: ItemRef, _ context: inout Context) {
        let value = header.timeToLive
        if header.destination >> 8 == 0xe00000 {
            let host = UInt8(truncatingIfNeeded: header.destination)
            guard let expected = LocalMulticast.timeToLive(of: host, protocolNumber: header.protocolNumber), expected != value else { return }
            context.expert(under: item, localTimeToLive) {
                $0.append("\"Time To Live\" != ")
                $0.append(decimal: expected)
                $0.append(" for a packet sent to the Local Network Control Block (see RFC 3171)")
            }
        } else if value < 5, header.destination >> 28 != 0xe, header.protocolNumber != Self.ospf, header.protocolNumber != Self.pim {
            context.expert(under: item, smallTimeToLive) {
                $0.append("\"Time To Live\" only ")
                $0.append(decimal: value)
            }
        }
    }

    /// Protocols whose unicast packets go to neighbours.
    private static let ospf: UInt8 = 89
    private static let pim: UInt8 = 103

    // MARK: Payload

    private func handOn(_ header: Header, _ payload: Reader, _ context: inout Context) {
        var body = payload
        guard payload.remaining > 0 else {
            if header.fragmentOffset > 0 { describeFragment(header, nil, &context) }
            return
        }
        if header.isFragment {
            switch reassemble(header, payload, &context) {
            case .complete(let whole): body = whole
            case .waiting(let completedIn):
                context.close()
                describeFragment(header, completedIn, &context)
                if let data { context.run(data, payload) }
                return
            }
        }
        context.close()
        if context.dispatch(protocols, UInt32(header.protocolNumber), body) { return }
        if context.dispatchHeuristics(heuristics, body) { return }
        if context.columns.accepts {
            context.columns.setInfo(IPProtocols.strings.name(of: UInt64(header.protocolNumber)) ?? "Unknown")
            context.columns.info.append(" (")
            context.columns.info.append(decimal: header.protocolNumber)
            context.columns.info.append(")")
        }
        if let data { context.run(data, body) }
    }

    /// The datagram's payload where this fragment completes it, or where the fragment is the first and stands alone.
    private func reassemble(_ header: Header, _ payload: Reader, _ context: inout Context) -> DatagramReassembly.Outcome {
        guard defragments, payload.capturedEnd == payload.reportedEnd, !context.packet.isInError else {
            context.packet.isFragment = true
            guard header.fragmentOffset == 0 else { return .waiting(completedIn: nil) }
            var alone = payload
            alone.isFragment = header.hasMoreFragments
            return .complete(alone)
        }
        let key = Defragmenter.Key(
            source: .ipv4(header.source), destination: .ipv4(header.destination), identification: UInt32(header.identification),
            protocolNumber: header.protocolNumber)
        return reassembly.add(
            key, payload, at: payload.offset - header.headerByteCount, position: UInt32(header.fragmentOffset), hasMore: header.hasMoreFragments, &context)
    }

    private func describeFragment(_ header: Header, _ completedIn: UInt32?, _ context: inout Context) {
        guard context.columns.accepts else { return }
        context.columns.info.append("Fragmented IP protocol (proto=")
        context.columns.info.append(IPProtocols.strings.name(of: UInt64(header.protocolNumber)) ?? "Unknown")
        context.columns.info.append(" ")
        context.columns.info.append(decimal: header.protocolNumber)
        context.columns.info.append(", off=")
        context.columns.info.append(decimal: header.fragmentOffset)
        context.columns.info.append(", ID=")
        context.columns.info.append(hex: UInt64(header.identification), width: 4)
        context.columns.info.append(")")
        if let completedIn {
            context.columns.info.append(" [Reassembled in #")
            context.columns.info.append(decimal: completedIn)
            context.columns.info.append("]")
        }
    }
}
