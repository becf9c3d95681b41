import Dissection
import Wire

/// The record types whose data is a list of parts, one behind the other.
struct DNSLayouts: Sendable {
    struct Layout: Sendable {
        let parts: [Part]
        /// How many of the parts are shown in the record's heading.
        let shownCount: Int
        /// Whether the Info column shows the record's owner once more.
        let showsOwner: Bool

        init(parts: [Part], showsOwner: Bool = false) {
            self.parts = parts
            self.showsOwner = showsOwner
            shownCount = parts.count { $0.prefix != nil }
        }
    }

    struct Part: Sendable {
        enum Kind: Sendable {
            case uint8, uint16, uint32, time, ipv4, ipv6, ethernet, eui64, name
            /// A character-string; the field of its length.
            case text(length: FieldID)
            /// The next so many bytes.
            case bytes(Int)
            /// All that is left, if there is any.
            case rest
            /// All that is left, as text.
            case restText
        }

        let kind: Kind
        let field: FieldID
        /// What stands before the value in the record's heading; nil for a value that is not shown there.
        var prefix: StaticString?
    }

    /// By record type.
    let layouts: [UInt16: Layout]

    /// Seconds, and what they are in larger units.
    static let durationLabel: ValueLabel = { seconds, out in
        out.append(decimal: seconds)
        out.append(" (")
        out.append(duration: seconds)
        out.append(")")
    }

    init(registering r: inout Registrar) {
        var layouts = Self.basic(&r)
        layouts.merge(Self.early(&r)) { $1 }
        layouts.merge(Self.security(&r)) { $1 }
        layouts.merge(Self.later(&r)) { $1 }
        self.layouts = layouts
    }

    /// RFC 1035, section 3.3; RFC 3596; RFC 2782; RFC 6672.
    private static func basic(_ r: inout Registrar) -> [UInt16: Layout] {
        [
            1: Layout(parts: [.ipv4("dns.a", "Address", ", addr ", &r)]),
            2: Layout(parts: [.name("dns.ns", "Name Server", ", ns ", &r)]),
            5: Layout(parts: [.name("dns.cname", "CNAME", ", cname ", &r)]),
            6: Layout(parts: [
                .name("dns.soa.mname", "Primary name server", ", mname ", &r),
                .name("dns.soa.rname", "Responsible authority's mailbox", nil, &r),
                .number(.uint32, "dns.soa.serial_number", "Serial Number", &r),
                .number(.uint32, "dns.soa.refresh_interval", "Refresh Interval", label: durationLabel, &r),
                .number(.uint32, "dns.soa.retry_interval", "Retry Interval", label: durationLabel, &r),
                .number(.uint32, "dns.soa.expire_limit", "Expire limit", label: durationLabel, &r),
                .number(.uint32, "dns.soa.minimum_ttl", "Minimum TTL", label: durationLabel, &r),
            ]),
            12: Layout(parts: [.name("dns.ptr.domain_name", "Domain Name", ", ", &r)]),
            13: Layout(parts: [
                .text("dns.hinfo.cpu", "CPU", length: "dns.hinfo.cpu_length", "CPU Length", ", CPU ", &r),
                .text("dns.hinfo.os", "OS", length: "dns.hinfo.os_length", "OS Length", ", OS ", &r),
            ]),
            15: Layout(parts: [
                .number(.uint16, "dns.mx.preference", "Preference", prefix: ", preference ", &r),
                .name("dns.mx.mail_exchange", "Mail Exchange", ", mx ", &r),
            ]),
            28: Layout(parts: [.ipv6("dns.aaaa", "AAAA Address", ", addr ", &r)]),
            33: Layout(parts: [
                .number(.uint16, "dns.srv.priority", "Priority", prefix: ", priority ", &r),
                .number(.uint16, "dns.srv.weight", "Weight", prefix: ", weight ", &r),
                .number(.uint16, "dns.srv.port", "Port", prefix: ", port ", &r),
                .name("dns.srv.target", "Target", ", target ", &r),
            ]),
            39: Layout(parts: [.name("dns.dname", "Dname", ", dname ", &r)]),
        ]
    }

