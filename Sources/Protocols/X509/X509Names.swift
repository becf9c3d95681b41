import Dissection
import Registries
import Wire

/// Names of the directory (X.501, module InformationFramework; RFC 5280, section 4.1.2.4).
struct X509Names {
    /// A name shown as field `rdnSequence` of this module.
    let name: ASN1Type
    let relativeDistinguishedName: ASN1Type
    let distinguishedName: ASN1Type
    let attribute: ASN1Type
    /// The field of an attribute's type.
    let attributeType: FieldID
    static let choiceNames = ValueStrings([(0, "rdnSequence")])

    init(_ m: ASN1Module, _ r: inout Registrar) {
        attributeType = r.field("x509if.oid", "Object Id", .objectIdentifier)
        let pair = AttributePair(m.decoder, attributeType)
        relativeDistinguishedName = .custom(RelativeName(m.decoder, Part(m.node("RelativeDistinguishedName_item", &r), .custom(pair))))
        distinguishedName = .custom(NameSequence(m.decoder, Part(m.list("RDNSequence_item", &r), relativeDistinguishedName)))
        name = .choice([Part(m.list("rdnSequence", &r), distinguishedName)])
        attribute = .sequence([
            Part(attributeType, .objectIdentifier), Part(m.list("values", &r), .setOf(Part(nil, .open))),
        ])
        m.announce(
            [
                "2.5.4.1", "2.5.4.31", "2.5.4.32", "2.5.4.33", "2.5.4.34", "2.5.4.49", "2.5.18.3", "2.5.18.4", "2.5.18.10", "2.5.18.11",
                "2.5.18.12", "2.5.18.13",
            ], m.list("DistinguishedName", &r), distinguishedName, &r)
    }
}

/// AttributeTypeAndValue: its item is followed by `(id-at-commonName=a)`.
private final class AttributePair: ASN1CustomType {
    private let decoder: ASN1Decoder
    private let identifier: FieldID
    let universalTag: UInt32? = 16

    init(_ decoder: ASN1Decoder, _ identifier: FieldID) {
        self.decoder = decoder
        self.identifier = identifier
    }

    func decode(_ value: ASN1Value, _ field: FieldID?, _ walk: inout ASN1Walk, _ context: inout Context) throws(DissectionError) {
        walk.lastName = ArenaRange(offset: 0, byteCount: 0)
        walk.objectIdentifier = nil
        let start = value.shownStart
        let item = field.map { context.add($0, value.reader, start, value.shownByteCount(from: start)) } ?? .none
        context.open()
        defer { context.close() }
        var reader = value.contents
        guard !reader.isAtEnd else { return }
        try decoder.decode(.objectIdentifier, identifier, &reader, &walk, &context)
        guard !reader.isAtEnd, let type = walk.objectIdentifier else { return }
        let element = try reader.element()
        try decoder.decode(.open, nil, ASN1Value(element: element, isImplicit: false, reader: reader), &walk, &context)
        guard context.wantsLabels else { return }
        let begin = context.text.count
        context.text.append(objectIdentifierName: reader.captured(type.offset, type.byteCount))
        context.text.append("=")
        context.text.append(nameText: element, reader.contents(element).capturedBytes)
        walk.lastName = ArenaRange(offset: UInt32(begin), byteCount: UInt32(context.text.count - begin))
        context.appendName(walk.lastName, to: item)
        try decoder.requireAll(of: value)
    }
}

/// RelativeDistinguishedName: a set of pairs.
private final class RelativeName: ASN1CustomType {
    /// Bytes of one part of a name as text, at most.
    private static let byteLimit = 127

    private let decoder: ASN1Decoder
    private let pair: ASN1Component
    let universalTag: UInt32? = 17

    init(_ decoder: ASN1Decoder, _ pair: ASN1Component) {
        self.decoder = decoder
        self.pair = pair
    }

