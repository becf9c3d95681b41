import Dissection
import Wire

/// The options of an IPv4 header (RFC 791, section 3.1; RFC 1063 MTU probe and reply, RFC 1393 traceroute, RFC 1770 selective
/// directed broadcast, RFC 2113 router alert, RFC 4782 Quick-Start; routes and times in IPv4RouteOptions.swift, security in
/// IPv4SecurityOptions.swift).
final class IPv4Options: Sendable {
    enum Kind {
        static let endOfList: UInt8 = 0
        static let noOperation: UInt8 = 1
        static let recordRoute: UInt8 = 7
        static let mtuProbe: UInt8 = 11
        static let mtuReply: UInt8 = 12
        static let quickStart: UInt8 = 25
        static let timestamp: UInt8 = 68
        static let traceroute: UInt8 = 82
        static let security: UInt8 = 130
        static let looseSourceRoute: UInt8 = 131
        static let extendedSecurity: UInt8 = 133
        static let commercialSecurity: UInt8 = 134
        static let streamIdentifier: UInt8 = 136
        static let strictSourceRoute: UInt8 = 137
        static let routerAlert: UInt8 = 148
        static let directedBroadcast: UInt8 = 149
    }

    /// An option that is known: how it is called, and its length where that is fixed.
    private struct Shape: Sendable {
        var name: StaticString
        var field: FieldID
        var byteCount: Int?
    }

    private let kind, kindCopy, kindClass, kindNumber, length: FieldID
    private let endOfList, noOperation: FieldID
    private let streamIdentifier, mtu, identification, outboundHops, returnHops, originator, alert, address, padding: FieldID
    private let quickStartFunction, rate, quickStartTimeToLive, timeToLiveDifference, unused, nonce, reserved: FieldID
    private let badLength, manyNoOperations: ExpertID
    private let shapes: [UInt8: Shape]
    private let routes: IPv4RouteOptions
    private let security: IPv4SecurityOptions

    init(destination: IPv4AddressField, registering r: inout Registrar) {
        kind = r.field("ip.opt.type", "Type", .uint8, .decimal)
        kindCopy = r.flag("ip.opt.type.copy", "Copy on fragmentation", wordBits: 8, mask: 0x80, "Yes", "No")
        kindClass = r.field("ip.opt.type.class", "Class", .uint8, .decimal, strings: Self.classes, mask: 0x60)
        kindNumber = r.field("ip.opt.type.number", "Number", .uint8, .decimal, strings: Self.numbers, mask: 0x1f)
        length = r.field("ip.opt.len", "Length", .uint8, .decimal)
        endOfList = r.field("ip.options.eol", "IP Option - End of Options List (EOL)", .bytes, isOwnProtocol: true)
        noOperation = r.field("ip.options.nop", "IP Option - No-Operation (NOP)", .bytes, isOwnProtocol: true)
        streamIdentifier = r.field("ip.opt.sid", "Stream Identifier", .uint16, .decimal)
        mtu = r.field("ip.opt.mtu", "MTU", .uint16, .decimal)
        identification = r.field("ip.opt.id_number", "ID Number", .uint16, .decimal)
        outboundHops = r.field("ip.opt.ohc", "Outbound Hop Count", .uint16, .decimal)
        returnHops = r.field("ip.opt.rhc", "Return Hop Count", .uint16, .decimal)
        originator = r.field("ip.opt.originator", "Originator IP Address", .ipv4)
        alert = r.field("ip.opt.ra", "Router Alert", .uint16, .decimal, strings: Self.alerts)
        address = r.field("ip.opt.addr", "IP Address", .ipv4)
        padding = r.field("ip.opt.padding", "Padding", .bytes)
        quickStartFunction = r.field("ip.opt.qs_func", "Function", .uint8, .decimal, strings: QuickStart.functions, mask: 0xf0)
        rate = r.field("ip.opt.qs_rate", "Rate", .uint8, .decimal, strings: QuickStart.rates, mask: 0x0f)
        quickStartTimeToLive = r.field("ip.opt.qs_ttl", "QS TTL", .uint8, .decimal)
        timeToLiveDifference = r.field("ip.opt.qs_ttl_diff", "TTL Diff", .uint8, .decimal)
        unused = r.field("ip.opt.qs_unused", "Not Used", .uint8, .decimal)
        nonce = r.field("ip.opt.qs_nonce", "QS Nonce", .uint32, .hex, mask: 0xffff_fffc)
        reserved = r.field("ip.opt.qs_reserved", "Reserved", .uint32, .hex, mask: 0x3)
        badLength = r.expert("ip.opt.len.invalid", .proto, .warning, "Invalid length for option")
        manyNoOperations = r.expert("ip.nop", .proto, .warning, "4 NOP in a row - a router may have removed some options")
        shapes = Self.registerShapes(&r)
        routes = IPv4RouteOptions(destination: destination, registering: &r)
        security = IPv4SecurityOptions(badLength: badLength, registering: &r)
    }

