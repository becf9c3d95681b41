import Dissection
import Wire

/// The fields for the addresses of an IPv6 header, and for what stands inside of them: MAC and IPv4 addresses.
final class IPv6AddressFields: Sendable {
    let source, destination: IPv6EndpointFields

    init(registering r: inout Registrar) {
        let any = Either(
            address: r.field("ipv6.addr", "Source or Destination Address", .ipv6),
            host: r.field("ipv6.host", "Source or Destination Host", .string),
            embedded: IPv6EmbeddedFields("ipv6.", "", &r),
            prefix: r.field("ipv6.embed_ipv4_prefix", "Embedded IPv4 Prefix", .bytes))
        source = IPv6EndpointFields("src", "Source", any, &r)
        destination = IPv6EndpointFields("dst", "Destination", any, &r)
    }

    /// Adds what the addresses carry.
    func addEmbedded(_ header: IPv6.Header, _ layer: Reader, _ context: inout Context) {
        let (sourceOffset, destinationOffset) = (layer.start + 8, layer.start + 24)
        source.addGateway(header.source, layer, sourceOffset, &context)
        destination.addGateway(header.destination, layer, destinationOffset, &context)
        source.addTeredo(header.source, layer, sourceOffset, &context)
        destination.addTeredo(header.destination, layer, destinationOffset, &context)
        source.addMAC(header.source, layer, sourceOffset, &context)
        destination.addMAC(header.destination, layer, destinationOffset, &context)
        source.addISATAP(header.source, layer, sourceOffset, &context)
        destination.addISATAP(header.destination, layer, destinationOffset, &context)
        source.addTranslated(header.source, layer, sourceOffset, &context)
        destination.addTranslated(header.destination, layer, destinationOffset, &context)
    }

    /// The fields that stand for either end.
    struct Either: Sendable {
        let address, host: FieldID
        let embedded: IPv6EmbeddedFields
        let prefix: FieldID
    }
}

/// The fields for addresses that an IPv6 address carries.
struct IPv6EmbeddedFields: Sendable {
    /// Of modified EUI-64 identifiers (RFC 4291, appendix A).
    let mac: FieldID
    /// RFC 5214, section 6.1.
    let isatap: FieldID
    /// RFC 3056, section 2.
    let gateway, site: FieldID
    /// RFC 4380, section 4.
    let teredoServer, teredoPort, teredoClient: FieldID
    /// RFC 6052, section 2.
    let translated: FieldID

    init(_ prefix: String, _ title: String, _ r: inout Registrar) {
        mac = r.field(prefix + "slaac_mac", title + "SLAAC MAC", .ethernet)
        isatap = r.field(prefix + "isatap_ipv4", title + "ISATAP IPv4", .ipv4)
        gateway = r.field(prefix + "6to4_gw_ipv4", title + "6to4 Gateway IPv4", .ipv4)
        site = r.field(prefix + "6to4_sla_id", title + "6to4 SLA ID", .uint16, .decimal)
        teredoServer = r.field(prefix + "ts_ipv4", title + "Teredo Server IPv4", .ipv4)
        teredoPort = r.field(prefix + "tc_port", title + "Teredo Port", .uint16, .decimal)
        teredoClient = r.field(prefix + "tc_ipv4", title + "Teredo Client IPv4", .ipv4)
        translated = r.field(prefix + "embed_ipv4", title + "Embedded IPv4", .ipv4)
    }
}

/// The fields for one end's address.
struct IPv6EndpointFields: Sendable {
    private let address, host: FieldID
    private let either: IPv6AddressFields.Either
    private let own: IPv6EmbeddedFields

    init(_ name: String, _ title: String, _ either: IPv6AddressFields.Either, _ r: inout Registrar) {
        address = r.field("ipv6." + name, title + " Address", .ipv6)
        host = r.field("ipv6." + name + "_host", title + " Host", .string)
        own = IPv6EmbeddedFields("ipv6." + name + "_", title + " ", &r)
        self.either = either
    }

    func add(_ value: Address, _ layer: Reader, _ offset: Int, _ context: inout Context) {
        context.kept(address, layer, offset, 16) { addItems(value, layer, offset, &$0) }
    }

