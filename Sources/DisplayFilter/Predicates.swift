import Dissection
import Wire

extension CheckedFilter.Predicate {
    /// Pairs of values that are compared, at most: a hostile frame may have half a million of each.
    private static let pairLimit = 1 << 22

    var expressions: [CheckedExpression] {
        switch self {
        case .comparison(let left, _, let right), .contains(let left, let right, _): [left, right]
        case .matches(let expression, _, _), .truth(let expression), .presence(let expression): [expression]
        case .membership(let expression, let elements, _): [expression] + elements.flatMap { [$0.low] + ($0.high.map { [$0] } ?? []) }
        }
    }

    func holds(_ frame: borrowing DissectedFrame, _ evaluator: ExpressionValues) -> Bool {
        switch self {
        case .presence(let expression): return !evaluator.values(expression, frame).isEmpty
        case .truth(let expression): return evaluator.values(expression, frame).contains(where: \.isTrue)
        case .comparison(let left, let relation, let right):
            let outcome = Self.pairs(evaluator.values(left, frame), evaluator.values(right, frame)) { a, b in
                a.kind.isComparable(with: b.kind) ? relation.comparison.holds(a.order(to: b)) : nil
            }
            return outcome.holds(relation.quantifier)
        case .contains(let left, let right, let quantifier):
            let outcome = Self.pairs(evaluator.searchedValues(left, frame), evaluator.values(right, frame)) { a, b in
                a.bytes.flatMap { bytes in b.bytes.map { Self.contains(bytes, $0) } }
            }
            return outcome.holds(quantifier)
        case .matches(let expression, let pattern, let quantifier):
            return Self.each(evaluator.searchedValues(expression, frame)) { value in
                value.bytes?.withUnsafeBytes { pattern.isFound(in: ByteView($0)) }
            }.holds(quantifier)
        case .membership(let expression, let elements, let quantifier):
            let sets = elements.map { (low: evaluator.values($0.low, frame), high: $0.high.map { evaluator.values($0, frame) }) }
            return Self.each(evaluator.values(expression, frame)) { value in sets.contains { Self.isMember(value, $0.low, $0.high) } }.holds(quantifier)
        }
    }

    private static func contains(_ bytes: [UInt8], _ part: [UInt8]) -> Bool {
        bytes.withUnsafeBytes { bytes in part.withUnsafeBytes { ByteView(bytes).contains(ByteView($0)) } }
    }

    private static func isMember(_ value: TypedValue, _ low: [TypedValue], _ high: [TypedValue]?) -> Bool {
        guard let high else { return low.contains { value.kind.isComparable(with: $0.kind) && value.order(to: $0) == .equal } }
        return low.contains { Relation.Comparison.greaterOrEqual.holds(value.order(to: $0)) }
            && high.contains { Relation.Comparison.lessOrEqual.holds(value.order(to: $0)) }
    }

    private static func each(_ values: [TypedValue], _ test: (TypedValue) -> Bool?) -> FilterProgram.Outcome {
        values.reduce(into: []) { outcome, value in
            if let holds = test(value) { outcome.formUnion(holds ? .holds : .fails) }
        }
    }

    /// The outcomes for each pair of values that can be compared.
    private static func pairs(_ left: [TypedValue], _ right: [TypedValue], _ test: (TypedValue, TypedValue) -> Bool?) -> FilterProgram.Outcome {
        var outcome: FilterProgram.Outcome = []
        var count = 0
        for a in left {
            for b in right {
                if let holds = test(a, b) { outcome.formUnion(holds ? .holds : .fails) }
            }
            count += right.count
            if count > pairLimit { break }
        }
        return outcome
    }
}
