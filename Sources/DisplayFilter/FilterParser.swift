/// Builds the syntax tree.
///
///     filter   = [ or ] end
///     or       = xor *( "||" xor )
///     xor      = and *( "^^" and )
///     and      = unary *( "&&" unary )
///     unary    = "!" unary / "(" or ")" / relation
///     relation = [ "any" / "all" ] sum [ *( comparison sum ) / "contains" sum / "matches" text / [ "not" ] "in" set ]
///     set      = "{" sum [ ".." sum ] *( "," sum [ ".." sum ] ) "}"
///     sum      = value *( operator value )
///     value    = "-" value / "{" sum "}" / ( name "(" [ sum *( "," sum ) ] ")" / [ "@" ] name [ layers ] / literal / reference ) *slice
struct FilterParser {
    /// Parentheses, negations and operators within each other, at most: each takes stack, here and when the filter is checked.
    private static let depthLimit = 256

    private let text: [UInt8]
    private let tokens: [Token]
    private var position = 0
    private var depth = 0

    /// The tree of a filter; nil for a filter without a test, which everything passes.
    static func parse(_ text: String) throws(FilterError) -> SyntaxTree? {
        var parser = FilterParser(text: Array(text.utf8), tokens: try Lexer.tokens(of: text))
        if parser.current.kind == .end { return nil }
        let tree = try parser.or()
        if parser.current.kind != .end { throw parser.unexpected() }
        return tree
    }

    private init(text: [UInt8], tokens: [Token]) {
        self.text = text
        self.tokens = tokens
    }

    /// The last token is `end`, and `take` does not go past it.
    private var current: Token { tokens[position] }
    private var following: Token { tokens[min(position + 1, tokens.count - 1)] }

    @discardableResult
    private mutating func take() -> Token {
        defer { if position + 1 < tokens.count { position += 1 } }
        return current
    }

    private mutating func take(_ kind: Token.Kind) throws(FilterError) -> Token {
        guard current.kind == kind else { throw unexpected() }
        return take()
    }

    private func source(_ range: Range<Int>) -> String { String(decoding: text[range], as: UTF8.self) }

    private func unexpected() -> FilterError {
        if current.kind == .end { return FilterError("The filter ends where something more is expected.", at: current.range) }
        return FilterError("\"\(source(current.range))\" was unexpected in this context.", at: current.range)
    }

    private mutating func enter() throws(FilterError) {
        guard depth < Self.depthLimit else { throw FilterError("The filter is nested too deeply.", at: current.range) }
        depth += 1
    }

    // MARK: Logic

    private mutating func or() throws(FilterError) -> SyntaxTree { try joined(.or, SyntaxTree.or) { (parser) throws(FilterError) in try parser.xor() } }

    private mutating func xor() throws(FilterError) -> SyntaxTree { try joined(.xor, SyntaxTree.xor) { (parser) throws(FilterError) in try parser.and() } }

    private mutating func and() throws(FilterError) -> SyntaxTree { try joined(.and, SyntaxTree.and) { (parser) throws(FilterError) in try parser.unary() } }

    private mutating func joined(
        _ symbol: Token.Kind, _ join: (SyntaxTree, SyntaxTree) -> SyntaxTree, _ part: (inout FilterParser) throws(FilterError) -> SyntaxTree
    ) throws(FilterError) -> SyntaxTree {
        var tree = try part(&self)
        while current.kind == symbol {
            take()
            tree = join(tree, try part(&self))
        }
        return tree
    }

    private mutating func unary() throws(FilterError) -> SyntaxTree {
        guard current.kind == .not || current.kind == .leftParenthesis else { return try relation() }
        try enter()
        defer { depth -= 1 }
        if take().kind == .not { return .not(try unary()) }
        let inner = try or()
        _ = try take(.rightParenthesis)
        return inner
    }

    // MARK: Relations

    private mutating func relation() throws(FilterError) -> SyntaxTree {
        var quantifier: Relation.Quantifier?
        if case .quantifier(let wanted) = current.kind {
            take()
            quantifier = wanted
        }
        let left = try sum()
        switch current.kind {
        case .relation: return try chain(left, quantifier)
        case .contains:
            take()
            return .contains(left, try sum(), quantifier ?? .any)
        case .matches:
            take()
            return .matches(left, try sum(), quantifier ?? .any)
        case .within:
            take()
            return .membership(left, try set(), quantifier ?? .any)
        case .not where following.kind == .within:
            take()
            take()
            return .not(.membership(left, try set(), quantifier ?? .any))
        default:
            if quantifier != nil { throw unexpected() }
            return .test(left)
        }
    }

