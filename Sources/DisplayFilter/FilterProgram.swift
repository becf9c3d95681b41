import Dissection
import Wire

/// A compiled filter: tests of single items, found by the item's field, predicates over expressions, and a flat code that joins their
/// outcomes.
struct FilterProgram {
    /// One step; the accumulator holds the outcome so far.
    enum Instruction: Equatable {
        /// Takes what the items said to a leaf.
        case load(leaf: Int)
        case evaluate(predicate: Int)
        case invert
        case jumpIfFalse(to: Int)
        case jumpIfTrue(to: Int)
        /// Keeps the accumulator for an `exclusiveOr` that follows.
        case push
        case exclusiveOr
    }

    /// What one item is asked, without storage of its own: byte constants lie in `blob`.
    struct ItemTest {
        var field: FieldID
        var leaf: Int
        var type: FieldType
        var question: Question
        var comparison: Relation.Comparison = .equal
        var low: Stored
        var high: Stored

        enum Question { case presence, comparison, range, contains, matches }
    }

    /// A constant without storage of its own.
    struct Stored {
        var operation: Operation = .unsigned
        /// The number; for `bytes` and `prefix` where the constant begins in the blob; the number of a regular expression.
        var value: UInt64 = 0
        /// The mask; for `bytes` the byte count, for `prefix` the bit count.
        var extra: UInt64 = 0

        enum Operation { case boolean, unsigned, signed, masked, float, bytes, prefix }
    }

    /// Of each leaf: what was found so far.
    struct Outcome: OptionSet {
        let rawValue: UInt8
        static let holds = Outcome(rawValue: 1)
        static let fails = Outcome(rawValue: 2)

        func holds(_ quantifier: Relation.Quantifier) -> Bool {
            contains(.holds) && (quantifier == .any || !contains(.fails))
        }
    }

    private(set) var code: [Instruction] = []
    private(set) var quantifiers: [Relation.Quantifier] = []
    private(set) var predicates: [CheckedFilter.Predicate] = []
    private var tests: [ItemTest] = []
    private var blob: [UInt8] = []
    private var expressions: [RegularExpression] = []
    /// How many outcomes are kept at once.
    private var stackDepth = 0
    /// The first of `tests` for each field, -1 for none; those of one field lie together.
    private var firstTest: [Int32]
    private(set) var fields: Set<FieldID> = []
    private(set) var usesColumns = false
    /// What `${name}` stands for.
    var references: [FieldID: [TypedValue]] = [:]

    init(_ filter: CheckedFilter, fieldCount: Int) {
        firstTest = [Int32](repeating: -1, count: fieldCount)
        emit(filter)
        tests.sort { $0.field.rawValue < $1.field.rawValue }
        for (index, test) in tests.enumerated().reversed() { firstTest[Int(test.field.rawValue)] = Int32(index) }
    }

    // MARK: Compiling

    private mutating func emit(_ filter: CheckedFilter, depth: Int = 0) {
        switch filter {
        case .not(let inner):
            emit(inner, depth: depth)
            code.append(.invert)
        case .and(let left, let right): emit(left, right, depth) { .jumpIfFalse(to: $0) }
        case .or(let left, let right): emit(left, right, depth) { .jumpIfTrue(to: $0) }
        case .xor(let left, let right):
            emit(left, depth: depth)
            code.append(.push)
            stackDepth = max(stackDepth, depth + 1)
            emit(right, depth: depth + 1)
            code.append(.exclusiveOr)
        case .test(.items(let questions, let quantifier)): emit(questions, quantifier)
        case .test(.predicate(let predicate)):
            code.append(.evaluate(predicate: predicates.count))
            predicates.append(predicate)
            for expression in predicate.expressions {
                fields.formUnion(expression.fields)
                if expression.usesColumns { usesColumns = true }
            }
        }
    }