    private static func registerShapes(_ r: inout Registrar) -> [UInt8: Shape] {
        var shapes: [UInt8: Shape] = [:]
        func add(_ kind: UInt8, _ suffix: String, _ name: StaticString, byteCount: Int? = nil, _ r: inout Registrar) {
            shapes[kind] = Shape(name: name, field: r.field("ip.options." + suffix, "IP Option - \(name)", .bytes, isOwnProtocol: true), byteCount: byteCount)
        }
        add(Kind.recordRoute, "record_route", "Record Route", &r)
        add(Kind.mtuProbe, "mtu_probe", "MTU Probe", byteCount: 4, &r)
        add(Kind.mtuReply, "mtu_reply", "MTU Reply", byteCount: 4, &r)
        add(Kind.quickStart, "qs", "Quick-Start", byteCount: 8, &r)
        add(Kind.timestamp, "timestamp", "Time Stamp", &r)
        add(Kind.traceroute, "traceroute", "Traceroute", byteCount: 12, &r)
        add(Kind.security, "security", "Security", &r)
        add(Kind.looseSourceRoute, "route", "Loose Source Route", &r)
        add(Kind.extendedSecurity, "ext_security", "Extended Security", &r)
        add(Kind.commercialSecurity, "cipso", "Commercial Security", &r)
        add(Kind.streamIdentifier, "sid", "Stream ID", byteCount: 4, &r)
        add(Kind.strictSourceRoute, "source_route", "Strict Source Route", &r)
        add(Kind.routerAlert, "routeralert", "Router Alert", byteCount: 4, &r)
        add(Kind.directedBroadcast, "sdb", "Selective Directed Broadcast", &r)
        return shapes
    }

    // MARK: Source routes

    /// Where the packet goes in the end: the last address of the first source route, unless the route is used up or says
    /// nothing (RFC 791, section 3.1).
    func finalDestination(_ layer: Reader, _ headerByteCount: Int) throws(DissectionError) -> UInt32? {
        var reader = Self.area(layer, headerByteCount)
        while reader.remaining > 0 {
            let start = reader.offset
            let kind = try reader.uint8()
            if kind == Kind.endOfList { return nil }
            if kind == Kind.noOperation { continue }
            guard reader.remaining > 0 else { return nil }
            let byteCount = Int(try reader.uint8())
            guard byteCount >= 2, start + byteCount <= reader.reportedEnd else { return nil }
            if kind == Kind.looseSourceRoute || kind == Kind.strictSourceRoute {
                guard byteCount > 2 else { return nil }
                let pointer = Int(try reader.uint8())
                guard pointer >= 4, pointer % 4 == 0, pointer <= byteCount else { return nil }
                reader.offset = start + byteCount - 4
                return try reader.uint32()
            }
            reader.offset = start + byteCount
        }
        return nil
    }

    private static func area(_ layer: Reader, _ headerByteCount: Int) -> Reader {
        var reader = layer.narrowed(toByteCount: headerByteCount)
        reader.offset = layer.start + IPv4.Header.byteCount
        return reader
    }

