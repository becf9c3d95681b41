import Dissection
import Wire

/// A compiled filter: tests of single items, found by the item's field, and a flat code that joins their outcomes.
struct FilterProgram {
    /// One step; the accumulator holds the outcome so far.
    enum Instruction: Equatable {
        /// Takes the outcome of a leaf.
        case load(leaf: Int)
        case invert
        case jumpIfFalse(to: Int)
        case jumpIfTrue(to: Int)
    }

    /// What one item is asked, without storage of its own: byte constants lie in `blob`.
    struct ItemTest {
        var field: FieldID
        var leaf: Int
        var operation: Operation
        var comparison: Relation.Comparison
        /// The number; for `bytes` and `prefix` where the constant begins in the blob.
        var value: UInt64
        /// The mask; for `bytes` the byte count, for `prefix` the bit count.
        var extra: UInt64

        enum Operation { case presence, boolean, unsigned, signed, masked, float, bytes, prefix }
    }

    /// A comparison between the items of two names.
    struct PairTest {
        var leaf: Int
        var left: [FieldInfo]
        var right: [FieldInfo]
        var comparison: Relation.Comparison
    }

    /// Of each leaf: what was found so far.
    struct Outcome: OptionSet {
        let rawValue: UInt8
        static let holds = Outcome(rawValue: 1)
        static let fails = Outcome(rawValue: 2)
    }

    /// Pairs of items that are compared for one leaf, at most: a hostile frame may have half a million of each.
    static let pairLimit = 1 << 22

    private(set) var code: [Instruction] = []
    private(set) var quantifiers: [Relation.Quantifier] = []
    private var tests: [ItemTest] = []
    private var pairs: [PairTest] = []
    private var blob: [UInt8] = []
    /// The first of `tests` for each field, -1 for none; those of one field lie together.
    private var firstTest: [Int32]
    private(set) var fields: Set<FieldID> = []

    init(_ filter: CheckedFilter, fieldCount: Int) {
        firstTest = [Int32](repeating: -1, count: fieldCount)
        emit(filter)
        tests.sort { $0.field.rawValue < $1.field.rawValue }
        for (index, test) in tests.enumerated().reversed() { firstTest[Int(test.field.rawValue)] = Int32(index) }
    }

    // MARK: Compiling

    private mutating func emit(_ filter: CheckedFilter) {
        switch filter {
        case .not(let inner):
            emit(inner)
            code.append(.invert)
        case .and(let left, let right): emit(left, right) { .jumpIfFalse(to: $0) }
        case .or(let left, let right): emit(left, right) { .jumpIfTrue(to: $0) }
        case .test(let leaf): emit(leaf)
        }
    }

    private mutating func emit(_ left: CheckedFilter, _ right: CheckedFilter, _ jump: (Int) -> Instruction) {
        emit(left)
        let place = code.count
        code.append(.invert)
        emit(right)
        code[place] = jump(code.count)
    }

    private mutating func emit(_ leaf: CheckedFilter.Leaf) {
        let number = quantifiers.count
        code.append(.load(leaf: number))
        switch leaf {
        case .presence(let infos):
            quantifiers.append(.any)
            for info in infos { add(ItemTest(field: info.id, leaf: number, operation: .presence, comparison: .equal, value: 0, extra: 0)) }
        case .constants(let constants, let relation):
            quantifiers.append(relation.quantifier)
            for (field, constant) in constants { add(test(field, constant, number, relation.comparison)) }
        case .fields(let left, let right, let relation):
            quantifiers.append(relation.quantifier)
            pairs.append(PairTest(leaf: number, left: left, right: right, comparison: relation.comparison))
            fields.formUnion((left + right).map(\.id))
        }
    }

    private mutating func add(_ test: ItemTest) {
        tests.append(test)
        fields.insert(test.field)
    }

    private mutating func test(_ field: FieldInfo, _ constant: Constant, _ leaf: Int, _ comparison: Relation.Comparison) -> ItemTest {
        func make(_ operation: ItemTest.Operation, _ value: UInt64, _ extra: UInt64 = 0) -> ItemTest {
            ItemTest(field: field.id, leaf: leaf, operation: operation, comparison: comparison, value: value, extra: extra)
        }
        switch constant {
        case .unsigned(let value): return make(field.type == .boolean ? .boolean : .unsigned, value)
        case .signed(let value): return make(.signed, UInt64(bitPattern: value))
        case .masked(let value, let mask): return make(.masked, value, mask)
        case .float(let value): return make(.float, value.bitPattern, field.type == .float ? 1 : 0)
        case .bytes(let bytes): return make(.bytes, store(bytes), UInt64(bytes.count))
        case .prefix(let bytes, let bitCount): return make(.prefix, store(bytes), UInt64(bitCount))
        }
    }

    private mutating func store(_ bytes: [UInt8]) -> UInt64 {
        defer { blob += bytes }
        return UInt64(blob.count)
    }

    // MARK: Running

