import Dissection

/// What a display filter says of frames of which no more than some header values are known: enough to refuse many without
/// dissecting them.
public struct HeaderFilter: Sendable {
    /// A value of up to 128 bits: IPv6 addresses in both halves, other values in the low one.
    public struct Value: Sendable {
        public var high: UInt64
        public var low: UInt64

        @inlinable
        public init(high: UInt64 = 0, low: UInt64) {
            self.high = high
            self.low = low
        }
    }

    /// The values of each known field, by its slot.
    public struct Values: Sendable {
        @usableFromInline var first: [Value]
        @usableFromInline var second: [Value]
        @usableFromInline var counts: [UInt8]

        public init(slotCount: Int) {
            first = [Value](repeating: Value(low: 0), count: slotCount)
            second = first
            counts = [UInt8](repeating: 0, count: slotCount)
        }

        @inlinable
        public mutating func reset() {
            for slot in counts.indices { counts[slot] = 0 }
        }

        /// Says that the frame has the field once, whatever its value.
        @inlinable
        public mutating func notePresence(_ slot: Int) { counts[slot] = 1 }

        @inlinable
        public mutating func set(_ slot: Int, _ a: Value, _ b: Value) {
            first[slot] = a
            second[slot] = b
            counts[slot] = 2
        }
    }

    fileprivate indirect enum Node: Sendable {
        case unknown
        case leaf([Test], Relation.Quantifier)
        case not(Node)
        case and(Node, Node)
        case or(Node, Node)
        case xor(Node, Node)

        var isUnknown: Bool { if case .unknown = self { true } else { false } }
    }

    fileprivate struct Test: Sendable {
        var slot: Int
        /// nil asks for presence alone.
        var comparison: Relation.Comparison?
        var low: Value
        /// The upper end of a range.
        var high: Value?
        var mask: Value
    }

    private let root: Node

    /// nil where the known fields decide nothing.
    /// - Parameter slots: the slot of each known field.
    public init?(_ filter: DisplayFilter, slots: [FieldID: Int]) {
        guard let checked = filter.checked else { return nil }
        root = Self.node(checked, slots)
        if root.isUnknown { return nil }
    }

    // MARK: Compiling

    private static func node(_ filter: CheckedFilter, _ slots: [FieldID: Int]) -> Node {
        switch filter {
        case .not(let inner):
            let inner = node(inner, slots)
            return inner.isUnknown ? .unknown : .not(inner)
        case .and(let left, let right): return .and(node(left, slots), node(right, slots)).simplified
        case .or(let left, let right): return .or(node(left, slots), node(right, slots)).simplified
        case .xor(let left, let right): return .xor(node(left, slots), node(right, slots)).simplified
        case .test(.predicate): return .unknown
        case .test(.items(let questions, let quantifier)):
            var tests: [Test] = []
            for question in questions {
                guard let test = test(question, slots) else { return .unknown }
                tests.append(test)
            }
            return .leaf(tests, quantifier)
        }
    }

    private static func test(_ question: ItemQuestion, _ slots: [FieldID: Int]) -> Test? {
        guard let slot = slots[question.field.id] else { return nil }
        switch question.question {
        case .presence: return Test(slot: slot, low: Value(low: 0), mask: Value(low: 0))
        case .comparison(let comparison, let constant):
            return known(constant).map { Test(slot: slot, comparison: comparison, low: $0.value, mask: $0.mask) }
        case .range(let low, let high):
            guard let low = known(low), let high = known(high) else { return nil }
            return Test(slot: slot, comparison: .greaterOrEqual, low: low.value, high: high.value, mask: low.mask)
        case .contains, .matches: return nil
        }
    }

    private static func known(_ constant: Constant) -> (value: Value, mask: Value)? {
        switch constant {
        case .unsigned(let number): (Value(low: number), Value(low: .max))
        case .masked(let number, let mask): (Value(low: number & mask), Value(low: mask))
        case .bytes(let bytes) where bytes.count == 16: (Value(bytes), Value(high: .max, low: .max))
        case .prefix(let bytes, let bitCount):
            {
                let mask = Value(high: leadingOnes(min(bitCount, 64)), low: leadingOnes(max(0, bitCount - 64)))
                let value = Value(bytes)
                return (Value(high: value.high & mask.high, low: value.low & mask.low), mask)
            }()
        case .signed, .float, .bytes: nil
        }
    }

    private static func leadingOnes(_ count: Int) -> UInt64 { count == 0 ? 0 : .max << UInt64(64 - count) }

    // MARK: Running

    /// Whether the filter refuses the frame whatever else is in it.
    public func refuses(_ values: Values) -> Bool { Self.outcome(root, values) == false }

    /// nil where it cannot be known.
    private static func outcome(_ node: Node, _ values: Values) -> Bool? {
        switch node {
        case .unknown: return nil
        case .leaf(let tests, let quantifier): return holds(tests, quantifier, values)
        case .not(let inner): return outcome(inner, values).map { !$0 }
        case .and(let left, let right):
            let first = outcome(left, values)
            if first == false { return false }
            let second = outcome(right, values)
            return second == false ? false : first == nil ? nil : second
        case .or(let left, let right):
            let first = outcome(left, values)
            if first == true { return true }
            let second = outcome(right, values)
            return second == true ? true : first == nil ? nil : second
        case .xor(let left, let right):
            guard let first = outcome(left, values), let second = outcome(right, values) else { return nil }
            return first != second
        }
    }

    private static func holds(_ tests: [Test], _ quantifier: Relation.Quantifier, _ values: Values) -> Bool {
        var outcome: FilterProgram.Outcome = []
        for test in tests {
            let count = values.counts[test.slot]
            guard test.comparison != nil else {
                if count > 0 { outcome.formUnion(.holds) }
                continue
            }
            if count > 0 { outcome.formUnion(holds(test, values.first[test.slot]) ? .holds : .fails) }
            if count > 1 { outcome.formUnion(holds(test, values.second[test.slot]) ? .holds : .fails) }
        }
        return outcome.holds(quantifier)
    }

    private static func holds(_ test: Test, _ value: Value) -> Bool {
        let masked = Value(high: value.high & test.mask.high, low: value.low & test.mask.low)
        guard let comparison = test.comparison, comparison.holds(masked.order(to: test.low)) else { return false }
        return test.high.map { masked.order(to: $0) != .greater } ?? true
    }
}

extension HeaderFilter.Node {
    /// The same, or nothing where neither side knows anything.
    fileprivate var simplified: HeaderFilter.Node {
        switch self {
        case .and(let left, let right), .or(let left, let right): left.isUnknown && right.isUnknown ? .unknown : self
        case .xor(let left, let right): left.isUnknown || right.isUnknown ? .unknown : self
        default: self
        }
    }
}

extension HeaderFilter.Value {
    fileprivate init(_ bytes: [UInt8]) {
        func number(_ part: ArraySlice<UInt8>) -> UInt64 { part.reduce(0) { $0 << 8 | UInt64($1) } }
        self.init(high: number(bytes.prefix(8)), low: number(bytes.dropFirst(8).prefix(8)))
    }

    fileprivate func order(to other: HeaderFilter.Value) -> Order {
        if high != other.high { return high < other.high ? .less : .greater }
        return low == other.low ? .equal : low < other.low ? .less : .greater
    }
}