    /// RFC 1035, section 3.3; RFC 1183; RFC 1706; RFC 1712; RFC 2163; RFC 2230.
    private static func early(_ r: inout Registrar) -> [UInt16: Layout] {
        [
            3: Layout(parts: [.name("dns.md", "Mail Destination", nil, &r)], showsOwner: true),
            4: Layout(parts: [.name("dns.mf", "Mail Forwarder", nil, &r)], showsOwner: true),
            7: Layout(parts: [.name("dns.mb", "MailBox Domaine", nil, &r)], showsOwner: true),
            8: Layout(parts: [.name("dns.mg", "Mail Group member", nil, &r)], showsOwner: true),
            9: Layout(parts: [.name("dns.mr", "Mail Rename domaine", nil, &r)], showsOwner: true),
            10: Layout(parts: [.rest("dns.null", "Null (data)", &r)], showsOwner: true),
            14: Layout(parts: [
                .name("dns.minfo.r", "Responsible Mailbox", nil, &r),
                .name("dns.minfo.e", "Error Mailbox", nil, &r),
            ], showsOwner: true),
            17: Layout(parts: [.name("dns.rp.mailbox", "Mailbox", nil, &r), .name("dns.rp.txt_rr", "TXT RR", nil, &r)], showsOwner: true),
            18: Layout(parts: [
                .number(.uint16, "dns.afsdb.subtype", "Subtype", &r),
                .name("dns.afsdb.hostname", "Hostname", nil, &r),
            ], showsOwner: true),
            19: Layout(parts: [.text("dns.x25.psdn_address", "PSDN-Address", length: "dns.x25.length", "Length", nil, &r)], showsOwner: true),
            21: Layout(parts: [
                .number(.uint16, "dns.rt.subtype", "Preference", &r),
                .name("dns.rt.intermediate_host", "Intermediate Hostname", nil, &r),
            ], showsOwner: true),
            22: Layout(parts: [.rest("dns.nsap.rdata", "NSAP Data", &r)], showsOwner: true),
            23: Layout(parts: [.name("dns.nsap_ptr.owner", "Owner", nil, &r)], showsOwner: true),
            26: Layout(parts: [
                .number(.uint16, "dns.px.preference", "Preference", &r),
                .name("dns.px.map822", "MAP822", nil, &r),
                .name("dns.px.map400", "MAPX400", nil, &r),
            ], showsOwner: true),
            27: Layout(parts: [
                .text("dns.gpos.longitude", "Longitude", length: "dns.gpos.longitude_length", "Longitude length", nil, &r),
                .text("dns.gpos.latitude", "Latitude", length: "dns.gpos.latitude_length", "Latitude length", nil, &r),
                .text("dns.gpos.altitude", "Altitude", length: "dns.gpos.altitude_length", "Altitude length", nil, &r),
            ], showsOwner: true),
            36: Layout(parts: [
                .number(.uint16, "dns.kx.preference", "Preference", prefix: ", preference ", &r),
                .name("dns.kx.key_exchange", "Key Exchange", ", kx ", &r),
            ]),
        ]
    }

