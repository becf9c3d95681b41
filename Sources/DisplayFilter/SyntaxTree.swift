/// A filter as it is written, before names and types are looked at.
indirect enum SyntaxTree: Equatable {
    case test(Operand)
    case comparison(Operand, Relation, Operand)
    case not(SyntaxTree)
    case and(SyntaxTree, SyntaxTree)
    case or(SyntaxTree, SyntaxTree)
}

/// One side of a comparison, or a name alone.
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
