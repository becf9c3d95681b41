import Dissection

/// How a filter is understood: for `wirelark filter` and for whoever writes one.
public struct FilterExplanation: Sendable {
    /// One line a node, indented by two blanks a level.
    public let syntaxTree: [String]
    /// One line a step.
    public let program: [String]
    /// The fields that are decoded for it, with their types and what they need.
    public let fields: [String]
    /// A capture filter (pcap-filter(7)) that finds the same packets, where there is one.
    public let captureFilter: String?

    /// - Throws: what is wrong with the filter.
    public init(_ text: String, registry: Registry, in surroundings: FilterSurroundings = FilterSurroundings()) throws(FilterError) {
        let filter = try DisplayFilter(text, registry: registry, in: surroundings)
        guard let tree = try FilterParser.parse(text) else {
            (syntaxTree, program, fields, captureFilter) = ([], [], [], "")
            return
        }
        syntaxTree = SyntaxLines(text: Array(text.utf8), registry: registry).lines(tree, 0)
        program = filter.programLines(registry)
        fields = filter.fields.map { registry[$0] }.sorted { $0.abbreviation < $1.abbreviation }.map { "\($0.abbreviation): \($0.type.title)\($0.needs.text)" }
        captureFilter = CaptureFilterText(text: Array(text.utf8)).text(tree)
    }
}

extension FieldNeeds {
    /// ` (needs the conversation)`
    fileprivate var text: String {
        let all: [(FieldNeeds, String)] = [
            (.conversation, "the conversation"), (.analysis, "its analysis"), (.reassembly, "reassembly"), (.laterFrames, "later packets"),
            (.upperLayers, "the layers above"),
        ]
        let names = all.filter { contains($0.0) }.map(\.1)
        return names.isEmpty ? "" : ", needs \(names.joined(separator: ", "))"
    }
}

/// A syntax tree as indented lines.
private struct SyntaxLines {
    let text: [UInt8]
    let registry: Registry

    func lines(_ tree: SyntaxTree, _ depth: Int) -> [String] {
        func node(_ name: String, _ trees: SyntaxTree...) -> [String] { [line(name, depth)] + trees.flatMap { lines($0, depth + 1) } }
        func node(_ name: String, _ expressions: [Expression]) -> [String] { [line(name, depth)] + expressions.flatMap { lines($0, depth + 1) } }
        switch tree {
        case .not(let inner): return node("not", inner)
        case .and(let left, let right): return node("and", left, right)
        case .or(let left, let right): return node("or", left, right)
        case .xor(let left, let right): return node("xor", left, right)
        case .test(let expression): return node("exists", [expression])
        case .comparison(let left, let relation, let right): return node(relation.text, [left, right])
        case .contains(let left, let right, let quantifier): return node("\(quantifier.text)contains", [left, right])
        case .matches(let left, let right, let quantifier): return node("\(quantifier.text)matches", [left, right])
        case .membership(let expression, let elements, let quantifier):
            let set = elements.flatMap { element in
                element.high.map { [line("..", depth + 1)] + lines(element.low, depth + 2) + lines($0, depth + 2) } ?? lines(element.low, depth + 1)
            }
            return [line("\(quantifier.text)in", depth)] + lines(expression, depth + 1) + set
        }
    }

    private func lines(_ expression: Expression, _ depth: Int) -> [String] {
        switch expression.kind {
        case .operand(let operand):
            let fields = operand.kind == .word ? registry.fields(named: operand.text) : []
            return [line(fields.isEmpty ? "literal \(operand.text)" : "field \(operand.text) <\(fields.map(\.type.title).joined(separator: ", "))>", depth)]
        case .field(let name, _, let isRaw): return [line("field \(source(expression.range)) <\(isRaw ? "bytes of " : "")\(name.text)>", depth)]
        case .reference(let name): return [line("reference \(name.text)", depth)]
        case .slice(let inner, _): return [line("slice \(source(inner.range.upperBound..<expression.range.upperBound))", depth)] + lines(inner, depth + 1)
        case .negation(let inner): return [line("negative", depth)] + lines(inner, depth + 1)
        case .arithmetic(let symbol, let left, let right): return [line(symbol.rawValue, depth)] + lines(left, depth + 1) + lines(right, depth + 1)
        case .call(let name, let arguments): return [line("function \(name.text)", depth)] + arguments.flatMap { lines($0, depth + 1) }
        }
    }

    private func source(_ range: Range<Int>) -> String { String(decoding: text[range], as: UTF8.self) }

    private func line(_ text: String, _ depth: Int) -> String { String(repeating: "  ", count: depth) + text }
}

extension Relation {
    fileprivate var text: String { "\(quantifier.text)\(comparison.text)" }
}

extension Relation.Quantifier {
    fileprivate var text: String { self == .all ? "all " : "" }
}

extension Relation.Comparison {
    var text: String {
        switch self {
        case .equal: "=="
        case .notEqual: "!="
        case .greater: ">"
        case .less: "<"
        case .greaterOrEqual: ">="
        case .lessOrEqual: "<="
        }
    }
}
