/// Builds the syntax tree.
///
///     filter  = [ or ] end
///     or      = and *( "||" and )
///     and     = unary *( "&&" unary )
///     unary   = "!" unary / "(" or ")" / chain
///     chain   = operand *( relation operand )
struct FilterParser {
    /// Parentheses and negations within each other, at most: each takes stack.
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

    private mutating func take() -> Token {
        defer { if position + 1 < tokens.count { position += 1 } }
        return current
    }

    private func source(_ token: Token) -> String { String(decoding: text[token.range], as: UTF8.self) }

    private func unexpected() -> FilterError {
        if current.kind == .end { return FilterError("The filter ends where something more is expected.", at: current.range) }
        return FilterError("\"\(source(current))\" was unexpected in this context.", at: current.range)
    }

    private mutating func or() throws(FilterError) -> SyntaxTree {
        var tree = try and()
        while current.kind == .or {
            _ = take()
            tree = .or(tree, try and())
        }
        return tree
    }

    private mutating func and() throws(FilterError) -> SyntaxTree {
        var tree = try unary()
        while current.kind == .and {
            _ = take()
            tree = .and(tree, try unary())
        }
        return tree
    }

    private mutating func unary() throws(FilterError) -> SyntaxTree {
        guard current.kind == .not || current.kind == .leftParenthesis else { return try chain() }
        guard depth < Self.depthLimit else { throw FilterError("The filter is nested too deeply.", at: current.range) }
        depth += 1
        defer { depth -= 1 }
        if take().kind == .not { return .not(try unary()) }
        let inner = try or()
        guard current.kind == .rightParenthesis else { throw unexpected() }
        _ = take()
        return inner
    }

    /// `a < b < c` says `a < b` and `b < c`.
    private mutating func chain() throws(FilterError) -> SyntaxTree {
        var left = try operand()
        guard case .relation = current.kind else { return .test(left) }
        var tree: SyntaxTree?
        while case .relation(let relation) = current.kind {
            _ = take()
            let right = try operand()
            let comparison = SyntaxTree.comparison(left, relation, right)
            tree = tree.map { .and($0, comparison) } ?? comparison
            left = right
        }
        return tree ?? .test(left)
    }

    private mutating func operand() throws(FilterError) -> Operand {
        let kind: Operand.Kind
        switch current.kind {
        case .word: kind = .word
        case .string(let bytes): kind = .string(bytes)
        case .character(let byte): kind = .character(byte)
        default: throw unexpected()
        }
        let token = take()
        return Operand(kind: kind, text: source(token), range: token.range)
    }
}
