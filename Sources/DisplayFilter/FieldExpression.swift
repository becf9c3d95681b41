import Dissection

/// What can be chosen to be shown besides a field: an expression of the filter language, by its values in a frame, or a filter, by 1
/// where it passes the frame.
public struct FieldExpression: Sendable {
    public enum Value: Sendable {
        case item(Item)
        case computed(TypedValue)
    }

    private enum Content {
        case expression(CheckedExpression)
        case filter(DisplayFilter)
    }

    private let content: Content

    public init(_ text: String, registry: Registry, in surroundings: FilterSurroundings = FilterSurroundings()) throws(FilterError) {
        guard case .test(let expression)? = try FilterParser.parse(text) else {
            content = .filter(try DisplayFilter(text, registry: registry, in: surroundings))
            return
        }
        let literals = Literals(surroundings, text: Array(text.utf8))
        content = .expression(try FilterChecker(registry, literals).values(expression))
    }

    /// What a plan has to want so that the values are there.
    public var wants: PlanWants {
        switch content {
        case .expression(let expression): PlanWants(fields: expression.fields, columns: expression.usesColumns)
        case .filter(let filter): filter.wants
        }
    }

    /// The values in the order of the frame's items.
    public func values(_ frame: borrowing DissectedFrame) -> [Value] {
        let evaluator = ExpressionValues(references: [:])
        switch content {
        case .filter(let filter): return filter.matches(frame) ? [.computed(TypedValue(.boolean, .unsigned(1)))] : []
        case .expression(.field(let use)) where !use.isRaw: return evaluator.items(use, frame).map { .item($0.item) }
        case .expression(let expression): return evaluator.values(expression, frame).map { .computed($0) }
        }
    }
}
