import Dissection

/// A filter whose names are fields and whose literals are values of their types.
indirect enum CheckedFilter: Sendable {
    case test(Leaf)
    case not(CheckedFilter)
    case and(CheckedFilter, CheckedFilter)
    case or(CheckedFilter, CheckedFilter)
    case xor(CheckedFilter, CheckedFilter)

    enum Leaf: Sendable {
        /// What the items of some fields are asked one by one: the common case, which needs no more than a look at each.
        case items([ItemQuestion], Relation.Quantifier)
        case predicate(Predicate)
    }

    /// What is asked of all the values of an expression.
    enum Predicate: Sendable {
        case comparison(CheckedExpression, Relation, CheckedExpression)
        case contains(CheckedExpression, CheckedExpression, Relation.Quantifier)
        case matches(CheckedExpression, RegularExpression, Relation.Quantifier)
        case membership(CheckedExpression, [(low: CheckedExpression, high: CheckedExpression?)], Relation.Quantifier)
        /// Some value is there that is not zero, false or empty.
        case truth(CheckedExpression)
        /// Some value is there.
        case presence(CheckedExpression)
    }
}

extension CheckedFilter {
    /// The number that a field must have once at least.
    func requiredValue(of field: FieldID) -> UInt64? {
        switch self {
        case .and(let left, let right): return left.requiredValue(of: field) ?? right.requiredValue(of: field)
        case .test(.items(let questions, _)):
            guard questions.count == 1, questions[0].field.id == field, case .comparison(.equal, .unsigned(let number)) = questions[0].question else {
                return nil
            }
            return number
        case .test(.predicate), .not, .or, .xor: return nil
        }
    }
}

struct ItemQuestion: Sendable {
    enum Question: Sendable {
        case presence
        case comparison(Relation.Comparison, Constant)
        case range(Constant, Constant)
        case contains([UInt8])
        case matches(RegularExpression)
    }

    var field: FieldInfo
    var question: Question
}

/// What has values in a frame, its types known.
indirect enum CheckedExpression: Sendable {
    /// A literal; one value for each kind that it can be of.
    case literal([TypedValue])
    case field(FieldUse)
    case column(SummaryColumn)
    case reference([FieldInfo])
    case slice(CheckedExpression, [IndexRange])
    case negation(CheckedExpression)
    case arithmetic(ArithmeticOperator, CheckedExpression, CheckedExpression)
    case call(FilterFunction, [CheckedExpression])

    var kinds: Set<ValueKind> {
        switch self {
        case .literal(let values): Set(values.map(\.kind))
        case .field(let use): use.isRaw ? [.bytes] : Set(use.infos.map(\.type.valueKind))
        case .column: [.text]
        case .reference(let infos): Set(infos.map(\.type.valueKind))
        case .slice: [.bytes]
        case .negation(let inner): Set(inner.kinds.map { $0 == .unsigned || $0 == .boolean ? .signed : $0 })
        case .arithmetic(let symbol, let left, let right): symbol.resultKinds(left.kinds, right.kinds)
        case .call(let function, let arguments): function.resultKinds(arguments)
        }
    }

    /// The fields whose items the values come from.
    var fields: Set<FieldID> {
        switch self {
        case .literal, .column, .reference: []
        case .field(let use): use.fields
        case .slice(let inner, _), .negation(let inner): inner.fields
        case .arithmetic(_, let left, let right): left.fields.union(right.fields)
        case .call(_, let arguments): arguments.reduce(into: []) { $0.formUnion($1.fields) }
        }
    }

    var usesColumns: Bool {
        switch self {
        case .literal, .field, .reference: false
        case .column: true
        case .slice(let inner, _), .negation(let inner): inner.usesColumns
        case .arithmetic(_, let left, let right): left.usesColumns || right.usesColumns
        case .call(_, let arguments): arguments.contains(where: \.usesColumns)
        }
    }

    /// The one field that a label or a name of a value depends on, where the expression is no more than that field.
    var plainField: FieldUse? {
        if case .field(let use) = self { use } else { nil }
    }
}

