import Dissection

/// Looks up names and checks types.
struct FilterChecker {
    let registry: Registry
    let literals: Literals

    init(_ registry: Registry, _ literals: Literals) {
        self.registry = registry
        self.literals = literals
    }

    func check(_ tree: SyntaxTree) throws(FilterError) -> CheckedFilter {
        switch tree {
        case .not(let inner): .not(try check(inner))
        case .and(let left, let right): .and(try check(left), try check(right))
        case .or(let left, let right): .or(try check(left), try check(right))
        case .xor(let left, let right): .xor(try check(left), try check(right))
        case .test(let expression): .test(try test(expression))
        case .comparison(let left, let relation, let right): .test(try comparison(left, relation, right))
        case .contains(let left, let right, let quantifier): .test(try contains(left, right, quantifier))
        case .matches(let left, let right, let quantifier): .test(try matches(left, right, quantifier))
        case .membership(let expression, let elements, let quantifier): .test(try membership(expression, elements, quantifier))
        }
    }

    // MARK: Tests

    private func test(_ expression: Expression) throws(FilterError) -> CheckedFilter.Leaf {
        let checked = try values(expression)
        switch checked {
        case .field(let use) where use.isPlain: return .items(use.infos.map { ItemQuestion(field: $0, question: .presence) }, .any)
        case .field, .slice, .reference, .column: return .predicate(.presence(checked))
        case .literal: throw FilterError("\(text(expression)) is neither a field nor a protocol name.", at: expression.range)
        default: return .predicate(.truth(checked))
        }
    }

    private func comparison(_ left: Expression, _ relation: Relation, _ right: Expression) throws(FilterError) -> CheckedFilter.Leaf {
        guard !isLiteral(left) else {
            try refuseTwoLiterals(left, right)
            return try comparison(right, relation.flipped, left)
        }
        let checkedLeft = try comparedValues(left)
        if let use = checkedLeft.plainField, use.isPlain, case .operand(let operand) = right.kind, isLiteral(right) {
            return .items(try constants(use.infos, operand).map { ItemQuestion(field: $0.field, question: .comparison(relation.comparison, $0.constant)) }, relation.quantifier)
        }
        let checkedRight = isLiteral(right) ? try literal(right, like: checkedLeft) : try comparedValues(right)
        guard checkedLeft.kinds.contains(where: { kind in checkedRight.kinds.contains { $0.isComparable(with: kind) } }) else {
            throw FilterError("\(text(left)) and \(text(right)) are not of compatible types.", at: right.range)
        }
        return .predicate(.comparison(checkedLeft, relation, checkedRight))
    }

    private func refuseTwoLiterals(_ left: Expression, _ right: Expression) throws(FilterError) {
        if case .operand(let operand) = left.kind, operand.kind == .word, operand.text.contains(where: \.isLetter), !operand.text.contains(":"),
            isLiteral(right) || operand.text.contains(".") {
            _ = try knownFields(operand)
        }
        if isLiteral(right) { throw FilterError("The left side of a comparison must be a field or function, not \(text(left)).", at: left.range) }
    }

    private func contains(_ left: Expression, _ right: Expression, _ quantifier: Relation.Quantifier) throws(FilterError) -> CheckedFilter.Leaf {
        let checked = try searched(left, "contains")
        if let use = checked.plainField, use.isPlain, case .operand(let operand) = right.kind, isLiteral(right) {
            let infos = use.infos.filter { $0.type.valueKind.canBeSearched }
            var questions: [ItemQuestion] = []
            for info in infos { questions.append(ItemQuestion(field: info, question: .contains(try literals.searched(operand, for: LiteralTarget(info))))) }
            return .items(questions, quantifier)
        }
        let sought = isLiteral(right) ? try literal(right, targets: targets(checked).map(\.asBytes)) : try searched(right, "contains")
        return .predicate(.contains(checked, sought, quantifier))
    }

    private func searched(_ expression: Expression, _ relation: String) throws(FilterError) -> CheckedExpression {
        let checked = try comparedValues(expression)
        guard checked.kinds.contains(where: \.canBeSearched) else {
            let type = checked.plainField?.infos.first.map { " (type=\($0.type.title))" } ?? ""
            throw FilterError("\(text(expression))\(type) cannot participate in \(relation) comparison.", at: expression.range)
        }
        return checked
    }

