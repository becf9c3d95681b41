import Dissection
import Wire

/// Decodes values by their types. What is of another type than expected is said so, and left out.
final class ASN1Decoder: Sendable {
    let ber: BERFields
    /// Dissectors of values by the object identifier that announces them.
    let openTypes: TableID
    /// Object identifiers that announce nothing, or NULL: those of algorithms without parameters.
    let withoutValue: ByteKeys

    init(_ ber: BERFields, openTypes: TableID, withoutValue: [StaticString]) {
        self.ber = ber
        self.openTypes = openTypes
        self.withoutValue = ByteKeys(withoutValue.map { ObjectIdentifierText.contents("\($0)") ?? [] })
    }

    /// Decodes the value that a reader stands at, with its own tag.
    func decode(
        _ type: ASN1Type, _ field: FieldID?, _ reader: inout Reader, _ walk: inout ASN1Walk, _ context: inout Context
    ) throws(DissectionError) {
        let element = try reader.element()
        try decode(type, field, ASN1Value(element: element, isImplicit: false, reader: reader), &walk, &context)
        try advance(&reader, behind: element)
    }

    func decode(
        _ type: ASN1Type, _ field: FieldID?, _ value: ASN1Value, _ walk: inout ASN1Walk, _ context: inout Context
    ) throws(DissectionError) {
        guard walk.depth < ASN1Walk.depthLimit, context.depth < ASN1Walk.treeDepthLimit else { throw DissectionError(.limit, offset: value.element.start, byteCount: 0) }
        walk.depth += 1
        defer { walk.depth -= 1 }
        // What is announced inside a structure says nothing of the one around it.
        let outer = walk.objectIdentifier
        if type.isStructure { walk.objectIdentifier = nil }
        defer { if type.isStructure { walk.objectIdentifier = outer } }
        if !value.isImplicit, !type.takesAnyTag, !type.accepts(value.element) { return complain(type, field, value, &walk, &context) }
        switch type.kind {
        case .sequence(let components): try sequence(components, field, value, &walk, &context)
        case .set(let components): try set(components, field, value, &walk, &context)
        case .sequenceOf(let component), .setOf(let component): try list(component, field, value, &walk, &context)
        case .choice(let alternatives): try choice(alternatives, field, value, &walk, &context)
        case .open: try open(value.reader.whole(value.element), &walk, &context)
        case .openInOctets: try openInOctets(value, &walk, &context)
        case .custom(let custom): try custom.decode(value, field, &walk, &context)
        case .objectIdentifier: try objectIdentifier(field, value, &walk, &context)
        default: try primitive(type, field, value, &context)
        }
    }

    // MARK: Constructed values

    private func sequence(
        _ components: [ASN1Component], _ field: FieldID?, _ value: ASN1Value, _ walk: inout ASN1Walk, _ context: inout Context
    ) throws(DissectionError) {
        let (item, outer) = begin(field, value, &walk, &context)
        defer { end(outer, hasItem: field != nil, &walk, &context) }
        var reader = value.contents
        var index = 0
        while !reader.isAtEnd {
            let element = try reader.element()
            while index < components.count, !components[index].accepts(element), components[index].mayBeLeftOut { index += 1 }
            if index == components.count {
                context.complain(ber.unknownField, reader, element.start, element.end - element.start) {
                    $0.append("BER Error: This field lies beyond the end of the known sequence definition.")
                }
            } else if components[index].accepts(element) {
                try component(components[index], element, reader, item, &walk, &context)
            } else {
                complain(components[index], element, reader, &context)
            }
            index = min(index + 1, components.count)
            try advance(&reader, behind: element)
        }
        try requireAll(of: value)
    }

    private func set(
        _ components: [ASN1Component], _ field: FieldID?, _ value: ASN1Value, _ walk: inout ASN1Walk, _ context: inout Context
    ) throws(DissectionError) {
        let (item, outer) = begin(field, value, isSet: true, &walk, &context)
        defer { end(outer, hasItem: field != nil, &walk, &context) }
        var reader = value.contents
        while !reader.isAtEnd {
            let element = try reader.element()
            if let match = components.first(where: { $0.accepts(element) }) {
                try component(match, element, reader, item, &walk, &context)
            } else {
                context.complain(ber.unknownSetField, reader, element.start, 1) {
                    $0.append("BER Error: Unknown field in SET ")
                    $0.append(element.tagClass)
                    $0.append(" tag:")
                    $0.append(decimal: element.tag)
                }
            }
            try advance(&reader, behind: element)
        }
        try requireAll(of: value)
    }

