import Dissection

typealias Part = ASN1Component

/// Registers the fields and types of one ASN.1 module: the names of its fields begin with the module's.
struct ASN1Module {
    let decoder: ASN1Decoder
    let name: StaticString
    let proto: ProtocolID

    init(_ decoder: ASN1Decoder, _ name: StaticString, _ proto: ProtocolID) {
        self.decoder = decoder
        self.name = name
        self.proto = proto
    }

    private func field(
        _ field: StaticString, _ type: FieldType, _ base: FieldBase, strings: ValueStrings? = nil, _ r: inout Registrar
    ) -> FieldID {
        r.field("\(name).\(field)", "\(field)".asASN1Name, type, base, strings: strings)
    }

    /// What has no value but its parts.
    func node(_ name: StaticString, _ r: inout Registrar) -> FieldID {
        r.field("\(self.name).\(name)_element", "\(name)".asASN1Name, .none)
    }

    /// A list, with the number of its values.
    func list(_ name: StaticString, _ r: inout Registrar) -> FieldID {
        r.field("\(self.name).\(name)", "\(name)".asASN1Name, .uint32, .decimal) { count, text in
            text.append(decimal: count)
            text.append(count == 1 ? " item" : " items")
        }
    }

    /// A choice, with the number of its alternative.
    func choice(_ name: StaticString, _ alternatives: ValueStrings?, _ r: inout Registrar) -> FieldID {
        field(name, .uint32, .decimal, strings: alternatives, &r)
    }

    func octets(_ name: StaticString, _ r: inout Registrar) -> FieldID { field(name, .bytes, .none, &r) }
    func text(_ name: StaticString, _ r: inout Registrar) -> FieldID { field(name, .string, .none, &r) }
    func identifier(_ name: StaticString, _ r: inout Registrar) -> FieldID { field(name, .objectIdentifier, .none, &r) }
    func time(_ name: StaticString, named title: StaticString? = nil, _ r: inout Registrar) -> FieldID {
        r.field("\(self.name).\(name)", "\(title ?? name)", .absoluteTime, .local)
    }
    func flag(_ name: StaticString, _ r: inout Registrar) -> FieldID { field(name, .boolean, .none, &r) }
    func number(_ name: StaticString, _ r: inout Registrar, strings: ValueStrings? = nil) -> FieldID {
        field(name, .int32, .decimal, strings: strings, &r)
    }
    func unsigned(_ name: StaticString, _ r: inout Registrar) -> FieldID { field(name, .uint64, .decimal, &r) }

    /// The named bits of a BIT STRING, from the first on.
    func bits(_ type: StaticString, _ names: [StaticString], _ r: inout Registrar) -> ASN1Type {
        .bitString(names.enumerated().map { index, bit in
            r.field("\(name).\(type).\(bit)", "\(bit)", .boolean, mask: 0x80 >> UInt64(index % 8), wordBits: 8)
        })
    }

    /// Lets object identifiers announce values of a type.
    func announce(_ identifiers: [String], _ field: FieldID?, _ type: ASN1Type, _ r: inout Registrar) {
        r.add(r.partDissector(ASN1Dissector(decoder, field, type), proto), to: "ber.oid", texts: identifiers)
    }
}

extension String {
    /// `RDNSequence_item` is named "RDNSequence item", and other underscores stand for hyphens.
    fileprivate var asASN1Name: String {
        let isItem = utf8.suffix(5).elementsEqual("_item".utf8)
        let hyphenated = String(decoding: utf8.dropLast(isItem ? 5 : 0).map { $0 == 0x5f ? 0x2d : $0 }, as: UTF8.self)
        return isItem ? "\(hyphenated) item" : hyphenated
    }
}