    private func matches(_ left: Expression, _ right: Expression, _ quantifier: Relation.Quantifier) throws(FilterError) -> CheckedFilter.Leaf {
        guard case .operand(let operand) = right.kind, case .string(let pattern) = operand.kind else {
            throw FilterError("Matches requires a double quoted string on the right side.", at: right.range)
        }
        let regex: RegularExpression
        do {
            regex = try RegularExpression(pattern)
        } catch {
            throw FilterError("Regex compilation error: \(error.text).", at: right.range)
        }
        let checked = try searched(left, "matches")
        if let use = checked.plainField, use.isPlain {
            return .items(use.infos.filter { $0.type.valueKind.canBeSearched }.map { ItemQuestion(field: $0, question: .matches(regex)) }, quantifier)
        }
        return .predicate(.matches(checked, regex, quantifier))
    }

    private func membership(_ expression: Expression, _ elements: [SetElement], _ quantifier: Relation.Quantifier) throws(FilterError) -> CheckedFilter.Leaf {
        guard !isLiteral(expression) else { throw FilterError("Only a field may be tested for membership in a set.", at: expression.range) }
        let checked = try comparedValues(expression)
        if let use = checked.plainField, use.isPlain, quantifier == .any, let questions = try questions(use, elements) { return .items(questions, .any) }
        var set: [(low: CheckedExpression, high: CheckedExpression?)] = []
        for element in elements {
            let low = try self.element(element.low, of: checked)
            guard let high = element.high else {
                set.append((low, nil))
                continue
            }
            set.append((low, try self.element(high, of: checked)))
        }
        return .predicate(.membership(checked, set, quantifier))
    }

    private func element(_ expression: Expression, of left: CheckedExpression) throws(FilterError) -> CheckedExpression {
        if isLiteral(expression) { return try literal(expression, like: left) }
        let checked = try comparedValues(expression)
        guard left.kinds.contains(where: { kind in checked.kinds.contains { $0.isComparable(with: kind) } }) else {
            throw FilterError("\(text(expression)) is not of a type compatible with the values of the set.", at: expression.range)
        }
        return checked
    }

    /// The questions for a set of literals; nil where there are other elements.
    private func questions(_ use: FieldUse, _ elements: [SetElement]) throws(FilterError) -> [ItemQuestion]? {
        var questions: [ItemQuestion] = []
        for element in elements {
            guard isLiteral(element.low), case .operand(let low) = element.low.kind else { return nil }
            guard let highExpression = element.high else {
                questions += try constants(use.infos, low).map { ItemQuestion(field: $0.field, question: .comparison(.equal, $0.constant)) }
                continue
            }
            guard isLiteral(highExpression), case .operand(let high) = highExpression.kind else { return nil }
            let highs = try constants(use.infos, high)
            for (field, constant) in try constants(use.infos, low) {
                guard let upper = highs.first(where: { $0.field.id == field.id }) else { continue }
                questions.append(ItemQuestion(field: field, question: .range(constant, upper.constant)))
            }
        }
        return questions
    }

    /// The literal for each field of the name that can have it; at least one must.
    private func constants(_ fields: [FieldInfo], _ literal: Operand) throws(FilterError) -> [(field: FieldInfo, constant: Constant)] {
        var found: [(field: FieldInfo, constant: Constant)] = []
        var firstError: FilterError?
        for field in fields {
            do throws(FilterError) {
                found.append((field, try literals.constant(literal, for: LiteralTarget(field))))
            } catch {
                firstError = firstError ?? error
            }
        }
        if found.isEmpty, let firstError { throw firstError }
        return found
    }
}

extension ValueKind {
    /// Whether `contains` and `matches` can look into it.
    var canBeSearched: Bool { self == .text || self == .bytes || self == .ethernet || self == .eui64 }
}

extension Relation {
    /// The same with its sides exchanged.
    var flipped: Relation {
        let comparison: Comparison = switch self.comparison {
        case .greater: .less
        case .less: .greater
        case .greaterOrEqual: .lessOrEqual
        case .lessOrEqual: .greaterOrEqual
        case .equal, .notEqual: self.comparison
        }
        return Relation(comparison, quantifier)
    }
}