    /// Adds the item that the parts of a value stand under.
    private func begin(
        _ field: FieldID?, _ value: ASN1Value, isSet: Bool = false, _ walk: inout ASN1Walk, _ context: inout Context
    ) -> (item: ItemRef, outer: ItemRef) {
        let outer = walk.parent
        guard let field else { return (outer, outer) }
        // A SET is shown without its identifier and length.
        let start = isSet ? value.element.contentStart : value.shownStart
        let item = context.add(field, value.reader, start, value.shownByteCount(from: start))
        if value.contents.remaining == 0 { context.appendLabel(item) { $0.append(" [0 length]") } }
        walk.parent = item
        context.open()
        return (item, outer)
    }

    private func end(_ outer: ItemRef, hasItem: Bool, _ walk: inout ASN1Walk, _ context: inout Context) {
        walk.parent = outer
        if hasItem { context.close() }
    }

    /// Goes on behind an element, which must end where its parent does or before.
    func advance(_ reader: inout Reader, behind element: BERElement) throws(DissectionError) {
        try reader.requireEnd(of: element)
        reader.offset = element.end
    }

    /// A list, with the number of its values.
    private func list(
        _ element: ASN1Component, _ field: FieldID?, _ value: ASN1Value, _ walk: inout ASN1Walk, _ context: inout Context
    ) throws(DissectionError) {
        let outer = walk.parent
        if let field {
            walk.parent = addList(field, value, &context)
            context.open()
        }
        defer { end(outer, hasItem: field != nil, &walk, &context) }
        try elements(element, value, &walk, &context)
    }

    /// Adds the item of a list.
    func addList(_ field: FieldID, _ value: ASN1Value, _ context: inout Context) -> ItemRef {
        let start = value.element.contentStart
        let count = value.contents.elementCount()
        return context.add(field, value.reader, start, value.shownByteCount(from: start), value: UInt64(count))
    }

    /// The values of a list, one behind the other.
    func elements(_ element: ASN1Component, _ value: ASN1Value, _ walk: inout ASN1Walk, _ context: inout Context) throws(DissectionError) {
        var reader = value.contents
        while !reader.isAtEnd {
            let next = try reader.element()
            try component(element, next, reader, walk.parent, &walk, &context)
            try advance(&reader, behind: next)
        }
        try requireAll(of: value)
    }

    /// A choice is shown over what its alternative reads.
    private func choice(
        _ alternatives: [ASN1Component], _ field: FieldID?, _ value: ASN1Value, _ walk: inout ASN1Walk, _ context: inout Context
    ) throws(DissectionError) {
        guard let index = alternatives.firstIndex(where: { $0.accepts(value.element) }) else { return }
        let outer = walk.parent
        if let field {
            let tag = alternatives.allSatisfy(\.isTagged) ? Int(value.element.tag) : index
            let start = alternatives[index].isTagged ? value.element.contentStart : value.element.start
            walk.parent = context.add(field, value.reader, start, value.shownByteCount(from: start), value: UInt64(tag))
            context.open()
        }
        defer { end(outer, hasItem: field != nil, &walk, &context) }
        try component(alternatives[index], value.element, value.reader, walk.parent, &walk, &context)
    }

