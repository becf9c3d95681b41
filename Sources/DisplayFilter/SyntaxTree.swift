/// A filter as it is written, before names and types are looked at.
indirect enum SyntaxTree: Equatable {
    case test(Expression)
    case comparison(Expression, Relation, Expression)
    case contains(Expression, Expression, Relation.Quantifier)
    case matches(Expression, Expression, Relation.Quantifier)
    case membership(Expression, [SetElement], Relation.Quantifier)
    case not(SyntaxTree)
    case and(SyntaxTree, SyntaxTree)
    case or(SyntaxTree, SyntaxTree)
    case xor(SyntaxTree, SyntaxTree)
}

/// One value of a set, or all from a first to a last one.
struct SetElement: Equatable {
    var low: Expression
    var high: Expression?
}

/// What has values.
struct Expression: Equatable {
    indirect enum Kind: Equatable {
        /// A name or a literal: the first if there is a field of that name.
        case operand(Operand)
        case field(Operand, layers: [IndexRange]?, isRaw: Bool)
        /// The value that a field has in the packet that is selected.
        case reference(Operand)
        case slice(Expression, [IndexRange])
        case negation(Expression)
        case arithmetic(ArithmeticOperator, Expression, Expression)
        case call(Operand, [Expression])
    }

    var kind: Kind
    /// Where it stands in the filter, in UTF-8 bytes from its start.
    var range: Range<Int>
}

/// A name or a literal.
struct Operand: Equatable {
    enum Kind: Equatable {
        case word
        case string([UInt8])
        case character(UInt8)
    }

    var kind: Kind
    /// As it stands in the filter, quotes included.
    var text: String
    var range: Range<Int>
}

enum ArithmeticOperator: String, Equatable {
    case and = "&", add = "+", subtract = "-", multiply = "*", divide = "/", remainder = "%"

    /// How tightly it binds.
    var precedence: Int {
        switch self {
        case .and: 0
        case .add, .subtract: 1
        case .multiply, .divide, .remainder: 2
        }
    }
}

/// Bytes of a value, or layers of a packet, by their numbers. A negative number counts from the end.
struct IndexRange: Equatable {
    enum Extent: Equatable {
        case count(Int)
        case through(Int)
        case toEnd
    }

    var first: Int
    var extent: Extent

    /// The indices that are meant of `count`; nil where the first is not there.
    func indices(of count: Int) -> Range<Int>? {
        let begin = first < 0 ? count + first : first
        guard begin >= 0, begin < count else { return nil }
        switch extent {
        case .toEnd: return begin..<count
        case .count(let wanted): return wanted > count - begin ? nil : begin..<begin + wanted
        case .through(let last):
            let end = last < 0 ? count + last : last
            return end >= begin && end < count ? begin..<end + 1 : nil
        }
    }
}
