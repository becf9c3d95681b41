import Dissection

/// The types of expressions, and of the literals in them.
extension FilterChecker {
    /// Whether an expression is made of literals alone: then what it is compared with says of which type it is.
    func isLiteral(_ expression: Expression) -> Bool {
        switch expression.kind {
        case .operand(let operand): fields(operand).isEmpty && SummaryColumn(name: operand.text) == nil
        case .field, .reference, .call: false
        case .slice(let inner, _), .negation(let inner): isLiteral(inner)
        case .arithmetic(_, let left, let right): isLiteral(left) && isLiteral(right)
        }
    }

    func fields(_ operand: Operand) -> [FieldInfo] {
        operand.kind == .word ? registry.fields(named: operand.text) : []
    }

    func knownFields(_ operand: Operand) throws(FilterError) -> [FieldInfo] {
        let found = fields(operand)
        guard found.isEmpty else { return found }
        let suggestions = operand.kind == .word ? NameSuggestions.near(operand.text, in: registry) : []
        throw FilterError("\(operand.text) is neither a field nor a protocol name.", at: operand.range, suggestions: suggestions)
    }

    /// An expression that is no literal, and has values that can be compared.
    func comparedValues(_ expression: Expression) throws(FilterError) -> CheckedExpression {
        let checked = try values(expression)
        guard checked.kinds.contains(where: { $0 != .none }) else {
            throw FilterError("\(text(expression)) has no value to compare: only its presence can be tested.", at: expression.range)
        }
        return checked
    }

    func values(_ expression: Expression) throws(FilterError) -> CheckedExpression {
        switch expression.kind {
        case .operand(let operand):
            if let column = SummaryColumn(name: operand.text), operand.kind == .word { return .column(column) }
            return .field(FieldUse(infos: try knownFields(operand)))
        case .field(let name, let layers, let isRaw):
            let infos = try knownFields(name)
            return .field(FieldUse(infos: infos, layers: layers, isRaw: isRaw, nodes: infos.map { registry[$0.proto].field }))
        case .reference(let name): return .reference(try knownFields(name))
        case .slice(let inner, let ranges):
            let checked = try values(inner)
            guard checked.kinds.contains(where: \.hasBytes) else {
                let type = checked.plainField?.infos.first.map { " is a \($0.type.title) and" } ?? ""
                throw FilterError("\"\(text(inner))\"\(type) cannot be sliced into a sequence of bytes.", at: inner.range)
            }
            return .slice(checked, ranges)
        case .negation(let inner):
            let checked = try values(inner)
            guard checked.kinds.contains(where: { $0.isNumber || $0 == .relativeTime }) else {
                throw FilterError("\(text(inner)) cannot be negated.", at: inner.range)
            }
            return .negation(checked)
        case .arithmetic(let symbol, let left, let right): return try arithmetic(symbol, left, right, expression)
        case .call(let name, let arguments): return try call(name, arguments)
        }
    }

    private func arithmetic(_ symbol: ArithmeticOperator, _ left: Expression, _ right: Expression, _ whole: Expression) throws(FilterError) -> CheckedExpression {
        let checkedLeft, checkedRight: CheckedExpression
        if isLiteral(left) {
            guard !isLiteral(right) else { throw FilterError("\(text(whole)) is constant: it needs a field.", at: whole.range) }
            checkedRight = try comparedValues(right)
            checkedLeft = try literal(left, targets: operandTargets(symbol, checkedRight))
        } else {
            checkedLeft = try comparedValues(left)
            checkedRight = isLiteral(right) ? try literal(right, targets: operandTargets(symbol, checkedLeft)) : try comparedValues(right)
        }
        guard !symbol.resultKinds(checkedLeft.kinds, checkedRight.kinds).isEmpty else {
            throw FilterError("\(text(left)) and \(text(right)) cannot be joined by \(symbol.rawValue).", at: whole.range)
        }
        return .arithmetic(symbol, checkedLeft, checkedRight)
    }

    /// Of which types a literal beside `other` can be: a time is multiplied with a number.
    private func operandTargets(_ symbol: ArithmeticOperator, _ other: CheckedExpression) -> [LiteralTarget] {
        let targets = targets(other)
        guard symbol != .and else { return targets }
        return targets.map { target in
            switch target.type {
            case .relativeTime where symbol == .multiply || symbol == .divide: LiteralTarget(FieldType.double)
            case .absoluteTime: LiteralTarget(FieldType.relativeTime)
            case let type where type.isInteger: LiteralTarget(FieldType.int64)
            default: target
            }
        }
    }

    private func call(_ name: Operand, _ arguments: [Expression]) throws(FilterError) -> CheckedExpression {
        guard let function = FilterFunction(rawValue: name.text) else { throw FilterError("Function '\(name.text)' does not exist.", at: name.range) }
        guard function.argumentCounts.contains(arguments.count) else {
            throw FilterError("Function \(name.text) takes \(function.argumentCountText).", at: name.range)
        }
        var checked: [CheckedExpression] = []
        guard let firstField = arguments.first(where: { !isLiteral($0) }) else {
            throw FilterError("Function \(name.text) needs a field.", at: name.range)
        }
        let like = try comparedValues(firstField)
        for argument in arguments {
            let value = isLiteral(argument) ? try literal(argument, like: like) : try comparedValues(argument)
            guard value.kinds.contains(where: function.accepts), !function.needsField || value.plainField?.isRaw == false else {
                throw FilterError("Function \(name.text) does not take \(text(argument)).", at: argument.range)
            }
            checked.append(value)
        }
        return .call(function, checked)
    }

    // MARK: Literals

    /// A literal of the types that the values of `other` have.
    func literal(_ expression: Expression, like other: CheckedExpression) throws(FilterError) -> CheckedExpression {
        try literal(expression, targets: targets(other))
    }

    func literal(_ expression: Expression, targets: [LiteralTarget]) throws(FilterError) -> CheckedExpression {
        switch expression.kind {
        case .operand(let operand): return .literal(try values(operand, targets))
        case .negation(let inner): return .negation(try literal(inner, targets: targets))
        case .arithmetic(let symbol, let left, let right): return .arithmetic(symbol, try literal(left, targets: targets), try literal(right, targets: targets))
        case .slice(let inner, let ranges): return .slice(try literal(inner, targets: targets), ranges)
        case .field, .reference, .call: return try comparedValues(expression)
        }
    }

    /// The literal as each type that it can be of; at least one must do.
    private func values(_ operand: Operand, _ targets: [LiteralTarget]) throws(FilterError) -> [TypedValue] {
        var found: [TypedValue] = []
        var firstError: FilterError?
        for target in targets {
            do throws(FilterError) {
                let value = TypedValue(target.type.valueKind, try literals.constant(operand, for: target))
                if !found.contains(value) { found.append(value) }
            } catch {
                firstError = firstError ?? error
            }
        }
        guard !found.isEmpty else {
            throw firstError ?? FilterError("\(operand.text) does not fit here.", at: operand.range)
        }
        return found
    }

    /// The types of an expression's values, with the names that they have.
    func targets(_ expression: CheckedExpression) -> [LiteralTarget] {
        switch expression {
        case .field(let use) where !use.isRaw: use.infos.map(LiteralTarget.init)
        case .reference(let infos): infos.map(LiteralTarget.init)
        // What bits of a field are compared with has the field's type.
        case .arithmetic(.and, let left, let right):
            if case .literal = left { targets(right) } else { targets(left) }
        default: expression.kinds.map(LiteralTarget.init)
        }
    }

    /// What stands in the filter where the expression does.
    func text(_ expression: Expression) -> String { literals.source(expression.range) }
}
