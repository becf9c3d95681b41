import Dissection
import Wire

/// An ASN.1 type (X.680) as far as decoding and showing its values needs it.
final class ASN1Type: Sendable {
    enum Kind: Sendable {
        case boolean, enumerated, null, objectIdentifier, octetString
        case integer(ASN1IntegerForm)
        /// The named bits, from the first on.
        case bitString([FieldID])
        case string(ASN1StringKind)
        case utcTime, generalizedTime
        case sequence([ASN1Component]), set([ASN1Component])
        case sequenceOf(ASN1Component), setOf(ASN1Component)
        /// The alternatives, in the order of their numbers in the names of the field that the choice is shown as.
        case choice([ASN1Component])
        /// A value of the type that the object identifier before it says.
        case open
        /// Such a value inside an OCTET STRING.
        case openInOctets
        case custom(any ASN1CustomType)
    }

    let kind: Kind

    init(_ kind: Kind) { self.kind = kind }

    static let boolean = ASN1Type(.boolean)
    static let integer = ASN1Type(.integer(.signed))
    static let unsigned = ASN1Type(.integer(.unsigned))
    static let integerOctets = ASN1Type(.integer(.octets))
    static let enumerated = ASN1Type(.enumerated)
    static let null = ASN1Type(.null)
    static let objectIdentifier = ASN1Type(.objectIdentifier)
    static let octetString = ASN1Type(.octetString)
    static let bitString = ASN1Type(.bitString([]))
    static let generalizedTime = ASN1Type(.generalizedTime)
    static let utcTime = ASN1Type(.utcTime)
    static let open = ASN1Type(.open)
    static let openInOctets = ASN1Type(.openInOctets)

    static func string(_ kind: ASN1StringKind) -> ASN1Type { ASN1Type(.string(kind)) }
    static func bitString(_ bits: [FieldID]) -> ASN1Type { ASN1Type(.bitString(bits)) }
    static func sequence(_ components: [ASN1Component]) -> ASN1Type { ASN1Type(.sequence(components)) }
    static func set(_ components: [ASN1Component]) -> ASN1Type { ASN1Type(.set(components)) }
    static func sequenceOf(_ element: ASN1Component) -> ASN1Type { ASN1Type(.sequenceOf(element)) }
    static func setOf(_ element: ASN1Component) -> ASN1Type { ASN1Type(.setOf(element)) }
    static func choice(_ alternatives: [ASN1Component]) -> ASN1Type { ASN1Type(.choice(alternatives)) }
    static func custom(_ type: any ASN1CustomType) -> ASN1Type { ASN1Type(.custom(type)) }

    /// The universal tag of the type's values; nil where the value itself says what it is.
    var universalTag: UInt32? {
        switch kind {
        case .boolean: 1
        case .integer: 2
        case .bitString: 3
        case .octetString, .openInOctets: 4
        case .null: 5
        case .objectIdentifier: 6
        case .enumerated: 10
        case .string(let kind): kind.rawValue
        case .sequence, .sequenceOf: 16
        case .set, .setOf: 17
        case .utcTime: 23
        case .generalizedTime: 24
        case .custom(let type): type.universalTag
        case .choice, .open: nil
        }
    }

    /// Whether any contents can be read as a value of the type, whatever their tag.
    var takesAnyTag: Bool {
        switch kind {
        case .boolean, .integer, .enumerated, .null: true
        default: false
        }
    }

    /// Whether values have parts of several types.
    var isStructure: Bool {
        switch kind {
        case .sequence, .set: true
        default: false
        }
    }

    /// Whether a value with its own tag can be of this type.
    func accepts(_ element: BERElement) -> Bool {
        switch kind {
        case .choice(let alternatives): alternatives.contains { $0.accepts(element) }
        case .open: true
        case .custom(let type): type.accepts(element)
        default: universalTag.map { element.isUniversal($0) } ?? false
        }
    }
}

/// The string types, by universal tag.
enum ASN1StringKind: UInt32 {
    case utf8 = 12, numeric = 18, printable = 19, teletex = 20, videotex = 21, ia5 = 22, graphic = 25, visible = 26, general = 27
    case universal = 28, bmp = 30
}

/// A part of a constructed type: the field that it is shown as, how it is tagged, and its type.
final class ASN1Component: Sendable {
    enum Tagging: Sendable {
        case own
        /// A context tag in place of the type's own (X.680, section 31.2).
        case implicit(UInt32)
        /// A context tag around the type's own.
        case explicit(UInt32)
    }

    /// Nil for what is not shown itself, but only what stands in it.
    let field: FieldID?
    let tagging: Tagging
    let type: ASN1Type
    let isOptional: Bool
    /// Whether the name of this object identifier follows the label of what it stands in: that of an algorithm, say.
    let namesParent: Bool

    init(_ field: FieldID?, _ type: ASN1Type, _ tagging: Tagging = .own, isOptional: Bool = false, namesParent: Bool = false) {
        self.field = field
        self.type = type
        self.tagging = tagging
        self.isOptional = isOptional
        self.namesParent = namesParent
    }

    func accepts(_ element: BERElement) -> Bool {
        switch tagging {
        case .own: type.accepts(element)
        case .implicit(let tag), .explicit(let tag): element.tagClass == .context && element.tag == tag
        }
    }
}

/// A type of which more is shown than its parts.
protocol ASN1CustomType: Sendable {
    /// The tag of its values; nil where they are of several.
    var universalTag: UInt32? { get }
    func accepts(_ element: BERElement) -> Bool
    func decode(_ value: ASN1Value, _ field: FieldID?, _ walk: inout ASN1Walk, _ context: inout Context) throws(DissectionError)
}

extension ASN1CustomType {
    func accepts(_ element: BERElement) -> Bool { universalTag.map { element.isUniversal($0) } ?? true }
}

/// A value that is to be decoded: its octets, and the reader that they stand in.
struct ASN1Value {
    var element: BERElement
    /// Whether a context tag stands in place of the type's own, so that it is not a part of what is shown.
    var isImplicit: Bool
    var reader: Reader

    var contents: Reader { reader.contents(element) }
    /// Where what is shown of a constructed value begins.
    var shownStart: Int { isImplicit ? element.contentStart : element.start }
    /// How many of the bytes from `start` on belong to the value and were captured.
    func shownByteCount(from start: Int) -> Int {
        max(0, min(isImplicit ? element.contentEnd : element.end, reader.capturedEnd) - start)
    }
}

/// What is known on the way through a value.
struct ASN1Walk {
    /// Values inside each other, at most: deeper ones are no certificates, and take stack.
    static let depthLimit = 64
    /// Items inside each other, at most, for the same reason: a layer inside begins a way of its own.
    static let treeDepthLimit = 120

    var depth = 0
    /// The object identifier that says what follows.
    var objectIdentifier: (offset: Int, byteCount: Int)?
    /// The last name as text, in the text arena.
    var lastName = ArenaRange(offset: 0, byteCount: 0)
    /// The item that the present value stands in.
    var parent: ItemRef = .none
}
