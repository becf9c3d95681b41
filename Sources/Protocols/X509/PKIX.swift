import Dissection
import Wire

/// Extensions of the Internet's profile (RFC 3779, RFC 7633: module PKIX1Explicit).
struct PKIX1Explicit {
    let extensions: ASN1Type

    init(_ m: ASN1Module, _ r: inout Registrar) {
        let identifier = r.field("pkix1explicit.id", "Id", .objectIdentifier)
        extensions = .sequenceOf(Part(m.node("Extension", &r), .sequence([
            Part(identifier, .objectIdentifier), Part(m.flag("critical", &r), .boolean, isOptional: true), Part(nil, .openInOctets),
        ])))
        m.announce(["1.2.840.113549.1.9.14"], m.list("Extensions", &r), extensions, &r)
        m.announce(["1.3.6.1.5.5.7.2.1"], m.text("DirectoryString", &r), .string(.ia5), &r)
        let feature = r.field("pkix1explicit.Features_item", "Features item", .uint16, .decimal, strings: PKIXNames.tlsExtensions)
        m.announce(["1.3.6.1.5.5.7.1.24"], m.list("Features", &r), .sequenceOf(Part(feature, .unsigned)), &r)
        announceAddresses(m, &r)
        announceSystems(m, &r)
    }

    /// IPAddrBlocks (RFC 3779, section 2.2.3).
    private func announceAddresses(_ m: ASN1Module, _ r: inout Registrar) {
        let range = ASN1Type.sequence([Part(m.octets("min", &r), .bitString), Part(m.octets("max", &r), .bitString)])
        let prefixOrRange = ASN1Type.choice([
            Part(m.octets("addressPrefix", &r), .bitString), Part(m.node("addressRange", &r), range),
        ])
        let item = m.choice("IPAddressOrRange", ValueStrings([(0, "addressPrefix"), (1, "addressRange")]), &r)
        let choice = ASN1Type.choice([
            Part(m.node("inherit", &r), .null), Part(m.list("addressesOrRanges", &r), .sequenceOf(Part(item, prefixOrRange))),
        ])
        let family = ASN1Type.sequence([
            Part(m.octets("addressFamily", &r), .custom(AddressFamily(m.decoder, &r))),
            Part(m.choice("ipAddressChoice", ValueStrings([(0, "inherit"), (1, "addressesOrRanges")]), &r), choice),
        ])
        m.announce(["1.3.6.1.5.5.7.1.7"], m.list("IPAddrBlocks", &r), .sequenceOf(Part(m.node("IPAddressFamily", &r), family)), &r)
    }

    /// ASIdentifiers (RFC 3779, section 3.2.3).
    private func announceSystems(_ m: ASN1Module, _ r: inout Registrar) {
        let range = ASN1Type.sequence([Part(m.number("min", &r), .integer), Part(m.number("max", &r), .integer)])
        let numberOrRange = ASN1Type.choice([Part(m.number("id", &r), .integer), Part(m.node("range", &r), range)])
        let item = m.choice("ASIdOrRange", ValueStrings([(0, "id"), (1, "range")]), &r)
        let choice = ASN1Type.choice([
            Part(m.node("inherit", &r), .null), Part(m.list("asIdsOrRanges", &r), .sequenceOf(Part(item, numberOrRange))),
        ])
        let names = ValueStrings([(0, "inherit"), (1, "asIdsOrRanges")])
        let identifiers = ASN1Type.sequence([
            Part(m.choice("asnum", names, &r), choice, .explicit(0), isOptional: true),
            Part(m.choice("rdi", names, &r), choice, .explicit(1), isOptional: true),
        ])
        m.announce(["1.3.6.1.5.5.7.1.8"], m.node("ASIdentifiers", &r), identifiers, &r)
    }
}

/// The address family of IPAddrBlocks: its number, and what kind of routes where it says so.
private final class AddressFamily: ASN1CustomType {
    private let decoder: ASN1Decoder
    private let family, subsequent: FieldID
    let universalTag: UInt32? = 4

    init(_ decoder: ASN1Decoder, _ r: inout Registrar) {
        self.decoder = decoder
        family = r.field("pkix1explicit.addressfamily", "Address family(AFN)", .uint16, .decimal, strings: PKIXNames.addressFamilies)
        subsequent = r.field("pkix1explicit.addressfamily.safi", "Subsequent Address Family Identifiers (SAFI)", .uint16, .decimal)
    }

    func decode(_ value: ASN1Value, _ field: FieldID?, _ walk: inout ASN1Walk, _ context: inout Context) throws(DissectionError) {
        var contents = value.contents
        try decoder.requireAll(of: value)
        if let field { context.add(field, contents, contents.start, contents.remaining) }
        context.open()
        defer { context.close() }
        try context.uint16(family, &contents)
        guard contents.has(1) else { return }
        context.add(subsequent, contents, contents.offset, 1, value: UInt64(contents.bytes[contents.offset]))
    }
}

/// Where an authority offers more, and what a user is to be told (RFC 5280, sections 4.2.2.1 and 4.2.1.4: module PKIX1Implicit).
struct PKIX1Implicit {
    let accessDescriptions: ASN1Type

    init(_ m: ASN1Module, generalName: ASN1Type, _ r: inout Registrar) {
        let description = ASN1Type.sequence([
            Part(m.identifier("accessMethod", &r), .objectIdentifier), Part(m.choice("accessLocation", nil, &r), generalName),
        ])
        accessDescriptions = .sequenceOf(Part(m.node("AccessDescription", &r), description))
        m.announce(["1.3.6.1.5.5.7.1.1"], m.list("AuthorityInfoAccessSyntax", &r), accessDescriptions, &r)
        let text = ASN1Type.choice([
            Part(m.text("ia5String", &r), .string(.ia5)), Part(m.text("visibleString", &r), .string(.visible)),
            Part(m.text("bmpString", &r), .string(.bmp)), Part(m.text("utf8String", &r), .string(.utf8)),
        ])
        let textNames = ValueStrings([(0, "ia5String"), (1, "visibleString"), (2, "bmpString"), (3, "utf8String")])
        let reference = ASN1Type.sequence([
            Part(m.choice("organization", textNames, &r), text),
            Part(m.list("noticeNumbers", &r), .sequenceOf(Part(m.number("noticeNumbers_item", &r), .integer))),
        ])
        let notice = ASN1Type.sequence([
            Part(m.node("noticeRef", &r), reference, isOptional: true), Part(m.choice("explicitText", textNames, &r), text, isOptional: true),
        ])
        m.announce(["1.3.6.1.5.5.7.2.2"], m.node("UserNotice", &r), notice, &r)
    }
}