    private mutating func emit(_ left: CheckedFilter, _ right: CheckedFilter, _ depth: Int, _ jump: (Int) -> Instruction) {
        emit(left, depth: depth)
        let place = code.count
        code.append(.invert)
        emit(right, depth: depth)
        code[place] = jump(code.count)
    }

    private mutating func emit(_ questions: [ItemQuestion], _ quantifier: Relation.Quantifier) {
        code.append(.load(leaf: quantifiers.count))
        for question in questions {
            tests.append(test(question, leaf: quantifiers.count))
            fields.insert(question.field.id)
        }
        quantifiers.append(quantifier)
    }

    private mutating func test(_ asked: ItemQuestion, leaf: Int) -> ItemTest {
        func make(_ question: ItemTest.Question, _ low: Stored = Stored(), _ high: Stored = Stored()) -> ItemTest {
            ItemTest(field: asked.field.id, leaf: leaf, type: asked.field.type, question: question, low: low, high: high)
        }
        switch asked.question {
        case .presence: return make(.presence)
        case .comparison(let comparison, let constant):
            var test = make(.comparison, store(constant, asked.field))
            test.comparison = comparison
            return test
        case .range(let low, let high): return make(.range, store(low, asked.field), store(high, asked.field))
        case .contains(let bytes): return make(.contains, store(.bytes(bytes), asked.field))
        case .matches(let expression):
            expressions.append(expression)
            return make(.matches, Stored(value: UInt64(expressions.count - 1)))
        }
    }

    private mutating func store(_ constant: Constant, _ field: FieldInfo) -> Stored {
        switch constant {
        case .unsigned(let value): Stored(operation: field.type == .boolean ? .boolean : .unsigned, value: value)
        case .signed(let value): Stored(operation: .signed, value: UInt64(bitPattern: value))
        case .masked(let value, let mask): Stored(operation: .masked, value: value, extra: mask)
        case .float(let value): Stored(operation: .float, value: value.bitPattern, extra: field.type == .float ? 1 : 0)
        case .bytes(let bytes): Stored(operation: .bytes, value: store(bytes), extra: UInt64(bytes.count))
        case .prefix(let bytes, let bitCount): Stored(operation: .prefix, value: store(bytes), extra: UInt64(bitCount))
        }
    }

    private mutating func store(_ bytes: [UInt8]) -> UInt64 {
        defer { blob += bytes }
        return UInt64(blob.count)
    }

    // MARK: Running