    /// RFC 4034; RFC 4255; RFC 4398; RFC 4701; RFC 6698; RFC 7929; RFC 8976.
    private static func security(_ r: inout Registrar) -> [UInt16: Layout] {
        let delegation = Layout(parts: [
            .number(.uint16, "dns.ds.key_id", "Key id", base: .hex, &r),
            .number(.uint8, "dns.ds.algorithm", "Algorithm", strings: DNSValues.algorithms, &r),
            .number(.uint8, "dns.ds.digest_type", "Digest Type", strings: DNSValues.digests, &r),
            .rest("dns.ds.digest", "Digest", &r),
        ])
        let signature = Layout(parts: [
            .number(.uint16, "dns.rrsig.type_covered", "Type Covered", strings: DNSValues.types, &r),
            .number(.uint8, "dns.rrsig.algorithm", "Algorithm", strings: DNSValues.algorithms, &r),
            .number(.uint8, "dns.rrsig.labels", "Labels", &r),
            .number(.uint32, "dns.rrsig.original_ttl", "Original TTL", label: durationLabel, &r),
            .time("dns.rrsig.signature_expiration", "Signature Expiration", &r),
            .time("dns.rrsig.signature_inception", "Signature Inception", &r),
            .number(.uint16, "dns.rrsig.key_tag", "Key Tag", &r),
            .name("dns.rrsig.signers_name", "Signer's name", nil, &r),
            .rest("dns.rrsig.signature", "Signature", &r),
        ])
        let certificate = Layout(parts: [
            .number(.uint16, "dns.cert.type", "Type", strings: DNSValues.certificateTypes, &r),
            .number(.uint16, "dns.cert.key_tag", "Key Tag", base: .hex, &r),
            .number(.uint8, "dns.cert.algorithm", "Algorithm", strings: DNSValues.algorithms, &r),
            .rest("dns.cert.certificate", "Certificate (or CRL)", &r),
        ])
        let fingerprint = Layout(parts: [
            .number(.uint8, "dns.sshfp.algorithm", "Algorithm", strings: DNSValues.shellKeyAlgorithms, &r),
            .number(.uint8, "dns.sshfp.fingerprint.type", "Fingerprint type", strings: DNSValues.fingerprints, &r),
            .rest("dns.sshfp.fingerprint", "Fingerprint", &r),
        ])
        let association = Layout(parts: [
            .number(.uint8, "dns.tlsa.certificate_usage", "Certificate Usage", strings: DNSValues.certificateUsages, &r),
            .number(.uint8, "dns.tlsa.selector", "Selector", strings: DNSValues.certificateSelectors, &r),
            .number(.uint8, "dns.tlsa.matching_type", "Matching Type", strings: DNSValues.certificateMatchings, &r),
            .rest("dns.tlsa.certificate_association_data", "Certificate Association Data", &r),
        ], showsOwner: true)
        let zoneDigest = Layout(parts: [
            .number(.uint32, "dns.zonemd.serial", "Serial", &r),
            .number(.uint8, "dns.zonemd.scheme", "Scheme", strings: DNSValues.digestSchemes, &r),
            .number(.uint8, "dns.zonemd.hash_algo", "Hash Algorithm", strings: DNSValues.zoneHashes, &r),
            .rest("dns.zonemd.digest", "Digest", &r),
        ])
        return [
            24: signature, 46: signature, 37: certificate, 43: delegation, 59: delegation, 32769: delegation, 44: fingerprint,
            49: Layout(parts: [.rest("dns.dhcid.rdata", "DHCID Data", &r)], showsOwner: true),
            52: association,
            61: Layout(parts: [.restText("dns.openpgpkey", "OpenPGP Key", &r)]),
            63: zoneDigest,
        ]
    }

    /// RFC 6742; RFC 7043.
    private static func later(_ r: inout Registrar) -> [UInt16: Layout] {
        [
            104: Layout(parts: [
                .number(.uint16, "dns.ilnp.nid.preference", "Preference", &r),
                .bytes("dns.ilnp.nid", "NodeID", 8, &r),
            ]),
            105: Layout(parts: [
                .number(.uint16, "dns.ilnp.l32.preference", "Preference", &r),
                .ipv4("dns.ilnp.l32", "Locator32", nil, &r),
            ]),
            106: Layout(parts: [
                .number(.uint16, "dns.ilnp.l64.preference", "Preference", &r),
                .bytes("dns.ilnp.l64", "Locator64", 8, &r),
            ]),
            107: Layout(parts: [
                .number(.uint16, "dns.ilnp.lp.preference", "Preference", &r),
                .name("dns.ilnp.lp", "Locator FQDN", nil, &r),
            ]),
            108: Layout(parts: [Part(kind: .ethernet, field: r.field("dns.eui48", "EUI48 Address", .ethernet))]),
            109: Layout(parts: [Part(kind: .eui64, field: r.field("dns.eui64", "EUI64 Address", .eui64))]),
        ]
    }
}

extension DNSLayouts.Part {
    static func name(_ abbreviation: String, _ title: String, _ prefix: StaticString?, _ r: inout Registrar) -> Self {
        Self(kind: .name, field: r.field(abbreviation, title, .string), prefix: prefix)
    }

    static func ipv4(_ abbreviation: String, _ title: String, _ prefix: StaticString?, _ r: inout Registrar) -> Self {
        Self(kind: .ipv4, field: r.field(abbreviation, title, .ipv4), prefix: prefix)
    }

    static func ipv6(_ abbreviation: String, _ title: String, _ prefix: StaticString?, _ r: inout Registrar) -> Self {
        Self(kind: .ipv6, field: r.field(abbreviation, title, .ipv6), prefix: prefix)
    }

    static func text(
        _ abbreviation: String, _ title: String, length: String, _ lengthTitle: String, _ prefix: StaticString?, _ r: inout Registrar
    ) -> Self {
        let lengthField = r.field(length, lengthTitle, .uint8, .decimal)
        return Self(kind: .text(length: lengthField), field: r.field(abbreviation, title, .string), prefix: prefix)
    }