    /// `a < b < c` says `a < b` and `b < c`.
    private mutating func chain(_ first: Expression, _ quantifier: Relation.Quantifier?) throws(FilterError) -> SyntaxTree {
        var left = first
        var tree: SyntaxTree?
        while case .relation(var relation) = current.kind {
            take()
            let right = try sum()
            if let quantifier { relation.quantifier = quantifier }
            let comparison = SyntaxTree.comparison(left, relation, right)
            tree = tree.map { .and($0, comparison) } ?? comparison
            left = right
        }
        return tree ?? .test(left)
    }

    private mutating func set() throws(FilterError) -> [SetElement] {
        _ = try take(.leftBrace)
        var elements: [SetElement] = []
        repeat {
            if !elements.isEmpty { take() }
            let low = try sum()
            var high: Expression?
            if current.kind == .dots {
                take()
                high = try sum()
            }
            elements.append(SetElement(low: low, high: high))
        } while current.kind == .comma
        _ = try take(.rightBrace)
        return elements
    }

    // MARK: Values

    /// Values with operators between, those of at least a precedence.
    private mutating func sum(atLeast precedence: Int = 0) throws(FilterError) -> Expression {
        try enter()
        defer { depth -= 1 }
        var left = try value()
        while case .arithmetic(let symbol) = current.kind, symbol.precedence >= precedence {
            take()
            let right = try sum(atLeast: symbol.precedence + 1)
            left = Expression(kind: .arithmetic(symbol, left, right), range: left.range.lowerBound..<right.range.upperBound)
        }
        return left
    }

    private mutating func value() throws(FilterError) -> Expression {
        if current.kind == .arithmetic(.subtract) || current.kind == .arithmetic(.add) {
            try enter()
            defer { depth -= 1 }
            let sign = take()
            let inner = try value()
            if sign.kind == .arithmetic(.add) { return inner }
            return Expression(kind: .negation(inner), range: sign.range.lowerBound..<inner.range.upperBound)
        }
        var expression = try primary()
        while case .slice(let ranges) = current.kind {
            let end = take().range.upperBound
            expression = Expression(kind: .slice(expression, ranges), range: expression.range.lowerBound..<end)
        }
        return expression
    }

    private mutating func primary() throws(FilterError) -> Expression {
        let first = current
        switch first.kind {
        case .leftBrace:
            take()
            let inner = try sum()
            return Expression(kind: inner.kind, range: first.range.lowerBound..<(try take(.rightBrace)).range.upperBound)
        case .raw:
            take()
            guard current.kind == .word else { throw unexpected() }
            return try field(operand(), from: first.range.lowerBound, isRaw: true)
        case .reference(let name):
            let range = take().range
            return Expression(kind: .reference(Operand(kind: .word, text: name, range: range)), range: range)
        case .word where following.kind == .leftParenthesis && following.range.lowerBound == first.range.upperBound: return try call()
        case .word:
            let operand = operand()
            if case .layers = current.kind { return try field(operand, from: first.range.lowerBound, isRaw: false) }
            return Expression(kind: .operand(operand), range: operand.range)
        case .string, .character:
            let operand = operand()
            return Expression(kind: .operand(operand), range: operand.range)
        default: throw unexpected()
        }
    }

    private mutating func operand() -> Operand {
        let kind: Operand.Kind = switch current.kind {
        case .string(let bytes): .string(bytes)
        case .character(let byte): .character(byte)
        default: .word
        }
        let range = take().range
        return Operand(kind: kind, text: source(range), range: range)
    }

    private mutating func field(_ name: Operand, from begin: Int, isRaw: Bool) throws(FilterError) -> Expression {
        var (layers, end) = ([IndexRange]?.none, name.range.upperBound)
        if case .layers(let ranges) = current.kind {
            layers = ranges
            end = take().range.upperBound
        }
        return Expression(kind: .field(name, layers: layers, isRaw: isRaw), range: begin..<end)
    }

    private mutating func call() throws(FilterError) -> Expression {
        let name = operand()
        take()
        var arguments: [Expression] = []
        while current.kind != .rightParenthesis {
            if !arguments.isEmpty { _ = try take(.comma) }
            arguments.append(try sum())
        }
        return Expression(kind: .call(name, arguments), range: name.range.lowerBound..<take().range.upperBound)
    }
}