    func decode(_ value: ASN1Value, _ field: FieldID?, _ walk: inout ASN1Walk, _ context: inout Context) throws(DissectionError) {
        let item = field.map { decoder.addList($0, value, &context) } ?? .none
        context.open()
        defer { context.close() }
        var name = ArenaRange(offset: 0, byteCount: 0)
        var reader = value.contents
        while !reader.isAtEnd {
            let element = try reader.element()
            try decoder.component(pair, element, reader, item, &walk, &context)
            name = context.joined(name, walk.lastName, "+", limit: Self.byteLimit)
            try decoder.advance(&reader, behind: element)
        }
        walk.lastName = name
        context.appendName(name, to: item)
        try decoder.requireAll(of: value)
    }
}

/// RDNSequence: shown from its last part to its first, as RFC 4514 has it.
private final class NameSequence: ASN1CustomType {
    private let decoder: ASN1Decoder
    private let part: ASN1Component
    let universalTag: UInt32? = 16

    init(_ decoder: ASN1Decoder, _ part: ASN1Component) {
        self.decoder = decoder
        self.part = part
    }

    func decode(_ value: ASN1Value, _ field: FieldID?, _ walk: inout ASN1Walk, _ context: inout Context) throws(DissectionError) {
        let item = field.map { decoder.addList($0, value, &context) } ?? .none
        if field != nil { context.open() }
        defer { if field != nil { context.close() } }
        var name = ArenaRange(offset: 0, byteCount: 0)
        var reader = value.contents
        while !reader.isAtEnd {
            let element = try reader.element()
            try decoder.component(part, element, reader, item, &walk, &context)
            name = context.joined(walk.lastName, name, ",", limit: Context.labelByteLimit * 4)
            try decoder.advance(&reader, behind: element)
        }
        walk.lastName = name
        context.appendName(name, to: item)
        try decoder.requireAll(of: value)
    }
}

/// A name inside another protocol: its parts stand at the depth that is open, and its text follows the label of the item there.
final class NameDissector: Dissector {
    private let decoder: ASN1Decoder
    private let type: ASN1Type

    init(_ decoder: ASN1Decoder, _ type: ASN1Type) {
        self.decoder = decoder
        self.type = type
    }

    func dissect(_ reader: inout Reader, _ context: inout Context) throws(DissectionError) {
        let last = context.itemCount - 1
        let isInside = last >= 0 && context.item(last).depth &+ 1 == context.depth
        let item = isInside ? ItemRef(index: Int32(truncatingIfNeeded: last)) : .none
        var walk = ASN1Walk()
        try decoder.decode(type, nil, &reader, &walk, &context)
        context.appendLabel(item) { $0.append(":") }
        context.appendName(walk.lastName, to: item)
    }
}

extension Context {
    /// ` (id-at-commonName=a,id-at-countryName=DE)`
    mutating func appendName(_ name: ArenaRange, to item: ItemRef) {
        appendLabel(item) {
            $0.append(" (")
            $0.appendCopy(of: name.range)
            $0.append(")")
        }
    }

    /// Two parts of a name with a sign between them, cut to `limit` bytes; what is empty needs no sign.
    fileprivate mutating func joined(_ first: ArenaRange, _ second: ArenaRange, _ sign: StaticString, limit: Int) -> ArenaRange {
        if !wantsLabels { return first }
        let begin = text.count
        text.appendCopy(of: first.range)
        if first.byteCount > 0, second.byteCount > 0 { text.append(sign) }
        text.appendCopy(of: second.range)
        if text.count - begin > limit {
            var end = begin + limit
            while end > begin, text.bytes[end] & 0xc0 == 0x80 { end -= 1 }
            text.truncate(to: end)
        }
        return ArenaRange(offset: UInt32(begin), byteCount: UInt32(text.count - begin))
    }
}

extension TextBuffer {
    /// A string as a part of a name; nothing for what is none.
    fileprivate mutating func append(nameText element: BERElement, _ bytes: ByteView) {
        guard element.tagClass == .universal, !element.isConstructed else { return }
        if let kind = ASN1StringKind(rawValue: element.tag) { return append(bytes, as: kind) }
        if element.tag == 4 { append(bytes) }
    }
}
