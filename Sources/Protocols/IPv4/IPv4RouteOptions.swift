import Dissection
import Wire

/// What the IPv4 options of routes and times hold: lists of addresses and time stamps with a pointer to the next free or
/// next used place, counted from 1 at the option's start (RFC 791, section 3.1).
struct IPv4RouteOptions: Sendable {
    private let pointer, overflow, flag, time, timeAddress: FieldID
    private let recorded, sourceRoute, empty, destination: IPv4AddressField
    private let pointerBeforeAddress, pointerWithinAddress, tooLong: ExpertID

    init(destination: IPv4AddressField, registering r: inout Registrar) {
        self.destination = destination
        pointer = r.field("ip.opt.ptr", "Pointer", .uint8, .decimal)
        overflow = r.field("ip.opt.overflow", "Overflow", .uint8, .decimal, mask: 0xf0)
        flag = r.field("ip.opt.flag", "Flag", .uint8, .hex, strings: Self.flags, mask: 0x0f)
        time = r.field("ip.opt.time_stamp", "Time stamp", .uint32, .decimal)
        timeAddress = r.field("ip.opt.time_stamp_addr", "Address", .ipv4)
        recorded = IPv4AddressField("ip.rec_rt", "Recorded Route", host: "Recorded Route Host", &r)
        sourceRoute = IPv4AddressField("ip.src_rt", "Source Route", host: "Source Route Host", &r)
        empty = IPv4AddressField("ip.empty_rt", "Empty Route", host: "Empty Route Host", &r)
        pointerBeforeAddress = r.expert("ip.opt.ptr.before_address", .proto, .warning, "Pointer points before first address")
        pointerWithinAddress = r.expert("ip.opt.ptr.middle_address", .proto, .warning, "Pointer points to middle of address")
        tooLong = r.expert("ip.subopt_too_long", .proto, .warning, "Suboption would go past end of option")
    }

    // MARK: Routes

    /// Adds a route. Of a source route that is not used up, the last address is where the packet goes.
    func addRoute(isSource: Bool, _ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        let next = Int(try reader.uint8())
        let pointerItem = context.add(pointer, reader, reader.offset - 1, 1, value: UInt64(next))
        if next < 4 { return context.expert(under: pointerItem, pointerBeforeAddress) }
        if next % 4 != 0 { return context.expert(under: pointerItem, pointerWithinAddress) }
        if reader.remaining % 4 != 0 { context.expert(under: pointerItem, tooLong) }
        while reader.remaining >= 4 {
            let position = reader.position + 1
            let isDestination = isSource && reader.remaining == 4
            let field = position < next ? recorded : isDestination ? destination : isSource ? sourceRoute : empty
            let item = field.add(try reader.uint32(), reader, reader.offset - 4, &context)
            if position == next, !isDestination { context.appendLabel(item) { $0.append(" <- (next)") } }
        }
    }

    // MARK: Times

    func addTimes(_ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        let next = try reader.uint8()
        let pointerItem = context.add(pointer, reader, reader.offset - 1, 1, value: UInt64(next))
        if next < 5 {
            context.appendLabel(pointerItem) { $0.append(" (points before first address)") }
        } else if (next - 1) % 4 != 0 {
            context.appendLabel(pointerItem) { $0.append(" (points to middle of field)") }
        }
        let word = try reader.uint8()
        context.bits(overflow, reader, reader.offset - 1, 1, word: UInt64(word))
        context.bits(flag, reader, reader.offset - 1, 1, word: UInt64(word))
        let hasAddresses = word & 0xf == 1 || word & 0xf == 3
        while reader.remaining > 0 {
            if reader.remaining < (hasAddresses ? 8 : 4) { return addTooLong(reader, &context) }
            if hasAddresses {
                let value = try reader.uint32()
                let item = context.add(timeAddress, reader, reader.offset - 4, 4, value: UInt64(value))
                if value == 0 { context.valueLabel(item) { $0.append("-") } }
            }
            try context.uint32(time, &reader)
        }
    }

    private func addTooLong(_ reader: Reader, _ context: inout Context) {
        context.heading(reader, reader.offset, reader.remaining) { $0.append("Suboption would go past end of option") }
        context.open()
        context.expert(tooLong)
        context.close()
    }

    private static let flags = ValueStrings([
        (0, "Time stamps only"), (1, "Time stamp and address"), (3, "Time stamps for prespecified addresses"),
    ])
}

/// An address of an IPv4 header with the name of its host.
struct IPv4AddressField: Sendable {
    /// `ip.addr` and `ip.host`: either end of the packet.
    struct Endpoint: Sendable {
        let address, host: FieldID
    }

    private let address, host: FieldID
    private let endpoint: Endpoint?

    init(_ name: String, _ title: String, host hostTitle: String, endpoint: Endpoint? = nil, _ r: inout Registrar) {
        address = r.field(name, title, .ipv4)
        host = r.field(name + "_host", hostTitle, .string)
        self.endpoint = endpoint
    }

    @discardableResult
    func add(_ value: UInt32, _ reader: Reader, _ offset: Int, _ context: inout Context) -> ItemRef {
        context.kept(address, reader, offset, 4) {
            $0.add(address, reader, offset, 4, value: UInt64(value))
            if let endpoint { $0.add(endpoint.address, reader, offset, 4, value: UInt64(value), flags: .hidden) }
            addHost(host, value, reader, offset, &$0)
            if let endpoint { addHost(endpoint.host, value, reader, offset, &$0) }
        }
    }

    private func addHost(_ field: FieldID, _ value: UInt32, _ reader: Reader, _ offset: Int, _ context: inout Context) {
        _ = context.addText(field, reader, offset, 4, flags: [.generated, .hidden]) { $0.append(ipv4: value) }
    }
}