    /// Whether the frame passes: one pass over its items, then the code.
    func matches(_ frame: borrowing DissectedFrame) -> Bool {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: max(1, quantifiers.count)) { outcomes in
            outcomes.initialize(repeating: 0)
            for index in 0..<frame.itemCount { note(frame.item(index), frame, outcomes) }
            for pair in pairs { outcomes[pair.leaf] = compare(pair, frame).rawValue }
            return run(outcomes)
        }
    }

    private func run(_ outcomes: UnsafeMutableBufferPointer<UInt8>) -> Bool {
        var accumulator = true
        var place = 0
        while place < code.count {
            switch code[place] {
            case .load(let leaf): accumulator = holds(Outcome(rawValue: outcomes[leaf]), quantifiers[leaf])
            case .invert: accumulator.toggle()
            case .jumpIfFalse(let target) where !accumulator: place = target - 1
            case .jumpIfTrue(let target) where accumulator: place = target - 1
            default: break
            }
            place += 1
        }
        return accumulator
    }

    private func holds(_ outcome: Outcome, _ quantifier: Relation.Quantifier) -> Bool {
        outcome.contains(.holds) && (quantifier == .any || !outcome.contains(.fails))
    }

    @inline(__always)
    private func note(_ item: Item, _ frame: borrowing DissectedFrame, _ outcomes: UnsafeMutableBufferPointer<UInt8>) {
        var index = Int(firstTest[Int(item.field.rawValue)])
        guard index >= 0 else { return }
        while index < tests.count, tests[index].field == item.field {
            let test = tests[index]
            let holds = test.operation == .presence || test.comparison.holds(order(item, test, frame))
            outcomes[test.leaf] |= (holds ? Outcome.holds : Outcome.fails).rawValue
            index += 1
        }
    }

    /// How an item's value stands to a test's constant; nil where neither comes first and they are not equal.
    private func order(_ item: Item, _ test: ItemTest, _ frame: borrowing DissectedFrame) -> Order? {
        switch test.operation {
        case .presence: .equal
        case .boolean: Order(item.value == 0 ? 0 : 1, test.value)
        case .unsigned: Order(item.value, test.value)
        case .signed: Order(item.signedValue, Int64(bitPattern: test.value))
        case .masked: Order(item.value & test.extra, test.value & test.extra)
        case .float: Order(Self.float(item.value, isSingle: test.extra == 1), Double(bitPattern: test.value))
        case .bytes: withConstant(test, Int(test.extra)) { Order(frame.valueBytes(of: item), $0, bitCount: nil) }
        case .prefix: withConstant(test, 16) { Order(frame.valueBytes(of: item), $0, bitCount: Int(test.extra)) }
        }
    }

    private func withConstant(_ test: ItemTest, _ byteCount: Int, _ body: (ByteView) -> Order?) -> Order? {
        blob.withUnsafeBytes { body(ByteView($0)[Int(test.value)..<Int(test.value) + byteCount]) }
    }

    private static func float(_ bits: UInt64, isSingle: Bool) -> Double {
        isSingle ? Double(Float(bitPattern: UInt32(truncatingIfNeeded: bits))) : Double(bitPattern: bits)
    }

    // MARK: Field against field

    private func compare(_ pair: PairTest, _ frame: borrowing DissectedFrame) -> Outcome {
        var outcome: Outcome = []
        var pairCount = 0
        for left in 0..<frame.itemCount {
            let item = frame.item(left)
            guard let info = pair.left.first(where: { $0.id == item.field }) else { continue }
            pairCount += frame.itemCount
            if pairCount > Self.pairLimit { break }
            for right in 0..<frame.itemCount {
                let other = frame.item(right)
                guard let otherInfo = pair.right.first(where: { $0.id == other.field }), otherInfo.type.valueKind == info.type.valueKind else { continue }
                outcome.formUnion(pair.comparison.holds(order(item, info, other, otherInfo, frame)) ? .holds : .fails)
            }
        }
        return outcome
    }

    private func order(_ a: Item, _ aInfo: FieldInfo, _ b: Item, _ bInfo: FieldInfo, _ frame: borrowing DissectedFrame) -> Order? {
        switch aInfo.type.valueKind {
        case .boolean: Order(a.value == 0 ? 0 : 1, b.value == 0 ? 0 : 1)
        case .signed, .absoluteTime, .relativeTime: Order(a.signedValue, b.signedValue)
        case .float: Order(Self.float(a.value, isSingle: aInfo.type == .float), Self.float(b.value, isSingle: bInfo.type == .float))
        case .text, .bytes, .ipv6: Order(frame.valueBytes(of: a), frame.valueBytes(of: b), bitCount: nil)
        default: Order(a.value, b.value)
        }
    }
}

/// How one value stands to another.
enum Order {
    case less, equal, greater

    /// nil where the values cannot be ordered: one is not a number.
    @inline(__always)
    init?<Value: Comparable>(_ a: Value, _ b: Value) {
        if a < b { self = .less } else if a == b { self = .equal } else if a > b { self = .greater } else { return nil }
    }

    /// Byte by byte, and a part before the whole; with a bit count only the first bits of each.
    init?(_ a: ByteView, _ b: ByteView, bitCount: Int?) {
        let common = min(a.count, b.count)
        if let bitCount {
            guard common * 8 >= bitCount else { return nil }
            var index = 0
            while index * 8 < bitCount {
                let rest = bitCount - index * 8
                let mask: UInt8 = rest >= 8 ? 0xff : ~(0xff >> UInt8(rest))
                if a[index] & mask != b[index] & mask { self.init(a[index] & mask, b[index] & mask); return }
                index += 1
            }
            self = .equal
            return
        }
        var index = 0
        while index < common {
            if a[index] != b[index] { self.init(a[index], b[index]); return }
            index += 1
        }
        self.init(a.count, b.count)
    }
}

extension Relation.Comparison {
    func holds(_ order: Order?) -> Bool {
        switch self {
        case .equal: order == .equal
        case .notEqual: order != .equal
        case .greater: order == .greater
        case .less: order == .less
        case .greaterOrEqual: order == .greater || order == .equal
        case .lessOrEqual: order == .less || order == .equal
        }
    }
}