    /// Whether the frame passes: one pass over its items where any is asked, then the code.
    func matches(_ frame: borrowing DissectedFrame) -> Bool {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: quantifiers.count + stackDepth + 1) { outcomes in
            outcomes.initialize(repeating: 0)
            if !tests.isEmpty {
                for index in 0..<frame.itemCount { note(frame.item(index), frame, outcomes) }
            }
            return run(outcomes, frame)
        }
    }

    private func run(_ outcomes: UnsafeMutableBufferPointer<UInt8>, _ frame: borrowing DissectedFrame) -> Bool {
        var accumulator = true
        var place = 0
        var top = quantifiers.count
        while place < code.count {
            switch code[place] {
            case .load(let leaf): accumulator = Outcome(rawValue: outcomes[leaf]).holds(quantifiers[leaf])
            case .evaluate(let number): accumulator = predicates[number].holds(frame, ExpressionValues(references: references))
            case .invert: accumulator.toggle()
            case .jumpIfFalse(let target) where !accumulator: place = target - 1
            case .jumpIfTrue(let target) where accumulator: place = target - 1
            case .jumpIfFalse, .jumpIfTrue: break
            case .push:
                outcomes[top] = accumulator ? 1 : 0
                top += 1
            case .exclusiveOr:
                top -= 1
                accumulator = accumulator != (outcomes[top] == 1)
            }
            place += 1
        }
        return accumulator
    }

    @inline(__always)
    private func note(_ item: Item, _ frame: borrowing DissectedFrame, _ outcomes: UnsafeMutableBufferPointer<UInt8>) {
        var index = Int(firstTest[Int(item.field.rawValue)])
        guard index >= 0 else { return }
        while index < tests.count, tests[index].field == item.field {
            let holds = holds(tests[index], item, frame)
            outcomes[tests[index].leaf] |= (holds ? Outcome.holds : Outcome.fails).rawValue
            index += 1
        }
    }

    private func holds(_ test: ItemTest, _ item: Item, _ frame: borrowing DissectedFrame) -> Bool {
        switch test.question {
        case .presence: true
        case .comparison: test.comparison.holds(order(item, test.low, frame))
        case .range: Relation.Comparison.greaterOrEqual.holds(order(item, test.low, frame)) && Relation.Comparison.lessOrEqual.holds(order(item, test.high, frame))
        case .contains: searched(test, item, frame) { bytes in withConstant(test.low, Int(test.low.extra)) { bytes.contains($0) } }
        case .matches: searched(test, item, frame) { expressions[Int(test.low.value)].isFound(in: $0) }
        }
    }

    /// What is searched of an item: an address stands in the packet as its bytes.
    private func searched(_ test: ItemTest, _ item: Item, _ frame: borrowing DissectedFrame, _ body: (ByteView) -> Bool) -> Bool {
        guard test.type == .ethernet || test.type == .eui64 else { return body(frame.searchedBytes(of: item, test.type)) }
        return TypedValue(item, test.type, frame)?.bytes?.withUnsafeBytes { body(ByteView($0)) } ?? false
    }

    /// How an item's value stands to a constant; nil where neither comes first and they are not equal.
    private func order(_ item: Item, _ constant: Stored, _ frame: borrowing DissectedFrame) -> Order? {
        switch constant.operation {
        case .boolean: Order(item.value == 0 ? 0 : 1, constant.value)
        case .unsigned: Order(item.value, constant.value)
        case .signed: Order(item.signedValue, Int64(bitPattern: constant.value))
        case .masked: Order(item.value & constant.extra, constant.value & constant.extra)
        case .float: Order(Self.float(item.value, isSingle: constant.extra == 1), Double(bitPattern: constant.value))
        case .bytes: withConstant(constant, Int(constant.extra)) { Order(frame.valueBytes(of: item), $0, bitCount: nil) }
        case .prefix: withConstant(constant, 16) { Order(frame.valueBytes(of: item), $0, bitCount: Int(constant.extra)) }
        }
    }

    private func withConstant<Result>(_ constant: Stored, _ byteCount: Int, _ body: (ByteView) -> Result) -> Result {
        blob.withUnsafeBytes { body(ByteView($0)[Int(constant.value)..<Int(constant.value) + byteCount]) }
    }

    private static func float(_ bits: UInt64, isSingle: Bool) -> Double {
        isSingle ? Double(Float(bitPattern: UInt32(truncatingIfNeeded: bits))) : Double(bitPattern: bits)
    }
}

extension FilterProgram {
    /// The program as text, one step a line.
    func lines(_ registry: Registry) -> [String] {
        code.enumerated().map { index, step in
            let text = switch step {
            case .load(let leaf): "load     \(describe(leaf, registry))"
            case .evaluate(let number): "evaluate \(predicates[number].expressions.flatMap(\.fields).map { registry[$0].abbreviation }.joined(separator: ", "))"
            case .invert: "not"
            case .jumpIfFalse(let target): "if false to \(target)"
            case .jumpIfTrue(let target): "if true to \(target)"
            case .push: "keep"
            case .exclusiveOr: "xor"
            }
            return "\(index) \(text)"
        }
    }

    private func describe(_ leaf: Int, _ registry: Registry) -> String {
        let asked = tests.filter { $0.leaf == leaf }.map { test in
            let relation = test.question == .comparison ? test.comparison.text : "\(test.question)"
            return "\(registry[test.field].abbreviation) \(relation)"
        }
        return "\(quantifiers[leaf] == .all ? "all " : "")\(asked.joined(separator: ", "))"
    }
}
