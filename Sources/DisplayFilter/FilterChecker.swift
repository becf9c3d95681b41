import Dissection

/// A filter whose names are fields and whose literals are constants of their types.
indirect enum CheckedFilter {
    case test(Leaf)
    case not(CheckedFilter)
    case and(CheckedFilter, CheckedFilter)
    case or(CheckedFilter, CheckedFilter)

    /// What is asked of the items of one name (or of two names).
    enum Leaf {
        case presence([FieldInfo])
        case constants([(field: FieldInfo, constant: Constant)], Relation)
        case fields([FieldInfo], [FieldInfo], Relation)
    }
}

/// Looks up names and checks types.
struct FilterChecker {
    private let registry: Registry
    private let literals: Literals

    init(_ registry: Registry, _ literals: Literals) {
        self.registry = registry
        self.literals = literals
    }

    func check(_ tree: SyntaxTree) throws(FilterError) -> CheckedFilter {
        switch tree {
        case .not(let inner): .not(try check(inner))
        case .and(let left, let right): .and(try check(left), try check(right))
        case .or(let left, let right): .or(try check(left), try check(right))
        case .test(let operand): .test(.presence(try knownFields(operand)))
        case .comparison(let left, let relation, let right): .test(try comparison(left, relation, right))
        }
    }

    private func fields(_ operand: Operand) -> [FieldInfo] {
        operand.kind == .word ? registry.fields(named: operand.text) : []
    }

    private func knownFields(_ operand: Operand) throws(FilterError) -> [FieldInfo] {
        let found = fields(operand)
        guard found.isEmpty else { return found }
        let suggestions = operand.kind == .word ? NameSuggestions.near(operand.text, in: registry) : []
        throw FilterError("\(operand.text) is neither a field nor a protocol name.", at: operand.range, suggestions: suggestions)
    }

    private func comparison(_ left: Operand, _ relation: Relation, _ right: Operand) throws(FilterError) -> CheckedFilter.Leaf {
        let leftFields = try comparedFields(left)
        let rightFields = fields(right)
        if rightFields.isEmpty { return .constants(try constants(leftFields, right), relation) }
        let pairs = leftFields.contains { field in rightFields.contains { $0.type.valueKind == field.type.valueKind } }
        guard pairs else { throw FilterError("\(left.text) and \(right.text) are not of compatible types.", at: right.range) }
        return .fields(leftFields, rightFields, relation)
    }

    private func comparedFields(_ operand: Operand) throws(FilterError) -> [FieldInfo] {
        guard operand.kind == .word, operand.text.contains(where: \.isLetter), !operand.text.contains(":") else {
            throw FilterError("The left side of a comparison must be a field, not \(operand.text).", at: operand.range)
        }
        let found = try knownFields(operand)
        guard found.contains(where: { $0.type != .none }) else {
            throw FilterError("\(operand.text) has no value to compare: only its presence can be tested.", at: operand.range)
        }
        return found
    }

    /// The literal for each field of the name that can have it; at least one must.
    private func constants(_ fields: [FieldInfo], _ literal: Operand) throws(FilterError) -> [(field: FieldInfo, constant: Constant)] {
        var found: [(field: FieldInfo, constant: Constant)] = []
        var firstError: FilterError?
        for field in fields {
            do throws(FilterError) {
                found.append((field, try literals.constant(literal, for: field)))
            } catch {
                firstError = firstError ?? error
            }
        }
        if found.isEmpty, let firstError { throw firstError }
        return found
    }
}

extension FieldType {
    /// How values are compared; fields of one kind can be compared with each other.
    enum ValueKind: Equatable { case none, boolean, unsigned, signed, float, absoluteTime, relativeTime, text, bytes, ethernet, ipv4, ipv6, eui64 }

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
}
