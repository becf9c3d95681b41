import Dissection

/// Types of the attributes that names are made of (X.520, module SelectedAttributeTypes).
struct X509Attributes {
    let directoryString: ASN1Type
    let directoryStringField: FieldID
    static let directoryStringNames = ValueStrings([
        (0, "teletexString"), (1, "printableString"), (2, "universalString"), (3, "bmpString"), (4, "uTF8String"),
    ])

    init(_ m: ASN1Module, _ r: inout Registrar) {
        directoryString = .choice([
            Part(m.text("teletexString", &r), .string(.teletex)), Part(m.text("printableString", &r), .string(.printable)),
            Part(m.text("universalString", &r), .string(.universal)), Part(m.text("bmpString", &r), .string(.bmp)),
            Part(m.text("uTF8String", &r), .string(.utf8)),
        ])
        directoryStringField = m.choice("DirectoryString", Self.directoryStringNames, &r)
        m.announce(Self.directoryStrings, directoryStringField, directoryString, &r)
        announceStrings(m, &r)
        m.announce(["2.5.4.16", "2.5.4.26"], m.list("PostalAddress", &r), .sequenceOf(Part(directoryStringField, directoryString)), &r)
        announceOthers(m, &r)
    }

    private static let directoryStrings = [
        "1.2.840.113549.1.9.7", "1.2.840.113549.1.9.8", "1.2.840.113549.1.9.13", "1.3.6.1.4.1.311.60.2.1.1", "1.3.6.1.4.1.311.60.2.1.2",
        "1.3.6.1.5.5.7.9.2", "2.5.4.2", "2.5.4.3", "2.5.4.4", "2.5.4.7", "2.5.4.8", "2.5.4.9", "2.5.4.10", "2.5.4.11", "2.5.4.12",
        "2.5.4.13", "2.5.4.15", "2.5.4.17", "2.5.4.18", "2.5.4.19", "2.5.4.41", "2.5.4.42", "2.5.4.43", "2.5.4.44", "2.5.4.51",
        "2.5.4.54", "2.5.4.65", "2.16.840.1.113730.3.1.1", "2.16.840.1.113730.3.1.2", "2.16.840.1.113730.3.1.3",
        "2.16.840.1.113730.3.1.4", "2.16.840.1.113730.3.1.39", "2.16.840.1.113730.3.1.241",
    ]

    private func announceStrings(_ m: ASN1Module, _ r: inout Registrar) {
        let printable = ASN1Type.string(.printable)
        m.announce(
            ["2.5.4.6", "1.3.6.1.4.1.311.60.2.1.3", "1.3.6.1.5.5.7.9.4", "1.3.6.1.5.5.7.9.5"], m.text("CountryName", &r), printable, &r)
        m.announce(["2.5.4.5", "2.5.4.46", "1.3.6.1.5.5.7.9.3"], m.text("PrintableString", &r), printable, &r)
        m.announce(["1.2.840.113549.1.9.1", "0.9.2342.19200300.100.1.25"], m.text("IA5String", &r), .string(.ia5), &r)
        m.announce(["1.3.6.1.4.1.311.20.2.3"], m.text("UTF8String", &r), .string(.utf8), &r)
        m.announce(
            ["1.2.840.113549.1.9.20", "1.3.6.1.4.1.311.17.1", "1.3.6.1.4.1.311.20.2"], m.text("BMPString", &r), .string(.bmp), &r)
        m.announce(["2.5.4.20"], m.text("TelephoneNumber", &r), printable, &r)
        m.announce(["2.5.4.27"], m.text("DestinationIndicator", &r), printable, &r)
        m.announce(["2.5.4.24"], m.text("X121Address", &r), .string(.numeric), &r)
        m.announce(["2.5.4.25"], m.text("InternationalISDNNumber", &r), .string(.numeric), &r)
    }

    private func announceOthers(_ m: ASN1Module, _ r: inout Registrar) {
        m.announce(["2.5.4.45"], m.octets("UniqueIdentifier", &r), .bitString, &r)
        m.announce(
            ["2.5.4.35", "1.2.840.113549.1.9.21", "1.2.840.113549.1.9.25.3", "1.3.6.1.4.1.311.21.2"], m.octets("OctetString", &r), .octetString, &r)
        m.announce(["1.2.840.113549.1.9.25.4", "1.3.6.1.4.1.311.21.1", "1.3.6.1.4.1.311.21.3"], m.number("Integer", &r), .integer, &r)
        m.announce(
            ["2.5.4.0", "2.5.4.30", "2.5.4.52", "2.5.4.56", "2.5.4.66", "2.5.4.67", "2.5.18.5", "2.5.18.7", "2.5.24.1"],
            m.identifier("ObjectIdentifier", &r), .objectIdentifier, &r)
        m.announce(["1.3.6.1.5.5.7.9.1", "2.5.18.1", "2.5.18.2", "2.5.18.8"], m.time("GeneralizedTime", &r), .generalizedTime, &r)
        m.announce(["1.3.6.1.4.1.311.21.4"], m.text("UTCTime", &r), .utcTime, &r)
        m.announce(["2.5.18.9"], m.flag("Boolean", &r), .boolean, &r)
    }
}