/// A name of fields, with what is said of it: which layers, and whether the bytes count instead of the value.
struct FieldUse: Sendable {
    var infos: [FieldInfo]
    var layers: [IndexRange]?
    var isRaw = false
    /// The nodes of the fields' protocols, by which layers are counted.
    var nodes: [FieldID] = []

    /// Whether its items can be asked one by one.
    var isPlain: Bool { layers == nil && !isRaw }
    var fields: Set<FieldID> { Set(infos.map(\.id)).union(layers == nil ? [] : nodes) }
}

/// A column of the summary, as a text.
enum SummaryColumn: String, CaseIterable {
    case number = "_ws.col.number"
    case source = "_ws.col.def_src"
    case destination = "_ws.col.def_dst"
    case proto = "_ws.col.protocol"
    case length = "_ws.col.packet_length"
    case info = "_ws.col.info"

    init?(name: String) {
        let name = name.lowercased()
        switch name {
        case "_ws.col.no.": self = .number
        case "_ws.col.source": self = .source
        case "_ws.col.destination": self = .destination
        case "_ws.col.length": self = .length
        default: self.init(rawValue: name)
        }
    }
}

extension ArithmeticOperator {
    /// Of which kinds the result can be; none where the operands do not go together.
    func resultKinds(_ left: Set<ValueKind>, _ right: Set<ValueKind>) -> Set<ValueKind> {
        var found: Set<ValueKind> = []
        for a in left { for b in right { if let kind = resultKind(a, b) { found.insert(kind) } } }
        return found
    }

    func resultKind(_ a: ValueKind, _ b: ValueKind) -> ValueKind? {
        if self == .and {
            if a == b, a == .unsigned || a == .signed || a.hasBytes && a != .text { return a }
            if Set([a, b]) == [.signed, .unsigned] { return .signed }
            return a.hasBytes && b == .bytes ? .bytes : nil
        }
        if (a == .unsigned || a == .signed), b == .unsigned || b == .signed { return .signed }
        if a.isNumber, b.isNumber, a != .boolean, b != .boolean { return .float }
        switch self {
        case .add:
            if a == .relativeTime, b == .relativeTime { return .relativeTime }
            return Set([a, b]) == [.absoluteTime, .relativeTime] ? .absoluteTime : nil
        case .subtract:
            if a == .absoluteTime { return b == .absoluteTime ? .relativeTime : b == .relativeTime ? .absoluteTime : nil }
            return a == .relativeTime && b == .relativeTime ? .relativeTime : nil
        case .multiply:
            return a == .relativeTime && b.isNumber || a.isNumber && b == .relativeTime ? .relativeTime : nil
        case .divide: return a == .relativeTime && b.isNumber ? .relativeTime : nil
        default: return nil
        }
    }
}

extension FieldType {
    var valueKind: ValueKind {
        switch self {
        case .none: .none
        case .boolean: .boolean
        case .int8, .int16, .int24, .int32, .int64: .signed
        case .float, .double: .float
        case .absoluteTime: .absoluteTime
        case .relativeTime: .relativeTime
        case .string, .stringZero: .text
        case .bytes, .proto, .objectIdentifier: .bytes
        case .ethernet: .ethernet
        case .ipv4: .ipv4
        case .ipv6: .ipv6
        case .eui64: .eui64
        default: .unsigned
        }
    }

    /// How error messages call it.
    var title: String {
        switch self {
        case .none: "Label"
        case .proto: "Protocol"
        case .boolean: "Boolean"
        case .float, .double: "Floating point"
        case .absoluteTime: "Date and time"
        case .relativeTime: "Time offset"
        case .string, .stringZero: "Character string"
        case .bytes: "Sequence of bytes"
        case .objectIdentifier: "ASN.1 object identifier"
        case .ethernet: "Ethernet or other MAC address"
        case .ipv4: "IPv4 address"
        case .ipv6: "IPv6 address"
        case .eui64: "EUI64 address"
        case .frameNumber: "Frame number"
        default: "\(isSigned ? "Signed" : "Unsigned") integer (\(bitCount / 8) byte\(bitCount == 8 ? "" : "s"))"
        }
    }
}