    private func addItems(_ value: Address, _ layer: Reader, _ offset: Int, _ context: inout Context) {
        context.add(address, layer, offset, 16)
        context.add(either.address, layer, offset, 16, flags: .hidden)
        _ = context.addText(host, layer, offset, 16, flags: [.generated, .hidden]) { $0.append(value) }
        _ = context.addText(either.host, layer, offset, 16, flags: [.generated, .hidden]) { $0.append(value) }
    }

    /// RFC 3056, section 2.
    func addGateway(_ value: Address, _ layer: Reader, _ offset: Int, _ context: inout Context) {
        guard value.high >> 48 == 0x2002 else { return }
        addGateway(own, value, layer, offset, [], &context)
        addGateway(either.embedded, value, layer, offset, .hidden, &context)
    }

    /// RFC 4380, section 4.
    func addTeredo(_ value: Address, _ layer: Reader, _ offset: Int, _ context: inout Context) {
        guard value.high >> 32 == 0x2001_0000 else { return }
        addTeredo(own, value, layer, offset, [], &context)
        addTeredo(either.embedded, value, layer, offset, .hidden, &context)
    }

    /// A MAC address that is unique everywhere, in the interface identifier (RFC 4291, appendix A).
    func addMAC(_ value: Address, _ layer: Reader, _ offset: Int, _ context: inout Context) {
        let isGroup = value.high >> 56 == 0xff
        guard value.low >> 24 & 0xffff == 0xfffe, value.low >> 57 & 1 == 1, !isGroup else { return }
        let mac = (value.low >> 40 ^ 0x02_0000) << 24 | value.low & 0xff_ffff
        context.generated(own.mac, layer, offset + 8, 8, value: mac)
        context.generated(either.embedded.mac, layer, offset + 8, 8, value: mac, flags: .hidden)
    }

    /// RFC 5214, section 6.1.
    func addISATAP(_ value: Address, _ layer: Reader, _ offset: Int, _ context: inout Context) {
        guard value.low >> 32 & ~0x0300_0000 == 0x5efe else { return }
        context.generated(own.isatap, layer, offset + 12, 4, value: value.low & 0xffff_ffff)
        context.generated(either.embedded.isatap, layer, offset + 12, 4, value: value.low & 0xffff_ffff, flags: .hidden)
    }

    /// An IPv4 address behind the well-known prefix (RFC 6052, section 2.1).
    func addTranslated(_ value: Address, _ layer: Reader, _ offset: Int, _ context: inout Context) {
        guard value.high == 0x0064_ff9b_0000_0000, value.low >> 32 == 0 else { return }
        context.add(either.prefix, layer, offset, 12, flags: .generated)
        context.generated(own.translated, layer, offset + 12, 4, value: value.low & 0xffff_ffff)
        context.generated(either.embedded.translated, layer, offset + 12, 4, value: value.low & 0xffff_ffff)
    }

    private func addGateway(
        _ fields: IPv6EmbeddedFields, _ value: Address, _ layer: Reader, _ offset: Int, _ flags: Item.Flags, _ context: inout Context
    ) {
        context.generated(fields.gateway, layer, offset + 2, 4, value: value.high >> 16 & 0xffff_ffff, flags: flags)
        context.generated(fields.site, layer, offset + 6, 2, value: value.high & 0xffff, flags: flags)
    }

    /// Port and client address stand inverted, for translators that would change them.
    private func addTeredo(
        _ fields: IPv6EmbeddedFields, _ value: Address, _ layer: Reader, _ offset: Int, _ flags: Item.Flags, _ context: inout Context
    ) {
        context.generated(fields.teredoServer, layer, offset + 4, 4, value: value.high & 0xffff_ffff, flags: flags)
        context.generated(fields.teredoPort, layer, offset + 10, 2, value: ~value.low >> 32 & 0xffff, flags: flags)
        context.generated(fields.teredoClient, layer, offset + 12, 4, value: ~value.low & 0xffff_ffff, flags: flags)
    }
}