    // MARK: The tree

    /// Decodes the options between the fixed header and the payload.
    func dissect(_ layer: Reader, _ headerByteCount: Int, timeToLive: UInt8, _ context: inout Context) throws(DissectionError) {
        var reader = Self.area(layer, headerByteCount)
        let byteCount = headerByteCount - IPv4.Header.byteCount
        try reader.require(byteCount)
        let top = context.heading(reader, reader.offset, byteCount) {
            $0.append("Options: (")
            $0.append(decimal: byteCount)
            $0.append(" bytes)")
        }
        context.open()
        var noOperations = 0
        while reader.remaining > 0 {
            let kindValue = try reader.uint8()
            guard kindValue > Kind.noOperation else {
                if kindValue == Kind.noOperation { noOperations += 1 }
                if kindValue == Kind.noOperation, noOperations == 4 { context.expert(manyNoOperations) }
                addSingle(kindValue, reader, &context)
                if kindValue == Kind.endOfList { break }
                continue
            }
            let shape = shapes[kindValue]
            guard let count = checkedByteCount(kindValue, shape, &reader, &context) else { break }
            reader.offset -= 2
            let option = reader.next(count)
            if let shape {
                try addOption(kindValue, shape, option, timeToLive, &context)
                context.appendLabel(top) {
                    $0.append(", ")
                    $0.append(shape.name)
                }
            } else {
                addUnknown(kindValue, option, &context)
            }
            reader.offset = option.reportedEnd
        }
        context.close()
    }

    private func addSingle(_ kindValue: UInt8, _ reader: Reader, _ context: inout Context) {
        let offset = reader.offset - 1
        let isEnd = kindValue == Kind.endOfList
        context.label(context.add(isEnd ? endOfList : noOperation, reader, offset, 1)) {
            $0.append(isEnd ? "IP Option - End of Options List (EOL)" : "IP Option - No-Operation (NOP)")
        }
        context.open()
        addKind(kindValue, reader, offset, &context)
        context.close()
    }

    private func addKind(_ value: UInt8, _ reader: Reader, _ offset: Int, _ context: inout Context) {
        let word = UInt64(value)
        context.add(kind, reader, offset, 1, value: word)
        context.open()
        context.bits(kindCopy, reader, offset, 1, word: word)
        context.bits(kindClass, reader, offset, 1, word: word)
        context.bits(kindNumber, reader, offset, 1, word: word)
        context.close()
    }

    /// The option's length as it says itself, or nil where it cannot be that.
    private func checkedByteCount(_ kindValue: UInt8, _ shape: Shape?, _ reader: inout Reader, _ context: inout Context) -> Int? {
        let start = reader.offset - 1
        guard let count = reader.peek(reader.position) else {
            addInvalid(kindValue, shape, reader, start, 1, " (length byte past end of options)", nil, "", &context)
            return nil
        }
        reader.offset += 1
        if count < 2 {
            addInvalid(kindValue, shape, reader, start, 2, " (with too-short option length = ", count, count == 1 ? " byte)" : " bytes)", &context)
            return nil
        }
        if start + Int(count) > reader.reportedEnd {
            addInvalid(
                kindValue, shape, reader, start, reader.remaining, " (option length = ", count, " bytes says option goes past end of options)", &context)
            return nil
        }
        return Int(count)
    }

    private func addInvalid(
        _ kindValue: UInt8, _ shape: Shape?, _ reader: Reader, _ offset: Int, _ byteCount: Int, _ before: StaticString, _ count: UInt8?,
        _ after: StaticString, _ context: inout Context
    ) {
        func write(_ text: inout TextBuffer) {
            Self.appendName(kindValue, shape, &text)
            text.append(before)
            if let count { text.append(decimal: count) }
            text.append(after)
        }
        context.heading(reader, offset, byteCount, write)
        context.open()
        context.expert(badLength, write)
        context.close()
    }