    static func number(
        _ kind: Kind, _ abbreviation: String, _ title: String, prefix: StaticString? = nil, base: FieldBase = .decimal,
        strings: ValueStrings? = nil, label: ValueLabel? = nil, _ r: inout Registrar
    ) -> Self {
        let type: FieldType = switch kind {
        case .uint8: .uint8
        case .uint16: .uint16
        default: .uint32
        }
        return Self(kind: kind, field: r.field(abbreviation, title, type, base, strings: strings, label: label), prefix: prefix)
    }

    /// Seconds since 1970 as an unsigned 32-bit number.
    static func time(_ abbreviation: String, _ title: String, _ r: inout Registrar) -> Self {
        Self(kind: .time, field: r.field(abbreviation, title, .absoluteTime, .local))
    }

    static func bytes(_ abbreviation: String, _ title: String, _ count: Int, _ r: inout Registrar) -> Self {
        Self(kind: .bytes(count), field: r.field(abbreviation, title, .bytes))
    }

    static func rest(_ abbreviation: String, _ title: String, _ r: inout Registrar) -> Self {
        Self(kind: .rest, field: r.field(abbreviation, title, .bytes))
    }

    static func restText(_ abbreviation: String, _ title: String, _ r: inout Registrar) -> Self {
        Self(kind: .restText, field: r.field(abbreviation, title, .string))
    }
}

extension DNSData {
    /// Reads one part and adds it.
    mutating func add(_ part: DNSLayouts.Part, _ context: inout Context) throws(DissectionError) {
        switch part.kind {
        case .uint8: try number(part, UInt64(context.uint8(part.field, &reader)))
        case .uint16: try number(part, UInt64(context.uint16(part.field, &reader)))
        case .uint32: try number(part, UInt64(context.uint32(part.field, &reader)))
        case .time: try time(part.field, &context)
        case .ipv4:
            let address = try ipv4(part.field, &context)
            if let prefix = part.prefix { summary.add(prefix, ipv4: address) }
        case .ipv6:
            let offset = reader.offset
            try ipv6(part.field, &context)
            if let prefix = part.prefix { summary.add(prefix, ipv6: reader.bytes.uint64(offset), reader.bytes.uint64(offset + 8)) }
        case .ethernet:
            let value = try reader.uint48()
            context.add(part.field, reader, reader.offset - 6, 6, value: value)
        case .eui64: try eui64(part.field, &context)
        case .name:
            let name = try name(part.field, &context)
            if let prefix = part.prefix { summary.add(prefix, name) }
        case .text(let length):
            let bytes = try text(length, part.field, &context)
            if let prefix = part.prefix { summary.add(prefix, bytes: bytes) }
        case .bytes(let count): try bytes(part.field, count, &context)
        case .rest: try rest(part.field, &context)
        case .restText:
            let (offset, count) = (reader.offset, remaining)
            try reader.skip(count)
            context.string(part.field, reader, offset, count, flags: .ascii)
        }
    }

    private mutating func number(_ part: DNSLayouts.Part, _ value: UInt64) {
        if let prefix = part.prefix { summary.add(prefix, number: value) }
    }

    /// Reads seconds since 1970 and adds them.
    mutating func time(_ field: FieldID, _ context: inout Context) throws(DissectionError) {
        let seconds = try reader.uint32()
        context.add(field, reader, reader.offset - 4, 4, value: UInt64(seconds) * 1_000_000_000)
    }

    private mutating func eui64(_ field: FieldID, _ context: inout Context) throws(DissectionError) {
        let value = try context.uint64(field, &reader)
        guard context.wants(field) else { return }
        context.valueLabel(ItemRef(index: Int32(context.itemCount - 1))) {
            $0.append(eui64: value)
            $0.append(" (")
            $0.append(eui64: value)
            $0.append(")")
        }
    }
}

extension TextBuffer {
    /// `1 day, 2 hours, 3 minutes, 4 seconds`
    mutating func append(duration seconds: UInt64) {
        let parts: [(UInt64, StaticString)] = [
            (seconds / 86400, " day"), (seconds / 3600 % 24, " hour"), (seconds / 60 % 60, " minute"), (seconds % 60, " second"),
        ]
        guard seconds > 0 else { return append("0 seconds") }
        var isFirst = true
        for (count, unit) in parts where count > 0 {
            if !isFirst { append(", ") }
            isFirst = false
            append(decimal: count)
            append(unit)
            if count != 1 { append("s") }
        }
    }
}