    /// A part of a constructed value.
    func component(
        _ component: ASN1Component, _ element: BERElement, _ reader: Reader, _ parent: ItemRef, _ walk: inout ASN1Walk, _ context: inout Context
    ) throws(DissectionError) {
        var value = ASN1Value(element: element, isImplicit: false, reader: reader)
        switch component.tagging {
        case .own: break
        case .implicit: value.isImplicit = true
        case .explicit:
            let inner = reader.contents(element)
            // A tag around nothing.
            guard !inner.isAtEnd else { return try reader.requireEnd(of: element) }
            value = ASN1Value(element: try inner.element(), isImplicit: false, reader: inner)
        }
        try decode(component.type, component.field, value, &walk, &context)
        guard component.namesParent, let place = walk.objectIdentifier else { return }
        context.appendLabel(parent) {
            $0.append(" (")
            $0.append(objectIdentifierName: reader.captured(place.offset, place.byteCount))
            $0.append(")")
        }
    }

    // MARK: What is wrong

    private func complain(_ type: ASN1Type, _ field: FieldID?, _ value: ASN1Value, _ walk: inout ASN1Walk, _ context: inout Context) {
        guard let (expert, kind) = expectation(type) else { return }
        let isString = expert == ber.stringExpected
        let (_, outer) = type.isStructure ? begin(field, value, &walk, &context) : (.none, walk.parent)
        defer { end(outer, hasItem: type.isStructure && field != nil, &walk, &context) }
        context.complain(expert, value.reader, value.element.start, 1) {
            $0.append("BER Error: ")
            $0.append(kind)
            if isString, let tag = type.universalTag { $0.append(decimal: tag) }
            $0.append(unexpected: value.element)
        }
    }

    /// What is said where a value of a type was expected; nothing of one that says itself what it is.
    private func expectation(_ type: ASN1Type) -> (ExpertID, StaticString)? {
        switch type.kind {
        case .sequence: (ber.sequenceExpected, "Sequence")
        case .set: (ber.setExpected, "SET")
        case .sequenceOf, .setOf: (ber.setExpected, "SET OF")
        case .octetString, .openInOctets: (ber.octetStringExpected, "OctetString")
        case .objectIdentifier: (ber.objectIdentifierExpected, "Object Identifier")
        case .generalizedTime: (ber.generalizedTimeExpected, "GeneralizedTime")
        case .utcTime: (ber.utcTimeExpected, "UTCTime")
        case .bitString: (ber.bitStringExpected, "BitString")
        case .choice, .open, .null: nil
        default: (ber.stringExpected, "String with tag=")
        }
    }

    private func complain(_ component: ASN1Component, _ element: BERElement, _ reader: Reader, _ context: inout Context) {
        context.complain(ber.wrongField, reader, element.start, 1) {
            $0.append("BER Error: Wrong field in SEQUENCE: expected ")
            switch component.tagging {
            case .own:
                let tag = component.type.universalTag ?? 0
                $0.append("class:UNIVERSAL(0) tag:")
                $0.append(decimal: tag)
                $0.append("(")
                $0.append(UniversalTags.names.name(of: UInt64(tag)) ?? "Unknown")
                $0.append(")")
            case .implicit(let tag), .explicit(let tag):
                $0.append("class:CONTEXT(2) tag:")
                $0.append(decimal: tag)
            }
            $0.append(" but found ")
            $0.append(element.tagClass)
            $0.append(" tag:")
            $0.append(decimal: element.tag)
        }
    }
}

extension ASN1Component {
    var isTagged: Bool { if case .own = tagging { false } else { true } }
    /// Whether a value goes on without this part: of a choice that is not there nothing is said.
    var mayBeLeftOut: Bool { isOptional || !isTagged && type.universalTag == nil }
}

/// Universal tags (X.680, section 8.4).
enum UniversalTags {
    static let names = ValueStrings([
        (0, "'end-of-content'"), (1, "BOOLEAN"), (2, "INTEGER"), (3, "BIT STRING"), (4, "OCTET STRING"), (5, "NULL"), (6, "OBJECT IDENTIFIER"),
        (10, "ENUMERATED"), (12, "UTF8String"), (16, "SEQUENCE"), (17, "SET"), (18, "NumericString"), (19, "PrintableString"),
        (20, "TeletexString, T61String"), (21, "VideotexString"), (22, "IA5String"), (23, "UTCTime"), (24, "GeneralizedTime"),
        (25, "GraphicString"), (26, "VisibleString, ISO64String"), (27, "GeneralString"), (28, "UniversalString"), (30, "BMPString"),
    ])
}