    private static func appendName(_ kindValue: UInt8, _ shape: Shape?, _ text: inout TextBuffer) {
        if let shape { return text.append(shape.name) }
        text.append("Unknown (0x")
        text.append(hex: UInt64(kindValue), width: 2)
        text.append(")")
    }

    private func addUnknown(_ kindValue: UInt8, _ option: Reader, _ context: inout Context) {
        context.heading(option, option.start, option.remaining) {
            Self.appendName(kindValue, nil, &$0)
            $0.append(" (")
            $0.append(decimal: option.remaining)
            $0.append(" bytes)")
        }
    }

    // MARK: Single options

    /// Adds a known option; what it holds cannot reach past its own end.
    private func addOption(
        _ kindValue: UInt8, _ shape: Shape, _ option: Reader, _ timeToLive: UInt8, _ context: inout Context
    ) throws(DissectionError) {
        var reader = option
        let count = option.remaining
        // Quick-Start's function is in its title, so a cut one has none.
        if kindValue == Kind.quickStart { try reader.require(3) }
        let top = context.add(shape.field, option, option.start, count)
        context.label(top) {
            $0.append("IP Option - ")
            $0.append(shape.name)
            $0.append(" (")
            $0.append(decimal: shape.byteCount ?? count)
            $0.append(" bytes)")
        }
        context.open()
        addKind(kindValue, option, option.start, &context)
        let lengthItem = context.add(length, option, option.start + 1, 1, value: UInt64(count))
        if let byteCount = shape.byteCount, byteCount != count {
            context.expert(under: lengthItem, badLength) {
                $0.append(shape.name)
                $0.append(" (with option length = ")
                $0.append(decimal: count)
                $0.append(count == 1 ? " byte; should be " : " bytes; should be ")
                $0.append(decimal: byteCount)
                $0.append(")")
            }
        }
        reader.offset += 2
        try addContent(kindValue, &reader, top, timeToLive, &context)
        context.close()
    }

    private func addContent(
        _ kindValue: UInt8, _ reader: inout Reader, _ top: ItemRef, _ timeToLive: UInt8, _ context: inout Context
    ) throws(DissectionError) {
        switch kindValue {
        case Kind.recordRoute: try routes.addRoute(isSource: false, &reader, &context)
        case Kind.looseSourceRoute, Kind.strictSourceRoute: try routes.addRoute(isSource: true, &reader, &context)
        case Kind.timestamp: try routes.addTimes(&reader, &context)
        case Kind.security: try security.addBasic(&reader, &context)
        case Kind.extendedSecurity: try security.addExtended(&reader, &context)
        case Kind.commercialSecurity: try security.addCommercial(&reader, &context)
        case Kind.streamIdentifier: try context.uint16(streamIdentifier, &reader)
        case Kind.mtuProbe, Kind.mtuReply: try context.uint16(mtu, &reader)
        case Kind.traceroute: try addTraceroute(&reader, &context)
        case Kind.routerAlert: try addAlert(&reader, top, &context)
        case Kind.directedBroadcast: try addBroadcast(&reader, &context)
        case Kind.quickStart: try addQuickStart(&reader, top, timeToLive, &context)
        default: break
        }
    }

    private func addTraceroute(_ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        try context.uint16(identification, &reader)
        try context.uint16(outboundHops, &reader)
        try context.uint16(returnHops, &reader)
        try context.uint32(originator, &reader)
    }

    private func addAlert(_ reader: inout Reader, _ top: ItemRef, _ context: inout Context) throws(DissectionError) {
        let value = try context.uint16(alert, &reader)
        context.appendLabel(top) {
            $0.append(value == 0 ? ": Router shall examine packet (" : ": Reserved (")
            $0.append(decimal: value)
            $0.append(")")
        }
    }

    private func addBroadcast(_ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        while reader.remaining >= 4 { try context.uint32(address, &reader) }
        if reader.remaining > 0 { context.add(padding, reader, reader.offset, reader.remaining) }
    }

    private func addQuickStart(_ reader: inout Reader, _ top: ItemRef, _ timeToLive: UInt8, _ context: inout Context) throws(DissectionError) {
        let first = try reader.uint8()
        let function = UInt64(first >> 4)
        let offset = reader.offset - 1
        context.bits(quickStartFunction, reader, offset, 1, word: UInt64(first))
        context.appendLabel(top) {
            $0.append(": ")
            $0.append(QuickStart.functions.name(of: function) ?? "Unknown (")
            if QuickStart.functions.name(of: function) == nil {
                $0.append(decimal: function)
                $0.append(")")
            }
            $0.append(" (")
            $0.append(decimal: function)
            $0.append(")")
        }
        guard function == QuickStart.request || function == QuickStart.report else { return }
        context.bits(rate, reader, offset, 1, word: UInt64(first))
        let rateName = QuickStart.rates.name(of: UInt64(first & 0xf)) ?? ""
        context.appendLabel(top) {
            $0.append(", ")
            $0.append(rateName)
        }
        if function == QuickStart.request {
            let value = try context.uint8(quickStartTimeToLive, &reader)
            let difference = timeToLive &- value
            context.generated(timeToLiveDifference, reader, offset + 1, 1, value: UInt64(difference))
            context.appendLabel(top) {
                $0.append(", QS TTL ")
                $0.append(decimal: value)
                $0.append(", QS TTL diff ")
                $0.append(decimal: difference)
            }
        } else {
            try context.uint8(unused, &reader)
        }
        let word = UInt64(try reader.uint32())
        context.bits(nonce, reader, reader.offset - 4, 4, word: word)
        context.bits(reserved, reader, reader.offset - 4, 4, word: word)
    }

    // MARK: Tables

    private static let classes = ValueStrings([
        (0, "Control"), (1, "Reserved for future use"), (2, "Debugging and measurement"), (3, "Reserved for future use"),
    ])

    private static let numbers = ValueStrings([
        (0, "End of Option List (EOL)"), (1, "No-Operation (NOP)"), (2, "Security"), (3, "Loose source route"), (4, "Time stamp"),
        (5, "Extended security"), (6, "Commercial IP security option"), (7, "Record route"), (8, "Stream identifier"),
        (9, "Strict source route"), (10, "Experimental Measurement"), (11, "MTU probe"), (12, "MTU Reply"),
        (13, "Experimental Flow Control"), (14, "Experimental Access Control"), (15, "Ask Estrin"), (16, "IMI Traffic Descriptor"),
        (17, "Extended Internet Protocol"), (18, "Traceroute"), (19, "Address Extension"), (20, "Router Alert"),
        (21, "Selective Directed Broadcast"), (22, "Unassigned"), (23, "Dynamic Packet State"), (24, "Upstream Multicast Packet"),
        (25, "Quick-Start"), (30, "RFC 3692-style experiment"),
    ])

    private static let alerts = ValueStrings(ranges: [(0...0, "Router shall examine packet"), (1...65535, "Reserved")])
}

/// What Quick-Start's option of IP and its answer in TCP share (RFC 4782, sections 3.1 and 4.2).
enum QuickStart {
    static let request: UInt64 = 0
    static let report: UInt64 = 8

    static let functions = ValueStrings([(request, "Rate request"), (report, "Rate report")])

    static let rates = ValueStrings([
        (0, "0 bit/s"), (1, "80 Kbit/s"), (2, "160 Kbit/s"), (3, "320 Kbit/s"), (4, "640 Kbit/s"), (5, "1.28 Mbit/s"), (6, "2.56 Mbit/s"),
        (7, "5.12 Mbit/s"), (8, "10.24 Mbit/s"), (9, "20.48 Mbit/s"), (10, "40.96 Mbit/s"), (11, "81.92 Mbit/s"), (12, "163.84 Mbit/s"),
        (13, "327.68 Mbit/s"), (14, "655.36 Mbit/s"), (15, "1.31072 Gbit/s"),
    ])
}
